import { computed, onMounted, onUnmounted, type Ref, ref, shallowRef } from "vue";
import { productsAddress } from "./addresses.js";
import { RealtimeClient } from "./client.js";
import type { ProductCreatedMessage, ProductUpdatedMessage } from "./messages.js";
import type { RealtimeOptions, TokenProvider } from "./options.js";
import type { ConnectionState, ConnectionStatus } from "./state.js";
/** A product as its events tell it. A page may put its own objects into the map; their other fields stay. */
export interface Product {
  product_id: string;
  sku?: string;
  name?: string;
  price?: number;
  stock_quantity?: number;
  status?: string;
}

/** A client that is connected while the component is mounted. Without `enabled` it stays away. */
export function useRealtime(options: RealtimeOptions & { enabled?: boolean }): {
  client: RealtimeClient;
  state: Ref<ConnectionState>;
  status: Ref<ConnectionStatus>;
  connected: Ref<boolean>;
} {
  const client = new RealtimeClient(options);
  const state = shallowRef(client.getState());
  const end = client.onConnectionStatus((_, changed) => {
    state.value = changed;
  });
  onMounted(() => {
    if (options.enabled !== false) {
      client.connect();
    }
  });
  onUnmounted(() => {
    client.disconnect();
    end();
  });
  const status = computed(() => state.value.status);
  return { client, state, status, connected: computed(() => status.value === "connected") };
}

/** The products by id, kept up to date by their events from the socket `/api/v1/ws/products`. Fill the map from REST first. */
export function useProductUpdates(
  token: string | TokenProvider | null | undefined,
  options: Partial<RealtimeOptions> = {},
): { products: Ref<Map<string, Product>>; connected: Ref<boolean>; client: RealtimeClient } {
  const products = ref(new Map<string, Product>());
  const { client, connected } = useRealtime({
    ...options,
    url: productsAddress(options.url?.toString()),
    token: token ?? undefined,
    enabled: Boolean(token),
  });

  const put = ({
    data: { product_id, sku, name, price, quantity, status },
  }: ProductCreatedMessage | ProductUpdatedMessage) => {
    const known = products.value.get(product_id);
    products.value.set(product_id, { ...known, product_id, sku, name, price, status, stock_quantity: quantity });
  };
  const change = (id: string, fields: Partial<Product>) => {
    const known = products.value.get(id);
    if (known) {
      Object.assign(known, fields);
    }
  };
  client.on("product_created", put);
  client.on("product_updated", put);
  client.on("product_deleted", ({ data }) => products.value.delete(data.product_id));
  client.on("inventory_updated", ({ data }) => change(data.product_id, { stock_quantity: data.new_quantity }));
  client.on("price_updated", ({ data }) => change(data.product_id, { price: data.new_price }));
  client.on("product_status_changed", ({ data }) => change(data.product_id, { status: data.new_status }));
  return { products, connected, client };
}
