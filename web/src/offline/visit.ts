// What the service worker does for a visit: the first one is loaded again, once, where only the worker's headers isolate it; what
// was shown is kept; a new version is announced, and taken where that costs nobody anything.

import { active, keep, registration, takeOver } from "./client.ts";

/** What the page does its part of. */
export interface Visit {
  /** When there is something to see: nothing that can wait is loaded before. */
  readonly shown: Promise<unknown>;
  /** A new version is there; `reload` takes it, keeping nothing, and tells how many other pages are in its way. */
  announce(reload: () => Promise<number>): void;
}

/** Hours between two looks for a new version, on a page that stays open. */
const LOOK = 3_600_000;
const ISOLATED = "evm-lanes-isolate";

let touched = false;
for (const type of ["pointerdown", "keydown", "drop", "paste"]) addEventListener(type, () => void (touched = true), { capture: true, once: true });

/** Begins it. Where there can be no service worker, nothing happens. */
export async function beginVisit({ shown, announce }: Visit): Promise<void> {
  const there = await registration();
  if (typeof there === "string") return;
  await isolate(there);

  const reload = async (waiting: ServiceWorker): Promise<number> => {
    const others = await takeOver(waiting);
    if (others === 0) location.reload();
    return others;
  };
  const say = (): void => {
    const { waiting } = there;
    if (waiting) announce(() => reload(waiting));
  };
  there.addEventListener("updatefound", () => {
    const { installing } = there;
    // The first one does not wait for anybody.
    if (there.active) installing?.addEventListener("statechange", say);
  });
  // It was there before anything was done here: this is the next visit that it has waited for.
  if (there.waiting && (touched || (await reload(there.waiting).catch(() => 1)) > 0)) say();
  let looked = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - looked < LOOK) return;
    looked = Date.now();
    void there.update().catch(() => undefined);
  });

  await shown;
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  if (connection?.saveData) return;
  // Without room or network there is next time.
  await keep(["page", crossOriginIsolated ? "threads" : "single"]).catch(() => undefined);
}

/** Loads a page again that the worker's headers can isolate, unless it has been used already, or that has been tried. */
export async function isolate(there: ServiceWorkerRegistration): Promise<void> {
  if (crossOriginIsolated) return;
  await active(there);
  try {
    if (touched || sessionStorage.getItem(ISOLATED) === location.pathname) return;
    sessionStorage.setItem(ISOLATED, location.pathname);
  } catch {
    // Nothing says whether it has been tried.
    return;
  }
  location.reload();
  // Nothing more of this page is of use.
  await new Promise(() => undefined);
}
