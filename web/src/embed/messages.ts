/**
 * What a host page and the frame say to each other by `postMessage`, and the check that nothing else gets in. Pure: who sent
 * a message, and from which origin, is for the two ends to look at first.
 */
import type { Options, Report } from "../engine/types.ts";
import { CUSTOM_PROPERTIES, type CustomProperty } from "./interface.ts";

/** Marks a message as ours. */
export const NAMESPACE = "evm-lanes";
/** Version of these messages. One end that does not know the other's answers `unsupported`. */
export const VERSION = 1;
/** The longest scenario, in characters. */
export const MAX_SCENARIO = 4_000_000;
/** The longest report as JSON, in characters. */
export const MAX_REPORT = 32_000_000;
/** So many messages in a second are heard; the rest is dropped, and the host told once. */
export const MAX_RATE = 50;

/** From the host to the frame. `hello` comes first; what has an `id` is answered by a `reply` with it. */
export type ToFrame =
  | { type: "hello" }
  | { type: "theme"; scheme: "light" | "dark"; properties: Partial<Record<CustomProperty, string>> }
  | { type: "load"; id: number; scenario: string }
  | { type: "show-report"; id: number; report: string }
  | { type: "configure"; id: number; options: Partial<Options> }
  | { type: "run"; id: number }
  | { type: "cancel"; id: number }
  | { type: "get-report"; id: number };

/** From the frame to the host. Only `ready` goes to whoever it is, because the frame cannot know; it says nothing else. */
export type ToHost =
  | { type: "ready" }
  | { type: "welcome"; version: string }
  | { type: "size"; height: number }
  | { type: "run" }
  | { type: "report"; verdict: Report["verdict"] }
  | { type: "error"; code: string; message: string }
  | { type: "reply"; id: number; ok: boolean; result: unknown; message: string };

/** From a figure to the window it has opened, which has said `ready`: see `handed-over.ts`. */
export type ToWindow = { type: "hand-over"; shared: string; report: string | null };

/** A message as it is posted. */
export type Envelope<M> = { ns: typeof NAMESPACE; v: typeof VERSION } & M;

/** Puts a message into its envelope. */
export function envelope<M extends ToFrame | ToHost | ToWindow>(message: M): Envelope<M> {
  return { ns: NAMESPACE, v: VERSION, ...message };
}

/** What came: a message, nothing of ours, or one of ours that is wrong. */
export type Opened<M> = { message: M } | { ignored: true } | { wrong: string; id: number | null };

/** The message a host has sent. */
export function openFromHost(data: unknown): Opened<ToFrame> {
  return open<ToFrame>(data, FROM_HOST);
}

/** The message a frame has sent. */
export function openFromFrame(data: unknown): Opened<ToHost> {
  return open<ToHost>(data, FROM_FRAME);
}

/** The message a figure has sent to the window that it has opened. */
export function openFromOpener(data: unknown): Opened<ToWindow> {
  return open<ToWindow>(data, FROM_OPENER);
}

/** Says what is wrong with a value, or `null`. */
type Check = (value: unknown) => string | null;
type Shape = Readonly<Record<string, Check>>;

function open<M>(data: unknown, shapes: Readonly<Record<string, Shape>>): Opened<M> {
  if (!isPlain(data) || own(data, "ns") !== NAMESPACE) return { ignored: true };
  const id = own(data, "id");
  const wrong = (words: string): Opened<M> => ({ wrong: words, id: naturalNumber(id) === null ? (id as number) : null });
  if (own(data, "v") !== VERSION) return wrong(`unsupported: this end speaks version ${VERSION}`);
  const type = own(data, "type");
  if (typeof type !== "string" || !Object.hasOwn(shapes, type)) return wrong("there is no such message");
  const shape = shapes[type];
  const fault = checkFields(data, { ns: anything, v: anything, type: anything, ...shape }, Object.keys(shape));
  return fault === null ? { message: data as M } : wrong(`${type}: ${fault}`);
}

function checkFields(object: object, shape: Shape, required: readonly string[]): string | null {
  for (const key of Reflect.ownKeys(object)) {
    if (typeof key !== "string" || !Object.hasOwn(shape, key)) return `there is no field ${String(key).slice(0, 40)}`;
    const fault = shape[key](own(object, key));
    if (fault !== null) return `${key} ${fault}`;
  }
  const missing = required.find((key) => !Object.hasOwn(object, key));
  return missing === undefined ? null : `${missing} is missing`;
}

const anything: Check = () => null;
const naturalNumber: Check = (value) => (Number.isSafeInteger(value) && (value as number) >= 0 ? null : "is no whole number");
const truth: Check = (value) => (typeof value === "boolean" ? null : "is neither true nor false");
const text =
  (most: number): Check =>
  (value) =>
    typeof value !== "string" ? "is no text" : value.length > most ? `has ${value.length} characters, more than ${most}` : null;
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value as string) ? null : `can be ${values.join(", ")}`;
const record =
  (shape: Shape): Check =>
  (value) =>
    isPlain(value) ? checkFields(value, shape, []) : "is no object";
/** An option's value is looked at where options are: by the engine, which says what is wrong. */
const option: Check = (value) => (typeof value === "number" || (typeof value === "string" && value.length < 40) ? null : "is no option");

const properties: Shape = Object.fromEntries(Object.keys(CUSTOM_PROPERTIES).map((name) => [name, text(400)]));
const options: Shape = Object.fromEntries(
  ["strategy", "workers", "clock", "cost", "seed", "deltas", "hints", "repeats"].map((name) => [name, option]),
);

const FROM_HOST: Readonly<Record<ToFrame["type"], Shape>> = {
  hello: {},
  theme: { scheme: oneOf("light", "dark"), properties: record(properties) },
  load: { id: naturalNumber, scenario: text(MAX_SCENARIO) },
  "show-report": { id: naturalNumber, report: text(MAX_REPORT) },
  configure: { id: naturalNumber, options: record(options) },
  run: { id: naturalNumber },
  cancel: { id: naturalNumber },
  "get-report": { id: naturalNumber },
};

const FROM_FRAME: Readonly<Record<ToHost["type"], Shape>> = {
  ready: {},
  welcome: { version: text(40) },
  size: { height: naturalNumber },
  run: {},
  report: { verdict: (value) => (isPlain(value) ? null : "is no object") },
  error: { code: text(40), message: text(10_000) },
  reply: { id: naturalNumber, ok: truth, result: anything, message: text(10_000) },
};

const FROM_OPENER: Readonly<Record<ToWindow["type"], Shape>> = {
  // A scenario as a JSON string can be twice as long, and has its options with it.
  "hand-over": { shared: text(2 * MAX_SCENARIO + 10_000), report: (value) => (value === null ? null : text(MAX_REPORT)(value)) },
};

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A field of its own: nothing is ever read from a prototype. */
function own(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
}

/** Lets through so many messages a second. */
export class RateLimit {
  #times: number[] = [];
  #told = false;

  /** Whether one may pass at `now` (milliseconds); `told` is true for the first that may not. */
  pass(now: number): { passes: boolean; tell: boolean } {
    this.#times = this.#times.filter((time) => now - time < 1000);
    if (this.#times.length < MAX_RATE) {
      this.#times.push(now);
      this.#told = false;
      return { passes: true, tell: false };
    }
    const tell = !this.#told;
    this.#told = true;
    return { passes: false, tell };
  }
}
