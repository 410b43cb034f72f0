import { ConnectionStatus } from "./status";
import { ThemeSwitch } from "./theme";

customElements.define("connection-status", ConnectionStatus);
customElements.define("theme-switch", ThemeSwitch);

export { listen, subscribe, unsubscribe } from "./bridge";
