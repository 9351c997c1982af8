// Everything the page can be told to do: the palette, every shortcut, and the switch for single keys.

import type { Page } from "@playwright/test";

import { violations } from "./axe.ts";
import { expect, test } from "./engine.ts";

test.beforeEach(async ({ page }) => {
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("✓");
});

const palette = (page: Page) => page.getByTestId("palette");

const pressed = (page: Page, name: string) => page.getByRole("button", { name, exact: true, pressed: true });

/** What a shortcut has done, by its command; `before` brings the page to where it can be done. */
const EFFECTS: Readonly<Record<string, { before?: (page: Page) => Promise<unknown>; after: (page: Page) => Promise<unknown> }>> = {
  run: { before: rerun, after: (page) => expect(page.locator(".headline")).not.toContainText("run again") },
  cancel: { before: heavy, after: (page) => expect(page.locator("verdict-strip")).toContainText("Cancelled") },
  compare: { before: (page) => load(page, "nonce-chain"), after: (page) => expect(page.locator("strategy-comparison")).toContainText("equal to sequential") },
  "keep-run": { after: (page) => expect(pressed(page, "Two runs")).toBeVisible() },
  undo: { before: (page) => load(page, "independent-transfers").then(() => load(page, "nonce-chain")), after: (page) => expect(page.getByTestId("examples")).not.toHaveValue("nonce-chain") },
  redo: { before: (page) => load(page, "nonce-chain").then(() => page.keyboard.press("Control+z")), after: (page) => expect(page.getByTestId("examples")).toHaveValue("nonce-chain") },
  restore: { before: own, after: (page) => expect(page.locator("section.source h2")).toHaveText("Mine") },
  "new-block": { after: (page) => expect(page.getByTestId("examples")).not.toHaveValue(/./).then(() => expect(page.getByTestId("proof")).toContainText("✓")) },
  "open-save": { after: (page) => expect(page.getByRole("dialog")).toContainText("Save") },
  drafts: { after: (page) => expect(page.getByTestId("drafts-switch")).toBeVisible() },
  share: { after: (page) => expect(page.getByTestId("share")).toBeVisible() },
  export: { after: (page) => expect(page.locator("export-dialog dialog")).toBeVisible() },
  embed: { after: (page) => expect(page.getByRole("dialog")).toContainText("Embed") },
  gallery: { after: (page) => expect(page.getByTestId("gallery")).toBeVisible() },
  lessons: { after: (page) => page.getByTestId("leave-lessons").click() },
  "go-transactions": { before: (page) => page.keyboard.press("3"), after: (page) => expect(page.locator("transaction-table tr:focus")).toBeVisible() },
  "go-json": { after: (page) => expect(page.getByTestId("editor").locator(".cm-content")).toBeFocused() },
  "go-contract": { after: (page) => expect(page.locator("contract-tab")).toBeVisible() },
  "go-setup": { after: (page) => expect(page.locator("#strategy")).toBeFocused() },
  "go-verdict": { after: (page) => expect(page.locator("section.verdict")).toBeFocused() },
  "go-graph": { after: (page) => expect(page.locator("graph-view .picture")).toBeFocused() },
  "go-lanes": { after: (page) => expect(page.locator("lanes-view .picture")).toBeFocused() },
  "go-details": { after: (page) => expect(page.locator(".figures button:focus")).toHaveAttribute("aria-pressed", "true") },
  "clear-selection": { before: (page) => page.keyboard.press("1").then(() => page.locator("transaction-table tr[data-row]").first().click()), after: (page) => expect(page.locator("tr.chosen")).toHaveCount(0) },
  back: { before: finish, after: (page) => expect(page.getByLabel("Playhead")).not.toHaveValue(/^0$/).then(() => expect(sentence(page)).not.toContainText("The run is over")) },
  on: { before: (page) => page.keyboard.press("Shift+ArrowLeft"), after: (page) => expect(sentence(page)).not.toBeEmpty() },
  "many-back": { before: finish, after: (page) => expect(sentence(page)).not.toContainText("The run is over") },
  "many-on": { before: (page) => finish(page).then(() => page.keyboard.press("ArrowLeft")), after: (page) => expect(sentence(page)).toContainText("The run is over") },
  play: { before: finish, after: (page) => expect(page.locator("replay-bar").getByRole("button", { name: "Pause" })).toBeVisible() },
  "to-start": { before: (page) => page.getByLabel("Playhead").focus(), after: (page) => expect(page.getByLabel("Playhead")).toHaveValue("0") },
  "to-end": { before: (page) => page.getByLabel("Playhead").press("Home"), after: (page) => expect(sentence(page)).toContainText("The run is over") },
  "fewer-workers": { before: (page) => workers(page, 7), after: (page) => expect(page.getByLabel("Workers, as a number")).toHaveValue("6") },
  "more-workers": { before: (page) => workers(page, 7), after: (page) => expect(page.getByLabel("Workers, as a number")).toHaveValue("8") },
  palette: { after: (page) => expect(palette(page)).toBeVisible() },
  help: { after: (page) => expect(page.getByRole("dialog", { name: "Help" })).toBeVisible() },
  "next-theme": { after: (page) => expect(page.locator("html")).toHaveAttribute("data-theme", "light") },
};

test("every shortcut that the help lists does what it says", async ({ page }) => {
  test.slow();
  await page.keyboard.press("?");
  const rows = page.locator("key-map dt[data-command]");
  const listed = await rows.evaluateAll((all) => all.map((dt) => ({ id: dt.dataset.command!, keys: [...dt.querySelectorAll("kbd")].map((kbd) => kbd.textContent) })));
  expect(listed.map(({ id }) => id).sort()).toEqual(Object.keys(EFFECTS).sort());
  for (const { id, keys } of listed) {
    for (const key of keys) {
      await test.step(`${id}: ${key}`, async () => {
        await page.keyboard.press("Escape");
        await leave(page);
        const { before, after } = EFFECTS[id];
        await before?.(page);
        await page.keyboard.press(NAMES[key] ?? key.replaceAll("Ctrl ", "Control+").replaceAll("Shift ", "Shift+").replace(/[A-Z]$/, (letter) => letter.toLowerCase()).replace(/[←→]/, (arrow) => ARROWS[arrow]));
        await after(page);
      });
    }
  }
});

const NAMES: Readonly<Record<string, string>> = { F1: "F1", Esc: "Escape", "␣": "Space" };
const ARROWS: Readonly<Record<string, string>> = { "←": "ArrowLeft", "→": "ArrowRight" };

test("the palette finds commands by some of their letters, and does them", async ({ page }) => {
  await page.keyboard.press("Control+k");
  const field = palette(page).getByRole("combobox");
  await expect(field).toBeFocused();
  expect(await violations(page)).toEqual([]);

  await field.fill("bstm");
  await expect(palette(page).getByRole("option").first()).toContainText("Block-STM");
  await field.fill("workers 8");
  const first = palette(page).getByRole("option").first();
  await expect(first).toHaveText(/8 workers/);
  await expect(field).toHaveAttribute("aria-activedescendant", (await first.getAttribute("id"))!);
  await field.press("Enter");
  await expect(palette(page)).toBeHidden();
  await expect(page.getByLabel("Workers, as a number")).toHaveValue("8");

  await page.keyboard.press("Control+k");
  await field.fill("lesson 3");
  await expect(palette(page).getByRole("option").first()).toContainText("lesson 3");
  await field.press("Enter");
  await expect(page.getByTestId("lesson")).toContainText("3.");
});

test("arrows walk through the palette and around its ends, what cannot be done says so, Escape leaves things as they are", async ({ page }) => {
  await page.keyboard.press("F1");
  const field = palette(page).getByRole("combobox");
  const chosen = palette(page).locator('[aria-selected="true"]');
  await expect(chosen).toHaveAttribute("data-command", "run");
  await field.press("ArrowDown");
  await expect(chosen).toHaveAttribute("data-command", "cancel");
  await expect(chosen).toHaveAttribute("aria-disabled", "true");
  await field.press("Enter");
  await expect(palette(page)).toBeVisible();
  await field.press("ArrowUp");
  await field.press("ArrowUp");
  await expect(chosen).toHaveAttribute("data-command", /^example-/);
  await expect(chosen).toBeInViewport();
  await field.press("Escape");
  await expect(palette(page)).toBeHidden();
  await page.keyboard.press("Control+k");
  await field.fill("no command is called so");
  await expect(palette(page).getByRole("status")).toHaveText("No command has these letters.");
  await field.press("Enter");
  await page.keyboard.press("Control+k");
  await expect(palette(page)).toBeHidden();
});

test("with a mouse, and on a phone", async ({ page }, info) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByTestId("open-palette").click();
  await palette(page).getByRole("combobox").fill("lanes");
  await page.screenshot({ path: info.outputPath("palette-phone.png") });
  await palette(page).getByRole("option", { name: "Go to the lanes" }).click();
  await expect(page.locator("lanes-view .picture")).toBeFocused();
});

test("single keys do nothing in text, nothing in dialogs, and nothing when they are off", async ({ page }) => {
  const help = page.getByRole("dialog", { name: "Help" });
  await page.getByLabel("Seed", { exact: true }).press("t");
  await page.locator("section.source").getByRole("button", { name: "JSON" }).click();
  await page.getByTestId("editor").locator(".cm-content").press("t");
  await page.locator("#strategy").press("t");
  await expect(page.locator("html")).not.toHaveAttribute("data-theme");

  await page.locator("#strategy").blur();
  await page.keyboard.press("?");
  await expect(help).toBeVisible();
  await page.keyboard.press("t");
  await expect(page.locator("html")).not.toHaveAttribute("data-theme");
  expect(await violations(page)).toEqual([]);

  await page.getByTestId("single-keys").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("t");
  await page.keyboard.press("?");
  await expect(help).toBeHidden();
  await page.reload();
  await expect(page.getByTestId("proof")).toContainText("✓");
  await page.keyboard.press("t");
  await expect(page.locator("html")).not.toHaveAttribute("data-theme");
  await page.keyboard.press("Control+k");
  await expect(palette(page)).toBeVisible();
  await expect(palette(page).locator('[data-command="next-theme"] kbd')).toHaveCount(0);
});

const sentence = (page: Page) => page.getByTestId("sentence");

async function workers(page: Page, count: number): Promise<void> {
  await page.getByLabel("Workers, as a number").fill(String(count));
  await page.getByLabel("Workers, as a number").blur();
}

/** Something has changed since the last run. */
async function rerun(page: Page): Promise<void> {
  await workers(page, (await page.getByLabel("Workers, as a number").inputValue()) === "3" ? 2 : 3);
  await expect(page.locator(".headline")).toContainText("run again");
}

async function load(page: Page, example: string): Promise<void> {
  await page.getByTestId("examples").selectOption(example);
  await expect(page.getByTestId("examples")).toHaveValue(example);
  await expect(page.locator(".headline")).not.toContainText("run again");
  await leave(page);
}

/** Takes the focus away from whatever has it. */
async function leave(page: Page): Promise<void> {
  await page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    (at as HTMLElement | null)?.blur();
  });
}

/** A run that is over, at its end. */
async function finish(page: Page): Promise<void> {
  await load(page, "erc20-fan-out");
  await expect(sentence(page)).toContainText("The run is over");
}

/** A text of one's own, which an example has taken the place of. */
async function own(page: Page): Promise<void> {
  await page.keyboard.press("2");
  await page.getByTestId("editor").locator(".cm-content").press("Control+a");
  await page.keyboard.insertText('{ "title": "Mine", "transactions": [] }');
  await expect(page.locator("section.source h2")).toHaveText("Mine");
  await load(page, "nonce-chain");
}

/** A run that takes its time. */
async function heavy(page: Page): Promise<void> {
  await page.keyboard.press("2");
  await page.getByTestId("editor").locator(".cm-content").press("Control+a");
  await page.keyboard.insertText('{ "title": "Long", "transactions": [ { "generate": { "workload": "swaps", "count": 8000 } } ] }');
  await page.keyboard.press("Control+Enter");
  await expect(page.getByRole("button", { name: "Cancel" })).toBeVisible();
  await leave(page);
}
