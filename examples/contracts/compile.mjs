// Compiles the contracts: those of this folder into `contracts.json`, those of each workload's folder into a `contracts.json`
// of its own, one contract a line, and lists in `folders.json` which folder has which. `--check` compares instead and exits
// with 1 if a file is stale; names of folders limit the work to them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";

const COMPILER = "0.8.37";

// The phenomena: London is the oldest target the compiler still supports without a warning. Its code runs under every fork
// from there on, so whoever changes a scenario's fork sees the fork's effect and no invalid opcode. The workloads: OpenZeppelin's
// contracts need Cancun's MCOPY.
const EVM_VERSION = { contracts: "london", workloads: "cancun" };

// Few optimiser runs: visitors of the page load them, so small code is worth more than cheap code.
const OPTIMIZER = { enabled: true, runs: 1 };

const here = dirname(fileURLToPath(import.meta.url));
const examples = dirname(here);
const packages = join(here, "node_modules");

if (!solc.version().startsWith(`${COMPILER}+`)) fail(`solc ${solc.version()} is installed, not ${COMPILER}: run npm ci`);
main(process.argv.slice(2));

function main(args) {
  const wanted = args.filter((arg) => !arg.startsWith("--"));
  const workloads = readdirSync(examples)
    .filter((name) => name !== "contracts" && sources(join(examples, name)).length > 0)
    .sort();
  for (const name of wanted) if (name !== "contracts" && !workloads.includes(name)) fail(`examples/${name} has no contracts`);
  const files = ["contracts", ...workloads].map((name) => {
    const file = join(examples, name, "contracts.json");
    const skipped = wanted.length > 0 && !wanted.includes(name) && existsSync(file);
    return { name, file, text: skipped ? readFileSync(file, "utf8") : text(compile(name)) };
  });
  const names = new Map();
  for (const { name, text } of files) {
    for (const contract of JSON.parse(text)) {
      const other = names.get(contract.name);
      if (other) fail(`examples/${other} and examples/${name} both have a contract ${contract.name}: scenarios name contracts, so rename one`);
      names.set(contract.name, name);
    }
  }
  const folders = workloads.map((folder) => [folder, [...names.keys()].filter((name) => names.get(name) === folder)]);
  files.push({ name: "contracts", file: join(here, "folders.json"), text: index(folders) });
  for (const file of files) (args.includes("--check") ? check : write)(file);
  console.log(`${names.size} contracts in ${workloads.length + 1} folders`);
}

/** The Solidity files of a folder. */
function sources(folder) {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(".sol")).sort();
  } catch {
    return [];
  }
}

/** Every deployable contract of a folder as what the engine needs of it, in the order of their names. */
function compile(folder) {
  const names = sources(join(examples, folder));
  // Beside each other's sources under the names they would have on their own, so that the code of the phenomena stays as it is.
  const unit = (name) => (folder === "contracts" ? name : `${folder}/${name}`);
  const entries = names.map((name) => [unit(name), { content: readFileSync(join(examples, folder, name), "utf8") }]);
  const outputSelection = { "*": { "*": ["abi", "evm.bytecode.object", "storageLayout"] } };
  const settings = {
    evmVersion: folder === "contracts" ? EVM_VERSION.contracts : EVM_VERSION.workloads,
    optimizer: OPTIMIZER,
    metadata: { appendCBOR: false, bytecodeHash: "none" },
    outputSelection,
  };
  const input = { language: "Solidity", sources: Object.fromEntries(entries), settings };
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: imported }));
  const problems = (output.errors ?? []).filter((problem) => !isExpected(problem));
  if (problems.length > 0) fail(problems.map((problem) => problem.formattedMessage).join("\n"));

  const result = [];
  for (const source of names) {
    for (const [name, contract] of Object.entries(output.contracts?.[unit(source)] ?? {})) {
      const bytecode = contract.evm.bytecode.object;
      const abi = contract.abi.map(withoutInternalTypes);
      // Abstract contracts and interfaces have no code, and libraries that are all internal nothing to call.
      if (bytecode === "" || abi.length === 0) continue;
      if (bytecode.includes("__$")) fail(`${name} has to be linked: make the functions of its library internal`);
      result.push({ name, abi, bytecode: `0x${bytecode}`, storageLayout: plainLayout(contract.storageLayout) });
    }
  }
  return result.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What an import names: another folder's source, or a package's. */
function imported(path) {
  const isPackage = path.startsWith("@");
  const file = resolve(isPackage ? packages : examples, path);
  if (relative(isPackage ? packages : examples, file).startsWith("..")) return { error: "it is outside of examples/" };
  if (!existsSync(file)) return { error: isPackage ? "it is not there: run npm ci in examples/contracts" : `examples/${path} is not there` };
  return { contents: readFileSync(file, "utf8") };
}

/** Warnings that are the point of a contract. */
function isExpected(problem) {
  // SELFDESTRUCT is deprecated; the wallet is here to show what it does.
  return problem.severity === "warning" && problem.errorCode === "5159";
}

/** An ABI item without the compiler's names for types, which nobody reads. */
function withoutInternalTypes(item) {
  return JSON.parse(JSON.stringify(item, (key, value) => (key === "internalType" ? undefined : value)));
}

/** A storage layout without the compiler's node numbers, which change with every unrelated edit. */
function plainLayout({ storage, types }) {
  const plain = (type) => type.replace(/\)\d+(?=$|[_,)])/g, ")");
  const member = ({ label, offset, slot, type }) => ({ label, offset, slot, type: plain(type) });
  const entries = Object.entries(types ?? {}).map(([id, { encoding, label, numberOfBytes, key, value, base, members }]) => [
    plain(id),
    {
      encoding,
      label,
      numberOfBytes,
      key: key && plain(key),
      value: value && plain(value),
      base: base && plain(base),
      members: members?.map(member),
    },
  ]);
  return { storage: storage.map(member), types: Object.fromEntries(entries) };
}

function write({ file, text }) {
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
}

function check({ file, text }) {
  const fresh = existsSync(file) && readFileSync(file, "utf8") === text;
  if (!fresh) fail(`${relative(examples, file)} is stale: run \`npm run build\` in examples/contracts`);
}

function text(contracts) {
  return `[\n${contracts.map((contract) => JSON.stringify(contract)).join(",\n")}\n]\n`;
}

/** Which folder has which contracts, one folder a line. */
function index(folders) {
  return `{\n${folders.map(([folder, names]) => `${JSON.stringify(folder)}: ${JSON.stringify(names)}`).join(",\n")}\n}\n`;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
