import { html, nothing, type TemplateResult } from "lit";
import type { Knob, KnobName, Part } from "../gallery/knobs.ts";
import type { State } from "../state/state.ts";
import { controls as words } from "../text/page.ts";
import { StoreElement } from "./element.ts";
import { help } from "./term.ts";

/**
 * Sliders for the numbers of a scenario's generated parts. They change the text, which stays the only truth, and emit `run` when
 * they are let go.
 */
export class KnobSliders extends StoreElement {
  static override properties = { ...StoreElement.properties, knobs: { state: true } };
  /** What finds them, once a text has generated parts. */
  declare knobs: typeof import("../gallery/knobs.ts") | null;
  #loading = false;

  constructor() {
    super();
    this.knobs = null;
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.text];
  }

  override render(): TemplateResult | typeof nothing {
    const { text } = this.state;
    if (!text.includes('"generate"')) return nothing;
    if (!this.knobs) {
      void this.#load();
      return nothing;
    }
    const parts = this.knobs.partsOf(text);
    if (parts.length === 0) return nothing;
    return html`<div class="knobs" data-testid="knobs">
      ${parts.map((part, at) => html`<fieldset>
        <legend lang="en" class=${parts.length === 1 ? "sr" : ""}>${part.name}</legend>
        ${part.knobs.map((knob) => this.#knob(part, knob, `${at}-${knob.name}`))}
      </fieldset>`)}
    </div>`;
  }

  #knob(part: Part, { name, value, min, max, step }: Knob, id: string): TemplateResult {
    const change = (event: Event): void => {
      const input = event.target as HTMLInputElement;
      const wanted = Number(input.value);
      const valid = input.value !== "" && Number.isFinite(wanted);
      if (valid) this.#turn(part, name, Math.max(min, input.type === "range" || name !== "seed" ? Math.min(max, wanted) : wanted));
      else input.value = String(value);
    };
    return html`<div class="knob">
      <span class="label"><label for="knob-${id}">${words.knobs[name]}</label>${name === "skew" ? help("skew") : name === "reads" ? help("read-share") : nothing}</span>
      <span class="pair">
        <input id="knob-${id}" type="range" min=${min} max=${max} step=${step} .value=${String(value)} @input=${change} @change=${this.#run} />
        <input type="number" class="mono" min=${min} step=${step} aria-label=${words.asNumber(words.knobs[name])} .value=${String(value)} @change=${(event: Event) => {
          change(event);
          this.#run();
        }} />
      </span>
    </div>`;
  }

  #turn(part: Part, name: KnobName, value: number): void {
    // Sliders come to sums such as 0.30000000000000004.
    const text = this.knobs!.turn(this.state.text, part, name, Number(value.toFixed(2)));
    this.store.dispatch({ type: "typed", text, stroke: { place: `${name} of ${part.path.join()}`, at: performance.now() } });
  }

  #run = (): void => {
    this.dispatchEvent(new CustomEvent("run", { bubbles: true }));
  };

  async #load(): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    try {
      this.knobs = await import("../gallery/knobs.ts");
    } catch {
      // Without sliders the text is as good; the next one tries again.
      this.#loading = false;
    }
  }
}

customElements.define("knob-sliders", KnobSliders);
