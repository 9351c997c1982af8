import { html, nothing, type TemplateResult } from "lit";
import { message } from "../engine/errors.ts";
import { exportFile } from "../export/client.ts";
import { fileName, FORMATS, type Format, type FormatId } from "../export/formats.ts";
import type { Given } from "../export/given.ts";
import { linkAddress } from "../share/link.ts";
import type { Finished, State } from "../state/state.ts";
import { dialog as words } from "../text/export.ts";
import { StoreElement } from "./element.ts";
import { integer } from "./format.ts";
import { readPalette } from "./paint.ts";
import { saveFile } from "./save-file.ts";

const GROUPS = ["pictures", "data", "text"] as const;

/** What is being written, or has come of it. */
type Writing = { readonly kind: "working"; readonly file: string; readonly controller: AbortController } | { readonly kind: "over"; readonly words: string; readonly failed: boolean };

/** Saves what there is of the run as files of many formats, one at a time. */
export class ExportDialog extends StoreElement {
  static override properties = { ...StoreElement.properties, writing: { state: true } };
  declare writing: Writing | null;

  constructor() {
    super();
    this.writing = null;
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.finished, state.compared, state.playhead];
  }

  /** Opens it. */
  async show(): Promise<void> {
    this.writing = null;
    await this.updateComplete;
    const dialog = this.querySelector("dialog")!;
    if (!dialog.open) dialog.showModal();
  }

  override render(): TemplateResult {
    const { finished } = this.state;
    return html`<dialog class="export" aria-labelledby="export-title" data-testid="export" @close=${this.#cancel}>
      <header role="none">
        <h2 id="export-title">${words.title}</h2>
        <form method="dialog"><button type="submit">${words.close}</button></form>
      </header>
      <div class="body">${finished ? [...GROUPS.map((group) => this.#group(group, finished)), this.#status()] : html`<p>${words.nothing}</p>`}</div>
    </dialog>`;
  }

  #group(group: Format["group"], { report }: Finished): TemplateResult {
    const { playhead, compared } = this.state;
    const formats = (Object.entries(FORMATS) as [FormatId, Format & { part: keyof typeof words.names }][]).filter(([, format]) => format.group === group);
    const parts = [...new Set(formats.filter(([, { needs }]) => needs === undefined || compared.kind === "done").map(([, { part }]) => part))];
    return html`<section aria-labelledby="export-${group}">
      <h3 id="export-${group}">${words[group]}</h3>
      <p class="quiet">${words[`${group}Note`]} ${group === "pictures" && playhead ? words.atMoment(integer(playhead.step), integer(report.timeline.events.kind.length)) : nothing}</p>
      <ul>
        ${parts.map(
          (part) => html`<li>
            <span>${words.names[part]}</span>
            <span class="buttons">${formats.filter(([, format]) => format.part === part).map(([id, { extension }]) => this.#button(id, words.names[part], extension))}</span>
          </li>`,
        )}
      </ul>
      ${group === "pictures" && compared.kind !== "done" ? html`<p class="quiet">${words.notCompared}</p>` : nothing}
    </section>`;
  }

  #button(id: FormatId, name: string, extension: string): TemplateResult {
    return html`<button
      type="button"
      data-testid="export-${id}"
      aria-label=${words.save(name, extension)}
      ?disabled=${this.writing?.kind === "working"}
      @click=${() => void this.#export(id)}
    >${extension.toUpperCase()}</button>`;
  }

  #status(): TemplateResult {
    const { writing } = this;
    return html`<p class="outcome ${writing?.kind === "over" && writing.failed ? "failed" : ""}" role="status" data-testid="export-status">
      ${writing?.kind === "working"
        ? html`${words.working(writing.file)} <progress aria-label=${words.working(writing.file)}></progress>
            <button type="button" data-testid="export-cancel" @click=${this.#cancel}>${words.cancel}</button>`
        : (writing?.words ?? "")}
    </p>`;
  }

  async #export(format: FormatId): Promise<void> {
    const { finished } = this.state;
    if (!finished || this.writing?.kind === "working") return;
    const file = fileName(finished.report, format);
    const controller = new AbortController();
    this.writing = { kind: "working", file, controller };
    let outcome: Writing;
    try {
      const content = await exportFile(format, await this.#given(finished, format), controller.signal);
      saveFile(file, content);
      outcome = { kind: "over", words: words.saved(file), failed: false };
    } catch (error) {
      outcome = controller.signal.aborted ? { kind: "over", words: words.cancelled, failed: false } : { kind: "over", words: words.failed(file, message(error)), failed: true };
    }
    this.writing = outcome;
  }

  /** What is on the page now. */
  async #given({ report, text: run, options, opened }: Finished, format: FormatId): Promise<Given> {
    const { curve, granularity, playhead, compared, example, text: typed } = this.state;
    const text = opened?.hasText === false ? null : run;
    const named = text === typed ? example : null;
    const link = { example: named, text: named === null ? text : null, options, granularity, selection: null, step: null, lesson: null };
    const { address } = format === "summary.md" && text !== null ? await linkAddress(link, new URL(location.pathname, location.origin)) : { address: null };
    return {
      report: { ...report, curve: report.curve ?? curve },
      text,
      granularity,
      playhead,
      comparison: compared.kind === "done" ? compared.comparison : null,
      palette: readPalette(this),
      link: address,
    };
  }

  #cancel = (): void => {
    if (this.writing?.kind === "working") this.writing.controller.abort();
  };
}

customElements.define("export-dialog", ExportDialog);
