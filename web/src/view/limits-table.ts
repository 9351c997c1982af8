import { html, LitElement, type TemplateResult } from "lit";
import { LIMITS, type Limit } from "../engine/limits.ts";
import { limits as words } from "../text/limits.ts";

/** What this page takes and does at most. */
export class LimitsTable extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override render(): TemplateResult {
    return html`<h3>${words.title}</h3>
      <p>${words.introduction}</p>
      <table data-testid="limits">
        <caption class="sr">${words.caption}</caption>
        <thead>
          <tr><th scope="col">${words.what}</th><th scope="col">${words.most}</th></tr>
        </thead>
        <tbody>
          ${(Object.keys(LIMITS) as Limit[]).map((limit) => html`<tr><td>${words.names[limit]}</td><td>${words.amount(limit, LIMITS[limit])}</td></tr>`)}
        </tbody>
      </table>`;
  }
}

customElements.define("limits-table", LimitsTable);
