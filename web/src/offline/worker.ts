// The service worker of the site, built as service-worker.js: it answers for the site's own files and for nothing else, with the
// headers that isolate its pages wherever the host sends none, and from what is kept, so that a page once visited needs no network.
//
// Files are kept by path and content. A worker knows the content of every file of its version, checks what comes from the network
// against that, and takes over only when no page of another version is open: so no page gets files of two versions.

import { FILES } from "virtual:site-files";
import { headersOf } from "../../headers.ts";
import { fileAt, fingerprint, groupOf, GROUPS, type Group, type SiteFile } from "./files.ts";
import { readRequest, type Held, type Reply, type Request as Question } from "./protocol.ts";

const worker = self as unknown as ServiceWorkerScope;
const site = new URL("./", worker.location.href);
const files = new Map(FILES.map(([path, hash, bytes]): [string, SiteFile] => [path, { path, hash, bytes }]));

/** Of this folder: another copy of the site on the same host has its own. The number is the form in which files are kept. */
const CACHES = `evm-lanes:${site.pathname}:`;
const CACHE = `${CACHES}1`;
/** Files that are asked for at once. */
const AT_ONCE = 6;
/** Milliseconds that a page may take to be gone. */
const LEAVING = 1_000;

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(removeOld()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const file = fileOf(request.url);
  if (file === null || request.method !== "GET" || request.headers.has("Range")) return;
  const answered = answer(file);
  event.respondWith(answered.then(({ response }) => response));
  // Keeping what was just loaded fails where there is no room. A page that was kept is looked at again: what its host has put
  // into it since is there on the next visit.
  event.waitUntil(answered.then(({ loaded }) => (loaded || request.mode === "navigate" ? keepOne(file, loaded) : undefined)).catch(() => undefined));
});
worker.addEventListener("message", (event) => {
  const question = readRequest(event.data);
  const [port] = event.ports;
  if (!question || !port) return;
  const reply = reactTo(question, event.source?.id).catch((error: unknown): Reply => ({ type: "failed", message: words(error) }));
  event.waitUntil(reply.then((said) => port.postMessage(said)));
});

/** The first worker keeps nothing yet: a page that waits for its headers waits for no downloads. A later one has all that its predecessor had. */
async function install(): Promise<void> {
  if (!worker.registration.active) return;
  const cache = await caches.open(CACHE);
  const paths = (await cache.keys()).map(({ url }) => new URL(url).pathname.slice(site.pathname.length));
  await keep(GROUPS.filter((group) => paths.some((path) => groupOf(path) === group)));
}

async function removeOld(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(CACHES) && name !== CACHE) await caches.delete(name);
  }
  const cache = await caches.open(CACHE);
  const wanted = new Set([...files.values()].map(keyOf));
  await Promise.all((await cache.keys()).filter(({ url }) => !wanted.has(url)).map((old) => cache.delete(old)));
}

/** What a page gets, and what of it is not kept yet. */
async function answer(file: SiteFile): Promise<{ response: Response; loaded: Response | null }> {
  const kept = await (await caches.open(CACHE)).match(keyOf(file));
  if (kept) return { response: withHeaders(file, kept), loaded: null };
  try {
    const loaded = await obtain(file);
    return { response: withHeaders(file, loaded.clone()), loaded };
  } catch (error) {
    return { response: withHeaders(file, new Response(words(error), { status: 503, headers: { "Content-Type": "text/plain; charset=utf-8" } })), loaded: null };
  }
}

/** What the host sends counts; what it leaves out is filled in. */
function withHeaders(file: SiteFile, { body, status, statusText, headers: sent }: Response): Response {
  const headers = new Headers(sent);
  for (const [name, value] of Object.entries(headersOf(`/${file.path}`, true))) {
    if (!headers.has(name)) headers.set(name, value);
  }
  // They are about what came over the network.
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  return new Response(body, { status, statusText, headers });
}

/** A file of this version, from the network. Fails if there is none. */
async function obtain(file: SiteFile): Promise<Response> {
  // The address of a page is the one that no host sends on to another.
  const address = new URL(file.path.replace(/^index\.html$/, ""), site);
  for (const cache of ["default", "reload"] as const) {
    const response = await fetch(address, { cache });
    if (!response.ok) throw new Error(`${file.path} was answered with ${response.status}.`);
    const content = new Uint8Array(await response.clone().arrayBuffer());
    if ((await fingerprint(file.path, content)) === file.hash) return response;
  }
  void worker.registration.update().catch(() => undefined);
  throw new Error(`${file.path} is of another version than this page: a new one is on the server. Reload the page to get it.`);
}

async function reactTo(question: Question, asker: string | undefined): Promise<Reply> {
  switch (question.type) {
    case "keep":
      await keep(question.groups);
      return { type: "held", held: await held() };
    case "held":
      return { type: "held", held: await held() };
    case "take": {
      let others = await otherPages(asker);
      if (others > 0) {
        // A page that is being left, by a reload of it for one, is counted until it is gone.
        await new Promise((resolve) => setTimeout(resolve, LEAVING));
        others = await otherPages(asker);
      }
      if (others === 0) void worker.skipWaiting();
      return { type: "taken", others };
    }
  }
}

async function otherPages(asker: string | undefined): Promise<number> {
  const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  return windows.filter(({ id, url }) => id !== asker && fileOf(url) !== null).length;
}

/** Gets what is not there of these groups. Fails with the first file that could not be had; what is there by then stays. */
async function keep(groups: readonly Group[]): Promise<void> {
  const there = await keptKeys();
  const missing = [...files.values()].filter((file) => groups.includes(groupOf(file.path)) && !there.has(keyOf(file)));
  const next = async (): Promise<void> => {
    for (let file = missing.pop(); file; file = missing.pop()) await keepOne(file);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
}

async function keepOne(file: SiteFile, loaded: Response | null = null): Promise<void> {
  const response = loaded ?? (await obtain(file));
  await (await caches.open(CACHE)).put(keyOf(file), response);
}

async function held(): Promise<Held> {
  const there = await keptKeys();
  const sum = (of: readonly SiteFile[]): number => of.reduce((bytes, file) => bytes + file.bytes, 0);
  const each = GROUPS.map((group) => {
    const all = [...files.values()].filter(({ path }) => groupOf(path) === group);
    return [group, { all: sum(all), kept: sum(all.filter((file) => there.has(keyOf(file)))) }] as const;
  });
  return Object.fromEntries(each) as Held;
}

async function keptKeys(): Promise<ReadonlySet<string>> {
  return new Set((await (await caches.open(CACHE)).keys()).map(({ url }) => url));
}

function keyOf({ path, hash }: SiteFile): string {
  return new URL(`${path}?content=${encodeURIComponent(hash)}`, site).href;
}

/** The file of the site that an address means; `null` for anything else, which is none of this worker's business. */
function fileOf(address: string): SiteFile | null {
  const { origin, pathname } = new URL(address);
  if (origin !== site.origin || !pathname.startsWith(site.pathname)) return null;
  return fileAt(files, pathname.slice(site.pathname.length));
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
