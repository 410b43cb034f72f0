import { client } from "./connection";

/** A .NET object of a page's circuit. */
interface Page {
  invokeMethodAsync(method: string): Promise<unknown>;
}

/** How long messages are gathered, milliseconds, so that a burst is one call. */
const gathering = 100;

/**
 * Tells a page on the server, by `OnChanged()`, that messages of these types came or that the socket was let in again. At most one call is
 * under way, so a page that is slow is told less often. Returns what ends that.
 */
export function listen(page: Page, types: string[]): { end(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let again = false;
  let over = false;

  const tell = async (): Promise<void> => {
    again = false;
    try {
      await page.invokeMethodAsync("OnChanged");
    } catch {
      // The circuit is gone; a new one listens anew and reads the state.
    }

    timer = again && !over ? setTimeout(tell, gathering) : undefined;
  };
  const changed = (): void => {
    again = true;
    timer ??= setTimeout(tell, gathering);
  };

  const ends = types.map((type) => client.on(type as "*", changed));
  ends.push(client.onConnectionStatus((status) => status === "connected" && changed()));
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
