/** Writes files of every format. Runs in a worker: a large report takes seconds. */
import { writeReport } from "../report/file.ts";
import { dependenciesCsv, eventsCsv, hotLocationsCsv, strategiesCsv, transactionsCsv } from "./csv.ts";
import { FORMATS, MEDIA_TYPES, type FormatId } from "./formats.ts";
import type { Given } from "./given.ts";
import { drawing, measureOffscreen, pngOf, svgOf, type Picture } from "./pictures.ts";
import { summary } from "./summary.ts";
import { trace } from "./trace.ts";

/** Makes the file. */
export async function writeFile(format: FormatId, given: Given): Promise<Blob> {
  const { group, part, extension } = FORMATS[format];
  if (group === "pictures" && extension === "png") return pngOf(drawing(part, given), given);
  return new Blob(group === "pictures" ? svgOf(drawing(part as Picture, given), given, measureOffscreen()) : [textOf(format, given)], { type: MEDIA_TYPES[extension] });
}

function textOf(format: FormatId, given: Given): string {
  const { report, comparison } = given;
  switch (format) {
    case "report.json":
      return writeReport(report, given.text);
    case "trace.json":
      return JSON.stringify(trace(report));
    case "transactions.csv":
      return transactionsCsv(report);
    case "events.csv":
      return eventsCsv(report);
    case "dependencies.csv":
      return dependenciesCsv(report);
    case "hot-locations.csv":
      return hotLocationsCsv(report);
    case "strategies.csv":
      return comparison ? strategiesCsv(comparison) : "";
    case "summary.md":
      return summary(given);
    default:
      throw new Error(`${format} is no text.`);
  }
}
