import { html, nothing, type TemplateResult } from "lit";
import type { Report } from "../engine/types.ts";
import type { Highlight } from "../layout/highlight.ts";
import { stepped, largeStep, type Playhead } from "../state/playhead.ts";
import { same, type Action, type Selection, type State } from "../state/state.ts";
import { picture as words } from "../text/page.ts";
import { derivedInTasks, lit, type Shown } from "./derived.ts";
import { StoreElement } from "./element.ts";
import { listen, type Gestures } from "./gestures.ts";
import { prepare, readPalette, type Palette } from "./paint.ts";

/** How much a press of + or − zooms. */
const ZOOM = 1.5;
/** Milliseconds without a step after which a replay stands still. */
const STILL = 200;

/** What a reader asks of a picture that others show as well. */
export type Asked = Extract<Action, { type: "select" | "hover" | "playhead" }>;

/** What is lit up in a picture. */
export interface Light {
  readonly lit: Highlight;
  /** Whether anything is selected or hovered over, so that the rest steps back. */
  readonly dimmed: boolean;
  /** The stop the keyboard is at, or -1. */
  readonly focus: number;
}

/**
 * A report drawn on a canvas, at most once a frame, with a table that says the same. What is lit up is on a second canvas
 * over the first, because pointing at things must not draw ten thousand others again. Pointer, wheel and keys mean the
 * same in every picture: what is under the pointer is hovered over, a click selects it, a drag moves, + and − zoom, 0
 * fits, Enter selects what the arrow keys have walked to, comma and full stop step through the replay. The picture is one stop for the keyboard. A subclass says what
 * is where, and draws it.
 */
export abstract class Picture extends StoreElement {
  static override properties = { ...StoreElement.properties, asTable: { state: true }, hint: { state: true } };
  /** Whether the table is shown instead. */
  declare asTable: boolean;
  /** What is under the pointer or at the keyboard's place, in words. */
  declare hint: string;
  /** What is drawn. */
  protected report: Report | null = null;
  /** The picture's size in CSS pixels; 0 while it cannot be seen. */
  protected width = 0;
  protected height = 0;
  #palette: Palette | null = null;
  #focus = -1;
  #shown: Selection | null = null;
  #frame = 0;
  /** Whether the first canvas has to be drawn again, and not only what is lit up. */
  #stale = true;
  #drawn: { finished: unknown; playhead: Playhead | null } = { finished: null, playhead: null };
  #canvases: readonly HTMLCanvasElement[] = [];
  /** The size of the picture's box, as the browser has told it: asking would have it lay out the page at once. */
  #box = { width: 0, height: 0 };
  #watcher = new ResizeObserver(([entry]) => {
    this.#box = { width: Math.floor(entry.contentRect.width), height: Math.floor(entry.contentRect.height) };
    this.#measure();
    // Before this frame is shown, and not after it.
    if (this.#frame !== 0) this.#drawNow();
  });
  /** Whether the picture is in the window: where it is not, it is drawn once a replay stands still. */
  #inSight = true;
  #sight = new IntersectionObserver((entries) => {
    this.#inSight = entries.at(-1)!.isIntersecting;
    if (this.#inSight && this.shown.playhead !== this.#drawn.playhead) this.draw();
  });
  #still: ReturnType<typeof setTimeout> | undefined;
  #dark = matchMedia("(prefers-color-scheme: dark)");

  constructor() {
    super();
    this.asTable = false;
    this.hint = "";
  }

  /** The panel's heading. */
  protected abstract readonly heading: unknown;
  /** What the arrow keys walk over. */
  protected abstract readonly stops: "transaction" | "event";
  /** The report in a line beside the heading. */
  protected abstract facts(report: Report): TemplateResult;
  /** Why there is nothing to draw, if there is nothing. */
  protected abstract nothingToDraw(report: Report | null): string | null;
  /** The picture in words, for those who do not see it: what it is, and what the keys do. */
  protected abstract describe(report: Report): { label: string; keys: string };
  /** The same as a table. */
  protected abstract table(report: Report): TemplateResult;
  /** What can be chosen about the picture. */
  protected choices(_report: Report): TemplateResult | typeof nothing {
    return nothing;
  }
  /** What stands under the picture. */
  protected below(_report: Report): TemplateResult | typeof nothing {
    return nothing;
  }

  /** Another report is to be drawn. */
  protected abstract reportChanged(): void;
  /** The picture's size has changed. */
  protected abstract resized(): void;
  /** The height of the canvas in its box. */
  protected canvasHeight(box: number): number {
    return box;
  }
  protected abstract paint(context: CanvasRenderingContext2D, palette: Palette, report: Report): void;
  /** Draws what is lit up over what {@link paint} has drawn. */
  protected abstract paintLit(context: CanvasRenderingContext2D, palette: Palette, report: Report, light: Light): void;

  /** What is at a point of the canvas. */
  protected abstract hit(x: number, y: number): Selection | null;
  /** A selection in words. */
  protected abstract words(selection: Selection): string;
  /** Moves the picture by pixels. */
  protected abstract pan(dx: number, dy: number): void;
  /** Zooms about a point; about the middle if there is none. */
  protected abstract zoom(factor: number, x?: number, y?: number): void;
  /** Shows everything. */
  protected abstract fit(): void;
  /** The same, for who commands it. */
  fitAll(): void {
    this.fit();
  }
  /** Moves the picture until what was selected elsewhere can be seen. */
  protected abstract reveal(selection: Selection): void;
  /** Where a key leads from a stop (-1: from nowhere); `null` if the key does something else. */
  protected abstract walk(key: string, from: number): number | null;
  /** Gestures that only this picture knows. */
  protected ownGestures(): Pick<Gestures, "press" | "scrub"> {
    return {};
  }

  /** The run that is drawn, and what is looked at in it: the finished one, unless a picture is of another. */
  protected get shown(): Shown {
    return this.state;
  }

  /** Does what was asked for here, in terms of what is {@link shown}. */
  protected ask(action: Asked): void {
    this.store.dispatch(action);
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.finished, state.selection, state.hover, state.playhead];
  }

  /** A new report is laid out in a task of its own, so that the page answers between one picture and the next. */
  protected override async scheduleUpdate(): Promise<void> {
    const report = this.shown.finished?.report;
    if (report && report !== this.report) {
      await derivedInTasks(report);
      await new Promise((done) => setTimeout(done));
    }
    super.scheduleUpdate();
  }

  override willUpdate(): void {
    const report = this.shown.finished?.report ?? null;
    if (report === this.report) return;
    this.report = report;
    this.hint = "";
    this.#focus = -1;
    this.reportChanged();
  }

  override render(): TemplateResult {
    const { report } = this;
    const reason = this.nothingToDraw(report);
    const drawn = report !== null && reason === null;
    const show = (asTable: boolean) => () => (this.asTable = asTable);
    return html`<header>
        <h2>${this.heading}</h2>
        ${report ? html`<p class="facts">${this.facts(report)}</p>` : nothing}
        <span class="tools">
          ${report ? this.choices(report) : nothing}
          ${drawn && !this.asTable
            ? html`<button type="button" class="icon" aria-label=${words.zoomIn} data-tip=${words.withKey(words.zoomIn, "+")} @click=${() => this.zoom(ZOOM)}>+</button>
                <button type="button" class="icon" aria-label=${words.zoomOut} data-tip=${words.withKey(words.zoomOut, "−")} @click=${() => this.zoom(1 / ZOOM)}>−</button>
                <button type="button" class="icon" aria-label=${words.fit} data-tip=${words.withKey(words.fit, "0")} @click=${() => this.fit()}>⤢</button>`
            : nothing}
          <span class="segments" role="group" aria-label=${words.showAs}>
            <button type="button" aria-pressed=${String(!this.asTable)} @click=${show(false)}>${words.picture}</button>
            <button type="button" aria-pressed=${String(this.asTable)} @click=${show(true)}>${words.table}</button>
          </span>
        </span>
      </header>
      ${drawn ? (this.asTable ? this.table(report) : html`${this.#picture(report)}${this.below(report)}`) : html`<p class="empty">${reason}</p>`}`;
  }

  #picture(report: Report): TemplateResult {
    const { label, keys } = this.describe(report);
    return html`<div
        class="picture"
        tabindex="0"
        role="application"
        aria-roledescription=${words.kind}
        aria-label=${label}
        aria-description=${words.keys(keys)}
        @keydown=${this.#key}
        @blur=${() => this.#setFocus(-1)}
      >
        <canvas aria-hidden="true"></canvas><canvas class="lit" aria-hidden="true"></canvas>
      </div>
      <p class="hint" aria-live="polite">${this.hint || html`<span class="quiet mouse">${words.mouse}</span
          ><span class="quiet touch">${words.touch}</span>`}</p>`;
  }

  override updated(): void {
    const box = this.querySelector<HTMLElement>(".picture");
    const canvases = [...(box?.querySelectorAll("canvas") ?? [])];
    if (canvases[0] !== this.#canvases[0]) {
      this.#canvases = canvases;
      this.#watcher.disconnect();
      this.#sight.disconnect();
      this.#inSight = true;
      this.width = this.height = this.#box.width = 0;
      if (box) {
        listen(box, this.#gestures());
        this.#watcher.observe(box);
        this.#sight.observe(box);
      }
    }
    this.#measure();
    const { selection, finished, playhead } = this.shown;
    if (!same(selection, this.#shown)) {
      this.#shown = selection;
      if (selection && this.width > 0) this.reveal(selection);
    }
    const moved = playhead !== this.#drawn.playhead;
    if (finished !== this.#drawn.finished || (moved && this.#inSight)) this.draw();
    else if (moved) this.#drawLater();
    else this.#drawLit();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#dark.addEventListener("change", this.#recolour);
    document.addEventListener("themechange", this.#recolour);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watcher.disconnect();
    this.#sight.disconnect();
    clearTimeout(this.#still);
    this.#dark.removeEventListener("change", this.#recolour);
    document.removeEventListener("themechange", this.#recolour);
  }

  /** Draws everything in the next frame. */
  protected draw(): void {
    this.#stale = true;
    this.#drawLit();
  }

  #drawLater(): void {
    clearTimeout(this.#still);
    this.#still = setTimeout(() => this.draw(), STILL);
  }

  /** Draws what is lit up in the next frame. */
  #drawLit(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(this.#drawNow);
  }

  #drawNow = (): void => {
    clearTimeout(this.#still);
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    const { report, shown } = this;
    const [below, above] = this.#canvases;
    if (!report || !below || !above || this.width === 0 || this.height === 0) return;
    this.#palette ??= readPalette(this);
    if (this.#stale) {
      this.#stale = false;
      this.#drawn = { finished: shown.finished, playhead: shown.playhead };
      this.paint(prepare(below, this.width, this.height), this.#palette, report);
    }
    const dimmed = (shown.hover ?? shown.selection) !== null;
    this.paintLit(prepare(above, this.width, this.height), this.#palette, report, { lit: lit(shown), dimmed, focus: this.#focus });
  };

  /** Gives the canvases the size of their box. The height may be known before the width is. */
  #measure(): void {
    const { width } = this.#box;
    const height = this.canvasHeight(this.#box.height);
    for (const canvas of this.#canvases) {
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
    }
    if (width === 0 || (width === this.width && height === this.height)) return;
    this.width = width;
    this.height = height;
    this.resized();
    this.draw();
  }

  /** Selects it; if it is selected already, nothing. */
  protected select(selection: Selection | null): void {
    const next = same(selection, this.shown.selection) ? null : selection;
    // It is in sight already: it has just been clicked.
    this.#shown = next;
    this.ask({ type: "select", selection: next });
  }

  #setFocus(stop: number): void {
    this.#focus = stop;
    this.#drawLit();
  }

  #gestures(): Gestures {
    const look = (x: number, y: number): Selection | null => {
      const found = this.hit(x, y);
      this.hint = found ? this.words(found) : "";
      return found;
    };
    return {
      pan: (dx, dy) => this.pan(dx, dy),
      zoom: (factor, x, y) => this.zoom(factor, x, y),
      hover: (at) => {
        const found = at ? look(at.x, at.y) : null;
        if (!at) this.hint = "";
        this.ask({ type: "hover", selection: found });
        this.querySelector(".picture")?.classList.toggle("over", found !== null);
      },
      click: (x, y) => {
        this.#setFocus(-1);
        this.select(look(x, y));
      },
      ...this.ownGestures(),
    };
  }

  #key = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || !this.report) return;
    if (this.#act(event.key)) event.preventDefault();
  };

  #act(key: string): boolean {
    const { selection } = this.shown;
    const at = this.#focus >= 0 ? this.#focus : selection?.kind === this.stops ? selection.index : -1;
    switch (key) {
      case "Enter":
      case " ":
        if (at >= 0) this.select({ kind: this.stops, index: at });
        return true;
      case "+":
      case "=":
        this.zoom(ZOOM);
        return true;
      case "-":
        this.zoom(1 / ZOOM);
        return true;
      case "0":
        this.fit();
        return true;
    }
    const to = this.walk(key, at);
    if (to === null) return this.#replay(key);
    const stop: Selection = { kind: this.stops, index: to };
    this.hint = this.words(stop);
    this.reveal(stop);
    this.#setFocus(to);
    return true;
  }

  /** The arrow keys walk here, so the replay has others. */
  #replay(key: string): boolean {
    const { events } = this.report!.timeline;
    const by = { ",": -1, ".": 1, "<": -largeStep(events), ">": largeStep(events) }[key];
    if (by !== undefined) this.ask({ type: "playhead", playhead: stepped(events, this.shown.playhead, by) });
    else if (key === "p") this.store.dispatch({ type: "play", playing: !this.state.playing });
    else return false;
    return true;
  }

  #recolour = (): void => {
    this.#palette = null;
    this.draw();
  };
}
