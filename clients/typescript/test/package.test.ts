import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

const root = new URL("..", import.meta.url).pathname;
vi.setConfig({ testTimeout: 60_000 });

let folder: string;
let packed: string;

// The package as others get it: packed, unpacked, and used from outside.
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "realtimesuite-client-"));
  run("npm", ["run", "build", "--silent"], root);
  packed = join(
    folder,
    run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], root).trim(),
  );
  run("npm", ["install", "--silent", "--no-audit", "--no-fund", "--offline", "--legacy-peer-deps", packed], folder);
}, 180_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(program: string, args: string[], cwd: string): string {
  return execFileSync(program, args, { cwd, encoding: "utf8" });
}

async function bundle(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: folder },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    logLevel: "error",
    external: ["react", "vue"],
  });
  return outputFiles[0]?.text ?? "";
}

test("the core is below 8 KB gzipped", async () => {
  const text = await bundle('export * from "@realtimesuite/client"');
  expect(text).toContain("bearer");
  expect(gzipSync(text).length).toBeLessThan(8_000);
});

test("what is not used is not bundled", async () => {
  expect(
    await bundle(
      'import { RealtimeClient } from "@realtimesuite/client"; import { useRealtime } from "@realtimesuite/client/react"',
    ),
  ).toBe("");
  expect(await bundle('export { finalCloseCodes } from "@realtimesuite/client"')).not.toContain("WebSocket");
  expect(await bundle('export { RealtimeClient } from "@realtimesuite/client"')).not.toMatch(/from"(react|vue)"/);
});

test("the package has the built code, README, LICENSE and package.json, no dependencies, and nothing else", () => {
  const files = run("tar", ["-tzf", packed], folder).trim().split("\n");
  const others = files.filter((file) => !/^package\/dist\/\w+(\.d\.ts|\.js)$/.test(file));
  expect(others.sort()).toEqual(["package/LICENSE", "package/README.md", "package/package.json"]);
  expect(files).toEqual(expect.arrayContaining(["index", "react", "vue"].map((name) => `package/dist/${name}.d.ts`)));
  expect(readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["@realtimesuite"]);
});

test("Node can import the core without a bundler", () => {
  const script =
    'import { RealtimeClient } from "@realtimesuite/client"; console.log(new RealtimeClient({ url: "/ws" }).getState().status)';
  expect(run("node", ["--input-type=module", "--eval", script], folder).trim()).toBe("disconnected");
});
