// The compiler's standard JSON: what it is given, and what is taken from its answer.

import type { AbiItem, Compilation, CompiledContract, Finding, Language, SourceFile } from "./protocol.ts";

/** The compiler's input, as text. */
export function input(language: Language, files: readonly SourceFile[], optimize: boolean): string {
  return JSON.stringify({
    language,
    sources: Object.fromEntries(files.map(({ name, text }) => [name, { content: text }])),
    settings: {
      optimizer: { enabled: optimize, runs: 200 },
      // Without it the code is the same wherever it was compiled.
      metadata: { appendCBOR: false, bytecodeHash: "none" },
      outputSelection: { "*": { "*": language === "Yul" ? ["evm.bytecode.object"] : ["abi", "evm.bytecode.object", "storageLayout"] } },
    },
  });
}

interface Output {
  errors?: {
    severity: string;
    type: string;
    message: string;
    formattedMessage?: string;
    sourceLocation?: { file: string; start: number; end: number };
  }[];
  contracts?: Record<string, Record<string, { abi?: AbiItem[]; evm?: { bytecode?: { object?: string } }; storageLayout?: StorageLayout }>>;
}

interface Variable {
  label: string;
  offset: number;
  slot: string;
  type: string;
}

interface StorageLayout {
  storage: Variable[];
  types: Record<string, { encoding: string; label: string; numberOfBytes: string; key?: string; value?: string; base?: string; members?: Variable[] }> | null;
}

/** What the compiler says of `files`: their own contracts (not those of what they import), and every problem. */
export function compilation(output: string, files: readonly SourceFile[]): Compilation {
  const { errors = [], contracts = {} } = JSON.parse(output) as Output;
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  const own: Record<string, CompiledContract> = {};
  for (const [file, inFile] of Object.entries(contracts)) {
    if (!texts.has(file)) continue;
    for (const [name, { abi = [], evm, storageLayout }] of Object.entries(inFile)) {
      const object = evm?.bytecode?.object ?? "";
      own[name] = {
        abi: abi.map(withoutInternalTypes),
        ...(object === "" ? {} : { bytecode: `0x${object}` }),
        ...(storageLayout ? { storageLayout: plainLayout(storageLayout) } : {}),
      };
    }
  }
  return { findings: errors.map((error) => finding(error, texts)), contracts: own };
}

function finding(error: NonNullable<Output["errors"]>[number], texts: ReadonlyMap<string, string>): Finding {
  const { severity, type, message, sourceLocation: at } = error;
  const text = at && texts.get(at.file);
  const places = text === undefined || !at || at.start < 0 ? [[1, 1], [1, 1]] : positions(text, at.start, at.end);
  const [[line, column], [endLine, endColumn]] = places as [[number, number], [number, number]];
  return {
    severity: severity === "error" ? "error" : severity === "warning" ? "warning" : "info",
    kind: type,
    message,
    ...(at ? { file: at.file } : {}),
    line,
    column,
    endLine,
    endColumn,
  };
}

/** Lines and columns of two places that the compiler counts in bytes of UTF-8. */
export function positions(text: string, start: number, end: number): [number, number][] {
  const bytes = new TextEncoder().encode(text);
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return [start, Math.max(start, end)].map((offset) => {
    const before = decoder.decode(bytes.subarray(0, offset));
    const lines = before.split(/\r\n|\r|\n/);
    return [lines.length, lines[lines.length - 1].length + 1];
  });
}

/** Without the compiler's names for types, which nobody reads. */
function withoutInternalTypes(item: AbiItem): AbiItem {
  return JSON.parse(JSON.stringify(item, (key, value: unknown) => (key === "internalType" ? undefined : value))) as AbiItem;
}

/** A layout with what names slots, and without the compiler's node numbers, which change with every unrelated edit. */
function plainLayout({ storage, types }: StorageLayout): unknown {
  // Two types of one name, in different contracts, would become one.
  const ids = Object.keys(types ?? {});
  const shortened = (type: string): string => type.replace(/\)\d+(?=$|[_,)])/g, ")");
  const unique = new Set(ids.map(shortened)).size === ids.length;
  const plain = unique ? shortened : (type: string): string => type;
  const member = ({ label, offset, slot, type }: Variable) => ({ label, offset, slot, type: plain(type) });
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
  return { storage: storage.map(member), types: Object.fromEntries(entries) as unknown };
}
