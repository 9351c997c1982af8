/** What the page exports: a line for each format. */

import type { Report } from "../engine/types.ts";
import { slug } from "./escape.ts";

/** A format. */
export interface Format {
  readonly group: "pictures" | "data" | "text";
  /** What it is of, for the name of the file. */
  readonly part: string;
  readonly extension: "svg" | "png" | "json" | "csv" | "md";
  /** Only if there is something of the kind. */
  readonly needs?: "comparison";
}

/** All of them, in the order of the dialog. */
export const FORMATS = {
  "graph.svg": { group: "pictures", part: "graph", extension: "svg" },
  "graph.png": { group: "pictures", part: "graph", extension: "png" },
  "lanes.svg": { group: "pictures", part: "lanes", extension: "svg" },
  "lanes.png": { group: "pictures", part: "lanes", extension: "png" },
  "speedup.svg": { group: "pictures", part: "speedup", extension: "svg" },
  "speedup.png": { group: "pictures", part: "speedup", extension: "png" },
  "strategies.svg": { group: "pictures", part: "strategies", extension: "svg", needs: "comparison" },
  "strategies.png": { group: "pictures", part: "strategies", extension: "png", needs: "comparison" },
  "report.json": { group: "data", part: "report", extension: "json" },
  "trace.json": { group: "data", part: "trace", extension: "json" },
  "transactions.csv": { group: "data", part: "transactions", extension: "csv" },
  "events.csv": { group: "data", part: "events", extension: "csv" },
  "dependencies.csv": { group: "data", part: "dependencies", extension: "csv" },
  "hot-locations.csv": { group: "data", part: "hot-locations", extension: "csv" },
  "strategies.csv": { group: "data", part: "strategies", extension: "csv", needs: "comparison" },
  "summary.md": { group: "text", part: "summary", extension: "md" },
} as const satisfies Record<string, Format>;

export type FormatId = keyof typeof FORMATS;

/** The file's name: the scenario and the strategy, in letters, digits and hyphens, whatever they are called. */
export function fileName({ scenario, options }: Pick<Report, "scenario" | "options">, format: FormatId): string {
  const { part, extension } = FORMATS[format];
  return `evm-lanes-${slug(scenario.title)}-${slug(options.strategy)}-${part}.${extension}`;
}

/** Media types by extension. */
export const MEDIA_TYPES: Readonly<Record<Format["extension"], string>> = {
  svg: "image/svg+xml",
  png: "image/png",
  json: "application/json",
  csv: "text/csv;charset=utf-8",
  md: "text/markdown;charset=utf-8",
};
