/** A report as a file: the engine's JSON, and with it the scenario's text, so that it can be run again where it is opened. */
import type { Report } from "../engine/types.ts";

/** The field with the scenario's text; the engine's own reports have none. */
export const TEXT = "text";

/** Writes it. Columns of events become lists, as the engine writes them. */
export function writeReport(report: Report, text: string | null): string {
  const { timeline } = report;
  const events = Object.fromEntries(Object.entries(timeline.events).map(([name, column]) => [name, Array.from(column)]));
  return `${JSON.stringify({ ...report, timeline: { ...timeline, events }, ...(text === null ? {} : { [TEXT]: text }) })}\n`;
}
