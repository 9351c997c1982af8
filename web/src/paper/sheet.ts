/** A run as it is printed: plain tables that are there as a whole, and pictures in black on white. */
import { html, nothing, type TemplateResult } from "lit";
import type { Report } from "../engine/types.ts";
import type { Drawing } from "../export/pictures.ts";
import { neighbours } from "../layout/adjacency.ts";
import { summary as words } from "../text/export.ts";
import { language } from "../text/language.ts";
import { nouns } from "../text/page.ts";
import { paper } from "../text/paper.ts";
import { derive } from "../view/derived.ts";
import { account, cut, factor, gas, integer, time, wei } from "../view/format.ts";

/** Rows of a table that are printed; of more nobody reads the rest on paper. */
const MOST_ROWS = 500;
/** Pixels to a unit of a picture: what a printer shows of it. */
const SHARPNESS = 3;
/** No canvas has more pixels. */
const MOST_PIXELS = 24e6;

/** A table, row by row. */
interface Column {
  readonly head: string;
  readonly numeric?: boolean;
  readonly cell: (row: number) => string;
}

/** The sheet. `stale`: the scenario has changed since. */
export function sheet(report: Report, drawings: readonly (readonly [name: string, drawing: Drawing])[], stale: boolean, now: Date): TemplateResult {
  const { scenario, verdict, version } = report;
  return html`<h1>${scenario.title}</h1>
    ${scenario.description ? html`<p class="lesson">${scenario.description}</p>` : nothing} ${stale ? html`<p><em>${paper.stale}</em></p>` : nothing}
    <p class="headline">
      <strong>${factor(verdict.speedup)}</strong> ${words.speedup(clockOf(report))}${verdict.speedupBound === null ? nothing : html`; ${words.ofBound(factor(verdict.speedupBound))}`};
      <strong>${verdict.equal ? words.equal : words.unequal(verdict.differences.length)}</strong>.
    </p>
    ${facts(report)} ${drawings.map(([name, drawing]) => figure(name, drawing))} ${transactions(report)} ${hot(report)} ${accounts(report)}
    <p class="made">${paper.made(version, new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "short" }).format(now))}</p>`;
}

function clockOf({ options }: Report): string {
  return options.clock === "measured" ? words.measured : options.cost === "gas" ? words.virtualGas : words.virtualTime;
}

function facts(report: Report): TemplateResult {
  const { scenario, options, verdict, bounds } = report;
  const { unit } = verdict;
  const all: readonly (readonly [string, string])[] = [
    [words.transactions, integer(report.transactions.length)],
    [words.fork, scenario.fork],
    [words.strategy, options.strategy],
    [words.workers, words.ranOf(verdict.workers, options.workers)],
    [words.clock, clockOf(report)],
    options.clock === "virtual" ? [words.seed, String(options.seed)] : [words.repeats, String(options.repeats)],
    [words.deltas, options.deltas],
    [words.hints, options.hints],
    [words.sequential, time(verdict.sequential, unit)],
    [words.parallel, time(verdict.parallel, unit)],
    [words.criticalPath, time(bounds.criticalPath, unit)],
    [words.attempts, `${integer(verdict.attempts)}, ${nouns.aborts(verdict.aborts)}`],
    [words.workRatio, verdict.workRatio.toFixed(2)],
    [words.stateRoot, verdict.sequentialStateRoot],
  ];
  return html`<dl>${all.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function figure(name: string, { width, height, description, paint }: Drawing): TemplateResult {
  const canvas = document.createElement("canvas");
  const most = Math.min(SHARPNESS, Math.sqrt(MOST_PIXELS / (width * height)));
  const scale = Math.min(1, most);
  canvas.width = Math.max(1, Math.floor(width * most));
  canvas.height = Math.max(1, Math.floor(height * most));
  canvas.style.width = `${width}px`;
  const context = canvas.getContext("2d")!;
  context.scale(most / scale, most / scale);
  paint(context, scale);
  return html`<figure>${canvas}<figcaption><strong>${name}.</strong> ${description}.</figcaption></figure>`;
}

function transactions(report: Report): TemplateResult {
  const { transactions: all } = report;
  const { before, aborts } = derive(report);
  return table(paper.transactions, all.length, [
    { head: paper.number, numeric: true, cell: (i) => String(i) },
    { head: paper.route, cell: (i) => `${account(report, all[i].from)} → ${all[i].to === null ? paper.created : account(report, all[i].to)}` },
    { head: paper.call, cell: (i) => cut(all[i].call ?? all[i].label ?? "", 60) },
    { head: paper.gas, numeric: true, cell: (i) => gas(all[i].gasUsed, false) },
    { head: paper.status, cell: (i) => cut(all[i].reason ?? all[i].status, 40) },
    { head: paper.readsFrom, cell: (i) => cut([...neighbours(before, i)].join(", ") || "–", 40) },
    { head: paper.aborts, numeric: true, cell: (i) => integer(aborts[i]) },
  ]);
}

function hot({ hot: all, locations }: Report): TemplateResult | typeof nothing {
  if (all.length === 0) return nothing;
  return table(paper.hot, all.length, [
    { head: words.location, cell: (i) => locations[all[i].location].label },
    { head: words.cost, numeric: true, cell: (i) => gas(all[i].costGas) },
    { head: words.readers, numeric: true, cell: (i) => integer(all[i].readers) },
    { head: words.writers, numeric: true, cell: (i) => integer(all[i].writers) },
    { head: words.dependencies, numeric: true, cell: (i) => integer(all[i].edges) },
    { head: words.aborts, numeric: true, cell: (i) => integer(all[i].aborts) },
  ]);
}

function accounts(report: Report): TemplateResult {
  const { accounts: all } = report;
  return table(paper.accounts, all.length, [
    { head: paper.account, cell: (i) => account(report, i) },
    { head: paper.before, numeric: true, cell: (i) => wei(all[i].balanceBefore) },
    { head: paper.after, numeric: true, cell: (i) => wei(all[i].balanceAfter) },
    { head: paper.nonce, numeric: true, cell: (i) => `${all[i].nonceBefore} → ${all[i].nonceAfter}` },
  ]);
}

function table(title: string, count: number, columns: readonly Column[]): TemplateResult {
  const rows = Array.from({ length: Math.min(MOST_ROWS, count) }, (_, row) => row);
  const align = ({ numeric }: Column): string => (numeric ? "num" : "");
  return html`<table>
    <caption>${title}</caption>
    <thead><tr>${columns.map((column) => html`<th scope="col" class=${align(column)}>${column.head}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${columns.map((column) => html`<td class=${align(column)}>${column.cell(row)}</td>`)}</tr>`)}</tbody>
    ${count > MOST_ROWS ? html`<tfoot><tr><td colspan=${columns.length}>${paper.more(integer(count - MOST_ROWS))}</td></tr></tfoot>` : nothing}
  </table>`;
}
