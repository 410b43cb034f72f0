import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { onTestFinished, vi } from "vitest";
import WebSocket from "ws";
import { type AnyMessage, RealtimeClient, type RealtimeOptions } from "../../src/index.js";

/** A running suite: by API_URL and GATEWAY_URL, or as eng/run.sh wrote it down. */
const { api, gateway } = addresses();

/** The secret of its tokens, where it is known. */
export const secret = process.env.JWT_SECRET_KEY;

function addresses(): { api: string; gateway: string } {
  const { API_URL, GATEWAY_URL } = process.env;
  if (API_URL && GATEWAY_URL) {
    return { api: API_URL, gateway: GATEWAY_URL };
  }

  return JSON.parse(readFileSync(new URL("../../../../artifacts/run.json", import.meta.url), "utf8"));
}

/** A client of the gateway, and what it receives. Disconnects after the test. */
export class Visitor {
  readonly client: RealtimeClient;
  readonly messages: AnyMessage[] = [];
  readonly gaps: string[] = [];

  constructor(path: string, options: Partial<RealtimeOptions>) {
    this.client = new RealtimeClient({ WebSocket, ...options, url: gateway + path });
    this.client.on("*", (message) => this.messages.push(message));
    this.client.onGap(({ channel }) => this.gaps.push(channel));
    onTestFinished(() => this.client.disconnect());
  }

  /** The types of what was received. */
  get types(): string[] {
    return this.messages.map((message) => ("type" in message ? message.type : message.event));
  }

  /** The titles of the tasks that were received. */
  get titles(): string[] {
    return this.messages.flatMap((message) =>
      "event" in message && typeof message.event === "object" ? message.event.title : [],
    );
  }

  async connect(): Promise<this> {
    this.client.connect();
    await eventually(() => this.client.isConnected());
    return this;
  }
}

/** Waits until the condition holds. */
export async function eventually(condition: () => boolean): Promise<void> {
  await vi.waitUntil(condition, { timeout: 20_000, interval: 20 });
}

/** A call of the Api. */
export function call(path: string, token: string, method = "GET", body?: object): Promise<Response> {
  return request(api + path, token, method, body);
}

/** A call of one of the gateway's HTTP paths. */
export function callGateway(path: string, token: string, method = "GET"): Promise<Response> {
  return request(gateway.replace(/^ws/, "http") + path, token, method);
}

export async function login(username = "user1", password = "user123"): Promise<string> {
  const response = await fetch(`${api}/auth/login`, {
    method: "POST",
    body: new URLSearchParams({ username, password }),
  });
  return (await response.json()).access_token;
}

export async function createTask(token: string, title: string): Promise<void> {
  await call("/api/tasks", token, "POST", { title });
}

/** A token that the suite accepts, with that life in seconds. */
export function signedToken(userId: string, seconds: number): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const now = Math.floor(Date.now() / 1_000);
  const text = `${encode({ alg: "HS256", typ: "JWT" })}.${encode({ sub: userId, iat: now, exp: now + seconds })}`;
  return `${text}.${createHmac("sha256", secret ?? "")
    .update(text)
    .digest("base64url")}`;
}

async function request(url: string, token: string, method: string, body?: object): Promise<Response> {
  const response = await fetch(url, {
    method,
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) {
    throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  }

  return response;
}
