// Writes one file beside the main thread. What writes is loaded later, so that no message is missed meanwhile.
import { message } from "../engine/errors.ts";
import { putParts, type Part } from "../engine/parts.ts";
import type { FromWriter, ToWriter } from "./protocol.ts";

const parts: Part[] = [];

onmessage = async ({ data }: MessageEvent<ToWriter>) => {
  if (data.type === "part") {
    parts.push(data.part);
    return;
  }
  try {
    putParts(data.given.report, parts);
    const { writeFile } = await import("./write.ts");
    respond({ type: "written", file: await writeFile(data.format, data.given) });
  } catch (error) {
    respond({ type: "failed", message: message(error) });
  }
};

function respond(response: FromWriter): void {
  // Typed as a window here, because one project checks the page and its workers.
  (self as unknown as Worker).postMessage(response);
}
