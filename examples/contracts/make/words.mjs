// What the generators of scenarios share: the words of the EVM, names as addresses, and signatures by fixed test keys.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/curves/utils.js";
import { keccak_256 } from "@noble/hashes/sha3.js";

/** The folder of the examples. */
export const EXAMPLES = join(import.meta.dirname, "../..");

/** Bytes as `0x…`. */
export const hex = (bytes) => `0x${bytesToHex(bytes)}`;

/** `0x…` as bytes. */
export const bytes = (text) => hexToBytes(text.slice(2));

/** The hash of bytes or of a text. */
export const keccak = (data) => keccak_256(typeof data === "string" ? new TextEncoder().encode(data) : data);

/** Numbers, addresses and 32-byte hashes as `abi.encode` has them, in one row. */
export const words = (...values) => concatBytes(...values.map(word));

/** The address a scenario's name stands for (examples/README.md). */
export const addressOf = (name) => hex(keccak(`evm-lanes:${name}`).slice(12));

/** The key number `index` of `purpose`: known to everybody, for tests only. */
export function testKey(purpose, index) {
  const secretKey = keccak(`evm-lanes test key: ${purpose} ${index}`);
  const publicKey = secp256k1.getPublicKey(secretKey, false);
  return { secretKey, address: hex(keccak(publicKey.slice(1)).slice(12)) };
}

/** The signature of a hash as `[v, r, s]`, deterministic (RFC 6979), `s` in the lower half. */
export function sign(hash, { secretKey }) {
  const [recovery, ...rest] = secp256k1.sign(hash, secretKey, { prehash: false, format: "recovered" });
  const rs = Uint8Array.from(rest);
  return [27 + recovery, hex(rs.slice(0, 32)), hex(rs.slice(32))];
}

/** Writes a variant of a workload: a transaction a line, comments where `// …` texts stand between them. */
export function writeScenario(workload, variant, scenario) {
  const parts = Object.entries(scenario).map(([key, value]) => `  ${JSON.stringify(key)}: ${part(value)}`);
  writeFileSync(join(EXAMPLES, workload, `${variant}.json`), `{\n${parts.join(",\n")}\n}\n`);
}

function part(value) {
  if (Array.isArray(value)) return rows(value, "[", "]", (item) => (item.generate ? template(item.generate) : line(item)));
  if (typeof value !== "object") return JSON.stringify(value);
  return rows(Object.entries(value), "{", "}", ([key, inner]) => `${JSON.stringify(key)}: ${line(inner)}`);
}

function rows(items, open, close, show) {
  const last = items.findLastIndex((item) => !isComment(item));
  const shown = items.map((item, at) => `    ${isComment(item) ? item : show(item) + (at < last ? "," : "")}`);
  return `${open}\n${shown.join("\n")}\n  ${close}`;
}

const isComment = (item) => typeof item === "string" && item.startsWith("// ");

/** A generated part: its knobs in a line, then a line for each thing that is repeated. */
function template({ declare, setup, draw, each, ...knobs }) {
  const list = (items) => `[\n${items.map((item) => `        ${line(item)}`).join(",\n")}\n      ]`;
  const parts = [
    Object.entries(knobs).map(([key, value]) => `${JSON.stringify(key)}: ${line(value)}`).join(", "),
    declare && `"declare": ${line(declare)}`,
    setup && `"setup": ${list(setup)}`,
    draw && `"draw": ${line(draw)}`,
    `"each": ${list(each)}`,
  ];
  return `{ "generate": {\n${parts.filter(Boolean).map((text) => `      ${text}`).join(",\n")}\n    } }`;
}

/** Compact JSON with a space after each comma and colon, as the examples by hand have it. */
function line(value) {
  if (Array.isArray(value)) return `[${value.map(line).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${line(inner)}`);
  return `{ ${members.join(", ")} }`;
}

function word(value) {
  if (value instanceof Uint8Array) return value;
  return hexToBytes(BigInt(value).toString(16).padStart(64, "0"));
}
