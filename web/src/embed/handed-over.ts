/** What a figure has handed over to the whole page (`pop-out.ts`), on its way there: kept beside the site, taken once. */
import { readReport } from "../report/read.ts";
import type { Session } from "../session.ts";
import { isSharedFile } from "../share/file.ts";
import { openLink, openSharedFile } from "../share/open.ts";
import { loadExample } from "../examples.ts";
import type { Action, State } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import { showRecorded } from "./report.ts";

const KEPT = "evm-lanes-handed-over";

/** What is handed over. */
export interface HandedOver {
  /** A link's fragment or a shared file: scenario, options, and what is looked at. */
  readonly shared: string;
  /** The report of it, as JSON. */
  readonly report: string | null;
}

/** Keeps it, in place of whatever nobody has taken; its key. Fails where nothing can be kept. */
export async function keep(handedOver: HandedOver): Promise<string> {
  await caches.delete(KEPT);
  const key = crypto.randomUUID();
  await (await caches.open(KEPT)).put(addressOf(key), new Response(JSON.stringify(handedOver)));
  return key;
}

/** Shows what was kept under this key, without running it if it has a report; whether there was anything. */
export async function showHandedOver(store: Store<State, Action>, session: Pick<Session, "run" | "load">, key: string): Promise<boolean> {
  const kept = await caches.match(addressOf(key), { cacheName: KEPT }).catch(() => undefined);
  await caches.delete(KEPT).catch(() => false);
  history.replaceState(null, "", location.pathname + location.search);
  if (!kept) return false;
  const { shared, report } = (await kept.json()) as HandedOver;
  const runs = report === null ? session : instead(store, report, session);
  return isSharedFile(shared) ? openSharedFile(store, runs, shared) : openLink(store, runs, shared);
}

/** Shows the report where there would be a run. */
function instead(store: Store<State, Action>, text: string, session: Pick<Session, "run" | "load">): Pick<Session, "run" | "load"> {
  const show = async (): Promise<void> => {
    try {
      showRecorded(store, readReport(text).report);
    } catch {
      await session.run();
    }
  };
  return {
    run: show,
    async load(example) {
      store.dispatch({ type: "loaded", text: await loadExample(example), example });
      await show();
    },
  };
}

function addressOf(key: string): URL {
  return new URL(`handed-over/${key}`, document.baseURI);
}
