// A plug-in for vite: `about.json`, with the version, the commit, the sizes of the modules, and the licences of everything that is
// shipped. Which packages of npm are in it, the bundler says; which crates, cargo does. What has no licence stops the build.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin, Rolldown } from "vite";
import type { About, Part, Shipped } from "./src/about/about.ts";

const ROOT = join(import.meta.dirname, "..");
const MODULES = join(import.meta.dirname, "public/wasm");
const FILE = "about.json";
/** What `cargo tree` is asked for: the modules of crate/xtask/src/wasm.rs. */
const CRATES = [["-p", "evm-lanes-wasm", "--features", "evm-lanes-wasm/threads"], ["-p", "evm-lanes-wasm"], ["-p", "evm-lanes-intake"]];

/**
 * The plug-in for the page, and the one for its workers, which are bundles of their own. What is built after the page (embedded
 * figures, the service worker) is only compared with its list.
 */
export function about(): { readonly page: Plugin; readonly worker: () => Plugin } {
  const packages = new Set<string>();
  let written = false;
  const collect = (bundle: Rolldown.OutputBundle): void => {
    for (const output of Object.values(bundle)) {
      if (output.type === "chunk") for (const id of Object.keys(output.modules)) packageOf(id, packages);
    }
  };
  return {
    worker: () => ({ name: "about-worker", generateBundle: (_, bundle) => collect(bundle) }),
    page: {
      name: "about",
      apply: "build",
      configResolved: ({ mode }) => void (written = mode !== "production"),
      generateBundle: {
        order: "post",
        handler(options, bundle) {
          collect(bundle);
          if (!written) return void this.emitFile({ type: "asset", fileName: FILE, source: JSON.stringify(describe(packages)) });
          const { parts } = JSON.parse(readFileSync(join(options.dir ?? "dist", FILE), "utf8")) as About;
          const lacking = [...packages].filter((name) => !parts.some((part) => part.kind === "package" && part.name === name));
          if (lacking.length > 0) this.error(`${FILE} has no licence of ${lacking.join(", ")}, which are not in the page: bring them into its list`);
        },
      },
    },
  };
}

/** Notes the package that a module is of, if it is one's. */
export function packageOf(id: string, packages: Set<string>): void {
  const own = /^\0?(vite|rolldown)\//.exec(id.replace(/^\0+/, ""))?.[1];
  const found = own ?? /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(id.replaceAll("\\", "/"))?.[1];
  if (found) packages.add(found);
}

function describe(packages: ReadonlySet<string>): About {
  const texts: string[] = [];
  const indices = (all: readonly string[]): number[] =>
    all.map((text) => {
      const at = texts.indexOf(text);
      return at >= 0 ? at : texts.push(text) - 1;
    });
  const own = { mit: readFileSync(join(ROOT, "LICENSE-MIT"), "utf8"), apache: readFileSync(join(ROOT, "LICENSE-APACHE"), "utf8") };
  const crates = crateParts(own.apache);
  const version = crates.find(({ name }) => name === "evm-lanes-wasm")!.version;
  const revm = crates.find(({ name }) => name === "revm")!.version;
  const mine: Described = { kind: "own", name: "EVM Lanes", version, licence: "MIT OR Apache-2.0", source: null, words: [own.mit, own.apache], textAt: null };
  const foreign = [standardLibrary(own), ...crates.filter(({ name }) => !name.startsWith("evm-lanes-")), ...[...packages].sort().map((name) => packageParts("package", name)), ...compilerParts()];
  const parts = [mine, ...foreign].map(({ words, ...part }): Part => ({ ...part, texts: indices(words) }));
  return { version, commit: commit(), revm, modules: modules(), parts, texts };
}

type Described = Omit<Part, "texts"> & { readonly words: readonly string[] };

interface Metadata {
  readonly packages: readonly { name: string; version: string; license: string | null; repository: string | null; authors: readonly string[]; manifest_path: string }[];
}

/** The crates whose code is in the modules, without those that only run while they are built. */
function crateParts(apache: string): Described[] {
  const { packages } = JSON.parse(cargo("metadata", "--format-version", "1", "--filter-platform", "wasm32-unknown-unknown", "--features", "evm-lanes-wasm/threads")) as Metadata;
  const named = new Set<string>();
  for (const of of CRATES) {
    const tree = cargo("tree", ...of, "--target", "wasm32-unknown-unknown", "-e", "normal,no-proc-macro", "--prefix", "none", "-f", "{p}");
    for (const [, name, version] of tree.matchAll(/^(\S+) v(\S+)/gm)) named.add(`${name} ${version}`);
  }
  return [...named].sort().map((id) => {
    const [name, version] = id.split(" ");
    const it = packages.find((each) => each.name === name && each.version === version);
    if (!it?.license) throw new Error(`about: the crate ${id} names no licence`);
    const words = licencesIn(dirname(it.manifest_path));
    return { kind: "crate", name, version, licence: it.license.replaceAll("/", " OR "), source: it.repository?.startsWith("https:") ? it.repository : null, words: words.length > 0 ? words : [standard(id, it.license, it.authors, apache)].flat(), textAt: null };
  });
}

/**
 * What cargo does not list: the standard library, with the crates that it brings, which have the same licences. Which one it is, the
 * modules say in the paths of its sources.
 */
function standardLibrary({ mit, apache }: { readonly mit: string; readonly apache: string }): Described {
  const paths = /\/rustc\/([0-9a-f]{40})\/library\//.exec(readFileSync(join(MODULES, "single/evm_lanes_wasm_bg.wasm"), "latin1"));
  const words = [mit.replace(/^Copyright .*$/m, "Copyright (c) The Rust Project Contributors"), apache];
  return { kind: "crate", name: "Rust's standard library", version: paths?.[1].slice(0, 9) ?? "", licence: "MIT OR Apache-2.0", source: "https://github.com/rust-lang/rust", words, textAt: null };
}

/** The licence's own words, where a package has forgotten them. */
export function standard(id: string, licence: string, authors: readonly string[], apache: string): string[] {
  if (/Apache-2\.0/.test(licence)) return [apache];
  if (/\bMIT\b/.test(licence)) return [MIT.replace("{authors}", authors.map((author) => author.replace(/\s*<.*>/, "")).join(", ") || `the authors of ${id.split(" ")[0]}`)];
  // Its authors have given up their rights, and ask for nothing.
  if (licence === "CC0-1.0") return [];
  throw new Error(`about: ${id} is under ${licence}, and has no text of it`);
}

function packageParts(kind: Part["kind"], name: string): Described {
  const folder = join(import.meta.dirname, "node_modules", name);
  const { version, license, repository } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string; license?: string; repository?: string | { url?: string } };
  if (!license) throw new Error(`about: the package ${name} names no licence`);
  const source = (typeof repository === "string" ? repository : repository?.url)?.replace(/^git\+/, "").replace(/\.git$/, "") ?? null;
  const words = licencesIn(folder);
  return { kind, name, version, licence: license, source: source?.startsWith("https:") ? source : null, words: words.length > 0 ? words : standard(name, license, [], ""), textAt: null };
}

/** What the Contract tab loads. The package is under another licence than the compiler in it. */
function compilerParts(): Described[] {
  return [
    packageParts("library", "@openzeppelin/contracts"),
    { ...packageParts("compiler", "solc"), name: "solc, the Solidity compiler", licence: "GPL-3.0", source: "https://github.com/ethereum/solidity", words: [], textAt: "compiler/LICENSES.txt" },
  ];
}

/** Texts of licences that lie in a package's folder. */
function licencesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|unlicense|notice)/i.test(entry.name))
    .map(({ name }) => readFileSync(join(folder, name), "utf8").replace(/\r\n/g, "\n").trim())
    .filter((text) => text !== "");
}

/** The modules as they are shipped. */
function modules(): Shipped[] {
  return readdirSync(MODULES)
    .sort()
    .flatMap((name) => {
      const file = readdirSync(join(MODULES, name)).find((each) => each.endsWith(".wasm"));
      if (!file) return [];
      const bytes = readFileSync(join(MODULES, name, file));
      return [{ name, bytes: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length }];
    });
}

function commit(): About["commit"] {
  const git = (...ask: string[]): string => execFileSync("git", ask, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  try {
    return { id: git("rev-parse", "HEAD"), changed: git("status", "--porcelain", "--untracked-files=no") !== "" };
  } catch {
    return null;
  }
}

/** Asks for every crate of the lock file, and so downloads those that the modules are not built from, if this is the first thing done here. */
function cargo(command: string, ...ask: string[]): string {
  return execFileSync(process.env.CARGO ?? "cargo", [command, "--locked", ...ask], { cwd: ROOT, encoding: "utf8", maxBuffer: 64 << 20, stdio: ["ignore", "pipe", "inherit"] });
}

const MIT = `Copyright (c) {authors}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
