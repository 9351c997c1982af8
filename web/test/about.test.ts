import { describe, expect, test } from "vitest";
import { packageOf, standard } from "../about.ts";

test.each([
  ["/w/node_modules/lit/index.js", "lit"],
  ["/w/node_modules/@codemirror/state/dist/index.js", "@codemirror/state"],
  ["C:\\w\\node_modules\\lit\\index.js?x", "lit"],
  ["/w/node_modules/a/node_modules/b/index.js", "b"],
  ["\0vite/preload-helper.js", "vite"],
  ["\0rolldown/runtime.js", "rolldown"],
  ["/w/web/src/main.ts", undefined],
  ["\0virtual:something", undefined],
])("%j is of %s", (id, name) => {
  const packages = new Set<string>();
  packageOf(id, packages);
  expect([...packages]).toEqual(name === undefined ? [] : [name]);
});

describe("a part without a text of its licence", () => {
  test("has the common one, where there is one", () => {
    expect(standard("a 1", "MIT OR Apache-2.0", [], "the Apache licence")).toEqual(["the Apache licence"]);
    expect(standard("a 1", "MIT", ["Ann <ann@example.org>", "Ben"], "")[0]).toMatch(/^Copyright \(c\) Ann, Ben\n\nPermission is hereby granted/);
    expect(standard("a 1", "MIT", [], "")[0]).toMatch(/^Copyright \(c\) the authors of a\n/);
    expect(standard("a 1", "CC0-1.0", [], "")).toEqual([]);
  });
  test("stops the build, where there is none", () => expect(() => standard("a 1", "Zlib", [], "")).toThrow("a 1 is under Zlib"));
});
