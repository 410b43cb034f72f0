import type { AnyMessage, ConnectionState } from "@realtimesuite/client";
import { client } from "./connection";

/** A .NET object of a page's circuit. */
interface Page {
  invokeMethodAsync(method: string, ...values: unknown[]): Promise<unknown>;
}

/** What waits for a page that does not keep up; older messages are dropped then, and counted. */
const capacity = 500;

/** How long messages are gathered, milliseconds, so that a burst is one call. */
const gathering = 50;

/**
 * Tells a page on the server of the socket: `OnMessages(messages, dropped)` for messages of these types (`*` for all), and
 * `OnStatus(state)` at each change. Returns what ends that.
 */
export function listen(page: Page, types: string[]): { end(): void } {
  let waiting: AnyMessage[] = [];
  let dropped = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;

  const flush = async (): Promise<void> => {
    const batch = waiting.splice(0);
    const lost = dropped;
    dropped = 0;
    try {
      await page.invokeMethodAsync("OnMessages", batch, lost);
    } catch {
      // The circuit is gone; a new one listens anew and reads the state.
    }

    timer = waiting.length > 0 && !over ? setTimeout(flush, gathering) : undefined;
  };
  const receive = (message: AnyMessage): void => {
    waiting.push(message);
    if (waiting.length > capacity) {
      waiting.shift();
      dropped++;
    }

    timer ??= setTimeout(flush, gathering);
  };
  const tell = (state: ConnectionState): void => {
    page.invokeMethodAsync("OnStatus", state).catch(() => undefined);
  };

  const ends = types.map((type) => client.on(type as "*", receive));
  ends.push(client.onConnectionStatus((_, state) => tell(state)));
  tell(client.getState());
  return {
    end() {
      over = true;
      clearTimeout(timer);
      ends.forEach((end) => end());
    },
  };
}

/** Subscribes the page's socket to topics. */
export function subscribe(topics: string[]): void {
  client.subscribe(topics);
}

/** Gives topics up. */
export function unsubscribe(topics: string[]): void {
  client.unsubscribe(topics);
}
