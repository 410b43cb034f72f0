import { RealtimeClient } from "@realtimesuite/client";

/** How many attempts are made before the page gives up and offers a button. */
export const attempts = 10;

/** The page's one socket. Web adds who we are on the way to the gateway, so no token is here. */
export const client = new RealtimeClient({ url: "/ws", reconnect: { attempts } });

/** The last event that came, for people. */
export let lastEvent: { name: string; at: Date } | undefined;

let started = false;

/** Connects, once a page that is signed in asks for it; what was given up is tried again when the page is seen again or the network is back. */
export function start(): void {
  if (started) {
    return;
  }

  started = true;
  client.on("*", (message) => {
    if ("meta" in message && message.meta) {
      lastEvent = { name: "type" in message ? message.type : message.event, at: new Date() };
    }
  });
  document.addEventListener("visibilitychange", retryIfGivenUp);
  globalThis.addEventListener("online", retryIfGivenUp);
  client.connect();
}

/** The gateway's replica at the other end, which Web tells in a cookie at each handshake. */
export function replica(): string | undefined {
  return /(?:^|; )gateway-replica=([^;]*)/.exec(document.cookie)?.[1];
}

function retryIfGivenUp(): void {
  if (client.getState().gaveUp && document.visibilityState === "visible") {
    client.connect();
  }
}
