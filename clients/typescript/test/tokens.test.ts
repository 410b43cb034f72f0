import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { TokenReason } from "../src/index.js";
import { ScriptedServer, settle, tokenFor } from "./support/scriptedServer.js";

let server: ScriptedServer;

beforeEach(() => {
  vi.useFakeTimers();
  server = new ScriptedServer();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A provider of tokens that live that many seconds, named by their number, and why each was asked for. */
function provider(seconds: number) {
  const reasons: TokenReason[] = [];
  const token = (reason: TokenReason) => tokenFor(seconds, `token${reasons.push(reason)}`);
  return { reasons, token };
}

function nameIn(token: unknown): string {
  return JSON.parse(Buffer.from(String(token).split(".")[1] ?? "", "base64url").toString()).sub;
}

test("a token goes into the subprotocol, and into the address only when asked for", async () => {
  await server.connected({ token: "a.b.c" });
  expect(server.socket.protocols).toEqual(["bearer", "a.b.c"]);
  expect(server.socket.url.href).not.toContain("a.b.c");

  await server.connected({ token: "a.b.c", tokenIn: "url" });
  expect(server.socket.protocols).toBeUndefined();
  expect(server.socket.url.searchParams.get("token")).toBe("a.b.c");
});

test("without token and ticket nothing is added: the cookie counts", async () => {
  await server.connected();
  expect(server.socket.protocols).toBeUndefined();
  expect([...server.socket.url.searchParams.keys()]).toEqual(["resume"]);
});

test("a ticket is asked for anew for each connection", async () => {
  let number = 0;
  await server.connected({ ticket: async () => `ticket${++number}` });
  expect(server.socket.url.searchParams.get("ticket")).toBe("ticket1");
  server.socket.end();
  await server.greetNext();
  expect(server.socket.url.searchParams.get("ticket")).toBe("ticket2");
});

test("a provider is asked once while its token lives", async () => {
  const { reasons, token } = provider(3_600);
  await server.connected({ token });
  server.socket.end();
  await server.greetNext();
  expect(reasons).toEqual(["connect"]);
  expect(nameIn(server.socket.protocols?.[1])).toBe("token1");
});

test("a token that has ended since is replaced before connecting", async () => {
  const { reasons, token } = provider(90);
  await server.connected({ token, reconnect: { initialDelay: 60_000, maxDelay: 60_000 } });
  server.socket.end();
  await server.greetNext(60_000);
  expect(reasons).toEqual(["connect", "expiring"]);
});

test("after 4001 the provider is asked for a fresh token, once, without delay and without counting an attempt", async () => {
  const { reasons, token } = provider(3_600);
  const client = server.client({ token });
  const seen: string[] = [];
  client.onConnectionStatus((status) => seen.push(status));
  client.connect();
  await settle();
  server.socket.open();
  server.socket.end(4001, "expired");
  await settle();
  expect(reasons).toEqual(["connect", "rejected"]);
  expect(nameIn(server.socket.protocols?.[1])).toBe("token2");

  server.socket.open();
  server.socket.end(4001, "expired");
  expect(seen).toEqual(["connecting", "connecting", "unauthenticated"]);
  expect(client.getState()).toMatchObject({ code: 4001, reason: "expired", attempt: 0 });
  await vi.advanceTimersByTimeAsync(600_000);
  expect(server.sockets).toHaveLength(2);

  client.connect();
  await server.greetNext(0);
  expect(reasons).toEqual(["connect", "rejected", "rejected"]);
  expect(client.isConnected()).toBe(true);
});

test("after a good connection, 4001 is mended again", async () => {
  const { reasons, token } = provider(3_600);
  const client = await server.connected({ token });
  for (let i = 2; i <= 4; i++) {
    await vi.advanceTimersByTimeAsync(5_000);
    server.socket.end(4001);
    await server.greetNext(0);
    expect(nameIn(server.socket.protocols?.[1])).toBe(`token${i}`);
  }

  expect(client.isConnected()).toBe(true);
  expect(reasons.slice(1)).toEqual(["rejected", "rejected", "rejected"]);
});

test("4001 is final for a token given as text, and for a cookie", async () => {
  for (const options of [{ token: "a.b.c" }, {}]) {
    const client = await server.connected(options);
    server.socket.end(4001);
    expect(client.getState().status).toBe("unauthenticated");
  }
});

test("a provider that fails counts as a failed attempt", async () => {
  const token = vi.fn().mockRejectedValueOnce(new Error("login is away")).mockResolvedValue("a.b.c");
  const client = server.client({ token });
  client.connect();
  await settle();
  expect(client.getState()).toMatchObject({ status: "reconnecting", attempt: 1, reason: "Error: login is away" });
  await server.greetNext();
  expect(client.isConnected()).toBe(true);
});

test("a provider that never answers does not block for ever, and its late answer is not used", async () => {
  let answer: ((token: string) => void) | undefined;
  const token = vi
    .fn()
    .mockReturnValueOnce(new Promise((resolve) => (answer = resolve)))
    .mockResolvedValue("second");
  const client = server.client({ token });
  client.connect();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(client.getState().status).toBe("reconnecting");
  answer?.("first");
  await settle();
  expect(server.sockets).toHaveLength(0);
  await server.greetNext();
  expect(server.sockets).toHaveLength(1);
});

test("a token is renewed on the open connection a minute before it ends, again and again", async () => {
  const { reasons, token } = provider(3_600);
  await server.connected({ token });
  await settle();
  await vi.advanceTimersByTimeAsync(3_539_000);
  expect(reasons).toEqual(["connect"]);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(server.socket.messages).toHaveLength(1);
  expect(server.socket.messages[0]).toMatchObject({ type: "auth" });
  expect(nameIn(server.socket.messages[0]?.token)).toBe("token2");
  await vi.advanceTimersByTimeAsync(3_540_000);
  expect(reasons).toEqual(["connect", "expiring", "expiring"]);
});

test("a renewal that fails is tried again before the token ends", async () => {
  const token = vi.fn<(reason: TokenReason) => string>(() => tokenFor(100));
  await server.connected({ token });
  await settle();
  token.mockImplementationOnce(() => {
    throw new Error("login is away");
  });
  await vi.advanceTimersByTimeAsync(80_000);
  expect(token).toHaveBeenCalledTimes(2);
  expect(server.socket.messages).toEqual([]);
  await vi.advanceTimersByTimeAsync(16_000);
  expect(server.socket.messages).toMatchObject([{ type: "auth" }]);
});

test("the server's clock decides when a token ends, not a wrong clock here", async () => {
  const { reasons, token } = provider(3_600);
  const client = server.client({ token });
  client.connect();
  await settle();
  server.socket.answersPings = false;
  server.socket.greet();
  server.socket.say({ type: "pong", timestamp: new Date(Date.now() + 3_000_000).toISOString() });
  server.socket.answersPings = true;
  await vi.advanceTimersByTimeAsync(540_000);
  expect(reasons).toEqual(["connect", "expiring"]);
});

test("no token is renewed on a connection that has ended", async () => {
  const { reasons, token } = provider(3_600);
  const client = await server.connected({ token });
  await settle();
  client.disconnect();
  await vi.advanceTimersByTimeAsync(7_200_000);
  expect(reasons).toEqual(["connect"]);
  expect(vi.getTimerCount()).toBe(0);
});
