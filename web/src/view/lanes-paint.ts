/**
 * Draws the worker timeline in two layers: the run, a function of its layout and the visible span; and over it what is lit
 * up, so that pointing at things draws only those. However many events there are, the work is bounded by pixels.
 */
import type { Events } from "../engine/types.ts";
import type { Highlight } from "../layout/highlight.ts";
import { ABORTED, BLOCKED, EXECUTED } from "../layout/kinds.ts";
import { binLane, type Abort, type LanesLayout, type Runs } from "../layout/lanes.ts";
import { STATES, type Progress, type TransactionState } from "../layout/progress.ts";
import { ticks } from "../layout/scale.ts";
import type { Span } from "../layout/viewport.ts";
import type { Playhead } from "../state/playhead.ts";
import { lanes as words } from "../text/page.ts";
import { fillState, glyphWidth, label, veil, type Palette } from "./paint.ts";
import type { Target } from "./target.ts";

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
  readonly events: Events;
  readonly frame: LanesFrame;
  readonly span: Span;
  readonly palette: Palette;
  /** Up to where is drawn; `null` is the end. */
  readonly playhead: Playhead | null;
  readonly progress: Progress;
  readonly critical: ReadonlySet<number>;
  readonly runs: Runs;
  readonly time: (value: number) => string;
  /** What a transaction does, in a word or two. */
  readonly caption: (transaction: number) => string;
}

/** What is drawn over it. */
export interface LanesLight {
  readonly lit: Highlight;
  /** Whether anything is lit up, so that the rest steps back. */
  readonly dimmed: boolean;
  /** The bar the keyboard is at, as an event, or -1. */
  readonly focus: number;
}

/** From this many aborts in sight on, arrows are drawn only for what is lit up, and crosses keep a distance. */
const MANY_ABORTS = 16;
/** The distance, and a little more than a cross is wide. */
const CROSS_DISTANCE = 9;
/** Up to this many transactions that are lit up have an outline around each of their bars. */
const MANY_LIT = 50;

/** Draws everything in sight. */
export function paintLanes(c: Target, scene: LanesScene): void {
  paintAxis(c, scene);
  inFrame(c, scene, () => {
    for (let lane = 0; lane < scene.layout.workers; lane++) paintLane(c, scene, lane);
    paintLadder(c, scene);
    paintAborts(c, scene);
    paintPresent(c, scene);
  });
}

/** Draws what is lit up, over the rest. */
export function paintLanesLit(c: Target, scene: LanesScene, { lit, dimmed, focus }: LanesLight): void {
  const { frame, layout, palette } = scene;
  inFrame(c, scene, () => {
    if (dimmed) {
      veil(c, palette, frame.left, frame.laneTop, frame.right - frame.left, layout.workers * frame.laneHeight);
      const only = new Uint8Array(layout.history.offsets.length - 1);
      for (const transaction of lit.related) only[transaction] = 1;
      for (const transaction of lit.transactions) only[transaction] = 1;
      for (let lane = 0; lane < layout.workers; lane++) paintLane(c, scene, lane, only);
      paintLitCommits(c, scene, lit);
      paintLitAborts(c, scene, lit);
      if (lit.event >= 0) paintOutline(c, scene, lit.event, palette.ink);
      else if (lit.transactions.size <= MANY_LIT) {
        const { offsets, events } = layout.history;
        for (const t of lit.transactions) for (let k = offsets[t]; k < offsets[t + 1]; k++) paintOutline(c, scene, events[k], palette.ink);
      }
      paintPresent(c, scene);
    }
    if (focus >= 0 && focus !== lit.event) paintOutline(c, scene, focus, palette.focus);
  });
}

function inFrame(c: Target, { frame }: LanesScene, paint: () => void): void {
  c.save();
  c.beginPath();
  c.rect(frame.left, frame.axis, frame.right - frame.left, frame.height - frame.axis);
  c.clip();
  paint();
  c.restore();
}

/** Screen position of a time. */
export function xOf({ frame, span }: Pick<LanesScene, "frame" | "span">, time: number): number {
  return frame.left + ((time - span.start) / (span.end - span.start)) * (frame.right - frame.left);
}

function paintAxis(c: Target, scene: LanesScene): void {
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

function paintLane(c: Target, scene: LanesScene, lane: number, only?: Uint8Array): void {
  const { frame, layout, palette, span, runs, playhead, progress } = scene;
  const bars = layout.attempts;
  const top = frame.laneTop + lane * frame.laneHeight + 3;
  const height = frame.laneHeight - 6;
  const pixels = frame.right - frame.left;
  const binning = playhead ? { only, until: playhead.time, stateOf: (bar: number) => progress.attemptAt(bars.event[bar], playhead) } : { only };
  c.font = `11px ${palette.mono}`;
  binLane(bars, lane, span.start, span.end, pixels, runs, binning);
  for (let k = 0; k < runs.count; k++) {
    const bar = runs.bar[k];
    const x = frame.left + runs.x[k];
    const state = STATES[runs.state[k]];
    if (bar < 0) {
      // Many attempts under one pixel: their colour, without outline or text.
      c.globalAlpha = state === "committed" ? 0.7 : 1;
      c.fillStyle = palette.state[state];
      c.fillRect(x, top, Math.max(1, runs.width[k]), height);
      c.globalAlpha = 1;
      continue;
    }
    const transaction = bars.transaction[bar];
    c.group?.(`attempt ${state}`, `${transaction}.${bars.incarnation[bar]} ${scene.caption(transaction)}`);
    // What is under way has come as far as the playhead.
    const width = playhead && state === "executing" ? Math.max(2, xOf(scene, Math.min(playhead.time, bars.end[bar])) - x) : runs.width[k];
    fillState(c, palette, state, x + 0.5, top, Math.max(1, width - 1), height, 3);
    if (scene.critical.has(transaction) && state !== "aborted" && state !== "blocked" && width > 3) {
      c.fillStyle = palette.ink;
      c.fillRect(x + 0.5, top + height - 3, Math.max(1, width - 1), 3);
    }
    paintBarText(c, scene, bar, state, x, top, width, height);
    c.ungroup?.();
  }
}

/** The outline of an attempt; other events have no bar. */
function paintOutline(c: Target, scene: LanesScene, event: number, colour: string): void {
  const { kind, start, end, worker } = scene.events;
  if (kind[event] !== EXECUTED && kind[event] !== BLOCKED) return;
  const { frame } = scene;
  const x = xOf(scene, start[event]);
  const width = Math.max(1, xOf(scene, end[event]) - x);
  c.lineWidth = 2;
  c.strokeStyle = colour;
  c.strokeRect(x - 0.5, frame.laneTop + worker[event] * frame.laneHeight + 1.5, width + 1, frame.laneHeight - 3);
}

function paintBarText(
  c: Target,
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
  const glyph = glyphWidth(c);
  if (room < number.length * glyph) return;
  let text = number;
  const full = `${number} ${caption(layout.attempts.transaction[bar])}`;
  // Measured only where it may fit: it takes long, and labels may be in any script.
  if (full.length > number.length + 1 && full.length * glyph < room * 2 && c.measureText(full).width < room) text = full;
  c.fillStyle = palette.onState[state];
  const y = top + height / 2 - (height > 16 ? 1 : 0);
  if (state === "aborted" || state === "blocked" || state === "validated") label(c, palette, text, from + 4, y);
  else {
    c.textAlign = "left";
    c.textBaseline = "middle";
    c.fillText(text, from + 4, y);
  }
}

function paintLadder(c: Target, scene: LanesScene): void {
  const { frame, layout, palette, playhead, progress } = scene;
  const { commitTime } = layout;
  // Commits come in order: so many have happened.
  const count = playhead ? progress.counts[STATES.indexOf("committed")] : commitTime.length;
  c.fillStyle = palette.sunken;
  c.fillRect(frame.left, frame.ladderTop, frame.right - frame.left, frame.ladderHeight);
  c.strokeStyle = palette.state.committed;
  c.lineWidth = 1.75;
  c.beginPath();
  let last = xOf(scene, 0);
  c.moveTo(last, rung(scene, 0));
  for (let k = 0; k < count; k++) {
    const x = xOf(scene, commitTime[k]);
    // Of many commits under one pixel the last is enough, and of those left of the frame.
    const more = k + 1 < count;
    if (more && (x < last + 0.5 || xOf(scene, commitTime[k + 1]) < frame.left)) continue;
    c.lineTo(x, rung(scene, k));
    c.lineTo(x, rung(scene, k + 1));
    last = x;
    if (x > frame.right) break;
  }
  c.stroke();
  c.font = `11px ${palette.sans}`;
  c.fillStyle = palette.quiet;
  c.textAlign = "left";
  c.textBaseline = "alphabetic";
  c.fillText(words.commits, frame.left + 6, frame.ladderTop + frame.ladderHeight - 7);
}

/** Height of the ladder after so many commits. */
function rung({ frame, layout }: LanesScene, commits: number): number {
  return frame.ladderTop + 3 + ((frame.ladderHeight - 6) * commits) / Math.max(1, layout.commitTime.length);
}

function paintLitCommits(c: Target, scene: LanesScene, lit: Highlight): void {
  const { frame, layout, palette } = scene;
  c.fillStyle = palette.ink;
  c.beginPath();
  let last = -Infinity;
  layout.commitTransaction.forEach((transaction, k) => {
    if (!lit.transactions.has(transaction)) return;
    const x = xOf(scene, layout.commitTime[k]);
    if (x < last + 1 || x < frame.left || x > frame.right) return;
    const y = rung(scene, k + 0.5);
    c.moveTo(x, y);
    c.arc(x, y, 4, 0, 7);
    last = x;
  });
  c.fill();
}

function paintAborts(c: Target, scene: LanesScene): void {
  const { frame, layout, palette, span, playhead } = scene;
  const until = playhead?.step ?? Infinity;
  const seen = layout.aborts.filter((abort) => abort.time >= span.start && abort.time <= span.end && abort.event < until);
  const few = seen.length <= MANY_ABORTS;
  const last = new Float64Array(layout.workers).fill(-Infinity);
  c.strokeStyle = c.fillStyle = palette.state.aborted;
  c.lineWidth = 1.25;
  c.beginPath();
  for (const abort of seen) {
    const x = xOf(scene, abort.time);
    if (!few && Math.abs(x - last[abort.worker]) < CROSS_DISTANCE) continue;
    last[abort.worker] = x;
    cross(c, x, middle(frame, abort.worker));
  }
  c.stroke();
  if (few) for (const abort of seen) paintArrow(c, scene, abort);
}

function paintLitAborts(c: Target, scene: LanesScene, lit: Highlight): void {
  const { frame, layout, palette, span, playhead } = scene;
  const until = playhead?.step ?? Infinity;
  const seen = layout.aborts.filter(
    (abort) => abort.time >= span.start && abort.time <= span.end && abort.event < until && (lit.event >= 0 ? lit.event === abort.event : lit.transactions.has(abort.transaction)),
  );
  c.strokeStyle = c.fillStyle = palette.state.aborted;
  c.lineWidth = 2.5;
  c.beginPath();
  for (const abort of seen) cross(c, xOf(scene, abort.time), middle(frame, abort.worker));
  c.stroke();
  if (seen.length <= MANY_LIT) for (const abort of seen) paintArrow(c, scene, abort);
}

/** The abort itself, where it was found. */
function cross(c: Target, x: number, y: number): void {
  c.moveTo(x - 4, y - 4);
  c.lineTo(x + 4, y + 4);
  c.moveTo(x + 4, y - 4);
  c.lineTo(x - 4, y + 4);
}

function middle(frame: LanesFrame, lane: number): number {
  return frame.laneTop + (lane + 0.5) * frame.laneHeight;
}

/** From the write that caused an abort to the abort. */
function paintArrow(c: Target, scene: LanesScene, abort: Abort): void {
  if (!abort.source) return;
  const { frame } = scene;
  const x0 = xOf(scene, abort.source.time);
  const y0 = middle(frame, abort.source.worker);
  const x1 = xOf(scene, abort.time);
  const y1 = middle(frame, abort.worker);
  const level = abort.worker === abort.source.worker;
  const mx = (x0 + x1) / 2 + (level ? 0 : 14);
  const my = (y0 + y1) / 2 - (level ? frame.laneHeight * 0.9 : 0);
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

/** The playhead, and the event that has brought it there: an attempt's outline, or an abort with its cause. */
function paintPresent(c: Target, scene: LanesScene): void {
  if (scene.playhead === null) return;
  const { frame, palette, playhead, layout, events } = scene;
  const event = playhead.step - 1;
  if (event >= 0) paintOutline(c, scene, event, palette.ink);
  const abort = event >= 0 && events.kind[event] === ABORTED ? layout.aborts.find((abort) => abort.event === event) : undefined;
  if (abort) {
    c.strokeStyle = c.fillStyle = palette.state.aborted;
    c.lineWidth = 2.5;
    c.beginPath();
    cross(c, xOf(scene, abort.time), middle(frame, abort.worker));
    c.stroke();
    paintArrow(c, scene, abort);
  }
  const x = Math.round(xOf(scene, playhead.time)) + 0.5;
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
