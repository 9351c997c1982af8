import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { HostApi, type Surroundings } from "../src/embed/host-api.ts";
import type { Figure } from "../src/embed/figure.ts";
import { ATTRIBUTES, CUSTOM_PROPERTIES, DEFAULT_VIEWS, EVENTS, METHODS, PARAMETERS, PARTS, PROPERTIES, VIEWS } from "../src/embed/interface.ts";
import { envelope, MAX_RATE, MAX_REPORT, MAX_SCENARIO, openFromFrame, openFromHost, openFromOpener, RateLimit } from "../src/embed/messages.ts";
import { inTurn, type Channel } from "../src/embed/queue.ts";
import { LONGEST_SCENARIO, readSettings } from "../src/embed/settings.ts";
import { SNIPPETS, type Figured, type SnippetId } from "../src/embed/snippets.ts";
import { decodeLink, encodeLink } from "../src/share/link.ts";
import { DEFAULT_OPTIONS } from "../src/state/state.ts";

describe("an address", () => {
  test.each([
    ["", {}],
    ["?example=nonce-chain&strategy=ladder&workers=8", { example: "nonce-chain", options: { strategy: "ladder", workers: 8 } }],
    ["?view=graph+speedup,graph", { view: ["graph", "speedup"] }],
    ["?theme=dark&start=click&granularity=account", { theme: "dark", start: "click", granularity: "account" }],
    ["?parent=https://a.example+https://b.example", { parents: ["https://a.example", "https://b.example"] }],
    ["?workers=&strategy=", {}],
  ])("%s", (query, expected) => {
    const none = { example: null, scenario: null, link: null, report: null, options: {}, granularity: null, view: DEFAULT_VIEWS, theme: "system", start: "visible", parents: [], problems: [] };
    expect(readSettings(query)).toEqual({ ...none, ...expected });
  });

  test.each([
    ["workers=65", /workers is “65”; it is a whole number from 1 to 64/],
    ["workers=1e1", /workers/],
    ["seed=99999999999999999", /seed/],
    ["strategy=__proto__", /strategy is “__proto__”; it can be block-stm/],
    ["strategy=fastest", /strategy is “fastest”/],
    ["view=graph+pie", /There is no view “pie”/],
    ["colour=red", /There is no parameter “colour”/],
    [`clock=${"x".repeat(500)}`, /clock is “x{40}…”/],
  ])("says what is wrong with %s, and goes on", (query, words) => {
    const settings = readSettings(query);
    expect(settings.problems).toEqual([expect.stringMatching(words)]);
    expect(settings.options).toEqual({});
  });

  test("had its scenario in the fragment, once", () => {
    const text = '{ "title": "ä & # + %" }';
    const fragment = `#${new URLSearchParams({ scenario: text })}`;
    expect(readSettings("", fragment)).toMatchObject({ scenario: text, link: null, problems: [] });
    expect(readSettings("", `#scenario=${"x".repeat(LONGEST_SCENARIO + 1)}`)).toMatchObject({ scenario: null, link: null, problems: [expect.stringContaining("characters")] });
  });

  test("leaves the fragment to links", () => {
    expect(readSettings("", "#v=1&sum=a3a6bf43&text=q64FAA")).toMatchObject({ scenario: null, link: "#v=1&sum=a3a6bf43&text=q64FAA", problems: [] });
    expect(readSettings("", "#")).toMatchObject({ scenario: null, link: null });
  });
});

describe("a message", () => {
  const run = envelope({ type: "run", id: 1 });
  test.each<[string, unknown, unknown]>([
    ["of ours", run, { message: run }],
    ["of somebody else", { ns: "other", type: "run" }, { ignored: true }],
    ["that is no object", "run", { ignored: true }],
    ["that is nothing", null, { ignored: true }],
    ["that is a list", [run], { ignored: true }],
    ["whose name is inherited", Object.create(run), { ignored: true }],
    ["of another version", { ...run, v: 2 }, { wrong: "unsupported: this end speaks version 1", id: 1 }],
    ["of no type", { ns: "evm-lanes", v: 1, id: 1 }, { wrong: "there is no such message", id: 1 }],
    ["named as what every object has", { ...run, type: "toString" }, { wrong: "there is no such message", id: 1 }],
    ["without its id", { ns: "evm-lanes", v: 1, type: "run" }, { wrong: "run: id is missing", id: null }],
    ["with a field more", { ...run, extra: 1 }, { wrong: "run: there is no field extra", id: 1 }],
    ["with a prototype", JSON.parse('{"ns":"evm-lanes","v":1,"type":"run","id":1,"__proto__":{"x":1}}'), { wrong: "run: there is no field __proto__", id: 1 }],
    ["with an id that is none", { ...run, id: -1 }, { wrong: "run: id is no whole number", id: null }],
    ["with an option that is none", envelope({ type: "configure", id: 1, options: { strategy: {} } as never }), { wrong: "configure: options strategy is no option", id: 1 }],
    ["with options of the prototype", { ...envelope({ type: "configure", id: 1, options: {} }), options: JSON.parse('{"constructor":"x"}') }, { wrong: "configure: options there is no field constructor", id: 1 }],
    ["with a scenario too long", envelope({ type: "load", id: 1, scenario: "x".repeat(MAX_SCENARIO + 1) }), { wrong: `load: scenario has ${MAX_SCENARIO + 1} characters, more than ${MAX_SCENARIO}`, id: 1 }],
    ["with a colour too long", envelope({ type: "theme", scheme: "dark", properties: { "--evm-lanes-ink": "x".repeat(401) } }), { wrong: "theme: properties --evm-lanes-ink has 401 characters, more than 400", id: null }],
  ])("%s", (_, data, expected) => {
    expect(openFromHost(data)).toEqual(expected);
  });

  test("as large as can be is let through", () => {
    const load = envelope({ type: "load", id: 1, scenario: "x".repeat(MAX_SCENARIO) });
    expect(openFromHost(load)).toEqual({ message: load });
    expect(MAX_REPORT).toBeGreaterThan(MAX_SCENARIO);
  });

  const handOver = envelope({ type: "hand-over", shared: "#v=1&example=nonce-chain", report: null });
  test.each<[string, unknown, unknown]>([
    ["is taken", handOver, { message: handOver }],
    ["with a report is taken", { ...handOver, report: "{}" }, { message: { ...handOver, report: "{}" } }],
    ["without what is shown is none", { ...handOver, shared: undefined }, { wrong: "hand-over: shared is no text", id: null }],
    ["with an object for a report is none", { ...handOver, report: {} }, { wrong: "hand-over: report is no text", id: null }],
    ["with a report too long is none", { ...handOver, report: "x".repeat(MAX_REPORT + 1) }, { wrong: `hand-over: report has ${MAX_REPORT + 1} characters, more than ${MAX_REPORT}`, id: null }],
    ["of another kind is none", run, { wrong: "there is no such message", id: 1 }],
  ])("that hands over %s", (_, data, expected) => {
    expect(openFromOpener(data)).toEqual(expected);
  });

  test("of a host is none of a frame", () => {
    expect(openFromFrame(run)).toMatchObject({ wrong: "run: there is no field id" });
  });

  test("comes only so often", () => {
    const limit = new RateLimit();
    const passed = Array.from({ length: 1000 }, () => limit.pass(0));
    expect(passed.filter(({ passes }) => passes)).toHaveLength(MAX_RATE);
    expect(passed.filter(({ tell }) => tell)).toHaveLength(1);
    expect(limit.pass(1000)).toEqual({ passes: true, tell: false });
  });
});

describe("the frame's end", () => {
  const HOST = "https://host.example";

  /** A frame whose host can be played, and what it was told. */
  function frame(parents: string[] = [], answer: "yes" | "always" | "no" = "no") {
    const said: { message: Record<string, unknown>; to: string }[] = [];
    const did: string[] = [];
    const host = { postMessage: (message: unknown, to: string) => void said.push({ message: message as Record<string, unknown>, to }) };
    let heard: (event: Pick<MessageEvent, "source" | "origin" | "data">) => void = () => undefined;
    const figure = {
      report: null,
      run: async () => void did.push("run"),
      load: async (text: string) => void did.push(`load ${text}`),
      cancel: () => void did.push("cancel"),
      configure: () => {
        throw new Error("workers is “0”");
      },
      ask: async (question: string) => (did.push(question), answer),
    } as unknown as Figure;
    const around: Surroundings = {
      host,
      origin: "https://site.example",
      listen: (listener) => (heard = listener),
      now: () => 0,
      applyTheme: (scheme) => void did.push(scheme),
    };
    new HostApi({ parents }, async () => figure, around);
    const hear = async (data: unknown, origin = HOST, source: unknown = host): Promise<void> => {
      heard({ data, origin, source: source as MessageEventSource });
      await new Promise((done) => setTimeout(done));
    };
    return { said, did, hear };
  }

  test("says nothing to an unknown host but that it is there, and then only to its origin", async () => {
    const { said, hear } = frame();
    expect(said).toEqual([{ message: envelope({ type: "ready" }), to: "*" }]);
    await hear(envelope({ type: "hello" }));
    expect(said.slice(1).map(({ to }) => to)).toEqual([HOST]);
  });

  test.each<[string, (it: ReturnType<typeof frame>) => Promise<void>]>([
    ["another window", (it) => it.hear(envelope({ type: "run", id: 1 }), HOST, {})],
    ["no window", (it) => it.hear(envelope({ type: "run", id: 1 }), HOST, null)],
    ["another origin than said hello", (it) => it.hear(envelope({ type: "run", id: 1 }), "https://evil.example")],
    ["no origin", (it) => it.hear(envelope({ type: "run", id: 1 }), "null")],
  ])("does nothing for %s", async (_, happens) => {
    const it = frame();
    await it.hear(envelope({ type: "hello" }));
    await happens(it);
    expect(it.did).toEqual([]);
    expect(it.said).toHaveLength(2);
  });

  test("does nothing before a hello", async () => {
    const it = frame();
    await it.hear(envelope({ type: "run", id: 1 }));
    expect(it.did).toEqual([]);
  });

  test.each([
    ["no", [], ["load"], false],
    ["yes", [], ["load", "load"], true],
    ["always", [], ["load", "load"], true],
    ["no", [HOST], ["load", "load"], true],
  ] as const)("asks the reader (%s) before it loads for an origin outside %j", async (answer, parents, calls, loads) => {
    const it = frame([...parents], answer);
    await it.hear(envelope({ type: "hello" }));
    for (const [id] of calls.entries()) await it.hear(envelope({ type: "load", id, scenario: "{}" }));
    const asked = it.did.filter((word) => word.includes(HOST)).length;
    expect(asked).toBe(parents.length > 0 ? 0 : answer === "yes" ? 2 : 1);
    expect(it.did.includes("load {}")).toBe(loads);
    expect(it.said.at(-1)!.message).toMatchObject({ type: "reply", ok: loads });
  });

  test("answers with what was wrong", async () => {
    const it = frame();
    await it.hear(envelope({ type: "hello" }));
    await it.hear(envelope({ type: "configure", id: 3, options: { workers: 0 } }));
    expect(it.said.at(-1)!.message).toMatchObject({ type: "reply", id: 3, ok: false, message: "workers is “0”" });
  });
});

describe("figures run in turn", () => {
  /** Channels of one name. */
  function channels(): () => Channel {
    const all = new Set<Channel>();
    return () => {
      const channel: Channel = {
        onmessage: null,
        postMessage: (data: unknown) => {
          for (const other of all) if (other !== channel) queueMicrotask(() => (other as BroadcastChannel).onmessage?.({ data } as MessageEvent));
        },
        close: () => void all.delete(channel),
      };
      all.add(channel);
      return channel;
    };
  }

  test("never two at once, and each gets its turn", async () => {
    const open = channels();
    let running = 0;
    let waits = 0;
    const task = async (): Promise<void> => {
      expect(++running).toBe(1);
      await new Promise((done) => setTimeout(done, 20));
      running--;
    };
    await Promise.all(Array.from({ length: 5 }, () => inTurn(task, undefined, () => waits++, open)));
    expect(waits).toBeGreaterThanOrEqual(4);
  });

  test("one that fails lets the next run; one that is cancelled while it waits does not run", async () => {
    const open = channels();
    const controller = new AbortController();
    const first = inTurn(() => new Promise((_, reject) => setTimeout(() => reject(new Error("it failed")), 100)), undefined, () => undefined, open);
    first.catch(() => undefined);
    await new Promise((done) => setTimeout(done, 60));
    const never = inTurn(async () => expect.fail("it was cancelled"), controller.signal, () => controller.abort(), open);
    const last = inTurn(async () => "ran", undefined, () => undefined, open);
    await expect(first).rejects.toThrow("it failed");
    await expect(never).rejects.toMatchObject({ code: "cancelled" });
    expect(await last).toBe("ran");
  });
});

describe("docs/embed.md", () => {
  const text = readFileSync(new URL("../../docs/embed.md", import.meta.url), "utf8");
  const rows = [...text.matchAll(/^\| `([^`]+)` \| ([a-z, ]+) \| (.*) \|$/gm)].map(([, name, kinds, words]) => ({ name: name.replace(/\(.*\)$/, ""), kinds: kinds.split(", "), words }));
  const named = (kind: string): string[] => rows.filter(({ kinds }) => kinds.includes(kind)).map(({ name }) => name).sort();

  test.each<[string, readonly string[]]>([
    ["attribute", [...ATTRIBUTES.frame, ...ATTRIBUTES.element]],
    ["parameter", [...ATTRIBUTES.frame, ...PARAMETERS]],
    ["property", PROPERTIES],
    ["method", METHODS],
    ["event", EVENTS],
    ["part", PARTS],
    ["custom property", Object.keys(CUSTOM_PROPERTIES)],
  ])("names every %s, and no other", (kind, names) => {
    expect(named(kind)).toEqual([...names].sort());
  });

  test("names every view", () => {
    expect([...rows.find(({ name }) => name === "view")!.words.matchAll(/`(\w+)`/g)].map(([, name]) => name)).toEqual(VIEWS);
  });
});

describe("a snippet", () => {
  const figure: Figured = {
    base: "https://lanes.example/x/",
    title: 'A "hot" <recipient>',
    example: "nonce-chain",
    text: "",
    fragment: null,
    options: { ...DEFAULT_OPTIONS, strategy: "ladder", seed: 7 },
    view: ["graph", "speedup"],
    start: "click",
  };
  const codeOf = (id: SnippetId, change: Partial<Figured> = {}): string | null => SNIPPETS[id].page({ ...figure, ...change });
  const ELEMENT = '<evm-lanes scenario="nonce-chain" strategy="ladder" workers="4" seed="7" view="graph speedup" start="click"></evm-lanes>';
  const SCRIPT = '<script type="module" src="https://lanes.example/x/evm-lanes.js"></script>';

  test.each<[SnippetId, string]>([
    ["element", `${SCRIPT}\n${ELEMENT}`],
    ["mdbook", `${SCRIPT}\n${ELEMENT}`],
    ["sphinx", `.. raw:: html\n\n   ${SCRIPT}\n   ${ELEMENT}`],
    ["myst", `\`\`\`{raw} html\n${SCRIPT}\n${ELEMENT}\n\`\`\``],
    ["mdx", '<evm-lanes scenario={"nonce-chain"} strategy={"ladder"} workers={"4"} seed={"7"} view={"graph speedup"} start={"click"} />'],
  ])("for %s", (id, expected) => {
    expect(codeOf(id)).toBe(expected);
  });

  test.each(["iframe", "sandbox"] as const)("for %s says what the settings say, and nothing breaks out of it", async (id) => {
    const text = '{ "title": "\\"><script>alert(1)</script>{{ x }}" }';
    const fragment = await encodeLink({ example: null, text, options: {}, granularity: null, selection: null, step: null, lesson: null });
    const code = codeOf(id, { example: null, text, fragment })!;
    expect(code.match(/</g)).toHaveLength(2);
    const src = /src="([^"]*)"/.exec(code)![1].replaceAll("&amp;", "&");
    const { search, hash } = new URL(src);
    expect(await decodeLink(hash)).toMatchObject({ text });
    expect(readSettings(search, hash)).toMatchObject({ link: hash, options: { strategy: "ladder", workers: 4, seed: 7 }, view: ["graph", "speedup"], start: "click", problems: [] });
  });

  test.each(["iframe", "sandbox"] as const)("for %s is none if the scenario fits into no address", (id) => {
    expect(codeOf(id, { example: null, text: "{}" })).toBeNull();
  });

  test("with a text of one's own is on one line, whatever is in it", () => {
    const code = codeOf("mdbook", { example: null, text: '{\n\n  "a": "</evm-lanes>{{#include x}}"\n}' })!;
    expect(code.split("\n")).toHaveLength(2);
    expect(code).not.toContain("{{");
    expect(code.match(/<\/evm-lanes>/g)).toHaveLength(1);
  });
});
