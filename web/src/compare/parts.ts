/** Work that a generator does in parts, because all of it at once would take longer than a page may be silent. */
export type Parts<Result> = Generator<void, Result>;

/** All parts at once. */
export function atOnce<Result>(parts: Parts<Result>): Result {
  for (;;) {
    const part = parts.next();
    if (part.done) return part.value;
  }
}

/** One part after the other; `pause` is awaited in between. */
export async function inTurn<Result>(parts: Parts<Result>, pause: () => Promise<void>): Promise<Result> {
  for (;;) {
    const part = parts.next();
    if (part.done) return part.value;
    await pause();
  }
}
