/** The socket of an order's events; `base` is the gateway's address, in a page its own by default. */
export function orderAddress(orderId: string, base = ""): string {
  return `${withoutSlash(base)}/api/v1/ws/orders/${encodeURIComponent(orderId)}`;
}

/** The socket of the products' events. */
export function productsAddress(base = ""): string {
  return `${withoutSlash(base)}/api/v1/ws/products`;
}

function withoutSlash(base: string): string {
  return base.replace(/\/$/, "");
}
