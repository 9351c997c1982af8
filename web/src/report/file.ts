/** A report as a file: the engine's JSON, and with it the scenario's text, so that it can be run again where it is opened. */
import type { Report } from "../engine/types.ts";
import { topLevelKeys } from "../intake/foreign.ts";

/** The field with the scenario's text; the engine's own reports have none. */
export const TEXT = "text";

/** Writes it. Columns of events become lists, as the engine writes them. */
export function writeReport(report: Report, text: string | null): string {
  const { timeline } = report;
  const events = Object.fromEntries(Object.entries(timeline.events).map(([name, column]) => [name, Array.from(column)]));
  return `${JSON.stringify({ ...report, timeline: { ...timeline, events }, ...(text === null ? {} : { [TEXT]: text }) })}\n`;
}

/** How much of a text is looked at, in UTF-16 units. */
const LOOKED_AT = 1 << 20;
/** Fields that scenarios do not have, nor what other tools write. */
const OWN: ReadonlySet<string> = new Set(["verdict", "timeline", "coarser"]);

/** Whether a text is meant to be a report, of whatever version: a guess from the start of the text. */
export function isReportFile(source: string): boolean {
  const start = source.slice(0, LOOKED_AT).replace(/^[\s\uFEFF]+/, "");
  if (!start.startsWith("{")) return false;
  if (/^\{\s*"format"\s*:[^,]{1,40},\s*"version"\s*:/.test(start)) return true;
  return topLevelKeys(start).some((key) => OWN.has(key));
}
