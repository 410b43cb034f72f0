import { socketAddress } from "./address.js";
import { Backoff } from "./backoff.js";
import { Connection, type Ending } from "./connection.js";
import type { Access, Credentials } from "./credentials.js";
import type { RealtimeOptions, WebSocketLike } from "./options.js";
import type { ConnectionState, ConnectionStatus } from "./state.js";
import { isOnline, watchSurroundings } from "./surroundings.js";

/** Close codes after which connecting again is of no use: no order's id, not allowed, no such order. */
export const finalCloseCodes: readonly number[] = [4000, 4003, 4004];

/** The close code of a token that is missing, refused, at its end or revoked. */
const unauthenticated = 4001;

/** The close code of a connection that ended without one (RFC 6455, section 7.1.5). */
const abnormal = 1006;

/** A connection that lived this long, milliseconds, was a good one: attempts are counted anew after it. */
const goodLife = 5_000;

/** A socket that is open and silent for this long, milliseconds, was not refused: it is one that does not greet, such as /ws/admin. */
const quiet = 1_000;

/** What uses the link. */
export interface LinkUser {
  /** The value of `?resume=` for the next connection; undefined for none. */
  resume(): string | undefined;
  opened(connection: Connection): void;
  message(data: unknown): void;
  changed(state: ConnectionState): void;
}

/** Keeps one connection, and decides after its end whether and when there is another. */
export class Link {
  readonly #options: RealtimeOptions;
  readonly #credentials: Credentials;
  readonly #user: LinkUser;
  readonly #backoff: Backoff;
  #state: ConnectionState = { status: "disconnected", attempt: 0 };
  #connection: Connection | undefined;
  #letInAt: number | undefined;
  #attempt = 0;
  /** Whether a token was already renewed, since the last good connection, because the server refused it. */
  #renewed = false;
  #comeBackAfter: number | undefined;
  /** Rises with each attempt and each end, so that the late answer of a provider finds itself out of date. */
  #run = 0;
  /** The next attempt, the deadline of the present one, or the wait for a greeting: one at a time. */
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unwatch: (() => void) | undefined;

  constructor(options: RealtimeOptions, credentials: Credentials, user: LinkUser) {
    this.#options = options;
    this.#credentials = credentials;
    this.#user = user;
    this.#backoff = new Backoff(options.reconnect);
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** The connection that is open or being opened. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  connect(): void {
    const { status } = this.#state;
    if (status !== "connecting" && status !== "connected") {
      this.#unwatch ??= watchSurroundings({
        online: () => this.#hurry(true),
        visible: () => this.#hurry(false),
        doubtful: () => this.#connection?.ping(),
      });
      this.#attempt = 0;
      this.#renewed = false;
      void this.#open();
    }
  }

  disconnect(): void {
    this.#finish("disconnected");
  }

  /** The server speaks to us, so it has let us in. */
  letIn(clientId?: string): void {
    if (this.#connection && this.#letInAt === undefined) {
      this.#letInAt = Date.now();
      clearTimeout(this.#timer);
      this.#change("connected", { clientId });
    }
  }

  /** The server is about to restart, and wants us back that many milliseconds after the end of the connection. */
  comeBack(delay: number): void {
    this.#comeBackAfter = delay;
  }

  async #open(): Promise<void> {
    const run = ++this.#run;
    this.#after(this.#options.openTimeout ?? 10_000, () =>
      this.#lost({ code: abnormal, reason: "the connection took too long to open" }),
    );
    this.#change("connecting");
    let access: Access;
    try {
      access = await this.#credentials.access();
    } catch (error) {
      if (run === this.#run) {
        this.#lost({ code: abnormal, reason: String(error) });
      }

      return;
    }

    if (run === this.#run) {
      this.#dial(access);
    }
  }

  #dial({ protocols, parameters }: Access): void {
    let socket: WebSocketLike;
    try {
      const Socket = this.#options.WebSocket ?? globalThis.WebSocket;
      if (!Socket) {
        throw new Error("There is no WebSocket class here: give one, for example of the package ws.");
      }

      socket = new Socket(socketAddress(this.#options.url, { ...parameters, resume: this.#user.resume() }), protocols);
    } catch (error) {
      // A wrong address or token would be wrong again.
      this.#finish("disconnected", { reason: String(error) });
      return;
    }

    const { pingInterval = 25_000, pongTimeout = 10_000 } = this.#options;
    const connection = new Connection(socket, pingInterval, pongTimeout, {
      opened: () => {
        this.#after(quiet, () => this.letIn());
        this.#user.opened(connection);
      },
      message: (data) => this.#user.message(data),
      ended: (ending) => this.#lost(ending),
    });
    this.#connection = connection;
  }

  #lost({ code, reason }: Ending): void {
    if (this.#letInAt !== undefined && Date.now() - this.#letInAt >= goodLife) {
      this.#attempt = 0;
      this.#renewed = false;
    }

    const told = this.#comeBackAfter;
    this.#drop();
    if (code === unauthenticated) {
      this.#credentials.reject();
      if (this.#credentials.canRenew && !this.#renewed) {
        this.#renewed = true;
        void this.#open();
      } else {
        this.#finish("unauthenticated", { code, reason });
      }
    } else if (finalCloseCodes.includes(code)) {
      this.#finish("disconnected", { code, reason });
    } else if (told !== undefined) {
      this.#retry(told, { code, reason });
    } else {
      this.#backOff({ code, reason });
    }
  }

  #backOff(ending: Ending): void {
    // An attempt without a network proves nothing about the server.
    const counts = isOnline() || this.#attempt === 0;
    if (counts && this.#attempt >= this.#backoff.attempts) {
      this.#finish("disconnected", { ...ending, gaveUp: true });
      return;
    }

    if (counts) {
      this.#attempt++;
    }

    this.#retry(this.#backoff.delay(this.#attempt), ending);
  }

  #retry(delay: number, ending: Ending): void {
    this.#after(delay, () => void this.#open());
    this.#change("reconnecting", { ...ending, delay });
  }

  /** Tries at once what waits, unless the server said when to come back; else asks whether the connection still lives. */
  #hurry(anew: boolean): void {
    if (this.#state.status === "reconnecting" && this.#attempt > 0) {
      // Made out of its time it does not count, or looking ten times at the page would use all attempts up.
      this.#attempt = anew ? 0 : this.#attempt - 1;
      void this.#open();
    } else {
      this.#connection?.ping();
    }
  }

  #finish(status: ConnectionStatus, detail: Partial<ConnectionState> = {}): void {
    this.#drop();
    this.#unwatch?.();
    this.#unwatch = undefined;
    if (this.#state.status !== status) {
      this.#change(status, detail);
    }
  }

  #drop(): void {
    this.#run++;
    clearTimeout(this.#timer);
    this.#connection?.close();
    this.#connection = undefined;
    this.#letInAt = undefined;
    this.#comeBackAfter = undefined;
  }

  #after(delay: number, action: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(action, delay);
  }

  #change(status: ConnectionStatus, detail: Partial<ConnectionState> = {}): void {
    this.#state = { ...detail, status, attempt: this.#attempt };
    this.#user.changed(this.#state);
  }
}
