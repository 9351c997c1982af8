// What the page looks like: each of its parts beside a recorded picture, in both themes, wide and on a phone. The default example
// on the virtual clock is the same everywhere, to the gas. To record again what has changed: `npx playwright test --project visual
// --update-snapshots`; look at it before it is committed.

import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Locator, Page } from "@playwright/test";

import { expect, test } from "../engine.ts";
import { ISOLATED } from "../playwright.config.ts";
import { differenceFrom, expectPicture, TOLERANCE } from "./picture.ts";

const FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf";
test.skip(!existsSync(FONT), "the fonts of the pictures are not here: install Debian's fonts-dejavu-core");

const SCHEMES = ["light", "dark"] as const;
const TABS = ["Speedup", "Compare", "Two runs", "Hot locations", "Memory", "Opcodes", "What if", "State"];
const VIEWS = ["Block", "JSON", "Contract", "Run", "Graph", "Lanes", "Details"];

/** Opens the page as somebody who wants no motion, and waits for all that comes after the first result. */
async function open(page: Page, colorScheme: (typeof SCHEMES)[number]): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("✓");
  await expect(page.locator("speedup-chart circle")).toHaveCount(12);
}

const file = (...words: string[]): string => `${words.join("-").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}.png`;
const region = (page: Page, name: string): Locator => page.getByRole("region", { name, exact: true });

for (const scheme of SCHEMES) {
  test(`the page and its tabs, ${scheme}`, async ({ page }) => {
    await open(page, scheme);
    await expectPicture(page, file("page", scheme));
    await expectPicture(region(page, "Dependency graph"), file("graph", scheme));
    await expectPicture(region(page, "Lanes"), file("lanes", scheme));
    // A transaction in the middle, which everything is then about.
    await page.locator("transaction-table tr[data-row='4']").click();
    await page.mouse.move(0, 0);
    await expectPicture(region(page, "Dependency graph"), file("graph", "selected", scheme));
    await expectPicture(region(page, "Selection"), file("selection", scheme));
    for (const tab of TABS) {
      const figures = region(page, "Figures");
      await figures.getByRole("button", { name: tab, exact: true }).click();
      if (tab === "Compare") await expect(figures.getByRole("row")).toHaveCount(9);
      await expect(figures.getByText("Loading…")).toHaveCount(0);
      await page.mouse.move(0, 0);
      await expectPicture(figures, file("tab", tab, scheme));
    }
    for (const source of ["JSON", "Contract"]) {
      await page.getByRole("group", { name: "Scenario as" }).getByRole("button", { name: source }).click();
      await expectPicture(region(page, "Scenario"), file("source", source, scheme));
    }
  });

  test(`each dialog, ${scheme}`, async ({ page }) => {
    await open(page, scheme);
    for (const name of ["Gallery", "Open / Save", "Share", "Export", "Embed", "Help and glossary"]) {
      await page.getByRole("banner").getByRole("button", { name, exact: true }).click();
      const dialog = page.locator("dialog[open]");
      await expect(dialog).toBeVisible();
      await expectPicture(dialog, file("dialog", name, scheme));
      await page.keyboard.press("Escape");
      await expect(dialog).toHaveCount(0);
    }
    await page.getByRole("banner").getByRole("button", { name: "Lessons" }).click();
    await expect(page.getByTestId("feedback").locator(".sentence")).toHaveText("Not yet:");
    await expectPicture(page.locator("lesson-panel"), file("lesson", scheme));
  });

  test(`each view of a phone, ${scheme}`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(page, scheme);
    for (const view of VIEWS) {
      await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: view }).click();
      await expect(page.getByText("Loading…").filter({ visible: true })).toHaveCount(0);
      await page.mouse.move(0, 0);
      await expectPicture(page, file("phone", view, scheme));
    }
  });

  test(`a figure in another page, ${scheme}`, async ({ page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.setViewportSize({ width: 480, height: 1000 });
    const [ink, paper] = scheme === "light" ? ["#222", "#fff"] : ["#ddd", "#111"];
    const body = `<body style="color:${ink};background:${paper};font-family:sans-serif"><script type="module" src="${ISOLATED}/evm-lanes.js"></script><evm-lanes scenario="erc20-fan-out" view="graph timeline"></evm-lanes>`;
    const server = createServer((request, response) => void response.writeHead(request.url === "/" ? 200 : 404, { "Content-Type": "text/html" }).end(`<!doctype html><link rel="icon" href="data:,">${body}`));
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    try {
      await page.goto(`http://localhost:${(server.address() as AddressInfo).port}`);
      await expect(page.frameLocator("iframe").getByTestId("proof")).toContainText("✓");
      await expect(page.frameLocator("iframe").locator(".picture")).toHaveCount(2);
      await expectPicture(page.locator("evm-lanes"), file("embed", scheme));
    } finally {
      server.close();
    }
  });
}

// That the comparison tells: the same parts, with something of them wrong.
for (const [name, part, selector, style] of [
  ["a graph that has moved by 12 pixels", "Dependency graph", ".picture", "transform: translateX(12px)"],
  ["a graph without its colours", "Dependency graph", ".picture", "filter: grayscale(1)"],
  ["lanes without their colours", "Lanes", ".picture", "filter: grayscale(1)"],
  ["lanes that have moved by 6 pixels", "Lanes", ".picture", "transform: translateY(6px)"],
] as const) {
  test(`${name} would be noticed`, async ({ page }) => {
    await open(page, "light");
    const recorded = file(part === "Lanes" ? "lanes" : "graph", "light");
    expect(await differenceFrom(region(page, part), recorded)).toBeLessThanOrEqual(TOLERANCE);
    await region(page, part).locator(selector).evaluate((element, style) => element.setAttribute("style", `${element.getAttribute("style") ?? ""};${style}`), style);
    const difference = await differenceFrom(region(page, part), recorded);
    test.info().annotations.push({ type: "of its squares differ", description: difference.toFixed(3) });
    expect(difference).toBeGreaterThan(TOLERANCE);
  });
}
