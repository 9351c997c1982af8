// What the specs share: the engine in a page, the examples as text, and an eye on the console.

import { readFileSync } from "node:fs";
import { type Page, test as base, expect } from "@playwright/test";

import type { Bench } from "../../web/src/bench.ts";

declare global {
  var bench: Bench;
  var engine: InstanceType<Bench["EngineClient"]>;
}

const folder = new URL("../../examples/", import.meta.url);

const index = JSON.parse(readFileSync(new URL("index.json", folder), "utf8")) as {
  default: string;
  groups: { examples: string[] }[];
};

/** The example the page opens with. */
export const defaultExample = index.default;

/** Every example's name, in the order of the menu. */
export const examples = index.groups.flatMap((group) => group.examples);

/** An example's text. */
export function example(name: string): string {
  return readFileSync(new URL(`${name}.json`, folder), "utf8");
}

/** Opens the page that has only the engine, and starts it as `globalThis.engine`. */
export async function openEngine(page: Page, origin = ""): Promise<void> {
  await page.goto(`${origin}/bench.html`);
  await page.evaluate(async () => {
    globalThis.engine = new bench.EngineClient();
    await engine.ready;
  });
}

/** A test that fails if the page wrote an error to its console or its policy was violated, in any frame, unless the test empties the list. */
export const test = base.extend<{ errors: string[] }>({
  errors: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      page.on("pageerror", (error) => errors.push(String(error)));
      await page.addInitScript(() => {
        addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI, sample }) => {
          console.error(`the policy was violated: ${effectiveDirective}, ${blockedURI} ${sample}`);
        });
      });
      await use(errors);
      expect(errors, "errors in the console").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };
