/** A figure in the host's own document: in a shadow tree, with the site's styles, and the executor that the host's page allows. */
import css from "../style/embed.css?inline";
import { showFigure, type Figure, type Listener } from "./figure.ts";
import { readSettings } from "./settings.ts";

/** Shows it under `place`, which is in `root`. `base` is the folder of the site. */
export async function showInline(root: ShadowRoot, place: HTMLElement, query: string, base: string, listener: Listener): Promise<Figure> {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  return showFigure(place, readSettings(query), { base }, listener);
}
