// What the files of docs/hosting say: which headers a host that follows one sends for a path. Each form is read as its host reads
// it, as far as the files use it; anything else in one is an error.

import { readFileSync } from "node:fs";

/** Headers of a path. */
export type Recipe = (path: string) => Record<string, string>;

const file = (name: string): string => readFileSync(new URL(`../../docs/hosting/${name}`, import.meta.url), "utf8");
const lines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.replace(/^\s*#.*/, "").trimEnd())
    .filter((line) => line.trim() !== "");

function unknown(line: string): never {
  throw new Error(`the recipe has a line that is not understood here: ${line}`);
}

/** `location = /exact { … }` wins over `location /prefix { … }`, the longest of them. */
function nginx(): Recipe {
  const locations: { exact: boolean; path: string; headers: Record<string, string> }[] = [];
  for (const line of lines(file("nginx.conf"))) {
    const location = /^location (= )?(\S+) \{$/.exec(line);
    const header = /^\s+add_header (\S+) "([^"]*)" always;$/.exec(line);
    if (location) locations.push({ exact: location[1] !== undefined, path: location[2]!, headers: {} });
    else if (header) locations.at(-1)!.headers[header[1]!] = header[2]!;
    else if (line !== "}") unknown(line);
  }
  const prefixes = locations.filter(({ exact }) => !exact).sort((a, b) => b.path.length - a.path.length);
  return (path) => (locations.find((location) => location.exact && location.path === path) ?? prefixes.find((location) => path.startsWith(location.path)))?.headers ?? {};
}

/** Named matchers, and a block of headers for each. */
function caddy(): Recipe {
  const matchers: Record<string, (path: string) => boolean> = {};
  const blocks: { matcher: string; headers: Record<string, string> }[] = [];
  let inside = false;
  for (const line of lines(file("Caddyfile"))) {
    const matcher = /^\t@(\w+) (not )?path (.+)$/.exec(line);
    const block = /^\theader @(\w+) \{$/.exec(line);
    const header = /^\t\t(\S+) "([^"]*)"$/.exec(line);
    if (matcher) {
      const [, name, not, paths] = matcher;
      const fits = (path: string) => (pattern: string) => (pattern.endsWith("/*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern);
      matchers[name!] = (path) => paths!.split(" ").some(fits(path)) !== (not !== undefined);
    } else if (block) {
      blocks.push({ matcher: block[1]!, headers: {} });
      inside = true;
    } else if (header && inside) blocks.at(-1)!.headers[header[1]!] = header[2]!;
    else if (line === "\t}") inside = false;
    else if (!/^(:8080 \{|\troot \* \S+|\tfile_server|\})$/.test(line)) unknown(line);
  }
  return (path) => Object.assign({}, ...blocks.filter(({ matcher }) => matchers[matcher]!(path)).map(({ headers }) => headers));
}

/** Sections are applied in their order; they match the file's name, which is index.html for a folder. */
function apache(): Recipe {
  const sections: { pattern: RegExp; set: [string, string | null][] }[] = [];
  for (const line of lines(file("htaccess"))) {
    const section = /^<FilesMatch "(.+)">$/.exec(line);
    const set = /^\s+Header always set (\S+) "([^"]*)"$/.exec(line);
    const unset = /^\s+Header always unset (\S+)$/.exec(line);
    if (section) sections.push({ pattern: new RegExp(section[1]!), set: [] });
    else if (set) sections.at(-1)!.set.push([set[1]!, set[2]!]);
    else if (unset) sections.at(-1)!.set.push([unset[1]!, null]);
    else if (line !== "</FilesMatch>" && !line.startsWith("AddType ")) unknown(line);
  }
  return (path) => {
    const headers: Record<string, string> = {};
    const name = path.endsWith("/") ? "index.html" : path.split("/").at(-1)!;
    for (const [header, value] of sections.filter(({ pattern }) => pattern.test(name)).flatMap(({ set }) => set)) {
      if (value === null) delete headers[header];
      else headers[header] = value;
    }
    return headers;
  };
}

/** Every rule that matches counts, and values of one name are joined; `*` is anything. */
function underscoreHeaders(): Recipe {
  const rules: { pattern: RegExp; headers: [string, string][] }[] = [];
  for (const line of lines(file("_headers"))) {
    const header = /^ {2}([\w-]+): (.+)$/.exec(line);
    if (header) rules.at(-1)!.headers.push([header[1]!, header[2]!]);
    else if (line.startsWith("/")) rules.push({ pattern: new RegExp(`^${line.replaceAll(".", "\\.").replaceAll("*", ".*")}$`), headers: [] });
    else unknown(line);
  }
  return (path) => {
    const headers: Record<string, string> = {};
    for (const [name, value] of rules.filter(({ pattern }) => pattern.test(path)).flatMap((rule) => rule.headers)) {
      headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
    }
    return headers;
  };
}

/** `source` is a pattern of the whole path; later rules win. */
function vercel(): Recipe {
  const { headers } = JSON.parse(file("vercel.json")) as { headers: { source: string; headers: { key: string; value: string }[] }[] };
  return (path) =>
    Object.fromEntries(
      headers.filter(({ source }) => new RegExp(`^${source.replaceAll(".html", "\\.html").replaceAll(".js", "\\.js")}$`).test(path)).flatMap((rule) => rule.headers.map(({ key, value }) => [key, value])),
    );
}

/** Those that send headers. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  nginx: nginx(),
  Caddy: caddy(),
  Apache: apache(),
  "Netlify and Cloudflare": underscoreHeaders(),
  Vercel: vercel(),
};
