// The compiler's worker: loads solc when it is first asked, and the library when a file imports from it.

import { needsLibrary, resolve, type Library } from "./imports.ts";
import type { Request, Response } from "./protocol.ts";
import { compiler, type Soljson } from "./solc.ts";
import { compilation, input } from "./standard-json.ts";

let compile: ReturnType<typeof compiler> | null = null;
let library: Library | null = null;

self.onmessage = async ({ data }: MessageEvent<Request>) => {
  let stage: "loading" | "compiling" = "loading";
  try {
    if (!compile) {
      // Read for the sake of progress; the import after it finds it in the browser's cache.
      await download(data.compiler, "compiler");
      const { default: module } = (await import(/* @vite-ignore */ data.compiler)) as { default: Soljson };
      compile = compiler(module);
    }
    if (!library && needsLibrary(data.files)) library = JSON.parse(await download(data.library, "library")) as Library;
    stage = "compiling";
    respond({ type: "compiling" });
    const output = compile(input(data.language, data.files, data.optimize), (path) => resolve(path, library));
    respond({ type: "done", compilation: compilation(output, data.files) });
  } catch (error) {
    respond({ type: "failed", stage, message: error instanceof Error ? error.message : String(error) });
  }
};

async function download(url: string, what: "compiler" | "library"): Promise<string> {
  const response = await fetch(url);
  if (!response.ok || !response.body) throw new Error(`${new URL(url).pathname}: ${response.status} ${response.statusText}`);
  // The length is that of what is sent, which may be compressed.
  const length = response.headers.get("content-encoding") ? null : Number(response.headers.get("content-length")) || null;
  let loaded = 0;
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        loaded += chunk.length;
        respond({ type: "loading", what, loaded, total: length });
        controller.enqueue(chunk);
      },
    }),
  );
  return new globalThis.Response(counted).text();
}

function respond(response: Response): void {
  // Typed as a window here, because one project checks the page and its workers.
  (self as unknown as Worker).postMessage(response);
}
