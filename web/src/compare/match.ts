/** Which transaction, account and location of one run is which of the other. Reads the reports; decides nothing about them. */
import type { Report } from "../engine/types.ts";
import type { Selection } from "../state/state.ts";
import type { Parts } from "./parts.ts";

/** Where things of one report are in the other: an index there, or -1. */
export interface Places {
  readonly toA: Int32Array;
  readonly toB: Int32Array;
}

/** What corresponds to what. */
export interface Match {
  /**
   * Of one text the transactions are the same by their place. Where the texts differ, they are by who sent them and with which
   * nonce, which is what the chain itself tells them apart by; of several that share both (all but one are invalid), by their order.
   */
  readonly by: "place" | "sender";
  readonly transactions: Places;
  /** By their address. */
  readonly accounts: Places;
  /** By their kind, the address and the slot. */
  readonly locations: Places;
}

/** Matches two reports, in parts of which none takes long. */
export function* match(a: Report, b: Report, sameText: boolean): Parts<Match> {
  const by = sameText && a.transactions.length === b.transactions.length ? "place" : "sender";
  const named = (report: Report): string[] => keys(report.transactions.length, by === "place" ? String : sent(report));
  const transactions = pair(named(a), named(b));
  yield;
  const address = ({ accounts }: Report): string[] => keys(accounts.length, (i) => accounts[i].address.toLowerCase());
  const accounts = pair(address(a), address(b));
  yield;
  const inA = keys(a.locations.length, location(a));
  yield;
  const inB = keys(b.locations.length, location(b));
  yield;
  const locations = pair(inA, inB);
  yield;
  return { by, transactions, accounts, locations };
}

/** What corresponds in the one run to something selected in the other; attempts are compared by their transaction. */
export function counterpart(match: Match, selection: Selection | null, to: "toA" | "toB", report: Report): Selection | null {
  if (!selection) return null;
  const { kind, index } = selection;
  const found = (kind: Selection["kind"], places: Places, at: number): Selection | null => {
    const there = places[to][at] ?? -1;
    return there < 0 ? null : { kind, index: there };
  };
  switch (kind) {
    case "transaction":
      return found(kind, match.transactions, index);
    case "event":
      return found("transaction", match.transactions, report.timeline.events.transaction[index]);
    case "location":
      return found(kind, match.locations, index);
    case "account":
      return found(kind, match.accounts, index);
    case "edge":
      // Edges are numbered afresh in every graph.
      return null;
  }
}

function sent({ transactions, accounts }: Report): (i: number) => string {
  return (i) => `${accounts[transactions[i].from].address.toLowerCase()} ${transactions[i].nonce}`;
}

function location({ accounts, locations }: Report): (i: number) => string {
  return (i) => {
    const { kind, account, slot } = locations[i];
    return `${kind} ${accounts[account]?.address.toLowerCase() ?? ""} ${slot ?? ""}`;
  };
}

/** Names that are told apart: of several that are the same, the later ones get a number. */
function keys(count: number, name: (i: number) => string): string[] {
  const seen = new Map<string, number>();
  return Array.from({ length: count }, (_, i) => {
    const key = name(i);
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return before === 0 ? key : `${key} +${before}`;
  });
}

function pair(a: readonly string[], b: readonly string[]): Places {
  const inB = new Map(b.map((key, i) => [key, i]));
  const toB = Int32Array.from(a, (key) => inB.get(key) ?? -1);
  const toA = new Int32Array(b.length).fill(-1);
  toB.forEach((j, i) => j >= 0 && (toA[j] = i));
  return { toA, toB };
}
