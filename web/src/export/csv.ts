/** Tables of a report as CSV (RFC 4180, with a header, lines end with CRLF): indices as in the report, numbers without separators. */
import type { Comparison, Report } from "../engine/types.ts";
import { ABORTED, BLOCKED, KINDS } from "../layout/kinds.ts";
import { escapeCsv } from "./escape.ts";

type Cell = string | number | boolean | null;

/** The block, a row for each transaction. */
export function transactionsCsv(report: Report): string {
  const name = (index: number | null): string => (index === null ? "" : (report.accounts[index].name ?? ""));
  const address = (index: number | null): string => (index === null ? "" : report.accounts[index].address);
  const aborts = new Uint32Array(report.transactions.length);
  const { kind, transaction } = report.timeline.events;
  for (let i = 0; i < kind.length; i++) if (kind[i] === ABORTED) aborts[transaction[i]]++;
  const head = ["transaction", "label", "type", "from", "fromName", "to", "toName", "created", "valueWei", "nonce", "gasLimit", "call", "status", "reason", "gasUsed"];
  return table(
    [...head, "microseconds", "level", "component", "attempts", "aborts", "reads", "writes", "logs"],
    report.transactions.map((t, i) => [
      ...[i, t.label, t.kind, address(t.from), name(t.from), address(t.to), name(t.to), address(t.created), BigInt(t.value).toString(), t.nonce],
      ...[t.gasLimit, t.call, t.status, t.reason, t.gasUsed, t.microseconds, t.level, t.component, t.attempts, aborts[i]],
      ...[t.reads.length, t.writes.length, t.logs.length],
    ]),
  );
}

/** What happened, in order of time. */
export function eventsCsv({ timeline, locations }: Report): string {
  const { kind, worker, transaction, incarnation, start, end, cause } = timeline.events;
  const unit = timeline.unit === "gas" ? "Gas" : "Microseconds";
  const rows = Array.from({ length: kind.length }, (_, i): Cell[] => {
    const why = kind[i] === ABORTED ? timeline.causes[cause[i]] : undefined;
    const waitsFor = kind[i] === BLOCKED && cause[i] >= 0 ? cause[i] : null;
    const place = why ? locations[why.location].label : null;
    const facts = why ? [why.by, place, why.readFrom, why.read, why.now, why.sentence] : [null, null, null, null, null, null];
    return [i, KINDS[kind[i]], worker[i], transaction[i], incarnation[i], start[i], end[i], waitsFor, ...facts];
  });
  return table(["event", "what", "worker", "transaction", "incarnation", `start${unit}`, `end${unit}`, "waitsFor", "abortedBy", "location", "readFrom", "read", "now", "why"], rows);
}

/** Who depends on whom, in the finest graph: a row for each pair, of each of the three kinds. */
export function dependenciesCsv({ graph, locations }: Report): string {
  const kinds = [
    ["readAfterWrite", graph.edges],
    ["writeAfterWrite", graph.writeAfterWrite],
    ["writeAfterRead", graph.writeAfterRead],
  ] as const;
  return table(
    ["from", "to", "kind", "locations"],
    kinds.flatMap(([kind, edges]) => edges.map(({ from, to, locations: at }): Cell[] => [from, to, kind, at.map((index) => locations[index].label).join("; ")])),
  );
}

/** What costs the most, worst first. */
export function hotLocationsCsv({ hot, locations, accounts }: Report): string {
  return table(
    ["location", "kind", "account", "slot", "readers", "writers", "dependencies", "costGas", "aborts"],
    hot.map(({ location, readers, writers, edges, costGas, aborts }) => {
      const { label, kind, account, slot } = locations[location];
      return [label, kind, accounts[account].address, slot, readers, writers, edges, costGas, aborts];
    }),
  );
}

/** The block in every strategy. */
export function strategiesCsv({ rows, unit, sequential }: Comparison): string {
  return table(
    ["strategy", "workers", unit === "gas" ? "timeGas" : "timeMicroseconds", "sequential", "speedup", "speedupBound", "attempts", "aborts", "blocked", "workRatio", "equal", "oracle"],
    rows.map((row) => [row.strategy, row.workers, row.time, sequential, row.speedup, row.speedupBound, row.attempts, row.aborts, row.blocked, row.workRatio, row.equal, row.oracle]),
  );
}

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  return [head, ...rows].map((row) => `${row.map((cell) => (typeof cell === "string" ? escapeCsv(cell) : (cell ?? ""))).join(",")}\r\n`).join("");
}
