import { html, nothing, type TemplateResult } from "lit";
import { counterpart } from "../compare/match.ts";
import type { Report } from "../engine/types.ts";
import type { Span } from "../layout/viewport.ts";
import { lengthOf, momentOfA, momentOfB, paceOf, pairOf, type Kept } from "../state/kept.ts";
import type { Selection, State } from "../state/state.ts";
import { pair as words } from "../text/pair.ts";
import { STRATEGIES } from "./choices.ts";
import type { Shown } from "./derived.ts";
import { factor } from "./format.ts";
import { LanesView } from "./lanes-view.ts";
import { comparedInTasks, comparedOf } from "./pair-element.ts";
import type { Asked } from "./picture.ts";

/** The two runs: the one that is kept, and the finished one. */
export type Side = "a" | "b";

/** The stretch of time that both pictures look at, in B's unit. */
export class Sight {
  #span: Span = { start: 0, end: 1 };
  #watchers = new Set<() => void>();

  get span(): Span {
    return this.#span;
  }

  set span(span: Span) {
    this.#span = span;
    for (const look of this.#watchers) look();
  }

  /** Calls back whenever the stretch changes; returns how to stop that. */
  watch(look: () => void): () => void {
    this.#watchers.add(look);
    return () => this.#watchers.delete(look);
  }
}

/** The lanes of one of the two runs, on an axis that is as long as the longer of them. */
export class PairLanes extends LanesView {
  static override properties = { ...LanesView.properties, side: { attribute: false }, sight: { attribute: false } };
  declare side: Side;
  declare sight: Sight;
  #leave: (() => void) | null = null;
  /** What is shown of A, and of what that was made: pictures tell by its identity whether anything has changed. */
  #ofA: { readonly of: readonly unknown[]; readonly shown: Shown } | null = null;

  protected override get heading(): unknown {
    const options = this.report?.options;
    return html`<span class="side">${name(this.side)}</span> ${options ? STRATEGIES[options.strategy].name : nothing}`;
  }

  protected override describe(): { label: string; keys: string } {
    return { label: words.lanes(name(this.side)), keys: words.lanesKeys };
  }

  protected override facts(report: Report): TemplateResult {
    return html`<strong class="mono">${factor(report.verdict.speedup)}</strong> · ${super.facts(report)}`;
  }

  /** The marks are explained below both pictures, and in the panel of the lanes. */
  protected override below(): TemplateResult {
    return html``;
  }

  protected override watch(state: State): readonly unknown[] {
    return [...super.watch(state), state.kept];
  }

  protected override async scheduleUpdate(): Promise<void> {
    await comparedInTasks(this.state);
    return super.scheduleUpdate();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#leave = this.sight.watch(() => this.draw());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave?.();
  }

  protected override get shown(): Shown {
    const { state } = this;
    return this.side === "b" || state.kept === null ? state : this.#shownOfA(state, state.kept);
  }

  #shownOfA(state: State, kept: Kept): Shown {
    const { finished, selection, hover, granularity } = state;
    const of = [kept, finished, selection, hover, granularity, comparedOf(state)?.difference];
    if (this.#ofA?.of.every((value, i) => value === of[i])) return this.#ofA.shown;
    const pair = comparedOf(state);
    const there = (it: Selection | null): Selection | null => pair && counterpart(pair.difference.match, it, "toA", pair.b.report);
    const shown = { finished: kept.run, playhead: kept.playhead, selection: kept.selection ?? there(selection), hover: there(hover), granularity };
    this.#ofA = { of, shown };
    return shown;
  }

  protected override ask(action: Asked): void {
    const pair = comparedOf(this.state);
    if (!pair) return;
    const [a, b] = [pair.a.report, pair.b.report];
    if (action.type === "playhead") {
      const moment = this.side === "a" ? momentOfA(a, b, action.playhead) : momentOfB(a, b, action.playhead);
      return this.store.dispatch({ type: "playhead", ...moment });
    }
    if (this.side === "b" || action.selection === null) return this.store.dispatch(action);
    const selection = counterpart(pair.difference.match, action.selection, "toB", a);
    if (action.type === "select" && selection === null) this.store.dispatch({ type: "selectKept", selection: action.selection });
    else this.store.dispatch({ ...action, selection });
  }

  protected override get duration(): number {
    const pair = pairOf(this.state);
    return pair ? Math.max(1e-9, lengthOf(pair.a.report, pair.b.report) * this.#pace) : super.duration;
  }

  protected override get span(): Span {
    const { start, end } = this.sight.span;
    return { start: start * this.#pace, end: end * this.#pace };
  }

  protected override set span({ start, end }: Span) {
    this.sight.span = { start: start / this.#pace, end: end / this.#pace };
  }

  /** How much of this run's time goes by in one unit of B's. */
  get #pace(): number {
    const pair = this.side === "a" ? pairOf(this.state) : null;
    return pair ? paceOf(pair.a.report, pair.b.report) : 1;
  }
}

/** What a run is called. */
export function name(side: Side): string {
  return side.toUpperCase();
}

customElements.define("pair-lanes", PairLanes);
