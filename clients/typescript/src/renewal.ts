import type { Credentials } from "./credentials.js";

/** Brings an open connection a new token before the old one ends. */
export class TokenRenewal {
  readonly #credentials: Credentials;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Rises at each start and stop, so that a provider's late answer plans nothing. */
  #run = 0;

  constructor(credentials: Credentials) {
    this.#credentials = credentials;
  }

  /** Begins for a connection; `send` does nothing once that has ended. */
  start(send: (token: string) => void): void {
    this.stop();
    this.#plan(send, this.#run);
  }

  stop(): void {
    this.#run++;
    clearTimeout(this.#timer);
  }

  #plan(send: (token: string) => void, run: number): void {
    const delay = this.#credentials.renewIn();
    if (delay !== undefined && run === this.#run) {
      this.#timer = setTimeout(() => void this.#renew(send, run), delay);
    }
  }

  async #renew(send: (token: string) => void, run: number): Promise<void> {
    try {
      send(await this.#credentials.renew("expiring"));
    } catch {
      // Planned again below; when no token comes in time, the server closes with 4001, and the next connection asks again.
    }

    this.#plan(send, run);
  }
}
