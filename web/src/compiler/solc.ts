// solc's own interface: C functions of an Emscripten module.

/** What is used of the module that soljson.js makes. */
export interface Soljson {
  cwrap(name: string, result: string | null, parameters: string[]): (...args: unknown[]) => unknown;
  addFunction(callback: (...args: number[]) => void, signature: string): number;
  UTF8ToString(pointer: number): string;
  stringToUTF8(text: string, pointer: number, length: number): void;
  lengthBytesUTF8(text: string): number;
  setValue(pointer: number, value: number, type: string): void;
}

/** Answers the compiler's questions for files it has not been given. */
export type ReadFile = (path: string) => { contents: string } | { error: string };

/** A function that takes standard JSON and returns standard JSON. */
export function compiler(module: Soljson): (input: string, read: ReadFile) => string {
  const compile = module.cwrap("solidity_compile", "string", ["string", "number", "number"]);
  const allocate = module.cwrap("solidity_alloc", "number", ["number"]);
  const reset = module.cwrap("solidity_reset", null, []);
  let answer: ReadFile = () => ({ error: "not supported" });

  /** Where the compiler looks for a text: memory of its own, which `reset` frees. */
  const put = (text: string, pointer: number): void => {
    const length = module.lengthBytesUTF8(text) + 1;
    const at = allocate(length) as number;
    module.stringToUTF8(text, at, length);
    module.setValue(pointer, at, "*");
  };
  const callback = module.addFunction((_context, kind, data, contents, error) => {
    const found = module.UTF8ToString(kind) === "source" ? answer(module.UTF8ToString(data)) : { error: "not supported" };
    if ("contents" in found) put(found.contents, contents);
    else put(found.error, error);
  }, "viiiii");

  return (input, read) => {
    answer = read;
    const output = compile(input, callback, 0) as string;
    reset();
    return output;
  };
}
