/** Told when the surroundings of the page or worker change. */
export interface Watcher {
  /** The network is back. */
  online(): void;
  /** The network may be gone, or the page was asleep: what looks open may be dead. */
  doubtful(): void;
  /** The page is seen again; its timers may have been late. */
  visible(): void;
}

/** False only where the machine surely has no network. */
export function isOnline(): boolean {
  return globalThis.navigator?.onLine !== false;
}

/** Watches network and visibility, where there are such events. Returns what ends it. */
export function watchSurroundings(watcher: Watcher): () => void {
  const page = globalThis.document;
  const offline = () => watcher.doubtful();
  const online = () => watcher.online();
  const visibility = () => {
    if (page?.visibilityState === "visible") {
      watcher.visible();
    }
  };
  globalThis.addEventListener?.("offline", offline);
  globalThis.addEventListener?.("online", online);
  page?.addEventListener("visibilitychange", visibility);
  return () => {
    globalThis.removeEventListener?.("offline", offline);
    globalThis.removeEventListener?.("online", online);
    page?.removeEventListener("visibilitychange", visibility);
  };
}
