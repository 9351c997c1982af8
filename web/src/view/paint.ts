/** What both pictures share: the palette of the current theme, textures, and a canvas that knows its pixel ratio. */
import type { TransactionState } from "../layout/progress.ts";
import { paintTile, type Target, type Texture } from "./target.ts";

/** Colours as the stylesheet has them now. */
export interface Palette {
  readonly surface: string;
  readonly sunken: string;
  readonly ink: string;
  readonly quiet: string;
  readonly line: string;
  readonly edge: string;
  readonly focus: string;
  readonly state: Readonly<Record<TransactionState, string>>;
  /** Text on a bar or node of each state. */
  readonly onState: Readonly<Record<TransactionState, string>>;
  readonly sans: string;
  readonly mono: string;
}

/** Reads the palette at an element. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const get = (name: string): string => style.getPropertyValue(name).trim();
  return {
    surface: get("--surface"),
    sunken: get("--sunken"),
    ink: get("--ink"),
    quiet: get("--ink-2"),
    line: get("--line"),
    edge: get("--line-strong"),
    focus: get("--focus"),
    state: {
      waiting: get("--waiting"),
      executing: get("--executing"),
      executed: get("--executed"),
      validated: get("--validated"),
      committed: get("--committed"),
      aborted: get("--aborted"),
      blocked: get("--blocked"),
    },
    onState: {
      waiting: get("--ink"),
      executing: "#ffffff",
      executed: "#101418",
      validated: get("--ink"),
      committed: get("--ink"),
      aborted: get("--ink"),
      blocked: get("--ink"),
    },
    sans: get("--sans"),
    mono: get("--mono"),
  };
}

/** Pixels to a unit of a picture that is made in a worker, which has no screen. */
export const EXPORTED_RATIO = 2;

/** Device pixels to a CSS pixel, as far as pictures follow. */
export function pixelRatio(): number {
  return Math.min(3, globalThis.devicePixelRatio || EXPORTED_RATIO);
}

/** Gives the canvas the size of its box in device pixels; the context's unit is the CSS pixel. */
export function prepare(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = pixelRatio();
  const w = Math.max(1, Math.round(width * ratio));
  const h = Math.max(1, Math.round(height * ratio));
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  const context = canvas.getContext("2d")!;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}

const textures = new Map<string, CanvasPattern>();

const TEXTURES: Partial<Record<TransactionState, Texture>> = { aborted: "hatch", blocked: "dots", validated: "lines" };

/** Diagonal lines, dots, or level lines. */
function texture(target: Target, kind: Texture, colour: string): Target["fillStyle"] {
  if (target.textureOf) return target.textureOf(kind, colour);
  const key = `${kind} ${colour}`;
  const known = textures.get(key);
  if (known) return known;
  const size = Math.round(6 * pixelRatio());
  const tile = new OffscreenCanvas(size, size);
  const c = tile.getContext("2d")!;
  c.scale(size / 6, size / 6);
  paintTile(c, kind, colour);
  const pattern = c.createPattern(tile, "repeat")!;
  // The tile is in device pixels, the context in CSS pixels.
  pattern.setTransform(new DOMMatrix().scale(6 / size));
  textures.set(key, pattern);
  return pattern;
}

/** A rounded rectangle as the current path. */
export function rounded(c: Target, x: number, y: number, w: number, h: number, radius: number): void {
  c.beginPath();
  c.roundRect(x, y, w, h, Math.min(radius, w / 2, h / 2));
}

/** Fills a box as a state is drawn: colour and texture. */
export function fillState(
  c: Target,
  palette: Palette,
  state: TransactionState,
  x: number,
  y: number,
  w: number,
  h: number,
  radius: number,
): void {
  const colour = palette.state[state];
  rounded(c, x, y, w, h, radius);
  const textured = TEXTURES[state];
  if (textured) {
    c.fillStyle = palette.surface;
    c.fill();
    c.fillStyle = texture(c, textured, colour);
    c.fill();
  } else if (state === "waiting") {
    c.fillStyle = palette.surface;
    c.fill();
  } else {
    // Most of a finished run is committed; a tint says so without shouting.
    const alpha = c.globalAlpha;
    if (state === "committed" && w >= 4) {
      c.fillStyle = palette.surface;
      c.fill();
      c.globalAlpha = alpha * 0.3;
    }
    c.fillStyle = colour;
    c.fill();
    c.globalAlpha = alpha;
  }
  if (w >= 4) {
    c.lineWidth = 1;
    c.strokeStyle = colour;
    c.stroke();
  }
}

/** Text with the surface behind it, so that it can be read over lines. */
export function label(
  c: Target,
  palette: Palette,
  text: string,
  x: number,
  y: number,
  align: CanvasTextAlign = "left",
): void {
  c.textAlign = align;
  c.textBaseline = "middle";
  c.lineJoin = "round";
  c.lineWidth = 4;
  c.strokeStyle = palette.surface;
  c.strokeText(text, x, y);
  c.fillText(text, x, y);
}

/** Makes what has been drawn there step back. */
export function veil(c: Target, palette: Palette, x: number, y: number, w: number, h: number): void {
  c.globalAlpha = 0.7;
  c.fillStyle = palette.surface;
  c.fillRect(x, y, w, h);
  c.globalAlpha = 1;
}

const glyphs = new Map<string, number>();

/** The width of a digit in the context's font: of each of them, where it is tabular. */
export function glyphWidth(c: Target): number {
  let width = glyphs.get(c.font);
  if (width === undefined) glyphs.set(c.font, (width = c.measureText("0").width));
  return width;
}
