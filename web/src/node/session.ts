/** Keeps the store and the worker that asks a node together. */
import { message } from "../engine/errors.ts";
import { IntakeError } from "../intake/client.ts";
import type { Action, State } from "../state/state.ts";
import type { Fetching } from "../state/node.ts";
import type { Store } from "../state/store.ts";
import { withoutSecrets } from "./address.ts";
import { NodeClient } from "./client.ts";
import type { Wanted } from "./protocol.ts";

/** The part of the client that is used; tests put their own in. */
export type NodeLike = Pick<NodeClient, "fetch" | "cancel">;

/** What can be done with a node. */
export class NodeSession {
  #store: Store<State, Action>;
  #client: NodeLike;
  /** Counts the fetches: what an earlier one still says is not shown. */
  #last = 0;

  constructor(store: Store<State, Action>, client: NodeLike = new NodeClient()) {
    this.#store = store;
    this.#client = client;
  }

  /** Fetches a block; `address` has been checked. */
  async start(address: string, wanted: Wanted): Promise<void> {
    const node = withoutSecrets(address);
    const mine = ++this.#last;
    const now = (fetching: Fetching): void => {
      if (mine === this.#last) this.#store.dispatch({ type: "node", node: fetching });
    };
    now({ kind: "underway", node, underway: null });
    try {
      const { taken, retries } = await this.#client.fetch(address, wanted, (underway) => now({ kind: "underway", node, underway }));
      now({ kind: "done", node, taken, retries });
    } catch (error) {
      now(error instanceof IntakeError && error.cancelled ? { kind: "cancelled" } : { kind: "failed", message: message(error) });
    }
  }

  cancel(): void {
    this.#client.cancel();
  }
}
