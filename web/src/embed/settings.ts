/** What an address (or an element's attributes) says about a figure: read strictly, and everything wrong is named. Pure. */
import type { Granularity, Options } from "../engine/types.ts";
import { CLOCK_IDS, DELTA_IDS, HEEDS, HINT_IDS } from "../engine/options.ts";
import { addresses as words } from "../text/addresses.ts";
import { ATTRIBUTES, DEFAULT_VIEWS, PARAMETERS, VIEWS, type View } from "./interface.ts";

/** How a figure begins. */
export interface Settings {
  /** Name of a bundled scenario; `null` is none, or the text's. */
  readonly example: string | null;
  /** The scenario's text, from the fragment of the address; as addresses were before there were links. */
  readonly scenario: string | null;
  /** A fragment that is meant to be a link (share/link.ts), and nobody has read yet. */
  readonly link: string | null;
  /** A report beside the page, shown without running anything. */
  readonly report: string | null;
  readonly options: Partial<Options>;
  readonly granularity: Granularity | null;
  readonly view: readonly View[];
  readonly theme: "system" | "light" | "dark";
  /** Runs when it is first seen, or when somebody clicks. */
  readonly start: "visible" | "click";
  /** Origins that may load scenarios without asking. */
  readonly parents: readonly string[];
  /** What could not be read, in sentences. */
  readonly problems: readonly string[];
}

/** No address carries more of a scenario, in characters. */
export const LONGEST_SCENARIO = 100_000;

const NUMBERS = { workers: [1, 64], seed: [0, Number.MAX_SAFE_INTEGER], repeats: [1, 100] } as const;
const CHOICES = {
  strategy: Object.keys(HEEDS),
  clock: CLOCK_IDS,
  deltas: DELTA_IDS,
  hints: HINT_IDS,
  cost: ["gas", "time"],
} as const;
/** How much a graph can tell apart. */
export const GRANULARITIES: readonly Granularity[] = ["account", "slot", "slotWithDeltas"];

/** Reads a query (`?example=…&view=graph+timeline`) and a fragment (`#v=1&…`, `#scenario=…`). */
export function readSettings(query: string, fragment = ""): Settings {
  const problems: string[] = [];
  const given = new Map<string, string>();
  const known: readonly string[] = [...ATTRIBUTES.frame, ...PARAMETERS];
  for (const [name, value] of new URLSearchParams(query)) {
    if (!known.includes(name)) problems.push(words.noParameter(quoted(name), known.join(", ")));
    else given.set(name, value.trim());
  }
  const oneOf = <T extends string>(name: string, values: readonly T[]): T | null => readChoice(given, name, values, problems);
  const options = readOptions(given, problems);
  const view: View[] = [];
  for (const name of (given.get("view") ?? "").split(/[\s,+]+/).filter(Boolean)) {
    if (!(VIEWS as readonly string[]).includes(name)) problems.push(words.noView(quoted(name), VIEWS.join(", ")));
    else if (!view.includes(name as View)) view.push(name as View);
  }
  const theme = oneOf("theme", ["auto", "light", "dark"]);
  const scenario = new URLSearchParams(fragment.replace(/^#/, "")).get("scenario");
  if (scenario !== null && scenario.length > LONGEST_SCENARIO) {
    problems.push(words.scenarioTooLong(scenario.length, LONGEST_SCENARIO));
  }
  return {
    example: given.get("example") || null,
    scenario: scenario !== null && scenario.length <= LONGEST_SCENARIO ? scenario : null,
    link: scenario === null && fragment.length > 1 ? fragment : null,
    report: given.get("report") || null,
    options,
    granularity: oneOf("granularity", GRANULARITIES),
    view: view.length > 0 ? view : DEFAULT_VIEWS,
    theme: theme === null || theme === "auto" ? "system" : theme,
    start: oneOf("start", ["visible", "click"]) ?? "visible",
    parents: (given.get("parent") ?? "").split(/[\s,]+/).filter(Boolean),
    problems,
  };
}

/** The options that are given by name, as far as they can be read; what cannot is added to `problems`. */
export function readOptions(given: ReadonlyMap<string, string>, problems: string[]): Partial<Options> {
  const options: Record<string, string | number> = {};
  for (const [name, values] of Object.entries(CHOICES)) {
    const value = readChoice(given, name, values, problems);
    if (value !== null) options[name] = value;
  }
  for (const [name, [least, most]] of Object.entries(NUMBERS)) {
    const value = given.get(name);
    if (value === undefined || value === "") continue;
    if (/^\d{1,16}$/.test(value) && Number(value) >= least && Number(value) <= most) options[name] = Number(value);
    else problems.push(words.notNumber(name, quoted(value), least, most));
  }
  return options as Partial<Options>;
}

/** One of `values`, or `null`; what is none of them is added to `problems`. */
export function readChoice<T extends string>(given: ReadonlyMap<string, string>, name: string, values: readonly T[], problems: string[]): T | null {
  const value = given.get(name);
  if (value === undefined || value === "") return null;
  if ((values as readonly string[]).includes(value)) return value as T;
  problems.push(words.notChoice(name, quoted(value), values.join(", ")));
  return null;
}

/** What somebody wrote, shortened, to be repeated to them. */
export function quoted(text: string): string {
  return words.quoted(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
