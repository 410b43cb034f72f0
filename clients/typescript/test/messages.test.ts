import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { generate } from "../scripts/messages.js";
import { finalCloseCodes } from "../src/index.js";
import { ScriptedServer } from "./support/scriptedServer.js";

let server: ScriptedServer;

beforeEach(() => {
  vi.useFakeTimers();
  server = new ScriptedServer();
});

afterEach(() => {
  vi.useRealTimers();
});

test("the types are those of the AsyncAPI document", () => {
  // After a wanted change of the document: npm run messages.
  expect(readFileSync(new URL("../src/messages.ts", import.meta.url), "utf8")).toBe(generate());
});

test("the final close codes are those that the document says not to retry", () => {
  const path = new URL("../../../tests/ServiceDefaults.Tests/asyncapi.json", import.meta.url);
  const codes = JSON.parse(readFileSync(path, "utf8"))["x-close-codes"];
  expect(finalCloseCodes.map((code) => codes[code]?.retry)).toEqual([false, false, false]);
});

test("a message reaches those who asked for its type, and those who asked for all", async () => {
  const client = await server.connected();
  const seen: string[] = [];
  client.on("task_update", ({ event }) => seen.push(event.title));
  client.on("book_update", ({ title }) => seen.push(title));
  client.on("my.event", ({ data }) => seen.push(String(data)));
  client.on("*", (message) => seen.push("type" in message ? message.type : message.event));
  server.socket.say({ type: "task_update", event: { title: "Paint" } });
  server.socket.say({ event: "book_update", title: "Momo" });
  server.socket.say({ type: "my.event", data: 5 });
  expect(seen).toEqual(["Paint", "task_update", "Momo", "book_update", "5", "my.event"]);
});

test("on can be ended by what it returned, by off with the function, and by off with the type", async () => {
  const client = await server.connected();
  const [a, b, c] = [vi.fn(), vi.fn(), vi.fn()];
  const end = client.on("pong", a);
  client.on("pong", b);
  client.on("pong", c);
  end();
  client.off("pong", b);
  server.socket.say({ type: "pong", timestamp: "2026-02-07T12:00:00.000Z" });
  client.off("pong");
  server.socket.say({ type: "pong", timestamp: "2026-02-07T12:00:00.000Z" });
  expect([a, b, c].map((listener) => listener.mock.calls.length)).toEqual([0, 0, 1]);
});

test("text of a backend that is no JSON object arrives as it is", async () => {
  const client = await server.connected();
  const texts: string[] = [];
  const all = vi.fn();
  client.onText((text) => texts.push(text));
  client.on("*", all);
  for (const text of ["hello", "5", "[1]", "null", '"x"', ""]) {
    server.socket.say(text);
  }

  expect(texts).toEqual(["hello", "5", "[1]", "null", '"x"', ""]);
  expect(all).not.toHaveBeenCalled();
});

test.each([
  { type: "resumed" },
  { type: "reconnect" },
  { type: "connection_established" },
  { type: "subscription", status: "unsubscribed" },
  { type: "pong" },
  { type: "__proto__" },
  { meta: 5 },
  { meta: { id: "x" } },
  {},
])("a message of another kind than documented, %j, does no harm", async (message) => {
  const client = await server.connected();
  const all = vi.fn();
  client.on("*", all);
  server.socket.say(message);
  expect(all).toHaveBeenCalledWith(message);
  expect(client.isConnected()).toBe(true);
});

test("a function that throws keeps nobody else from being called", async () => {
  const client = await server.connected();
  const after = vi.fn();
  const reported: unknown[] = [];
  const report = vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) => reported.push(task));
  client.on("my.event", () => {
    throw new Error("mine");
  });
  client.on("my.event", after);
  server.socket.say({ type: "my.event" });
  report.mockRestore();
  expect(after).toHaveBeenCalledOnce();
  expect(reported).toHaveLength(1);
  expect(reported[0]).toThrow("mine");
});

test("the client id comes from the greeting of either kind of socket", async () => {
  const client = await server.connected();
  expect(client.getClientId()).toBe("c1");
  server.socket.say({ type: "connection_established", data: { channel: "products", client_id: "c2" } });
  expect(client.getClientId()).toBe("c2");
});
