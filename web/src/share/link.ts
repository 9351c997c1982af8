/**
 * Links that hold a scenario, its options and what is looked at, in the fragment of the address: parameters that can be read and
 * changed by hand, of which only the text is packed. Whatever a link says is checked; nothing of it is taken if anything is wrong.
 *
 * `#v=1&strategy=ladder&workers=8&…&example=hot-recipient`, or with `sum` (CRC-32 of the text) and `text` (deflated, base64url)
 * in place of the example. What names the scenario comes last: a link that was cut off has none. A run that this one is compared with
 * stands before it: `beside=workers:8/…` has the options that are others, `besideSum` and `besideText` its text if that is another.
 */
import { GRANULARITIES, quoted, readChoice, readOptions } from "../embed/settings.ts";
import type { Granularity, Options } from "../engine/types.ts";
import { crc32, deflate, fromBase64, inflate, toBase64 } from "./pack.ts";
import { links as words } from "../text/page.ts";

/** The version that is written. */
export const LINK_VERSION = 1;
/** No fragment is longer, in characters; what is larger is shared as a file. */
export const MAX_LINK = 32 << 10;
/** No link unpacks to more, in bytes. */
export const MAX_LINKED_TEXT = 4 << 20;

/** What is selected, in a way that outlasts a change of the engine: locations by their key. */
export type LinkedSelection =
  | { readonly kind: "transaction"; readonly index: number }
  | { readonly kind: "location"; readonly location: string; readonly address: string; readonly slot: string | null };

/** What a link holds. */
export interface Link {
  /** The name of a bundled scenario, or `null` and there is `text`. */
  readonly example: string | null;
  readonly text: string | null;
  readonly options: Partial<Options>;
  readonly granularity: Granularity | null;
  readonly selection: LinkedSelection | null;
  /** How many events of the replay have happened. */
  readonly step: number | null;
  /** The name of a lesson. */
  readonly lesson: string | null;
  /** The run that this one is compared with. */
  readonly beside?: LinkedBeside;
}

/** A run that another is compared with: what is different about it. */
export interface LinkedBeside {
  /** The options that are others. */
  readonly options: Partial<Options>;
  /** Its text; `null` if it is the same. */
  readonly text: string | null;
}

/** A link, or a file in its place, that cannot be opened; the message is for people. */
export class LinkError extends Error {}

const OPTIONS: readonly (keyof Options)[] = ["strategy", "workers", "clock", "cost", "seed", "deltas", "hints", "repeats"];
const KNOWN: ReadonlySet<string> = new Set([...OPTIONS, "v", "granularity", "select", "step", "lesson", "beside", "besideSum", "besideText", "example", "sum", "text"]);

/** Whether a fragment is meant to be such a link, right or wrong. */
export function isLink(fragment: string): boolean {
  return /^#?(?:[^&]*&)*(?:v|example|text|sum)=/.test(fragment);
}

/** The fragment for a link, with its `#`. */
export async function encodeLink(link: Link): Promise<string> {
  const given = [`v=${LINK_VERSION}`, ...parameters(link)];
  const other = link.beside?.text ?? null;
  if (other !== null) {
    const bytes = new TextEncoder().encode(other);
    given.push(`besideSum=${checksum(bytes)}`, `besideText=${toBase64(await deflate(bytes))}`);
  }
  if (link.text !== null) {
    const bytes = new TextEncoder().encode(link.text);
    given.push(`sum=${checksum(bytes)}`, `text=${toBase64(await deflate(bytes))}`);
  } else given.push(`example=${written(link.example ?? "")}`);
  return `#${given.join("&")}`;
}

/** The whole address of a link on the page at `page`, or `null` if it would be too long; and how long its fragment is, without the `#`. */
export async function linkAddress(link: Link, page: URL): Promise<{ address: string | null; length: number }> {
  const fragment = await encodeLink(link);
  const length = fragment.length - 1;
  const bytes = Math.max(...[link.text, link.beside?.text].map((text) => (text ? new TextEncoder().encode(text).length : 0)));
  return { address: length <= MAX_LINK && bytes <= MAX_LINKED_TEXT ? new URL(fragment, page).href : null, length };
}

/** What a fragment holds. Fails with a `LinkError`, whatever the fragment is. */
export async function decodeLink(fragment: string): Promise<Link> {
  const source = fragment.replace(/^#/, "");
  if (source.length > MAX_LINK) throw new LinkError(words.tooLong(source.length, MAX_LINK));
  const given = readParameters(source);
  const link = await withBeside(readLink(given), given.get("besideText"), given.get("besideSum"));
  const packed = given.get("text");
  if (packed === undefined) {
    if (link.example === null) throw new LinkError(words.noScenario);
    return link;
  }
  if (link.example !== null) throw new LinkError(words.both);
  return { ...link, text: await unpack(packed, given.get("sum")) };
}

async function withBeside(link: Link, packed: string | undefined, sum: string | undefined): Promise<Link> {
  if (packed === undefined) return link;
  return { ...link, beside: { options: link.beside?.options ?? {}, text: await unpack(packed, sum) } };
}

/** Everything of a link but its texts, as parameters. */
export function parameters(link: Link): string[] {
  const { options, granularity, selection, step, lesson, beside } = link;
  const each = (options: Partial<Options>, is: string): string[] => OPTIONS.flatMap((name) => (options[name] === undefined ? [] : [`${name}${is}${options[name]}`]));
  const given = each(options, "=");
  if (granularity !== null) given.push(`granularity=${granularity}`);
  if (selection !== null) given.push(`select=${writeSelection(selection)}`);
  if (step !== null) given.push(`step=${step}`);
  if (lesson !== null) given.push(`lesson=${written(lesson)}`);
  if (beside) given.push(`beside=${each(beside.options, ":").join("/")}`);
  return given;
}

/** Parameters as they are written in a link; a map, so that no name means anything. */
export function readParameters(source: string): Map<string, string> {
  const given = new Map<string, string>();
  for (const part of source.split("&")) {
    if (part === "") continue;
    const at = part.indexOf("=");
    let name: string, value: string;
    try {
      name = decodeURIComponent(at < 0 ? part : part.slice(0, at));
      value = at < 0 ? "" : decodeURIComponent(part.slice(at + 1));
    } catch {
      throw new LinkError(words.notEncoded(quoted(part)));
    }
    if (!KNOWN.has(name)) throw new LinkError(words.unknown(quoted(name)));
    if (given.has(name)) throw new LinkError(words.twice(name));
    given.set(name, value);
  }
  return given;
}

/** What parameters say, but for the text. */
export function readLink(given: ReadonlyMap<string, string>): Link {
  const version = given.get("v") ?? String(LINK_VERSION);
  if (version !== String(LINK_VERSION)) {
    throw new LinkError(words.otherVersion(quoted(version), LINK_VERSION));
  }
  const problems: string[] = [];
  const options = readOptions(given, problems);
  const granularity = readChoice(given, "granularity", GRANULARITIES, problems);
  const select = given.get("select");
  const selection = select === undefined ? null : readSelection(select);
  if (select !== undefined && selection === null) problems.push(words.notSelection(quoted(select)));
  const step = given.get("step");
  if (step !== undefined && !/^\d{1,9}$/.test(step)) problems.push(words.notStep(quoted(step)));
  const lesson = given.get("lesson") ?? null;
  for (const [name, value] of [["example", given.get("example")], ["lesson", lesson]] as const) {
    if (value && !/^[a-z0-9][a-z0-9/-]{0,99}$/.test(value)) problems.push(words.notName(name, quoted(value)));
  }
  const beside = given.get("beside");
  const others = beside === undefined ? {} : readBeside(beside, problems);
  if (problems.length > 0) throw new LinkError(words.cannotBeOpened(problems.join(" ")));
  const link = { example: given.get("example") || null, text: null, options, granularity, selection, step: step === undefined ? null : Number(step), lesson };
  return beside === undefined ? link : { ...link, beside: { options: others, text: null } };
}

/** Options as `strategy:ladder/workers:8`. */
function readBeside(written: string, problems: string[]): Partial<Options> {
  const given = new Map<string, string>();
  for (const part of written.split("/").filter(Boolean)) {
    const [name, value] = part.split(":", 2);
    if (value && !given.has(name) && (OPTIONS as readonly string[]).includes(name)) given.set(name, value);
    else problems.push(words.notBeside(quoted(part)));
  }
  return readOptions(given, problems);
}

async function unpack(packed: string, sum: string | undefined): Promise<string> {
  const bytes = fromBase64(packed);
  if (bytes === null) throw new LinkError(words.strayCharacters);
  const unpacked = await inflate(bytes, MAX_LINKED_TEXT).catch(() => {
    throw new LinkError(words.damaged);
  });
  if (unpacked === null) throw new LinkError(words.tooLarge(MAX_LINKED_TEXT >> 20));
  if (sum !== checksum(unpacked)) throw new LinkError(words.damaged);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(unpacked);
  } catch {
    throw new LinkError(words.notUtf8);
  }
}

function writeSelection(selection: LinkedSelection): string {
  if (selection.kind === "transaction") return `transaction:${selection.index}`;
  const { location, address, slot } = selection;
  return ["location", location, address, ...(slot === null ? [] : [slot])].join(":");
}

function readSelection(text: string): LinkedSelection | null {
  const transaction = /^transaction:(\d{1,6})$/.exec(text);
  if (transaction) return { kind: "transaction", index: Number(transaction[1]) };
  const location = /^location:([a-zA-Z]{1,20}):(0x[0-9a-fA-F]{40})(?::(0x[0-9a-fA-F]{1,64}))?$/.exec(text);
  return location && { kind: "location", location: location[1], address: location[2], slot: location[3] ?? null };
}

function checksum(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(8, "0");
}

/** As little of it escaped as an address allows, so that the names of examples stay readable. */
function written(value: string): string {
  return encodeURIComponent(value).replaceAll("%2F", "/");
}
