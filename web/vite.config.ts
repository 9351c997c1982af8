import { defineConfig } from "vite";
import { workloadTexts } from "./workload-texts.ts";

// `EVM_LANES_ISOLATION=off` serves the page as a host would that cannot set headers; tests look at that, too.
const isolated = process.env.EVM_LANES_ISOLATION !== "off";

/** What makes shared memory possible; workers' scripts need the same. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/**
 * No eval, no foreign origin, no plug-in, no form. `blob:` for workers, because wasm-bindgen-rayon starts its threads from
 * one; it passes plain strings to `new Worker`, so trusted types cannot be required. No inline style sheets: the editor lives in
 * a shadow root, where it uses constructable ones; the marks of its problems do carry style attributes.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "object-src 'none'",
  "frame-ancestors 'self'",
].join("; ");

export default defineConfig({
  // A page that is not there is an error, not the front page.
  appType: "mpa",
  plugins: [workloadTexts()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    rolldownOptions: { input: ["index.html", "bench.html"] },
  },
  worker: { format: "es" },
  server: { headers: isolated ? isolation : {} },
  preview: {
    headers: {
      ...(isolated ? isolation : {}),
      "Content-Security-Policy": policy,
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
    },
  },
});
