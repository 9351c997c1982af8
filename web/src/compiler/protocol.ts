// Every message between the page and the compiler's worker, and what a compilation is.

/** What can be compiled. */
export type Language = "Solidity" | "Yul";

/** A file as typed. */
export interface SourceFile {
  readonly name: string;
  readonly text: string;
}

/** A problem that the compiler found, in its own words. Lines and columns count from 1, columns in UTF-16 units. */
export interface Finding {
  readonly severity: "error" | "warning" | "info";
  /** What kind: `ParserError`, `TypeError`, …. */
  readonly kind: string;
  readonly message: string;
  /** In which file; absent where it concerns none. */
  readonly file?: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A parameter, component or item of an ABI, as the compiler writes it. */
export interface AbiParameter {
  readonly name: string;
  readonly type: string;
  readonly components?: readonly AbiParameter[];
}

/** An item of an ABI. */
export interface AbiItem {
  readonly type: string;
  readonly name?: string;
  readonly inputs?: readonly AbiParameter[];
  readonly outputs?: readonly AbiParameter[];
  readonly stateMutability?: string;
}

/** A contract as scenarios have it (`contracts`). */
export interface CompiledContract {
  readonly abi: readonly AbiItem[];
  readonly bytecode?: string;
  readonly storageLayout?: unknown;
}

/** What has become of the files. */
export interface Compilation {
  readonly findings: readonly Finding[];
  /** Contracts by name; those without code are interfaces, libraries of internal functions, or abstract. */
  readonly contracts: Readonly<Record<string, CompiledContract>>;
}

/** From the page to the worker. */
export interface Request {
  readonly language: Language;
  readonly files: readonly SourceFile[];
  readonly optimize: boolean;
  /** Where the compiler and the library are, absolute. */
  readonly compiler: string;
  readonly library: string;
}

/** From the worker to the page. */
export type Response =
  /** Bytes of the compiler, or of the library, that have arrived. */
  | { readonly type: "loading"; readonly what: "compiler" | "library"; readonly loaded: number; readonly total: number | null }
  /** Everything is there, and the compiler begins. */
  | { readonly type: "compiling" }
  | { readonly type: "done"; readonly compilation: Compilation }
  /** It could not be loaded, or it failed itself. */
  | { readonly type: "failed"; readonly stage: "loading" | "compiling"; readonly message: string };
