import { html, nothing, type TemplateResult } from "lit";
import { DIFFERENCES, type DifferenceKind, type Entry, type RunDifference } from "../compare/difference.ts";
import type { Left } from "../compare/state.ts";
import type { Report } from "../engine/types.ts";
import { look } from "../layout/lens.ts";
import type { Pair } from "../state/kept.ts";
import type { Selection, State } from "../state/state.ts";
import { nouns, verdict as judged } from "../text/page.ts";
import { pair as words } from "../text/pair.ts";
import type { Column } from "./data-table.ts";
import "./data-table.ts";
import { derive, selected } from "./derived.ts";
import { account, decimal, factor, gas, integer, time, wei, word } from "./format.ts";
import { comparedOf, PairElement } from "./pair-element.ts";
import { name } from "./pair-lanes.ts";
import { term } from "./term.ts";

/** What differs between two runs, as tables: figures, transactions, locations, and the states that they end with. */
export class PairTables extends PairElement {
  static override properties = { ...PairElement.properties, only: { state: true } };
  /** The differences that are listed: all of them, or those of a kind. */
  declare only: DifferenceKind | null;

  constructor() {
    super();
    this.only = null;
  }

  protected override watch(state: State): readonly unknown[] {
    return [state.finished, state.kept?.run, state.kept?.selection, state.selection];
  }

  override render(): TemplateResult | typeof nothing {
    const pair = comparedOf(this.state);
    if (!pair) return nothing;
    const { difference } = pair;
    return html`${this.#figures(pair)} ${this.#transactions(pair, difference)} ${this.#hot(pair, difference)} ${this.#states(pair, difference)}`;
  }

  #figures({ a, b }: Pair): TemplateResult {
    const rows: readonly (readonly [label: unknown, cell: (report: Report) => unknown])[] = [
      [term("speedup", words.rows.speedup), (report) => html`${factor(report.verdict.speedup)} <small>${clockOf(report)}</small>`],
      [term("bound", words.rows.bound), ({ verdict }) => factor(verdict.speedupBound)],
      [words.rows.sequential, ({ verdict }) => time(verdict.sequential, verdict.unit)],
      [words.rows.parallel, ({ verdict }) => time(verdict.parallel, verdict.unit)],
      [term("workers", words.rows.workers), ({ verdict }) => integer(verdict.workers)],
      [words.rows.transactions, ({ transactions }) => integer(transactions.length)],
      [words.rows.attempts, ({ verdict }) => integer(verdict.attempts)],
      [term("abort", words.rows.aborts), ({ verdict }) => integer(verdict.aborts)],
      [term("blocked", words.rows.blocked), ({ verdict }) => integer(verdict.blocked)],
      [term("work-ratio", words.rows.work), ({ verdict }) => decimal(verdict.workRatio, 2)],
      [term("critical-path", words.rows.critical), chain],
      [words.rows.levels, ({ graph }) => integer(graph.levels)],
      [term("verdict", words.rows.proof), ({ verdict }) => (verdict.equal ? `✓ ${words.yes}` : `✗ ${words.no}`)],
    ];
    return html`<section>
      <h2>${words.figures}</h2>
      <table class="pair-figures" aria-label=${words.figuresOf} data-testid="pair-figures">
        <thead>
          <tr><th scope="col">${words.figure}</th><th scope="col" class="num">${name("a")}</th><th scope="col" class="num">${name("b")}</th></tr>
        </thead>
        <tbody>
          ${rows.map(([label, cell]) => html`<tr><th scope="row">${label}</th><td class="num">${cell(a.report)}</td><td class="num">${cell(b.report)}</td></tr>`)}
        </tbody>
      </table>
    </section>`;
  }

  #transactions(pair: Pair, { entries, aborts }: RunDifference): TemplateResult {
    const [a, b] = [pair.a.report, pair.b.report];
    const kinds = DIFFERENCES.map((kind) => [kind, entries.filter((entry) => entry.kind === kind).length] as const).filter(([, count]) => count > 0);
    const only = kinds.some(([kind]) => kind === this.only) ? this.only : null;
    const listed = only === null ? entries : entries.filter((entry) => entry.kind === only);
    const columns: Column[] = [
      { id: "a", head: `# ${name("a")}`, numeric: true, cell: (i) => listed[i].a ?? words.absent },
      { id: "b", head: `# ${name("b")}`, numeric: true, cell: (i) => listed[i].b ?? words.absent },
      { id: "what", head: words.what, cell: (i) => what(listed[i], aborts) },
      { id: "transaction", head: words.transaction, cell: (i) => caption(a, b, listed[i]) },
      { id: "why", head: words.why, cell: (i) => detail(a, b, listed[i], aborts) },
    ];
    const { kept } = this.state;
    const inB = selected(this.state);
    const isChosen = (entry: Entry): boolean => (kept?.selection ? kept.selection.kind === "transaction" && kept.selection.index === entry.a && entry.b === null : inB !== null && entry.b === inB);
    const filter = (kind: DifferenceKind | null, label: string, count: number): TemplateResult =>
      html`<button type="button" aria-pressed=${String(kind === only)} @click=${() => (this.only = kind)}>${label} <span class="mono">${integer(count)}</span></button>`;
    return html`<section data-testid="pair-differences">
      <header class="plain">
        <h2>${words.differences}</h2>
        ${kinds.length === 0
          ? nothing
          : html`<span class="segments" role="group" aria-label=${words.onlyKind}>
              ${filter(null, words.all, entries.length)} ${kinds.map(([kind, count]) => filter(kind, words.kinds[kind], count))}
            </span>`}
      </header>
      <data-table
        label=${words.differencesOf}
        .columns=${columns}
        .count=${listed.length}
        .chosen=${listed.findIndex(isChosen)}
        .classOf=${(i: number) => (isChosen(listed[i]) ? "lit" : "")}
        .empty=${entries.length === 0 ? words.noDifference : words.noneOfKind}
        @row-choose=${(e: CustomEvent<number>) => this.#select("transaction", listed[e.detail])}
      ></data-table>
      ${entries.filter(isChosen).map((entry) => html`<p class="said"><strong>${what(entry, aborts)}</strong> ${detail(a, b, entry, aborts)}</p>`)}
    </section>`;
  }

  #hot(pair: Pair, { hot }: RunDifference): TemplateResult {
    const [a, b] = [pair.a.report, pair.b.report];
    const columns: Column[] = [
      { id: "location", head: words.location, cell: (i) => html`<span class="mono">${place(a, b, { a: hot[i].a?.location ?? null, b: hot[i].b?.location ?? null })}</span>` },
      { id: "costA", head: words.cost(name("a")), numeric: true, cell: (i) => (hot[i].a ? gas(hot[i].a!.costGas) : words.absent) },
      { id: "costB", head: words.cost(name("b")), numeric: true, cell: (i) => (hot[i].b ? gas(hot[i].b!.costGas) : words.absent) },
      { id: "abortsA", head: words.abortsIn(name("a")), numeric: true, cell: (i) => (hot[i].a ? integer(hot[i].a!.aborts) : words.absent) },
      { id: "abortsB", head: words.abortsIn(name("b")), numeric: true, cell: (i) => (hot[i].b ? integer(hot[i].b!.aborts) : words.absent) },
    ];
    return html`<section>
      <h2>${term("hot-location", words.hot)}</h2>
      <p class="facts">${words.hotNote}</p>
      <data-table
        label=${words.hotOf}
        .columns=${columns}
        .count=${hot.length}
        .empty=${words.noHot}
        @row-choose=${(e: CustomEvent<number>) => this.#select("location", { a: hot[e.detail].a?.location ?? null, b: hot[e.detail].b?.location ?? null })}
      ></data-table>
    </section>`;
  }

  #states(pair: Pair, { state }: RunDifference): TemplateResult {
    return html`<section data-testid="pair-state">
      <h2>${term("state-root", words.state)}</h2>
      ${this.#stateVerdict(state)} ${state.accounts.length > 0 ? this.#accounts(pair, state) : nothing}
      ${state.locations.length > 0 ? this.#locations(pair, state) : nothing}
      ${state.untold > 0 ? html`<p class="facts">${words.untold(integer(state.untold))}</p>` : nothing}
    </section>`;
  }

  #stateVerdict({ mustAgree, equal, accounts, locations, untold }: RunDifference["state"]): TemplateResult {
    if (equal) return html`<p><span class="mark ok" aria-hidden="true">✓</span> ${words.stateEqual} ${mustAgree ? words.stateMust : nothing}</p>`;
    if (mustAgree) return html`<p class="notice error" role="alert"><strong>${words.stateBroken}</strong></p>`;
    return html`<p>${words.stateDiffers} ${accounts.length + locations.length + untold === 0 ? words.stateUnlisted : nothing}</p>`;
  }

  #accounts(pair: Pair, { accounts }: RunDifference["state"]): TemplateResult {
    const [a, b] = [pair.a.report, pair.b.report];
    const end = (report: Report, index: number | null): unknown => {
      if (index === null) return words.notTouched;
      const { balanceAfter, nonceAfter } = report.accounts[index];
      return html`<span title="${integer(BigInt(balanceAfter))} wei">${wei(balanceAfter)}</span>, ${words.nonce(integer(nonceAfter))}`;
    };
    const columns: Column[] = [
      { id: "account", head: words.account, cell: (i) => (accounts[i].a === null ? account(b, accounts[i].b) : account(a, accounts[i].a)) },
      { id: "a", head: name("a"), numeric: true, cell: (i) => end(a, accounts[i].a) },
      { id: "b", head: name("b"), numeric: true, cell: (i) => end(b, accounts[i].b) },
    ];
    return html`<h3>${words.accounts}</h3>
      <data-table
        label=${words.accounts}
        .columns=${columns}
        .count=${accounts.length}
        @row-choose=${(e: CustomEvent<number>) => this.#select("account", accounts[e.detail])}
      ></data-table>`;
  }

  #locations(pair: Pair, { locations }: RunDifference["state"]): TemplateResult {
    const columns: Column[] = [
      { id: "location", head: words.location, cell: (i) => html`<span class="mono">${place(pair.a.report, pair.b.report, locations[i])}</span>` },
      { id: "a", head: name("a"), numeric: true, cell: (i) => left(locations[i].leftA) },
      { id: "b", head: name("b"), numeric: true, cell: (i) => left(locations[i].leftB) },
    ];
    return html`<h3>${words.locations}</h3>
      <data-table
        label=${words.locations}
        .columns=${columns}
        .count=${locations.length}
        @row-choose=${(e: CustomEvent<number>) => this.#select("location", locations[e.detail])}
      ></data-table>`;
  }

  /** Selects it in both, or in the one that has it. */
  #select(kind: Selection["kind"], { a, b }: { readonly a: number | null; readonly b: number | null }): void {
    if (b !== null) this.store.dispatch({ type: "select", selection: { kind, index: b } });
    else if (a !== null) this.store.dispatch({ type: "selectKept", selection: { kind, index: a } });
  }
}

/** Which clock a run's times are from. */
export function clockOf({ options }: Report): string {
  if (options.clock === "measured") return nouns.clocks.measured;
  return options.cost === "gas" ? judged.virtualGas : judged.virtualMeasured;
}

function chain(report: Report): TemplateResult {
  const { critical } = look(report, "slotWithDeltas");
  const { verdict, bounds } = report;
  return html`${time(bounds.criticalPath, verdict.unit)} <small>${nouns.transactions(critical.length)}</small>`;
}

/** What a transaction does, in B's words where it has both. */
function caption(a: Report, b: Report, { a: i, b: j }: Entry): TemplateResult {
  const [report, transaction] = j !== null ? [b, b.transactions[j]] : [a, a.transactions[i!]];
  const { from, to, label, call } = transaction;
  return html`${account(report, from)} → ${account(report, to)} <span class="quiet">${label ?? call ?? ""}</span>`;
}

function what({ kind, a }: Entry, aborts: RunDifference["aborts"]): string {
  const { says } = words;
  switch (kind) {
    case "missing":
      return says.onlyIn(name(a === null ? "b" : "a"));
    case "aborted":
      return says.abortedIn(name(aborts.a[a!] > 0 ? "a" : "b"));
    case "critical":
      return words.kinds.critical;
    default:
      return says[kind];
  }
}

/** The same as figures of either run, or, of an abort, why: in the engine's words. */
function detail(a: Report, b: Report, { kind, a: i, b: j }: Entry, aborts: RunDifference["aborts"]): string {
  if (i === null || j === null) return "";
  const [x, y] = [a.transactions[i], b.transactions[j]];
  const both = (inA: string, inB: string): string => `${name("a")}: ${inA} · ${name("b")}: ${inB}`;
  switch (kind) {
    case "moved":
      return both(String(i), String(j));
    case "outcome":
      return both(x.reason ?? x.status, y.reason ?? y.status);
    case "gas":
      return both(gas(x.gasUsed), gas(y.gasUsed));
    case "aborted": {
      const { causes } = (aborts.a[i] > 0 ? a : b).timeline;
      return causes.find(({ victim }) => victim === (aborts.a[i] > 0 ? i : j))?.sentence ?? "";
    }
    case "critical":
      return words.says.criticalIn(name(derive(a).criticalSet.has(i) ? "a" : "b"));
    default:
      return "";
  }
}

function place(a: Report, b: Report, { a: i, b: j }: { readonly a: number | null; readonly b: number | null }): string {
  return j !== null ? b.locations[j].label : a.locations[i!].label;
}

function left(value: Left): string {
  if (value === null) return words.notWritten;
  return value.kind === "added" ? words.added(word(value.value)) : word(value.value);
}

customElements.define("pair-tables", PairTables);
