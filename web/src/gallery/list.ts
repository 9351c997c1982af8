/** The list of workloads, loaded when it is first opened. */
import index from "../../../examples/index.json";
import type { Summary } from "./text.ts";

/** A workload in the list. */
export interface Listed extends Summary {
  readonly folder: string;
  /** Its scenarios' names, in the order of the menu. */
  readonly variants: readonly string[];
}

/** A heading and the workloads under it. */
export interface ListedGroup {
  readonly title: string;
  readonly workloads: readonly Listed[];
}

const summaries = import.meta.glob<Summary>(["../../../examples/*/README.md", "!../../../examples/lessons/*"], { query: "?summary", import: "default", eager: true });

/** All of them. */
export const groups: readonly ListedGroup[] = index.groups
  .map(({ title, examples }) => ({ title, workloads: workloadsOf(examples) }))
  .filter(({ workloads }) => workloads.length > 0);

/** The workloads in which every word of `query` occurs. */
export function find(query: string, all: readonly ListedGroup[] = groups): ListedGroup[] {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (group: string, workload: Listed): boolean => {
    const text = `${group} ${workload.folder} ${workload.title} ${workload.about}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  };
  return all
    .map(({ title, workloads }) => ({ title, workloads: workloads.filter((workload) => fits(title, workload)) }))
    .filter(({ workloads }) => workloads.length > 0);
}

function workloadsOf(examples: readonly string[]): Listed[] {
  const folders = new Map<string, string[]>();
  for (const id of examples) {
    const [folder, variant] = id.split("/");
    if (variant !== undefined) folders.set(folder, [...(folders.get(folder) ?? []), variant]);
  }
  return [...folders].flatMap(([folder, variants]) => {
    const summary = summaries[`../../../examples/${folder}/README.md`];
    return summary ? [{ ...summary, folder, variants }] : [];
  });
}
