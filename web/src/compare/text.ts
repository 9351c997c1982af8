/** Where two texts differ, in lines. */

/** The lines between what both begin with and what both end with, numbered from 1; a side where there are none has 0 of them. */
export interface TextDifference {
  readonly from: number;
  /** How many lines of either text stand there. */
  readonly a: number;
  readonly b: number;
  /** They differ in spaces, tabs and line breaks only. */
  readonly blank: boolean;
}

/** Where `a` and `b` differ; `null` if they are the same. */
export function textDifference(a: string, b: string): TextDifference | null {
  if (a === b) return null;
  const [linesA, linesB] = [a.split("\n"), b.split("\n")];
  const least = Math.min(linesA.length, linesB.length);
  let head = 0;
  while (head < least && linesA[head] === linesB[head]) head++;
  let tail = 0;
  while (tail < least - head && linesA.at(-1 - tail) === linesB.at(-1 - tail)) tail++;
  return { from: head + 1, a: linesA.length - head - tail, b: linesB.length - head - tail, blank: bare(a) === bare(b) };
}

function bare(text: string): string {
  return text.replace(/\s+/g, "");
}
