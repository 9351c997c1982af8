/**
 * Reports for tests: a seeded block of transfers on counters, executed by a small simulated optimistic scheduler, so that
 * timelines have aborts, blocks and commits that fit together. Test code only; the page shows what the engine says.
 */
import type { Change, Comparison, Curve, Report, WhatIf } from "../src/engine/types.ts";
export interface FixtureOptions {
    transactions: number;
    workers?: number;
    seed?: number;
    /** How many shared locations; fewer mean more conflicts. 0: none. */
    shared?: number;
    /** Share of transactions that touch a shared location. */
    contention?: number;
}
export declare function random(seed: number): () => number;
export declare function fixture({ transactions: n, workers, seed, shared, contention }: FixtureOptions): Report;
/** A curve that rises to its bound. */
export declare function fixtureCurve(report: Report): Curve;
/** Every strategy, the later ones a little faster. */
export declare function fixtureComparison(report: Report): Comparison;
/** As if every change took a tenth off the critical path. */
export declare function fixtureWhatIf(report: Report, changes: readonly Change[]): WhatIf;
