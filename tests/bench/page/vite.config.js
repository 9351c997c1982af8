// The page beside @ethereumjs/vm, built by `cargo xtask bench` with web/'s vite. It is never part of the site.

/** What makes shared memory possible, and with it a finer clock: as web/vite.config.ts has it. */
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

export default {
  root: import.meta.dirname,
  publicDir: "../../../web/public",
  appType: "mpa",
  build: { target: "es2022", assetsInlineLimit: 0, chunkSizeWarningLimit: 2000 },
  worker: { format: "es" },
  preview: { headers },
};
