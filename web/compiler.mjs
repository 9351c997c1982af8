// Puts what the Contract tab loads on demand into public/compiler: the compiler as a module, and the library's sources as one
// file. Both are the packages' own, with their licences beside them.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const target = join(dirname(fileURLToPath(import.meta.url)), "public/compiler");
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });

const solc = dirname(require.resolve("solc/package.json"));
const { version } = JSON.parse(readFileSync(join(solc, "package.json"), "utf8"));
// A module, because workers that are modules have no importScripts. Its code needs no eval.
writeFileSync(join(target, `solc-${version}.js`), `${readFileSync(join(solc, "soljson.js"), "utf8")}\nexport default Module;\n`);

const library = dirname(require.resolve("@openzeppelin/contracts/package.json"));
const sources = {};
collect(library);
writeFileSync(join(target, "openzeppelin.json"), JSON.stringify(sources));

const soljson = require("solc/soljson.js");
const licence = soljson.cwrap("solidity_license", "string", [])();
writeFileSync(
  join(target, "LICENSES.txt"),
  `openzeppelin.json: the sources of @openzeppelin/contracts, https://github.com/OpenZeppelin/openzeppelin-contracts, each under the licence in its first line (MIT).

solc-${version}.js: the Solidity compiler, unchanged but for an export, https://github.com/ethereum/solidity. Its licence:

${licence}`,
);

function collect(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    // `build` has artefacts; `mocks` are for the package's own tests.
    if (entry.isDirectory() && !["build", "node_modules", "mocks"].includes(entry.name)) collect(path);
    else if (entry.name.endsWith(".sol")) sources[relative(library, path).split(sep).join("/")] = readFileSync(path, "utf8");
  }
}
