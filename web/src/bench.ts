// The engine without a view, for `cargo xtask bench` and the browser tests: they drive it from outside.

import { EngineClient } from "./engine/client.ts";
import { choose, detect, single } from "./engine/platform.ts";

/** What they find on the page. */
export interface Bench {
  EngineClient: typeof EngineClient;
  /** What {@link EngineClient} chooses by itself. */
  platform: ReturnType<typeof choose>;
  single: typeof single;
}

declare global {
  var bench: Bench;
}

globalThis.bench = { EngineClient, platform: choose(detect()), single };
