// A run on paper: its sheet has text, pictures and tables, in black on white, and the page stays as it is.

import { writeFileSync } from "node:fs";

import { expect, test } from "./engine.ts";

test("a run prints as a sheet of its own", async ({ page }, info) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await page.goto("/?example=erc20-fan-out");
  await expect(page.getByTestId("proof")).toContainText("✓");
  await expect(page.locator("speedup-chart circle")).toHaveCount(12);
  // What prints is loaded after the run, and nothing says that it is there.
  await expect
    .poll(async () => {
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      return page.locator(".sheet canvas").count();
    })
    .toBe(3);
  await page.emulateMedia({ media: "print" });
  const sheet = page.locator(".sheet");
  await expect(sheet.locator("h1")).toBeVisible();
  for (const words of ["Strategy", "Virtual clock", "equal those of sequential execution", "Dependency graph", "Lanes", "Transactions", "Hot locations", "Accounts"]) await expect(sheet).toContainText(new RegExp(words, "i"));
  await expect(sheet.locator("table").first().locator("tbody tr")).toHaveCount(await page.evaluate(() => (document.querySelector("app-page") as unknown as { store: { state: { finished: { report: { transactions: unknown[] } } } } }).store.state.finished.report.transactions.length));
  await expect(page.locator("app-page")).toBeHidden();
  await expect(sheet.getByRole("button")).toHaveCount(0);
  expect(await sheet.evaluate((it) => getComputedStyle(it).color)).toBe("rgb(0, 0, 0)");
  // Every picture is drawn, with light paper behind dark ink.
  const inks = await sheet.locator("canvas").evaluateAll((all) =>
    all.map((canvas) => {
      const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, (canvas as HTMLCanvasElement).width, (canvas as HTMLCanvasElement).height);
      let dark = 0;
      let drawn = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] > 128) drawn++;
        if (data[i + 3] > 128 && data[i] + data[i + 1] + data[i + 2] < 150) dark++;
      }
      return drawn > 1000 && dark > 100 && dark < drawn;
    }),
  );
  expect(inks).toEqual([true, true, true]);

  const pdf = await page.pdf({ format: "A4" });
  writeFileSync(info.outputPath("run.pdf"), pdf);
  expect((pdf.toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length).toBeGreaterThanOrEqual(2);

  await page.emulateMedia({ media: "screen" });
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await expect(sheet).toHaveCount(0);
  await expect(page.locator("app-page")).toBeVisible();
});

test("the browser's own printing makes the sheet and takes it away", async ({ page }) => {
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("✓");
  const made = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        new MutationObserver((changes) => {
          for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof Element && node.matches(".sheet")) resolve(performance.now());
        }).observe(document.body, { childList: true });
      }),
  );
  await expect
    .poll(async () => {
      await page.pdf();
      return Promise.race([made, Promise.resolve(0)]);
    })
    .toBeGreaterThan(0);
  await expect(page.locator(".sheet")).toHaveCount(0);
});
