/**
 * A run in the Trace Event Format, which Perfetto and chrome://tracing open: one process, a thread for each worker, a complete
 * event (`X`) for each attempt, check and abort, and a flow (`s`, `f`) from a write to the abort that it caused. Times are
 * microseconds; on the virtual clock a unit of gas is a nanosecond.
 */
import type { Report } from "../engine/types.ts";
import { ABORTED, BLOCKED, COMMITTED, EXECUTED, VALIDATED } from "../layout/kinds.ts";
import { layoutLanes } from "../layout/lanes.ts";

/** One event of the format; which fields there are depends on the phase. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: "X" | "M" | "C" | "s" | "f";
  readonly pid: number;
  readonly tid: number;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: number;
  readonly bp?: "e";
  readonly cname?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** The file. */
export interface Trace {
  readonly traceEvents: readonly TraceEvent[];
  readonly displayTimeUnit: "ns" | "ms";
  readonly otherData: Readonly<Record<string, unknown>>;
}

const PID = 1;
/** Reserved names of colours that go with the page's. */
const COLOURS = { committed: "thread_state_running", aborted: "terrible", blocked: "thread_state_iowait", validated: "thread_state_runnable" } as const;

/** Writes it. */
export function trace(report: Report): Trace {
  const { timeline, transactions, options, verdict, scenario, locations } = report;
  const { kind, worker, transaction, incarnation, start, end, cause } = timeline.events;
  const gas = timeline.unit === "gas";
  const scale = gas ? 1e-3 : 1;
  const lanes = layoutLanes(timeline, transactions.length);
  const undone = new Set(lanes.aborts.map(({ event }) => `${transaction[event]}.${incarnation[event]}`));
  const exact = (microseconds: number): number => Math.round(microseconds * 1e6) / 1e6;
  const at = (time: number): number => exact(time * scale);

  const events: TraceEvent[] = [];
  const complete = (i: number, name: string, cat: keyof typeof COLOURS, args: Record<string, unknown>): void => {
    const ts = at(start[i]);
    events.push({ name, cat, ph: "X", pid: PID, tid: worker[i], ts, dur: Math.max(0, exact(at(end[i]) - ts)), cname: COLOURS[cat], args });
  };
  for (let i = 0; i < kind.length; i++) {
    const t = transaction[i];
    const attempt = `${t}.${incarnation[i]}`;
    const own = { transaction: t, incarnation: incarnation[i] };
    switch (kind[i]) {
      case EXECUTED: {
        const { label, call, status, gasUsed } = transactions[t];
        const words = label ?? call;
        const fate = undone.has(attempt) ? "aborted" : "committed";
        complete(i, words ? `${attempt} ${words}` : attempt, fate, { ...own, call, label, outcome: fate, status, gasUsed });
        break;
      }
      case BLOCKED:
        complete(i, `${attempt} blocked`, "blocked", { ...own, waitsFor: cause[i] < 0 ? null : cause[i] });
        break;
      case VALIDATED:
        complete(i, `${attempt} validated`, "validated", own);
        break;
      case ABORTED: {
        const { by, location, readFrom, read, now, sentence } = timeline.causes[cause[i]];
        complete(i, `${attempt} aborted`, "aborted", { ...own, by, location: locations[location].label, readFrom, read, now, why: sentence });
        break;
      }
    }
  }
  lanes.aborts.forEach(({ event, source }, id) => {
    if (!source) return;
    const flow = { name: "conflict", cat: "conflict", id, pid: PID };
    // A flow begins and ends inside of slices: just before the write is published, and where its abort is found.
    const from = at(source.time - Math.min(1, source.time - start[source.event]) / 2);
    events.push({ ...flow, ph: "s", tid: source.worker, ts: from }, { ...flow, ph: "f", bp: "e", tid: worker[event], ts: Math.max(from, at(start[event])) });
  });
  const count = (name: string, ofKind: number): void => {
    let total = 0;
    for (let i = 0; i < kind.length; i++) if (kind[i] === ofKind) events.push({ name, ph: "C", pid: PID, tid: 0, ts: at(end[i]), args: { transactions: ++total } });
  };
  count("committed", COMMITTED);
  count("aborted", ABORTED);
  events.sort((a, b) => a.ts! - b.ts! || PHASES.indexOf(a.ph) - PHASES.indexOf(b.ph) || (b.dur ?? 0) - (a.dur ?? 0));

  const clock = gas ? "virtual clock, 1 gas as 1 ns" : options.clock === "measured" ? "measured clock" : "virtual clock, measured costs";
  const name = (what: string, tid: number, args: Record<string, unknown>): TraceEvent => ({ name: what, ph: "M", pid: PID, tid, args });
  const threads = Array.from({ length: timeline.workers }, (_, w) => {
    const commits = verdict.messages && w === timeline.workers - 1;
    return [name("thread_name", w, { name: commits ? "validates and commits" : `worker ${w}` }), name("thread_sort_index", w, { sort_index: w })];
  });
  return {
    traceEvents: [name("process_name", 0, { name: `EVM Lanes: ${scenario.title} (${options.strategy}, ${clock})` }), ...threads.flat(), ...events],
    displayTimeUnit: gas ? "ns" : "ms",
    otherData: { title: scenario.title, strategy: options.strategy, workers: verdict.workers, clock, unit: timeline.unit, speedup: verdict.speedup, equal: verdict.equal, version: report.version },
  };
}

/** What comes first of what happens at one time: a flow begins in a slice that is there. */
const PHASES = "XCsf";
