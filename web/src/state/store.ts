/** Holds one state and tells whoever asks when it has changed. */
export interface Store<S, A> {
  /** The state now. */
  readonly state: S;
  /** Lets something happen. Listeners run once everything dispatched by them has been reduced. */
  dispatch(action: A): void;
  /** Calls `listener` after every change, until the returned function is called. */
  subscribe(listener: (state: S) => void): () => void;
}

/** Makes a store. */
export function createStore<S, A>(reduce: (state: S, action: A) => S, initial: S): Store<S, A> {
  let state = initial;
  let telling = false;
  let changed = false;
  const listeners = new Set<(state: S) => void>();
  return {
    get state() {
      return state;
    },
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      changed = true;
      if (telling) return;
      telling = true;
      try {
        while (changed) {
          changed = false;
          for (const listener of [...listeners]) listener(state);
        }
      } finally {
        telling = false;
      }
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
