// Compiles the contracts into `contracts.json`, one contract a line; `--check` compares instead and exits with 1 if the file
// is stale.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import solc from "solc";

const COMPILER = "0.8.37";

// London is the oldest target the compiler still supports without a warning. Its code runs under every fork from there
// on, so whoever changes a scenario's fork sees the fork's effect and no invalid opcode.
const EVM_VERSION = "london";

// Few optimiser runs: every visitor of the page loads them, so small code is worth more than cheap code.
const OPTIMIZER = { enabled: true, runs: 1 };

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "contracts.json");

const contracts = compile();
if (process.argv.includes("--check")) check(contracts);
else write(contracts);

/** Every deployable contract as what the engine needs of it, in the order of their names. */
function compile() {
  if (!solc.version().startsWith(`${COMPILER}+`)) fail(`solc ${solc.version()} is installed, not ${COMPILER}: run npm ci`);
  const names = readdirSync(here).filter((name) => name.endsWith(".sol")).sort();
  const sources = Object.fromEntries(names.map((name) => [name, { content: readFileSync(join(here, name), "utf8") }]));
  const outputSelection = { "*": { "*": ["abi", "evm.bytecode.object", "storageLayout"] } };
  const settings = {
    evmVersion: EVM_VERSION,
    optimizer: OPTIMIZER,
    metadata: { appendCBOR: false, bytecodeHash: "none" },
    outputSelection,
  };
  const output = JSON.parse(solc.compile(JSON.stringify({ language: "Solidity", sources, settings })));
  const problems = (output.errors ?? []).filter((problem) => !isExpected(problem));
  if (problems.length > 0) fail(problems.map((problem) => problem.formattedMessage).join("\n"));

  const result = [];
  for (const source of names) {
    for (const [name, contract] of Object.entries(output.contracts[source] ?? {})) {
      const bytecode = contract.evm.bytecode.object;
      // Abstract contracts and interfaces have no code.
      if (bytecode === "") continue;
      const abi = contract.abi.map(withoutInternalTypes);
      result.push({ name, abi, bytecode: `0x${bytecode}`, storageLayout: plainLayout(contract.storageLayout) });
    }
  }
  return result.sort((a, b) => (a.name < b.name ? -1 : 1));
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

function write(contracts) {
  writeFileSync(target, text(contracts));
  console.log(`${contracts.length} contracts compiled`);
}

function check(contracts) {
  if (readFileSync(target, "utf8") !== text(contracts)) fail("contracts.json is stale: run `npm run build` in examples/contracts");
  console.log(`${contracts.length} contracts are fresh`);
}

function text(contracts) {
  return `[\n${contracts.map((contract) => JSON.stringify(contract)).join(",\n")}\n]\n`;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
