// What the specs for Firefox share.

import type { Page } from "@playwright/test";

import { expect, test } from "../engine.ts";

/** Skips what follows, visibly, where there is no Firefox: `cargo xtask test` names the one it has found or installed. */
export function needsFirefox(): void {
  test.skip(!process.env.FIREFOX, "no Firefox here: install firefox-esr, and name it in FIREFOX");
}

/** Opens the page and waits for the proof, which must be by this executor. */
export async function open(page: Page, address: string, executor: RegExp): Promise<void> {
  await page.goto(address);
  await proved(page);
  await expect(page.getByTestId("executor")).toContainText(executor);
}

/** That the run on the page is equal to the sequential one. */
export async function proved(page: Pick<Page, "getByTestId">): Promise<void> {
  await expect(page.getByTestId("proof")).toContainText("✓");
  await expect(page.getByTestId("proof")).toContainText("equal to sequential");
}

/** Makes the text the editor's. */
export async function write(page: Page, text: string): Promise<void> {
  await page.getByRole("button", { name: "JSON", exact: true }).first().click();
  await page.locator(".cm-content").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}
