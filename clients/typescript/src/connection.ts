import type { ClientMessage } from "./messages.js";
import type { WebSocketLike } from "./options.js";

/** How a connection ended. */
export interface Ending {
  /** The close code; 1006 when nobody said goodbye. */
  code: number;
  reason: string;
}

/** Told by a connection; `ended` once, and nothing after it. */
export interface Listener {
  opened(): void;
  message(data: unknown): void;
  ended(ending: Ending): void;
}

/** `readyState` of an open socket. */
const open = 1;

/** One socket: keeps it alive, and finds out when the peer is gone without a word. */
export class Connection {
  readonly #socket: WebSocketLike;
  readonly #pingInterval: number;
  readonly #pongTimeout: number;
  readonly #listener: Listener;
  #pingTimer: ReturnType<typeof setInterval> | undefined;
  #pongTimer: ReturnType<typeof setTimeout> | undefined;
  /** Some sockets, such as /ws/admin, never answer; silence says nothing there. */
  #answersPings = false;
  #pingedAt = 0;
  #over = false;
  /** Milliseconds from the last answered ping to its answer. */
  roundTrip: number | undefined;

  /** Times in milliseconds. */
  constructor(socket: WebSocketLike, pingInterval: number, pongTimeout: number, listener: Listener) {
    this.#socket = socket;
    this.#pingInterval = pingInterval;
    this.#pongTimeout = pongTimeout;
    this.#listener = listener;
    socket.onopen = () => this.#opened();
    socket.onmessage = (event: { data: unknown }) => this.#received(event.data);
    socket.onclose = (event: Ending) => this.#end({ code: event.code, reason: event.reason });
    socket.onerror = () => {
      // The close event follows. The handler stays, as an error without one would end a Node process.
    };
  }

  /** Sends now; does nothing while the socket is not open. */
  send(message: ClientMessage): void {
    if (!this.#over && this.#socket.readyState === open) {
      this.#socket.send(JSON.stringify(message));
    }
  }

  /** Asks the peer for a sign of life. */
  ping(): void {
    this.#pingedAt = Date.now();
    this.send({ type: "ping" });
    if (this.#answersPings && this.#pongTimer === undefined) {
      // Without waiting for the close event, which a peer that is not there delays.
      this.#pongTimer = setTimeout(() => {
        this.#socket.close();
        this.#end({ code: 1006, reason: "the server does not answer" });
      }, this.#pongTimeout);
    }
  }

  /** The answer to a ping came. Returns whether it is the first. */
  pong(): boolean {
    const first = !this.#answersPings;
    this.#answersPings = true;
    this.roundTrip = Date.now() - this.#pingedAt;
    return first;
  }

  /** Says goodbye; the listener is told nothing any more. */
  close(): void {
    if (!this.#over) {
      this.#stop();
      this.#socket.close(1000);
    }
  }

  #opened(): void {
    if (!this.#over) {
      this.#pingTimer = setInterval(() => this.ping(), this.#pingInterval);
      this.#listener.opened();
      this.ping();
    }
  }

  #received(data: unknown): void {
    if (!this.#over) {
      clearTimeout(this.#pongTimer);
      this.#pongTimer = undefined;
      this.#listener.message(data);
    }
  }

  #end(ending: Ending): void {
    if (!this.#over) {
      this.#stop();
      this.#listener.ended(ending);
    }
  }

  #stop(): void {
    this.#over = true;
    clearInterval(this.#pingTimer);
    clearTimeout(this.#pongTimer);
  }
}
