/** Functions by name. One that throws does not keep the others from being called. */
export class Listeners<Values extends object> {
  readonly #byName = new Map<keyof Values, Set<(value: never) => void>>();

  /** Returns what takes the function away again. */
  add<Name extends keyof Values>(name: Name, listener: (value: Values[Name]) => void): () => void {
    const listeners = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, listeners.add(listener));
    return () => this.remove(name, listener);
  }

  /** Takes one function away, or all of that name. */
  remove<Name extends keyof Values>(name: Name, listener?: (value: Values[Name]) => void): void {
    if (listener) {
      this.#byName.get(name)?.delete(listener);
    } else {
      this.#byName.delete(name);
    }
  }

  emit<Name extends keyof Values>(name: Name, value: Values[Name]): void {
    for (const listener of [...(this.#byName.get(name) ?? [])]) {
      try {
        listener(value as never);
      } catch (error) {
        // Reported as any uncaught error, on the browser's console or by Node.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
