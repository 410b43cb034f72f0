import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Gap, RealtimeClient } from "../src/index.js";
import { ScriptedServer, settle } from "./support/scriptedServer.js";

let server: ScriptedServer;

beforeEach(() => {
  vi.useFakeTimers();
  server = new ScriptedServer();
});

afterEach(() => {
  vi.useRealTimers();
});

function event(offset: number, at: { channel?: string; epoch?: string; id?: string } = {}) {
  const { channel = "user:42", epoch = "e1" } = at;
  return { type: "task_update", meta: { id: at.id ?? `${channel} ${epoch} ${offset}`, channel, offset, epoch } };
}

function resumed(channels: Record<string, { recovered: boolean; replayed: number; offset: number; epoch?: string }>) {
  return { type: "resumed", channels };
}

function offsets(client: RealtimeClient): unknown[] {
  const seen: unknown[] = [];
  client.on("task_update", ({ meta }) => seen.push(meta.offset));
  return seen;
}

function gaps(client: RealtimeClient): Gap[] {
  const seen: Gap[] = [];
  client.onGap((gap) => seen.push(gap));
  return seen;
}

test("the first connection brings empty positions, and the baseline is no loss", async () => {
  const client = await server.connected();
  const missed = gaps(client);
  expect(server.socket.resume).toEqual({});
  server.socket.say(resumed({ "user:42": { recovered: false, replayed: 0, offset: 17, epoch: "e1" } }));
  server.socket.end();
  await server.greetNext();
  expect(server.socket.resume).toEqual({ "user:42": { epoch: "e1", offset: 17 } });
  expect(missed).toEqual([]);
});

test("after a reconnect the client brings the last position of each channel and gets each event once, in order", async () => {
  const client = await server.connected();
  const seen = offsets(client);
  const missed = gaps(client);
  server.socket.say(resumed({ "user:42": { recovered: false, replayed: 0, offset: 17, epoch: "e1" } }));
  server.socket.say(event(18));
  server.socket.say(event(3, { channel: "topic:nächste" }));
  server.socket.end();

  await server.greetNext();
  expect(server.socket.resume).toEqual({
    "user:42": { epoch: "e1", offset: 18 },
    "topic:nächste": { epoch: "e1", offset: 3 },
  });
  server.socket.say(resumed({ "user:42": { recovered: true, replayed: 2, offset: 20, epoch: "e1" } }));
  server.socket.say(event(19));
  server.socket.say(event(20));
  server.socket.say(event(20));
  server.socket.say(event(21));
  expect(seen).toEqual([18, 3, 19, 20, 21]);
  expect(missed).toEqual([]);
});

test("the positions in the address need no escaping", async () => {
  await server.connected();
  server.socket.say(event(1, { channel: "user:???>>>" }));
  server.socket.end();
  await server.greetNext();
  const unsafe = Buffer.from(JSON.stringify({ positions: server.socket.resume })).toString("base64");
  expect(unsafe).toMatch(/[+].*[/]|[/].*[+]/);
  expect(server.socket.url.search).toMatch(/^\?resume=[\w-]+$/);
});

test("a connection that ends in the middle of a replay goes on from there", async () => {
  await server.connected();
  server.socket.say(event(17));
  server.socket.end();
  await server.greetNext();
  server.socket.say(resumed({ "user:42": { recovered: true, replayed: 3, offset: 20, epoch: "e1" } }));
  server.socket.say(event(18));
  server.socket.end();
  await server.greetNext(1_500);
  expect(server.socket.resume).toEqual({ "user:42": { epoch: "e1", offset: 18 } });
});

test("an event that comes late does not set the position back", async () => {
  await server.connected();
  server.socket.say(event(17));
  server.socket.say(event(16));
  server.socket.end();
  await server.greetNext();
  expect(server.socket.resume).toEqual({ "user:42": { epoch: "e1", offset: 17 } });
});

test("a channel that moved by events of unwanted topics is resumed from where it stands", async () => {
  await server.connected();
  server.socket.say(event(17));
  server.socket.end();
  await server.greetNext();
  server.socket.say(resumed({ "user:42": { recovered: true, replayed: 0, offset: 25, epoch: "e1" } }));
  server.socket.end();
  await server.greetNext(1_500);
  expect(server.socket.resume).toEqual({ "user:42": { epoch: "e1", offset: 25 } });
});

test("what cannot be recovered is reported with the channel, after a reconnect and in between", async () => {
  const client = await server.connected();
  const missed = gaps(client);
  server.socket.say(event(17));
  server.socket.end();
  await server.greetNext();
  server.socket.say(
    resumed({
      "user:42": { recovered: false, replayed: 0, offset: 2, epoch: "e2" },
      "role:user": { recovered: false, replayed: 0, offset: 5, epoch: "r" },
    }),
  );
  expect(missed).toEqual([{ channel: "user:42", from: { epoch: "e1", offset: 17 }, to: { epoch: "e2", offset: 2 } }]);

  server.socket.say(event(3, { epoch: "e2" }));
  server.socket.say(resumed({ "user:42": { recovered: false, replayed: 0, offset: 9, epoch: "e2" } }));
  expect(missed.slice(1)).toEqual([
    { channel: "user:42", from: { epoch: "e2", offset: 3 }, to: { epoch: "e2", offset: 9 } },
  ]);
  server.socket.end();
  await server.greetNext(1_500);
  expect(server.socket.resume).toMatchObject({ "user:42": { epoch: "e2", offset: 9 } });
});

test("events without position leave the position as it was, and are dropped when they come again with one", async () => {
  const client = await server.connected();
  const seen: string[] = [];
  client.on("task_update", ({ meta }) => seen.push(meta.id));
  server.socket.say(event(17, { id: "a" }));
  server.socket.say({ type: "task_update", meta: { id: "b", channel: "user:42" } });
  server.socket.end();
  await server.greetNext();
  expect(server.socket.resume).toEqual({ "user:42": { epoch: "e1", offset: 17 } });
  server.socket.say(resumed({ "user:42": { recovered: true, replayed: 2, offset: 19, epoch: "e1" } }));
  server.socket.say(event(18, { id: "b" }));
  server.socket.say(event(19, { id: "c" }));
  expect(seen).toEqual(["a", "b", "c"]);
  server.socket.end();
  await server.greetNext(1_500);
  expect(server.socket.resume).toEqual({ "user:42": { epoch: "e1", offset: 19 } });
});

test("a channel heard of only without positions is reported too when nothing proves that all came", async () => {
  const client = await server.connected();
  const missed = gaps(client);
  server.socket.say({ type: "task_update", meta: { id: "b", channel: "user:42" } });
  server.socket.say(resumed({ "user:42": { recovered: false, replayed: 0, offset: 4, epoch: "e1" } }));
  expect(missed).toEqual([{ channel: "user:42", from: undefined, to: { epoch: "e1", offset: 4 } }]);
});

test("the memory of ids is bounded", async () => {
  const client = await server.connected();
  const seen = offsets(client);
  for (let offset = 1; offset <= 1_001; offset++) {
    server.socket.say(event(offset));
  }

  server.socket.say(event(1_001));
  server.socket.say(event(2));
  expect(seen).toHaveLength(1_001);
  server.socket.say(event(1));
  expect(seen).toHaveLength(1_002);
});

test("positions that are too long for an address follow in a message, before the subscriptions", async () => {
  const topics = Array.from({ length: 100 }, (_, i) => `a-topic-with-a-name-of-some-length-${i}`);
  await server.connected({ topics });
  for (const topic of topics) {
    server.socket.say(event(1, { channel: `topic:${topic}` }));
  }

  server.socket.say(event(1));
  server.socket.end();
  await server.greetNext();
  const inAddress = server.socket.resume as object;
  expect(server.socket.url.href.length).toBeLessThan(5_000);
  expect(inAddress).toHaveProperty(["user:42"]);
  const [resume, subscribe] = server.socket.messages as [{ type: string; positions: object }, { type: string }];
  expect([resume.type, subscribe.type]).toEqual(["resume", "subscribe"]);
  expect(Object.keys({ ...inAddress, ...resume.positions })).toHaveLength(101);
});

test("resume: false asks for nothing", async () => {
  await server.connected({ resume: false });
  server.socket.say(event(17));
  server.socket.end();
  await server.greetNext();
  expect(server.socket.url.search).toBe("");
  expect(server.socket.messages).toEqual([]);
});

test("subscriptions are made again on each connection, in their order", async () => {
  const client = server.client({ topics: ["orders"] });
  client.subscribe(["jobs", "weather"]);
  client.connect();
  await server.greetNext(0);
  expect(server.socket.messages).toEqual([{ type: "subscribe", topics: ["orders", "jobs", "weather"] }]);

  client.unsubscribe("tasks");
  client.subscribe("all");
  client.unsubscribe("weather");
  client.unsubscribe("orders");
  server.socket.end();
  await server.greetNext();
  expect(server.socket.messages).toEqual([
    { type: "subscribe", topics: ["jobs"] },
    { type: "unsubscribe", topics: ["tasks"] },
    { type: "subscribe", topics: ["all"] },
    { type: "unsubscribe", topics: ["weather", "orders"] },
  ]);
});

test("a topic that was given up is not resumed", async () => {
  const client = await server.connected({ topics: ["weather", "inventory"] });
  server.socket.say(event(5, { channel: "topic:weather" }));
  server.socket.say(event(6, { channel: "products" }));
  server.socket.say(event(7));
  client.unsubscribe("weather");
  server.socket.say(event(8, { channel: "topic:weather" }));
  server.socket.say({ type: "subscription", status: "unsubscribed", topics: ["weather"], rejected: [] });
  server.socket.end();
  await server.greetNext();
  expect(Object.keys(server.socket.resume as object)).toEqual(["products", "user:42"]);

  client.unsubscribe("inventory");
  server.socket.end();
  await server.greetNext(1_500);
  expect(Object.keys(server.socket.resume as object)).toEqual(["user:42"]);
  await settle();
});
