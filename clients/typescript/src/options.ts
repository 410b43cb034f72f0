/** Why a token is asked for: there is none yet, it ends soon, or the server refused it. */
export type TokenReason = "connect" | "expiring" | "rejected";

/** Brings a token (JWT). A provider that keeps tokens must bring a new one unless the reason is `connect`. */
export type TokenProvider = (reason: TokenReason) => string | Promise<string>;

/** When to connect again. Times are in milliseconds. */
export interface ReconnectOptions {
  /** Before the first attempt; 1,000. */
  initialDelay?: number;
  /** By what each next delay is longer; 1.5. */
  factor?: number;
  /** The longest delay; 30,000. */
  maxDelay?: number;
  /** How many attempts in a row before giving up; 10. `Infinity` never gives up. */
  attempts?: number;
  /** Takes a random part of each delay, so that many clients do not come back at once; false. */
  jitter?: boolean;
}

/** The part of a WebSocket that the client needs. */
export interface WebSocketLike {
  readonly readyState: number;
  // Browsers, Node and ws each have event types of their own.
  /* eslint-disable @typescript-eslint/no-explicit-any */
  onopen: ((event: any) => void) | null;
  onmessage: ((event: any) => void) | null;
  onerror: ((event: any) => void) | null;
  onclose: ((event: any) => void) | null;
  /* eslint-enable @typescript-eslint/no-explicit-any */
  send(data: string): void;
  close(code?: number, reason?: string): void;
}

/** Makes WebSockets: the global class, or the one of the package `ws`. */
export type WebSocketConstructor = new (url: string, protocols?: string[]) => WebSocketLike;

/** What a client can be told. Times are in milliseconds. */
export interface RealtimeOptions {
  /** The socket: `wss://…/ws`, also with `https:`; in a page relative to it, for example `/ws`. */
  url: string | URL;
  /** A token, or what brings one. Without token and ticket the browser's cookie counts. */
  token?: string | TokenProvider;
  /** Brings a single-use ticket (`POST /auth/ticket`) for each connection; it takes the token's place there. */
  ticket?: () => string | Promise<string>;
  /** Where the token goes: the subprotocol `bearer`, or `?token=`, which logs may show; "subprotocol". */
  tokenIn?: "subprotocol" | "url";
  /** Topics to subscribe to from the start, on `/ws`. */
  topics?: readonly string[];
  /** Whether to ask for missed events after a reconnect; true. */
  resume?: boolean;
  /** When to connect again. */
  reconnect?: ReconnectOptions;
  /** How long a connection may take to open; 10,000. */
  openTimeout?: number;
  /** Between two pings; 25,000. */
  pingInterval?: number;
  /** How long a ping may stay without an answer before the server counts as gone; 10,000. */
  pongTimeout?: number;
  /** The WebSocket class, where there is no global one: Node before 22 with the package `ws`. */
  WebSocket?: WebSocketConstructor;
}
