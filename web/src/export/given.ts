/** What is exported: the report, and what of the page a file can show besides. All of it crosses to a worker. */
import type { Comparison, Granularity, Report } from "../engine/types.ts";
import type { Playhead } from "../state/playhead.ts";
import type { Palette } from "../view/paint.ts";

/** All that any format needs. */
export interface Given {
  /** With its curve, if that has been worked out. */
  readonly report: Report;
  /** The scenario that was run; `null` if nobody knows it. */
  readonly text: string | null;
  readonly granularity: Granularity;
  /** The moment that the pictures are of; `null` is the end of the run. */
  readonly playhead: Playhead | null;
  readonly comparison: Comparison | null;
  readonly palette: Palette;
  /** An address that shows this run again; `null` if it would be too long. */
  readonly link: string | null;
}
