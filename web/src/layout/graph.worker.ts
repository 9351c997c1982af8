// Lays out large graphs beside the main thread.
import { layoutGraph, type GraphInput } from "./graph.ts";

onmessage = ({ data }: MessageEvent<GraphInput>) => postMessage(layoutGraph(data));
