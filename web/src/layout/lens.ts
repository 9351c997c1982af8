/** The dependency graph at the granularity it is looked at, as the engine has worked it out. */
import type { Granularity, Graph, HotLocation, Report } from "../engine/types.ts";
import { adjacency, type Adjacency } from "./adjacency.ts";

/** The graph and what every view of it needs. */
export interface Look {
  readonly graph: Graph;
  /** Level of each transaction. */
  readonly level: ArrayLike<number>;
  readonly hot: readonly HotLocation[];
  readonly speedupBound: number | null;
  /** What the edges' locations are indices into. */
  readonly places: "locations" | "accounts";
  /** The critical path, in order. */
  readonly critical: readonly number[];
  readonly criticalSet: ReadonlySet<number>;
  /** Dependencies by transaction, in both directions; `edges` are indices into the graph's. */
  readonly before: Adjacency;
  readonly after: Adjacency;
}

const known = new WeakMap<Report, Map<Granularity, Look>>();

/** The graph of `report` at a granularity. Where additions make no difference, slots are the same with and without. */
export function look(report: Report, granularity: Granularity): Look {
  const lens = report.coarser.find((coarser) => coarser.granularity === granularity);
  const which: Granularity = lens ? granularity : "slotWithDeltas";
  let looks = known.get(report);
  if (!looks) known.set(report, (looks = new Map()));
  let it = looks.get(which);
  if (!it) {
    const own = { graph: report.graph, level: report.transactions.map((t) => t.level), hot: report.hot, speedupBound: report.verdict.speedupBound };
    const { graph, level, hot, speedupBound } = lens ?? own;
    const from = graph.edges.map((edge) => edge.from);
    const to = graph.edges.map((edge) => edge.to);
    const count = report.transactions.length;
    const path = report.verdict.unit === "microseconds" ? (graph.criticalPathTime ?? graph.criticalPathGas) : graph.criticalPathGas;
    it = {
      graph,
      level,
      hot,
      speedupBound,
      places: which === "account" ? "accounts" : "locations",
      critical: path.transactions,
      criticalSet: new Set(path.transactions),
      before: adjacency(count, to, from),
      after: adjacency(count, from, to),
    };
    looks.set(which, it);
  }
  return it;
}

/** What an edge's or a hub's place is called. */
export function placeName(report: Report, { places }: Look, index: number): string {
  if (places === "locations") return report.locations[index].label;
  const { name, address } = report.accounts[index];
  return name ?? `${address.slice(0, 6)}…${address.slice(-4)}`;
}
