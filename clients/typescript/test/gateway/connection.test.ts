import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { call, callGateway, createTask, eventually, login, secret, signedToken, Visitor } from "../support/suite.js";

test("a task created over REST arrives at a client with its token in the subprotocol", async () => {
  const token = await login();
  const visitor = await new Visitor("/ws", { token: () => token }).connect();
  await eventually(() => visitor.types.includes("initial_state"));
  expect(visitor.types.slice(0, 3)).toEqual(["connection", "connected", "initial_state"]);
  expect(visitor.messages[0]).toMatchObject({ client_id: visitor.client.getClientId() });

  const title = `Task ${randomUUID()}`;
  await createTask(token, title);
  await eventually(() => visitor.titles.includes(title));
  expect(visitor.client.getRoundTrip()).toBeGreaterThanOrEqual(0);
});

test("a ticket, and a token in the address, let a client in too", async () => {
  const token = await login();
  const ticket = async () => (await (await call("/auth/ticket", token, "POST")).json()).ticket;
  await new Visitor("/ws", { ticket }).connect();
  await new Visitor("/ws", { token, tokenIn: "url" }).connect();
});

test("a client that was cut off comes back by itself, with its subscriptions", async () => {
  const token = await login();
  const admin = await login("admin1", "admin123");
  const visitor = await new Visitor("/ws", { token, topics: ["jobs", "No name"] }).connect();
  const answers = () => visitor.messages.filter((message) => "type" in message && message.type === "subscription");
  await eventually(() => answers().length === 1);
  expect(answers()[0]).toMatchObject({ status: "subscribed", topics: ["jobs"], rejected: ["No name"] });

  const first = visitor.client.getClientId();
  await callGateway(`/api/v1/ws/admin/connections/${first}`, admin, "DELETE");
  await eventually(() => visitor.client.getState().status === "reconnecting");
  expect(visitor.client.getState()).toMatchObject({ attempt: 1, delay: 1_000, code: 4020 });

  await eventually(() => visitor.client.isConnected() && answers().length === 2);
  expect(visitor.client.getClientId()).not.toBe(first);
  const title = `Task ${randomUUID()}`;
  await createTask(token, title);
  await eventually(() => visitor.titles.includes(title));
});

test("a refused token is replaced by a fresh one, and without one the client gives up", async () => {
  const token = await login();
  const reasons: string[] = [];
  const mended = new Visitor("/ws", {
    token: (reason) => (reasons.push(reason) === 1 ? "not.a.token" : token),
  });
  await mended.connect();
  expect(reasons).toEqual(["connect", "rejected"]);

  const refused = new Visitor("/ws", { token: () => "not.a.token" });
  refused.client.connect();
  await eventually(() => refused.client.getState().status === "unauthenticated");
  expect(refused.client.getState().code).toBe(4001);
});

test("an order that is none, and one of somebody else, end with their code", async () => {
  const token = await login();
  for (const [order, code] of [
    ["7", 4000],
    [randomUUID(), 4003],
  ] as const) {
    const { client } = new Visitor(`/api/v1/ws/orders/${order}`, { token });
    client.connect();
    await eventually(() => client.getState().status === "disconnected");
    expect(client.getState().code).toBe(code);
  }
});

test("the products' socket and the silent one of admins are seen as connected", async () => {
  const products = await new Visitor("/api/v1/ws/products", { token: await login() }).connect();
  expect(products.client.getClientId()).toMatch(/^[0-9a-f-]{36}$/);
  const admins = await new Visitor("/ws/admin", { token: await login("admin1", "admin123") }).connect();
  expect(admins.client.getClientId()).toBeNull();
});

test.skipIf(!secret)("a token is renewed on the open connection, which outlives the first", async () => {
  const ends: number[] = [];
  const token = () => {
    ends.push(Date.now() + 6_000);
    return signedToken("typescript-client", 6);
  };
  const visitor = await new Visitor("/ws", { token }).connect();
  const first = visitor.client.getClientId();
  await eventually(() => visitor.types.includes("auth"));
  await eventually(() => Date.now() > (ends[0] ?? 0) + 1_000);
  expect(visitor.client.getClientId()).toBe(first);
});
