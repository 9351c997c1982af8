// The built site as a host serves it that is not vite: by a recipe for its headers, in a folder, with pages changed or added.

import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import type { Recipe } from "./recipes.ts";

/** What `cargo xtask build` has made. */
export const DIST = fileURLToPath(new URL("../../web/dist", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};

/** Serves until it is stopped, and on the same port when it is started again. */
export class SiteServer {
  /** The folder that is served, and the path below which it is. */
  folder = DIST;
  path = "/";
  /** Headers of a path below that. */
  recipe: Recipe = () => ({});
  /** Whether it compresses what can be. */
  compresses = false;
  /** Pages by their names: texts, or what is made of the built ones. */
  pages: Readonly<Record<string, string | ((built: string) => string)>> = {};
  /** The paths that were asked for, with their queries. */
  asked: string[] = [];
  #server: Server | null = null;
  #port = 0;
  #small = new Map<string, Buffer>();

  /** As it was made. */
  reset(): void {
    this.#small.clear();
    Object.assign(this, { folder: DIST, path: "/", recipe: () => ({}), compresses: false, pages: {}, asked: [] } satisfies Partial<SiteServer>);
  }

  async start(): Promise<void> {
    if (this.#server) return;
    const server = createServer((request, response) => {
      this.asked.push(request.url ?? "/");
      const { pathname } = new URL(request.url ?? "/", "http://localhost");
      const path = pathname.startsWith(this.path) ? pathname.slice(this.path.length) : null;
      const content = path === null ? null : this.#content(path);
      if (content === null) return void response.writeHead(404).end();
      const type = TYPES[extname(path || "index.html")] ?? "application/octet-stream";
      const headers = { "Content-Type": type, ...this.recipe(`/${path}`) };
      if (this.compresses && type !== "image/png") response.writeHead(200, { ...headers, "Content-Encoding": "gzip" }).end(this.#compressed(path!, content));
      else response.writeHead(200, headers).end(content);
    });
    await new Promise<void>((done) => server.listen(this.#port, "127.0.0.1", done));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = null;
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }

  /** Its address by one of the names of this machine, without a slash at the end. */
  at(name: "127.0.0.1" | "localhost"): string {
    return `http://${name}:${this.#port}${this.path.replace(/\/$/, "")}`;
  }

  #compressed(path: string, content: string | Buffer): Buffer {
    const there = this.#small.get(path) ?? gzipSync(content);
    this.#small.set(path, there);
    return there;
  }

  #content(path: string): string | Buffer | null {
    const page = this.pages[path] ?? (path === "" ? this.pages["index.html"] : undefined);
    if (typeof page === "string") return page;
    const file = join(this.folder, path || "index.html");
    if (!existsSync(file) || !statSync(file).isFile()) return null;
    return page ? page(readFileSync(file, "utf8")) : readFileSync(file);
  }
}
