/**
 * Puts the last run onto paper whenever the page is printed: a sheet of its own, made as printing begins and gone when it is over,
 * so that the page stays as it is. Loaded after the first run, because then nothing can be waited for.
 */
import { render } from "lit";
import { drawing } from "../export/pictures.ts";
import { isStale, type Action, type State } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { paper } from "../text/paper.ts";
import { readPalette } from "../view/paint.ts";
import { sheet } from "./sheet.ts";

/** Starts it, until the returned function is called. */
export function startPrinting(store: Store<State, Action>): () => void {
  let made: HTMLElement | null = null;
  const end = (): void => {
    made?.remove();
    made = null;
  };
  const begin = (): void => {
    end();
    const { finished, granularity, playhead, curve } = store.state;
    if (!finished) return;
    made = document.createElement("article");
    made.className = "sheet";
    document.body.append(made);
    const report = curve ? { ...finished.report, curve } : finished.report;
    // The colours of paper, whatever the page has.
    const given = { report, text: finished.text, granularity, playhead, comparison: null, palette: readPalette(made), link: null };
    const pictures = report.transactions.length === 0 ? [] : (["graph", "lanes", ...(report.curve ? (["speedup"] as const) : [])] as const);
    render(sheet(report, pictures.map((name) => [paper.figure[name], drawing(name, given)]), isStale(store.state), new Date()), made);
  };
  addEventListener("beforeprint", begin);
  addEventListener("afterprint", end);
  return () => {
    removeEventListener("beforeprint", begin);
    removeEventListener("afterprint", end);
    end();
  };
}
