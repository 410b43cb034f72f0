export { type AnyMessage, RealtimeClient } from "./client.js";
export { finalCloseCodes } from "./link.js";
export type * from "./messages.js";
export type {
  RealtimeOptions,
  ReconnectOptions,
  TokenProvider,
  TokenReason,
  WebSocketConstructor,
  WebSocketLike,
} from "./options.js";
export type { Gap } from "./positions.js";
export type { ConnectionState, ConnectionStatus } from "./state.js";
