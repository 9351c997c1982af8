// What the page writes for authors, in sites that the documentation tools themselves build, served without headers on another
// site than the figures'.

import { chromium, type FrameLocator, type Page } from "@playwright/test";

import type { EvmLanesElement } from "../../web/src/embed/element.ts";
import { buildSite, isInstalled, OWN_TITLE, TOOLS, verified, writtenSnippets, type Site, type Snippets } from "./documentation.ts";
import { expect, test } from "./engine.ts";

let snippets: Snippets;
test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage();
  snippets = await writtenSnippets(page);
  await page.close();
});

for (const [name, tool] of Object.entries(TOOLS)) {
  test.describe(name, () => {
    test.skip(!isInstalled(tool), `${name} is not installed: cargo xtask test does that`);
    let site: Site;

    test.beforeAll(async () => {
      test.setTimeout(300_000);
      site = await buildSite(name, snippets);
    });
    test.afterAll(() => site?.close());

    /** Opens a page of the site, and shows its figure. */
    async function open(page: Page, path: string): Promise<FrameLocator> {
      await page.goto(`${site.origin}/${path}`);
      return see(page);
    }

    for (const { form, figure, own } of tool.pages) {
      test(`what is written for ${form} runs on threads in a plain page`, async ({ page }) => {
        const shown = await open(page, figure);
        expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
        await verified(shown, /threads/);
        await page.screenshot({ path: `results/documentation-${form}.png` });
        await verified(await open(page, own), /threads/);
        const report = await page.evaluate(() => document.querySelector<EvmLanesElement>("evm-lanes")!.getReport());
        expect(report!.scenario.title).toBe(OWN_TITLE);
      });
    }

    const { figure } = tool.pages[0]!;

    test("where the browser cannot isolate a frame it runs on workers that exchange messages", async ({}, { project }) => {
      const { args, ...options } = project.use.launchOptions!;
      const browser = await chromium.launch({ ...options, args: [...args!, "--disable-features=DocumentIsolationPolicy"] });
      try {
        await verified(await open(await browser.newPage(), figure), /pool/, "messages");
      } finally {
        await browser.close();
      }
    });

    if (tool.client) {
      test("a page that is changed without loading another has the figure each time", async ({ page }) => {
        await page.goto(site.origin);
        await page.evaluate(() => (document.body.dataset.same = "yes"));
        const follow = (name: string): Promise<void> => page.getByRole("link", { name, exact: true }).first().click();
        await follow("A figure");
        await verified(await see(page), /threads/);
        await follow("A page without figures");
        await expect(page.locator("evm-lanes")).toHaveCount(0);
        await follow("A scenario of one's own");
        await verified(await see(page), /threads/);
        await page.goBack();
        await page.goBack();
        await verified(await see(page), /threads/);
        expect(await page.evaluate(() => document.body.dataset.same)).toBe("yes");
      });
    }

    const { darken } = tool;
    if (darken) {
      test("it is as dark as the page is", async ({ page }) => {
        await verified(await open(page, figure), /threads/);
        const theme = (): Promise<string | undefined> =>
          page.frames().find((frame) => frame.url().includes("embed.html"))!.evaluate(() => document.documentElement.dataset.theme);
        await expect.poll(theme).toBe("light");
        await darken(page);
        await expect.poll(theme).toBe("dark");
        await page.screenshot({ path: `results/documentation-${name}-dark.png` });
      });
    }

    test("frames run on threads, with and without a sandbox", async ({ page }) => {
      await page.goto(`${site.origin}/${tool.frames}`);
      for (const which of ["iframe:not([sandbox])", "iframe[sandbox]"]) {
        await page.locator(which).scrollIntoViewIfNeeded();
        await verified(page.frameLocator(which), /threads/);
      }
    });
  });
}

/** The element's figure, brought into sight. */
async function see(page: Page): Promise<FrameLocator> {
  await page.locator("evm-lanes").scrollIntoViewIfNeeded();
  return page.frameLocator("evm-lanes iframe");
}
