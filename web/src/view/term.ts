import { html, type TemplateResult } from "lit";
import { glossary, nouns, type Term } from "../text/page.ts";

/** A word with its explanation: on hover, on focus, on tap. `label` replaces the entry's own name. */
export function term(id: Term, label: unknown = glossary[id].name): TemplateResult {
  return html`<button type="button" class="term" data-tip=${glossary[id].text} aria-description=${glossary[id].text}>${label}</button>`;
}

/** The same for a sentence that has a form of its own for the word. */
export function termed(id: Term): (label: string) => TemplateResult {
  return (label) => term(id, label);
}

/**
 * The same behind a question mark, beside a label that cannot hold a button. `more` comes first: what is chosen, or why
 * there is no choice.
 */
export function help(id: Term, more = ""): TemplateResult {
  const { name } = glossary[id];
  const text = `${more} ${glossary[id].text}`.trimStart();
  return html`<button type="button" class="term help" data-tip=${text} aria-label=${nouns.whatIs(name)} aria-description=${text}>?</button>`;
}

/**
 * Shows the `data-tip` of whatever is pointed at, focused or tapped under `root`, in one small box above everything.
 * Screen readers have the same text as the element's description.
 */
export function installTooltips(root: HTMLElement | ShadowRoot): void {
  const box = document.createElement("div");
  box.className = "tip";
  box.setAttribute("aria-hidden", "true");
  box.popover = "manual";
  root.append(box);
  let owner: Element | null = null;

  const show = (target: Element): void => {
    owner = target;
    box.textContent = target.getAttribute("data-tip");
    box.showPopover();
    const at = target.getBoundingClientRect();
    const size = box.getBoundingClientRect();
    const left = Math.min(Math.max(8, at.left), innerWidth - size.width - 8);
    const below = at.bottom + 6;
    const top = below + size.height > innerHeight - 8 ? at.top - size.height - 6 : below;
    box.style.left = `${left}px`;
    box.style.top = `${Math.max(4, top)}px`;
  };
  const hide = (): void => {
    owner = null;
    if (box.matches(":popover-open")) box.hidePopover();
  };
  const over = (event: Event): void => {
    const target = event.target instanceof Element ? event.target.closest("[data-tip]") : null;
    if (target === owner) return;
    if (target) show(target);
    else hide();
  };
  root.addEventListener("pointerover", over);
  root.addEventListener("focusin", over);
  root.addEventListener("click", over);
  root.addEventListener("focusout", hide);
  root.addEventListener("keydown", (event) => (event as KeyboardEvent).key === "Escape" && hide());
  addEventListener("scroll", hide, { capture: true, passive: true });
}
