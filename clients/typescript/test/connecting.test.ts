import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type ConnectionState, RealtimeClient } from "../src/index.js";
import { ScriptedServer, settle } from "./support/scriptedServer.js";

let server: ScriptedServer;

beforeEach(() => {
  vi.useFakeTimers();
  server = new ScriptedServer();
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

function states(client: RealtimeClient): ConnectionState[] {
  const seen: ConnectionState[] = [];
  client.onConnectionStatus((status, state) => {
    expect(status).toBe(state.status);
    seen.push(state);
  });
  return seen;
}

test("the states of the bell: orange, green, red, orange, green", async () => {
  const client = server.client();
  const seen = states(client);
  client.connect();
  await settle();
  server.socket.greet("first");
  expect([client.isConnected(), client.getClientId()]).toEqual([true, "first"]);

  server.socket.end(1006);
  expect([client.isConnected(), client.getClientId()]).toEqual([false, null]);
  await server.greetNext();

  expect(seen.map(({ status }) => status)).toEqual([
    "connecting",
    "connected",
    "reconnecting",
    "connecting",
    "connected",
  ]);
  expect(seen[1]).toMatchObject({ clientId: "first", attempt: 0 });
  expect(seen[2]).toMatchObject({ attempt: 1, delay: 1_000, code: 1006 });
});

test("grey after ten attempts, at 1 s times 1.5 up to 30 s; connect starts anew", async () => {
  const client = server.client();
  const seen = states(client);
  client.connect();
  await settle();
  server.socket.end();
  const delays: number[] = [];
  while (client.getState().status === "reconnecting") {
    const { delay = 0, attempt } = client.getState();
    delays.push(delay);
    expect(attempt).toBe(delays.length);
    await vi.advanceTimersByTimeAsync(delay - 1);
    expect(server.sockets).toHaveLength(delays.length);
    await vi.advanceTimersByTimeAsync(1);
    expect(server.sockets).toHaveLength(delays.length + 1);
    server.socket.end();
  }

  expect(delays).toEqual([1_000, 1_500, 2_250, 3_375, 5_063, 7_594, 11_391, 17_086, 25_629, 30_000]);
  expect(seen.at(-1)).toMatchObject({ status: "disconnected", gaveUp: true, attempt: 10 });
  await vi.advanceTimersByTimeAsync(600_000);
  expect(server.sockets).toHaveLength(11);

  client.connect();
  await settle();
  server.socket.end();
  expect(client.getState()).toMatchObject({ status: "reconnecting", attempt: 1, delay: 1_000 });
});

test("the number of attempts can be chosen, without end too, and none", async () => {
  for (const [attempts, expected] of [
    [0, 1],
    [3, 4],
    [Number.POSITIVE_INFINITY, 50],
  ] as const) {
    const one = new ScriptedServer();
    const client = one.client({ reconnect: { attempts } });
    client.connect();
    await settle();
    for (let i = 1; i < 50 && client.getState().status !== "disconnected"; i++) {
      one.socket.end();
      await vi.advanceTimersByTimeAsync(client.getState().delay ?? 0);
    }

    expect(one.sockets).toHaveLength(expected);
    client.disconnect();
  }
});

test("full jitter takes a random part of each delay", async () => {
  vi.spyOn(Math, "random").mockReturnValueOnce(0.5).mockReturnValueOnce(0.1);
  const client = server.client({ reconnect: { jitter: true } });
  client.connect();
  await settle();
  server.socket.end();
  expect(client.getState().delay).toBe(500);
  await vi.advanceTimersByTimeAsync(500);
  server.socket.end();
  expect(client.getState().delay).toBe(150);
});

test("attempts are counted anew after a good connection, but not after one that is closed at once", async () => {
  const client = await server.connected();
  server.socket.end(1013);
  await server.greetNext();
  server.socket.end(1013);
  expect(client.getState()).toMatchObject({ attempt: 2, delay: 1_500 });

  await server.greetNext(1_500);
  await vi.advanceTimersByTimeAsync(5_000);
  server.socket.end(1013);
  expect(client.getState()).toMatchObject({ attempt: 1, delay: 1_000 });
});

test("a server that restarts says when to come back, and that counts as no attempt", async () => {
  const client = await server.connected();
  server.socket.say({ type: "reconnect", after_ms: 4_200 });
  expect(client.isConnected()).toBe(true);
  server.socket.end(1012, "the server restarts");
  expect(client.getState()).toMatchObject({ status: "reconnecting", attempt: 0, delay: 4_200, code: 1012 });
  await vi.advanceTimersByTimeAsync(4_199);
  expect(server.sockets).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(server.sockets).toHaveLength(2);

  server.socket.end();
  expect(client.getState()).toMatchObject({ attempt: 1, delay: 1_000 });
});

test.each([4000, 4003, 4004])("close code %i is final", async (code) => {
  const client = server.client();
  client.connect();
  await settle();
  server.socket.open();
  server.socket.end(code, "no");
  expect(client.getState()).toMatchObject({ status: "disconnected", code, reason: "no" });
  await vi.advanceTimersByTimeAsync(600_000);
  expect(server.sockets).toHaveLength(1);
});

test.each([1000, 1001, 1011, 1012, 1013, 4008, 4009, 4010, 4020])(
  "close code %i is followed by backoff",
  async (code) => {
    const client = await server.connected();
    server.socket.end(code);
    expect(client.getState()).toMatchObject({ status: "reconnecting", attempt: 1, delay: 1_000 });
  },
);

test("a refused handshake is never seen as connected", async () => {
  const client = server.client();
  const seen = states(client);
  client.connect();
  await settle();
  server.socket.open();
  server.socket.end(4003);
  expect(seen.map(({ status }) => status)).toEqual(["connecting", "disconnected"]);
});

test("a socket that does not greet counts as connected after a second", async () => {
  const client = server.client({ url: "ws://gateway.test/ws/admin" });
  client.connect();
  await settle();
  server.socket.answersPings = false;
  server.socket.open();
  await vi.advanceTimersByTimeAsync(999);
  expect(client.isConnected()).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(client.isConnected()).toBe(true);
});

test("a connection that does not open in time is given up and tried again", async () => {
  const client = server.client();
  client.connect();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(client.getState()).toMatchObject({ status: "reconnecting", attempt: 1 });
  const [late] = server.sockets;
  late?.greet();
  expect(client.isConnected()).toBe(false);
});

test("disconnect says goodbye, stops everything, and can be taken back", async () => {
  const client = await server.connected();
  const seen = states(client);
  const [first] = server.sockets;
  client.disconnect();
  client.disconnect();
  expect(first?.closedWith).toBe(1000);
  first?.end(1000);
  expect(seen).toEqual([{ status: "disconnected", attempt: 0 }]);
  expect(vi.getTimerCount()).toBe(0);

  client.connect();
  await server.greetNext(0);
  expect(client.isConnected()).toBe(true);
});

test("disconnect before the socket is made makes none; connect twice makes one", async () => {
  const client = server.client();
  client.connect();
  client.disconnect();
  await settle();
  expect(server.sockets).toHaveLength(0);
  client.connect();
  client.connect();
  await settle();
  expect(server.sockets).toHaveLength(1);
});

test("disconnect while an attempt waits calls it off", async () => {
  const client = await server.connected();
  server.socket.end();
  client.disconnect();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(server.sockets).toHaveLength(1);
});

test("connect while an attempt waits tries at once", async () => {
  const client = await server.connected();
  server.socket.end();
  client.connect();
  await settle();
  expect(server.sockets).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(9_000);
  expect(server.sockets).toHaveLength(2);
});

test("a wrong address, and a missing WebSocket class, end with a reason", async () => {
  const wrong = server.client({ url: "/ws" });
  wrong.connect();
  await settle();
  expect(wrong.getState()).toMatchObject({ status: "disconnected", reason: expect.stringContaining("Invalid URL") });

  vi.stubGlobal("WebSocket", undefined);
  const bare = new RealtimeClient({ url: "ws://gateway.test/ws" });
  bare.connect();
  await settle();
  expect(bare.getState().reason).toContain("no WebSocket class");
  vi.unstubAllGlobals();
});

test.each([
  ["https://gateway.test/ws#part", "wss://gateway.test/ws?resume="],
  ["http://gateway.test/ws?user_id=7", "ws://gateway.test/ws?user_id=7&resume="],
  [new URL("wss://gateway.test/ws"), "wss://gateway.test/ws?resume="],
])("the address %s becomes a socket's", async (url, expected) => {
  server.client({ url }).connect();
  await settle();
  expect(server.socket.url.href.startsWith(expected)).toBe(true);
});
