import { html, nothing, type TemplateResult } from "lit";
import { editor } from "../text/page.ts";
import { workshop as words } from "../text/workshop.ts";
import type { AppStore } from "../view/element.ts";

/** Something that was written into the scenario's text, and the text before. */
export interface Added {
  readonly words: string;
  /** Where in the scenario: problems there are shown beside it. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** What was added, what the engine says about it, and the way back, as long as nothing else has been typed. */
export function addedNotice(added: Added | null, store: AppStore): TemplateResult | typeof nothing {
  const { text, checked } = store.state;
  if (added === null || text !== added.after) return nothing;
  const problems = checked?.diagnostics.filter((problem) => problem.path.startsWith(added.path)) ?? [];
  return html`<div class="notice" role="status" data-testid="added">
    <p>${added.words} <button type="button" class="link" @click=${() => store.dispatch({ type: "typed", text: added.before })}>${words.takeBack}</button></p>
    ${problems.slice(0, 10).map((problem) => html`<p class="problem ${problem.severity}">${words.problem(editor.severities[problem.severity], html`<span lang="en">${problem.message}${problem.hint ? html`; <em>${problem.hint}</em>` : nothing}</span>`)}</p>`)}
  </div>`;
}
