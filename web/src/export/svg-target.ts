/**
 * A target that writes SVG: what a painter does to it becomes elements with presentation attributes, so that the file needs no
 * style sheet and no script, and looks the same wherever it is opened. Only what the painters use is there.
 */
import { paintTile, type Path, type Target, type Texture } from "../view/target.ts";
import { escapeXml } from "./escape.ts";

/** What the picture is, besides what is painted. */
export interface SvgFrame {
  readonly width: number;
  readonly height: number;
  /** For those who do not see it. */
  readonly title: string;
  readonly description: string;
  /** The colour behind everything. */
  readonly background: string;
  /** The family of most of its texts: those of others say so. */
  readonly family: string;
  /** The width of a text in a canvas's font. */
  readonly measure: (text: string, font: string) => number;
}

const STYLES = ["font", "globalAlpha", "fillStyle", "strokeStyle", "lineWidth", "lineCap", "lineJoin", "textAlign", "textBaseline", "dash"] as const;
type Styles = Pick<SvgTarget, (typeof STYLES)[number]>;

const ANCHORS: Partial<Record<CanvasTextAlign, string>> = { center: "middle", right: "end", end: "end" };
/** How far the baseline is under the middle of a text, in its size. */
const MIDDLE = 0.35;
const TURN = 2 * Math.PI;

/** Writes an SVG document. */
export class SvgTarget implements Target {
  font = "10px sans-serif";
  globalAlpha = 1;
  fillStyle: Target["fillStyle"] = "#000";
  strokeStyle: Target["fillStyle"] = "#000";
  lineWidth = 1;
  lineCap: CanvasLineCap = "butt";
  lineJoin: CanvasLineJoin = "miter";
  textAlign: CanvasTextAlign = "start";
  textBaseline: CanvasTextBaseline = "alphabetic";
  dash: readonly number[] = [];
  #frame: SvgFrame;
  #path = new SvgPath();
  #out: string[] = [];
  #definitions: string[] = [];
  #textures = new Map<string, string>();
  #clips = 0;
  /** What is saved, and how many elements were opened since. */
  #saved: { styles: Styles; open: number }[] = [];
  #open = 0;
  /** The last element, which may get a stroke or a fill yet. */
  #last: Element | null = null;

  constructor(frame: SvgFrame) {
    this.#frame = frame;
  }

  /** The document, in parts that follow each other. */
  parts(): string[] {
    this.#flush();
    const { width, height, title, description, background, family } = this.#frame;
    const size = `width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}"`;
    return [
      `<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-labelledby="evm-lanes-title evm-lanes-description" font-family="${escapeXml(family)}">\n`,
      `<title id="evm-lanes-title">${escapeXml(title)}</title>\n<desc id="evm-lanes-description">${escapeXml(description)}</desc>\n`,
      ...(this.#definitions.length > 0 ? ["<defs>\n", ...this.#definitions, "</defs>\n"] : []),
      `<rect width="100%" height="100%" fill="${escapeXml(background)}"/>\n`,
      ...this.#out,
      "</svg>\n",
    ];
  }

  save(): void {
    this.#saved.push({ styles: this.#styles(), open: this.#open });
    this.#open = 0;
  }

  restore(): void {
    const before = this.#saved.pop();
    if (!before) return;
    this.#flush();
    for (; this.#open > 0; this.#open--) this.#out.push("</g>\n");
    this.#open = before.open;
    Object.assign(this, before.styles);
  }

  translate(x: number, y: number): void {
    if (x !== 0 || y !== 0) this.#begin(`<g transform="translate(${round(x)} ${round(y)})">`);
  }

  scale(x: number, y: number): void {
    if (x !== 1 || y !== 1) this.#begin(`<g transform="scale(${round(x, 1e6)} ${round(y, 1e6)})">`);
  }

  clip(): void {
    const id = `evm-lanes-clip-${++this.#clips}`;
    this.#definitions.push(`<clipPath id="${id}">${this.#path.shape()}/></clipPath>\n`);
    this.#begin(`<g clip-path="url(#${id})">`);
  }

  group(kind: string, title: string): void {
    this.#flush();
    this.#out.push(`<g class="${escapeXml(kind)}"><title>${escapeXml(title)}</title>\n`);
  }

  ungroup(): void {
    this.#flush();
    this.#out.push("</g>\n");
  }

  newPath(data = ""): SvgPath {
    return new SvgPath(data);
  }

  textureOf(kind: Texture, colour: string): string {
    const key = `${kind} ${colour}`;
    let id = this.#textures.get(key);
    if (id === undefined) {
      this.#textures.set(key, (id = `evm-lanes-${kind}-${this.#textures.size + 1}`));
      const tile = new SvgTarget(this.#frame);
      paintTile(tile, kind, colour);
      tile.#flush();
      this.#definitions.push(`<pattern id="${id}" width="6" height="6" patternUnits="userSpaceOnUse">\n`, ...tile.#out, "</pattern>\n");
    }
    return `url(#${id})`;
  }

  beginPath(): void {
    this.#path = new SvgPath();
  }

  moveTo(x: number, y: number): void {
    this.#path.moveTo(x, y);
  }

  lineTo(x: number, y: number): void {
    this.#path.lineTo(x, y);
  }

  quadraticCurveTo(cx: number, cy: number, x: number, y: number): void {
    this.#path.quadraticCurveTo(cx, cy, x, y);
  }

  arc(x: number, y: number, radius: number, start: number, end: number): void {
    this.#path.arc(x, y, radius, start, end);
  }

  rect(x: number, y: number, w: number, h: number): void {
    this.#path.rect(x, y, w, h);
  }

  roundRect(x: number, y: number, w: number, h: number, radii?: number | DOMPointInit | (number | DOMPointInit)[]): void {
    this.#path.rect(x, y, w, h, typeof radii === "number" ? radii : 0);
  }

  closePath(): void {
    this.#path.closePath();
  }

  fill(path?: Path): void {
    this.#fill((path as SvgPath | undefined) ?? this.#path);
  }

  stroke(path?: Path): void {
    this.#stroke((path as SvgPath | undefined) ?? this.#path);
  }

  fillRect(x: number, y: number, w: number, h: number): void {
    this.#fill(rectangle(x, y, w, h));
  }

  strokeRect(x: number, y: number, w: number, h: number): void {
    this.#stroke(rectangle(x, y, w, h));
  }

  fillText(text: string, x: number, y: number): void {
    const { start, end } = this.#text(text, x, y);
    const fill = this.#paint("fill", this.fillStyle);
    // The same text once more, opaque, is a text of that colour; after a stroke alone it is both, the stroke beneath.
    if (this.#last?.key === start + end && this.globalAlpha === 1) this.#last.fill = fill;
    else this.#element({ key: start + end, shape: start, end, fill, stroke: "" });
  }

  strokeText(text: string, x: number, y: number): void {
    const { start, end } = this.#text(text, x, y);
    this.#element({ key: start + end, shape: start, end, fill: ' fill="none"', stroke: `${this.#strokes()} paint-order="stroke"` });
  }

  measureText(text: string): TextMetrics {
    return { width: this.#frame.measure(text, this.font) } as TextMetrics;
  }

  setLineDash(segments: Iterable<number>): void {
    this.dash = [...segments];
  }

  #styles(): Styles {
    return Object.fromEntries(STYLES.map((name) => [name, this[name]])) as unknown as Styles;
  }

  #begin(element: string): void {
    this.#flush();
    this.#out.push(`${element}\n`);
    this.#open++;
  }

  #fill(path: SvgPath): void {
    if (path.empty) return;
    const shape = path.shape();
    this.#element({ key: shape, shape, end: "/>", fill: this.#paint("fill", this.fillStyle), stroke: "" });
  }

  #stroke(path: SvgPath): void {
    if (path.empty) return;
    const shape = path.shape();
    const stroke = this.#strokes();
    if (this.#last?.key === shape && this.#last.stroke === "") this.#last.stroke = stroke;
    else this.#element({ key: shape, shape, end: "/>", fill: ' fill="none"', stroke });
  }

  #element(element: Element): void {
    this.#flush();
    this.#last = element;
  }

  #flush(): void {
    if (!this.#last) return;
    const { shape, fill, stroke, end } = this.#last;
    this.#out.push(`${shape}${fill}${stroke}${end}\n`);
    this.#last = null;
  }

  #text(text: string, x: number, y: number): { start: string; end: string } {
    const [, italic, bold, size, family] = /^(italic )?(bold )?([\d.]+)px (.+)$/.exec(this.font) ?? ["", "", "", "10", "sans-serif"];
    const at = this.textBaseline === "middle" ? y + MIDDLE * Number(size) : y;
    const anchor = ANCHORS[this.textAlign];
    const font = `font-size="${round(Number(size))}"${italic ? ' font-style="italic"' : ""}${bold ? ' font-weight="bold"' : ""}${family === this.#frame.family ? "" : ` font-family="${escapeXml(family)}"`}`;
    return { start: `<text x="${round(x)}" y="${round(at)}" ${font}${anchor ? ` text-anchor="${anchor}"` : ""}`, end: `>${escapeXml(text)}</text>` };
  }

  #strokes(): string {
    const { lineWidth, lineCap, lineJoin, dash } = this;
    return [
      this.#paint("stroke", this.strokeStyle),
      lineWidth === 1 ? "" : ` stroke-width="${round(lineWidth)}"`,
      lineCap === "butt" ? "" : ` stroke-linecap="${lineCap}"`,
      lineJoin === "miter" ? "" : ` stroke-linejoin="${lineJoin}"`,
      dash.length === 0 ? "" : ` stroke-dasharray="${dash.map((length) => round(length)).join(" ")}"`,
    ].join("");
  }

  #paint(what: "fill" | "stroke", style: Target["fillStyle"]): string {
    // Styles that are no strings are a canvas's own, and nobody makes one here.
    const colour = typeof style === "string" ? style : "none";
    return ` ${what}="${escapeXml(colour)}"${this.globalAlpha === 1 ? "" : ` ${what}-opacity="${round(this.globalAlpha)}"`}`;
  }
}

/** An element that is not written yet. */
interface Element {
  /** The same for what is painted at the same place. */
  readonly key: string;
  readonly shape: string;
  readonly end: string;
  fill: string;
  stroke: string;
}

/** Path data. */
class SvgPath implements Path {
  #data: string[] = [];
  /** The element of a path that is one rectangle or circle, without its end. */
  #simple: string | null = null;

  constructor(data = "") {
    if (data !== "") this.#data.push(data);
  }

  get empty(): boolean {
    return this.#data.length === 0;
  }

  /** The element that draws it, without its end. */
  shape(): string {
    return this.#data.length === 1 && this.#simple !== null ? this.#simple : `<path d="${escapeXml(this.#data.join(""))}"`;
  }

  moveTo(x: number, y: number): void {
    this.#data.push(`M${round(x)} ${round(y)}`);
  }

  lineTo(x: number, y: number): void {
    this.#data.push(`${this.empty ? "M" : "L"}${round(x)} ${round(y)}`);
  }

  bezierCurveTo(ax: number, ay: number, bx: number, by: number, x: number, y: number): void {
    this.#data.push(`C${round(ax)} ${round(ay)} ${round(bx)} ${round(by)} ${round(x)} ${round(y)}`);
  }

  quadraticCurveTo(cx: number, cy: number, x: number, y: number): void {
    this.#data.push(`Q${round(cx)} ${round(cy)} ${round(x)} ${round(y)}`);
  }

  /** Clockwise; a whole turn or more is a circle. */
  arc(x: number, y: number, radius: number, start: number, end: number): void {
    const point = (angle: number): string => `${round(x + radius * Math.cos(angle))} ${round(y + radius * Math.sin(angle))}`;
    const r = round(radius);
    if (this.empty) this.#simple = end - start >= TURN ? `<circle cx="${round(x)}" cy="${round(y)}" r="${r}"` : null;
    const from = `${this.empty ? "M" : "L"}${point(start)}`;
    if (end - start < TURN) this.#data.push(`${from}A${r} ${r} 0 ${end - start > Math.PI ? 1 : 0} 1 ${point(end)}`);
    else this.#data.push(`${from}A${r} ${r} 0 1 1 ${point(start + Math.PI)}A${r} ${r} 0 1 1 ${point(start)}`);
  }

  rect(x: number, y: number, w: number, h: number, radius = 0): void {
    const place = `x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}"`;
    if (this.empty) this.#simple = `<rect ${place}${radius > 0 ? ` rx="${round(radius)}"` : ""}`;
    const r = round(radius);
    const [right, bottom] = [x + w, y + h];
    if (radius === 0) this.#data.push(`M${round(x)} ${round(y)}H${round(right)}V${round(bottom)}H${round(x)}Z`);
    else {
      const corner = (cx: number, cy: number): string => `A${r} ${r} 0 0 1 ${round(cx)} ${round(cy)}`;
      const top = `M${round(x + radius)} ${round(y)}H${round(right - radius)}${corner(right, y + radius)}V${round(bottom - radius)}`;
      this.#data.push(`${top}${corner(right - radius, bottom)}H${round(x + radius)}${corner(x, bottom - radius)}V${round(y + radius)}${corner(x + radius, y)}Z`);
    }
  }

  closePath(): void {
    this.#data.push("Z");
  }
}

function rectangle(x: number, y: number, w: number, h: number): SvgPath {
  const path = new SvgPath();
  path.rect(x, y, w, h);
  return path;
}

/** A number as SVG has it; one that is none is 0, because a file with it could not be read. */
function round(value: number, grain = 100): string {
  return Number.isFinite(value) ? String(Math.round(value * grain) / grain || 0) : "0";
}
