/** Round positions for an axis from `low` to `high`: about `count` of them, at 1, 2 or 5 times a power of ten. */
export function ticks(low: number, high: number, count: number): number[] {
  if (!(high > low) || count < 1) return [low];
  const step = tickStep(high - low, count);
  const list: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) list.push(Number((i * step).toPrecision(12)));
  return list;
}

/** The step between ticks. */
export function tickStep(span: number, count: number): number {
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const error = raw / power;
  return power * (error >= 7.07 ? 10 : error >= 3.16 ? 5 : error >= 1.41 ? 2 : 1);
}

/** Powers of two from 1 to `most`, and `most` itself: the axis of worker counts. */
export function doublings(most: number): number[] {
  const list: number[] = [];
  for (let n = 1; n < most; n *= 2) list.push(n);
  list.push(most);
  return list;
}

/** Limits a number to a range. */
export function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
