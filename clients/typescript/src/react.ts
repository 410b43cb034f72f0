import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { orderAddress } from "./addresses.js";
import { RealtimeClient } from "./client.js";
import type { RealtimeOptions, TokenProvider } from "./options.js";
import type { ConnectionState, ConnectionStatus } from "./state.js";

/** What a component sees of a client. */
export interface Realtime {
  client: RealtimeClient;
  status: ConnectionStatus;
  connected: boolean;
  state: ConnectionState;
}

/**
 * A client that is connected while the component is mounted. Another address, or another token given as text, makes another client;
 * functions among the options may change with every render. With `enabled: false` it stays away.
 */
export function useRealtime(options: RealtimeOptions & { enabled?: boolean }): Realtime {
  const { token, enabled = true } = options;
  const url = String(options.url);
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });

  const kind = typeof token === "function" ? "provider" : token;
  // Only these two make another client; the other options are those of the render that made it.
  const client = useMemo(() => new RealtimeClient(withLatestFunctions(options, latest)), [url, kind]);
  useEffect(() => {
    if (enabled) {
      client.connect();
      return () => client.disconnect();
    }
  }, [client, enabled]);

  const subscribe = useCallback((changed: () => void) => client.onConnectionStatus(changed), [client]);
  const read = () => client.getState();
  const state = useSyncExternalStore(subscribe, read, read);
  return { client, status: state.status, connected: state.status === "connected", state };
}

/** An order's status, as its events tell it, from the socket `/api/v1/ws/orders/{orderId}`; null before the first. */
export function useOrderUpdates(
  orderId: string | null | undefined,
  token: string | TokenProvider | null | undefined,
  options: Partial<RealtimeOptions> = {},
): { orderStatus: string | null; connected: boolean; client: RealtimeClient } {
  const [orderStatus, setOrderStatus] = useState<string | null>(null);
  const { client, connected } = useRealtime({
    ...options,
    url: orderAddress(orderId ?? "", options.url?.toString()),
    token: token ?? undefined,
    enabled: Boolean(orderId && token),
  });

  useEffect(() => {
    setOrderStatus(null);
    const changed = (message: { data: { new_status: string } }) => setOrderStatus(message.data.new_status);
    const ends = [
      client.on("order_created", (message) => setOrderStatus(message.data.status)),
      client.on("order_status_changed", changed),
      client.on("order_shipped", changed),
      client.on("order_delivered", changed),
      client.on("order_cancelled", changed),
    ];
    return () => {
      for (const end of ends) {
        end();
      }
    };
  }, [client]);

  return { orderStatus, connected, client };
}

/** The options, with providers that are looked up when they are needed, so that each sees the component as it is then. */
function withLatestFunctions(options: RealtimeOptions, latest: { current: RealtimeOptions }): RealtimeOptions {
  const { token, ticket } = options;
  return {
    ...options,
    token: typeof token === "function" ? (reason) => (latest.current.token as TokenProvider)(reason) : token,
    ticket: ticket && (() => (latest.current.ticket ?? ticket)()),
  };
}
