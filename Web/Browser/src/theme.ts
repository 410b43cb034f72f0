import { make } from "./dom";

type Theme = "light" | "dark";

const year = 365 * 24 * 60 * 60;

/** `<theme-switch>`: light or dark; the system's choice until someone presses it. A cookie tells the server for the next page. */
export class ThemeSwitch extends HTMLElement {
  readonly #icon = make("span", { className: "rzi", ariaHidden: "true" });
  readonly #button = make("button", { className: "icon-button", type: "button" }, this.#icon);

  connectedCallback(): void {
    this.#button.onclick = () => this.#switch();
    this.replaceChildren(this.#button);
    this.#show();
  }

  #switch(): void {
    const theme: Theme = current() === "dark" ? "light" : "dark";
    document.cookie = `theme=${theme}; path=/; max-age=${year}; samesite=lax`;
    document.documentElement.dataset.theme = theme;
    for (const sheet of document.querySelectorAll<HTMLLinkElement>("link[data-for]")) {
      sheet.media = sheet.dataset.for === theme ? "all" : "not all";
    }

    this.#show();
  }

  #show(): void {
    const other = current() === "dark" ? "light" : "dark";
    this.#icon.textContent = `${other}_mode`;
    this.#button.ariaLabel = `Use ${other} colours`;
  }
}

function current(): Theme {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") {
    return chosen;
  }

  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
