// What this browser, on this page, can do; which build follows from it; and why. Pure.

import type { Build } from "./protocol.ts";
import { executors as words } from "../text/page.ts";
import { MAX_WORKERS } from "./types.ts";

/** What the choice depends on. */
export interface Features {
  /** `crossOriginIsolated`: shared memory may be posted to workers. (Its constructor works even where this is false.) */
  isolated: boolean;
  /** `isSecureContext`: without it no page is ever isolated. */
  secure: boolean;
  /** `navigator.hardwareConcurrency`. */
  cores: number;
}

/** `threads`: workers on shared memory. `pool`: workers with an instance each, which exchange messages. `single`: one worker. */
export type Executor = "threads" | "pool" | "single";

/** The executor that was chosen. */
export interface Platform {
  /** How runs on the measured clock are executed; virtual time is as good everywhere. */
  executor: Executor;
  build: Build;
  /** Why, in a sentence for the badge. */
  reason: string;
  /** The most workers of a run on the measured clock; more asked for are clamped, and the report says so. */
  workers: number;
}

/** The features of the page this runs in. */
export function detect(): Features {
  return {
    isolated: globalThis.crossOriginIsolated === true,
    secure: globalThis.isSecureContext === true,
    cores: navigator.hardwareConcurrency || 1,
  };
}

/** The best executor these features allow. */
export function choose({ isolated, secure, cores }: Features): Platform {
  if (cores < 2) {
    return single(words.singleCore);
  }
  const workers = Math.min(cores, MAX_WORKERS);
  if (!isolated) {
    return { executor: "pool", build: "single", reason: words.pool(workers, secure), workers };
  }
  return { executor: "threads", build: "threads", reason: words.threads(workers), workers };
}

/** The executor that works anywhere. */
export function single(reason: string): Platform {
  return { executor: "single", build: "single", reason, workers: 1 };
}
