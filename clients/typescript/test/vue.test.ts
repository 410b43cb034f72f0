// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, test } from "vitest";
import { type App, createApp, defineComponent, h, nextTick } from "vue";
import { type Product, useProductUpdates } from "../src/vue.js";
import { ScriptedServer } from "./support/scriptedServer.js";

let server: ScriptedServer;
let app: App | undefined;
let page: HTMLElement;

beforeEach(() => {
  server = new ScriptedServer();
  page = document.createElement("div");
});

afterEach(() => app?.unmount());

async function mount(token: string | null, first: Product[] = []): Promise<void> {
  app = createApp(
    defineComponent(() => {
      const { products, connected } = useProductUpdates(token, { WebSocket: server.WebSocket });
      for (const product of first) {
        products.value.set(product.product_id, product);
      }

      return () => h("p", `${connected.value} ${JSON.stringify([...products.value.values()])}`);
    }),
  );
  app.mount(page);
  await nextTick();
  await nextTick();
}

async function say(type: string, data: object): Promise<string> {
  server.socket.say({ type, data });
  await nextTick();
  return page.textContent ?? "";
}

test("useProductUpdates keeps the products of the page up to date", async () => {
  const lamp = { product_id: "1", color: "red" } as Product;
  await mount("a.b.c", [lamp]);
  expect(server.socket.url.pathname).toBe("/api/v1/ws/products");
  server.socket.greet();
  await nextTick();
  expect(page.textContent).toBe('true [{"product_id":"1","color":"red"}]');

  await say("inventory_updated", { product_id: "1", new_quantity: 5 });
  await say("inventory_updated", { product_id: "unknown", new_quantity: 5 });
  await say("price_updated", { product_id: "1", new_price: 39.9 });
  expect(await say("product_status_changed", { product_id: "1", new_status: "active" })).toBe(
    'true [{"product_id":"1","color":"red","stock_quantity":5,"price":39.9,"status":"active"}]',
  );

  const chair = { product_id: "2", sku: "C", name: "Chair", price: 9, quantity: 3, status: "active" };
  await say("product_created", chair);
  await say("product_updated", { ...chair, product_id: "1", quantity: 4 });
  expect(await say("product_deleted", { product_id: "2" })).toBe(
    'true [{"product_id":"1","color":"red","stock_quantity":4,"price":9,"status":"active","sku":"C","name":"Chair"}]',
  );
});

test("without a token it stays away, and it leaves with the component", async () => {
  await mount(null);
  expect(server.sockets).toHaveLength(0);
  app?.unmount();

  await mount("a.b.c");
  server.socket.greet();
  app?.unmount();
  expect(server.socket.closedWith).toBe(1000);
  app = undefined;
});
