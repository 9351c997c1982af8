// Where workers start: every one of the site's, and under Trusted Types from what the one policy lets through.

/** What a page, under Trusted Types, takes for a script's address in place of a string. */
interface ScriptPolicy {
  createScriptURL(url: string): string;
}

/** The folder of the site: built scripts are all in folders of it, and unbuilt ones anywhere. */
const site = new URL(import.meta.env.DEV ? "/" : "..", import.meta.url).href;
/** The blobs that were made here. */
const made = new Set<string>();
const policy = createPolicy();

/** The address of a script of this site, as the page's policy wants it. Fails for any other. */
export function siteScript(url: string | URL): string {
  return policy.createScriptURL(String(url));
}

/** A module worker from the script at `url`. */
export function startWorker(url: string | URL): Worker {
  return start(Worker, new URL(url, import.meta.url));
}

/**
 * In a worker: lets the threads start that wasm-bindgen-rayon makes. It starts them as modules from a blob with the text of its
 * own script, which it has fetched just before, and which the policy does not know; they start from that script instead.
 */
export function letThreadsStart(): void {
  const { Worker } = self;
  self.Worker = function (address: string | URL): Worker {
    const fetched = performance.getEntriesByType("resource").map(({ name }) => name);
    const thread = fetched.findLast((name) => name.includes("/wasm-bindgen-rayon"));
    return start(Worker, new URL(String(address).startsWith("blob:") && thread ? thread : String(address)));
  } as unknown as typeof Worker;
}

/** Whether a script may be started by its address is not tried out: where it may not, Chromium throws, and Firefox makes a worker that fails later. */
function start(Kind: typeof Worker, script: URL): Worker {
  return script.origin === self.origin ? new Kind(siteScript(script), { type: "module" }) : importingWorker(Kind, script.href);
}

/**
 * A worker that imports a script, and hands on what was posted before that was there. It is a classic one, because without an
 * origin Chromium starts no module from a blob.
 */
function importingWorker(Kind: typeof Worker, script: string): Worker {
  const source = `const early = [];
const keep = (event) => early.push(event.data);
addEventListener("message", keep);
import(${JSON.stringify(siteAddress(script))}).then(() => {
  removeEventListener("message", keep);
  for (const data of early) dispatchEvent(new MessageEvent("message", { data }));
}, (error) => setTimeout(() => { throw error; }));`;
  const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  made.add(address);
  const worker = new Kind(siteScript(address));
  // It is fetched soon or never.
  setTimeout(() => {
    made.delete(address);
    URL.revokeObjectURL(address);
  }, 60_000);
  return worker;
}

/** The address itself, if it is one of this site's scripts. */
function siteAddress(url: string): string {
  const { href } = new URL(url, import.meta.url);
  if (href.startsWith(site) || made.has(href)) return href;
  throw new TypeError(`${url} is no script of this site`);
}

/** The policy; what it does by itself where there are no Trusted Types, or where the host's page allows no further policy. */
function createPolicy(): ScriptPolicy {
  const rules: ScriptPolicy = { createScriptURL: siteAddress };
  const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy } };
  try {
    return trustedTypes?.createPolicy("evm-lanes", rules) ?? rules;
  } catch {
    return rules;
  }
}
