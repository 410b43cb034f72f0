import { vi } from "vitest";
import { type AnyMessage, RealtimeClient, type RealtimeOptions, type WebSocketLike } from "../../src/index.js";

/** The server's side of one socket, and the socket itself as the client sees it. */
export class ScriptedSocket implements WebSocketLike {
  readyState = 0;
  onopen: ((event: object) => void) | null = null;
  onmessage: ((event: object) => void) | null = null;
  onerror: ((event: object) => void) | null = null;
  onclose: ((event: object) => void) | null = null;
  /** What the client said, parsed. */
  readonly received: Record<string, unknown>[] = [];
  /** The code with which the client closed. */
  closedWith: number | undefined;
  /** Whether pings are answered. */
  answersPings = true;
  readonly url: URL;

  constructor(
    url: string,
    readonly protocols?: string[],
  ) {
    this.url = new URL(url);
  }

  /** The positions in `?resume=`. */
  get resume(): unknown {
    const text = this.url.searchParams.get("resume");
    return text === null ? undefined : JSON.parse(Buffer.from(text, "base64url").toString()).positions;
  }

  /** What the client said, without its pings. */
  get messages(): Record<string, unknown>[] {
    return this.received.filter(({ type }) => type !== "ping");
  }

  send(data: string): void {
    const message = JSON.parse(data);
    this.received.push(message);
    if (message.type === "ping" && this.answersPings) {
      queueMicrotask(() => this.say({ type: "pong", timestamp: new Date().toISOString() }));
    }
  }

  close(code?: number): void {
    this.closedWith = code;
    this.readyState = 2;
  }

  /** The server accepts the handshake. */
  open(): void {
    this.readyState = 1;
    this.onopen?.({});
  }

  /** The server accepts and greets, as on /ws. */
  greet(clientId = "c1"): void {
    this.open();
    this.say({ type: "connection", status: "connected", client_id: clientId, timestamp: new Date().toISOString() });
  }

  say(message: AnyMessage | Record<string, unknown> | string): void {
    this.onmessage?.({ data: typeof message === "string" ? message : JSON.stringify(message) });
  }

  /** The connection ends; 1006 stands for one that ends without a word. */
  end(code = 1006, reason = ""): void {
    this.readyState = 3;
    if (code === 1006) {
      this.onerror?.({});
    }

    this.onclose?.({ code, reason });
  }
}

/** Takes the place of the network: keeps every socket that a client makes. */
export class ScriptedServer {
  readonly sockets: ScriptedSocket[] = [];
  readonly WebSocket: new (url: string, protocols?: string[]) => ScriptedSocket;

  constructor() {
    const { sockets } = this;
    this.WebSocket = class extends ScriptedSocket {
      constructor(url: string, protocols?: string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    };
  }

  /** The newest socket. */
  get socket(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    if (!socket) {
      throw new Error("No socket was opened.");
    }

    return socket;
  }

  /** A client of this server. */
  client(options: Partial<RealtimeOptions> = {}): RealtimeClient {
    return new RealtimeClient({ url: "ws://gateway.test/ws", WebSocket: this.WebSocket, ...options });
  }

  /** A client of this server, already greeted. */
  async connected(options: Partial<RealtimeOptions> = {}): Promise<RealtimeClient> {
    const client = this.client(options);
    client.connect();
    await settle();
    this.socket.greet();
    return client;
  }

  /** Waits until the client opens another socket, and greets it. */
  async greetNext(within = 1_000): Promise<void> {
    await vi.advanceTimersByTimeAsync(within);
    this.socket.greet();
  }
}

/** Lets promises run. */
export async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}

/** A JWT with that end, in seconds from now. */
export function tokenFor(seconds: number, name = "user1"): string {
  const claims = { sub: name, exp: Math.floor(Date.now() / 1_000) + seconds };
  return `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
}
