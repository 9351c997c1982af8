// Workers where a page may not start them by their address: in a frame with `sandbox` and no origin, and on another
// origin's page. There a script of a few lines imports what was meant. It is a classic one, because without an origin Chromium
// starts no module from a blob.

/**
 * A module worker from the script at `url`. Whether that may be started is not tried out: where it may not, Chromium throws, and
 * Firefox makes a worker that fails later.
 */
export function startWorker(url: string | URL): Worker {
  const script = new URL(url, import.meta.url);
  return script.origin === self.origin ? new Worker(script, { type: "module" }) : importingWorker(Worker, script.href);
}

/**
 * In a worker without an origin: lets the threads start that wasm-bindgen-rayon makes. It starts them as modules from a blob
 * with the text of its own script, which it has fetched just before; they import that script instead.
 */
export function letThreadsStart(): void {
  if (self.origin !== "null") return;
  const { Worker } = self;
  self.Worker = function (address: string | URL): Worker {
    const fetched = performance.getEntriesByType("resource").map(({ name }) => name);
    const thread = fetched.findLast((name) => name.includes("/wasm-bindgen-rayon"));
    return importingWorker(Worker, String(address).startsWith("blob:") && thread ? thread : String(address));
  } as unknown as typeof Worker;
}

/** A worker that imports a script, and hands on what was posted before that was there. */
function importingWorker(Kind: typeof Worker, script: string): Worker {
  const source = `const early = [];
const keep = (event) => early.push(event.data);
addEventListener("message", keep);
import(${JSON.stringify(script)}).then(() => {
  removeEventListener("message", keep);
  for (const data of early) dispatchEvent(new MessageEvent("message", { data }));
}, (error) => setTimeout(() => { throw error; }));`;
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const worker = new Kind(address);
  // It is fetched soon or never.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return worker;
}
