import { html, nothing, type TemplateResult } from "lit";
import { counterpart } from "../compare/match.ts";
import type { Report } from "../engine/types.ts";
import { ABORTED, KINDS } from "../layout/kinds.ts";
import { STATES, type TransactionState } from "../layout/progress.ts";
import { lengthOf, momentAt, momentOfA, momentOfB, onOneClock, pairOf, timeOf, whereIn, type Moment, type Pair } from "../state/kept.ts";
import { largeStep, START, stepped, type Playhead } from "../state/playhead.ts";
import type { State } from "../state/state.ts";
import { nouns, replay as replaying } from "../text/page.ts";
import { pair as words } from "../text/pair.ts";
import { progressAt, selected } from "./derived.ts";
import { integer, time } from "./format.ts";
import { comparedOf, PairElement, type Compared } from "./pair-element.ts";
import { name, type Side } from "./pair-lanes.ts";
import { SPEEDS } from "./replay-bar.ts";

const SIDES: readonly Side[] = ["a", "b"];
/** The order in which a transaction goes through them. */
const SHOWN: readonly TransactionState[] = ["waiting", "executing", "executed", "validated", "committed", "aborted", "blocked"];

/**
 * Goes through both runs at once: by time, which they share, or by the events of one of them, while the other follows. Says of
 * each how far it is, what happened last, and how many transactions are in which state.
 */
export class PairBar extends PairElement {
  static override properties = { ...PairElement.properties, leading: { state: true } };
  /** Whose events are stepped by. */
  declare leading: Side;

  constructor() {
    super();
    this.leading = "b";
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.finished, state.kept, state.playhead, state.playing, state.speed, state.selection];
  }

  override render(): TemplateResult | typeof nothing {
    const pair = comparedOf(this.state);
    if (!pair) return nothing;
    const { playing, speed } = this.state;
    const moment = this.#moment;
    const length = lengthOf(pair.a.report, pair.b.report);
    const at = timeOf(pair, moment);
    const place = this.#place(pair, at ?? length, length);
    const where = (side: Side): string => position(pair[side].report, side === "a" ? moment.kept : moment.playhead);
    return html`<div class="transport" role="group" aria-label=${words.replay} @keydown=${this.#key}>
        <button type="button" class="icon" aria-label=${replaying.back} data-tip=${replaying.backTip} @click=${() => this.#step(-1)}>◀</button>
        <button type="button" class="icon" aria-label=${replaying.on} data-tip=${replaying.onTip} @click=${() => this.#step(1)}>▶</button>
        <button type="button" class="icon wide" @click=${this.#toggle}>${playing ? replaying.pause : words.play}</button>
        <input
          type="range"
          aria-label=${words.moment}
          aria-valuetext=${words.at(place, where("a"), where("b"))}
          min="0"
          max=${length}
          step="any"
          .value=${String(at ?? length)}
          @input=${(e: Event) => this.#scrub(pair, Number((e.target as HTMLInputElement).value), length)}
        />
        <output class="mono">${place}</output>
        <span class="segments" role="group" aria-label=${words.eventsOf}>
          ${SIDES.map((side) => html`<button type="button" aria-pressed=${String(side === this.leading)} @click=${() => (this.leading = side)}>${name(side)}</button>`)}
        </span>
        <select aria-label=${replaying.speed} @change=${(e: Event) => this.store.dispatch({ type: "speed", speed: Number((e.target as HTMLSelectElement).value) })}>
          ${SPEEDS.map((value) => html`<option value=${value} .selected=${value === speed}>${value < 1 ? `1/${1 / value}` : value}×</option>`)}
        </select>
      </div>
      ${SIDES.map((side) => this.#side(pair, side, where(side)))}`;
  }

  /** One run at this moment. */
  #side(pair: Compared, side: Side, where: string): TemplateResult {
    const { report } = pair[side];
    const playhead = side === "a" ? this.#moment.kept : this.#moment.playhead;
    const { counts } = progressAt(report, playhead);
    return html`<div class="moment" data-testid="moment-${side}">
      <p><strong class="side">${name(side)}</strong> <span class="mono">${where}</span> ${happened(report, playhead)} ${this.#selected(pair, side, playhead)}</p>
      <ul class="legend states" aria-label=${words.states(name(side))}>
        ${SHOWN.map((state) => html`<li><i class="swatch ${state}"></i><span class="mono">${integer(counts[STATES.indexOf(state)])}</span> ${nouns.states[state]}</li>`)}
      </ul>
    </div>`;
  }

  /** What has become of the selected transaction in this run. */
  #selected(pair: Compared, side: Side, playhead: Playhead | null): string {
    const { kept, selection } = this.state;
    const inB = kept?.selection ? null : selected(this.state);
    const own = kept?.selection ? (side === "a" ? transactionOfA(pair.a.report, kept.selection) : null) : inB;
    if (own === null) return kept?.selection ? words.selectedMissing : "";
    const there = side === "b" || kept?.selection ? own : (counterpart(pair.difference.match, { kind: "transaction", index: own }, "toA", pair.b.report)?.index ?? null);
    if (there === null) return selection ? words.selectedMissing : "";
    return words.selected(there, nouns.states[progressAt(pair[side].report, playhead).stateOf(there)]);
  }

  /** The moment in words: a time, or how much is over where there is no time that both have. */
  #place({ a, b }: Pair, at: number, length: number): string {
    return onOneClock(a.report, b.report) ? time(at, b.report.timeline.unit) : words.share(percent(at, length));
  }

  get #moment(): Moment {
    return { kept: this.state.kept?.playhead ?? null, playhead: this.state.playhead };
  }

  #go(moment: Moment): void {
    this.store.dispatch({ type: "playhead", ...moment });
  }

  #scrub({ a, b }: Pair, to: number, length: number): void {
    this.#go(to >= length ? { kept: null, playhead: null } : momentAt(a.report, b.report, to));
  }

  #step(by: number): void {
    const { a, b } = pairOf(this.state)!;
    const { kept, playhead } = this.#moment;
    if (this.leading === "a") this.#go(momentOfA(a.report, b.report, stepped(a.report.timeline.events, kept, by)));
    else this.#go(momentOfB(a.report, b.report, stepped(b.report.timeline.events, playhead, by)));
  }

  #toggle = (): void => this.store.dispatch({ type: "play", playing: !this.state.playing });

  #key = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const pair = pairOf(this.state);
    if (!pair || event.altKey || event.ctrlKey || event.metaKey || target.matches("select")) return;
    const size = event.shiftKey ? largeStep(pair[this.leading].report.timeline.events) : 1;
    switch (event.key) {
      case "ArrowLeft":
      case "ArrowDown":
        this.#step(-size);
        break;
      case "ArrowRight":
      case "ArrowUp":
        this.#step(size);
        break;
      case "Home":
        this.#go({ kept: START, playhead: START });
        break;
      case "End":
        this.#go({ kept: null, playhead: null });
        break;
      case " ":
        // A button is pressed by it.
        if (target.matches("button")) return;
        this.#toggle();
        break;
      default:
        return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
}

function transactionOfA({ timeline }: Report, { kind, index }: NonNullable<State["selection"]>): number | null {
  return kind === "transaction" ? index : kind === "event" ? timeline.events.transaction[index] : null;
}

function position(report: Report, playhead: Playhead | null): string {
  const { events, unit } = report.timeline;
  const { step, time: now } = whereIn(report, playhead);
  return `${words.event(integer(step), integer(events.kind.length))} · ${playhead === null ? `${words.over}, ` : ""}${time(now, unit)}`;
}

/** The last event: of an abort in the engine's words, which say why. */
function happened({ timeline: { events, causes } }: Report, playhead: Playhead | null): string {
  if (playhead === null) return words.ended;
  const i = playhead.step - 1;
  if (i < 0) return words.begins;
  if (events.kind[i] === ABORTED) return causes[events.cause[i]]?.sentence ?? "";
  const kind = KINDS[events.kind[i]] as keyof typeof words.last;
  return words.last[kind](events.transaction[i], events.incarnation[i], events.worker[i]);
}

function percent(part: number, whole: number): string {
  return `${whole > 0 ? Math.round((100 * part) / whole) : 100} %`;
}

customElements.define("pair-bar", PairBar);
