/** Whether drafts are kept on this device; the rest of them is loaded only where they are. */

/** What is needed of `localStorage`. */
export type StorageLike = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

const SWITCH = "evm-lanes.drafts";

/** The storage of this page; `null` where the browser refuses even to be asked. */
export function ownStorage(): StorageLike | null {
  try {
    localStorage.getItem(SWITCH);
    return localStorage;
  } catch {
    return null;
  }
}

/** Whether drafts are kept. */
export function areDraftsOn(storage: StorageLike | null): boolean {
  return storage?.getItem(SWITCH) === "on";
}

/** Keeps drafts, or stops. Fails as the storage does, where it is full or forbidden. */
export function switchDrafts(storage: StorageLike, on: boolean): void {
  if (on) storage.setItem(SWITCH, "on");
  else storage.removeItem(SWITCH);
}
