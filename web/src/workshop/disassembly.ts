// Bytecode as instructions.

import { workshop as words } from "../text/workshop.ts";
import { OPCODES } from "./opcodes.ts";

/** One instruction, or a stretch of bytes that is none. */
export interface Instruction {
  /** Bytes before it. */
  readonly at: number;
  readonly name: string;
  /** What a PUSH pushes, as 0x…. */
  readonly operand: string | null;
}

/** The bytes that `text` writes in hexadecimal, with or without 0x and with blanks between; or what is wrong with it. */
export function readBytes(text: string): Uint8Array | string {
  const digits = text.replace(/\s+/g, "").replace(/^0x/i, "");
  const bad = /[^0-9a-f]/i.exec(digits);
  if (bad) return words.notHexadecimal(String.fromCodePoint(digits.codePointAt(bad.index) ?? 0), bad.index + 1);
  if (digits.length % 2 === 1) return words.oddDigits(digits.length);
  if (digits.length / 2 > MOST_BYTES) return words.tooManyBytes(MOST_BYTES);
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) => Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16));
}

/** What a scenario accepts. */
const MOST_BYTES = 1 << 20;

/** The instructions from the first byte on. Data behind the code is read as instructions, as every disassembler does. */
export function disassemble(code: Uint8Array): Instruction[] {
  const found: Instruction[] = [];
  for (let at = 0; at < code.length; ) {
    const byte = code[at];
    const known = OPCODES[byte];
    const size = known?.[1] ?? 0;
    const operand = code.subarray(at + 1, at + 1 + size);
    found.push({
      at,
      name: known?.[0] ?? words.unknown(hex([byte])),
      // The end of the code reads as zeros.
      operand: size > 0 ? `0x${hex(operand).padEnd(2 * size, "0")}` : null,
    });
    at += 1 + size;
  }
  return found;
}

function hex(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
