import { html, type TemplateResult } from "lit";
import { figure as words } from "../text/figure.ts";

/** Why there are no threads here, and what the reader or the page's author can do about it. */
export function threadsHelp(reason: string): TemplateResult {
  return html`<details class="threads" data-testid="threads-help">
    <summary>${words.howToGetThreads}</summary>
    <p>${words.noThreads(reason)}</p>
    <ul>
      <li>${words.readers}</li>
      <li>${words.authors}</li>
    </ul>
  </details>`;
}
