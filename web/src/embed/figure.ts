/** A figure: the verdict, the views that were asked for, and a line to run it by. The same in a frame and in a host's document. */
import { html, nothing, type TemplateResult } from "lit";
import type { ClientOptions } from "../engine/client.ts";
import { EngineError, message } from "../engine/errors.ts";
import type { Options, Report } from "../engine/types.ts";
import { loadExample } from "../examples.ts";
import { readReport } from "../report/read.ts";
import { startSession, type Session } from "../session.ts";
import { decodeLink, linkAddress } from "../share/link.ts";
import { linkOf } from "../share/open.ts";
import { initialState, reduce, type State } from "../state/state.ts";
import { createStore } from "../state/store.ts";
import { StoreElement, type AppStore } from "../view/element.ts";
import { figure as words } from "../text/figure.ts";
import { language } from "../text/language.ts";
import { controls } from "../text/page.ts";
import { integer } from "../view/format.ts";
import { installTooltips } from "../view/term.ts";
import "../view/verdict-strip.ts";
import { LazyEngine } from "./engine.ts";
import { fetchText } from "./fetch-text.ts";
import type { View } from "./interface.ts";
import { canPopOut, popOut } from "./pop-out.ts";
import { RECORDED, showRecorded } from "./report.ts";
import { readSettings, type Settings } from "./settings.ts";
import { threadsHelp } from "./threads-help.ts";

/** Each view is loaded when a figure shows it. */
const VIEWS: Readonly<Record<View, { load: () => Promise<unknown>; show: (store: AppStore) => TemplateResult }>> = {
  graph: { load: () => import("../view/graph-view.ts"), show: (store) => html`<graph-view .store=${store}></graph-view>` },
  timeline: { load: () => import("../view/lanes-view.ts"), show: (store) => html`<lanes-view .store=${store}></lanes-view>` },
  speedup: { load: () => import("../view/speedup-chart.ts"), show: (store) => html`<speedup-chart .store=${store}></speedup-chart>` },
  locations: { load: () => import("../view/result-tables.ts"), show: (store) => html`<hot-locations .store=${store}></hot-locations>` },
  transactions: { load: () => import("../view/transaction-table.ts"), show: (store) => html`<transaction-table .store=${store}></transaction-table>` },
  detail: { load: () => import("../view/transaction-detail.ts"), show: (store) => html`<transaction-detail .store=${store}></transaction-detail>` },
  state: { load: () => import("../view/result-tables.ts"), show: (store) => html`<state-table .store=${store}></state-table>` },
};

/** What a figure tells whoever holds it. */
export interface Listener {
  run?(): void;
  report?(report: Report): void;
  error?(code: string, words: string): void;
}

/** Where the figure finds the engine, and the page that it links to. */
export interface Place {
  /** Folder of the site, with a slash at its end. */
  readonly base: string;
  readonly engine?: ClientOptions;
}

/** A figure that is there. */
export interface Figure {
  readonly report: Report | null;
  readonly running: boolean;
  /** Runs what is loaded. Rejects with an `EngineError` if there is no report, also if it is cancelled. */
  run(): Promise<Report>;
  cancel(): void;
  /** Replaces the scenario, and runs nothing. */
  load(scenario: string): Promise<void>;
  /** Shows a recorded report. Throws with words if it is none. */
  showReport(text: string): void;
  /** Throws with words if an option is not what it can be. */
  configure(options: Partial<Options>): void;
  /** Asks the reader. */
  ask(question: string): Promise<"yes" | "always" | "no">;
  dispose(): void;
}

/** Puts a figure into `root`: the views are loaded, and what the settings name is shown; nothing is run. */
export async function showFigure(root: HTMLElement | ShadowRoot, settings: Settings, place: Place, listener: Listener): Promise<Figure> {
  const store: AppStore = createStore(reduce, initialState("", null));
  const element = new EvmFigure();
  const engine = new LazyEngine({ base: new URL("wasm/", place.base).href, ...place.engine }, (waits) => (element.waits = waits));
  const session = startSession(store, engine);
  Object.assign(element, { store, session, base: place.base, view: settings.view, problems: [...settings.problems] });
  store.dispatch({ type: "configured", options: settings.options });
  if (settings.granularity) store.dispatch({ type: "granularity", granularity: settings.granularity });

  const tell = (code: string, error: unknown): void => {
    element.problems = [...element.problems, message(error)];
    listener.error?.(code, message(error));
  };
  const figure: Figure = {
    get report() {
      return store.state.finished?.report ?? null;
    },
    get running() {
      return store.state.run.kind === "running";
    },
    async run() {
      if (store.state.text === "") throw new EngineError("invalid", words.nothingToRun);
      const before = store.state.finished;
      await session.run();
      const { run, finished } = store.state;
      if (run.kind === "failed") throw new EngineError(run.code, run.message);
      if (run.kind === "cancelled" || !finished || finished === before) throw new EngineError("cancelled", words.cancelled);
      return finished.report;
    },
    cancel: () => session.cancel(),
    async load(scenario) {
      store.dispatch({ type: "typed", text: scenario });
    },
    showReport(text) {
      const { report } = readReport(text);
      session.cancel();
      showRecorded(store, report);
    },
    configure(options) {
      const { problems, options: read } = readSettings(new URLSearchParams(Object.entries(options).map(([name, value]) => [name, String(value)])).toString());
      if (problems.length > 0) throw new Error(problems.join(" "));
      store.dispatch({ type: "configured", options: read });
    },
    ask: (question) => element.ask(question),
    dispose() {
      session.cancel();
      engine.dispose();
      element.remove();
    },
  };
  watch(store, listener);
  const views = Promise.all(settings.view.map((view) => VIEWS[view].load()));
  try {
    if (settings.link !== null) await take(store, settings);
    else if (settings.scenario !== null) store.dispatch({ type: "typed", text: settings.scenario });
    else if (settings.example !== null) store.dispatch({ type: "loaded", text: await loadExample(settings.example), example: settings.example });
  } catch (error) {
    tell("invalid", error);
  }
  await views;
  root.append(element);
  if (settings.report !== null) {
    try {
      figure.showReport(await fetchText(new URL(settings.report, document.baseURI)));
    } catch (error) {
      tell("invalid", error);
    }
  }
  return figure;
}

/** Takes what a link holds; what the settings say besides comes before that. */
async function take(store: AppStore, settings: Settings): Promise<void> {
  const { example, text, options, granularity } = await decodeLink(settings.link!);
  store.dispatch({ type: "configured", options: { ...options, ...settings.options } });
  if (granularity && !settings.granularity) store.dispatch({ type: "granularity", granularity });
  if (text !== null) store.dispatch({ type: "typed", text });
  else store.dispatch({ type: "loaded", text: await loadExample(example!), example: example! });
}

/** Tells what happens in the store, whoever made it happen. */
function watch(store: AppStore, listener: Listener): void {
  let { run, finished } = store.state;
  store.subscribe((state) => {
    const [before, last] = [run, finished];
    ({ run, finished } = state);
    if (run.kind === "running" && before.kind !== "running" && run.id !== RECORDED) listener.run?.();
    if (finished && finished !== last) listener.report?.(finished.report);
    if (run !== before && run.kind === "failed") listener.error?.(run.code, run.message);
    if (run !== before && run.kind === "cancelled") listener.error?.("cancelled", words.cancelled);
  });
}

interface Question {
  readonly words: string;
  readonly answer: (answer: "yes" | "always" | "no") => void;
}

/** The figure's element. */
class EvmFigure extends StoreElement {
  static override properties = {
    ...StoreElement.properties,
    view: { attribute: false },
    problems: { attribute: false },
    waits: { state: true },
    question: { state: true },
    address: { state: true },
  };
  declare session: Session;
  declare base: string;
  declare view: readonly View[];
  declare problems: readonly string[];
  /** Another figure runs. */
  declare waits: boolean;
  declare question: Question | null;
  /** The whole page with what is here; `null` if that is too long for an address. */
  declare address: string | null | undefined;
  /** What the address is of. */
  #linked: readonly unknown[] = [];

  constructor() {
    super();
    this.waits = false;
    this.question = null;
    this.address = undefined;
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.run, state.finished, state.engine, state.text, state.example, state.options, state.granularity, state.selection];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    installTooltips(this);
  }

  override updated(): void {
    const { text, example, options, granularity, selection, finished } = this.state;
    const now = [text, example, options, granularity, selection, finished];
    if (now.every((value, i) => value === this.#linked[i])) return;
    this.#linked = now;
    void linkAddress(linkOf(this.state), new URL("./", this.base)).then(({ address }) => {
      if (this.#linked === now) this.address = address;
    });
  }

  /** A question is answered before the next is asked; the last one counts. */
  ask(question: string): Promise<"yes" | "always" | "no"> {
    this.question?.answer("no");
    return new Promise((answer) => (this.question = { words: question, answer }));
  }

  override render(): TemplateResult {
    const { store } = this;
    const { finished, run } = this.state;
    return html`<section class="figure" lang=${language} aria-label="EVM Lanes">
      ${this.problems.map((problem) => html`<p class="notice error" role="alert">${problem}</p>`)}
      ${this.#consent()}
      ${finished || run.kind !== "idle"
        ? html`<verdict-strip .store=${store}></verdict-strip>`
        : html`<p class="empty">${words.nothingYet}</p>`}
      ${this.view.map((view) => html`<section class="panel ${view}" aria-label=${words.viewNames[view]}>${VIEWS[view].show(store)}</section>`)}
      ${this.#bar()}
    </section>`;
  }

  #bar(): TemplateResult {
    const { run, text, engine, finished } = this.state;
    const running = run.kind === "running";
    return html`<div class="bar">
      ${running
        ? html`<button type="button" class="primary" data-testid="cancel" @click=${() => this.session.cancel()}>${controls.cancel}</button>
            ${this.waits
              ? html`<span role="status" data-testid="waits">${words.waits}</span>`
              : html`<progress max="1" .value=${run.total > 0 ? run.done / run.total : 0} aria-label=${controls.progress}></progress>
                  ${run.total > 0 ? html`<span class="mono">${controls.of(integer(run.done), integer(run.total))}</span>` : nothing}`}`
        : html`<button type="button" class="primary" data-testid="run" ?disabled=${text === ""} @click=${() => void this.session.run()}>${controls.run}</button>`}
      ${finished && !engine ? html`<span>${text === "" ? words.recorded : words.recordedRepeat}</span>` : nothing}
      <span class="space"></span>
      ${this.#open()}
      ${engine && engine.executor !== "threads" ? threadsHelp(engine.reason) : nothing}
    </div>`;
  }

  /** The whole page: by a link, and with the report where it can be handed over. */
  #open(): TemplateResult | typeof nothing {
    const { address, base } = this;
    const { text, finished } = this.state;
    if (text === "" || address === undefined) return nothing;
    const hands = canPopOut(base) && (finished?.text === text || address === null);
    const open = (event: MouseEvent): void => {
      if (!hands || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      popOut(base, address, () => this.state);
    };
    if (address !== null) return html`<a href=${address} target="_blank" rel="noopener" data-testid="open" @click=${open}>${words.open}</a>`;
    if (hands) return html`<button type="button" data-testid="open" @click=${open}>${words.open}</button>`;
    return html`<span title=${words.tooLong}>EVM Lanes</span>`;
  }

  #consent(): TemplateResult | typeof nothing {
    const { question } = this;
    if (!question) return nothing;
    const answer = (given: "yes" | "always" | "no") => () => {
      this.question = null;
      question.answer(given);
    };
    return html`<div class="consent" role="alertdialog" aria-label=${words.permission} data-testid="consent">
      <span>${question.words}</span>
      <button type="button" @click=${answer("yes")}>${words.load}</button>
      <button type="button" @click=${answer("always")}>${words.always}</button>
      <button type="button" @click=${answer("no")}>${words.no}</button>
    </div>`;
  }
}

customElements.define("evm-figure", EvmFigure);
