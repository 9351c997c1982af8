// Reads one report beside the main thread. What reads is loaded later, so that no message is missed meanwhile.
import { message } from "../engine/errors.ts";
import { takeParts, type Part } from "../engine/parts.ts";
import type { Report } from "../engine/types.ts";

/** What the worker says: the long lists first, in parts. */
export type FromReader = { type: "part"; part: Part } | { type: "read"; report: Report; text: string | null } | { type: "failed"; message: string };

onmessage = async ({ data }: MessageEvent<string>) => {
  try {
    const { readReport } = await import("./read.ts");
    const { report, text } = readReport(data);
    for (const part of takeParts(report)) respond({ type: "part", part });
    respond({ type: "read", report, text });
  } catch (error) {
    respond({ type: "failed", message: message(error) });
  }
};

function respond(response: FromReader): void {
  // Typed as a window here, because one project checks the page and its workers.
  (self as unknown as Worker).postMessage(response);
}
