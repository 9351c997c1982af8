import { describe, expect, test } from "vitest";
import * as format from "../src/view/format.ts";

/** Thin and no-break spaces written as plain ones, so that the expectations can be read. */
const plain = (text: string): string => text.replace(/[\u2009\u202f]/g, " ");
const check = (given: string, expected: string): void => expect(plain(given)).toBe(expected);

describe("numbers", () => {
  test("gas", () => {
    check(format.gas(999), "999");
    check(format.gas(21000), "21.0 k");
    check(format.gas(91234), "91.2 k");
    check(format.gas(1_240_000), "1.24 M");
    check(format.gas(999_499), "999 k");
    check(format.gas(999_600), "1.00 M");
    check(format.gas(91234, false), "91 234 gas");
  });
  test("time", () => {
    check(format.microseconds(0.8), "0.8 µs");
    check(format.microseconds(820), "820 µs");
    check(format.microseconds(1240), "1.24 ms");
    check(format.microseconds(2_050_000), "2.05 s");
  });
  test("speedups", () => {
    check(format.factor(1.86), "1.9×");
    check(format.factor(0.949), "0.95×");
    check(format.factor(11.6), "12×");
    check(`${format.plain(1.4)}×`, "1.4×");
    check(format.decimal(1, 2), "1.00");
    check(format.factor(null), "–");
  });
  test("integers", () => {
    check(format.integer(1234567), "1 234 567");
    check(format.integer(100), "100");
  });
  test("wei, exact where it can be", () => {
    check(format.wei("0x0"), "0");
    check(format.wei("0xde0b6b3a7640000"), "1 ether");
    check(format.wei("0x14d1120d7b160000"), "1.5 ether");
    check(format.wei("0x4a817c800"), "20 gwei");
    check(format.wei("0x7"), "7 wei");
    check(format.wei(`0x${(10n ** 18n - 147000000000147n).toString(16)}`), "≈ 0.999852 ether");
  });
  test("words", () => {
    check(format.word("0x64"), "100");
    check(format.word("0x"), "0");
    check(format.word(`0x${"ff".repeat(32)}`), "0xffff…ffff");
    check(format.word("absent"), "absent");
    check(format.word(null), "not written yet");
  });
});
