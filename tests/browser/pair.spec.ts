// Two whole runs, one beside the other: kept, run again, replayed together, and what differs.
import type { Page } from "@playwright/test";

import { violations } from "./axe.ts";
import { example, expect, test } from "./engine.ts";

const panel = (page: Page) => page.locator("pair-panel");
const figure = (page: Page, row: string, column: number) => page.getByTestId("pair-figures").getByRole("row", { name: row }).getByRole("cell").nth(column);
const slider = (page: Page) => page.getByRole("slider", { name: "Moment of both runs" });
const differences = (page: Page) => page.getByTestId("pair-differences").locator("tbody tr[data-row]");

async function open(page: Page, name: string, options: Record<string, string | number> = {}): Promise<void> {
  const parameters = Object.entries(options).map(([key, value]) => `${key}=${value}&`);
  await page.goto(`/#v=1&${parameters.join("")}example=${name}`);
  await expect(page.getByTestId("proof")).toContainText("equal to sequential");
  await page.getByRole("button", { name: "Two runs" }).click();
  await expect(panel(page).getByTestId("keep")).toBeVisible();
}

/** Once B has been run. */
async function compared(page: Page): Promise<void> {
  await expect(page.getByTestId("pair-figures")).toBeVisible();
}

/** Changes the scenario's text as somebody would who types, and runs it. */
async function replaceText(page: Page, text: string): Promise<void> {
  await page.getByRole("group", { name: "Scenario as" }).getByRole("button", { name: "JSON" }).click();
  await page.getByTestId("editor").locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text);
  await page.keyboard.press("Control+Enter");
}

test("another strategy: what aborted in one only is listed, and selected in both", async ({ page, errors: _ }) => {
  await open(page, "hot-recipient", { strategy: "block-stm", deltas: "none", hints: "none" });
  await panel(page).getByRole("combobox", { name: "Another strategy" }).selectOption("sequential");
  await panel(page).getByRole("button", { name: "Compare" }).click();
  await compared(page);
  await expect(page.getByTestId("pair-changed")).toContainText("strategy: block-stm in A, sequential in B");
  await expect(figure(page, "speedup", 0)).toContainText("virtual clock (gas)");
  await expect(figure(page, "aborts", 1)).toHaveText("0");
  await expect(figure(page, "aborts", 0)).not.toHaveText("0");
  await expect(page.getByTestId("pair-state")).toContainText("Both runs end with the same state");
  await expect(page.getByTestId("pair-state")).toContainText("it has to be");

  await page.getByTestId("pair-differences").getByRole("button", { name: /^aborts/ }).click();
  const first = differences(page).first();
  await expect(first).toContainText("aborted in A only");
  const transaction = await first.locator('[data-column="b"]').innerText();
  // The engine's own sentence says why.
  await expect(first.locator('[data-column="why"]')).not.toBeEmpty();
  await first.focus();
  await page.keyboard.press("Enter");
  await expect(first).toHaveAttribute("aria-selected", "true");
  await expect(page.locator("transaction-detail h2")).toHaveText(`Transaction ${transaction}`);
  for (const side of ["a", "b"]) await expect(page.getByTestId(`moment-${side}`)).toContainText(`Transaction ${transaction}, which is selected: committed.`);
});

test("twice the workers: both are replayed on one axis, by time and by the events of either, from the keyboard", async ({ page, errors: _ }) => {
  await open(page, "independent-transfers", { strategy: "block-stm", workers: 2 });
  await panel(page).getByRole("button", { name: "Twice the workers: 4" }).click();
  await compared(page);
  await expect(figure(page, "workers", 0)).toHaveText("2");
  await expect(figure(page, "workers", 1)).toHaveText("4");

  await slider(page).focus();
  await page.keyboard.press("Home");
  await expect(slider(page)).toHaveAttribute("aria-valuetext", /A: event 0 of \d+.*B: event 0 of \d+/);
  for (const side of ["a", "b"]) await expect(page.getByTestId(`moment-${side}`)).toContainText("Nothing has happened yet.");
  await page.keyboard.press("ArrowRight");
  await expect(slider(page)).toHaveAttribute("aria-valuetext", /B: event 1 of/);
  await page.getByRole("group", { name: "Steps go by the events of" }).getByRole("button", { name: "A" }).click();
  await slider(page).focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await expect(slider(page)).toHaveAttribute("aria-valuetext", /A: event 1 of/);
  await page.keyboard.press("ArrowLeft");
  await expect(slider(page)).toHaveAttribute("aria-valuetext", /A: event 0 of/);

  // Half the time of the slower run: the faster one is (almost) over.
  await slider(page).evaluate((input: HTMLInputElement) => {
    input.value = String(0.9 * Number(input.max));
    input.dispatchEvent(new Event("input"));
  });
  await expect(page.getByTestId("moment-b")).toContainText("over");
  await expect(page.getByTestId("moment-b")).toContainText("The run is over.");
  await expect(page.getByTestId("moment-a")).not.toContainText("over");

  // A picture's own keys step its own run, and the other follows.
  const picture = page.locator("pair-lanes").first().locator(".picture");
  await picture.focus();
  const before = await page.getByTestId("moment-a").locator(".mono").first().innerText();
  await page.keyboard.press(",");
  await expect(page.getByTestId("moment-a").locator(".mono").first()).not.toHaveText(before);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page.locator("transaction-detail h2")).toHaveText(/^Transaction \d+/);

  await panel(page).getByRole("button", { name: "Replay both" }).click();
  await expect(panel(page).getByRole("button", { name: "Pause" })).toBeVisible();
  await expect(slider(page)).toHaveAttribute("aria-valuetext", /A: event \d+ of \d+ · over.*B: event \d+ of \d+ · over/, { timeout: 30_000 });
});

test("before and after a change of mine: matched by sender and nonce, with what is in one block only, and how the states differ", async ({ page, errors: _ }) => {
  await open(page, "independent-transfers");
  await panel(page).getByTestId("keep").click();
  await expect(panel(page)).toContainText("A is kept");
  const text = example("independent-transfers");
  const broken = text.replace(/"transactions"/, '"transaction"');
  await replaceText(page, broken);
  await expect(panel(page)).toContainText("A is still kept");

  const mine = `{
    "title": "mine", "accounts": { "alice": "10 ether", "bob": "10 ether" },
    "transactions": [
      { "from": "alice", "to": "carol", "value": "1 ether" },
      { "from": "bob", "to": "dave", "value": "1 ether" }
    ]
  }`;
  await replaceText(page, mine);
  await expect(page.getByTestId("pair-figures")).toBeVisible();
  await panel(page).getByRole("button", { name: "Keep B as A" }).click();
  await replaceText(page, mine.replace('"bob", "to": "dave", "value": "1 ether"', '"bob", "to": "dave", "value": "2 ether"').replace("    ]\n", '      ,{ "from": "alice", "to": "erin", "value": "3 wei" }\n    ]\n'));
  await compared(page);
  await expect(page.getByTestId("pair-changed")).toContainText("the text, from line 5 on");
  await expect(page.getByTestId("pair-changed")).toContainText("2 of A's 2 and B's 3");
  await expect(differences(page)).toHaveCount(2);
  await expect(differences(page).nth(0)).toContainText("only in B");
  await expect(differences(page).nth(1)).toContainText("asks for something else");
  await expect(page.getByTestId("pair-state")).toContainText("The blocks differ");
  const accounts = page.getByRole("table", { name: "Accounts that end differently" });
  await expect(accounts.getByRole("row", { name: /^dave/ })).toContainText("1\u202fether, nonce 0");
  await expect(accounts.getByRole("row", { name: /^dave/ })).toContainText("2\u202fether, nonce 0");
  await expect(accounts.getByRole("row", { name: /^carol/ })).toHaveCount(0);

  // Only one run has it.
  await differences(page).first().click();
  await expect(page.getByTestId("moment-a")).toContainText("not in this run");
  await expect(page.getByTestId("moment-b")).toContainText("Transaction 2, which is selected");

  await panel(page).getByTestId("forget").click();
  await expect(page.getByTestId("pair-figures")).toHaveCount(0);
});

test("what only A has is selected in A", async ({ page, errors: _ }) => {
  await open(page, "independent-transfers");
  const three = (last: string) => `{ "title": "mine", "accounts": { "alice": "9 ether", "bob": "9 ether" }, "transactions": [
    { "from": "alice", "to": "carol", "value": "1 ether" }${last}
  ] }`;
  await replaceText(page, three(',\n{ "from": "bob", "to": "dave", "value": "1 ether" }'));
  await expect(page.locator(".source h2")).toHaveText("mine");
  await expect(page.getByTestId("proof")).toContainText("equal to sequential");
  await panel(page).getByTestId("keep").click();
  await replaceText(page, three(""));
  await compared(page);
  await expect(differences(page).first()).toContainText("only in A");
  await differences(page).first().click();
  await expect(page.getByTestId("moment-a")).toContainText("Transaction 1, which is selected");
  await expect(page.getByTestId("moment-b")).toContainText("not in this run");
});

test("without deltas, and with other clocks, which is said", async ({ page, errors: _ }) => {
  await open(page, "independent-transfers");
  await panel(page).getByRole("button", { name: "Without deltas" }).click();
  await compared(page);
  await expect(page.getByTestId("pair-changed")).toContainText("deltas: fees in A, none in B");
  await expect(page.getByTestId("pair-changed")).not.toContainText("different clocks");
  await page.getByLabel("Clock", { exact: true }).selectOption("measured");
  await page.getByTestId("run").click();
  await expect(figure(page, "speedup", 1)).toContainText("measured clock");
  await expect(page.getByTestId("pair-changed")).toContainText("different clocks");
  await slider(page).focus();
  await page.keyboard.press("Home");
  await expect(panel(page).locator("output")).toHaveText("0 % of each run");
});

test("a link holds both runs: the options that differ, and a text of A's own", async ({ page, context, errors: _ }) => {
  await open(page, "independent-transfers");
  await panel(page).getByTestId("keep").click();
  await page.getByLabel("Workers, as a number").fill("8");
  await page.getByLabel("Workers, as a number").press("Enter");
  await replaceText(page, '{ "title": "mine", "accounts": { "alice": "9 ether" }, "transactions": [{ "from": "alice", "to": "carol", "value": "1 ether" }] }');
  await compared(page);
  await page.getByTestId("open-share").click();
  await expect(page.getByTestId("share")).toContainText("Compared with");
  const link = await page.getByTestId("share-link").inputValue();
  expect(link).toContain("beside=workers:4&besideSum=");

  const other = await context.newPage();
  await other.goto(link);
  await compared(other);
  for (const at of ["pair-changed", "pair-figures", "pair-differences", "pair-state"]) {
    expect(await other.getByTestId(at).innerText(), at).toBe(await page.getByTestId(at).innerText());
  }
  await expect(other.locator(".source h2")).toHaveText("mine");
  await other.close();
});

for (const theme of ["light", "dark"] as const) {
  for (const [name, viewport] of [["wide", { width: 1440, height: 1000 }], ["phone", { width: 390, height: 844 }]] as const) {
    test(`two runs, ${theme}, ${name}`, async ({ page, errors: _ }, info) => {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize(viewport);
      await page.goto("/#v=1&strategy=block-stm&workers=4&hints=none&deltas=none&example=hot-recipient");
      await expect(page.getByTestId("proof")).toContainText("equal to sequential");
      if (name === "phone") await page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "Details" }).click();
      await page.getByRole("button", { name: "Two runs" }).click();
      await page.screenshot({ path: info.outputPath("before.png"), fullPage: true });
      await panel(page).getByRole("combobox", { name: "Another strategy" }).selectOption("ordered-merge");
      await panel(page).getByRole("button", { name: "Compare" }).click();
      await compared(page);
      await slider(page).evaluate((input: HTMLInputElement) => {
        input.value = String(0.6 * Number(input.max));
        input.dispatchEvent(new Event("input"));
      });
      await differences(page).first().click();
      await page.screenshot({ path: info.outputPath("two-runs.png"), fullPage: true });
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      // Where the bar at the bottom covers half of a target, axe takes it for one that is too small.
      await page.evaluate(() => scrollTo(0, 0));
      expect(await violations(page)).toEqual([]);
    });
  }
}
