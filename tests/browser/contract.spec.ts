// Contracts of one's own, from the source to a verified run.
import type { Page } from "@playwright/test";

import { violations } from "./axe.ts";
import { expect, test } from "./engine.ts";

const tab = (page: Page) => page.locator("contract-tab");

/** Opens the tab, and notes what the page asks the network for. */
async function open(page: Page): Promise<string[]> {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("equal to sequential");
  await page.getByRole("group", { name: "Scenario as" }).getByRole("button", { name: "Contract" }).click();
  await expect(tab(page).locator(".cm-content")).toBeVisible();
  return asked;
}

async function write(page: Page, source: string): Promise<void> {
  await tab(page).locator(".cm-content").fill(source);
}

const solidity = (body: string): string => `// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\n${body}\n`;

test("a contract is compiled, deployed, called and run; the compiler comes when it is needed", async ({ page, errors: _ }) => {
  const asked = await open(page);
  expect(asked.filter((path) => path.includes("/compiler/"))).toEqual([]);
  await tab(page).getByRole("button", { name: "Compile" }).click();
  await expect(tab(page).getByTestId("findings")).toContainText("No problems.");
  expect(asked.some((path) => /\/compiler\/solc-.*\.js$/.test(path))).toBe(true);
  expect(asked.some((path) => path.includes("openzeppelin"))).toBe(false);

  // Deployed into the scenario that is there.
  await tab(page).getByRole("button", { name: "Deploy Counter" }).click();
  await expect(tab(page).getByRole("alert")).toContainText("Fill in start.");
  await tab(page).getByLabel("start").fill("7");
  await tab(page).getByRole("button", { name: "Deploy Counter" }).click();
  await expect(tab(page).getByTestId("added")).toContainText("counter is a new account with the contract Counter");

  // What it was made of is in the scenario, and remains there while something else is typed.
  await write(page, solidity("contract Other {}"));
  await tab(page).getByRole("button", { name: "Show them" }).click();
  await expect(tab(page).locator(".cm-content")).toContainText("contract Counter");
  await tab(page).getByRole("button", { name: "Back to mine" }).click();
  await expect(tab(page).locator(".cm-content")).toContainText("contract Other");

  // Called, by name.
  await tab(page).getByRole("button", { name: "Transaction", exact: true }).click();
  const form = tab(page).getByTestId("call-form");
  for (const amount of ["5", "nonsense"]) {
    await form.getByLabel("From").fill("alice");
    await form.getByLabel("To", { exact: true }).fill("counter");
    await form.getByLabel("Function").selectOption("count(uint256)");
    await form.getByLabel("amount").fill(amount);
    await form.getByRole("button", { name: "Add transaction" }).click();
    await expect(form.getByTestId("added")).toContainText("Added at the end of the block.");
  }
  // What the engine says is said here, and can be taken back here.
  await expect(form.getByTestId("added")).toContainText("error:");
  await form.getByRole("button", { name: "Take back" }).click();
  await page.getByRole("button", { name: /^Run/ }).first().click();
  await expect(page.getByTestId("proof")).toContainText("equal to sequential");
  await page.getByRole("group", { name: "Scenario as" }).getByRole("button", { name: "Transactions" }).click();
  await expect(page.locator("transaction-table")).toContainText("count(5)");
  await page.locator("transaction-table tr", { hasText: "count(5)" }).click();
  await expect(page.getByTestId("detail")).toContainText("counter.total");
  await expect(page.getByTestId("detail")).toContainText("counter.countOf[alice]");
  await expect(page.getByTestId("detail")).toContainText("Counted(who: alice, total: 12)");
});

test("errors stand at their line and column, and a recursive type is one", async ({ page, errors: _ }) => {
  await open(page);
  await write(page, solidity("contract A {\n  uint x = tru;\n}"));
  await tab(page).getByRole("button", { name: "Compile" }).click();
  const findings = tab(page).getByTestId("findings");
  await expect(findings).toContainText("4:12");
  await expect(findings).toContainText("DeclarationError: Undeclared identifier.");
  await expect(tab(page).locator(".cm-lintRange-error")).toHaveCount(1);
  await findings.getByRole("button").first().click();
  await expect(tab(page).locator(".cm-activeLine")).toContainText("uint x = tru;");

  await write(page, solidity("contract A { struct S { S inner; } S s; }"));
  await tab(page).getByRole("button", { name: "Compile" }).click();
  await expect(findings).toContainText("Recursive struct definition");
  await write(page, solidity("contract A { uint[2**256] a; }"));
  await tab(page).getByRole("button", { name: "Compile" }).click();
  await expect(findings).toContainText(/array/i);
});

test("the library can be imported, and is loaded for that alone", async ({ page, errors: _ }) => {
  const asked = await open(page);
  await write(
    page,
    solidity(`import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
contract Coin is ERC20 {
  constructor(address owner) ERC20("Coin", "C") { _mint(owner, 100); }
}`),
  );
  await tab(page).getByRole("button", { name: "Compile" }).click();
  await expect(tab(page).getByTestId("findings")).toContainText("No problems.");
  await expect(tab(page).locator("summary")).toHaveText(/Coin/);
  expect(asked.some((path) => path.endsWith("/compiler/openzeppelin.json"))).toBe(true);
});

test("a compilation that takes too long is ended, and a constructor without end says its cap", async ({ page, errors: _ }) => {
  await open(page);
  await page.evaluate(() => ((document.querySelector("source-part") as unknown as { limit: number }).limit = 1));
  await tab(page).getByRole("button", { name: "Compile" }).click();
  await expect(tab(page).getByTestId("compiler-failed")).toContainText("the limit for one compilation");
  await page.evaluate(() => ((document.querySelector("source-part") as unknown as { limit: number }).limit = 60_000));

  await write(page, solidity("contract Endless { uint public n; constructor() { while (true) n++; } }"));
  await tab(page).getByRole("button", { name: "Compile" }).click();
  await tab(page).getByRole("button", { name: "Deploy Endless" }).click();
  await page.getByRole("button", { name: /^Run/ }).first().click();
  await expect(page.locator("verdict-strip")).toContainText("100,000,000 gas");
});

test("Yul is compiled, and code is disassembled and given to an account", async ({ page, errors: _ }) => {
  await open(page);
  await tab(page).getByLabel("Language").selectOption("Yul");
  await tab(page).getByRole("button", { name: "Compile" }).click();
  await tab(page).getByRole("button", { name: "Deploy Counter" }).click();
  await expect(tab(page).getByTestId("added")).toBeVisible();

  await tab(page).getByRole("button", { name: "Bytecode" }).click();
  const code = tab(page).getByLabel("Code, in hexadecimal");
  await code.fill("0x5f5460010z");
  await expect(tab(page).getByRole("alert")).toContainText("“z” (digit 10)");
  await code.fill("0x5f546001015f5500");
  await expect(tab(page).getByTestId("disassembly").locator("tbody tr")).toHaveText([/PUSH0/, /SLOAD/, /PUSH1\s*0x01/, /ADD/, /PUSH0/, /SSTORE/, /STOP/]);
  await tab(page).getByRole("button", { name: "Add account with this code" }).click();
  await expect(tab(page).getByTestId("added")).toContainText("code is an account with this code.");
  await page.getByRole("button", { name: /^Run/ }).first().click();
  await expect(page.getByTestId("proof")).toContainText("equal to sequential");
});

for (const theme of ["light", "dark"] as const) {
  for (const [name, viewport] of [["wide", { width: 1440, height: 1000 }], ["phone", { width: 390, height: 844 }]] as const) {
    test(`the tab, ${theme}, ${name}`, async ({ page, errors: _ }, info) => {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
      await page.setViewportSize(viewport);
      await page.goto("/");
      await expect(page.getByTestId("proof")).toContainText("equal to sequential");
      const group = name === "phone" ? page.getByRole("navigation", { name: "Views" }) : page.getByRole("group", { name: "Scenario as" });
      await group.getByRole("button", { name: "Contract" }).click();
      await tab(page).getByRole("button", { name: "Compile" }).click();
      await expect(tab(page).getByRole("button", { name: "Deploy Counter" })).toBeVisible();
      for (const part of ["Source", "Transaction", "Bytecode"]) {
        await tab(page).getByRole("button", { name: part, exact: true }).click();
        if (part === "Bytecode") await tab(page).getByLabel("Code, in hexadecimal").fill("0x5f546001015f5500");
        await page.screenshot({ path: info.outputPath(`${part}.png`) });
        expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
        expect(await violations(page)).toEqual([]);
      }
    });
  }
}
