/**
 * The edges of a large graph, painted in a worker: for 10,000 transactions they cost 65 of the 80 milliseconds that a frame took,
 * nearly all of it in filling pixels (Chromium without a GPU), and everything else fits into a frame. Until the picture from
 * where somebody looks now has come, the last one is moved and scaled.
 */
import { startWorker } from "../engine/spawn.ts";
import type { GraphInput, GraphLayout } from "../layout/graph.ts";
import type { EdgeLook, GraphRequest, GraphResponse } from "./graph.worker.ts";
import graphScript from "./graph.worker.ts?worker&url";

/** Edges as they were seen from somewhere. */
export interface EdgePicture {
  readonly bitmap: ImageBitmap;
  readonly look: EdgeLook;
}

/** A graph that a worker lays out, and then paints the edges of. */
export class EdgeLayer {
  #worker: Worker;
  #picture: EdgePicture | null = null;
  /** What the worker paints now. */
  #asked: EdgeLook | null = null;
  #wanted: EdgeLook | null = null;
  #changed: () => void;

  /**
   * `laid` is told where everything is, or `null` if there can be no worker; `changed` is told of every new picture.
   */
  constructor(input: GraphInput, laid: (layout: GraphLayout | null) => void, changed: () => void) {
    this.#changed = changed;
    this.#worker = startWorker(graphScript);
    this.#worker.onmessage = ({ data }: MessageEvent<GraphResponse>) => {
      if ("layout" in data) laid(data.layout);
      else this.#painted(data.bitmap);
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.close();
      laid(null);
    };
    this.#post({ input });
  }

  /** The newest picture there is, `null` before the first. One from `look` comes later, if this is not it. */
  from(look: EdgeLook): EdgePicture | null {
    this.#wanted = look;
    this.#ask();
    return this.#picture;
  }

  close(): void {
    this.#worker.terminate();
    this.#picture?.bitmap.close();
    this.#picture = null;
  }

  /** One picture at a time: of several that were wanted meanwhile only the last is painted. */
  #ask(): void {
    const look = this.#wanted;
    if (!look || this.#asked || (this.#picture && same(this.#picture.look, look))) return;
    this.#asked = look;
    this.#post({ look });
  }

  #painted(bitmap: ImageBitmap): void {
    this.#picture?.bitmap.close();
    this.#picture = { bitmap, look: this.#asked! };
    this.#asked = null;
    this.#ask();
    this.#changed();
  }

  #post(request: GraphRequest): void {
    this.#worker.postMessage(request);
  }
}

/** Whether the edges are the same from both. */
function same(a: EdgeLook, b: EdgeLook): boolean {
  return (
    a.view.x === b.view.x &&
    a.view.y === b.view.y &&
    a.view.scaleX === b.view.scaleX &&
    a.width === b.width &&
    a.height === b.height &&
    a.ratio === b.ratio &&
    a.palette.edge === b.palette.edge &&
    a.palette.ink === b.palette.ink
  );
}
