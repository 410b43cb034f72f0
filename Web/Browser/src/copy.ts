import { make } from "./dom";

/** How long it says that something was copied, milliseconds. */
const shown = 1_500;

/** `<copy-button data-for="id">`: copies the text of another element. */
export class CopyButton extends HTMLElement {
  readonly #button = make("button", { className: "button small", type: "button", textContent: "Copy" });

  connectedCallback(): void {
    this.#button.onclick = () => void this.#copy();
    this.replaceChildren(this.#button);
  }

  async #copy(): Promise<void> {
    const text = document.getElementById(this.dataset.for ?? "")?.textContent ?? "";
    try {
      await navigator.clipboard.writeText(text);
      this.#button.textContent = "Copied";
    } catch {
      this.#button.textContent = "Not allowed here";
    }

    setTimeout(() => (this.#button.textContent = "Copy"), shown);
  }
}
