import type { ReconnectOptions } from "./options.js";

/** How long to wait before each attempt: 1 s, 1.5 s, 2.25 s, … up to 30 s. */
export class Backoff {
  readonly attempts: number;
  readonly #initialDelay: number;
  readonly #factor: number;
  readonly #maxDelay: number;
  readonly #jitter: boolean;

  constructor({
    initialDelay = 1_000,
    factor = 1.5,
    maxDelay = 30_000,
    attempts = 10,
    jitter = false,
  }: ReconnectOptions = {}) {
    this.attempts = attempts;
    this.#initialDelay = initialDelay;
    this.#factor = factor;
    this.#maxDelay = maxDelay;
    this.#jitter = jitter;
  }

  /** Milliseconds before the attempt, counted from 1. */
  delay(attempt: number): number {
    const longest = Math.min(this.#maxDelay, this.#initialDelay * this.#factor ** (attempt - 1));
    return Math.round(this.#jitter ? Math.random() * longest : longest);
  }
}
