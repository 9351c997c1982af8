import { areDraftsOn, ownStorage } from "./drafts/switch.ts";
import { EngineClient } from "./engine/client.ts";
import { defaultExample, loadExample } from "./examples.ts";
import { HANDED_OVER } from "./embed/interface.ts";
import { readSettings } from "./embed/settings.ts";
import { putBack, takeCarried } from "./share/carry-over.ts";
import { isLink } from "./share/link.ts";
import { followAddress, type Opens } from "./share/open.ts";
import { startSession } from "./session.ts";
import { initialState, reduce } from "./state/state.ts";
import { createStore } from "./state/store.ts";
import { language } from "./text/language.ts";
import { AppPage } from "./view/app-page.ts";

document.documentElement.lang = language;
const store = createStore(reduce, initialState("", null));
const session = startSession(store, new EngineClient());
const page = new AppPage();
page.store = store;
page.session = session;
document.body.replaceChildren(page);

// The service worker, from its own script: what isolates the page, or may replace it by a newer one, comes at once, and what only
// keeps it after what is looked at.
const shown = Promise.withResolvers<void>();
const visit = async (): Promise<void> => {
  const { beginVisit } = await import("./offline/visit.ts");
  await beginVisit({
    shown: shown.promise,
    async announce(reload) {
      const { UpdateNotice } = await import("./view/update-notice.ts");
      if (document.querySelector("update-notice")) return;
      document.body.append(Object.assign(new UpdateNotice(), { store, reload }));
    },
  });
};
const early = !crossOriginIsolated || (navigator.serviceWorker?.controller ?? null) !== null;
if (import.meta.env.PROD && early) void visit().catch(() => undefined);

// An address may say what is shown: shared links do, and those that embedded figures link to.
const { example, scenario, options, granularity } = readSettings(location.search, location.hash);
/** What the query names; an example that is not there is no reason to show nothing. */
const begin = (): Promise<void> => session.load(example ?? defaultExample).catch(() => session.load(defaultExample));
/** Opens the lesson that the address names (`#lesson=3`), and tells whether it does. What is there before is the first example. */
async function openLesson(): Promise<boolean> {
  const number = /^#lesson=(\d{1,2})$/.exec(location.hash)?.[1];
  if (number === undefined) return false;
  if (store.state.text === "") store.dispatch({ type: "loaded", text: await loadExample(defaultExample), example: defaultExample });
  return page.openLesson(Number(number));
}
/** Shows what an embedded figure has handed over to this window, and tells whether there is something. */
async function takeOver(): Promise<boolean> {
  if (!location.hash.startsWith(HANDED_OVER)) return false;
  const { showHandedOver } = await import("./embed/handed-over.ts");
  return showHandedOver(store, opens, location.hash.slice(HANDED_OVER.length));
}
/** What was written here last, where that is kept; an address that names something is asked for that. */
const drafts = areDraftsOn(ownStorage()) ? await page.startDrafts().catch(() => null) : null;
const named = example !== null || scenario !== null || location.hash !== "";
addEventListener("hashchange", () => void openLesson());

const opens: Opens = { ...session, openLesson: (number) => page.openLesson(number) };
const carried = takeCarried();
/** Puts back what was on the page before its language was changed. */
async function comeBack(): Promise<boolean> {
  if (carried === null) return false;
  // It is on the page, with whatever has been changed since.
  if (isLink(location.hash)) history.replaceState(null, "", location.pathname + location.search);
  return putBack(store, opens, carried);
}

const back = await comeBack();
if (!(await followAddress(store, opens, begin)) && !back && !(await openLesson()) && !(await takeOver())) {
  store.dispatch({ type: "configured", options });
  if (granularity) store.dispatch({ type: "granularity", granularity });
  if (scenario !== null) {
    store.dispatch({ type: "typed", text: scenario });
    await session.run();
  } else if (!(await page.openLinked()) && (named || !(await drafts?.restore()))) await begin();
}
shown.resolve();
if (import.meta.env.PROD && !early) void visit().catch(() => undefined);
