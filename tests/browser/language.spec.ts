// The page in German: by the browser's preference, by choice, in another page. No English is left in it but what the engine writes.

import { readdirSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";

import { violations } from "./axe.ts";
import { expect, test } from "./engine.ts";
import { ISOLATED } from "./playwright.config.ts";

const TEXTS = new URL("../../web/src/text/", import.meta.url);

test.describe("in a German browser", () => {
  test.use({ locale: "de-DE" });

  test("nothing is English but what the engine and the examples say", async ({ page }) => {
    const english = await englishTexts();
    await open(page);
    await expect(page.locator("html")).toHaveAttribute("lang", "de");
    await expect(page.getByTestId("proof")).toContainText("gleich dem sequenziellen");
    await expect(page.getByTestId("speedup")).toContainText(/\d,\d×/);
    const left: string[] = [];
    const look = async (state: string): Promise<void> => {
      await page.screenshot({ path: `results/german-${state}.png` });
      left.push(...(await englishIn(page, english)).map((text) => `${state}: ${text}`));
    };
    await look("page");

    await page.locator("transaction-table tr[data-row]").nth(1).click();
    await look("selection");
    await page.locator("hot-locations, speedup-chart").first().waitFor();
    for (const tab of ["Vergleich", "Heiße Stellen", "Speicher", "Opcodes", "Was wäre wenn", "Zustand"]) {
      await page.locator(".figures").getByRole("button", { name: tab, exact: true }).click();
      if (tab === "Heiße Stellen") await page.locator("hot-locations tr[data-row]").first().click();
      if (tab === "Opcodes") await page.locator("transaction-table tr[data-row]").nth(1).click();
      await expect(page.locator(".figures .empty")).toHaveCount(0);
      await look(tab.replaceAll(" ", "-"));
    }
    for (const picture of ["graph-view", "lanes-view"]) await page.locator(picture).getByRole("button", { name: "Tabelle" }).click();
    await page.getByRole("button", { name: "Ein Ereignis zurück" }).click();
    await expect(page.getByTestId("sentence")).not.toBeEmpty();
    await look("replay");
    for (const source of ["JSON", "Contract"]) {
      await page.locator(".source").getByRole("button", { name: source, exact: true }).click();
      await expect(page.locator(source === "JSON" ? ".rich .cm-editor" : "contract-tab .rich .cm-editor")).toBeVisible();
      await look(source);
    }
    for (const part of ["Transaktion", "Bytecode"]) {
      await page.locator("contract-tab").getByRole("button", { name: part, exact: true }).click();
      await look(`contract-${part}`);
    }
    expect(left).toEqual([]);
  });

  test("nor in its dialogs and lessons", async ({ page }) => {
    const english = await englishTexts();
    await open(page);
    const left: string[] = [];
    for (const name of ["Hilfe und Glossar", "Galerie", "Teilen", "Einbetten", "Öffnen / Speichern"]) {
      await page.locator("header.top").getByRole("button", { name, exact: true }).click();
      const dialog = page.locator("dialog[open]");
      await expect(dialog).toBeVisible();
      await expect(dialog.getByText("Wird geladen…")).toHaveCount(0);
      if (name === "Öffnen / Speichern") {
        await page.getByTestId("open-node").click();
        await expect(page.locator("node-panel")).toBeVisible();
      }
      await page.screenshot({ path: `results/german-dialog-${name.split(" ")[0]}.png` });
      left.push(...(await englishIn(page, english)).map((text) => `${name}: ${text}`));
      await page.keyboard.press("Escape");
      await expect(dialog).toHaveCount(0);
    }
    await page.getByTestId("open-lessons").click();
    await page.getByTestId("hint").click();
    await expect(page.getByTestId("proof")).toBeVisible();
    await page.screenshot({ path: "results/german-lesson.png" });
    left.push(...(await englishIn(page, english)).map((text) => `lesson: ${text}`));
    expect(left).toEqual([]);
  });

  for (const [name, viewport] of [["wide", { width: 1440, height: 1000 }], ["phone", { width: 375, height: 812 }]] as const) {
    test(`fits, and axe finds nothing: ${name}`, async ({ page }) => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ reducedMotion: "reduce", colorScheme: name === "wide" ? "light" : "dark" });
      await open(page);
      const panes = name === "phone" ? ["Block", "JSON", "Contract", "Lauf", "Graph", "Spuren", "Mehr"] : [];
      for (const pane of [null, ...panes]) {
        if (pane !== null) await page.locator("nav.panes").getByRole("button", { name: pane, exact: true }).click();
        expect(await page.evaluate(() => document.documentElement.scrollWidth), pane ?? "page").toBeLessThanOrEqual(viewport.width);
        await page.screenshot({ path: `results/german-${name}-${pane ?? "page"}.png` });
        if (pane === null || pane === "Lauf" || pane === "Mehr") expect(await violations(page), pane ?? "page").toEqual([]);
      }
      await page.getByRole("button", { name: "Hilfe und Glossar" }).click();
      await page.screenshot({ path: `results/german-${name}-help.png` });
      expect(await page.locator("dialog[open] .body").evaluate((body) => body.scrollWidth - body.clientWidth)).toBeLessThanOrEqual(0);
      expect(await violations(page), "help").toEqual([]);
    });
  }

  test("can be English by choice, and what was typed stays", async ({ page }) => {
    await open(page);
    await page.locator(".source").getByRole("button", { name: "JSON", exact: true }).click();
    const editor = page.locator(".rich .cm-content");
    await editor.click();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("// typed before\n");
    await page.locator("#workers").fill("3");
    await page.getByRole("button", { name: "Hilfe und Glossar" }).click();
    await page.getByTestId("language").selectOption("en");

    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await expect(page.getByTestId("proof")).toContainText("equal to sequential");
    await page.locator(".source").getByRole("button", { name: "JSON", exact: true }).click();
    await expect(page.locator(".rich .cm-content")).toContainText("// typed before");
    await expect(page.locator("#workers")).toHaveValue("3");

    // It is kept for the next visit, and nothing else of it is.
    await page.goto("about:blank");
    await open(page);
    await expect(page.locator("html")).toHaveAttribute("lang", "en");
    await expect(page.getByTestId("examples")).not.toContainText("own text");
  });
});

test("English loads no other language, and an address may ask for one", async ({ page }) => {
  const scripts: Promise<string>[] = [];
  page.on("response", (response) => {
    if (response.url().endsWith(".js")) scripts.push(response.text().catch(() => ""));
  });
  await open(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  const german = (text: string): boolean => text.includes("Abhängigkeitsgraph");
  expect((await Promise.all(scripts)).filter(german)).toEqual([]);

  await page.goto("/?lang=de-AT");
  await expect(page.getByTestId("proof")).toContainText("gleich dem sequenziellen");
  expect((await Promise.all(scripts)).filter(german).length).toBeGreaterThan(0);
  await page.goto("/?lang=fr");
  await expect(page.getByTestId("proof")).toContainText("equal to sequential");
});

test("a figure speaks the language of the page around it, or the one it is told", async ({ page }) => {
  const host = createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "text/html" });
    response.end(`<!doctype html><html lang="de"><head><title>Host</title><link rel="icon" href="data:,"></head><body>
      <script type="module" src="${ISOLATED}/evm-lanes.js"></script>
      <evm-lanes id="around" scenario="hot-recipient" start="click"></evm-lanes>
      <evm-lanes id="told" lang="en" scenario="hot-recipient" start="click"></evm-lanes>
      <div lang="de-CH"><evm-lanes id="inline" inline scenario="hot-recipient" start="click"></evm-lanes></div></body></html>`);
  });
  await new Promise<void>((done) => host.listen(0, "127.0.0.1", done));
  try {
    await page.goto(`http://localhost:${(host.address() as AddressInfo).port}`);
    const around = page.frameLocator("#around iframe");
    await expect(page.locator("#around iframe")).toHaveAttribute("title", "EVM Lanes: Transaktionen parallel");
    await expect(around.locator("html")).toHaveAttribute("lang", "de");
    await around.getByRole("button", { name: "Diese Abbildung ausführen" }).click();
    await expect(around.getByTestId("proof")).toContainText("gleich dem sequenziellen");
    await expect(page.frameLocator("#told iframe").getByRole("button", { name: "Run this figure" })).toBeVisible();
    await expect(page.locator("#inline").getByRole("button", { name: "Ausführen" })).toBeVisible();
    await expect(page.locator("#inline .figure")).toHaveAttribute("lang", "de");
  } finally {
    host.close();
  }
});

async function open(page: Page): Promise<void> {
  await page.goto("/");
  await expect(page.getByTestId("proof")).toBeVisible();
}

/** Every text of the English catalogue that differs from the German one; of sentences, what stands between their parameters. */
async function englishTexts(): Promise<string[]> {
  const texts = async (language: string): Promise<Set<string>> => {
    const found = new Set<string>();
    const add = (value: unknown): void => {
      if (typeof value === "object" && value !== null) Object.values(value).forEach(add);
      else if (typeof value === "string") found.add(value);
      // Template literals in the source of a sentence, without what is put into them.
      else if (typeof value === "function") for (const [, text] of String(value).matchAll(/[`"}]([^`"{}$]+)[`"$]/g)) found.add(text.trim());
    };
    for (const section of readdirSync(new URL(language, TEXTS))) add({ ...((await import(new URL(`${language}/${section}`, TEXTS).href)) as object) });
    return found;
  };
  const [english, german] = await Promise.all([texts("en"), texts("de")]);
  return [...english].filter((text) => /\p{L}{3}/u.test(text) && !german.has(text));
}

/** What of the page is such a text, has a long one in it, or has words that no German text has; what is marked as English may. */
async function englishIn(page: Page, english: string[]): Promise<string[]> {
  return page.evaluate((english) => {
    const whole = new Set(english);
    const long = english.filter((text) => text.length > 16 && text.includes(" "));
    const betrayed = /\b(?:the|of|and|is|are|with|which|this|that|have|has|your|you|from|by|to|it|its|no|not|all|characters?|bytes?|aborts?|attempts?|errors?)\b/;
    const wrong = (text: string): boolean => whole.has(text) || betrayed.test(text) || long.some((part) => text.includes(part));
    const found = new Set<string>();
    const ours = (element: Element | null): boolean => element !== null && element.closest("[lang]")?.getAttribute("lang") === "de" && element.closest(".mono, code, pre, noscript, script, style") === null;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const texts =
        node instanceof Element
          ? ours(node)
            ? ["aria-label", "aria-description", "aria-valuetext", "aria-roledescription", "placeholder", "title", "alt", "data-tip"].map((name) => node.getAttribute(name) ?? "")
            : []
          : ours(node.parentElement)
            ? [node.textContent ?? ""]
            : [];
      for (const text of texts) if (wrong(text.trim())) found.add(text.trim());
    }
    return [...found];
  }, english);
}
