// The page's hand on the site's service worker: one of the folder that the page is in, or none where there can be none.

import { siteScript } from "../engine/spawn.ts";
import { offline as words } from "../text/offline.ts";
import type { Group } from "./files.ts";
import type { Held, Reply, Request } from "./protocol.ts";

/** Why nothing can be kept here. */
export type Obstacle = "insecure" | "unsupported" | "framed" | "switched-off" | "another" | "refused";

/** Something that the worker could not do; the message says what. */
export class OfflineError extends Error {}

/** Milliseconds until a worker that says nothing is given up; keeping the compiler takes as long as its download. */
const PATIENCE = { held: 10_000, take: 10_000, keep: 600_000 } as const;

const script = new URL("service-worker.js", document.baseURI);
let registered: Promise<ServiceWorkerRegistration | Obstacle> | null = null;

/** Registers the worker, once; or says why not. A page may be told to do without: `<meta name="evm-lanes-service-worker" content="off">`. */
export function registration(): Promise<ServiceWorkerRegistration | Obstacle> {
  return (registered ??= register());
}

async function register(): Promise<ServiceWorkerRegistration | Obstacle> {
  const wanted = document.querySelector<HTMLMetaElement>('meta[name="evm-lanes-service-worker"]')?.content;
  if (wanted === "off") return "switched-off";
  // Whose page a frame is in has not been asked; a site that frames its own may say that it wants it.
  if (top !== self && wanted !== "on") return "framed";
  if (!isSecureContext) return "insecure";
  try {
    const { serviceWorker } = navigator;
    const there = await serviceWorker.getRegistration(script);
    if (there && there.scope === new URL(".", script).href && scriptOf(there) !== script.href) return "another";
    const made: ServiceWorkerRegistration | undefined = await serviceWorker.register(siteScript(script), { updateViaCache: "none" });
    // What blocks service workers may say so by nothing, Playwright for one.
    return made ?? "refused";
  } catch {
    return "serviceWorker" in navigator ? "refused" : "unsupported";
  }
}

/** How much of what is kept. */
export async function held(): Promise<Held> {
  return (await askForHeld({ type: "held" })).held;
}

/** Keeps these, whole; what is kept in the end. */
export async function keep(groups: readonly Group[]): Promise<Held> {
  return (await askForHeld({ type: "keep", groups })).held;
}

/** Has a worker that waits take over, and waits until it has; or how many other pages have to be closed before. */
export async function takeOver(waiting: ServiceWorker): Promise<number> {
  const active = new Promise<void>((resolve) => {
    waiting.addEventListener("statechange", () => {
      if (waiting.state === "activated") resolve();
    });
  });
  const reply = await ask(waiting, { type: "take" });
  if (reply.type !== "taken") throw new OfflineError(reply.type);
  if (reply.others === 0) await active;
  return reply.others;
}

/** Removes what is kept, and the worker. */
export async function forget(): Promise<void> {
  const there = await registration();
  if (typeof there === "string") return;
  registered = null;
  await there.unregister();
  const own = `evm-lanes:${new URL(".", script).pathname}:`;
  await Promise.all((await caches.keys()).filter((name) => name.startsWith(own)).map((name) => caches.delete(name)));
}

/** The worker that is at work, once there is one. */
export async function active({ installing, waiting, active: there }: ServiceWorkerRegistration): Promise<ServiceWorker> {
  const worker = there ?? waiting ?? installing;
  if (!worker) throw new OfflineError(words.removed);
  if (worker.state === "activated") return worker;
  return new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve(worker);
      else if (worker.state === "redundant") reject(new OfflineError(words.notInstalled));
    });
  });
}

async function askForHeld(request: Request): Promise<Extract<Reply, { type: "held" }>> {
  const there = await registration();
  if (typeof there === "string") throw new OfflineError(there);
  const reply = await ask(await active(there), request);
  if (reply.type !== "held") throw new OfflineError(reply.type === "failed" ? reply.message : reply.type);
  return reply;
}

function ask(worker: ServiceWorker, request: Request): Promise<Reply> {
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new OfflineError(words.silent)), PATIENCE[request.type]);
    port1.onmessage = ({ data }: MessageEvent<Reply>) => {
      clearTimeout(late);
      port1.close();
      resolve(data);
    };
    worker.postMessage(request, [port2]);
  });
}

function scriptOf({ active: there, waiting, installing }: ServiceWorkerRegistration): string | undefined {
  return (there ?? waiting ?? installing)?.scriptURL;
}
