/**
 * `connecting`: a socket is being opened. `connected`: it is open and the server has let us in. `reconnecting`: lost, and the next
 * attempt waits for its time. `disconnected`: by `disconnect`, refused for good, or given up. `unauthenticated`: the token was refused
 * and no better one could be had.
 */
export type ConnectionStatus = "connecting" | "connected" | "reconnecting" | "disconnected" | "unauthenticated";

/** How a client stands; another object after each change. */
export interface ConnectionState {
  readonly status: ConnectionStatus;
  /** How many attempts to connect again were made or are planned; 0 while nothing was lost. */
  readonly attempt: number;
  /** With `reconnecting`: milliseconds from this change to the next attempt. */
  readonly delay?: number;
  /** With `disconnected`: whether all attempts failed; `connect` tries again. */
  readonly gaveUp?: boolean;
  /** The close code of the last connection, where one was lost or refused. */
  readonly code?: number;
  /** The server's sentence to it, or what else went wrong. */
  readonly reason?: string;
  /** With `connected`, where the server tells it. */
  readonly clientId?: string;
}
