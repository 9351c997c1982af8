// What pages say to the service worker and what it answers, on a port of its own for each question.

import { GROUPS, type Group } from "./files.ts";

export type Request =
  /** Keep these, whole. */
  | { readonly type: "keep"; readonly groups: readonly Group[] }
  /** What is kept? */
  | { readonly type: "held" }
  /** To one that waits: take over now, if no other page of the site is open. */
  | { readonly type: "take" };

/** Of each group: how much there is, and how much of that is kept, in bytes. */
export type Held = Readonly<Record<Group, { readonly all: number; readonly kept: number }>>;

export type Reply =
  | { readonly type: "held"; readonly held: Held }
  /** How many other pages of the site are open; only with none has it taken over. */
  | { readonly type: "taken"; readonly others: number }
  | { readonly type: "failed"; readonly message: string };

/** A request, if a message is one. */
export function readRequest(data: unknown): Request | null {
  const { type, groups } = (data ?? {}) as { type?: unknown; groups?: unknown };
  if (type === "held" || type === "take") return { type };
  if (type !== "keep" || !Array.isArray(groups)) return null;
  return { type, groups: GROUPS.filter((group) => groups.includes(group)) };
}
