import { html, nothing, type TemplateResult } from "lit";
import type { Report } from "../engine/types.ts";
import { elements } from "../gallery/text.ts";
import type { Finding } from "../lessons/condition.ts";
import { filled, findings, lessons, type Findings, type Lesson } from "../lessons/lesson.ts";
import { openLesson, type LessonSession } from "../lessons/session.ts";
import { isStale, type State } from "../state/state.ts";
import { lessons as words } from "../text/lessons.ts";
import { StoreElement } from "./element.ts";

/** The lesson that is open, beside the figures: its text, what it asks and how the last run stands to that. Emits `run`. */
export class LessonPanel extends StoreElement {
  static override properties = { ...StoreElement.properties, session: { attribute: false } };
  declare session: LessonSession;
  /** The number whose heading has had the focus. */
  #focused: number | null = null;
  /** The texts as nodes, and of what: they are not made again with every keystroke in the editor. */
  #words: { readonly lesson: Lesson; readonly report: Report | null; readonly body: Node[]; readonly question: Node[] } | null = null;

  protected override watch(state: State): readonly unknown[] {
    return [state.lessons, state.finished, state.run.kind, state.text, state.options];
  }

  override render(): TemplateResult | typeof nothing {
    const { number, pinned } = this.state.lessons;
    const lesson = openLesson(this.state);
    if (lesson === null || number === null) return nothing;
    const { body, question } = this.#read(lesson, pinned?.report ?? null);
    return html`<section class="guide" aria-label=${words.lesson} data-testid="lesson">
      <header>
        ${this.#choice(number)}
        <button type="button" data-testid="leave-lessons" @click=${() => this.session.leave()}>${words.leave}</button>
      </header>
      <div class="text" tabindex="0" role="region" aria-labelledby="lesson-title">
        <h2 id="lesson-title" tabindex="-1">${words.title(number, html`<span lang="en">${lesson.title}</span>`)}</h2>
        <div class="words" lang="en">${body}</div>
        <h3>${words.question}</h3>
        <div class="words" lang="en" data-testid="question">${question}</div>
        ${this.#outcome(lesson)} ${this.#help(lesson)}
        <nav class="pages" aria-label=${words.lessons}>
          <button type="button" ?disabled=${number === 1} @click=${() => void this.session.open(number - 1)}>${words.previous}</button>
          <button type="button" data-testid="next-lesson" ?disabled=${number === lessons.length} @click=${() => void this.session.open(number + 1)}>${words.next}</button>
        </nav>
        <label class="remember"><input type="checkbox" .checked=${this.session.remembers} @change=${this.#remember} /> ${words.remember}</label>
      </div>
    </section>`;
  }

  override updated(): void {
    const { number } = this.state.lessons;
    if (number === this.#focused) return;
    this.#focused = number;
    // Whoever goes to a lesson reads from its heading on, and a screen reader says it.
    this.querySelector<HTMLElement>("#lesson-title")?.focus();
  }

  #read(lesson: Lesson, report: Report | null): { readonly body: Node[]; readonly question: Node[] } {
    if (this.#words?.lesson !== lesson || this.#words.report !== report) {
      const nodes = (parts: Lesson["body"]): Node[] => elements(filled(parts, report));
      this.#words = { lesson, report, body: nodes(lesson.body), question: nodes(lesson.question) };
    }
    return this.#words;
  }

  #choice(open: number): TemplateResult {
    const { solved } = this.state.lessons;
    return html`<label class="menu"><span class="sr">${words.lesson}</span>
      <select data-testid="lesson-choice" @change=${(event: Event) => void this.session.open(Number((event.target as HTMLSelectElement).value))}>
        ${lessons.map(({ title }, index) => {
          const number = index + 1;
          return html`<option lang="en" value=${number} .selected=${number === open}>${words.listed(number, title, solved.includes(number))}</option>`;
        })}
      </select></label>
      <span class="quiet" data-testid="progress">${words.progress(solved.length, lessons.length)}</span>`;
  }

  /** How the last run stands, and what has been changed since. */
  #outcome(lesson: Lesson): TemplateResult {
    const { finished, run } = this.state;
    const stale = isStale(this.state) || finished === null;
    const found = finished && !stale ? findings(lesson, finished.report) : null;
    return html`<div class="outcome" data-state=${found?.solved ? "solved" : "open"}>
      <button type="button" class="primary" data-testid="check" ?disabled=${run.kind === "running"} @click=${this.#check}>${words.check}</button>
      <div role="status" data-testid="feedback">
        <p class="sentence">${this.#sentence(found)}</p>
        ${found && !found.solved
          ? html`<ul>
              ${[...found.check, ...found.keep.filter(({ met }) => !met)].map(
                ({ met, words: how }: Finding) => html`<li data-met=${String(met)}><span aria-hidden="true">${met ? "✓" : "○"}</span> <span class="sr">${met ? words.met : words.notMet}</span> <span lang="en">${how}</span></li>`,
              )}
            </ul>`
          : nothing}
      </div>
    </div>`;
  }

  #sentence(found: Findings | null): unknown {
    const { run, lessons: at } = this.state;
    if (run.kind === "running") return words.running;
    if (run.kind === "failed") return run.code === "invalid" ? words.invalid : words.failed(html`<span lang="en">${run.message}</span>`);
    if (found === null) return words.stale;
    if (found.solved) return at.told ? words.told : words.solved;
    return found.keep.every(({ met }) => met) ? words.notYet : words.gone;
  }

  #help(lesson: Lesson): TemplateResult {
    const { hints } = this.state.lessons;
    const left = lesson.hints.length - hints;
    return html`<div class="help">
      ${hints > 0 ? html`<ol lang="en" data-testid="hints">${lesson.hints.slice(0, hints).map((hint) => html`<li>${hint}</li>`)}</ol>` : nothing}
      <p>
        ${left > 0
          ? html`<button type="button" data-testid="hint" @click=${() => this.store.dispatch({ type: "lessonHint" })}>${(hints === 0 ? words.hint : words.anotherHint)(left)}</button>`
          : html`<button type="button" data-testid="show-me" @click=${() => this.session.tell()}>${words.showMe}</button>`}
        <button type="button" data-testid="start-over" @click=${() => void this.session.open(this.state.lessons.number ?? 1)}>${words.startOver}</button>
      </p>
    </div>`;
  }

  #check = (): void => {
    if (isStale(this.state) || this.state.finished === null || this.state.run.kind === "failed") this.dispatchEvent(new CustomEvent("run", { bubbles: true }));
  };

  #remember = (event: Event): void => {
    this.session.remember((event.target as HTMLInputElement).checked);
    this.requestUpdate();
  };
}

customElements.define("lesson-panel", LessonPanel);
