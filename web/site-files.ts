// A plug-in for vite: the list of the built site's files, for its service worker, which is therefore built last.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import type { Plugin } from "vite";
import { fingerprint } from "./src/offline/files.ts";

const MODULE = "virtual:site-files";
/** Not of the list: the worker itself, which browsers compare to find a new version, and the page of the tests, which the npm package lacks. */
const LEFT_OUT: readonly string[] = ["service-worker.js", "bench.html"];

/** The plug-in. */
export function siteFiles(): Plugin {
  let folder = "";
  return {
    name: "site-files",
    configResolved: ({ root, build }) => void (folder = resolve(root, build.outDir)),
    resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
    async load(id) {
      if (id !== `\0${MODULE}`) return null;
      return `export const FILES = ${JSON.stringify(await list(folder))};`;
    },
  };
}

async function list(folder: string): Promise<[path: string, hash: string, bytes: number][]> {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"))
    .filter((path) => !LEFT_OUT.includes(path))
    .sort();
  return Promise.all(
    paths.map(async (path) => {
      const content = new Uint8Array(readFileSync(join(folder, path)));
      return [path, await fingerprint(path, content), content.length] as [string, string, number];
    }),
  );
}
