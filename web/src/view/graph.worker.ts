// Large graphs beside the main thread: where everything is, and then the edges as a picture each time somebody looks elsewhere.
import { layoutGraph, type GraphInput, type GraphLayout } from "../layout/graph.ts";
import { inWorld, paintEdges, type EdgeScene } from "./edge-paint.ts";

/** What is wanted: first the layout, then pictures of it. */
export type GraphRequest = { readonly input: GraphInput } | { readonly look: EdgeLook };
export type GraphResponse = { readonly layout: GraphLayout } | { readonly bitmap: ImageBitmap };

/** From where the edges are looked at, and in which colours. Sizes in CSS pixels, each of `ratio` pixels. */
export interface EdgeLook extends Omit<EdgeScene, "layout"> {
  readonly ratio: number;
}

let layout: GraphLayout;
let canvas: OffscreenCanvas | null = null;

onmessage = ({ data }: MessageEvent<GraphRequest>) => {
  if ("input" in data) {
    layout = layoutGraph(data.input);
    postMessage({ layout } satisfies GraphResponse);
  } else {
    const bitmap = edges(data.look);
    postMessage({ bitmap } satisfies GraphResponse, { transfer: [bitmap] });
  }
};

function edges(look: EdgeLook): ImageBitmap {
  const width = Math.max(1, Math.round(look.width * look.ratio));
  const height = Math.max(1, Math.round(look.height * look.ratio));
  if (canvas?.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d")!;
  context.setTransform(look.ratio, 0, 0, look.ratio, 0, 0);
  context.clearRect(0, 0, look.width, look.height);
  inWorld(context, look.view, () => paintEdges(context, { ...look, layout }));
  return canvas.transferToImageBitmap();
}
