/** What Blazor's script offers to pages (source: ASP.NET Core, Blazor reconnection events). */
interface BlazorScript {
  /** True when the circuit goes on, false when the server has another one only; rejects while there is no server. */
  reconnect(): Promise<boolean>;
}

/** Between two attempts once Blazor has given up, milliseconds. */
const pause = 5_000;

/** The page's circuit comes back alone: Blazor tries for a while, and then we do; a server that has forgotten it gets a new page. */
export function watchCircuit(): void {
  const dialog = document.getElementById("components-reconnect-modal");
  dialog?.addEventListener("components-reconnect-state-changed", (event) => {
    const { state } = (event as CustomEvent<{ state: string }>).detail;
    if (state === "rejected") {
      location.reload();
    } else if (state === "failed") {
      setTimeout(() => void tryAgain(), pause);
    }
  });
}

async function tryAgain(): Promise<void> {
  try {
    const { Blazor } = globalThis as unknown as { Blazor: BlazorScript };
    if (!(await Blazor.reconnect())) {
      location.reload();
    }
  } catch {
    setTimeout(() => void tryAgain(), pause);
  }
}
