// The worker that imports and exports: owns the one instance of its module, and is the only importer of its glue.

import { ContractFiles } from "../engine/contracts.ts";
import { message } from "../engine/errors.ts";
import type { ExportFormat, Job, NamedText, Request, Response, Results } from "./protocol.ts";
import type { TextsRead, TextWritten } from "./types.ts";

/** What `crate/intake` exports; wasm-bindgen's glue, loaded by URL and never bundled. */
interface Glue {
  default(init: { module_or_path: URL }): Promise<unknown>;
  addContracts(text: string): void;
  noContracts(why: string): void;
  importTexts(texts: readonly NamedText[]): TextsRead;
  exportRaw(text: string): TextWritten;
  exportT8n(text: string): TextWritten;
  exportCast(text: string): TextWritten;
}

const EXPORTS: Readonly<Record<ExportFormat, (glue: Glue, text: string) => TextWritten>> = {
  raw: (glue, text) => glue.exportRaw(text),
  t8n: (glue, text) => glue.exportT8n(text),
  cast: (glue, text) => glue.exportCast(text),
};

let glue: Glue | null = null;
let contracts: ContractFiles | null = null;

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  let stage: "loading" | "working" = "loading";
  try {
    glue ??= await load(data.base);
    stage = "working";
    respond({ type: "done", result: await perform(data.job, glue) });
  } catch (thrown) {
    // What is refused is thrown as a string; anything else is a trap, after which the page ends this worker.
    respond(typeof thrown === "string" ? { type: "refused", message: thrown } : { type: "failed", stage, message: message(thrown) });
  }
};

async function load(base: string): Promise<Glue> {
  const loaded = (await import(/* @vite-ignore */ new URL("evm_lanes_intake.js", base).href)) as Glue;
  await loaded.default({ module_or_path: new URL("evm_lanes_intake_bg.wasm", base) });
  return loaded;
}

async function perform(job: Job, glue: Glue): Promise<Results[Job["type"]]> {
  if (job.type === "import") return glue.importTexts(job.texts);
  // A scenario can name contracts that the page brings.
  contracts ??= new ContractFiles();
  await contracts.provide(job.text, glue);
  return EXPORTS[job.as](glue, job.text);
}

function respond(response: Response): void {
  // Typed as a window here, because one project checks the page and its workers.
  (self as unknown as Worker).postMessage(response);
}
