/**
 * The figure's end of a pop-out: the whole page in a window of its own, with what is in the figure. The whole page has
 * `Cross-Origin-Opener-Policy: same-origin` and so never knows who has opened it. embed.html has not: the figure opens that;
 * `receive.ts` there takes what is handed over, keeps it and goes on to the whole page, where `handed-over.ts` shows it.
 */
import { writeReport } from "../report/file.ts";
import { writeSharedFile } from "../share/file.ts";
import { encodeLink } from "../share/link.ts";
import { linkOf } from "../share/open.ts";
import { differ, type State } from "../state/state.ts";
import { POP_OUT } from "./interface.ts";
import { envelope, MAX_REPORT, openFromFrame, type ToWindow } from "./messages.ts";

/** Milliseconds in which a window that was opened has said that it is there. */
const PATIENCE = 60_000;

/** Whether a figure in this document can hand something to a window of the site: only with the site's own origin. */
export function canPopOut(base: string, origin: string = globalThis.origin): boolean {
  return new URL(base).origin === origin;
}

/** Opens the window, and hands over to it what is in the figure once it says that it is there. `address` is the whole page with a link. */
export function popOut(base: string, address: string | null, state: () => State): void {
  const url = new URL(`embed.html${POP_OUT}`, base);
  if (address !== null) url.hash += `&${new URL(address).hash.slice(1)}`;
  const opened = open(url, "_blank");
  // A host with such a policy of its own cuts it off: then it has the link, or says that it has nothing.
  if (!opened) return;
  const ended = new AbortController();
  const heard = async ({ source, origin, data }: MessageEvent): Promise<void> => {
    if (source !== opened || origin !== url.origin) return;
    const said = openFromFrame(data);
    if (!("message" in said) || said.message.type !== "ready") return;
    ended.abort();
    opened.postMessage(envelope(await handOver(state())), url.origin);
  };
  addEventListener("message", (event) => void heard(event), { signal: ended.signal });
  setTimeout(() => ended.abort(), PATIENCE);
}

async function handOver(state: State): Promise<ToWindow> {
  const link = linkOf(state);
  // Of what is there now.
  const { finished, text, options } = state;
  const report = finished && finished.text === text && !differ(finished.options, options) ? writeReport(finished.report, null) : null;
  const shared = link.text === null ? await encodeLink(link) : writeSharedFile(link);
  return { type: "hand-over", shared, report: report !== null && report.length <= MAX_REPORT ? report : null };
}
