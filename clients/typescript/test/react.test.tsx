// @vitest-environment happy-dom
import { act, StrictMode, useEffect } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { useOrderUpdates, useRealtime } from "../src/react.js";
import { ScriptedServer } from "./support/scriptedServer.js";

let server: ScriptedServer;
let root: Root;
let page: HTMLElement;

beforeEach(() => {
    vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", true);
    server = new ScriptedServer();
    page = document.createElement("div");
    root = createRoot(page);
});

afterEach(() => {
    act(() => root.unmount());
    vi.unstubAllGlobals();
});

function Order({ orderId, token }: { orderId: string | null; token: string | (() => string) | null }) {
    const { orderStatus, connected } = useOrderUpdates(orderId, token, { WebSocket: server.WebSocket });
    return `${orderStatus} ${connected}`;
}

async function render(element: React.ReactNode): Promise<void> {
    await act(async () => root.render(element));
}

function statusChanged(status: string) {
    return { type: "order_status_changed", data: { new_status: status } };
}

test("useOrderUpdates connects to the order, shows its status, and leaves with the component", async () => {
    await render(<Order orderId="o/1" token="a.b.c" />);
    expect(page.textContent).toBe("null false");
    expect(server.socket.url.pathname).toBe("/api/v1/ws/orders/o%2F1");
    expect(server.socket.protocols).toEqual(["bearer", "a.b.c"]);

    act(() => server.socket.greet());
    expect(page.textContent).toBe("null true");
    act(() => server.socket.say(statusChanged("processing")));
    expect(page.textContent).toBe("processing true");
    act(() => server.socket.say({ type: "order_shipped", data: { new_status: "shipped" } }));
    act(() => server.socket.say({ type: "payment_status_changed", data: { new_status: "paid" } }));
    expect(page.textContent).toBe("shipped true");

    act(() => server.socket.end());
    expect(page.textContent).toBe("shipped false");
    await render(null);
    expect(server.sockets).toHaveLength(1);
});

test("useOrderUpdates waits for an order and a token, and follows another order", async () => {
    await render(<Order orderId={null} token="a.b.c" />);
    await render(<Order orderId="1" token={null} />);
    expect(server.sockets).toHaveLength(0);

    await render(<Order orderId="1" token="a.b.c" />);
    const first = server.socket;
    act(() => {
        first.greet();
        first.say(statusChanged("shipped"));
    });
    await render(<Order orderId="2" token="a.b.c" />);
    expect(page.textContent).toBe("null false");
    expect(first.closedWith).toBe(1000);
    expect(server.socket.url.pathname).toBe("/api/v1/ws/orders/2");
});

test("a provider that is another function at each render keeps the connection", async () => {
    await render(<Order orderId="1" token={() => "a.b.c"} />);
    act(() => server.socket.greet());
    await render(<Order orderId="1" token={() => "a.b.c"} />);
    expect(server.sockets).toHaveLength(1);
    expect(page.textContent).toBe("null true");
});

function Tasks({ onTitle }: { onTitle: (title: string) => void }) {
    const { client, status } = useRealtime({ url: "/ws", token: "a.b.c", WebSocket: server.WebSocket });
    useEffect(() => client.on("task_update", ({ event }) => onTitle(event.title)), [client, onTitle]);
    return status;
}

test("useRealtime gives the client and its status, with one connection in strict mode too", async () => {
    const onTitle = vi.fn();
    await render(
        <StrictMode>
            <Tasks onTitle={onTitle} />
        </StrictMode>,
    );
    expect(server.sockets).toHaveLength(1);
    expect(page.textContent).toBe("connecting");
    act(() => server.socket.greet());
    expect(page.textContent).toBe("connected");
    act(() => server.socket.say({ type: "task_update", event: { title: "Paint" } }));
    expect(onTitle.mock.calls).toEqual([["Paint"]]);
});
