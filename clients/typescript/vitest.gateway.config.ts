import { defineConfig } from "vitest/config";

// Against a running suite; test/support/suite.ts says how it is found.
export default defineConfig({
  test: {
    include: ["test/gateway/*.test.ts"],
    testTimeout: 60_000,
    fileParallelism: false,
  },
});
