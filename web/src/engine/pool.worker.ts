// A worker of a pool: one wasm instance of its own.

import { ContractFiles, type Taker } from "./contracts.ts";
import { errorData } from "./errors.ts";
import type { PoolRequest, PoolResponse } from "./pool-protocol.ts";
import type { Options } from "./types.ts";

/** What `crate/wasm` exports for this. */
interface Glue extends Taker {
  default(init: { module_or_path: WebAssembly.Module }): Promise<unknown>;
  RemoteWorker: new (text: string, options: Partial<Options>) => RemoteWorker;
}

interface RemoteWorker {
  perform(message: Uint8Array): Uint8Array<ArrayBuffer>;
  free(): void;
}

const contracts = new ContractFiles();

let glue: Glue;
let remote: RemoteWorker | null = null;
/** Requests are answered one after another: preparing may load files. */
let last: Promise<void> = Promise.resolve();

self.onmessage = ({ data: coordinator }: MessageEvent<MessagePort>) => {
  const respond = (response: PoolResponse, transfer: Transferable[] = []) => coordinator.postMessage(response, transfer);
  coordinator.onmessage = ({ data }: MessageEvent<PoolRequest>) => {
    last = last.then(async () => {
      try {
        const response = await answer(data);
        respond(response, response.type === "records" ? [response.bytes.buffer] : []);
      } catch (thrown) {
        respond({ type: "failed", error: errorData(thrown) });
      }
    });
  };
};

async function answer(request: PoolRequest): Promise<PoolResponse> {
  switch (request.type) {
    case "start":
      glue = (await import(/* @vite-ignore */ request.glue)) as Glue;
      await glue.default({ module_or_path: request.module });
      return { type: "started" };
    case "prepare":
      remote?.free();
      remote = null;
      await contracts.provide(request.text, glue);
      remote = new glue.RemoteWorker(request.text, request.options);
      return { type: "prepared" };
    case "order":
      if (!remote) throw new Error("an order before anything was prepared");
      return { type: "records", bytes: remote.perform(request.bytes) };
  }
}
