import { html, nothing, type TemplateResult } from "lit";
import { workshop as words } from "../text/workshop.ts";
import { blank, placeholder, replaced, type Filled, type Shape } from "./fields.ts";

/** The id of the list of names that fields for accounts suggest. */
export const NAMES = "workshop-names";

/** A parameter's fields. `change` is told of the parameter as a whole; `at` is where in it these fields are. */
export function argumentFields(name: string, shape: Shape, filled: Filled, change: (filled: Filled) => void): TemplateResult {
  return fields(name, shape, filled, [], (path, value) => change(replaced(filled, path, value)));
}

type Put = (path: readonly number[], value: Filled) => void;

function fields(name: string, shape: Shape, filled: Filled, path: readonly number[], put: Put): TemplateResult {
  switch (shape.kind) {
    case "text":
      return html`<label class="field"><span class="mono">${name}</span> <span class="quiet">${shape.type}</span>
        <input
          class="mono"
          autocomplete="off"
          spellcheck="false"
          list=${shape.type === "address" ? NAMES : nothing}
          placeholder=${placeholder(shape.type)}
          .value=${filled as string}
          @input=${(e: Event) => put(path, (e.target as HTMLInputElement).value)}
        /></label>`;
    case "bool":
      return html`<label class="field choice"><input type="checkbox" .checked=${filled === true} @change=${(e: Event) => put(path, (e.target as HTMLInputElement).checked)} />
        <span class="mono">${name}</span> <span class="quiet">bool</span></label>`;
    case "tuple":
      return html`<fieldset><legend class="mono">${name}</legend>
        ${shape.members.map((member, i) => fields(member.name || String(i), member.shape, (filled as readonly Filled[])[i], [...path, i], put))}
      </fieldset>`;
    case "list": {
      const items = filled as readonly Filled[];
      const own = (next: readonly Filled[]) => put(path, next);
      return html`<fieldset><legend class="mono">${name}</legend>
        ${items.map((item, i) => fields(`${name}[${i}]`, shape.item, item, [...path, i], put))}
        ${shape.length === null
          ? html`<span class="buttons">
              <button type="button" aria-label=${words.addItemTo(name)} @click=${() => own([...items, blank(shape.item)])}>${words.addItem}</button>
              ${items.length > 0 ? html`<button type="button" aria-label=${words.removeLastOf(name)} @click=${() => own(items.slice(0, -1))}>${words.removeLast}</button>` : nothing}
            </span>`
          : nothing}
      </fieldset>`;
    }
  }
}
