import { defineConfig } from "vitest/config";

export default defineConfig({
  // The clocks of the tests are their own; this one runs on while a busy machine does something else.
  test: { include: ["test/*.test.{ts,tsx}"], testTimeout: 60_000, hookTimeout: 60_000 },
});
