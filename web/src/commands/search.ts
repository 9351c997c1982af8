/** Finds commands by some of their letters. */

/** How well `query` fits `text`, the better the higher; `null` if it does not. Every word of the query has to be found. */
export function fits(query: string, text: string): number | null {
  let sum = 0;
  const folded = fold(text);
  for (const word of fold(query).split(/\s+/).filter(Boolean)) {
    const fit = fitsWord(word, folded);
    if (fit === null) return null;
    sum += fit;
  }
  // Of two that fit equally well, the shorter is meant.
  return sum - text.length / 1000;
}

/** The items that fit, best first; all of them in their order if nothing is asked for. */
export function found<Item>(items: readonly Item[], query: string, textOf: (item: Item) => string): readonly Item[] {
  if (query.trim() === "") return items;
  return items
    .map((item, at) => ({ item, at, fit: fits(query, textOf(item)) }))
    .filter((each): each is typeof each & { fit: number } => each.fit !== null)
    .sort((a, b) => b.fit - a.fit || a.at - b.at)
    .map(({ item }) => item);
}

/** Together at the start of a word is best, then together anywhere, then the letters in their order. */
function fitsWord(word: string, text: string): number | null {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (startsWord(text, at)) return 100 + word.length;
  }
  if (text.includes(word)) return 50 + word.length;
  // Letters strewn over the whole text mean nothing: each has to begin a word or to follow the one before.
  let at = -1;
  let score = 0;
  for (const letter of word) {
    let next = text.indexOf(letter, at + 1);
    while (next >= 0 && next !== at + 1 && !startsWord(text, next)) next = text.indexOf(letter, next + 1);
    if (next < 0) return null;
    score += next === at + 1 ? 2 : 1;
    at = next;
  }
  return score;
}

function startsWord(text: string, at: number): boolean {
  return at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1]);
}

function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
