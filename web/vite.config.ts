import { join } from "node:path";
import { defineConfig } from "vite";
import { about } from "./about.ts";
import { headers } from "./headers.ts";
import { lessonTexts } from "./lesson-texts.ts";
import { siteFiles } from "./site-files.ts";
import { workloadTexts } from "./workload-texts.ts";

// `EVM_LANES_ISOLATION=off` serves the page as a host would that cannot set headers; tests look at that, too.
const isolated = process.env.EVM_LANES_ISOLATION !== "off";

const licences = about();

const main = join(import.meta.dirname, "src/main.ts");
let first: Set<string> | undefined;

/**
 * Whether a module is loaded before anything is clicked: those are one script. Without that each set of lazily loaded parts that share
 * some makes a script of its own, two dozen and a tenth larger together. `main.ts` stays outside: it waits for such parts, which import
 * the others.
 */
function isFirst(id: string, importsOf: (module: string) => readonly string[]): boolean {
  if (!first) {
    const reached = (first = new Set<string>());
    const visit = (module: string): void => {
      if (module === main || reached.has(module)) return;
      reached.add(module);
      importsOf(module).forEach(visit);
    };
    importsOf(main).forEach(visit);
  }
  return first.has(id);
}

// What is embedded is built by itself (`--mode embed`), into the same folder: sharing its scripts would cut the page's first ones
// into twice as many, which are a sixth larger together. Last comes the service worker (`--mode offline`), which lists what is there.
export default defineConfig(({ mode }) => ({
  // A page that is not there is an error, not the front page.
  appType: "mpa",
  // Wherever it is put, in the root of a host or below.
  base: "./",
  plugins: [workloadTexts(), lessonTexts(), headers(isolated), siteFiles(), licences.page],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    ...(mode === "embed" || mode === "offline" ? { emptyOutDir: false, copyPublicDir: false } : {}),
    rolldownOptions:
      mode === "embed"
        ? {
            input: { embed: "embed.html", "evm-lanes": "src/embed/element.ts" },
            // The element is imported by others, by a name that stays.
            preserveEntrySignatures: "exports-only",
            output: { entryFileNames: ({ name }) => (name === "evm-lanes" ? "evm-lanes.js" : "assets/[name]-[hash].js") },
          }
        : mode === "offline"
          ? { input: { "service-worker": "src/offline/worker.ts" }, output: { entryFileNames: "[name].js", format: "iife" } }
          : {
              input: ["index.html", "bench.html"],
              output: {
                codeSplitting: {
                  includeDependenciesRecursively: false,
                  groups: [{ name: (id, context) => (isFirst(id, (module) => context.getModuleInfo(module)?.importedIds ?? []) ? "page" : null) }],
                },
              },
            },
  },
  worker: {
    format: "es",
    plugins: () => [licences.worker()],
    // The script that may ask nodes is alone in its folder, because hosts give headers by folder.
    rolldownOptions: { output: { entryFileNames: ({ name }) => `${name === "node.worker" ? "node" : "assets"}/[name]-[hash].js` } },
  },
}));
