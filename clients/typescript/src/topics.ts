import type { ClientMessage } from "./messages.js";

/** What the server subscribes a socket to by itself. */
const defaults = ["notifications", "tasks"];

/** The name that stands for many. */
const all = "all";

/** The topics that were asked for and given up, in that order, to say the same again on the next connection. */
export class Topics {
  readonly #wishes = new Map<string, boolean>();

  constructor(topics: readonly string[] = []) {
    this.subscribe(topics);
  }

  subscribe(topics: readonly string[]): void {
    for (const topic of topics) {
      this.#wish(topic, true);
    }
  }

  unsubscribe(topics: readonly string[]): void {
    for (const topic of topics) {
      // Others come only when they are asked for; forgetting them is enough.
      const comesUnasked = topic === all || defaults.includes(topic) || this.#wishes.has(all);
      this.#wish(topic, comesUnasked ? false : undefined);
    }
  }

  /** The channels to which nothing leads any more, now that these topics are given up. */
  channelsLeft(topics: readonly string[]): string[] {
    const own = topics.filter((topic) => !defaults.includes(topic)).map((topic) => `topic:${topic}`);
    return ["products", "inventory", all].some((topic) => this.#wishes.get(topic)) ? own : [...own, "products"];
  }

  /** The messages that bring a new connection to the same subscriptions. */
  messages(): ClientMessage[] {
    const messages: (ClientMessage & { topics: string[] })[] = [];
    for (const [topic, wanted] of this.#wishes) {
      const type = wanted ? "subscribe" : "unsubscribe";
      const last = messages.at(-1);
      if (last?.type === type) {
        last.topics.push(topic);
      } else {
        messages.push({ type, topics: [topic] });
      }
    }

    return messages;
  }

  #wish(topic: string, wanted: boolean | undefined): void {
    // Deleted first, as a Map keeps the place of an entry that is set again.
    this.#wishes.delete(topic);
    if (wanted !== undefined) {
      this.#wishes.set(topic, wanted);
    }
  }
}
