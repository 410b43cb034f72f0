import type { RealtimeOptions, TokenReason } from "./options.js";

/** How to show who we are at a handshake. */
export interface Access {
  protocols?: string[];
  parameters: { token?: string; ticket?: string };
}

/** A token is replaced this long before it ends, or after four fifths of what is left of a short one. */
const margin = 60_000;

/** Below this, milliseconds, a new token comes too late for the open connection. */
const tooLate = 1_000;

/** The longest time that a timer takes, milliseconds. */
const longestTimer = 2 ** 31 - 1;

/** Keeps the token, asks for another when it is needed. */
export class Credentials {
  readonly #options: RealtimeOptions;
  #token: string | undefined;
  #reason: TokenReason = "connect";
  /** The server's clock less ours, milliseconds. */
  #skew = 0;

  constructor(options: RealtimeOptions) {
    this.#options = options;
  }

  /** Whether asking again can bring something new. */
  get canRenew(): boolean {
    return this.#options.ticket !== undefined || typeof this.#options.token === "function";
  }

  /** Learns the server's time, by which tokens end. */
  serverTime(timestamp: string): void {
    this.#skew = Date.parse(timestamp) - Date.now() || 0;
  }

  /** For a new connection. Rejects when the provider does. */
  async access(): Promise<Access> {
    const { ticket, token, tokenIn } = this.#options;
    if (ticket) {
      return { parameters: { ticket: await ticket() } };
    }

    if (token === undefined) {
      return { parameters: {} };
    }

    const left = this.#left();
    if (this.#token === undefined || (left !== undefined && left < margin)) {
      await this.renew(this.#token === undefined ? this.#reason : "expiring");
    }

    const current = this.#token as string;
    return tokenIn === "url" ? { parameters: { token: current } } : { protocols: ["bearer", current], parameters: {} };
  }

  /** A new token from the provider. */
  async renew(reason: TokenReason): Promise<string> {
    const { token } = this.#options;
    this.#token = typeof token === "function" ? await token(reason) : (token as string);
    this.#reason = "connect";
    return this.#token;
  }

  /** The token did not help: the next connection asks for another. */
  reject(): void {
    this.#token = undefined;
    this.#reason = "rejected";
  }

  /** Milliseconds until an open connection wants a new token; undefined when none can be had in time. */
  renewIn(): number | undefined {
    const left = typeof this.#options.token === "function" ? this.#left() : undefined;
    if (left === undefined || left < tooLate) {
      return undefined;
    }

    return Math.min(Math.max(left - Math.min(margin, left / 5), tooLate), longestTimer);
  }

  /** Milliseconds until the token ends; undefined when that cannot be read. */
  #left(): number | undefined {
    const end = this.#token === undefined ? undefined : expiry(this.#token);
    return end === undefined ? undefined : end - (Date.now() + this.#skew);
  }
}

/** The claim `exp` of a JWT (RFC 7519) in milliseconds; undefined when there is none to read. */
function expiry(token: string): number | undefined {
  try {
    const claims = token.split(".")[1] ?? "";
    const { exp } = JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
    return typeof exp === "number" ? exp * 1_000 : undefined;
  } catch {
    return undefined;
  }
}
