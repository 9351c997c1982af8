/**
 * Everything the page can be told to do. The palette, the keyboard and the help are made of this list: whoever adds something to
 * the page that can be done adds it here.
 */
import { exampleGroups } from "../examples.ts";
import type { Options } from "../engine/types.ts";
import { changeLanguage } from "../share/carry-over.ts";
import { atStep, largeStep, START, stepped } from "../state/playhead.ts";
import type { Detail, State, Theme } from "../state/state.ts";
import { LANGUAGES, language, type Language } from "../text/language.ts";
import { commands as words } from "../text/commands.ts";
import { CLOCKS, DELTAS, entries, HINTS, STRATEGIES } from "../view/choices.ts";
import type { Command, Commanded } from "./command.ts";

/** As many as the controls offer. */
const MOST_WORKERS = 64;
const WORKERS = [1, 2, 4, 8, 16, 32, MOST_WORKERS];
const NEXT_THEME: Readonly<Record<Theme, Theme>> = { system: "light", light: "dark", dark: "system" };

/** The commands, in the order of their groups. */
export function commandsOf(page: Commanded): readonly Command[] {
  return [run(page), scenario(page), views(page), replay(page), options(page), everythingElse(page), examples(page)].flat();
}

/** One for each lesson; their titles are loaded with the lessons. */
export function lessonCommands(page: Commanded, titles: readonly string[]): readonly Command[] {
  return titles.map((title, at) => ({ id: `lesson-${at + 1}`, group: "lessons", name: words.lesson(at + 1, title), run: () => void page.openLesson(at + 1) }));
}

function run({ store, session }: Commanded): Command[] {
  const runs = (): boolean => store.state.run.kind === "running";
  const compares = (): boolean => store.state.compared.kind === "running";
  return [
    { id: "run", group: "run", name: words.runBlock, keys: ["Mod+Enter", "r"], possible: () => store.state.engine !== null, run: () => void session.run() },
    { id: "cancel", group: "run", name: words.cancelRun, keys: ["x"], possible: runs, run: () => session.cancel() },
    {
      id: "compare",
      group: "run",
      name: words.compare,
      keys: ["c"],
      possible: () => store.state.engine !== null && !compares(),
      run: () => {
        store.dispatch({ type: "detail", detail: "compare" });
        void session.compare();
      },
    },
    {
      id: "keep-run",
      group: "run",
      name: words.keepRun,
      keys: ["k"],
      possible: () => store.state.finished !== null,
      run: () => {
        store.dispatch({ type: "keep", run: store.state.finished });
        store.dispatch({ type: "detail", detail: "runs" });
      },
    },
    { id: "forget-run", group: "run", name: words.forgetRun, possible: () => store.state.kept !== null, run: () => store.dispatch({ type: "keep", run: null }) },
    { id: "cancel-comparison", group: "run", name: words.cancelComparison, possible: compares, run: () => session.cancelComparison() },
  ];
}

function scenario(page: Commanded): Command[] {
  const { store } = page;
  const open = (dialog: Parameters<Commanded["open"]>[0]) => () => page.open(dialog);
  return [
    { id: "undo", group: "scenario", name: words.undo, keys: ["Mod+z"], at: "text", possible: () => store.state.history.past.length > 0, run: () => store.dispatch({ type: "undo" }) },
    { id: "redo", group: "scenario", name: words.redo, keys: ["Mod+Shift+z", "Mod+y"], at: "text", possible: () => store.state.history.future.length > 0, run: () => store.dispatch({ type: "redo" }) },
    { id: "restore", group: "scenario", name: words.restore, keys: ["b"], possible: () => canRestore(store.state), run: () => store.dispatch({ type: "restored" }) },
    { id: "new-block", group: "scenario", name: words.newBlock, keys: ["n"], run: () => page.newBlock() },
    { id: "open-save", group: "scenario", name: words.openSave, keys: ["o"], run: open("intake") },
    { id: "drafts", group: "scenario", name: words.drafts, keys: ["d"], run: open("drafts") },
    { id: "share", group: "scenario", name: words.share, keys: ["s"], run: open("share") },
    { id: "export", group: "scenario", name: words.export, keys: ["f"], run: open("export") },
    { id: "embed", group: "scenario", name: words.embed, keys: ["e"], run: open("embed") },
    { id: "lessons", group: "lessons", name: words.lessons, keys: ["l"], run: () => void page.openLesson(store.state.lessons.number ?? 1) },
    { id: "leave-lessons", group: "lessons", name: words.leaveLessons, possible: () => store.state.lessons.number !== null, run: () => page.leaveLessons() },
  ];
}

function views(page: Commanded): Command[] {
  const { store } = page;
  const drawn = (): boolean => store.state.finished !== null;
  const parts: readonly (readonly [Parameters<Commanded["goTo"]>[0], string])[] = [
    ["transactions", "1"],
    ["json", "2"],
    ["contract", "3"],
    ["setup", "4"],
    ["verdict", "5"],
    ["graph", "6"],
    ["lanes", "7"],
    ["details", "8"],
  ];
  return [
    ...parts.map(([part, key]): Command => ({ id: `go-${part}`, group: "views", name: words.panes[part], keys: [key], run: () => page.goTo(part) })),
    ...(Object.keys(words.tabs) as Detail[]).map(
      (detail): Command => ({
        id: `tab-${detail}`,
        group: "views",
        name: words.tabs[detail],
        run: () => {
          store.dispatch({ type: "detail", detail });
          page.goTo("details");
        },
      }),
    ),
    { id: "graph-table", group: "views", name: words.graphTable, possible: drawn, run: () => page.toggleTable("graph") },
    { id: "lanes-table", group: "views", name: words.lanesTable, possible: drawn, run: () => page.toggleTable("lanes") },
    { id: "fit-graph", group: "views", name: words.fitGraph, possible: drawn, run: () => page.fit("graph") },
    { id: "fit-lanes", group: "views", name: words.fitLanes, possible: drawn, run: () => page.fit("lanes") },
    {
      id: "clear-selection",
      group: "views",
      name: words.clearSelection,
      keys: ["Escape"],
      at: "text",
      possible: () => store.state.selection !== null || store.state.hover !== null,
      run: () => {
        store.dispatch({ type: "hover", selection: null });
        store.dispatch({ type: "select", selection: null });
      },
    },
  ];
}

function replay({ store }: Commanded): Command[] {
  const events = () => store.state.finished?.report.timeline.events;
  const possible = (): boolean => (events()?.kind.length ?? 0) > 0;
  const step = (size: (all: NonNullable<ReturnType<typeof events>>) => number) => (): void =>
    store.dispatch({ type: "playhead", playhead: stepped(events()!, store.state.playhead, size(events()!)) });
  const command = (id: string, name: string, key: string, act: () => void): Command => ({ id, group: "replay", name, keys: [key], at: "playhead", possible, run: act });
  return [
    command("back", words.back, "ArrowLeft", step(() => -1)),
    command("on", words.on, "ArrowRight", step(() => 1)),
    command("many-back", words.manyBack, "Shift+ArrowLeft", step((all) => -largeStep(all))),
    command("many-on", words.manyOn, "Shift+ArrowRight", step(largeStep)),
    command("play", words.play, " ", () => store.dispatch({ type: "play", playing: !store.state.playing })),
    command("to-start", words.toStart, "Home", () => store.dispatch({ type: "playhead", playhead: START })),
    command("to-end", words.toEnd, "End", () => store.dispatch({ type: "playhead", playhead: atStep(events()!, Infinity) })),
  ];
}

function options({ store }: Commanded): Command[] {
  const set = (id: string, name: string, change: Partial<Options>): Command => ({ id, group: "options", name, run: () => store.dispatch({ type: "configured", options: change }) });
  const workers = (by: number): void => store.dispatch({ type: "configured", options: { workers: Math.max(1, Math.min(MOST_WORKERS, store.state.options.workers + by)) } });
  return [
    { id: "fewer-workers", group: "options", name: words.fewerWorkers, keys: ["["], possible: () => store.state.options.workers > 1, run: () => workers(-1) },
    { id: "more-workers", group: "options", name: words.moreWorkers, keys: ["]"], possible: () => store.state.options.workers < MOST_WORKERS, run: () => workers(1) },
    ...entries(STRATEGIES).map(([strategy, { name }]) => set(`strategy-${strategy}`, words.strategy(name), { strategy })),
    ...WORKERS.map((count) => set(`workers-${count}`, words.workers(count), { workers: count })),
    ...entries(CLOCKS).map(([clock, { name }]) => set(`clock-${clock}`, words.clock(name), { clock })),
    ...entries(DELTAS).map(([deltas, { name }]) => set(`deltas-${deltas}`, words.deltas(name), { deltas })),
    ...entries(HINTS).map(([hints, { name }]) => set(`hints-${hints}`, words.hints(name), { hints })),
    ...(Object.keys(words.granularity) as State["granularity"][]).map(
      (granularity): Command => ({ id: `granularity-${granularity}`, group: "options", name: words.granularity[granularity], run: () => store.dispatch({ type: "granularity", granularity }) }),
    ),
  ];
}

function everythingElse(page: Commanded): Command[] {
  const { store } = page;
  return [
    { id: "palette", group: "page", name: words.palette, keys: ["Mod+k", "F1"], run: () => page.open("palette") },
    { id: "help", group: "page", name: words.keys, keys: ["?"], run: () => page.open("help") },
    { id: "print", group: "page", name: words.print, possible: () => store.state.finished !== null, run: () => print() },
    { id: "about", group: "page", name: words.about, run: () => page.open("about") },
    { id: "next-theme", group: "page", name: words.nextTheme, keys: ["t"], run: () => store.dispatch({ type: "theme", theme: NEXT_THEME[store.state.theme] }) },
    ...(Object.keys(words.theme) as Theme[]).map((theme): Command => ({ id: `theme-${theme}`, group: "page", name: words.theme[theme], run: () => store.dispatch({ type: "theme", theme }) })),
    ...(Object.keys(LANGUAGES) as Language[]).filter((it) => it !== language).map((it): Command => ({ id: `language-${it}`, group: "page", name: words.language(LANGUAGES[it]), run: () => void changeLanguage(store.state, it) })),
  ];
}

function examples(page: Commanded): Command[] {
  const each = exampleGroups.flatMap((group) => group.examples);
  return [
    { id: "gallery", group: "examples", name: words.gallery, keys: ["g"], run: () => page.open("gallery") },
    ...each.map(({ id, title }): Command => ({ id: `example-${id}`, group: "examples", name: words.example(title), run: () => void page.session.load(id) })),
  ];
}

/** Whether there is a text of the reader's own to go back to, which is not there already. */
export function canRestore({ previous, text }: State): boolean {
  return previous !== null && previous !== text;
}
