// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ScriptedServer, settle } from "./support/scriptedServer.js";

let server: ScriptedServer;
let online = true;
let visibility = "visible";

beforeEach(() => {
  vi.useFakeTimers();
  server = new ScriptedServer();
  online = true;
  visibility = "visible";
  vi.spyOn(navigator, "onLine", "get").mockImplementation(() => online);
  vi.spyOn(document, "visibilityState", "get").mockImplementation(() => visibility as DocumentVisibilityState);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function network(up: boolean): void {
  online = up;
  globalThis.dispatchEvent(new Event(up ? "online" : "offline"));
}

function show(visible: boolean): void {
  visibility = visible ? "visible" : "hidden";
  document.dispatchEvent(new Event("visibilitychange"));
}

function pings(): number {
  return server.socket.received.filter(({ type }) => type === "ping").length;
}

test("when the network is back, the waiting attempt is made at once and attempts are counted anew", async () => {
  const client = await server.connected();
  server.socket.end();
  await vi.advanceTimersByTimeAsync(1_000);
  server.socket.end();
  await vi.advanceTimersByTimeAsync(1_500);
  server.socket.end();
  expect(client.getState().attempt).toBe(3);
  network(true);
  await settle();
  expect(server.sockets).toHaveLength(4);
  server.socket.end();
  expect(client.getState()).toMatchObject({ attempt: 1, delay: 1_000 });
});

test("attempts without a network are not counted", async () => {
  const client = await server.connected();
  network(false);
  server.socket.end();
  for (let i = 0; i < 30; i++) {
    await vi.advanceTimersByTimeAsync(client.getState().delay ?? 0);
    server.socket.end();
  }

  expect(client.getState()).toMatchObject({ status: "reconnecting", attempt: 1 });
  network(true);
  await server.greetNext(0);
  expect(client.isConnected()).toBe(true);
});

test("a lost network, and a page seen again, ask whether the connection still lives", async () => {
  const client = await server.connected();
  await settle();
  show(false);
  expect(pings()).toBe(1);
  show(true);
  await settle();
  expect(pings()).toBe(2);
  server.socket.answersPings = false;
  network(false);
  expect(pings()).toBe(3);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(client.getState().status).toBe("reconnecting");
});

test("a page seen again makes the waiting attempt at once, which does not count", async () => {
  const client = await server.connected();
  server.socket.end();
  await vi.advanceTimersByTimeAsync(1_000);
  for (let i = 2; i < 30; i++) {
    server.socket.end();
    expect(client.getState()).toMatchObject({ attempt: 2, delay: 1_500 });
    show(true);
    await settle();
    expect(server.sockets).toHaveLength(i + 1);
  }
});

test("the time that a restarting server asked for is kept", async () => {
  await server.connected();
  server.socket.say({ type: "reconnect", after_ms: 5_000 });
  server.socket.end(1012);
  show(true);
  network(true);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(server.sockets).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(server.sockets).toHaveLength(2);
});

test("after disconnect nothing is watched", async () => {
  const added = [vi.spyOn(globalThis, "addEventListener"), vi.spyOn(document, "addEventListener")];
  const removed = [vi.spyOn(globalThis, "removeEventListener"), vi.spyOn(document, "removeEventListener")];
  const client = await server.connected();
  expect(added.map((spy) => spy.mock.calls.length)).toEqual([2, 1]);
  client.disconnect();
  expect(removed.map((spy) => spy.mock.calls)).toEqual(added.map((spy) => spy.mock.calls));
});

test("an address may be relative to the page", async () => {
  server.client({ url: "/ws" }).connect();
  await settle();
  expect(server.socket.url.href).toMatch(/^ws:\/\/localhost(:\d+)?\/ws\?/);
});
