/** Whether what the reader writes is kept on this device, and what there is to say of it. */
export interface Drafts {
  readonly on: boolean;
  /** Why the last change could not be kept. */
  readonly problem: string | null;
  /** The draft that this visit began with, until that is dismissed. */
  readonly restored: { readonly id: string; readonly title: string; readonly saved: number } | null;
}

/** Nothing is kept. */
export const NO_DRAFTS: Drafts = { on: false, problem: null, restored: null };
