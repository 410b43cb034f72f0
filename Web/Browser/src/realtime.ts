import { watchCircuit } from "./circuit";
import { CopyButton } from "./copy";
import { FrameList } from "./frames";
import { watchSkipLink } from "./skip";
import { ConnectionStatus } from "./status";
import { ThemeSwitch } from "./theme";

customElements.define("connection-status", ConnectionStatus);
customElements.define("theme-switch", ThemeSwitch);
customElements.define("frame-list", FrameList);
customElements.define("copy-button", CopyButton);
watchCircuit();
watchSkipLink();

export { listen, subscribe, unsubscribe } from "./bridge";
