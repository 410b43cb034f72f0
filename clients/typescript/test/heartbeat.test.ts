import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ScriptedServer } from "./support/scriptedServer.js";

let server: ScriptedServer;

beforeEach(() => {
  vi.useFakeTimers();
  server = new ScriptedServer();
});

afterEach(() => {
  vi.useRealTimers();
});

function pings(): number {
  return server.socket.received.filter(({ type }) => type === "ping").length;
}

test("a ping goes out when the socket opens and every 25 s after", async () => {
  await server.connected();
  expect(pings()).toBe(1);
  await vi.advanceTimersByTimeAsync(24_999);
  expect(pings()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(pings()).toBe(2);
  await vi.advanceTimersByTimeAsync(250_000);
  expect(pings()).toBe(12);
});

test("a server that answers no ping within 10 s is left without waiting for its goodbye", async () => {
  const client = await server.connected();
  await vi.advanceTimersByTimeAsync(0);
  const [dead] = server.sockets;
  server.socket.answersPings = false;
  await vi.advanceTimersByTimeAsync(25_000 + 9_999);
  expect(client.isConnected()).toBe(true);
  await vi.advanceTimersByTimeAsync(1);
  expect(client.getState()).toMatchObject({ status: "reconnecting", delay: 1_000 });
  expect(dead?.readyState).toBe(2);

  await server.greetNext();
  dead?.end(1006);
  expect(client.isConnected()).toBe(true);
});

test("any message counts as a sign of life", async () => {
  const client = await server.connected();
  await vi.advanceTimersByTimeAsync(0);
  server.socket.answersPings = false;
  await vi.advanceTimersByTimeAsync(30_000);
  server.socket.say({ type: "task_update" });
  await vi.advanceTimersByTimeAsync(15_000);
  expect(client.isConnected()).toBe(true);
});

test("a socket that never answered a ping is not left for its silence", async () => {
  const client = server.client();
  client.connect();
  await vi.advanceTimersByTimeAsync(0);
  server.socket.answersPings = false;
  server.socket.open();
  await vi.advanceTimersByTimeAsync(300_000);
  expect(client.isConnected()).toBe(true);
  expect(pings()).toBe(13);
});

test("the times of the heartbeat can be chosen, and the round trip is measured", async () => {
  const client = await server.connected({ pingInterval: 1_000, pongTimeout: 500 });
  await vi.advanceTimersByTimeAsync(0);
  server.socket.answersPings = false;
  await vi.advanceTimersByTimeAsync(1_000);
  await vi.advanceTimersByTimeAsync(30);
  server.socket.say({ type: "pong", timestamp: new Date().toISOString() });
  expect(client.getRoundTrip()).toBe(30);
  await vi.advanceTimersByTimeAsync(970 + 500);
  expect(client.isConnected()).toBe(false);
  expect(client.getRoundTrip()).toBeNull();
});
