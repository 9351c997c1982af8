/** Draws the comparison of strategies as bars with their limits, where there are no style sheets. */
import type { ComparisonRow } from "../engine/types.ts";
import { factor } from "./format.ts";
import { rounded, type Palette } from "./paint.ts";
import type { Target } from "./target.ts";

const ROW = 26;
const BAR = 14;
const NAMES = 112;
const NUMBERS = 52;
const TOP = 12;
const LEGEND = 30;

/** What the marks mean. */
export interface StrategyWords {
  readonly reached: string;
  readonly bound: string;
  readonly oracle: string;
}

/** How high the picture of so many strategies is. */
export function strategiesHeight(rows: number): number {
  return TOP + rows * ROW + LEGEND;
}

/** Draws it. What an oracle reaches is hollow: it is not an engine's speedup. */
export function paintStrategies(c: Target, palette: Palette, rows: readonly ComparisonRow[], width: number, words: StrategyWords): void {
  const most = Math.max(1, ...rows.map((row) => Math.max(row.speedup ?? 0, row.speedupBound ?? 0)));
  const room = width - NAMES - NUMBERS - 12;
  c.textBaseline = "middle";
  rows.forEach(({ strategy, speedup, speedupBound, oracle }, i) => {
    const y = TOP + (i + 0.5) * ROW;
    c.group?.("strategy", strategy);
    c.font = `12px ${palette.mono}`;
    c.fillStyle = palette.ink;
    c.textAlign = "right";
    c.fillText(strategy, NAMES - 10, y);
    if (speedup !== null) paintBar(c, palette, NAMES, y, Math.max(1, (speedup / most) * room), oracle);
    if (speedupBound !== null) paintLimit(c, palette, NAMES + (speedupBound / most) * room, y);
    c.fillStyle = palette.ink;
    c.textAlign = "right";
    c.fillText(factor(speedup), width - 12, y);
    c.ungroup?.();
  });
  const y = TOP + rows.length * ROW + LEGEND / 2;
  let x = NAMES;
  c.font = `11px ${palette.sans}`;
  const write = (text: string, from: number): void => {
    c.fillStyle = palette.ink;
    c.textAlign = "left";
    c.fillText(text, from, y);
    x = from + c.measureText(text).width + 18;
  };
  paintBar(c, palette, x, y, 18, false);
  write(words.reached, x + 24);
  paintLimit(c, palette, x + 2, y);
  write(words.bound, x + 10);
  if (!rows.some(({ oracle }) => oracle)) return;
  paintBar(c, palette, x, y, 18, true);
  write(words.oracle, x + 24);
}

function paintBar(c: Target, palette: Palette, x: number, y: number, width: number, hollow: boolean): void {
  rounded(c, x, y - BAR / 2, width, BAR, 2);
  c.fillStyle = hollow ? palette.surface : palette.focus;
  c.fill();
  c.lineWidth = 1.5;
  c.strokeStyle = palette.focus;
  c.stroke();
}

function paintLimit(c: Target, palette: Palette, x: number, y: number): void {
  c.beginPath();
  c.moveTo(x, y - BAR / 2 - 3);
  c.lineTo(x, y + BAR / 2 + 3);
  c.lineWidth = 2;
  c.strokeStyle = palette.ink;
  c.stroke();
}
