import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

interface Place {
  readonly kept?: string;
  readonly query?: string;
  readonly preferred?: readonly string[];
  /** In a frame, or in a page whose language is this. */
  readonly frame?: boolean;
  readonly around?: string;
  /** The page may keep nothing. */
  readonly locked?: boolean;
}

async function chosen({ kept = "", query = "", preferred = ["en-US"], frame = false, around, locked = false }: Place): Promise<string> {
  const window = {};
  vi.stubGlobal("window", window);
  vi.stubGlobal("parent", frame ? {} : window);
  vi.stubGlobal("location", { search: query });
  vi.stubGlobal("navigator", { languages: preferred });
  const figure = { closest: () => ({ getAttribute: () => around ?? null }) };
  vi.stubGlobal("document", { querySelector: () => (around === undefined ? null : figure) });
  const getItem = (): string | null => {
    if (locked) throw new Error("denied");
    return kept || null;
  };
  vi.stubGlobal("localStorage", { getItem });
  return (await import("../src/text/language.ts")).language;
}

test.each<[string, Place, string]>([
  ["English if nobody says anything", {}, "en"],
  ["what the browser prefers", { preferred: ["fr", "de-AT", "en"] }, "de"],
  ["what the browser prefers, in its order", { preferred: ["en-GB", "de"] }, "en"],
  ["what the address asks for", { query: "?lang=de" }, "de"],
  ["what the address asks for, before what the browser prefers", { query: "?lang=en", preferred: ["de"] }, "en"],
  ["what was chosen, before all", { kept: "en", query: "?lang=de", preferred: ["de"] }, "en"],
  ["what is asked for, where nothing can be kept", { locked: true, query: "?lang=DE-ch" }, "de"],
  ["nothing there is not", { kept: "toString", query: "?lang=fr", preferred: ["constructor", ""] }, "en"],
  ["in a frame what its address says, before what was chosen here", { frame: true, kept: "en", query: "?lang=de" }, "de"],
  ["in a frame without it what was chosen here", { frame: true, kept: "de" }, "de"],
  ["in another page what is around the figure", { around: "de-CH", kept: "en", query: "?lang=en" }, "de"],
  ["in a page of another language what the browser prefers", { around: "fr", preferred: ["de"] }, "de"],
])("%s", async (_, place, expected) => {
  expect(await chosen(place)).toBe(expected);
});

test("a worker goes by its address alone", async () => {
  vi.stubGlobal("location", { search: "?lang=de" });
  expect((await import("../src/text/language.ts")).language).toBe("de");
  vi.resetModules();
  vi.stubGlobal("location", { search: "" });
  vi.stubGlobal("navigator", { languages: ["de"] });
  expect((await import("../src/text/language.ts")).language).toBe("en");
});

test("a language that does not load is English", async () => {
  vi.stubGlobal("location", { search: "?lang=de" });
  const { translated } = await import("../src/text/language.ts");
  expect(await translated("yes", { de: async () => "ja" })).toBe("ja");
  expect(await translated("yes", { de: () => Promise.reject(new Error("not there")) })).toBe("yes");
});
