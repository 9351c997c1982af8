import { html, nothing, type TemplateResult } from "lit";
import type { Report } from "../engine/types.ts";
import { ABORTED } from "../layout/kinds.ts";
import { STATES, type TransactionState } from "../layout/progress.ts";
import { atStep, largeStep, START, stepped, type Playhead } from "../state/playhead.ts";
import type { State } from "../state/state.ts";
import { nouns, replay as words } from "../text/page.ts";
import { derive, derivedInTasks, progressAt } from "./derived.ts";
import { StoreElement } from "./element.ts";
import { integer, time } from "./format.ts";
import { term } from "./term.ts";

export const SPEEDS = [1 / 16, 1 / 4, 1 / 2, 1, 2, 4] as const;
/** Milliseconds without a step before a sentence is read aloud. */
const SILENCE = 500;
/** The order in which a transaction goes through them. */
const SHOWN: readonly TransactionState[] = ["waiting", "executing", "executed", "validated", "committed", "aborted", "blocked"];
/** Some have an explanation. */
const NAMES: Readonly<Record<TransactionState, unknown>> = {
  ...nouns.states,
  validated: term("validation", nouns.states.validated),
  committed: term("commit", nouns.states.committed),
  aborted: term("abort", nouns.states.aborted),
  blocked: term("blocked", nouns.states.blocked),
};

/**
 * Steps through a run, and says where it is: how far, and how many transactions are in which state. The arrow keys step here,
 * and wherever nothing else has the focus.
 */
export class ReplayBar extends StoreElement {
  static override properties = { ...StoreElement.properties, spoken: { state: true } };
  /** The sentence once nothing has moved for a while: what is read aloud. */
  declare spoken: string;
  #silence: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.spoken = "";
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.finished, state.playhead, state.playing, state.speed, state.told];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("keydown", this.#key);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("keydown", this.#key);
    clearTimeout(this.#silence);
  }

  /** Where a large run has come to is not worked out in the task in which it has finished. */
  protected override async scheduleUpdate(): Promise<void> {
    const report = this.#report;
    if (report) await derivedInTasks(report);
    super.scheduleUpdate();
  }

  override render(): TemplateResult | typeof nothing {
    const report = this.#report;
    if (!report) return nothing;
    const { playhead, playing, speed } = this.state;
    const { events, duration, unit } = report.timeline;
    const total = events.kind.length;
    const step = playhead?.step ?? total;
    const now = time(playhead?.time ?? duration, unit);
    const many = derive(report).lanes.aborts.length > 0;
    return html`<div class="transport" role="group" aria-label=${words.label}>
        <button type="button" class="icon" aria-label=${words.back} data-tip=${words.backTip} @click=${() => this.#step(-1)}>◀</button>
        <button type="button" class="icon" aria-label=${words.on} data-tip=${words.onTip} @click=${() => this.#step(1)}>▶</button>
        <button type="button" class="icon wide" aria-label=${playing ? words.pause : words.play} data-tip=${playing ? words.pauseTip : words.playTip} @click=${this.#toggle}>
          ${playing ? words.pause : words.play}
        </button>
        <input
          type="range"
          aria-label=${words.playhead}
          aria-valuetext=${words.position(step, total, now)}
          min="0"
          max=${total}
          .value=${String(step)}
          @input=${(e: Event) => this.#go(atStep(events, Number((e.target as HTMLInputElement).value)))}
        />
        <output class="mono">${integer(step)} / ${integer(total)} · ${now}</output>
        ${many ? html`<button type="button" class="icon wide" data-tip=${words.nextAbortTip} @click=${() => this.#nextAbort(report)}>${words.nextAbort}</button>` : nothing}
        <select aria-label=${words.speed} @change=${(e: Event) => this.store.dispatch({ type: "speed", speed: Number((e.target as HTMLSelectElement).value) })}>
          ${SPEEDS.map((value) => html`<option value=${value} .selected=${value === speed}>${value < 1 ? `1/${1 / value}` : value}×</option>`)}
        </select>
      </div>
      ${this.#counts(report)}
      <p class="sentence" lang=${this.#told ? "en" : nothing} data-testid="sentence">${this.#sentence()}</p>
      <p class="sr" role="status" lang=${this.#told ? "en" : nothing}>${this.spoken}</p>`;
  }

  override updated(): void {
    clearTimeout(this.#silence);
    const sentence = this.#sentence();
    if (sentence === this.spoken || this.state.playing) return;
    this.#silence = setTimeout(() => (this.spoken = sentence), SILENCE);
  }

  /** Whether it is the engine's sentence that is shown. */
  get #told(): boolean {
    const { finished, playhead, told } = this.state;
    return playhead !== null && told?.of === finished && told?.told != null;
  }

  /** In the engine's words. Until they have come, those of a moment ago. */
  #sentence(): string {
    const { finished, playhead, told } = this.state;
    if (playhead === null) return words.over;
    if (told?.of !== finished) return "";
    return told!.told?.sentence ?? words.forgotten;
  }

  #counts(report: Report): TemplateResult {
    const { counts } = progressAt(report, this.state.playhead);
    return html`<ul class="legend states" aria-label=${words.states} data-testid="states">
      ${SHOWN.map((state) => html`<li><i class="swatch ${state}"></i><span class="mono">${integer(counts[STATES.indexOf(state)])}</span> ${NAMES[state]}</li>`)}
    </ul>`;
  }

  get #report(): Report | null {
    const report = this.state.finished?.report;
    return report && report.timeline.events.kind.length > 0 ? report : null;
  }

  #go(playhead: Playhead | null): void {
    this.store.dispatch({ type: "playhead", playhead });
  }

  #step(by: number): void {
    this.#go(stepped(this.#report!.timeline.events, this.state.playhead, by));
  }

  #toggle = (): void => this.store.dispatch({ type: "play", playing: !this.state.playing });

  #nextAbort({ timeline: { events } }: Report): void {
    let event = this.state.playhead?.step ?? 0;
    while (event < events.kind.length && events.kind[event] !== ABORTED) event++;
    this.#go(atStep(events, event + 1));
  }

  #key = (event: KeyboardEvent): void => {
    const report = this.#report;
    const target = event.composedPath()[0];
    if (!report || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || !(target instanceof HTMLElement)) return;
    const here = this.contains(target) && !target.matches("select");
    if (!here && target !== document.body) return;
    const { events } = report.timeline;
    const size = event.shiftKey ? largeStep(events) : 1;
    switch (event.key) {
      case "ArrowLeft":
        this.#step(-size);
        break;
      case "ArrowRight":
        this.#step(size);
        break;
      case " ":
        // A button is pressed by it.
        if (target.matches("button")) return;
        this.#toggle();
        break;
      case "Home":
      case "End":
        // Where nothing has the focus they scroll the page.
        if (!here) return;
        this.#go(event.key === "Home" ? START : null);
        break;
      default:
        return;
    }
    event.preventDefault();
  };
}

customElements.define("replay-bar", ReplayBar);
