// The engine and the layout without a view, for `cargo xtask bench` and the browser tests: they drive them from outside.

import { EngineClient } from "./engine/client.ts";
import { choose, detect, single } from "./engine/platform.ts";
import type { Report } from "./engine/types.ts";
import { layoutGraph, type GraphInput } from "./layout/graph.ts";
import { look } from "./layout/lens.ts";
import { graphInput } from "./view/derived.ts";

/** What they find on the page. */
export interface Bench {
  EngineClient: typeof EngineClient;
  /** What {@link EngineClient} chooses by itself. */
  platform: ReturnType<typeof choose>;
  single: typeof single;
  /** Of the run's own graph. */
  graphInput: (report: Report, aspect: number) => GraphInput;
  layoutGraph: typeof layoutGraph;
}

declare global {
  var bench: Bench;
}

globalThis.bench = {
  EngineClient,
  platform: choose(detect()),
  single,
  graphInput: (report, aspect) => graphInput(look(report, "slotWithDeltas"), aspect),
  layoutGraph,
};
