import { describe, expect, test } from "vitest";
import { difference, MAX_HISTORY, MAX_STEPS, NO_HISTORY, recorded, repeated, reverted } from "../src/state/history.ts";
import { initialState, reduce, type Action, type State } from "../src/state/state.ts";

const NOWHERE = { example: null, workload: null };

/** The state after several things have happened. */
function after(...actions: Action[]): State {
  return actions.reduce(reduce, initialState("", null));
}

/** What undoing and then doing again leads through, until nothing is left. */
function through(state: State, type: "undo" | "redo"): string[] {
  const texts: string[] = [];
  for (let next = reduce(state, { type }); next !== state; state = next, next = reduce(state, { type })) texts.push(next.text);
  return texts;
}

const typed = (text: string, at?: number): Action => ({ type: "typed", text, ...(at === undefined ? {} : { stroke: { place: "editor", at } }) });

test.each([
  ["", "", 0, "", ""],
  ["abc", "abc", 3, "", ""],
  ["", "new", 0, "", "new"],
  ["ac", "abc", 1, "", "b"],
  ["aaa", "aa", 2, "a", ""],
  ["aXb", "aYb", 1, "X", "Y"],
  ["one", "two", 0, "one", "two"],
  ["\u{1F600}", "\u{1F601}", 1, "\uDE00", "\uDE01"],
])("%j and %j differ at %i by %j and %j", (before, after, from, removed, inserted) => {
  const span = difference(before, after);
  expect(span).toEqual({ from, removed, inserted });
  expect(repeated(before, span)).toBe(after);
  expect(reverted(after, span)).toBe(before);
});

test("any two texts lead to each other", () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  let state = seed;
  const random = (below: number): number => (state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff) % below;
  const text = (): string => Array.from({ length: random(12) }, () => "ab\n"[random(3)]).join("");
  for (let i = 0; i < 2000; i++) {
    const [before, next] = [text(), text()];
    const span = difference(before, next);
    expect([repeated(before, span), reverted(next, span)], `seed ${seed}`).toEqual([next, before]);
  }
});

describe("what changes the text can be undone and done again", () => {
  const state = after(
    { type: "loaded", text: "example", example: "dao-vote/contended" },
    typed("example!"),
    { type: "imported", text: "block" },
    { type: "imported", text: "other block" },
    { type: "restored" },
    { type: "lesson", number: 1, scenario: "lesson", text: "lesson", options: initialState("", null).options },
    { type: "lessonTold", text: "answer", options: initialState("", null).options },
    { type: "lessonLeft" },
  );

  test("whoever changed it", () => {
    const back = ["answer", "lesson", "block", "other block", "block", "example!", "example"];
    expect(through(state, "undo")).toEqual(back);
    const begin = back.reduce((at) => reduce(at, { type: "undo" }), state);
    expect(through(begin, "redo")).toEqual([...back.reverse().slice(1), "block"]);
    expect(begin).toMatchObject({ example: "dao-vote/contended", workload: "dao-vote" });
  });

  test("a second replacement does not lose the first", () => {
    expect(through(after({ type: "loaded", text: "x", example: "x" }, typed("mine"), { type: "imported", text: "a" }, { type: "imported", text: "b" }), "undo")).toContain("mine");
  });

  test("what comes instead ends what could be done again", () => {
    const undone = reduce(state, { type: "undo" });
    expect(reduce(undone, typed("else")).history.future).toEqual([]);
    expect(reduce(reduce(undone, typed("else")), { type: "redo" }).text).toBe("else");
  });

  test("the first text is no step, and nothing changes where there is nothing to undo", () => {
    const first = after({ type: "loaded", text: "example", example: "x" });
    expect(reduce(first, { type: "undo" })).toBe(first);
    expect(reduce(first, { type: "redo" })).toBe(first);
  });

  test("a text that was emptied can be had back, and so can what followed", () => {
    const emptied = after({ type: "loaded", text: "example", example: "x" }, typed(""), { type: "loaded", text: "next", example: "y" });
    expect(through(emptied, "undo")).toEqual(["", "example"]);
  });
});

describe("typing is undone by what belongs together", () => {
  const begin = after({ type: "loaded", text: "ab", example: "x" });
  const steps = (...actions: Action[]): string[] => through(actions.reduce(reduce, begin), "undo");

  test.each<[string, Action[], string[]]>([
    ["one after the other", [typed("abc", 0), typed("abcd", 500), typed("abcde", 1400)], ["ab"]],
    ["after a pause", [typed("abc", 0), typed("abcd", 1001)], ["abc", "ab"]],
    ["elsewhere", [typed("abc", 0), typed("Xabc", 100)], ["abc", "ab"]],
    ["after a new line", [typed("ab\n", 0), typed("ab\nc", 100)], ["ab\n", "ab"]],
    ["taken back with the key for it", [typed("abc", 0), typed("ab", 100), typed("a", 200)], ["ab"]],
    ["what no one typed", [typed("abc"), typed("abcd")], ["abc", "ab"]],
    ["another place of the page", [typed("abc", 0), { type: "typed", text: "abcd", stroke: { place: "a knob", at: 1 } }], ["abc", "ab"]],
  ])("%s", (_, actions, expected) => expect(steps(...actions)).toEqual(expected));

  test("what is typed after an undo is a step of its own", () => {
    const state = [typed("abc", 0), { type: "undo" } as Action, typed("abX", 10), typed("abXY", 20)].reduce(reduce, begin);
    expect(through(state, "undo")).toEqual(["ab"]);
  });
});

describe("what is kept has bounds", () => {
  const from = { text: "", origin: NOWHERE };
  const how = { replaces: false, stroke: null };

  test("in steps", () => {
    let history = NO_HISTORY;
    for (let i = 0; i < MAX_STEPS + 5; i++) history = recorded(history, { text: "x".repeat(i), origin: NOWHERE }, { text: "x".repeat(i + 1), origin: NOWHERE }, how);
    expect(history.past.length).toBe(MAX_STEPS);
    expect(history.past[0].from).toBe(5);
  });

  test("in bytes, but the last step stays", () => {
    const large = { text: "x".repeat(MAX_HISTORY / 4), origin: NOWHERE };
    const larger = { text: "y".repeat(MAX_HISTORY), origin: NOWHERE };
    const one = recorded(NO_HISTORY, from, large, how);
    expect(recorded(one, large, from, how).past.length).toBe(2);
    expect(recorded(one, large, larger, how).past.length).toBe(1);
  });
});
