// Links and files that hold a scenario: what is put in comes out, old ones stay readable, and nothing that is wrong is taken.
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isSharedFile, readSharedFile, writeSharedFile } from "../src/share/file.ts";
import { EngineError } from "../src/engine/errors.ts";
import { decodeLink, encodeLink, isLink, LinkError, MAX_LINK, type Link } from "../src/share/link.ts";
import { linkOf, openLink, type Opens } from "../src/share/open.ts";
import { crc32, deflate, toBase64 } from "../src/share/pack.ts";
import { CLOCKS, DELTAS, HINTS, STRATEGIES } from "../src/view/choices.ts";
import { DEFAULT_OPTIONS, initialState, reduce } from "../src/state/state.ts";
import { createStore } from "../src/state/store.ts";
import { fixture, random } from "./fixture.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const NOTHING: Link = { example: null, text: null, options: {}, granularity: null, selection: null, step: null, lesson: null };

/** A link with a text of any bytes, made without the checks. */
async function forged(content: Uint8Array<ArrayBuffer>, sum = crc32(content)): Promise<string> {
  return `#v=1&sum=${sum.toString(16).padStart(8, "0")}&text=${toBase64(await deflate(content))}`;
}

test("what is put into links and files comes out of them", async () => {
  const seed = Date.now() % 1_000_000;
  const next = random(seed);
  const whole = (below: number) => Math.floor(next() * below);
  const one = <T>(values: readonly T[]) => values[whole(values.length)];
  const maybe = <T>(make: () => T) => (next() < 0.5 ? make() : null);
  const keys = <T extends string>(choices: Record<T, unknown>) => one(Object.keys(choices) as T[]);
  const alphabet = ["{", '"', "\\", "\n", "\0", "\uFEFF", "é", "💥", "&", "%", "=", "#", "<script>", "__proto__", "transactions", " "];
  const hex = (digits: number) => `0x${Array.from({ length: digits }, () => whole(16).toString(16)).join("")}`;
  for (let i = 0; i < 200; i++) {
    const example = maybe(() => one(["hot-recipient", "dao-vote/contended"]));
    const link: Link = {
      example,
      text: example === null ? Array.from({ length: whole(400) }, () => one(alphabet)).join("") : null,
      options: {
        strategy: keys(STRATEGIES),
        workers: 1 + whole(64),
        clock: keys(CLOCKS),
        cost: one(["gas", "time"] as const),
        seed: one([0, whole(1e9), Number.MAX_SAFE_INTEGER]),
        deltas: keys(DELTAS),
        hints: keys(HINTS),
        repeats: 1 + whole(100),
      },
      granularity: maybe(() => one(["account", "slot", "slotWithDeltas"] as const)),
      selection: maybe(() =>
        next() < 0.5
          ? { kind: "transaction" as const, index: whole(12_000) }
          : { kind: "location" as const, location: one(["slot", "nonce", "balance"]), address: hex(40), slot: maybe(() => hex(1 + whole(64))) },
      ),
      step: maybe(() => whole(100_000)),
      lesson: maybe(() => "nonces-and-fees"),
      ...maybe(() => ({ beside: { options: one([{}, { strategy: keys(STRATEGIES) }, { workers: 1 + whole(64), deltas: keys(DELTAS) }]), text: maybe(() => one(alphabet)) } })),
    };
    const fragment = await encodeLink(link);
    expect(fragment, `seed ${seed}`).toMatch(/^#[\w&=:/.-]+$/);
    expect(isLink(fragment)).toBe(true);
    expect(await decodeLink(fragment), `seed ${seed}`).toEqual(link);
    if (link.text === null) continue;
    const file = writeSharedFile(link);
    expect(isSharedFile(file)).toBe(true);
    expect(readSharedFile(file), `seed ${seed}`).toEqual(link);
  }
});

const links = new URL("../../tests/links/", import.meta.url);
for (const version of readdirSync(links)) {
  const folder = new URL(`${version}/`, links);
  test.each(readdirSync(folder))(`a link of ${version} decodes as ever: %s`, async (name) => {
    const [link, ...expected] = readFileSync(new URL(name, folder), "utf8").split("\n");
    expect(await decodeLink(link)).toEqual(JSON.parse(expected.join("\n")));
  });
}

describe("what is wrong is said, and nothing of it is taken", () => {
  const text = '{ "title": "kept whole", "transactions": [] }';
  const cases: readonly (readonly [string, () => Promise<string> | string, RegExp])[] = [
    ["cut off in the text", async () => (await forged(bytes(text))).slice(0, -5), /cut off/],
    ["cut off before the scenario", () => "#v=1&strategy=lad", /strategy is “lad”/],
    ["cut off after the options", () => "#v=1&workers=3", /names no scenario/],
    ["wrong checksum", () => forged(bytes(text), 1), /checksum/],
    ["no checksum", async () => (await forged(bytes(text))).replace(/sum=[^&]*&/, ""), /checksum/],
    ["a later version", () => "#v=2&example=hot-recipient", /version “2”/],
    ["not base64", () => "#v=1&sum=00000000&text=<b>", /characters that no link has/],
    ["not deflated", () => "#v=1&sum=00000000&text=________", /damaged/],
    ["nothing packed", () => "#v=1&sum=00000000&text=", /damaged/],
    ["a bomb", () => forged(new Uint8Array(20 << 20)), /more than 4 MB/],
    ["not UTF-8", () => forged(Uint8Array.of(0xff, 0xfe, 0x80)), /UTF-8/],
    ["too long", () => `#v=1&text=${"A".repeat(MAX_LINK)}`, /more than the 32768/],
    ["a key of every object", () => "#v=1&__proto__=1&example=hot-recipient", /“__proto__”/],
    ["another such key", () => "#v=1&example=hot-recipient&constructor=x", /“constructor”/],
    ["a choice of every object", () => "#example=hot-recipient&strategy=toString", /strategy is “toString”/],
    ["no number", () => "#example=hot-recipient&workers=NaN", /workers is “NaN”/],
    ["too many workers", () => "#example=hot-recipient&workers=1e9", /workers is “1e9”/],
    ["a number beyond precision", () => "#example=hot-recipient&seed=9007199254740993", /seed is/],
    ["an absurd step", () => "#example=hot-recipient&step=99999999999999999999", /step is/],
    ["markup in a name", () => "#example=%3Cimg%20src=x%3E", /example is “<img src=x>”/],
    ["a path in a name", () => "#example=../../secret", /which is no name/],
    ["a name twice", () => "#example=hot-recipient&example=nft", /example twice/],
    ["a run beside it with no option", () => "#example=hot-recipient&beside=colour:red", /beside has “colour:red”/],
    ["a run beside it with a key of every object", () => "#example=hot-recipient&beside=__proto__:1", /beside has “__proto__:1”/],
    ["a run beside it with no such choice", () => "#example=hot-recipient&beside=strategy:toString", /strategy is “toString”/],
    ["a text beside it with another checksum", () => "#beside=&besideSum=00000000&besideText=q64FAA&example=hot-recipient", /checksum/],
    ["half a character", () => "#example=%E0%A4%A", /“%”/],
    ["an example and a text", async () => `${await forged(bytes(text))}&example=hot-recipient`, /both an example and a text/],
    ["a selection of nothing", () => "#example=hot-recipient&select=transaction:-1", /select is/],
  ];
  test.each(cases)("%s", async (_, make, message) => {
    const link = await make();
    await expect(decodeLink(link)).rejects.toThrow(LinkError);
    await expect(decodeLink(link)).rejects.toThrow(message);
    const store = createStore(reduce, initialState("{ // mine", null));
    const before = store.state;
    const forbidden = async () => expect.unreachable("nothing is run");
    expect(await openLink(store, { run: forbidden, load: forbidden }, link)).toBe(false);
    expect(store.state).toEqual({ ...before, linkProblem: expect.stringMatching(message) });
  });

  test.each([
    ['{ "evmLanesShare": 1, "parameters": "", "text": 3 }', /have to be strings/],
    ['{ "evmLanesShare": 2, "parameters": "", "text": "" }', /another version/],
    ['{ "evmLanesShare": 1, "parameters": "v=1&workers=0", "text": "" }', /workers is “0”/],
    ['{ "evmLanesShare": 1, "parameters": "example=hot-recipient", "text": "" }', /both an example and a text/],
    ['{ "evmLanesShare": 1, ', /no JSON/],
  ])("in the file %s", (file, message) => {
    expect(isSharedFile(file)).toBe(true);
    expect(() => readSharedFile(file)).toThrow(LinkError);
    expect(() => readSharedFile(file)).toThrow(message);
  });

  test.each(["", "{}", '{ "transactions": [] }', '[{ "evmLanesShare": 1 }]'])("no such file: %s", (text) => {
    expect(isSharedFile(text)).toBe(false);
  });
});

test("a link takes the place of what was typed, which can be had back, and selects what it says", async () => {
  const report = fixture({ transactions: 4 });
  const location = report.locations[0];
  const address = report.accounts[location.account!].address;
  const store = createStore(reduce, initialState("mine", null));
  const run = async () => {
    const { text, options } = store.state;
    store.dispatch({ type: "started", id: 1 });
    store.dispatch({ type: "finished", id: 1, report, text, options });
  };
  const link: Link = {
    ...NOTHING,
    text: "theirs",
    options: { ...DEFAULT_OPTIONS, strategy: "ladder", workers: 7 },
    granularity: "slot",
    selection: { kind: "location", location: location.kind, address, slot: location.slot },
  };
  expect(await openLink(store, { run, load: run }, await encodeLink(link))).toBe(true);
  await Promise.resolve();
  await Promise.resolve();
  expect(store.state).toMatchObject({ text: "theirs", previous: "mine", granularity: "slot", linkProblem: null });
  expect(store.state.options).toEqual(link.options);
  expect(store.state.selection).toEqual({ kind: "location", index: 0 });
  expect(linkOf(store.state)).toEqual(link);
});

test("a link that compares runs the other one first, which is kept, and links to the same again", async () => {
  const store = createStore(reduce, initialState("mine", null));
  const ran: string[] = [];
  const run = async () => {
    const { text, options } = store.state;
    ran.push(`${text} ${options.workers}`);
    store.dispatch({ type: "started", id: 1 });
    store.dispatch({ type: "finished", id: 1, report: fixture({ transactions: 4 }), text, options });
  };
  const runBeside: Opens["runBeside"] = async (text, options) => {
    ran.push(`${text} ${options.workers}`);
    store.dispatch({ type: "keep", run: { report: fixture({ transactions: 4 }), text, options } });
  };
  const link: Link = { ...NOTHING, text: "theirs", options: DEFAULT_OPTIONS, granularity: "slot", beside: { options: { workers: 9 }, text: "before" } };
  expect(await openLink(store, { run, runBeside, load: run }, await encodeLink(link))).toBe(true);
  await Promise.resolve();
  expect(ran).toEqual(["before 9", "theirs 4"]);
  expect(store.state).toMatchObject({ detail: "runs", linkProblem: null, kept: { run: { text: "before", options: { workers: 9 } } } });
  expect(linkOf(store.state)).toEqual(link);
  expect(linkOf({ ...store.state, detail: "state" }).beside).toBeUndefined();

  // What cannot be run is said, and the rest is as the link says.
  const broken: Opens["runBeside"] = () => Promise.reject(new EngineError("invalid", "no such account"));
  expect(await openLink(store, { run, runBeside: broken, load: run }, await encodeLink({ ...link, text: "others" }))).toBe(true);
  expect(store.state.linkProblem).toContain("no such account");
  expect(store.state.finished?.text).toBe("others");
});
