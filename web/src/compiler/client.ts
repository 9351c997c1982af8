// The page's hand on the compiler: one worker, started when something is compiled, ended when it does not end by itself.

import { startWorker } from "../engine/spawn.ts";
import { workshop as words } from "../text/workshop.ts";
import type { Compilation, Language, Request, Response, SourceFile } from "./protocol.ts";
import workerScript from "./worker.ts?worker&url";

/** The version in the file's name: `web/compiler.mjs` puts the package's there, and a test compares. */
export const SOLC = "0.8.37";

/** Milliseconds that a compilation may take once the compiler is loaded. */
export const TIME_LIMIT = 60_000;

/** What is going on meanwhile. */
export type Progress = Extract<Response, { type: "loading" | "compiling" }>;

/** Why nothing was compiled; the message says what to do. */
export class CompilerError extends Error {}

/** What is needed of a worker. */
export type WorkerLike = Pick<Worker, "postMessage" | "terminate" | "onmessage" | "onerror">;

/** Compiles, one thing at a time: what is asked later takes the place of what is going on. */
export class CompilerClient {
  #spawn: () => WorkerLike;
  #base: string;
  #worker: WorkerLike | null = null;
  #cancel: ((error: CompilerError) => void) | null = null;

  constructor(options: { spawn?: () => WorkerLike; base?: string } = {}) {
    this.#spawn = options.spawn ?? (() => startWorker(workerScript));
    this.#base = options.base ?? new URL("compiler/", document.baseURI).href;
  }

  compile(
    language: Language,
    files: readonly SourceFile[],
    { optimize = true, limit = TIME_LIMIT, onProgress }: { optimize?: boolean; limit?: number; onProgress?: (progress: Progress) => void } = {},
  ): Promise<Compilation> {
    this.cancel();
    const worker = (this.#worker ??= this.#spawn());
    return new Promise<Compilation>((resolve, reject) => {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const finish = (): void => {
        clearTimeout(timer);
        worker.onmessage = worker.onerror = null;
        this.#cancel = null;
      };
      // Nothing interrupts a compiler from outside but the end of its worker.
      const end = (error: CompilerError): void => {
        finish();
        worker.terminate();
        this.#worker = null;
        reject(error);
      };
      this.#cancel = end;
      worker.onmessage = ({ data }: MessageEvent<Response>) => {
        switch (data.type) {
          case "compiling":
            timer = setTimeout(() => end(new CompilerError(words.compilerTooLong(limit / 1000))), limit);
            onProgress?.(data);
            break;
          case "loading":
            onProgress?.(data);
            break;
          case "done":
            finish();
            resolve(data.compilation);
            break;
          case "failed":
            end(new CompilerError(data.stage === "loading" ? words.compilerNotLoaded(data.message) : words.compilerFailed(data.message)));
        }
      };
      worker.onerror = (event) => end(new CompilerError(words.compilerFailed(event.message)));
      const { href: compiler } = new URL(`solc-${SOLC}.js`, this.#base);
      const { href: library } = new URL("openzeppelin.json", this.#base);
      worker.postMessage({ language, files, optimize, compiler, library } satisfies Request);
    });
  }

  /** Ends what is going on, if anything is. */
  cancel(): void {
    this.#cancel?.(new CompilerError(words.compilerCancelled));
  }
}
