/** Pointer gestures on a picture: drag, pinch, wheel, hover and click, with one pointer or two. */
export interface Gestures {
  /** Dragged by so many pixels. */
  pan(dx: number, dy: number): void;
  /** Zoomed by a factor about a point. */
  zoom(factor: number, x: number, y: number): void;
  /** Moved over a point without a button; `null` on leaving. */
  hover(at: { x: number; y: number } | null): void;
  /** Clicked or tapped a point. */
  click(x: number, y: number): void;
  /** Pressed a point: `true` takes the pointer over, and `scrub` gets its moves instead of `pan`. */
  press?(x: number, y: number): boolean;
  scrub?(x: number, y: number): void;
}

/** A press that moved less than this is a click. */
const SLACK = 4;

/**
 * Listens on `element`. The wheel zooms where the picture has the focus or Ctrl is held (as a trackpad's pinch does),
 * and otherwise scrolls the page, so that nobody is caught in a picture on the way down.
 */
export function listen(element: HTMLElement, gestures: Gestures): void {
  const pointers = new Map<number, { x: number; y: number }>();
  let moved = 0;
  let scrubbing = false;
  const at = (event: MouseEvent): { x: number; y: number } => {
    const box = element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const point = at(event);
    pointers.set(event.pointerId, point);
    if (pointers.size === 1) {
      moved = 0;
      scrubbing = gestures.press?.(point.x, point.y) ?? false;
    }
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    const point = at(event);
    const before = pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType === "mouse") gestures.hover(point);
      return;
    }
    if (scrubbing) gestures.scrub?.(point.x, point.y);
    else if (pointers.size === 2) {
      const [a, b] = [...pointers.values()];
      const other = before === a ? b : a;
      const was = Math.hypot(before.x - other.x, before.y - other.y);
      const is = Math.hypot(point.x - other.x, point.y - other.y);
      gestures.zoom(is / Math.max(1, was), (point.x + other.x) / 2, (point.y + other.y) / 2);
      gestures.pan((point.x - before.x) / 2, (point.y - before.y) / 2);
      moved = Infinity;
    } else {
      moved += Math.hypot(point.x - before.x, point.y - before.y);
      if (moved > SLACK) gestures.pan(point.x - before.x, point.y - before.y);
    }
    pointers.set(event.pointerId, point);
  });
  const up = (event: PointerEvent): void => {
    if (!pointers.delete(event.pointerId)) return;
    if (event.type === "pointerup" && moved <= SLACK && !scrubbing) {
      const point = at(event);
      gestures.click(point.x, point.y);
    }
  };
  element.addEventListener("pointerup", up);
  element.addEventListener("pointercancel", up);
  element.addEventListener("pointerleave", () => pointers.size === 0 && gestures.hover(null));
  element.addEventListener(
    "wheel",
    (event) => {
      const focused = element.contains((element.getRootNode() as Document | ShadowRoot).activeElement);
      if (!event.ctrlKey && !event.metaKey && !focused) return;
      event.preventDefault();
      const point = at(event);
      if (event.shiftKey) gestures.pan(-event.deltaY - event.deltaX, 0);
      else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) gestures.pan(-event.deltaX, 0);
      else gestures.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016)), point.x, point.y);
    },
    { passive: false },
  );
}
