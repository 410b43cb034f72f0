import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import WebSocket from "ws";
import { callGateway, createTask, eventually, login, Visitor } from "../support/suite.js";

test("what happened while the client was away arrives, each event once", async () => {
  const token = await login();
  const visitor = await new Visitor("/ws", { token }).connect();
  const run = randomUUID();
  await createTask(token, `${run} 0`);
  await eventually(() => visitor.titles.includes(`${run} 0`));

  visitor.client.disconnect();
  for (let i = 1; i <= 5; i++) {
    await createTask(token, `${run} ${i}`);
  }

  await visitor.connect();
  await createTask(token, `${run} 6`);
  await eventually(() => visitor.titles.includes(`${run} 6`));
  const expected = Array.from({ length: 7 }, (_, i) => `${run} ${i}`);
  // Each is a task of its own, and only the events of one task have an order.
  await eventually(() => visitor.titles.filter((title) => title.startsWith(run)).length >= expected.length);
  expect(visitor.titles.filter((title) => title.startsWith(run)).sort()).toEqual(expected);
  expect(visitor.gaps).toEqual([]);
});

test("a client that is cut off misses nothing, on its own channel and on a topic", async () => {
  const token = await login();
  const admin = await login("admin1", "admin123");
  const visitor = await new Visitor("/ws", { token, topics: ["jobs"] }).connect();
  await eventually(() => resumedChannels(visitor).includes("topic:jobs"));
  const run = randomUUID();
  await createTask(token, `${run} 0`);
  await eventually(() => visitor.titles.includes(`${run} 0`));

  await callGateway(`/api/v1/ws/admin/connections/${visitor.client.getClientId()}`, admin, "DELETE");
  await eventually(() => !visitor.client.isConnected());
  const before = resumedChannels(visitor).length;
  await createTask(token, `${run} 1`);
  await eventually(() => visitor.titles.includes(`${run} 1`));
  await eventually(() => resumedChannels(visitor).slice(before).includes("topic:jobs"));
  expect(visitor.titles.filter((title) => title.startsWith(run))).toEqual([`${run} 0`, `${run} 1`]);
  expect(visitor.gaps).toEqual([]);
});

test("a lost history is reported", async () => {
  const token = await login();
  const visitor = await new Visitor("/ws", { token, WebSocket: OfAnotherEpoch }).connect();
  await createTask(token, `Task ${randomUUID()}`);
  await eventually(() => visitor.titles.length > 0);
  expect(visitor.gaps).toEqual([]);

  visitor.client.disconnect();
  await visitor.connect();
  await eventually(() => visitor.gaps.includes("user:user1"));
});

/** Says that all positions are of an epoch that the server does not know. */
class OfAnotherEpoch extends WebSocket {
  constructor(url: string, protocols?: string[]) {
    const address = new URL(url);
    const resume = Buffer.from(address.searchParams.get("resume") ?? "", "base64url").toString();
    const changed = resume.replaceAll(/"epoch":"[^"]*"/g, '"epoch":"another"');
    address.searchParams.set("resume", Buffer.from(changed).toString("base64url"));
    super(address.href, protocols);
  }
}

function resumedChannels(visitor: Visitor): string[] {
  return visitor.messages.flatMap((message) =>
    "type" in message && message.type === "resumed" && "channels" in message ? Object.keys(message.channels) : [],
  );
}
