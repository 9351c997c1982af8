import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { foldersOf } from "../src/engine/contracts.ts";
import { exampleGroups, variantsOf } from "../src/examples.ts";
import { partsOf, turn } from "../src/gallery/knobs.ts";
import { find, groups } from "../src/gallery/list.ts";
import { loadText, speedupOf, type Markup } from "../src/gallery/text.ts";
import { initialState, reduce } from "../src/state/state.ts";
import { workloadText } from "../workload-texts.ts";

const examples = join(import.meta.dirname, "../../examples");
const folders = readdirSync(examples, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "contracts" && entry.name !== "lessons")
  .map((entry) => entry.name);

describe("workloads", () => {
  test("every folder is in the menu and in the gallery, with its text and its figures", async () => {
    const listed = groups.flatMap((group) => group.workloads);
    expect(listed.map(({ folder }) => folder).sort()).toEqual(folders);
    for (const { folder, variants, title, about } of listed) {
      expect(variants, folder).toEqual(variantsOf(folder));
      expect(about.length, folder).toBeGreaterThan(20);
      const text = await loadText(folder);
      expect(text.title).toBe(title);
      for (const variant of variants) expect(speedupOf(text.figures, variant), `${folder}/${variant}`).toBeGreaterThan(0.3);
    }
    const menu = exampleGroups.flatMap((group) => group.examples.map(({ id }) => id));
    expect(menu).toEqual(expect.arrayContaining(listed.flatMap(({ folder, variants }) => variants.map((variant) => `${folder}/${variant}`))));
  });

  test("are found by words of their titles, their groups and what they are about", () => {
    const all = [
      { title: "DeFi", workloads: [{ folder: "vault", title: "Vault", about: "Shares of a pot.", figures: [], variants: [] }] },
      { title: "NFT", workloads: [{ folder: "loan", title: "Loan", about: "A pledge and a default.", figures: [], variants: [] }] },
    ];
    expect(find("", all)).toEqual(all);
    expect(find("defi SHARES", all).map(({ title }) => title)).toEqual(["DeFi"]);
    expect(find("pledge shares", all)).toEqual([]);
  });

  test("their text becomes elements and text, never HTML", () => {
    const text = workloadText("---\nat-least: 2\n---\n# A title\n\nOne *word* & `<b>`.\n\n| variant | strategy | transactions | critical path | speedup | aborts |\n|---|---|--:|--:|--:|--:|\n| contended | ladder | 30 | 98 % | 1.02 | 9 |\n");
    expect(text.title).toBe("A title");
    expect(text.body[0]).toEqual({ tag: "p", of: ["One ", { tag: "em", of: ["word"] }, " & ", { tag: "code", of: ["<b>"] }, "."] } satisfies Markup);
    expect(text.figures).toEqual([{ variant: "contended", strategy: "ladder", transactions: 30, criticalPath: "98 %", speedup: 1.02, aborts: 9 }]);
    expect(() => workloadText("# A title\n\n<script>alert(1)</script>\n")).toThrow("html");
    expect(() => workloadText("No title\n")).toThrow("title");
  });

  test("stay while their text is changed, and go with another example", () => {
    let state = reduce(initialState("", null), { type: "loaded", text: "{}", example: "one-slot/contended" });
    expect(state.workload).toBe("one-slot");
    state = reduce(state, { type: "typed", text: "{ }" });
    expect([state.workload, state.example]).toEqual(["one-slot", null]);
    expect(reduce(state, { type: "loaded", text: "{}", example: "nonce-chain" }).workload).toBeNull();
  });

  test("load the contracts that a text names, and no others", () => {
    const index = { lending: ["Market"], vault: ["Vault", "VaultShare"] };
    expect(foldersOf("{}", index)).toEqual(["contracts"]);
    expect(foldersOf('{ "accounts": { "a": { "contract": "VaultShare" } } }', index)).toEqual(["contracts", "vault"]);
    expect(foldersOf('{ "title": "VaultShares" }', index)).toEqual(["contracts"]);
    for (const folder of folders) {
      for (const variant of variantsOf(folder)) {
        const text = readFileSync(join(examples, folder, `${variant}.json`), "utf8");
        if (/"contract": /.test(text)) expect(foldersOf(text).length, `${folder}/${variant}`).toBeGreaterThanOrEqual(1);
      }
    }
  });
});

describe("knobs", () => {
  const text = `{
  // A comment, and a trailing comma.
  "transactions": [
    { "from": "a", "to": "b" },
    { "label": "Deposits", "generate": { "count": 200, "accounts": 50, "skew": 0.8, "reads": 0.2, "each": [
      { "from": "{user}", "to": "pool{pool}" },
      { "read": true, "from": "{user}", "to": "pool{pool}" },
    ] } },
    { "generate": { "workload": "transfers" } },
  ],
}`;

  test("are found with their values and bounds", () => {
    const [deposits, transfers] = partsOf(text);
    expect(deposits.name).toBe("Deposits");
    expect(deposits.path).toEqual(["transactions", 1, "generate"]);
    expect(deposits.knobs.map(({ name, value, max }) => [name, value, max])).toEqual([
      ["count", 200, 1000],
      ["accounts", 50, 200],
      ["pools", 1, 64],
      ["skew", 0.8, 4],
      ["reads", 0.2, 1],
      ["seed", 0, 100],
    ]);
    expect(transfers.name).toBe("transfers");
    expect(transfers.knobs.map(({ name }) => name)).toEqual(["count", "accounts", "skew", "seed"]);
  });

  test("are turned in place, and nothing else changes", () => {
    const [deposits, transfers] = partsOf(text);
    expect(turn(text, deposits, "skew", 1.5)).toBe(text.replace("0.8", "1.5"));
    expect(turn(text, deposits, "count", 40)).toBe(text.replace("200", "40").replace("50", "40"));
    const seeded = turn(text, transfers, "seed", 7);
    expect(partsOf(seeded)[1].knobs.find(({ name }) => name === "seed")?.value).toBe(7);
    expect(seeded).toContain("// A comment");
    expect(partsOf(seeded)[0]).toEqual(deposits);
  });

  test("of what cannot be read there are none", () => {
    for (const bad of ["", "[", "null", '{ "transactions": { "generate": {} } }', '{ "transactions": [{ "generate": 3 }] }']) expect(partsOf(bad), bad).toEqual([]);
    const strange = partsOf('{ "transactions": [{ "generate": { "count": "many", "accounts": null } }] }');
    expect(strange[0].knobs[0]).toMatchObject({ name: "count", value: 100 });
  });
});
