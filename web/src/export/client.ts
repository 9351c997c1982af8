/** Has files written: the report goes to a worker in parts, between which the page answers, and the file comes back. */
import { copyInParts } from "../engine/parts.ts";
import { startWorker } from "../engine/spawn.ts";
import { language } from "../text/language.ts";
import { executors as words } from "../text/page.ts";
import script from "./export.worker.ts?worker&url";
import type { FormatId } from "./formats.ts";
import type { Given } from "./given.ts";
import type { FromWriter, ToWriter } from "./protocol.ts";

/** Milliseconds of copying before the page may answer. */
const SLICE = 8;

/** The file. Rejects with the signal's reason at once when that is aborted, and with words if it cannot be written. */
export async function exportFile(format: FormatId, given: Given, signal: AbortSignal): Promise<Blob> {
  signal.throwIfAborted();
  const address = new URL(script, import.meta.url);
  address.searchParams.set("lang", language);
  const worker = startWorker(address);
  const written = new Promise<Blob>((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    worker.onmessage = ({ data }: MessageEvent<FromWriter>) => (data.type === "written" ? resolve(data.file) : reject(new Error(data.message)));
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message || words.noScript));
    };
  });
  try {
    await Promise.race([written, send(worker, format, given, signal)]);
    return await written;
  } finally {
    worker.terminate();
  }
}

async function send(worker: Worker, format: FormatId, given: Given, signal: AbortSignal): Promise<void> {
  const post = (message: ToWriter): void => worker.postMessage(message);
  const { copy, parts } = copyInParts(given.report);
  let until = performance.now() + SLICE;
  for (const part of parts) {
    post({ type: "part", part });
    if (performance.now() < until) continue;
    await new Promise((done) => setTimeout(done));
    if (signal.aborted) return;
    until = performance.now() + SLICE;
  }
  post({ type: "write", format, given: { ...given, report: copy } });
}
