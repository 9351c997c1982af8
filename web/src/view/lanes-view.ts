import { html, type TemplateResult } from "lit";
import type { Report } from "../engine/types.ts";
import { ABORTED, BLOCKED, COMMITTED, KINDS } from "../layout/kinds.ts";
import { barAt, newRuns, type Runs } from "../layout/lanes.ts";
import { clamp } from "../layout/scale.ts";
import { moveSpan, zoomSpan, type Span } from "../layout/viewport.ts";
import { atTime } from "../state/playhead.ts";
import type { Selection } from "../state/state.ts";
import { lanes as words, nouns } from "../text/page.ts";
import type { Column } from "./data-table.ts";
import "./data-table.ts";
import { derive, progressAt } from "./derived.ts";
import { time, word } from "./format.ts";
import type { Gestures } from "./gestures.ts";
import { frameOf, paintLanes, paintLanesLit, xOf, type LanesFrame, type LanesScene } from "./lanes-paint.ts";
import type { Palette } from "./paint.ts";
import { Picture, type Light } from "./picture.ts";
import { term, termed } from "./term.ts";

/** Lanes and attempts that an arrow key goes on by. */
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [0, 1],
  ArrowLeft: [0, -1],
  ArrowDown: [1, 0],
  ArrowUp: [-1, 0],
};

/** The timeline: what each worker did, and when. */
export class LanesView extends Picture {
  protected override get heading(): unknown {
    return words.heading;
  }
  protected override readonly stops = "event";
  #span: Span = { start: 0, end: 1 };
  #runs: Runs = newRuns(1);

  protected override facts({ timeline, verdict }: Report): TemplateResult {
    return html`${words.facts(timeline.workers, time(timeline.duration, timeline.unit), verdict.attempts, verdict.aborts)}`;
  }

  protected override nothingToDraw(report: Report | null): string | null {
    if (report === null) return words.notYet;
    return report.timeline.events.kind.length === 0 ? words.empty : null;
  }

  protected override describe(report: Report): { label: string; keys: string } {
    return {
      label: words.label(report.timeline.workers),
      keys: words.keys,
    };
  }

  protected override below(): TemplateResult {
    return html`<ul class="legend" aria-label=${words.legend}>
      <li><i class="swatch critical"></i>${term("critical-path")}</li>
      <li>${words.legendAttempt(html`<span class="mono">7.1</span>`, termed("incarnation"))}</li>
    </ul>`;
  }

  protected override table(report: Report): TemplateResult {
    const { events, causes, unit } = report.timeline;
    const why = (i: number): unknown => {
      if (events.kind[i] === ABORTED) return html`<span lang="en">${causes[events.cause[i]]?.sentence ?? ""}</span>`;
      if (events.kind[i] === BLOCKED) return events.cause[i] >= 0 ? words.waitsFor(events.cause[i]) : "";
      return "";
    };
    const columns: Column[] = [
      { id: "start", head: words.from, numeric: true, cell: (i) => time(events.start[i], unit) },
      { id: "end", head: words.to, numeric: true, cell: (i) => time(events.end[i], unit) },
      { id: "worker", head: words.worker, numeric: true, cell: (i) => events.worker[i] },
      { id: "transaction", head: "#", numeric: true, cell: (i) => events.transaction[i] },
      { id: "incarnation", head: term("incarnation", words.incarnation), numeric: true, cell: (i) => events.incarnation[i] },
      { id: "kind", head: words.what, cell: (i) => nouns.states[KINDS[events.kind[i]]] },
      { id: "cause", head: words.why, cell: (i) => why(i) },
    ];
    const { selection } = this.shown;
    return html`<data-table
      label=${words.tableLabel}
      .columns=${columns}
      .count=${events.kind.length}
      .chosen=${selection?.kind === "event" ? selection.index : -1}
      @row-choose=${(e: CustomEvent<number>) => this.select({ kind: "event", index: e.detail })}
    ></data-table>`;
  }

  protected override canvasHeight(): number {
    return this.#frame().height;
  }

  protected override reportChanged(): void {
    this.span = { start: 0, end: this.duration };
  }

  protected override resized(): void {
    this.#runs = newRuns(this.width);
  }

  #frame(): LanesFrame {
    return frameOf(this.report?.timeline.workers ?? 1, Math.max(1, this.width));
  }

  /** A playhead that leaves the stretch that is looked at takes it along. */
  override willUpdate(): void {
    super.willUpdate();
    const { playhead } = this.shown;
    const { span } = this;
    if (!this.report || !playhead || (playhead.time >= span.start && playhead.time <= span.end)) return;
    this.span = moveSpan(span, playhead.time - (span.start + span.end) / 2, this.duration);
  }

  protected override paint(context: CanvasRenderingContext2D, palette: Palette, report: Report): void {
    paintLanes(context, this.#scene(palette, report));
  }

  protected override paintLit(context: CanvasRenderingContext2D, palette: Palette, report: Report, light: Light): void {
    paintLanesLit(context, this.#scene(palette, report), light);
  }

  #scene(palette: Palette, report: Report): LanesScene {
    const { lanes, criticalSet } = derive(report);
    const { playhead } = this.shown;
    return {
      layout: lanes,
      events: report.timeline.events,
      frame: this.#frame(),
      span: this.span,
      palette,
      playhead,
      progress: progressAt(report, playhead),
      critical: criticalSet,
      runs: this.#runs,
      time: (value) => time(value, report.timeline.unit),
      caption: (t) => report.transactions[t].label ?? report.transactions[t].call ?? "",
    };
  }

  protected override ownGestures(): Pick<Gestures, "press" | "scrub"> {
    return {
      press: (x, y) => {
        if (y > this.#frame().laneTop) return false;
        this.#seek(this.#timeAt(x));
        return true;
      },
      scrub: (x) => this.#seek(this.#timeAt(x)),
    };
  }

  protected override walk(key: string, from: number): number | null {
    const step = STEPS[key];
    if (!step) return null;
    const [lanes, attempts] = step;
    const { lanes: layout } = derive(this.report!);
    const bars = layout.attempts;
    if (bars.event.length === 0) return null;
    const at = bars.event.indexOf(from);
    if (at < 0) return bars.event[0];
    let lane = 0;
    while (bars.offsets[lane + 1] <= at) lane++;
    if (attempts !== 0) return bars.event[clamp(at + attempts, bars.offsets[lane], bars.offsets[lane + 1] - 1)];
    const found = barAt(bars, clamp(lane + lanes, 0, layout.workers - 1), (bars.start[at] + bars.end[at]) / 2, layout.duration);
    return found < 0 ? from : bars.event[found];
  }

  protected override reveal(selection: Selection): void {
    if (selection.kind !== "event") return;
    const { start, end } = this.report!.timeline.events;
    const from = start[selection.index];
    const to = end[selection.index];
    if (from >= this.span.start && to <= this.span.end) return;
    this.#look(moveSpan(this.span, (from + to) / 2 - (this.span.start + this.span.end) / 2, this.duration));
  }

  protected override hit(x: number, y: number): Selection | null {
    const { report } = this;
    const frame = this.#frame();
    if (!report || x < frame.left || x > frame.right) return null;
    const { lanes } = derive(report);
    const scene = { frame, span: this.span };
    const reach = (4 / (frame.right - frame.left)) * (this.span.end - this.span.start);
    for (const abort of lanes.aborts) {
      const middle = frame.laneTop + (abort.worker + 0.5) * frame.laneHeight;
      if (Math.abs(xOf(scene, abort.time) - x) < 6 && Math.abs(middle - y) < 7) return { kind: "event", index: abort.event };
    }
    const lane = Math.floor((y - frame.laneTop) / frame.laneHeight);
    if (lane < 0 || lane >= lanes.workers) return null;
    const bar = barAt(lanes.attempts, lane, this.#timeAt(x), reach);
    return bar < 0 ? null : { kind: "event", index: lanes.attempts.event[bar] };
  }

  /** An event in words: for an abort who, where, what was read and what stands there now. */
  protected override words({ index: event }: Selection): string {
    const report = this.report!;
    const { events, causes, unit } = report.timeline;
    const t = events.transaction[event];
    const attempt = words.attempt(t, events.incarnation[event]);
    const { lanes } = derive(report);
    const abort = lanes.aborts.find((a) => a.transaction === t && events.incarnation[a.event] === events.incarnation[event]);
    if (abort && events.kind[event] !== COMMITTED) {
      const cause = causes[abort.cause];
      const place = report.locations[cause.location].label;
      return words.aborted(attempt, cause.by, place, word(cause.read), word(cause.now));
    }
    if (events.kind[event] === BLOCKED) return words.blocked(attempt, events.cause[event]);
    const call = report.transactions[t].call ?? report.transactions[t].label ?? "";
    const length = events.end[event] - events.start[event];
    return words.executed(attempt, call, time(events.start[event], unit), time(length, unit), events.worker[event]);
  }

  /** Up to when there is something to see, in the timeline's unit. */
  protected get duration(): number {
    return Math.max(1e-9, this.report?.timeline.duration ?? 1);
  }

  /** The stretch of time that is looked at. */
  protected get span(): Span {
    return this.#span;
  }

  protected set span(span: Span) {
    this.#span = span;
  }

  #timeAt(x: number): number {
    const frame = this.#frame();
    const share = (x - frame.left) / (frame.right - frame.left);
    return this.span.start + share * (this.span.end - this.span.start);
  }

  protected override pan(dx: number): void {
    const frame = this.#frame();
    const share = -dx / (frame.right - frame.left);
    this.#look(moveSpan(this.span, share * (this.span.end - this.span.start), this.duration));
  }

  protected override zoom(factor: number, x?: number): void {
    const about = x === undefined ? (this.span.start + this.span.end) / 2 : this.#timeAt(x);
    this.#look(zoomSpan(this.span, factor, about, this.duration));
  }

  protected override fit(): void {
    this.#look({ start: 0, end: this.duration });
  }

  #look(span: Span): void {
    this.span = span;
    this.draw();
  }

  #seek(to: number): void {
    this.ask({ type: "playhead", playhead: atTime(this.report!.timeline.events, to) });
  }
}

customElements.define("lanes-view", LanesView);
