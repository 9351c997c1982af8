/**
 * Puts points on a line as near as possible to where they want to be (least weighted squares), in the given order and
 * at least 1 apart. Pool-adjacent-violators; O(n).
 */
export function spread(wanted: ArrayLike<number>, weight: ArrayLike<number>, out: Float64Array): void {
  const n = wanted.length;
  const mean = new Float64Array(n);
  const mass = new Float64Array(n);
  const size = new Uint32Array(n);
  let blocks = 0;
  for (let i = 0; i < n; i++) {
    mean[blocks] = wanted[i] - i;
    mass[blocks] = weight[i];
    size[blocks] = 1;
    blocks++;
    while (blocks > 1 && mean[blocks - 2] > mean[blocks - 1]) {
      const sum = mass[blocks - 2] + mass[blocks - 1];
      mean[blocks - 2] = (mean[blocks - 2] * mass[blocks - 2] + mean[blocks - 1] * mass[blocks - 1]) / sum;
      mass[blocks - 2] = sum;
      size[blocks - 2] += size[blocks - 1];
      blocks--;
    }
  }
  let at = 0;
  for (let b = 0; b < blocks; b++) {
    for (let k = 0; k < size[b]; k++, at++) out[at] = mean[b] + at;
  }
}
