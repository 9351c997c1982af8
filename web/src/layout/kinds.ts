/** Kinds of event, as `Events.kind` numbers them. */
export const EXECUTED = 0;
export const BLOCKED = 1;
export const VALIDATED = 2;
export const ABORTED = 3;
export const COMMITTED = 4;

/** The same in words. */
export const KINDS = ["executed", "blocked", "validated", "aborted", "committed"] as const;
