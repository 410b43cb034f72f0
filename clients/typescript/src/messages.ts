// Generated from the gateway's AsyncAPI document by scripts/messages.js; npm run messages renews it.
export interface ChannelPosition {
  epoch: string;
  offset: number;
}

export interface ChannelRecovery {
  recovered: boolean;
  replayed: number;
  offset: number;
  epoch: string;
}

export interface EstablishedConnection {
  order_id?: string;
  channel: string;
  client_id: string;
  timestamp: string;
}

export interface EventMeta {
  id: string;
  channel: string;
  offset?: number;
  epoch?: string;
}

export interface InitialState {
  notifications: Notification[];
  unread_count: number;
}

export interface InventoryUpdated {
  product_id: string;
  sku: string;
  old_quantity: number;
  new_quantity: number;
  timestamp: string;
}

export interface Notification {
  id: string;
  title: string;
  message: string;
  level: string;
  category: string;
  created_at: string;
  read: boolean;
}

export interface NotificationChange {
  id: string;
  read: boolean;
}

export interface OrderCancelled {
  order_id: string;
  user_id?: string;
  old_status: string;
  new_status: string;
  reason?: string;
  timestamp: string;
}

export interface OrderCreated {
  order_id: string;
  user_id: string;
  status: string;
  payment_status: string;
  items: OrderLine[];
  timestamp: string;
}

export interface OrderDelivered {
  order_id: string;
  user_id?: string;
  old_status: string;
  new_status: string;
  timestamp: string;
}

export interface OrderLine {
  product_id: string;
  quantity: number;
}

export interface OrderShipped {
  order_id: string;
  user_id?: string;
  old_status: string;
  new_status: string;
  tracking_number: string;
  carrier: string;
  timestamp: string;
}

export interface OrderStatusChanged {
  order_id: string;
  user_id?: string;
  old_status: string;
  new_status: string;
  timestamp: string;
}

export interface PaymentStatusChanged {
  order_id: string;
  user_id?: string;
  old_status: string;
  new_status: string;
  timestamp: string;
}

export interface PriceUpdated {
  product_id: string;
  sku: string;
  old_price: number;
  new_price: number;
  timestamp: string;
}

export interface ProductCreated {
  product_id: string;
  sku: string;
  name: string;
  price: number;
  quantity: number;
  status: string;
  timestamp: string;
}

export interface ProductDeleted {
  product_id: string;
  sku: string;
  timestamp: string;
}

export interface ProductStatusChanged {
  product_id: string;
  sku: string;
  old_status: string;
  new_status: string;
  timestamp: string;
}

export interface ProductUpdated {
  product_id: string;
  sku: string;
  name: string;
  price: number;
  quantity: number;
  status: string;
  timestamp: string;
}

export interface TaskEvent {
  event_type: string;
  user_id: string;
  task_id: string;
  title: string;
  timestamp: string;
  description?: string;
  due_at?: string;
  completed: boolean;
}

/** First frame of /ws. */
export interface ConnectionMessage {
  type: "connection";
  status: "connected";
  client_id: string;
  timestamp: string;
}

/** Second frame of /ws. */
export interface ConnectedMessage {
  type: "connected";
  message: "WebSocket connected successfully";
  user_id: string;
  timestamp: string;
}

/** Third frame of /ws: what the user sees at once. */
export interface InitialStateMessage {
  type: "initial_state";
  data: InitialState;
  partial?: boolean;
}

/** Answer to subscribe and unsubscribe. */
export interface SubscriptionMessage {
  type: "subscription";
  status: string;
  topics: string[];
  rejected: string[];
}

/** A task of the user changed. */
export interface TaskUpdateMessage {
  type: "task_update";
  event: TaskEvent;
  timestamp: string;
  meta: EventMeta;
}

/** A notification came. */
export interface NotificationCreatedMessage {
  type: "notification";
  action: "created";
  data: Notification;
  meta: EventMeta;
}

/** A notification changed. */
export interface NotificationUpdatedMessage {
  type: "notification";
  action: "updated";
  data: NotificationChange;
  meta: EventMeta;
}

/** A book was borrowed or returned. */
export interface BookUpdateMessage {
  event: "book_update";
  book_id: number;
  title: string;
  available: boolean;
  genre: string;
  shelf_location: string;
  meta: EventMeta;
}

/** An order was placed. */
export interface OrderCreatedMessage {
  type: "order_created";
  data: OrderCreated;
  meta: EventMeta;
}

/** An order's status changed. */
export interface OrderStatusChangedMessage {
  type: "order_status_changed";
  data: OrderStatusChanged;
  meta: EventMeta;
}

/** An order's payment changed. */
export interface PaymentStatusChangedMessage {
  type: "payment_status_changed";
  data: PaymentStatusChanged;
  meta: EventMeta;
}

/** An order left. */
export interface OrderShippedMessage {
  type: "order_shipped";
  data: OrderShipped;
  meta: EventMeta;
}

/** An order arrived. */
export interface OrderDeliveredMessage {
  type: "order_delivered";
  data: OrderDelivered;
  meta: EventMeta;
}

/** An order was cancelled. */
export interface OrderCancelledMessage {
  type: "order_cancelled";
  data: OrderCancelled;
  meta: EventMeta;
}

/** A product was added. */
export interface ProductCreatedMessage {
  type: "product_created";
  data: ProductCreated;
  meta: EventMeta;
}

/** A product's information changed. */
export interface ProductUpdatedMessage {
  type: "product_updated";
  data: ProductUpdated;
  meta: EventMeta;
}

/** A product was removed. */
export interface ProductDeletedMessage {
  type: "product_deleted";
  data: ProductDeleted;
  meta: EventMeta;
}

/** A product's stock changed. */
export interface InventoryUpdatedMessage {
  type: "inventory_updated";
  data: InventoryUpdated;
  meta: EventMeta;
}

/** A product's price changed. */
export interface PriceUpdatedMessage {
  type: "price_updated";
  data: PriceUpdated;
  meta: EventMeta;
}

/** A product can or cannot be had any more. */
export interface ProductStatusChangedMessage {
  type: "product_status_changed";
  data: ProductStatusChanged;
  meta: EventMeta;
}

/** A published event of no kind of the suite's own. */
export interface PublishedMessage {
  type: string;
  topic?: string;
  data: unknown;
  timestamp: string;
  meta: EventMeta;
}

/** Answer to a ping. */
export interface PongMessage {
  type: "pong";
  timestamp: string;
}

/** The fresh token was taken. */
export interface AuthRefreshedMessage {
  type: "auth";
  status: "refreshed";
  expires_at: string;
}

/** A message was not understood; the connection lives. */
export interface ErrorMessage {
  type: "error";
  code: string;
  message: string;
}

/** The server restarts and closes with 1012; wait, then connect again and resume. */
export interface ReconnectMessage {
  type: "reconnect";
  after_ms: number;
}

/** Answer to a resume; the missed events follow, in order, each once. */
export interface ResumedMessage {
  type: "resumed";
  channels: Record<string, ChannelRecovery>;
}

/** First frame. */
export interface OrderEstablishedMessage {
  type: "connection_established";
  data: EstablishedConnection;
}

/** First frame. */
export interface ProductsEstablishedMessage {
  type: "connection_established";
  data: EstablishedConnection;
}

/** Keep-alive; the bare text ping means the same. */
export interface PingMessage {
  type: "ping";
}

/** Asks for topics. */
export interface SubscribeMessage {
  type: "subscribe";
  topics: string[];
}

/** Gives topics up. */
export interface UnsubscribeMessage {
  type: "unsubscribe";
  topics: string[];
}

/** Brings a fresh token of the same user before the old one ends. */
export interface AuthMessage {
  type: "auth";
  token: string;
}

/** Asks for the events that were missed since these positions. */
export interface ResumeMessage {
  type: "resume";
  positions: Record<string, ChannelPosition>;
}

/** What the server sends, by its `type`; the flat `book_update` by its `event`. */
export interface MessageMap {
  connection: ConnectionMessage;
  connected: ConnectedMessage;
  initial_state: InitialStateMessage;
  subscription: SubscriptionMessage;
  task_update: TaskUpdateMessage;
  notification: NotificationCreatedMessage | NotificationUpdatedMessage;
  book_update: BookUpdateMessage;
  order_created: OrderCreatedMessage;
  order_status_changed: OrderStatusChangedMessage;
  payment_status_changed: PaymentStatusChangedMessage;
  order_shipped: OrderShippedMessage;
  order_delivered: OrderDeliveredMessage;
  order_cancelled: OrderCancelledMessage;
  product_created: ProductCreatedMessage;
  product_updated: ProductUpdatedMessage;
  product_deleted: ProductDeletedMessage;
  inventory_updated: InventoryUpdatedMessage;
  price_updated: PriceUpdatedMessage;
  product_status_changed: ProductStatusChangedMessage;
  pong: PongMessage;
  auth: AuthRefreshedMessage;
  error: ErrorMessage;
  reconnect: ReconnectMessage;
  resumed: ResumedMessage;
  connection_established: OrderEstablishedMessage | ProductsEstablishedMessage;
}

/** A message whose type the suite knows. */
export type ServerMessage = MessageMap[keyof MessageMap];

/** What a client says. */
export type ClientMessage = PingMessage | SubscribeMessage | UnsubscribeMessage | AuthMessage | ResumeMessage;
