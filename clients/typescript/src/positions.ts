import type { ChannelPosition, ChannelRecovery } from "./messages.js";

/** Where an event stands; without position while the server cannot number events. */
interface Meta {
  id: string;
  channel: string;
  offset?: number;
  epoch?: string;
}

/** Events of a channel are missing and cannot be had: the application must read its state again. */
export interface Gap {
  /** For example `user:42`. */
  channel: string;
  /** Up to where all events came; unknown for events that had no position. */
  from?: ChannelPosition | undefined;
  /** From where all events come. */
  to?: ChannelPosition | undefined;
}

/** How many ids of events are remembered to know a repeated one. */
const memory = 1_000;

/** How many bytes of positions go into an address; servers and proxies refuse long ones, often above 8 KiB. */
const addressRoom = 3_000;

/** How far each channel was read, and which events came already. */
export class Positions {
  /** A channel with events, but none with a position, has undefined. */
  readonly #channels = new Map<string, ChannelPosition | undefined>();
  readonly #seen = new Set<string>();

  /** Notes an event. False when it came before. */
  take({ id, channel, offset, epoch }: Meta): boolean {
    const position = this.#channels.get(channel);
    if (typeof offset === "number" && typeof epoch === "string") {
      if (position?.epoch !== epoch || offset > position.offset) {
        this.#channels.set(channel, { epoch, offset });
      }
    } else if (!position) {
      this.#channels.set(channel, undefined);
    }

    if (this.#seen.has(id)) {
      return false;
    }

    this.#seen.add(id);
    if (this.#seen.size > memory) {
      const [oldest] = this.#seen;
      this.#seen.delete(oldest as string);
    }

    return true;
  }

  /** Notes what the server says of each channel. Returns the channels of which something is missing. */
  resume(channels: Record<string, ChannelRecovery>): Gap[] {
    const gaps: Gap[] = [];
    for (const [channel, { recovered, replayed, offset, epoch }] of Object.entries(channels)) {
      const from = this.#channels.get(channel);
      const to = typeof epoch === "string" ? { epoch, offset } : undefined;
      if (!recovered) {
        if (this.#channels.has(channel)) {
          gaps.push({ channel, from, to });
        }

        this.#channels.set(channel, to);
      } else if (to && replayed === 0) {
        // With events to come the position follows them, so that none is lost if the connection ends between.
        this.#channels.set(channel, to);
      }
    }

    return gaps;
  }

  /** Stops following a channel: what happens there from now on is not missed. */
  forget(channel: string): void {
    this.#channels.delete(channel);
  }

  /** The positions in parts: the first is short enough for an address, the second, if any, goes into a message. */
  parts(): [Record<string, ChannelPosition>, Record<string, ChannelPosition> | undefined] {
    // Channels that a socket is on from its start come first: they are resumed with the first part or not at all.
    const known = [...this.#channels].filter((entry): entry is [string, ChannelPosition] => entry[1] !== undefined);
    known.sort(([a], [b]) => Number(isLater(a)) - Number(isLater(b)));
    const encoder = new TextEncoder();
    let room = addressRoom;
    const fit = known.findIndex((entry) => {
      room -= encoder.encode(JSON.stringify(entry)).length;
      return room < 0;
    });
    const count = fit < 0 ? known.length : fit;
    return [
      Object.fromEntries(known.slice(0, count)),
      count < known.length ? Object.fromEntries(known.slice(count)) : undefined,
    ];
  }
}

/** Whether a channel is joined by a subscription only. */
function isLater(channel: string): boolean {
  return channel.startsWith("topic:") && channel !== "topic:notifications";
}
