/**
 * Numbers, units and addresses as the page writes them: thin spaces between thousands, the language's sign before decimals, never
 * more digits than known.
 */
import type { Report, Unit } from "../engine/types.ts";
import { language } from "../text/language.ts";
import { nouns } from "../text/page.ts";

const NARROW_NO_BREAK = "\u202f";
const POINT = new Intl.NumberFormat(language).formatToParts(0.5).find(({ type }) => type === "decimal")!.value;

/** `1234567` → `1 234 567`. */
export function integer(value: number | bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+(?!\d))/g, NARROW_NO_BREAK);
}

/** A fixed number of decimals: `1.00`, in German `1,00`. */
export function decimal(value: number, places: number): string {
  return value.toFixed(places).replace(".", POINT);
}

/** A number as it is: `1.4`, in German `1,4`. */
export function plain(value: number): string {
  return String(value).replace(".", POINT);
}

/** Three significant digits without an exponent: `91.4`, `1.24`, `304`. */
export function significant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const whole = Math.max(0, Math.floor(Math.log10(Math.abs(value))) + 1);
  return Math.abs(value) >= 1000 ? integer(Math.round(value)) : decimal(value, Math.max(0, digits - Math.max(1, whole)));
}

/** Gas: `21 000` below a hundred thousand in full, `91 k` when short, `1.24 M` for millions. */
export function gas(value: number, short = true): string {
  if (!short) return nouns.gas(integer(Math.round(value)));
  if (value < 1000) return integer(Math.round(value));
  if (value < 999_500) return `${significant(value / 1000, value < 9_950 ? 2 : 3)}${NARROW_NO_BREAK}k`;
  return `${significant(value / 1e6)}${NARROW_NO_BREAK}M`;
}

/** Microseconds as `820 µs`, `1.24 ms`, `2.05 s`. */
export function microseconds(value: number): string {
  if (value < 999.5) return `${significant(value, value < 10 ? 2 : 3)}${NARROW_NO_BREAK}µs`;
  if (value < 999_500) return `${significant(value / 1000)}${NARROW_NO_BREAK}ms`;
  return `${significant(value / 1e6)}${NARROW_NO_BREAK}s`;
}

/** A time in the report's unit. */
export function time(value: number, unit: Unit): string {
  return unit === "gas" ? nouns.gas(gas(value)) : microseconds(value);
}

/** A speedup: `1.9×`, `0.95×`, `12×`. */
export function factor(value: number | null): string {
  if (value === null) return "–";
  return `${decimal(value, value < 0.995 ? 2 : value < 10 ? 1 : 0)}×`;
}

/** `0x1234…abcd`; short ones unchanged. */
export function shortHex(value: string, keep = 4): string {
  return value.length <= 2 * keep + 5 ? value : `${value.slice(0, 2 + keep)}…${value.slice(-keep)}`;
}

/** Wei in the unit that reads best: `1.5 ether`, `20 gwei`, `7 wei`; at most six places, with ≈ where that cuts. */
export function wei(hex: string): string {
  const value = BigInt(hex);
  if (value === 0n) return "0";
  for (const [unit, digits] of WEI_UNITS) {
    const one = 10n ** digits;
    if (value * 10_000n < one) continue;
    const step = one / 1_000_000n || 1n;
    const about = value % step === 0n ? "" : `≈${NARROW_NO_BREAK}`;
    return `${about}${shifted(value - (value % step), digits)}${NARROW_NO_BREAK}${unit}`;
  }
  return `${integer(value)}${NARROW_NO_BREAK}wei`;
}

const WEI_UNITS: readonly [string, bigint][] = [
  ["ether", 18n],
  ["gwei", 9n],
];

function shifted(value: bigint, digits: bigint): string {
  const one = 10n ** digits;
  const rest = (value % one).toString().padStart(Number(digits), "0").replace(/0+$/, "");
  return rest === "" ? integer(value / one) : `${integer(value / one)}${POINT}${rest}`;
}

/** A stored word: small numbers in decimal, the rest in short hex. */
export function word(value: string | null): string {
  if (value === null) return nouns.notWrittenYet;
  if (!/^0x[0-9a-f]*$/i.test(value)) return value;
  const number = value === "0x" ? 0n : BigInt(value);
  return number < 10n ** 24n ? integer(number) : shortHex(value);
}

/** An account's name, or its address in short. */
export function account(report: Report, index: number | null): string {
  if (index === null) return nouns.newContract;
  const it = report.accounts[index];
  return it ? (it.name ?? shortHex(it.address)) : nouns.account(index);
}

/** Cuts a text to `length` characters. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
