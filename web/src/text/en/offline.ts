import type { Obstacle } from "../../offline/client.ts";

const WHY_NOT: Readonly<Record<Obstacle, string>> = {
  insecure: "it was not loaded over https or from this computer",
  unsupported: "this browser has no service workers",
  framed: "it is shown in another page",
  "switched-off": "whoever serves it does not want that",
  another: "its host has a service worker of its own for this folder",
  refused: "the browser has refused the service worker, as some do in private windows",
};

export const offline = {
  title: "Without a network",
  loading: "Looking at what is kept…",
  impossible: (obstacle: Obstacle) => `This page cannot be kept for when there is no network: ${WHY_NOT[obstacle]}.`,
  failed: (why: string) => `What is kept cannot be said, or changed, now: ${why}`,
  page: (size: string) => `Kept on this device: the page, its examples, lessons and figures (${size}). It runs without a network, and can be installed as an application from the browser's menu.`,
  pageMissing: (kept: string, all: string) => `Kept on this device: ${kept} of ${all} of the page, its examples, lessons and figures.`,
  keepPage: "Keep the rest",
  compiler: (size: string) => `The Solidity compiler is kept, too (${size}).`,
  compilerMissing: (size: string) => `The Solidity compiler is not kept before it is used: it is ${size}.`,
  keepCompiler: "Keep the compiler, too",
  keeping: "Loading…",
  forget: "Remove what is kept",
  forgotten: "Nothing is kept now. It is kept again on the next visit.",
  newVersion: "A new version of EVM Lanes is ready.",
  reload: "Reload",
  later: "Later",
  others: (count: number) => `Close the other ${count === 1 ? "page" : `${count} pages`} of EVM Lanes first: no page gets files of two versions.`,
  tooLarge: "Your scenario is too large to be carried over. Save it with Share first; the new version comes when you open the page again.",
  notTaken: (why: string) => `The new version could not be taken: ${why} It comes when you open the page again.`,
  removed: "The browser has removed the service worker.",
  notInstalled: "The browser has not taken the service worker.",
  silent: "The service worker does not answer.",
};
