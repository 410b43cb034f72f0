import type { AnyMessage } from "@realtimesuite/client";
import { client } from "./connection";
import { make } from "./dom";

/** What is kept; older frames go. */
const capacity = 60;

/** `<frame-list>`: the events that arrive on the page's socket, newest first. Drawn at most once a frame of the screen. */
export class FrameList extends HTMLElement {
  readonly #list = make("ol", { className: "frames" });
  readonly #empty = make("p", { className: "hint", textContent: "None yet. Press a button." });
  #waiting: { message: AnyMessage; at: Date }[] = [];
  #drawing = 0;
  #end: (() => void) | undefined;

  connectedCallback(): void {
    this.#list.setAttribute("aria-label", "Frames, newest first");
    this.replaceChildren(this.#empty, this.#list);
    this.#end = client.on("*", (message) => {
      if (!("meta" in message) || !message.meta) {
        return;
      }

      this.#waiting.push({ message, at: new Date() });
      this.#waiting.splice(0, this.#waiting.length - capacity);
      this.#drawing ||= requestAnimationFrame(() => this.#draw());
    });
  }

  disconnectedCallback(): void {
    this.#end?.();
    cancelAnimationFrame(this.#drawing);
    this.#drawing = 0;
  }

  #draw(): void {
    this.#drawing = 0;
    this.#empty.hidden = true;
    for (const { message, at } of this.#waiting.splice(0)) {
      this.#list.prepend(entry(message, at));
    }

    while (this.#list.childElementCount > capacity) {
      this.#list.lastElementChild?.remove();
    }
  }
}

function entry(message: AnyMessage, at: Date): HTMLLIElement {
  const { meta } = message as { meta: { channel: string; offset?: number } };
  const name = "type" in message ? message.type : message.event;
  return make(
    "li",
    {},
    make(
      "details",
      {},
      make(
        "summary",
        {},
        make("span", { className: "pill good", textContent: String(name) }),
        make("span", {
          className: "frame-place",
          textContent: meta.offset === undefined ? meta.channel : `${meta.channel} · ${meta.offset}`,
        }),
        make("time", { className: "hint", textContent: at.toLocaleTimeString() }),
      ),
      make("pre", { tabIndex: 0, textContent: JSON.stringify(message, undefined, 2) }),
    ),
  );
}
