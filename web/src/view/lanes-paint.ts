/** Draws the worker timeline: a function of its layout, the visible span and what is lit up. */
import type { Highlight } from "../layout/highlight.ts";
import {
  BAR_ABORTED,
  BAR_BLOCKED,
  binLane,
  type Abort,
  type LanesLayout,
  type Runs,
  type TransactionState,
} from "../layout/lanes.ts";
import { ticks } from "../layout/scale.ts";
import type { Span } from "../layout/viewport.ts";
import { fillState, label, type Palette } from "./paint.ts";

/** Where the parts of the picture are, in pixels. */
export interface LanesFrame {
  readonly left: number;
  readonly right: number;
  readonly axis: number;
  readonly laneTop: number;
  readonly laneHeight: number;
  readonly ladderTop: number;
  readonly ladderHeight: number;
  readonly height: number;
}

/** Divides a picture of `width` for so many lanes. */
export function frameOf(workers: number, width: number): LanesFrame {
  const laneHeight = workers <= 6 ? 30 : workers <= 12 ? 22 : workers <= 24 ? 16 : 12;
  const laneTop = 26;
  const ladderTop = laneTop + workers * laneHeight + 10;
  const ladderHeight = 44;
  return {
    left: 38,
    right: width - 12,
    axis: 18,
    laneTop,
    laneHeight,
    ladderTop,
    ladderHeight,
    height: ladderTop + ladderHeight + 8,
  };
}

/** What is drawn. */
export interface LanesScene {
  readonly layout: LanesLayout;
  readonly frame: LanesFrame;
  readonly span: Span;
  readonly palette: Palette;
  readonly lit: Highlight;
  readonly dimmed: boolean;
  readonly playhead: number | null;
  /** When each transaction was committed. */
  readonly committedAt: Float64Array;
  readonly critical: ReadonlySet<number>;
  readonly runs: Runs;
  readonly time: (value: number) => string;
  /** What a transaction does, in a word or two. */
  readonly caption: (transaction: number) => string;
  /** The bar the keyboard is at, as an event, or -1. */
  readonly focus: number;
}

/** From this many aborts in sight on, arrows are drawn only for what is lit up. */
const MANY_ABORTS = 16;

/** Draws everything in sight. */
export function paintLanes(c: CanvasRenderingContext2D, scene: LanesScene): void {
  const { frame, layout } = scene;
  paintAxis(c, scene);
  c.save();
  c.beginPath();
  c.rect(frame.left, frame.axis, frame.right - frame.left, frame.height - frame.axis);
  c.clip();
  for (let lane = 0; lane < layout.workers; lane++) paintLane(c, scene, lane);
  paintLadder(c, scene);
  paintArrows(c, scene);
  if (scene.playhead !== null) paintPlayhead(c, scene, scene.playhead);
  c.restore();
}

/** Screen position of a time. */
export function xOf({ frame, span }: Pick<LanesScene, "frame" | "span">, time: number): number {
  return frame.left + ((time - span.start) / (span.end - span.start)) * (frame.right - frame.left);
}

function paintAxis(c: CanvasRenderingContext2D, scene: LanesScene): void {
  const { frame, layout, palette, span } = scene;
  c.font = `11px ${palette.sans}`;
  c.fillStyle = palette.quiet;
  c.textBaseline = "alphabetic";
  const steps = ticks(span.start, span.end, Math.max(2, Math.floor((frame.right - frame.left) / 110)));
  c.strokeStyle = palette.line;
  c.lineWidth = 1;
  c.beginPath();
  for (const step of steps) {
    const x = Math.round(xOf(scene, step)) + 0.5;
    c.moveTo(x, frame.axis);
    c.lineTo(x, frame.height - 8);
    c.textAlign = x < frame.left + 20 ? "left" : x > frame.right - 30 ? "right" : "center";
    c.fillText(step === 0 ? "0" : scene.time(step), x, 12);
  }
  c.stroke();
  c.textAlign = "right";
  c.textBaseline = "middle";
  const every = frame.laneHeight < 14 ? 4 : 1;
  for (let lane = 0; lane < layout.workers; lane++) {
    const y = frame.laneTop + lane * frame.laneHeight;
    if (lane % every === 0) c.fillText(String(lane), frame.left - 9, y + frame.laneHeight / 2);
    c.beginPath();
    c.moveTo(frame.left, Math.round(y) + 0.5);
    c.lineTo(frame.right, Math.round(y) + 0.5);
    c.stroke();
  }
}

function paintLane(c: CanvasRenderingContext2D, scene: LanesScene, lane: number): void {
  const { frame, layout, palette, span, runs, lit, dimmed, playhead } = scene;
  const bars = layout.attempts;
  const top = frame.laneTop + lane * frame.laneHeight + 3;
  const height = frame.laneHeight - 6;
  const pixels = frame.right - frame.left;
  const now = playhead ?? Infinity;
  binLane(bars, lane, span.start, span.end, pixels, runs);
  for (let k = 0; k < runs.count; k++) {
    const bar = runs.bar[k];
    const x = frame.left + runs.x[k];
    if (bar < 0) {
      // Many attempts under one pixel: their colour, without outline or text.
      const time = span.start + (runs.x[k] / pixels) * (span.end - span.start);
      const state: TransactionState = time > now ? "waiting" : runs.state[k] === BAR_ABORTED ? "aborted" : runs.state[k] === BAR_BLOCKED ? "blocked" : "committed";
      c.globalAlpha = dimmed ? 0.25 : state === "committed" ? 0.7 : 1;
      c.fillStyle = palette.state[state];
      c.fillRect(x, top, Math.max(1, runs.width[k]), height);
      continue;
    }
    const transaction = bars.transaction[bar];
    const event = bars.event[bar];
    const meant = lit.event >= 0 ? lit.event === event : lit.transactions.has(transaction);
    c.globalAlpha = dimmed && !meant && !lit.related.has(transaction) ? 0.3 : 1;
    let width = runs.width[k];
    let state: TransactionState;
    if (bars.start[bar] >= now) state = "waiting";
    else if (bars.end[bar] > now) {
      state = "executing";
      fillState(c, palette, "waiting", x, top, width, height, 3);
      width = Math.max(2, xOf(scene, now) - x);
    } else if (bars.state[bar] === BAR_ABORTED) state = "aborted";
    else if (bars.state[bar] === BAR_BLOCKED) state = "blocked";
    else state = scene.committedAt[transaction] <= now ? "committed" : "executed";
    fillState(c, palette, state, x + 0.5, top, Math.max(1, width - 1), height, 3);
    if (scene.critical.has(transaction) && bars.state[bar] !== BAR_ABORTED && bars.state[bar] !== BAR_BLOCKED && width > 3) {
      c.fillStyle = palette.ink;
      c.fillRect(x + 0.5, top + height - 3, Math.max(1, width - 1), 3);
    }
    paintBarText(c, scene, bar, state, x, top, width, height);
    if (meant || event === scene.focus) {
      c.globalAlpha = 1;
      c.lineWidth = 2;
      c.strokeStyle = event === scene.focus && !meant ? palette.focus : palette.ink;
      c.strokeRect(x - 0.5, top - 1.5, width + 1, height + 3);
    }
  }
  c.globalAlpha = 1;
}

function paintBarText(
  c: CanvasRenderingContext2D,
  { layout, palette, caption, frame }: LanesScene,
  bar: number,
  state: TransactionState,
  x: number,
  top: number,
  width: number,
  height: number,
): void {
  if (height < 10) return;
  const from = Math.max(x, frame.left);
  const room = Math.min(x + width, frame.right) - from - 6;
  const incarnation = layout.attempts.incarnation[bar];
  const number = `${layout.attempts.transaction[bar]}${incarnation > 0 ? `.${incarnation}` : ""}`;
  c.font = `11px ${palette.mono}`;
  if (room < c.measureText(number).width) return;
  let text = number;
  const words = caption(layout.attempts.transaction[bar]);
  if (words !== "" && c.measureText(`${number} ${words}`).width < room) text = `${number} ${words}`;
  c.fillStyle = palette.onState[state];
  const y = top + height / 2 - (height > 16 ? 1 : 0);
  if (state === "aborted" || state === "blocked" || state === "waiting") label(c, palette, text, from + 4, y);
  else {
    c.textAlign = "left";
    c.textBaseline = "middle";
    c.fillText(text, from + 4, y);
  }
}

function paintLadder(c: CanvasRenderingContext2D, scene: LanesScene): void {
  const { frame, layout, palette, playhead, lit, dimmed } = scene;
  const count = layout.commitTime.length;
  c.fillStyle = palette.sunken;
  c.fillRect(frame.left, frame.ladderTop, frame.right - frame.left, frame.ladderHeight);
  c.strokeStyle = palette.state.committed;
  c.lineWidth = 1.75;
  c.beginPath();
  const y = (k: number): number => frame.ladderTop + 3 + ((frame.ladderHeight - 6) * k) / Math.max(1, count);
  c.moveTo(xOf(scene, 0), y(0));
  for (let k = 0; k < count; k++) {
    const time = layout.commitTime[k];
    if (playhead !== null && time > playhead) break;
    const x = xOf(scene, time);
    c.lineTo(x, y(k));
    c.lineTo(x, y(k + 1));
  }
  c.stroke();
  if (dimmed) {
    c.fillStyle = palette.ink;
    for (let k = 0; k < count; k++) {
      if (!lit.transactions.has(layout.commitTransaction[k])) continue;
      c.beginPath();
      c.arc(xOf(scene, layout.commitTime[k]), y(k + 0.5), 4, 0, 7);
      c.fill();
    }
  }
  c.font = `11px ${palette.sans}`;
  c.fillStyle = palette.quiet;
  c.textAlign = "left";
  c.textBaseline = "alphabetic";
  c.fillText("commits, in block order", frame.left + 6, frame.ladderTop + frame.ladderHeight - 7);
}

function paintArrows(c: CanvasRenderingContext2D, scene: LanesScene): void {
  const { layout, span, playhead, lit, dimmed } = scene;
  const now = playhead ?? Infinity;
  const seen = layout.aborts.filter((a) => a.time >= span.start && a.time <= span.end && a.time <= now);
  for (const abort of seen) {
    const meant = lit.event === abort.event || (lit.event < 0 && lit.transactions.has(abort.transaction));
    if (!meant && dimmed) continue;
    paintAbort(c, scene, abort, meant, meant || seen.length <= MANY_ABORTS);
  }
}

function paintAbort(c: CanvasRenderingContext2D, scene: LanesScene, abort: Abort, meant: boolean, arrow: boolean): void {
  const { frame, palette } = scene;
  const middle = (worker: number): number => frame.laneTop + (worker + 0.5) * frame.laneHeight;
  const x1 = xOf(scene, abort.time);
  const y1 = middle(abort.worker);
  c.strokeStyle = c.fillStyle = palette.state.aborted;
  c.lineWidth = meant ? 2.5 : 1.25;
  // The abort itself: a cross where it was found.
  c.beginPath();
  c.moveTo(x1 - 4, y1 - 4);
  c.lineTo(x1 + 4, y1 + 4);
  c.moveTo(x1 + 4, y1 - 4);
  c.lineTo(x1 - 4, y1 + 4);
  c.stroke();
  if (!abort.source || !arrow) return;
  const x0 = xOf(scene, abort.source.time);
  const y0 = middle(abort.source.worker);
  const ends = abort.worker === abort.source.worker;
  const bend = ends ? frame.laneHeight * 0.9 : 0;
  const mx = (x0 + x1) / 2 + (ends ? 0 : 14);
  const my = (y0 + y1) / 2 - bend;
  const length = Math.hypot(x1 - mx, y1 - my) || 1;
  const ux = (x1 - mx) / length;
  const uy = (y1 - my) / length;
  const tx = x1 - ux * 6;
  const ty = y1 - uy * 6;
  c.beginPath();
  c.arc(x0, y0, 3, 0, 7);
  c.fill();
  c.beginPath();
  c.moveTo(x0, y0);
  c.quadraticCurveTo(mx, my, tx, ty);
  c.stroke();
  c.beginPath();
  c.moveTo(tx + ux * 3, ty + uy * 3);
  c.lineTo(tx - ux * 6 - uy * 4, ty - uy * 6 + ux * 4);
  c.lineTo(tx - ux * 6 + uy * 4, ty - uy * 6 - ux * 4);
  c.closePath();
  c.fill();
}

function paintPlayhead(c: CanvasRenderingContext2D, scene: LanesScene, time: number): void {
  const { frame, palette } = scene;
  const x = Math.round(xOf(scene, time)) + 0.5;
  c.strokeStyle = c.fillStyle = palette.ink;
  c.lineWidth = 1.5;
  c.beginPath();
  c.moveTo(x, frame.axis);
  c.lineTo(x, frame.height);
  c.stroke();
  c.beginPath();
  c.moveTo(x - 5, frame.axis);
  c.lineTo(x + 5, frame.axis);
  c.lineTo(x, frame.axis + 7);
  c.closePath();
  c.fill();
}
