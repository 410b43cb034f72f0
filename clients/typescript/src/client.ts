import { resumeParameter } from "./address.js";
import { Credentials } from "./credentials.js";
import { Link } from "./link.js";
import { Listeners } from "./listeners.js";
import type {
  ChannelPosition,
  ClientMessage,
  EventMeta,
  MessageMap,
  PublishedMessage,
  ServerMessage,
} from "./messages.js";
import type { RealtimeOptions } from "./options.js";
import { type Gap, Positions } from "./positions.js";
import { TokenRenewal } from "./renewal.js";
import type { ConnectionState, ConnectionStatus } from "./state.js";
import { Topics } from "./topics.js";

/** Any JSON object that the server may send. */
export type AnyMessage = ServerMessage | PublishedMessage;

interface Values {
  status: ConnectionState;
  gap: Gap;
  text: string;
}

/**
 * A connection to the gateway that comes back by itself. It keeps its subscriptions, asks for the events that it missed, drops those that
 * came before, and says so when some cannot be had any more.
 */
export class RealtimeClient {
  readonly #link: Link;
  readonly #renewal: TokenRenewal;
  readonly #credentials: Credentials;
  readonly #topics: Topics;
  readonly #positions = new Positions();
  readonly #messages = new Listeners<Record<string, never>>();
  readonly #own = new Listeners<Values>();
  #clientId: string | undefined;
  /** Positions that did not fit into the address of the connection that is being opened. */
  #moreToResume: Record<string, ChannelPosition> | undefined;

  /** Does nothing yet; `connect` does. */
  constructor(options: RealtimeOptions) {
    this.#credentials = new Credentials(options);
    this.#renewal = new TokenRenewal(this.#credentials);
    this.#topics = new Topics(options.topics);
    this.#link = new Link(options, this.#credentials, {
      resume: () => (options.resume === false ? undefined : this.#resume()),
      opened: () => this.#opened(),
      message: (data) => this.#receive(data),
      changed: (state) => this.#changed(state),
    });
  }

  /** Connects and stays connected. While the next attempt waits, it is made at once; after giving up, everything starts anew. */
  connect(): void {
    this.#link.connect();
  }

  /** Ends the connection and stays away. Subscriptions and positions are kept for the next `connect`. */
  disconnect(): void {
    this.#link.disconnect();
  }

  /** Subscribes to topics of `/ws`, now and on each later connection. The answer is the message `subscription`. */
  subscribe(topics: string | readonly string[]): void {
    const names = [topics].flat();
    this.#topics.subscribe(names);
    this.#send({ type: "subscribe", topics: names });
  }

  /** Gives topics up. The answer is the message `subscription`. */
  unsubscribe(topics: string | readonly string[]): void {
    const names = [topics].flat();
    this.#topics.unsubscribe(names);
    this.#forget(names);
    this.#send({ type: "unsubscribe", topics: names });
  }

  /**
   * Calls the function for each message of a type, for example `notification`; for `book_update`, which has no type, by its `event`; with
   * `*` for every message. Returns what ends that.
   */
  on<Type extends keyof MessageMap>(type: Type, listener: (message: MessageMap[Type]) => void): () => void;
  on(type: "*", listener: (message: AnyMessage) => void): () => void;
  on(type: string, listener: (message: PublishedMessage) => void): () => void;
  on(type: string, listener: (message: never) => void): () => void {
    return this.#messages.add(type, listener);
  }

  /** Ends what `on` began: for one function, or for all of that type. */
  off(type: string, listener?: (message: never) => void): void {
    this.#messages.remove(type, listener);
  }

  /** Calls the function at each change of the connection. Returns what ends that. */
  onConnectionStatus(listener: (status: ConnectionStatus, state: ConnectionState) => void): () => void {
    return this.#own.add("status", (state) => listener(state.status, state));
  }

  /** Calls the function when events of a channel were missed for good: read the state again. Returns what ends that. */
  onGap(listener: (gap: Gap) => void): () => void {
    return this.#own.add("gap", listener);
  }

  /** Calls the function for text that is no JSON object, as a backend may send it to a user. Returns what ends that. */
  onText(listener: (text: string) => void): () => void {
    return this.#own.add("text", listener);
  }

  /** Whether the server has let us in. */
  isConnected(): boolean {
    return this.getState().status === "connected";
  }

  /** The server's id of this connection; null while there is none. */
  getClientId(): string | null {
    return this.#clientId ?? null;
  }

  /** How the client stands; the same object until something changes. */
  getState(): ConnectionState {
    return this.#link.state;
  }

  /** Milliseconds that the last answered ping of this connection took; null before the first. */
  getRoundTrip(): number | null {
    return this.#link.connection?.roundTrip ?? null;
  }

  #resume(): string {
    const [positions, more] = this.#positions.parts();
    this.#moreToResume = more;
    return resumeParameter(positions);
  }

  #opened(): void {
    if (this.#moreToResume) {
      this.#send({ type: "resume", positions: this.#moreToResume });
    }

    for (const message of this.#topics.messages()) {
      this.#send(message);
    }
  }

  #changed(state: ConnectionState): void {
    if (state.status !== "connected") {
      this.#clientId = undefined;
      this.#renewal.stop();
    }

    this.#own.emit("status", state);
  }

  #receive(data: unknown): void {
    if (typeof data !== "string") {
      return;
    }

    const message = parse(data);
    if (!message) {
      this.#link.letIn();
      this.#own.emit("text", data);
      return;
    }

    const gaps = this.#learn(message);
    this.#link.letIn(this.#clientId);
    if (this.#isNew(message)) {
      this.#messages.emit("type" in message ? message.type : message.event, message as never);
      this.#messages.emit("*", message as never);
    }

    for (const gap of gaps) {
      this.#own.emit("gap", gap);
    }
  }

  /** What a message means for the client itself. Returns the gaps that it tells of. */
  #learn(message: ServerMessage): Gap[] {
    if (!("type" in message)) {
      return [];
    }

    switch (message.type) {
      case "connection":
        this.#clientId = message.client_id;
        break;
      case "connection_established":
        this.#clientId = message.data?.client_id;
        break;
      case "pong":
        this.#ponged(message.timestamp);
        break;
      case "subscription":
        // Their last events may have come after we gave them up.
        if (message.status === "unsubscribed") {
          this.#forget(message.topics ?? []);
        }

        break;
      case "reconnect":
        this.#link.comeBack(Math.max(0, Number(message.after_ms) || 0));
        break;
      case "resumed":
        return this.#positions.resume(message.channels ?? {});
    }

    return [];
  }

  #ponged(timestamp: string): void {
    const connection = this.#link.connection;
    if (connection?.pong()) {
      this.#credentials.serverTime(timestamp);
      this.#renewal.start((token) => connection.send({ type: "auth", token }));
    }
  }

  #isNew(message: object): boolean {
    const { meta } = message as { meta?: EventMeta };
    return typeof meta?.id !== "string" || typeof meta.channel !== "string" || this.#positions.take(meta);
  }

  #forget(topics: readonly string[]): void {
    for (const channel of this.#topics.channelsLeft(topics)) {
      this.#positions.forget(channel);
    }
  }

  #send(message: ClientMessage): void {
    this.#link.connection?.send(message);
  }
}

/** A JSON object; undefined for any other text. */
function parse(text: string): ServerMessage | undefined {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
