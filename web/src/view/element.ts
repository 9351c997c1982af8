import { LitElement } from "lit";
import type { Action, State } from "../state/state.ts";
import type { Store } from "../state/store.ts";

/** The page's store. */
export type AppStore = Store<State, Action>;

/**
 * An element that shows part of the store's state and is rendered again when that part changes. It renders into its own
 * light DOM, so that the whole page is one tree under one stylesheet: in the document, or in one shadow root around all.
 */
export abstract class StoreElement extends LitElement {
  static override properties = { store: { attribute: false } };
  declare store: AppStore;
  #leave: (() => void) | null = null;
  #seen: readonly unknown[] = [];

  /** What of the state is shown: rendered again when one of these is not the same as before. */
  protected abstract watch(state: State): readonly unknown[];

  /** The state now. */
  protected get state(): State {
    return this.store.state;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#seen = this.watch(this.store.state);
    this.#leave = this.store.subscribe((state) => {
      const now = this.watch(state);
      if (now.length === this.#seen.length && now.every((value, i) => Object.is(value, this.#seen[i]))) return;
      this.#seen = now;
      this.requestUpdate();
    });
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
    this.#leave = null;
  }
}
