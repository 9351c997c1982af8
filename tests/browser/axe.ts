// What axe says of a page as it is: the rules of WCAG 2.2 AA, that of target size included, which axe leaves out by itself.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Frame, Page } from "@playwright/test";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  id: string;
  impact: string;
  nodes: { target: unknown }[];
}

/** Problems of any impact in what a selector finds, with where. Run through the protocol, which the page's policy does not bind. */
export async function violations(page: Page | Frame, within = "html"): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async (within) => {
    const { axe } = window as unknown as { axe: { run(within: string, options: unknown): Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run(within, { rules: { "target-size": { enabled: true } } });
    return violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.map((n) => String(n.target)).join(" | ")}`);
  }, within);
}
