// What a scenario can do to the page that shows it: nothing. Hostile words, what is larger than the page's limits, contracts that
// never end, and modules that trap. Links, files and messages that are hostile are in the specs of sharing, import and embedding.

import type { Page } from "@playwright/test";

import { example, expect, test } from "./engine.ts";

const MARKUP = `<img src=x onerror="globalThis.hacked=1"><script>globalThis.hacked=1</script>`;

test.beforeEach(async ({ page }) => {
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("✓");
});

/** Makes a text the scenario, as a link does. */
async function open(page: Page, scenario: unknown): Promise<void> {
  const text = typeof scenario === "string" ? scenario : JSON.stringify(scenario);
  await page.getByRole("button", { name: "JSON", exact: true }).first().click();
  await page.locator(".cm-content").focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

const run = (page: Page): Promise<void> => page.getByRole("button", { name: /^Run/ }).first().click();

/** Code that reverts with a text, as `revert(text)` of Solidity does. */
function reverting(text: string): string {
  const bytes = Buffer.from(text);
  const word = (value: number): string => value.toString(16).padStart(64, "0");
  const data = `08c379a0${word(32)}${word(bytes.length)}${bytes.toString("hex").padEnd(Math.ceil(bytes.length / 32) * 64, "0")}`;
  const length = (data.length / 2).toString(16).padStart(4, "0");
  // CODECOPY of what stands behind these 14 bytes, then REVERT.
  return `0x61${length}600e60003961${length}6000fd${data}`;
}

test("hostile titles, labels, token symbols, arguments and revert strings are text", async ({ page }) => {
  const title = `${MARKUP} title`;
  await open(page, {
    title,
    description: `${MARKUP} description`,
    accounts: { token: { contract: "Token", args: [`${MARKUP} name`, MARKUP.slice(0, 30), "alice"] }, evil: { code: reverting(`${MARKUP} reverted`) } },
    transactions: [
      { from: "alice", to: "token", call: "transfer(address,uint256)", args: ["bob", 1], label: `${MARKUP} label` },
      { from: "bob", to: "evil", data: `0x${Buffer.from(MARKUP).toString("hex")}` },
      { from: "carol", to: "token", call: "transfer(address,uint256)", args: ["bob", 1] },
    ],
  });
  await expect(page.locator(".source > header h2")).toHaveText(title);
  await run(page);
  await expect(page.locator(".lesson")).toContainText(`${MARKUP} description`);
  await page.getByRole("button", { name: "Transactions", exact: true }).first().click();
  for (let index = 0; index < 3; index++) {
    await page.locator("transaction-table tbody tr").nth(index).click();
    await expect(page.locator("transaction-detail")).toContainText(`Transaction ${index}`);
    if (index === 1) await expect(page.locator("transaction-detail")).toContainText('revert: "<img src=x');
  }
  for (const tab of ["Hot locations", "State", "What if", "Memory", "Opcodes", "Compare"]) await page.getByRole("button", { name: tab, exact: true }).click();
  await page.getByTestId("open-share").click();
  expect(await page.evaluate(() => (globalThis as { hacked?: number }).hacked)).toBeUndefined();
  expect(await page.locator("img, body script").count()).toBe(0);
});

for (const [what, scenario, message] of [
  ["transactions", `{ "transactions": [${'{ "from": "a", "to": "b" },'.repeat(50_000)}{ "from": "a", "to": "b" }] }`, "more than 50000 transactions"],
  ["gas of a transaction", { transactions: [{ from: "a", to: "b", gas: 1_000_000_001 }] }, "at most 1000000000 gas"],
  ["bytes of a value", { transactions: [{ from: "a", to: "b", data: `0x${"00".repeat((1 << 20) + 1)}` }] }, "more than 1048576 bytes"],
] as const) {
  test(`too large: ${what}`, async ({ page }) => {
    await page.getByTestId("open-intake").click();
    const text = typeof scenario === "string" ? scenario : JSON.stringify(scenario);
    await page.getByTestId("intake-files").setInputFiles({ name: "large.json", mimeType: "text/plain", buffer: Buffer.from(text) });
    await expect(page.getByTestId("intake").or(page.getByTestId("failure")).filter({ hasText: message })).toBeVisible();
  });
}

test("a contract that never ends runs out of gas; meanwhile the page answers, and it can be cancelled", async ({ page }) => {
  // JUMPDEST, PUSH1 0, JUMP: as often as a billion units of gas pay for it, many times over.
  const loop = { from: "alice", to: "loop", gas: 1_000_000_000 };
  await open(page, { fork: "prague", block: { gasLimit: 100_000_000_000 }, accounts: { alice: "1000000 ether", loop: { code: "0x5b600056" } }, transactions: Array(60).fill(loop) });
  await run(page);
  await expect(page.getByRole("button", { name: "Cancel" }).first()).toBeVisible();
  const longest = await page.evaluate(async () => {
    let longest = 0;
    let last = performance.now();
    for (const end = last + 1500; last < end; ) {
      await new Promise((done) => setTimeout(done));
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }
    return longest;
  });
  // Not a budget, which other tests have: a page that hangs would be caught here on any machine.
  expect(longest).toBeLessThan(1_000);
  await page.getByRole("button", { name: "Cancel" }).first().click();
  await expect(page.getByText("Cancelled. Nothing was changed.")).toBeVisible();
});

test("a trap in the module says so, and the next run is right, of the same text", async ({ page, errors, context }) => {
  // The glue of a first coordinator, which has the module panic when it runs a certain block: all behind that is as ever.
  let traps = true;
  await context.route("**/wasm/threads/evm_lanes_wasm.js", async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    const changed = text.replace("export function run(text, ", 'export function run(text, ...rest) { if (text.includes("trap here")) injectPanic(0); return run_(text, ...rest); }\nfunction run_(text, ');
    expect(changed).not.toBe(text);
    await route.fulfill({ response, body: traps ? changed : text });
  });
  await page.reload();
  await expect(page.getByTestId("proof")).toContainText("✓");
  traps = false;
  await open(page, example("independent-transfers").replace(/"title": "[^"]*"/, '"title": "trap here"'));
  await run(page);
  const failure = page.getByTestId("failure");
  await expect(failure).toContainText("A worker failed.");
  await expect(failure).toContainText("injected by a test");
  await expect(failure).toContainText("your text is unchanged");
  await page.screenshot({ path: "results/trap.png" });
  await expect(page.locator(".cm-content")).toContainText("trap here");
  await run(page);
  await expect(failure).toHaveCount(0);
  await expect(page.getByTestId("proof")).toContainText("✓");
  await expect(page.locator(".source > header h2")).toHaveText("trap here");
  // The browser itself may report the trap.
  errors.length = 0;
});

test("the limits are in the help", async ({ page }) => {
  await page.getByRole("button", { name: "Help and glossary" }).click();
  const limits = page.getByTestId("limits");
  for (const [what, most] of [["transactions of a block", "50,000"], ["memory of the engine", "2,048 MiB"], ["gas of a transaction", "1,000,000,000"], ["time for a compilation", "60 s"]]) {
    await expect(limits.getByRole("row").filter({ hasText: what }).getByRole("cell").last()).toHaveText(most!);
  }
  await limits.scrollIntoViewIfNeeded();
  await page.screenshot({ path: "results/limits.png" });
});
