/** What a figure has handed over to the whole page (`pop-out.ts`), on its way there: kept beside the site, taken once. */
import { loadExample } from "../examples.ts";
import { readReport } from "../report/read.ts";
import { isSharedFile, readSharedFile } from "../share/file.ts";
import { decodeLink, linkAddress } from "../share/link.ts";
import { openLink, openSharedFile, type Opens } from "../share/open.ts";
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

/** Milliseconds after which nobody comes any more. */
const LATE = 60_000;

/** Keeps it; its key. What nobody has taken is forgotten. Fails where nothing can be kept. */
export async function keep(handedOver: HandedOver): Promise<string> {
  const cache = await caches.open(KEPT);
  const now = Date.now();
  for (const request of await cache.keys()) {
    if (now - parseInt(request.url.split("/").at(-1)!) > LATE) await cache.delete(request);
  }
  const key = `${now}-${crypto.randomUUID()}`;
  await cache.put(addressOf(key), new Response(JSON.stringify(handedOver)));
  return key;
}

/**
 * Shows what was kept under this key, without running it if it has a report; whether there was anything. The address becomes a link to
 * it, if it is short enough, so that it is still there when the page is loaded again.
 */
export async function showHandedOver(store: Store<State, Action>, session: Opens, key: string): Promise<boolean> {
  const kept = await take(key).catch(() => null);
  history.replaceState(null, "", location.pathname + location.search);
  if (kept === null) return false;
  const { shared, report } = kept;
  const opens = report === null ? session : instead(store, report, session);
  const shown = await (isSharedFile(shared) ? openSharedFile(store, opens, shared) : openLink(store, opens, shared));
  if (!shown) return false;
  const { address } = await linkAddress(isSharedFile(shared) ? readSharedFile(shared) : await decodeLink(shared), new URL(location.href));
  if (address !== null) history.replaceState(null, "", address);
  return true;
}

async function take(key: string): Promise<HandedOver | null> {
  const cache = await caches.open(KEPT);
  const response = await cache.match(addressOf(key));
  await cache.delete(addressOf(key));
  return response ? ((await response.json()) as HandedOver) : null;
}

/** Shows the report where there would be a run. */
function instead(store: Store<State, Action>, text: string, session: Opens): Opens {
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
