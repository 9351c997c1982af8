/**
 * What the pictures are painted on: the part of a canvas's context that the painters use. A canvas is one as it is, in the page
 * and in a worker; {@link SvgTarget} is another one, so that what is exported is what is drawn.
 */

/** A path that is kept, to be filled or stroked more than once. */
export type Path = Pick<Path2D, "moveTo" | "lineTo" | "bezierCurveTo" | "closePath" | "rect">;

/** The textures that tell states without their colour. */
export type Texture = "hatch" | "dots" | "lines";

type Style = CanvasRenderingContext2D["fillStyle"];

/** What is painted on. */
export interface Target
  extends Pick<
    CanvasRenderingContext2D,
    | "font"
    | "globalAlpha"
    | "lineCap"
    | "lineJoin"
    | "lineWidth"
    | "textAlign"
    | "textBaseline"
    | "save"
    | "restore"
    | "translate"
    | "scale"
    | "beginPath"
    | "moveTo"
    | "lineTo"
    | "quadraticCurveTo"
    | "closePath"
    | "arc"
    | "rect"
    | "roundRect"
    | "fillRect"
    | "strokeRect"
    | "fillText"
    | "strokeText"
    | "measureText"
    | "setLineDash"
  > {
  fillStyle: Style;
  strokeStyle: Style;
  fill(path?: Path): void;
  stroke(path?: Path): void;
  clip(): void;
  /** Makes a path of its own kind, perhaps from SVG's path data. A canvas has none: its paths are the browser's. */
  newPath?(data?: string): Path;
  /** A texture as a style. A canvas has none: there it is a tile. */
  textureOf?(kind: Texture, colour: string): Style;
  /** Only a canvas holds pixels. */
  drawImage?(image: ImageBitmap, x: number, y: number, w: number, h: number): void;
  /** What is drawn from here to {@link ungroup} is one thing, and is called so. On a canvas nobody could see that. */
  group?(kind: string, title: string): void;
  ungroup?(): void;
}

/** A new path for a target. */
export function newPath(c: Target, data?: string): Path {
  return c.newPath?.(data) ?? new Path2D(data);
}

/** Draws one tile of a texture, 6 units wide and high. */
export function paintTile(c: Target, kind: Texture, colour: string): void {
  c.strokeStyle = c.fillStyle = colour;
  if (kind === "hatch") {
    c.lineWidth = 1.7;
    c.lineCap = "square";
    c.beginPath();
    for (const shift of [-6, 0, 6]) {
      c.moveTo(shift - 1, 7);
      c.lineTo(shift + 7, -1);
    }
    c.stroke();
  } else if (kind === "lines") {
    for (const y of [0.5, 3.5]) c.fillRect(0, y, 6, 1.25);
  } else {
    for (const [x, y] of [
      [1.5, 1.5],
      [4.5, 4.5],
    ]) {
      c.beginPath();
      c.arc(x, y, 1, 0, 7);
      c.fill();
    }
  }
}
