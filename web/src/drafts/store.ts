/**
 * Drafts on this device: texts of one's own, each as a file that is shared, in the browser's storage. Nothing is there before
 * somebody has switched it on.
 */

import { switchDrafts, type StorageLike } from "./switch.ts";

/** A draft as it is listed. */
export interface Draft {
  readonly id: string;
  readonly title: string;
  /** When it was kept last, in milliseconds since 1970. */
  readonly saved: number;
  /** Characters of its file. */
  readonly size: number;
}

/** What has become of a draft that was to be kept. */
export type Keeping = "kept" | "large" | "full";

/** Characters of a draft's file, of all of them together, and how many there are: the oldest goes first. */
export const MAX_DRAFT = 1 << 20;
export const MAX_DRAFTS_TOGETHER = 4 << 20;
export const MAX_DRAFTS = 10;

const PREFIX = "evm-lanes.draft.";

/** What there is, the newest first. Others may have written there: what is no draft is left out. */
export function listDrafts(storage: StorageLike): readonly Draft[] {
  const ids = Array.from({ length: storage.length }, (_, at) => storage.key(at)).filter((key) => key?.startsWith(PREFIX));
  return ids
    .map((key) => ({ id: key!.slice(PREFIX.length), read: read(storage, key!) }))
    .flatMap(({ id, read }) => (read ? [{ id, title: read.title, saved: read.saved, size: read.file.length }] : []))
    .sort((a, b) => b.saved - a.saved || a.id.localeCompare(b.id));
}

/** The file of one. */
export function readDraft(storage: StorageLike, id: string): string | null {
  return read(storage, PREFIX + id)?.file ?? null;
}

/** Keeps one, in place of what it was before. Older ones make room; what cannot be kept leaves the rest as it was. */
export function keepDraft(storage: StorageLike, id: string, title: string, file: string, now: number): Keeping {
  if (file.length > MAX_DRAFT) return "large";
  const others = listDrafts(storage).filter((draft) => draft.id !== id);
  // The same text twice helps nobody.
  for (const { id: other } of others.filter(({ size }) => size === file.length)) {
    if (readDraft(storage, other) === file) forgetDraft(storage, other);
  }
  const rest = others.filter((draft) => storage.getItem(PREFIX + draft.id) !== null);
  let together = file.length + rest.reduce((sum, { size }) => sum + size, 0);
  while (rest.length >= MAX_DRAFTS || together > MAX_DRAFTS_TOGETHER) {
    const oldest = rest.pop()!;
    together -= oldest.size;
    forgetDraft(storage, oldest.id);
  }
  try {
    storage.setItem(PREFIX + id, `${now}\n${title.replace(/\s+/g, " ")}\n${file}`);
    return "kept";
  } catch {
    return "full";
  }
}

/** Forgets one. */
export function forgetDraft(storage: StorageLike, id: string): void {
  storage.removeItem(PREFIX + id);
}

/** Forgets all, and that they were kept. */
export function forgetDrafts(storage: StorageLike): void {
  const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at));
  for (const key of keys) if (key?.startsWith(PREFIX)) storage.removeItem(key);
  switchDrafts(storage, false);
}

function read(storage: StorageLike, key: string): { saved: number; title: string; file: string } | null {
  const [, saved, title, file] = /^(\d{1,15})\n([^\n]*)\n([^]*)$/.exec(storage.getItem(key) ?? "") ?? [];
  return saved === undefined ? null : { saved: Number(saved), title, file };
}
