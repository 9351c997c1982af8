// The engine and the layout without a view, for `cargo xtask bench` and the browser tests: they drive them from outside.

import { EngineClient } from "./engine/client.ts";
import { choose, detect, single } from "./engine/platform.ts";
import { layoutGraph } from "./layout/graph.ts";
import { graphInput } from "./view/derived.ts";

/** What they find on the page. */
export interface Bench {
  EngineClient: typeof EngineClient;
  /** What {@link EngineClient} chooses by itself. */
  platform: ReturnType<typeof choose>;
  single: typeof single;
  graphInput: typeof graphInput;
  layoutGraph: typeof layoutGraph;
}

declare global {
  var bench: Bench;
}

globalThis.bench = { EngineClient, platform: choose(detect()), single, graphInput, layoutGraph };
