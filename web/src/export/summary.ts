/** A run in a page of Markdown: what was run and how, whether it is right, what it gained, what that cost, and how to see it again. */
import type { Report } from "../engine/types.ts";
import { summary as words } from "../text/export.ts";
import { nouns } from "../text/page.ts";
import { decimal, factor, gas, integer, time } from "../view/format.ts";
import { escapeMarkdown as plain } from "./escape.ts";
import type { Given } from "./given.ts";

/** Of longer lists the rest is counted. */
const LISTED = 10;

/** Writes it. */
export function summary(given: Given): string {
  const { report } = given;
  const { scenario, verdict } = report;
  return [
    `# ${plain(scenario.title)}`,
    ...(scenario.description ? [plain(scenario.description)] : []),
    [
      `**${factor(verdict.speedup)}** ${words.speedup(clockOf(report))}`,
      verdict.speedupBound === null ? "" : words.ofBound(factor(verdict.speedupBound)),
      verdict.equal ? words.equal : `**${words.unequal(verdict.differences.length)}**`,
    ]
      .filter(Boolean)
      .join("; ") + ".",
    `## ${words.run}`,
    table([words.what, ""], [
      [words.transactions, `${integer(report.transactions.length)}`],
      [words.fork, plain(scenario.fork)],
      [words.strategy, plain(report.options.strategy)],
      [words.workers, words.ranOf(verdict.workers, report.options.workers)],
      [words.clock, clockOf(report)],
      ...(report.options.clock === "virtual" ? [[words.seed, String(report.options.seed)]] : [[words.repeats, String(report.options.repeats)]]),
      [words.deltas, plain(report.options.deltas)],
      [words.hints, plain(report.options.hints)],
      [words.version, `${plain(report.version)}, ${words.format} ${report.format}`],
    ]),
    `## ${words.gain}`,
    table([words.what, ""], gain(report)),
    `## ${words.conflicts}`,
    conflicts(report),
    ...aborts(report),
    `## ${words.again}`,
    again(given),
  ]
    .join("\n\n")
    .concat("\n");
}

function gain({ verdict, bounds, options, locks }: Report): string[][] {
  const { unit } = verdict;
  return [
    [words.sequential, time(verdict.sequential, unit)],
    [words.parallel, time(verdict.parallel, unit)],
    [words.speedupRow, `${factor(verdict.speedup)} (${options.clock === "virtual" ? words.virtual : words.measured})`],
    [words.boundRow, factor(verdict.speedupBound)],
    [words.criticalPath, time(bounds.criticalPath, unit)],
    [words.longest, time(bounds.longest, unit)],
    [words.attempts, `${integer(verdict.attempts)}, ${nouns.aborts(verdict.aborts)}, ${integer(verdict.blocked)} ${words.blocked}`],
    [words.workRatio, decimal(verdict.workRatio, 2)],
    ...(locks ? [[words.locks, words.lockPairs(locks.pairs, locks.needless)]] : []),
    [words.stateRoot, `\`${/^0x[0-9a-f]*$/i.test(verdict.sequentialStateRoot) ? verdict.sequentialStateRoot : "–"}\``],
  ];
}

function conflicts({ hot, locations }: Report): string {
  if (hot.length === 0) return words.noConflicts;
  const rows = hot.slice(0, LISTED).map(({ location, readers, writers, edges, costGas, aborts }) => [plain(locations[location].label), gas(costGas), ...[readers, writers, edges, aborts].map(integer)]);
  const rest = hot.length > LISTED ? `\n\n${words.more(hot.length - LISTED)}` : "";
  return `${table([words.location, words.cost, words.readers, words.writers, words.dependencies, words.aborts], rows)}${rest}`;
}

/** The first aborts in the engine's words. */
function aborts({ timeline: { causes } }: Report): string[] {
  if (causes.length === 0) return [];
  const list = causes.slice(0, LISTED).map(({ sentence }) => `- ${plain(sentence)}`);
  return [`### ${words.why}`, list.join("\n"), ...(causes.length > LISTED ? [words.more(causes.length - LISTED)] : [])];
}

function again({ link, text, report: { options } }: Given): string {
  const { strategy, workers, clock, cost, seed, deltas, hints, repeats } = options;
  const given = { strategy, workers, clock, cost, seed, deltas, hints, ...(clock === "measured" ? { repeats } : {}) };
  const command = `evm-lanes run scenario.json ${Object.entries(given).map(([name, value]) => `--${name} ${value}`).join(" ")}`;
  return [
    link === null ? (text === null ? words.noText : words.noLink) : `${words.link}: <${link}>`,
    `${words.command}:`,
    `\`\`\`sh\n${command.replace(/[^\w.\- ]/g, "")}\n\`\`\``,
  ].join("\n\n");
}

function clockOf({ options }: Report): string {
  return options.clock === "measured" ? words.measured : options.cost === "gas" ? words.virtualGas : words.virtualTime;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map((_, i) => (i === 0 ? "---" : "---:")), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
