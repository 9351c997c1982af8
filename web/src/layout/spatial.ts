/** Finds what lies at a point among many boxes, by a uniform grid. */
export class SpatialIndex {
  readonly #cell: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #offsets: Uint32Array;
  readonly #items: Uint32Array;
  readonly #x: ArrayLike<number>;
  readonly #y: ArrayLike<number>;
  readonly #halfWidth: number;
  readonly #halfHeight: number;

  /** Boxes of one size around centres `x[i]`, `y[i]`, all inside 0 … `width`, 0 … `height`. */
  constructor(
    x: ArrayLike<number>,
    y: ArrayLike<number>,
    halfWidth: number,
    halfHeight: number,
    width: number,
    height: number,
  ) {
    this.#x = x;
    this.#y = y;
    this.#halfWidth = halfWidth;
    this.#halfHeight = halfHeight;
    this.#cell = Math.max(2 * halfWidth, 2 * halfHeight, Math.sqrt((width * height) / Math.max(1, x.length)));
    this.#columns = Math.max(1, Math.ceil(width / this.#cell));
    this.#rows = Math.max(1, Math.ceil(height / this.#cell));
    this.#offsets = new Uint32Array(this.#columns * this.#rows + 1);
    const cells = new Uint32Array(x.length);
    for (let i = 0; i < x.length; i++) {
      cells[i] = this.#cellAt(x[i], y[i]);
      this.#offsets[cells[i] + 1]++;
    }
    for (let c = 0; c < this.#columns * this.#rows; c++) this.#offsets[c + 1] += this.#offsets[c];
    const next = this.#offsets.slice();
    this.#items = new Uint32Array(x.length);
    for (let i = 0; i < x.length; i++) this.#items[next[cells[i]]++] = i;
  }

  /** The box within `reach` of the point whose centre is nearest, or -1. */
  at(px: number, py: number, reach = 0): number {
    let best = -1;
    let nearest = Infinity;
    this.#visit(px - this.#halfWidth - reach, py - this.#halfHeight - reach, px + this.#halfWidth + reach, py + this.#halfHeight + reach, (i) => {
      const dx = Math.abs(this.#x[i] - px);
      const dy = Math.abs(this.#y[i] - py);
      if (dx > this.#halfWidth + reach || dy > this.#halfHeight + reach) return;
      if (dx + dy < nearest) {
        nearest = dx + dy;
        best = i;
      }
    });
    return best;
  }

  /** Everything whose box touches the rectangle, in no particular order. */
  within(left: number, top: number, right: number, bottom: number): number[] {
    const list: number[] = [];
    const w = this.#halfWidth;
    const h = this.#halfHeight;
    this.#visit(left - w, top - h, right + w, bottom + h, (i) => {
      const x = this.#x[i];
      const y = this.#y[i];
      if (x + w >= left && x - w <= right && y + h >= top && y - h <= bottom) list.push(i);
    });
    return list;
  }

  #visit(left: number, top: number, right: number, bottom: number, see: (i: number) => void): void {
    const c0 = this.#column(left);
    const c1 = this.#column(right);
    const r0 = this.#row(top);
    const r1 = this.#row(bottom);
    for (let r = r0; r <= r1; r++) {
      for (let c = c0; c <= c1; c++) {
        const cell = r * this.#columns + c;
        for (let k = this.#offsets[cell]; k < this.#offsets[cell + 1]; k++) see(this.#items[k]);
      }
    }
  }

  #cellAt(x: number, y: number): number {
    return this.#row(y) * this.#columns + this.#column(x);
  }

  #column(x: number): number {
    return Math.max(0, Math.min(this.#columns - 1, Math.floor(x / this.#cell)));
  }

  #row(y: number): number {
    return Math.max(0, Math.min(this.#rows - 1, Math.floor(y / this.#cell)));
  }
}
