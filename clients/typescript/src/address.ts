import type { ChannelPosition } from "./messages.js";

/** The address of a socket: `ws:` or `wss:`, absolute, with the parameters added. Throws TypeError when it is none. */
export function socketAddress(url: string | URL, parameters: Record<string, string | undefined>): string {
  const address = new URL(url, globalThis.location?.href);
  address.protocol = address.protocol.replace(/^http/, "ws");
  address.hash = "";
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) {
      address.searchParams.set(name, value);
    }
  }

  return address.href;
}

/** The value of `?resume=`: URL-safe base64 of the positions as JSON. */
export function resumeParameter(positions: Record<string, ChannelPosition>): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ positions }));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}
