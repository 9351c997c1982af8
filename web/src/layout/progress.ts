/**
 * What has become of every transaction and every attempt at a moment of the run. The events are indexed once; moving to
 * another moment looks only at the events in between.
 */
import type { Events } from "../engine/types.ts";
import type { Playhead } from "../state/playhead.ts";
import { ABORTED, BLOCKED, COMMITTED, EXECUTED, VALIDATED } from "./kinds.ts";

/** The states of a transaction, or an attempt; where several share one pixel the later in this list is seen. */
export const STATES = ["waiting", "committed", "validated", "executed", "executing", "blocked", "aborted"] as const;
export type TransactionState = (typeof STATES)[number];

const [WAITING, IS_COMMITTED, IS_VALIDATED, IS_EXECUTED, IS_EXECUTING, IS_BLOCKED, IS_ABORTED] = STATES.keys();
const NEVER = 0x7fffffff;

/** A run at a moment, which can be moved. */
export class Progress {
  /** How many transactions are in each state, in the order of {@link STATES}. */
  readonly counts = new Uint32Array(STATES.length);
  /** How often each transaction has been aborted so far. */
  readonly aborts: Uint32Array;
  #events: Events;
  #step = 0;
  #begun = 0;
  /** What its last event says of each transaction. */
  #last: Uint8Array;
  /** Attempts of each transaction that are under way. */
  #running: Uint8Array;
  /** Attempts that take time, by their start. */
  #begins: Uint32Array;
  /** For each event the one before it of the same transaction, or -1. */
  #previous: Int32Array;
  /** What each event makes of its transaction. */
  #after: Uint8Array;
  /** For each attempt the event that undid it, and the first that found its reads to hold. */
  #undone: Int32Array;
  #checked: Int32Array;
  /** For each transaction its commit. */
  #commit: Int32Array;

  constructor(events: Events, transactions: number) {
    const count = events.kind.length;
    this.#events = events;
    this.aborts = new Uint32Array(transactions);
    this.#last = new Uint8Array(transactions);
    this.#running = new Uint8Array(transactions);
    this.counts[WAITING] = transactions;
    this.#previous = new Int32Array(count);
    this.#after = new Uint8Array(count);
    this.#undone = new Int32Array(count).fill(NEVER);
    this.#checked = new Int32Array(count).fill(NEVER);
    this.#commit = new Int32Array(transactions).fill(NEVER);

    const newest = new Int32Array(transactions).fill(-1);
    const attempt = new Int32Array(transactions).fill(-1);
    const begins: number[] = [];
    for (let i = 0; i < count; i++) {
      const t = events.transaction[i];
      if (takesTime(events, i)) begins.push(i);
      this.#previous[i] = newest[t];
      this.#after[i] = this.#made(i, newest[t] < 0 ? WAITING : this.#after[newest[t]], attempt[t]);
      if (events.kind[i] === EXECUTED) attempt[t] = i;
      newest[t] = i;
    }
    const { start } = events;
    this.#begins = Uint32Array.from(begins).sort((a, b) => start[a] - start[b] || a - b);
  }

  /** What event `i` makes of its transaction, which was in state `before` and whose newest attempt is `attempt`; notes fates. */
  #made(i: number, before: number, attempt: number): number {
    const { kind, transaction, incarnation } = this.#events;
    if (kind[i] === COMMITTED) {
      this.#commit[transaction[i]] = i;
      return IS_COMMITTED;
    }
    // Another worker may still be checking what was committed meanwhile.
    if (before === IS_COMMITTED) return before;
    if (kind[i] === EXECUTED) return IS_EXECUTED;
    if (kind[i] === BLOCKED) return IS_BLOCKED;
    // ... or an attempt that is not the newest any more.
    if (attempt < 0 || incarnation[i] !== incarnation[attempt] || this.#undone[attempt] !== NEVER) return before;
    if (kind[i] === ABORTED) {
      this.#undone[attempt] = i;
      return IS_ABORTED;
    }
    if (kind[i] === VALIDATED && this.#checked[attempt] === NEVER) this.#checked[attempt] = i;
    return IS_VALIDATED;
  }

  /** Goes to a moment, forwards or back. */
  moveTo(playhead: Playhead): void {
    const { kind, transaction, start } = this.#events;
    const step = Math.min(playhead.step, kind.length);
    while (this.#step < step) {
      const i = this.#step++;
      const t = transaction[i];
      if (kind[i] === ABORTED) this.aborts[t]++;
      if (takesTime(this.#events, i)) {
        // It has begun before it ended, whether or not somebody looked in between.
        while (this.#begun < this.#begins.length && start[this.#begins[this.#begun]] <= start[i]) this.#begin(this.#begins[this.#begun++], 1);
        this.#change(t, this.#after[i], -1);
      } else this.#change(t, this.#after[i], 0);
    }
    while (this.#step > step) {
      const i = --this.#step;
      const t = transaction[i];
      if (kind[i] === ABORTED) this.aborts[t]--;
      const previous = this.#previous[i];
      this.#change(t, previous < 0 ? WAITING : this.#after[previous], takesTime(this.#events, i) ? 1 : 0);
    }
    while (this.#begun < this.#begins.length && this.#hasBegun(this.#begins[this.#begun], playhead)) this.#begin(this.#begins[this.#begun++], 1);
    while (this.#begun > 0 && !this.#hasBegun(this.#begins[this.#begun - 1], playhead)) this.#begin(this.#begins[--this.#begun], -1);
  }

  /** The state of a transaction where {@link moveTo} has gone. */
  stateOf(transaction: number): TransactionState {
    return STATES[this.#code(transaction)];
  }

  /** The state of an attempt at a moment, as an index into {@link STATES}. Wherever {@link moveTo} has gone. */
  attemptAt(event: number, playhead: Playhead): number {
    const { kind, transaction } = this.#events;
    if (event >= playhead.step) return this.#hasBegun(event, playhead) ? IS_EXECUTING : WAITING;
    if (kind[event] === BLOCKED) return IS_BLOCKED;
    if (this.#undone[event] < playhead.step) return IS_ABORTED;
    if (this.#undone[event] === NEVER && this.#commit[transaction[event]] < playhead.step) return IS_COMMITTED;
    return this.#checked[event] < playhead.step ? IS_VALIDATED : IS_EXECUTED;
  }

  /** What begins at this very time has not: so an abort is seen before the transaction runs again. */
  #hasBegun(event: number, { time }: Playhead): boolean {
    return this.#events.start[event] < time;
  }

  #begin(event: number, by: 1 | -1): void {
    const t = this.#events.transaction[event];
    this.#change(t, this.#last[t], by);
  }

  #change(t: number, last: number, running: number): void {
    this.counts[this.#code(t)]--;
    this.#last[t] = last;
    this.#running[t] += running;
    this.counts[this.#code(t)]++;
  }

  #code(t: number): number {
    return this.#running[t] > 0 ? IS_EXECUTING : this.#last[t];
  }
}

/** Attempts take time; what is found out before one has begun, by a hint, does not. */
function takesTime({ kind, start, end }: Events, i: number): boolean {
  return (kind[i] === EXECUTED || kind[i] === BLOCKED) && end[i] > start[i];
}
