// The sites of the documentation tools in Firefox, where no frame isolates itself.

import { buildSite, isInstalled, TOOLS, verified, writtenSnippets, type Snippets } from "../documentation.ts";
import { test } from "../engine.ts";
import { needsFirefox } from "./firefox.ts";

needsFirefox();

let snippets: Snippets;
test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage();
  snippets = await writtenSnippets(page);
  await page.close();
});

for (const [name, tool] of Object.entries(TOOLS)) {
  test(`what is written for ${name} runs on a pool of workers`, async ({ page }) => {
    test.skip(!isInstalled(tool), `${name} is not installed: cargo xtask test does that`);
    test.setTimeout(300_000);
    const site = await buildSite(name, snippets);
    try {
      for (const { figure } of tool.pages) {
        await page.goto(`${site.origin}/${figure}`);
        await page.locator("evm-lanes").scrollIntoViewIfNeeded();
        await verified(page.frameLocator("evm-lanes iframe"), /pool/, "messages");
      }
    } finally {
      site.close();
    }
  });
}
