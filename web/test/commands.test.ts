import { describe, expect, test } from "vitest";
import type { Command, Commanded } from "../src/commands/command.ts";
import { isPress, isSingle, keyNames, type Pressed } from "../src/commands/key.ts";
import { commandsOf, lessonCommands } from "../src/commands/list.ts";
import { found } from "../src/commands/search.ts";
import { exampleGroups } from "../src/examples.ts";
import { initialState, reduce } from "../src/state/state.ts";
import { createStore } from "../src/state/store.ts";
import { commands as english } from "../src/text/en/commands.ts";
import { commands as german } from "../src/text/de/commands.ts";

const pressed = (key: string, keys: Partial<Pressed> = {}): Pressed => ({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...keys });

test.each<[string, Pressed, boolean]>([
  ["Mod+k", pressed("k", { ctrlKey: true }), true],
  ["Mod+k", pressed("K", { metaKey: true }), true],
  ["Mod+k", pressed("k"), false],
  ["Mod+k", pressed("k", { ctrlKey: true, shiftKey: true }), false],
  ["Mod+k", pressed("k", { ctrlKey: true, altKey: true }), false],
  ["Mod+Shift+z", pressed("Z", { ctrlKey: true, shiftKey: true }), true],
  ["Mod+z", pressed("Z", { ctrlKey: true, shiftKey: true }), false],
  // On some keyboards there is no question mark without Shift, on others there is.
  ["?", pressed("?", { shiftKey: true }), true],
  ["?", pressed("?"), true],
  ["+", pressed("+", { shiftKey: true }), true],
  ["r", pressed("r"), true],
  ["r", pressed("R", { shiftKey: true }), false],
  ["F1", pressed("F1"), true],
  ["Shift+ArrowLeft", pressed("ArrowLeft"), false],
])("%s is heard from %j: %s", (press, event, heard) => expect(isPress(event, press)).toBe(heard));

test("single keys are those that can be switched off", () => {
  expect(["r", "?", "[", "+"].map(isSingle)).toEqual([true, true, true, true]);
  expect(["Mod+k", "F1", "Enter", "ArrowLeft", "Mod+Shift+z"].map(isSingle)).toEqual([false, false, false, false, false]);
});

test("keys are named as they are on the machine", () => {
  const names = { ctrl: "Ctrl", shift: "Shift" };
  expect(keyNames("Mod+Shift+z", false, names)).toBe("Ctrl Shift Z");
  expect(keyNames("Mod+Shift+z", true, names)).toBe("⌘ ⇧ Z");
  expect(keyNames("+", false, names)).toBe("+");
});

describe("the list of commands", () => {
  const { page, calls } = aPage();
  const commands = [...commandsOf(page), ...lessonCommands(page, ["First", "Second"])];

  test("every id and every name is taken once", () => {
    for (const key of ["id", "name"] as const) {
      const all = commands.map((command) => command[key]);
      expect(all.filter((it, at) => all.indexOf(it) !== at)).toEqual([]);
    }
  });

  test("no key is taken twice", () => {
    const all = commands.flatMap(({ keys }) => keys ?? []);
    expect(all.filter((it, at) => all.some((other, i) => i !== at && other.toLowerCase() === it.toLowerCase()))).toEqual([]);
  });

  test("keys of the pictures mean nothing else on the page, where their command is another", () => {
    const single = commands.filter(({ at }) => at !== "playhead").flatMap(({ keys }) => keys ?? []);
    expect(single.filter((press) => ["+", "=", "-", "0", ",", ".", "<", ">", "p", "Enter", " ", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].includes(press))).toEqual([]);
  });

  test("has every example, strategy, tab and part", () => {
    const ids = new Set(commands.map(({ id }) => id));
    for (const { examples } of exampleGroups) for (const { id } of examples) expect(ids).toContain(`example-${id}`);
    for (const tab of Object.keys(english.tabs)) expect(ids).toContain(`tab-${tab}`);
    for (const part of Object.keys(english.panes)) expect(ids).toContain(`go-${part}`);
  });

  test("stands together by group, so that each heading comes once", () => {
    const groups = commandsOf(page).map(({ group }) => group);
    const headings = groups.filter((group, at) => group !== groups[at - 1]);
    expect(headings).toEqual([...new Set(headings)]);
  });

  test("whatever can be done does something", () => {
    const idle: string[] = [];
    for (const command of commands.filter(({ id }) => !id.startsWith("language-"))) {
      const before = page.store.state;
      const made = calls.length;
      if (command.possible?.() === false) continue;
      command.run();
      if (page.store.state === before && calls.length === made) idle.push(command.id);
    }
    // What is chosen already stays so.
    expect(idle.filter((id) => !/^(strategy|workers|clock|deltas|hints|granularity|theme|tab)-/.test(id))).toEqual([]);
  });
});

test("both languages name the same commands", () => {
  const keys = (it: object): string[] => Object.entries(it).flatMap(([key, value]) => (typeof value === "object" ? keys(value).map((inner) => `${key}.${inner}`) : [key]));
  expect(keys(german)).toEqual(keys(english));
});

describe("search", () => {
  const names = ["Run", "Cancel the run", "Load the example ERC-20 fan out", "Compare all strategies", "Strategy Block-STM", "Größe"];
  const first = (query: string): string | undefined => found(names, query, (name) => name)[0];

  test.each([
    ["run", "Run"],
    ["can", "Cancel the run"],
    ["erc fan", "Load the example ERC-20 fan out"],
    ["strat", "Strategy Block-STM"],
    ["bstm", "Strategy Block-STM"],
    ["cas", "Compare all strategies"],
    ["grosse", undefined],
    ["große", "Größe"],
    ["GROẞE", "Größe"],
    ["zzz", undefined],
  ])("%s finds %s", (query, name) => expect(first(query)).toBe(name));

  test("nothing asked for is everything, in its order", () => expect(found(names, "  ", (name) => name)).toEqual(names));
});

/** A page that notes what it is told. */
function aPage(): { page: Commanded; calls: string[] } {
  const calls: string[] = [];
  const note = (name: string) => (): Promise<never> => (calls.push(name), new Promise(() => {}));
  const store = createStore(reduce, { ...initialState("text", "x"), engine: { executor: "single", workers: 1, reason: "" } as never, previous: "mine" });
  const session = { run: note("run"), cancel: note("cancel"), compare: note("compare"), cancelComparison: note("cancelComparison"), load: note("load") };
  const page = { store, session, newBlock: note("new"), openLesson: note("lesson"), leaveLessons: note("leave"), open: note("open"), goTo: note("goTo"), toggleTable: note("table"), fit: note("fit") };
  return { page: page as unknown as Commanded & { commands?: Command[] }, calls };
}
