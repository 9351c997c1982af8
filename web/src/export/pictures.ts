/** The pictures as files: what is drawn is the whole of each, as it is on the page at the moment of the replay, but of a size of its own. */
import type { Report } from "../engine/types.ts";
import { layoutGraph, NODE_HEIGHT, NODE_WIDTH } from "../layout/graph.ts";
import { newRuns } from "../layout/lanes.ts";
import { look, placeName } from "../layout/lens.ts";
import { SpatialIndex } from "../layout/spatial.ts";
import type { Playhead } from "../state/playhead.ts";
import { pictures as words } from "../text/export.ts";
import { nouns } from "../text/page.ts";
import { derive, graphInput, progressAt } from "../view/derived.ts";
import { factor, time } from "../view/format.ts";
import { paintGraph } from "../view/graph-paint.ts";
import { frameOf, paintLanes } from "../view/lanes-paint.ts";
import { EXPORTED_RATIO } from "../view/paint.ts";
import { paintSpeedup, SPEEDUP_LEGEND } from "../view/speedup-paint.ts";
import { paintStrategies, strategiesHeight } from "../view/strategies-paint.ts";
import type { Target } from "../view/target.ts";
import type { Given } from "./given.ts";
import { SvgTarget } from "./svg-target.ts";

export type Picture = "graph" | "lanes" | "speedup" | "strategies";

/** A picture that can be painted on anything. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly description: string;
  /** Paints it `scale` times as large; far from 1 there is less to see, as when one zooms. */
  readonly paint: (c: Target, scale: number) => void;
}

/** Width over height that the graph's layout aims at, wherever it is exported. */
const ASPECT = 1.6;
const CHART = { width: 640, height: 320 };
/** The least and the most width of the lanes, and what an attempt gets if there is room. */
const LANES = { least: 1000, most: 6000, attempt: 36 };
/** No PNG has more pixels than this in all, or on one side: browsers make no larger ones. */
const MOST_PIXELS = 24e6;
const LONGEST_SIDE = 16_000;

const DRAWINGS: Readonly<Record<Picture, (given: Given) => Drawing>> = { graph, lanes, speedup, strategies };

/** What a picture shows. */
export function drawing(picture: Picture, given: Given): Drawing {
  return DRAWINGS[picture](given);
}

/** The picture as an SVG document, in parts. */
export function svgOf({ width, height, title, description, paint }: Drawing, { palette }: Given, measure: (text: string, font: string) => number): string[] {
  const target = new SvgTarget({ width, height, title, description, background: palette.surface, family: palette.mono, measure });
  paint(target, 1);
  return target.parts();
}

/** The picture as pixels; two to a unit unless it would have too many. */
export async function pngOf({ width, height, paint }: Drawing, { palette }: Given): Promise<Blob> {
  const most = Math.min(EXPORTED_RATIO, Math.sqrt(MOST_PIXELS / (width * height)), LONGEST_SIDE / Math.max(width, height));
  const scale = Math.min(1, most);
  const canvas = new OffscreenCanvas(Math.max(1, Math.floor(width * most)), Math.max(1, Math.floor(height * most)));
  const c = canvas.getContext("2d")!;
  c.fillStyle = palette.surface;
  c.fillRect(0, 0, canvas.width, canvas.height);
  c.scale(most / scale, most / scale);
  paint(c, scale);
  return canvas.convertToBlob({ type: "image/png" });
}

/** The width of texts in a worker. */
export function measureOffscreen(): (text: string, font: string) => number {
  const c = new OffscreenCanvas(1, 1).getContext("2d")!;
  return (text, font) => {
    if (c.font !== font) c.font = font;
    return c.measureText(text).width;
  };
}

function graph({ report, granularity, playhead, palette }: Given): Drawing {
  const at = look(report, granularity);
  const layout = layoutGraph(graphInput(at, ASPECT));
  const index = new SpatialIndex(layout.x, layout.y, NODE_WIDTH / 2 + 3, NODE_HEIGHT / 2 + 3, layout.width, layout.height);
  const progress = progressAt(report, playhead);
  const { width, height } = layout;
  return {
    width,
    height,
    title: words.graph(report.scenario.title),
    description: words.graphFacts(nouns.transactions(report.transactions.length), nouns.levels(at.graph.levels), nouns.dependencies(at.graph.edges.length), nouns.transactions(at.critical.length), moment(report, playhead)),
    paint: (c, scale) =>
      paintGraph(c, {
        layout,
        index,
        view: { scaleX: scale, scaleY: scale, x: 0, y: 0 },
        width: width * scale,
        height: height * scale,
        palette,
        stateOf: (v) => progress.stateOf(v),
        replaying: playhead !== null,
        abortsOf: (v) => progress.aborts[v],
        failed: (v) => report.transactions[v].status !== "success",
        placeName: (place) => placeName(report, at, place),
        places: at.places,
        edges: "here",
      }),
  };
}

function lanes({ report, playhead, palette }: Given): Drawing {
  const { timeline, verdict, transactions, scenario } = report;
  const { lanes: layout, criticalSet } = derive(report);
  const perLane = layout.attempts.event.length / layout.workers;
  const width = Math.round(Math.min(LANES.most, Math.max(LANES.least, perLane * LANES.attempt)));
  const frame = frameOf(timeline.workers, width);
  const duration = Math.max(1e-9, timeline.duration);
  return {
    width,
    height: frame.height,
    title: words.lanes(scenario.title),
    description: words.lanesFacts(nouns.workers(timeline.workers), time(duration, timeline.unit), nouns.attempts(verdict.attempts), nouns.aborts(verdict.aborts), moment(report, playhead)),
    paint: (c, scale) => {
      c.scale(scale, scale);
      paintLanes(c, {
        layout,
        events: timeline.events,
        frame,
        span: { start: 0, end: duration },
        palette,
        playhead,
        progress: progressAt(report, playhead),
        critical: criticalSet,
        runs: newRuns(width),
        time: (value) => time(value, timeline.unit),
        caption: (t) => transactions[t].label ?? transactions[t].call ?? "",
      });
    },
  };
}

function speedup({ report: { scenario, verdict, options, curve }, palette }: Given): Drawing {
  const { width, height } = CHART;
  const measured = options.clock === "measured";
  const here = verdict.speedup === null ? null : { workers: verdict.workers, speedup: verdict.speedup, measured };
  const points = curve?.points ?? [];
  const thisRun = words.thisRun(factor(verdict.speedup), measured);
  return {
    width,
    height: height + SPEEDUP_LEGEND,
    title: words.speedup(scenario.title),
    description: [thisRun, ...points.map((point) => words.point(point.workers, factor(point.speedup), factor(point.bound)))].join("; "),
    paint: (c, scale) => {
      c.scale(scale, scale);
      paintSpeedup(c, palette, { points, here, width, height }, { workers: words.workers, curve: words.virtual, bound: words.bound, ideal: words.ideal, here: thisRun });
    },
  };
}

function strategies({ report, comparison, palette }: Given): Drawing {
  const rows = comparison?.rows ?? [];
  const { width } = CHART;
  return {
    width,
    height: strategiesHeight(rows.length),
    title: words.strategies(comparison?.title ?? report.scenario.title),
    description: rows.map((row) => words.strategy(row.strategy, factor(row.speedup), factor(row.speedupBound), row.oracle)).join("; "),
    paint: (c, scale) => {
      c.scale(scale, scale);
      paintStrategies(c, palette, rows, width, { reached: words.reached, bound: words.bound, oracle: words.oracle });
    },
  };
}

/** How far the replay is, in words; `null` at its end. */
function moment(report: Report, playhead: Playhead | null): string | null {
  return playhead && words.moment(playhead.step, report.timeline.events.kind.length);
}
