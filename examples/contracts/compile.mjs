// Compiles the contracts into `artifacts/`, one compact JSON file each; `--check` compares instead and exits with 1 if
// any artifact is stale, missing or left over.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";

const COMPILER = "0.8.37";

// London is the oldest target the compiler still supports without a warning. Its code runs under every fork from there
// on, so whoever changes a scenario's fork sees the fork's effect and no invalid opcode.
const EVM_VERSION = "london";

// Few optimiser runs: the artifacts travel inside the wasm, where small code is worth more than cheap code.
const OPTIMIZER = { enabled: true, runs: 1 };

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "artifacts");

const artifacts = compile();
const stale = process.argv.includes("--check") ? compare(artifacts) : write(artifacts);
process.exitCode = stale === 0 ? 0 : 1;

/** Every deployable contract, as the text of its artifact by the artifact's file name. */
function compile() {
  if (!solc.version().startsWith(`${COMPILER}+`)) fail(`solc ${solc.version()} is installed, not ${COMPILER}: run npm ci`);
  const names = readdirSync(here).filter((name) => name.endsWith(".sol")).sort();
  const sources = Object.fromEntries(names.map((name) => [name, { content: readFileSync(join(here, name), "utf8") }]));
  const outputSelection = { "*": { "*": ["abi", "evm.bytecode.object", "evm.deployedBytecode.object", "storageLayout"] } };
  const settings = {
    evmVersion: EVM_VERSION,
    optimizer: OPTIMIZER,
    metadata: { appendCBOR: false, bytecodeHash: "none" },
    outputSelection,
  };
  const output = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings })));
  const problems = (output.errors ?? []).filter((problem) => !isExpected(problem));
  if (problems.length > 0) fail(problems.map((problem) => problem.formattedMessage).join("\n"));

  const result = new Map();
  for (const source of names) {
    for (const [name, contract] of Object.entries(output.contracts[source] ?? {})) {
      const bytecode = contract.evm.bytecode.object;
      // Abstract contracts and interfaces have no code.
      if (bytecode === "") continue;
      const artifact = {
        name,
        source,
        compiler: COMPILER,
        evmVersion: EVM_VERSION,
        abi: contract.abi.map(withoutInternalTypes),
        bytecode: `0x${bytecode}`,
        deployedBytecode: `0x${contract.evm.deployedBytecode.object}`,
        storageLayout: plainLayout(contract.storageLayout),
      };
      result.set(`${name}.json`, `${JSON.stringify(artifact)}\n`);
    }
  }
  return result;
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

function write(artifacts) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target);
  for (const [name, text] of artifacts) writeFileSync(join(target, name), text);
  console.log(`${artifacts.size} contracts compiled`);
  return 0;
}

function compare(artifacts) {
  let stale = 0;
  const committed = new Set(readdirSync(target));
  for (const [name, text] of artifacts) {
    if (!committed.delete(name)) stale += report(`artifacts/${name} is missing`);
    else if (readFileSync(join(target, name), "utf8") !== text) stale += report(`artifacts/${name} is stale`);
  }
  for (const name of committed) stale += report(`artifacts/${name} has no contract`);
  console.log(stale === 0 ? `${artifacts.size} artifacts are fresh` : "run `npm run build` in examples/contracts");
  return stale;
}

function report(message) {
  console.error(message);
  return 1;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
