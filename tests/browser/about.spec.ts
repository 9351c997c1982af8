// The About dialog says what is shipped, by what is shipped.

import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

import { violations } from "./axe.ts";
import { expect, test } from "./engine.ts";

const root = new URL("../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), "utf8");

interface About {
  version: string;
  commit: { id: string } | null;
  revm: string;
  modules: { name: string; bytes: number; gzip: number }[];
  parts: { kind: string; name: string; version: string; licence: string; texts: number[]; textAt: string | null }[];
  texts: string[];
}
const about = JSON.parse(read("web/dist/about.json")) as About;

test("sizes, versions and crates are those of what lies there", () => {
  for (const { name, bytes, gzip } of about.modules) {
    const folder = new URL(`web/dist/wasm/${name}/`, root);
    const module = readFileSync(new URL(readdirSync(folder).find((file) => file.endsWith(".wasm"))!, folder));
    expect([bytes, gzip], name).toEqual([module.length, gzipSync(module, { level: 9 }).length]);
  }
  expect(about.modules.map(({ name }) => name).sort()).toEqual(readdirSync(new URL("web/dist/wasm/", root)).sort());

  const locked = new Set([...read("Cargo.lock").matchAll(/name = "(.+)"\nversion = "(.+)"/g)].map(([, name, version]) => `${name} ${version}`));
  const crates = about.parts.filter(({ kind }) => kind === "crate");
  const others = crates.map(({ name, version }) => `${name} ${version}`).filter((crate) => !locked.has(crate));
  expect(others).toEqual([expect.stringMatching(/^Rust's standard library [0-9a-f]{9}$/)]);
  expect(crates.map(({ name }) => name)).toEqual(expect.arrayContaining(["revm", "rayon", "wasm-bindgen", "alloy-primitives"]));
  expect(locked).toContain(`revm ${about.revm}`);
  expect(read("Cargo.toml")).toContain(`version = "${about.version}"`);

  const packages = about.parts.filter(({ kind }) => kind === "package");
  for (const name of Object.keys((JSON.parse(read("web/package.json")) as { dependencies: object }).dependencies)) expect(packages.map((each) => each.name)).toContain(name);
  for (const { name, version } of packages) expect((JSON.parse(read(`web/node_modules/${name}/package.json`)) as { version: string }).version, name).toBe(version);
});

test("everything has a licence, and its text but for works that are nobody's", () => {
  for (const { name, licence, texts, textAt } of about.parts) {
    expect(licence, name).not.toBe("");
    if (textAt !== null) expect(read(`web/dist/${textAt}`).length, name).toBeGreaterThan(1000);
    else if (licence !== "CC0-1.0") expect(texts.map((at) => about.texts[at].length), name).not.toEqual([]);
  }
});

test("the dialog shows it, and asks for nothing elsewhere", async ({ page }, info) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto("/");
  await expect(page.getByTestId("proof")).toContainText("✓");
  expect(asked.filter((url) => url.endsWith("about.json"))).toEqual([]);
  await page.keyboard.press("?");
  await page.getByTestId("open-about").click();
  const dialog = page.getByTestId("about");
  await expect(page.getByTestId("about-version")).toHaveText(about.version);
  await expect(page.getByTestId("about-revm")).toHaveText(about.revm);
  if (about.commit) await expect(page.getByTestId("about-commit")).toContainText(about.commit.id);
  await expect(page.getByTestId("about-modules").getByRole("row")).toHaveCount(about.modules.length + 1);
  await expect(dialog.locator("details")).toHaveCount(about.parts.length);
  const revm = dialog.locator("details", { has: page.getByText(/^revm\s+\d/) });
  await revm.locator("summary").click();
  await expect(revm.locator("pre").first()).toContainText("Permission is hereby granted");
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath("about.png") });
  expect(asked.map((url) => new URL(url).origin).filter((origin) => origin !== new URL(page.url()).origin && origin !== "null")).toEqual([]);
});
