/** The speedup chart as geometry: workers on a doubling axis from left to right, speedup from bottom to top. */
import type { CurvePoint } from "../engine/types.ts";
import { doublings, ticks } from "./scale.ts";

/** What is drawn. */
export interface SpeedupInput {
  readonly points: readonly CurvePoint[];
  /** The report's own point. */
  readonly here: { readonly workers: number; readonly speedup: number; readonly measured: boolean } | null;
  readonly width: number;
  readonly height: number;
}

/** Paths in pixels, ready for SVG. */
export interface SpeedupChart {
  readonly plot: { left: number; top: number; right: number; bottom: number };
  readonly curve: string;
  readonly bound: string;
  readonly ideal: string;
  readonly points: readonly { x: number; y: number; point: CurvePoint }[];
  readonly here: { x: number; y: number } | null;
  readonly xTicks: readonly { at: number; value: number }[];
  readonly yTicks: readonly { at: number; value: number }[];
  /** Speedup at the top edge. */
  readonly top: number;
}

/** Lays the chart out. */
export function layoutSpeedup({ points, here, width, height }: SpeedupInput): SpeedupChart {
  const plot = { left: 40, top: 16, right: width - 14, bottom: height - 34 };
  const most = Math.max(2, here?.workers ?? 1, ...points.map((p) => p.workers));
  const highest = Math.max(1.2, here?.speedup ?? 0, ...points.map((p) => Math.max(p.speedup, p.bound)));
  const rows = Math.max(2, Math.floor((plot.bottom - plot.top) / 34));
  const steps = ticks(0, highest, rows);
  const step = steps.length > 1 ? steps[1] : 1;
  const top = Math.ceil((highest * 1.04) / step) * step;
  const x = (workers: number): number => plot.left + (Math.log2(workers) / Math.log2(most)) * (plot.right - plot.left);
  const y = (speedup: number): number => plot.bottom - (speedup / top) * (plot.bottom - plot.top);
  const sorted = [...points].sort((a, b) => a.workers - b.workers);
  const path = (value: (p: CurvePoint) => number): string =>
    sorted.map((p, i) => `${i === 0 ? "M" : "L"}${round(x(p.workers))} ${round(y(value(p)))}`).join("");
  const ideal: string[] = [];
  for (let i = 0; i <= 32; i++) {
    const workers = 2 ** ((Math.log2(Math.min(most, top)) * i) / 32);
    ideal.push(`${i === 0 ? "M" : "L"}${round(x(workers))} ${round(y(workers))}`);
  }
  return {
    plot,
    curve: path((p) => p.speedup),
    bound: path((p) => p.bound),
    ideal: ideal.join(""),
    points: sorted.map((point) => ({ x: x(point.workers), y: y(point.speedup), point })),
    here: here && { x: x(here.workers), y: y(here.speedup) },
    xTicks: doublings(most).map((value) => ({ at: x(value), value })),
    yTicks: ticks(0, top, rows).map((value) => ({ at: y(value), value })),
    top,
  };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
