/** Opens reports in the page: they are read in a worker, and arrive in parts. */
import { putParts, type Part } from "../engine/parts.ts";
import { startWorker } from "../engine/spawn.ts";
import { language } from "../text/language.ts";
import { report as words } from "../text/report.ts";
import { executors } from "../text/page.ts";
import type { Session } from "../session.ts";
import type { Action, State } from "../state/state.ts";
import type { Store } from "../state/store.ts";
import type { ReportFile } from "./read.ts";
import type { FromReader } from "./report.worker.ts";
import script from "./report.worker.ts?worker&url";

/** How a report's text is read; tests put their own in. */
export type Reader = (source: string) => Promise<ReportFile>;

/** What is opened last counts. */
let openings = 0;

/**
 * Opens what a file holds. If it holds no report that can be shown, that is what is said, and nothing has changed; `null` is said of
 * one that is there.
 */
export async function openReport(store: Store<State, Action>, session: Pick<Session, "cancel">, file: string, source: string, read: Reader = readBeside): Promise<string | null> {
  const opening = ++openings;
  let opened: ReportFile;
  try {
    opened = await read(source);
  } catch (error) {
    return (error as Error).message;
  }
  if (opening !== openings) return null;
  session.cancel();
  store.dispatch({ ...opened, type: "opened", file });
  return null;
}

function readBeside(source: string): Promise<ReportFile> {
  const address = new URL(script, import.meta.url);
  address.searchParams.set("lang", language);
  const worker = startWorker(address);
  return new Promise<ReportFile>((resolve, reject) => {
    const parts: Part[] = [];
    worker.onmessage = ({ data }: MessageEvent<FromReader>) => {
      if (data.type === "part") parts.push(data.part);
      else if (data.type === "failed") reject(new Error(data.message));
      else {
        putParts(data.report, parts);
        resolve({ report: data.report, text: data.text });
      }
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(words.notRead(event.message || executors.noScript)));
    };
    worker.postMessage(source);
  }).finally(() => worker.terminate());
}
