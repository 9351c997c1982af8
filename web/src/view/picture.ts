import { html, type TemplateResult } from "lit";
import type { State } from "../state/state.ts";
import { StoreElement } from "./element.ts";
import { listen, type Gestures } from "./gestures.ts";
import { prepare, readPalette, type Palette } from "./paint.ts";

/**
 * A canvas that is drawn from the store's state, at most once a frame, with a table that says the same. The picture is
 * one stop for the keyboard; what the keys do in it is up to the subclass.
 */
export abstract class Picture extends StoreElement {
  static override properties = { ...StoreElement.properties, asTable: { state: true }, hint: { state: true } };
  /** Whether the table is shown instead. */
  declare asTable: boolean;
  /** What is under the pointer or at the keyboard's place, in words. */
  declare hint: string;
  protected width = 0;
  protected height = 0;
  protected palette: Palette | null = null;
  #frame = 0;
  #canvas: HTMLCanvasElement | null = null;
  #watcher = new ResizeObserver(() => this.measure());
  #dark = matchMedia("(prefers-color-scheme: dark)");
  #recolour = (): void => {
    this.palette = null;
    this.draw();
  };

  constructor() {
    super();
    this.asTable = false;
    this.hint = "";
  }

  protected abstract paint(context: CanvasRenderingContext2D, palette: Palette): void;
  protected abstract key(event: KeyboardEvent): boolean;
  protected abstract gestures(): Gestures;
  /** The picture's size has changed. */
  protected resized(): void {}
  /** The size of the canvas in its box. */
  protected pictureHeight(box: number): number {
    return box;
  }

  /** The canvas with its keyboard place. */
  protected canvas(label: string, description: string): TemplateResult {
    return html`<div
        class="picture"
        tabindex="0"
        role="application"
        aria-roledescription="picture"
        aria-label=${label}
        aria-description=${description}
        @keydown=${this.#key}
        @blur=${() => this.left()}
      >
        <canvas aria-hidden="true"></canvas>
      </div>
      <p class="hint" aria-live="polite">${this.hint || html`<span class="quiet">Click to select, drag to move, wheel to zoom once clicked. Arrow keys walk.</span>`}</p>`;
  }

  /** The buttons of the picture's heading that change to the table and back. */
  protected toggle(): TemplateResult {
    const press = (asTable: boolean) => () => (this.asTable = asTable);
    return html`<span class="segments" role="group" aria-label="Show as">
      <button type="button" aria-pressed=${String(!this.asTable)} @click=${press(false)}>Picture</button>
      <button type="button" aria-pressed=${String(this.asTable)} @click=${press(true)}>Table</button>
    </span>`;
  }

  /** The picture has lost the keyboard. */
  protected left(): void {}

  /** Draws in the next frame. */
  draw(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const canvas = this.#canvas;
      if (!canvas || this.width === 0 || this.height === 0) return;
      this.palette ??= readPalette(this);
      const start = performance.now();
      this.paint(prepare(canvas, this.width, this.height), this.palette);
      this.lastPaint = performance.now() - start;
    });
  }

  /** Milliseconds the last drawing took; read by the tests. */
  lastPaint = 0;

  protected measure(): void {
    const box = this.querySelector<HTMLElement>(".picture");
    if (!box || box.clientWidth === 0) return;
    const height = this.pictureHeight(box.clientHeight);
    if (box.clientWidth === this.width && height === this.height) return;
    this.width = box.clientWidth;
    this.height = height;
    if (this.#canvas) {
      this.#canvas.style.width = `${this.width}px`;
      this.#canvas.style.height = `${this.height}px`;
    }
    this.resized();
    this.draw();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#dark.addEventListener("change", this.#recolour);
    document.addEventListener("themechange", this.#recolour);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#watcher.disconnect();
    this.#dark.removeEventListener("change", this.#recolour);
    document.removeEventListener("themechange", this.#recolour);
  }

  override updated(): void {
    const box = this.querySelector<HTMLElement>(".picture");
    const canvas = box?.querySelector("canvas") ?? null;
    if (canvas !== this.#canvas) {
      this.#canvas = canvas;
      this.#watcher.disconnect();
      this.width = this.height = 0;
      if (box && canvas) {
        listen(box, this.gestures());
        this.#watcher.observe(box);
      }
    }
    this.measure();
    this.draw();
  }

  #key = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (this.key(event)) event.preventDefault();
  };
}

/** What every picture is drawn from. */
export function pictureState(state: State): readonly unknown[] {
  return [state.finished, state.selection, state.hover, state.playhead];
}
