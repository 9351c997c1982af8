import { beforeEach, describe, expect, test, vi } from "vitest";
import { startDrafts } from "../src/drafts/session.ts";
import { forgetDrafts, keepDraft, listDrafts, MAX_DRAFT, MAX_DRAFTS, MAX_DRAFTS_TOGETHER, readDraft } from "../src/drafts/store.ts";
import { areDraftsOn, switchDrafts, type StorageLike } from "../src/drafts/switch.ts";
import { initialState, reduce } from "../src/state/state.ts";
import { createStore } from "../src/state/store.ts";

/** A storage that takes `room` characters. */
class Memory implements StorageLike {
  readonly #items = new Map<string, string>();
  readonly #room: number;
  constructor(room = Infinity) {
    this.#room = room;
  }
  get length(): number {
    return this.#items.size;
  }
  key = (at: number): string | null => [...this.#items.keys()][at] ?? null;
  getItem = (key: string): string | null => this.#items.get(key) ?? null;
  removeItem = (key: string): void => void this.#items.delete(key);
  setItem(key: string, value: string): void {
    const others = [...this.#items].reduce((sum, [k, v]) => sum + (k === key ? 0 : v.length), 0);
    if (others + value.length > this.#room) throw new DOMException("full", "QuotaExceededError");
    this.#items.set(key, value);
  }
}

describe("what is kept", () => {
  const ids = (storage: StorageLike): string[] => listDrafts(storage).map(({ id }) => id);

  test("is there again, the newest first", () => {
    const storage = new Memory();
    expect(keepDraft(storage, "a", "One\n two", "file\nof a", 1)).toBe("kept");
    keepDraft(storage, "b", "Two", "file of b", 3);
    keepDraft(storage, "a", "One", "file\nof a, changed", 2);
    expect(listDrafts(storage)).toEqual([
      { id: "b", title: "Two", saved: 3, size: 9 },
      { id: "a", title: "One", saved: 2, size: 18 },
    ]);
    expect(readDraft(storage, "a")).toBe("file\nof a, changed");
    expect(readDraft(storage, "c")).toBeNull();
  });

  test("has bounds: the oldest makes room", () => {
    const storage = new Memory();
    for (let i = 0; i < MAX_DRAFTS + 2; i++) keepDraft(storage, `d${i}`, "", `file ${i}`, i);
    expect(ids(storage)).toEqual(Array.from({ length: MAX_DRAFTS }, (_, i) => `d${MAX_DRAFTS + 1 - i}`));
    const large = MAX_DRAFTS_TOGETHER / MAX_DRAFT;
    for (let i = 0; i <= large; i++) keepDraft(storage, `l${i}`, "", String(i).repeat(MAX_DRAFT), 100 + i);
    expect(ids(storage)).toEqual(Array.from({ length: large }, (_, i) => `l${large - i}`));
    expect(keepDraft(storage, "x", "", "x".repeat(MAX_DRAFT + 1), 200)).toBe("large");
    expect(ids(storage)).toHaveLength(large);
  });

  test("the same text is kept once", () => {
    const storage = new Memory();
    keepDraft(storage, "a", "", "same", 1);
    keepDraft(storage, "b", "", "same", 2);
    expect(ids(storage)).toEqual(["b"]);
  });

  test("a full storage keeps what it has", () => {
    const storage = new Memory(30);
    keepDraft(storage, "a", "", "0123456789", 1);
    expect(keepDraft(storage, "b", "", "x".repeat(30), 2)).toBe("full");
    expect(ids(storage)).toEqual(["a"]);
  });

  test("what others have written there is left alone", () => {
    const storage = new Memory();
    storage.setItem("evm-lanes.draft.broken", "no draft");
    storage.setItem("other", "1\n\n");
    keepDraft(storage, "a", "", "file", 1);
    expect(ids(storage)).toEqual(["a"]);
    switchDrafts(storage, true);
    forgetDrafts(storage);
    expect([storage.length, storage.getItem("other"), areDraftsOn(storage)]).toEqual([1, "1\n\n", false]);
  });
});

describe("a visit", () => {
  beforeEach(() => void vi.useFakeTimers());

  function visit(storage: StorageLike | null) {
    const store = createStore(reduce, initialState("", null));
    const session = { run: async () => {}, load: async () => {} };
    const drafts = startDrafts(store, session, storage);
    return { store, drafts, pause: () => vi.advanceTimersByTime(1000) };
  }
  const begun = (storage: StorageLike | null) => {
    const it = visit(storage);
    it.store.dispatch({ type: "loaded", text: "{}", example: "x" });
    return it;
  };

  test("keeps nothing unless it is asked to, and nothing that is not one's own", () => {
    const storage = new Memory();
    const { store, drafts, pause } = begun(storage);
    store.dispatch({ type: "typed", text: "mine" });
    pause();
    expect(storage.length).toBe(0);
    drafts.turn(true);
    expect(drafts.list()).toHaveLength(1);
    store.dispatch({ type: "loaded", text: "[]", example: "y" });
    store.dispatch({ type: "lesson", number: 1, scenario: "l", text: "l", options: initialState("", null).options });
    pause();
    expect(drafts.list()).toHaveLength(1);
  });

  test("begins with the last draft of the one before, options included", async () => {
    const storage = new Memory();
    const first = begun(storage);
    first.drafts.turn(true);
    first.store.dispatch({ type: "configured", options: { workers: 7 } });
    first.store.dispatch({ type: "typed", text: "mine" });
    first.store.dispatch({ type: "checked", text: "mine", checked: { title: "Mine", description: null, diagnostics: [], rows: [] } });
    first.pause();

    const second = visit(storage);
    expect(await second.drafts.restore()).toBe(true);
    expect(second.store.state).toMatchObject({ text: "mine", example: null, options: { workers: 7 }, drafts: { on: true, restored: { title: "Mine" } } });
    second.store.dispatch({ type: "typed", text: "mine, more" });
    second.pause();
    expect(second.drafts.list()).toHaveLength(1);
  });

  test("a text that takes the place of another is another draft, also when that is undone", () => {
    const { store, drafts, pause } = begun(new Memory());
    drafts.turn(true);
    store.dispatch({ type: "typed", text: "first" });
    store.dispatch({ type: "imported", text: "second" });
    pause();
    const texts = (): string[] => drafts.list().map(({ size }) => String(size));
    expect(texts()).toHaveLength(2);
    store.dispatch({ type: "undo" });
    store.dispatch({ type: "typed", text: "first, and more" });
    pause();
    expect(texts()).toHaveLength(3);
  });

  test("what is forgotten stays so", () => {
    const storage = new Memory();
    const { store, drafts, pause } = begun(storage);
    drafts.turn(true);
    store.dispatch({ type: "typed", text: "mine" });
    drafts.forgetAll();
    pause();
    store.dispatch({ type: "typed", text: "mine, too" });
    pause();
    expect([storage.length, store.state.drafts.on]).toEqual([0, false]);
  });

  test.each([
    ["full", new Memory(30), /full/],
    ["forbidden", null, /does not let/],
  ])("a storage that is %s is said, and loses nothing", (_, storage, words) => {
    const { store, drafts, pause } = begun(storage);
    store.dispatch({ type: "typed", text: "mine, and long" });
    drafts.turn(true);
    pause();
    expect(store.state.drafts.problem).toMatch(words);
    expect(store.state.text).toBe("mine, and long");
  });

  test("what is too large is said, until it is smaller", () => {
    const { store, drafts, pause } = begun(new Memory());
    drafts.turn(true);
    store.dispatch({ type: "typed", text: "x".repeat(MAX_DRAFT) });
    pause();
    expect(store.state.drafts.problem).toMatch(/too large/);
    store.dispatch({ type: "typed", text: "x" });
    pause();
    expect(store.state.drafts.problem).toBeNull();
  });
});
