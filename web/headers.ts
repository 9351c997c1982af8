// What the site is served with. Hosts that are not vite have the same in docs/hosting, and tests compare what comes of it.

import type { Connect, Plugin } from "vite";

/**
 * No eval, no foreign origin, no plug-in, no form. `blob:` for workers, because a frame with `sandbox` and no origin starts them
 * from one. Two trusted types: the template engine's own, and ours, which lets scripts of the site through and nothing else
 * (src/engine/spawn.ts). No inline style sheets: the editor lives in
 * a shadow root, where it uses constructable ones; the marks of its problems do carry style attributes.
 */
function policy(frameAncestors: string, connect: string): string {
  return [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    `connect-src ${connect}`,
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "object-src 'none'",
    "manifest-src 'self'",
    "require-trusted-types-for 'script'",
    "trusted-types evm-lanes lit-html",
    `frame-ancestors ${frameAncestors}`,
  ].join("; ");
}

/** The script of the worker that asks nodes, web/src/node/node.worker.ts, which is built into a folder of its own. */
const NODE_WORKER = /^\/node\/[^/]+\.js$/;

/**
 * The headers of a path. The page itself is isolated by COOP and COEP, in every browser. The embed page may be framed by
 * anybody, and is isolated in a frame by its own `Document-Isolation-Policy` (Chromium), under isolated hosts by COEP and
 * CORP; it has no COOP, so that a pop-up keeps its opener. What either loads may be loaded by anybody: a frame with
 * `sandbox="allow-scripts"` has an origin of its own. A worker's script needs COEP like its page.
 * A worker has the policy of its own script, and so one script may ask nodes, and neither the page nor another worker.
 */
export function headersOf(path: string, isolated: boolean): Record<string, string> {
  const embed = path === "/embed.html" || path === "/embed";
  const page = path === "/" || path.endsWith(".html");
  const isolation = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    ...(embed ? { "Document-Isolation-Policy": "isolate-and-credentialless" } : page ? { "Cross-Origin-Opener-Policy": "same-origin" } : {}),
  };
  return {
    ...(isolated ? isolation : {}),
    "Cross-Origin-Resource-Policy": page && !embed ? "same-origin" : "cross-origin",
    ...(page && !embed ? {} : { "Access-Control-Allow-Origin": "*" }),
    "Content-Security-Policy": policy(embed ? "*" : "'self'", NODE_WORKER.test(path) ? "'self' http: https:" : "'self'"),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
  };
}

/** Serves with them, built (`preview`) or while it is worked on, where vite needs inline scripts and gets no policy. */
export function headers(isolated: boolean): Plugin {
  const set =
    (without: readonly string[]): Connect.NextHandleFunction =>
    (request, response, next) => {
      const { pathname } = new URL(request.url ?? "/", "http://localhost");
      for (const [name, value] of Object.entries(headersOf(pathname, isolated))) {
        if (!without.includes(name)) response.setHeader(name, value);
      }
      next();
    };
  return {
    name: "headers",
    configureServer: (server) => void server.middlewares.use(set(["Content-Security-Policy"])),
    configurePreviewServer: (server) => void server.middlewares.use(set([])),
  };
}
