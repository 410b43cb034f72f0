import type { ConnectionState } from "@realtimesuite/client";
import { attempts, client, lastEvent, replica, start } from "./connection";
import { make } from "./dom";

/** Colour, as seed 004 has them, and words. */
interface Look {
  colour: "green" | "orange" | "red" | "grey";
  text: string;
}

/** `<connection-status>`: how the page's socket stands, with what can be known of it on hover and focus. */
export class ConnectionStatus extends HTMLElement {
  readonly #text = make("span", { className: "status-text" });
  readonly #countdown = make("span", { className: "status-countdown", ariaHidden: "true" });
  readonly #summary = make(
    "button",
    { className: "status-summary", type: "button" },
    make("span", { className: "status-dot" }),
    this.#text,
    this.#countdown,
  );
  readonly #details = make("dl", { className: "status-details", id: "status-details" });
  readonly #action = make("button", { className: "button small", type: "button", textContent: "Retry" });
  #replica: string | undefined;
  #dueAt = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  #unwatch: (() => void) | undefined;

  connectedCallback(): void {
    this.#summary.setAttribute("aria-describedby", this.#details.id);
    this.#action.onclick = () => this.#act();
    this.replaceChildren(this.#summary, this.#details, this.#action);
    this.#unwatch = client.onConnectionStatus((_, state) => this.#show(state));
    this.#timer = setInterval(() => this.#tick(), 1_000);
    this.#show(client.getState());
    start();
  }

  disconnectedCallback(): void {
    this.#unwatch?.();
    clearInterval(this.#timer);
  }

  #act(): void {
    if (client.getState().status === "unauthenticated") {
      location.assign(`/sign-in?ended=True&return=${encodeURIComponent(location.pathname)}`);
    } else {
      client.connect();
    }
  }

  #show(state: ConnectionState): void {
    const { colour, text } = look(state);
    if (state.status === "connected") {
      this.#replica = replica();
    }

    this.dataset.status = state.status;
    this.dataset.colour = colour;
    this.dataset.attempt = String(state.attempt);
    this.#text.textContent = text;
    this.#action.textContent = state.status === "unauthenticated" ? "Sign in" : "Retry";
    this.#action.hidden = colour !== "grey";
    this.#dueAt = state.delay === undefined ? 0 : Date.now() + state.delay;
    this.#tick();
  }

  #tick(): void {
    const left = Math.max(0, Math.ceil((this.#dueAt - Date.now()) / 1_000));
    this.#countdown.textContent = this.#dueAt > 0 ? `in ${left} s` : "";
    this.#describe();
  }

  #describe(): void {
    const roundTrip = client.getRoundTrip();
    const rows: [string, string | undefined][] = [
      ["Client", client.getClientId() ?? undefined],
      ["Replica", client.isConnected() ? this.#replica : undefined],
      ["Round trip", roundTrip === null ? undefined : `${roundTrip} ms`],
      ["Last event", lastEvent && `${lastEvent.name}, ${lastEvent.at.toLocaleTimeString()}`],
      ["Why", client.getState().reason || undefined],
    ];
    this.#details.replaceChildren(
      ...rows
        .filter(([name, value]) => value !== undefined || name !== "Why")
        .flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value ?? "–")]),
    );
  }
}

function look({ status, attempt, gaveUp, reason }: ConnectionState): Look {
  switch (status) {
    case "connected":
      return { colour: "green", text: "Live" };
    case "connecting":
      return { colour: "orange", text: attempt > 0 ? `Connecting, attempt ${attempt} of ${attempts}` : "Connecting" };
    case "reconnecting":
      return { colour: "red", text: `Reconnecting, attempt ${Math.max(attempt, 1)} of ${attempts}` };
    case "unauthenticated":
      return { colour: "grey", text: "Your session is over" };
    case "disconnected":
      return { colour: "grey", text: gaveUp ? `Gave up after ${attempts} attempts` : reason || "Not connected" };
  }
}
