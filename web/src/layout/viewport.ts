import { clamp } from "./scale.ts";

/** Which part of a picture is seen: screen = world × scale + offset, per axis. */
export interface Viewport {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly x: number;
  readonly y: number;
}

/** The whole of a `width` × `height` picture in the middle of a window, no larger than `largest`. */
export function fit(width: number, height: number, windowWidth: number, windowHeight: number, largest = 1.25): Viewport {
  const scale = Math.max(0.02, Math.min(windowWidth / width, windowHeight / height, largest));
  return {
    scaleX: scale,
    scaleY: scale,
    x: (windowWidth - width * scale) / 2,
    y: (windowHeight - height * scale) / 2,
  };
}

/** Zooms by `factor` so that the point under (`x`, `y`) on the screen stays there. */
export function zoomAt(view: Viewport, factor: number, x: number, y: number, least: number, most: number): Viewport {
  const scale = clamp(view.scaleX * factor, least, most);
  const real = scale / view.scaleX;
  return {
    scaleX: scale,
    scaleY: view.scaleY * real,
    x: x - (x - view.x) * real,
    y: y - (y - view.y) * real,
  };
}

/** Moves by screen pixels. */
export function pan(view: Viewport, dx: number, dy: number): Viewport {
  return { ...view, x: view.x + dx, y: view.y + dy };
}

/** Moves as little as needed for a `width` × `height` picture to keep touching the window. */
export function keepInSight(
  view: Viewport,
  width: number,
  height: number,
  windowWidth: number,
  windowHeight: number,
  rest = 48,
): Viewport {
  return {
    ...view,
    x: clamp(view.x, rest - width * view.scaleX, windowWidth - rest),
    y: clamp(view.y, rest - height * view.scaleY, windowHeight - rest),
  };
}

/** Moves as little as needed for the world point to be seen with a margin. */
export function reveal(
  view: Viewport,
  x: number,
  y: number,
  windowWidth: number,
  windowHeight: number,
  margin = 40,
): Viewport {
  const sx = x * view.scaleX + view.x;
  const sy = y * view.scaleY + view.y;
  return {
    ...view,
    x: view.x + clamp(sx, margin, Math.max(margin, windowWidth - margin)) - sx,
    y: view.y + clamp(sy, margin, Math.max(margin, windowHeight - margin)) - sy,
  };
}

/** A stretch of time on screen: the timeline's one-dimensional viewport. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Zooms a span by `factor` about `time`, inside 0 … `duration`. */
export function zoomSpan(span: Span, factor: number, time: number, duration: number): Span {
  const length = clamp((span.end - span.start) / factor, duration * 1e-6, duration);
  const share = (time - span.start) / (span.end - span.start);
  return moveInside(time - share * length, length, duration);
}

/** Moves a span by `by`, inside 0 … `duration`. */
export function moveSpan(span: Span, by: number, duration: number): Span {
  return moveInside(span.start + by, span.end - span.start, duration);
}

function moveInside(start: number, length: number, duration: number): Span {
  const from = clamp(start, 0, Math.max(0, duration - length));
  return { start: from, end: from + length };
}
