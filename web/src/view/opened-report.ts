import { html, nothing, type TemplateResult } from "lit";
import type { State } from "../state/state.ts";
import { files as words } from "../text/page.ts";
import { StoreElement } from "./element.ts";

/** Says of a report that came from a file what it is, and whether the scenario on the page is the one that it is of. */
export class OpenedReport extends StoreElement {
  protected override watch({ finished, text }: State): readonly unknown[] {
    return [finished, finished?.text === text];
  }

  override render(): TemplateResult | typeof nothing {
    const { finished, text } = this.state;
    if (!finished?.opened) return nothing;
    const { file, hasText } = finished.opened;
    const scenario = !hasText ? words.noText : finished.text === text ? words.sameText : words.otherText;
    return html`<p class="notice opened" role="status" data-testid="opened">${words.opened(file, finished.report.version)} ${scenario}</p>`;
  }
}

customElements.define("opened-report", OpenedReport);
