// The npm package `evm-lanes`, from the built site: `node package.mjs [FOLDER]`, as `cargo xtask package` does. The element as an
// ES module, its types, a manifest of all it can be told (from docs/embed.md, which a test compares with the code), and the site
// itself, for those who host it themselves.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL(".", import.meta.url));
const root = join(web, "..");
const out = process.argv[2] ?? join(web, "package");
if (!existsSync(join(web, "dist/evm-lanes.js"))) throw new Error("web/dist is not built: cargo xtask build");

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
// Without the compiler (9 MB), which only the page's Contract tab uses, and the page of the tests.
cpSync(join(web, "dist"), join(out, "site"), { recursive: true, filter: (path) => !/\/dist\/(compiler|bench\.html)/.test(path) });

write("index.js", '// Beside the site, so that its frames are found: with a bundler, name the folder by the attribute `base`.\nexport * from "./site/evm-lanes.js";\n');
types();
const version = /^version = "(.+)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))[1];
json("package.json", {
  name: "evm-lanes",
  version,
  description: "A live figure of Ethereum transactions in parallel, for any page: <evm-lanes>",
  license: "MIT OR Apache-2.0",
  type: "module",
  exports: {
    ".": { types: "./index.d.ts", default: "./index.js" },
    "./custom-elements.json": "./custom-elements.json",
    "./package.json": "./package.json",
    "./site/*": "./site/*",
  },
  types: "./index.d.ts",
  customElements: "custom-elements.json",
  sideEffects: ["./index.js", "./site/evm-lanes.js"],
  keywords: ["ethereum", "evm", "block-stm", "parallel", "custom-element", "wasm"],
});
json("custom-elements.json", manifest());
cpSync(join(root, "docs/embed.md"), join(out, "README.md"));
cpSync(join(root, "docs/hosting"), join(out, "hosting"), { recursive: true });
for (const licence of ["LICENSE-MIT", "LICENSE-APACHE"]) cpSync(join(root, licence), join(out, licence));

/** The element's declarations and the report's; what is private names nothing else. */
function types() {
  const folder = mkdtempSync(join(tmpdir(), "evm-lanes-types-"));
  try {
    const options = ["--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--rootDir", root, "--outDir", folder];
    execFileSync(join(web, "node_modules/.bin/tsc"), ["-p", web, ...options], { cwd: web, stdio: "inherit" });
    const element = readFileSync(join(folder, "web/src/embed/element.d.ts"), "utf8").replaceAll("../engine/types.ts", "./report.js");
    const foreign = [...element.matchAll(/from "([^"]+)"/g)].map(([, name]) => name).filter((name) => name !== "./report.js");
    if (foreign.length > 0) throw new Error(`the element's types name ${foreign.join(", ")}, which the package does not have`);
    write("index.d.ts", element);
    write("report.d.ts", readFileSync(join(folder, "web/src/engine/types.d.ts"), "utf8"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In the form of the Custom Elements Manifest, version 1. */
function manifest() {
  const rows = [...readFileSync(join(root, "docs/embed.md"), "utf8").matchAll(/^\| `([^`]+)` \| ([a-z, ]+) \| (.*) \|$/gm)];
  const of = (kind) => rows.filter(([, , kinds]) => kinds.split(", ").includes(kind)).map(([, name, , description]) => ({ name, description }));
  const name = "EvmLanesElement";
  return {
    schemaVersion: "1.0.0",
    modules: [
      {
        kind: "javascript-module",
        path: "index.js",
        declarations: [
          {
            kind: "class",
            customElement: true,
            tagName: "evm-lanes",
            name,
            superclass: { name: "HTMLElement" },
            attributes: of("attribute").map((attribute) => ({ ...attribute, fieldName: attribute.name })),
            members: [
              ...of("attribute").map((field) => ({ kind: "field", ...field })),
              ...of("property").map((field) => ({ kind: "field", ...field, readonly: true })),
              ...of("method").map(({ name, description }) => ({ kind: "method", name: name.replace(/\(.*/, ""), description })),
            ],
            events: of("event").map((event) => ({ ...event, type: { text: "CustomEvent" } })),
            cssProperties: of("custom property"),
            cssParts: of("part"),
          },
        ],
        exports: [
          { kind: "js", name, declaration: { name } },
          { kind: "custom-element-definition", name: "evm-lanes", declaration: { name } },
        ],
      },
    ],
  };
}

function json(name, value) {
  write(name, `${JSON.stringify(value, null, 2)}\n`);
}

function write(name, text) {
  writeFileSync(join(out, name), text);
}
