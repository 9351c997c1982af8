/**
 * What a lesson asks of a run: conditions over its report, as data. A condition is written in one line (`examples/lessons/README.md`
 * lists the forms), read when the page is built, and judged after every run with a sentence that says what is missing.
 */
import type { Options, Report } from "../engine/types.ts";

/** How a number is compared. */
export type Comparison = ">=" | "<=" | "==" | "<" | ">";

/** A number that a report gives. */
export type Quantity =
  | { readonly of: Figure }
  | { readonly of: "transactions"; readonly from?: string; readonly to?: string; readonly calling?: string; readonly logging?: string }
  | { readonly of: "dependencies"; readonly at?: string }
  | { readonly of: "gain" | "start" | "place"; readonly account: string };

/** One thing that must be so. */
export type Condition =
  | { readonly kind: "number"; readonly quantity: Quantity; readonly comparison: Comparison; readonly wanted: number }
  | { readonly kind: "option"; readonly name: "fork" | keyof Options; readonly wanted: string }
  | { readonly kind: "verified" }
  | { readonly kind: "list-given" };

/** A condition, judged: whether it is met, and in words how it stands. */
export interface Finding {
  readonly met: boolean;
  readonly words: string;
}

const ETHER = 1e18;

type Figure = keyof typeof FIGURES;

/** Figures by the names that conditions have for them: what sentences call them, and where they are in a report. */
const FIGURES = {
  speedup: { words: "the speedup", value: ({ verdict }: Report) => verdict.speedup },
  limit: { words: "the limit of the speedup", value: ({ verdict }: Report) => verdict.speedupBound },
  aborts: { words: "the number of aborts", value: ({ verdict }: Report) => verdict.aborts },
  blocked: { words: "the number of attempts that stopped at an estimate", value: ({ verdict }: Report) => verdict.blocked },
  attempts: { words: "the number of attempts", value: ({ verdict }: Report) => verdict.attempts },
  workers: { words: "the number of workers", value: ({ options }: Report) => options.workers },
  failed: { words: "the number of transactions that fail", value: ({ transactions }: Report) => transactions.filter(({ status }) => status !== "success").length },
  senders: { words: "the number of senders", value: ({ transactions }: Report) => new Set(transactions.filter(({ status }) => status === "success").map(({ from }) => from)).size },
  moved: { words: "what successful transactions send, in ether,", value: ({ transactions }: Report) => Number(transactions.filter(({ status }) => status === "success").reduce((sum, { value }) => sum + BigInt(value), 0n)) / ETHER },
  levels: { words: "the number of levels", value: ({ graph }: Report) => graph.levels },
  chain: { words: "the number of transactions on the critical path", value: ({ graph }: Report) => graph.criticalPathGas.transactions.length },
  share: { words: "the critical path's share of the work in per cent", value: ({ bounds }: Report) => (bounds.total > 0 ? (100 * bounds.criticalPath) / bounds.total : null) },
  brent: { words: "the speedup that Brent's theorem promises", value: brent },
  wrong: { words: "the number of wrong places in the access list", value: ({ accessLists }: Report) => accessLists?.wrong.length ?? null },
} as const satisfies Record<string, { words: string; value: (report: Report) => number | null }>;

const OPTIONS = ["fork", "strategy", "clock", "deltas", "hints", "cost"] as const;
const COMPARISONS: Readonly<Record<Comparison, { words: string; holds: (value: number, wanted: number) => boolean }>> = {
  ">=": { words: "at least", holds: (value, wanted) => value >= wanted },
  "<=": { words: "at most", holds: (value, wanted) => value <= wanted },
  "==": { words: "exactly", holds: (value, wanted) => value === wanted },
  "<": { words: "less than", holds: (value, wanted) => value < wanted },
  ">": { words: "more than", holds: (value, wanted) => value > wanted },
};

/** Reads a condition, or says what is wrong with it. */
export function readCondition(text: string): Condition | { readonly problem: string } {
  const line = text.trim();
  if (line === "verified") return { kind: "verified" };
  if (line === "access list given") return { kind: "list-given" };
  const option = /^([a-z]+) is ([A-Za-z-]+)$/.exec(line);
  if (option) {
    const name = OPTIONS.find((name) => name === option[1]);
    return name ? { kind: "option", name, wanted: option[2] } : { problem: `“${option[1]}” is no option that can be asked for; there are ${OPTIONS.join(", ")}` };
  }
  const compared = /^(.+?) (>=|<=|==|<|>) (-?\d+(?:\.\d+)?)$/.exec(line);
  if (!compared) return { problem: `“${line}” is no condition: it is FIGURE >= NUMBER (or <=, ==, <, >), OPTION is VALUE, verified, or access list given` };
  const quantity = readQuantity(compared[1]);
  if ("problem" in quantity) return quantity;
  return { kind: "number", quantity, comparison: compared[2] as Comparison, wanted: Number(compared[3]) };
}

/** Reads what a condition compares, or a text has in braces. */
export function readQuantity(text: string): Quantity | { readonly problem: string } {
  if (Object.hasOwn(FIGURES, text)) return { of: text as Figure };
  const counted = /^transactions(?: from "([^"]+)")?(?: to "([^"]+)")?(?: calling "([^"]+)")?(?: logging "([^"]+)")?$/.exec(text);
  if (counted) {
    const [, from, to, calling, logging] = counted;
    return { of: "transactions", ...(from && { from }), ...(to && { to }), ...(calling && { calling }), ...(logging && { logging }) };
  }
  const edges = /^dependencies(?: at "([^"]+)")?$/.exec(text);
  if (edges) return { of: "dependencies", ...(edges[1] && { at: edges[1] }) };
  const account = /^(gain|start|place) of "([^"]+)"$/.exec(text);
  if (account) return { of: account[1] as "gain" | "start" | "place", account: account[2] };
  return { problem: `“${text}” is no figure of a run; there are ${Object.keys(FIGURES).join(", ")}, transactions [from "…"] [to "…"] [calling "…"] [logging "…"], dependencies [at "…"], and gain, start and place of "…"` };
}

/** Judges one condition. Every condition can be judged of every report. */
export function judge(condition: Condition, report: Report): Finding {
  switch (condition.kind) {
    case "verified":
      return either(report.verdict.equal, "the parallel run is equal to the sequential one", "the parallel run differs from the sequential one");
    case "list-given": {
      const lists = report.accessLists;
      return either(lists !== null && !lists.fromExecution, "the block brings its access list", "the block has no access list of its own, which the lesson is about");
    }
    case "option": {
      const value = String(condition.name === "fork" ? report.scenario.fork : report.options[condition.name]);
      const met = value === condition.wanted;
      return { met, words: met ? `${condition.name} is ${value}` : `${condition.name} is ${value}, ${condition.wanted} is wanted` };
    }
    case "number":
      return judgeNumber(condition, report);
  }
}

/** What a quantity is in a report; `null` where it has none. */
export function valueOf(quantity: Quantity, report: Report): number | null {
  switch (quantity.of) {
    case "transactions":
      return report.transactions.filter((transaction) => counts(quantity, transaction, report)).length;
    case "dependencies": {
      const { at } = quantity;
      if (at === undefined) return report.graph.edges.length;
      return report.graph.edges.filter(({ locations }) => locations.some((location) => report.locations[location].label === at)).length;
    }
    case "gain":
    case "start": {
      const account = report.accounts.find(({ name }) => name === quantity.account);
      if (!account) return 0;
      const before = BigInt(account.balanceBefore);
      return Number(quantity.of === "start" ? before : BigInt(account.balanceAfter) - before) / ETHER;
    }
    case "place": {
      const index = report.transactions.findIndex(({ from }) => nameOf(report, from) === quantity.account);
      return index < 0 ? null : index + 1;
    }
    default:
      return FIGURES[quantity.of].value(report);
  }
}

/** A value as texts show it: no more than two digits behind the point. */
export function shown(value: number | null): string {
  return value === null ? "no value" : String(Number(value.toFixed(2)));
}

function judgeNumber({ quantity, comparison, wanted }: Condition & { kind: "number" }, report: Report): Finding {
  const value = valueOf(quantity, report);
  const { words, holds } = COMPARISONS[comparison];
  const subject = subjectOf(quantity);
  if (value === null) return { met: false, words: `there is nothing to tell ${subject} from, ${words} ${wanted} is wanted` };
  const met = holds(value, wanted);
  // Rounding must not make it look as if it were the other way round.
  const digits = [2, 3, 4, 6].find((digits) => holds(Number(value.toFixed(digits)), wanted) === met);
  const number = digits === undefined ? String(value) : String(Number(value.toFixed(digits)));
  return { met, words: met ? `${subject} is ${number}` : `${subject} is ${number}, ${words} ${wanted} is wanted` };
}

function subjectOf(quantity: Quantity): string {
  switch (quantity.of) {
    case "transactions": {
      const { from, to, calling, logging } = quantity;
      return `the number of successful transactions${from ? ` from ${from}` : ""}${to ? ` to ${to}` : ""}${calling ? ` that call ${calling}` : ""}${logging ? ` that log ${logging}` : ""}`;
    }
    case "dependencies":
      return `the number of dependencies${quantity.at ? ` at ${quantity.at}` : ""}`;
    case "gain":
      return `what ${quantity.account} gains, in ether,`;
    case "start":
      return `what ${quantity.account} has before the block, in ether,`;
    case "place":
      return `the place of ${quantity.account}'s first transaction in the block`;
    default:
      return FIGURES[quantity.of].words;
  }
}

/** Only what succeeds counts: a payment that fails has not been made. */
function counts({ from, to, calling, logging }: Quantity & { of: "transactions" }, transaction: Report["transactions"][number], report: Report): boolean {
  return (
    transaction.status === "success" &&
    (from === undefined || nameOf(report, transaction.from) === from) &&
    (to === undefined || (transaction.to !== null && nameOf(report, transaction.to) === to)) &&
    (calling === undefined || begins(transaction.call, calling)) &&
    (logging === undefined || transaction.logs.some(({ event }) => begins(event, logging)))
  );
}

/** Whether a call or an event begins with a name, or with a name and whole arguments: `transfer`, `transfer(shop`. */
function begins(call: string | null, start: string): boolean {
  return call !== null && call.startsWith(start) && /^(?:[(,)]|$)/.test(call.slice(start.length));
}

function nameOf(report: Report, account: number): string | null {
  return report.accounts[account]?.name ?? null;
}

/** At most `work/p + (1 − 1/p) · path` is the time of any greedy schedule (Brent 1974, Graham 1969). */
function brent({ bounds: { total, criticalPath }, options: { workers } }: Report): number | null {
  const time = total / workers + (1 - 1 / workers) * criticalPath;
  return time > 0 ? total / time : null;
}

function either(met: boolean, yes: string, no: string): Finding {
  return { met, words: met ? yes : no };
}
