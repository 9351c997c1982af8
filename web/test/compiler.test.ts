// The compiler as the page uses it: solc itself, its findings' places, what imports mean, and who ends it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, test, vi } from "vitest";
import { CompilerClient, CompilerError, SOLC, type WorkerLike } from "../src/compiler/client.ts";
import { LIBRARY, needsLibrary, resolve, type Library } from "../src/compiler/imports.ts";
import type { Compilation, Language, Request, Response, SourceFile } from "../src/compiler/protocol.ts";
import { compiler, type Soljson } from "../src/compiler/solc.ts";
import { compilation, input, positions } from "../src/compiler/standard-json.ts";
import { STARTERS } from "../src/workshop/starters.ts";

// The compiler takes seconds to start on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const require = createRequire(import.meta.url);
const solc = compiler(require("solc/soljson.js") as Soljson);
const folder = require.resolve("@openzeppelin/contracts/package.json").replace("package.json", "");
/** The library as the page has it, read file by file. */
const library = new Proxy({} as Library, {
  get: (_, path: string) => readFileSync(folder + path, "utf8"),
  getOwnPropertyDescriptor: (_, path: string) => {
    try {
      return { configurable: true, enumerable: true, value: readFileSync(folder + path, "utf8") };
    } catch {
      return undefined;
    }
  },
});

function compile(files: readonly SourceFile[], language: Language = "Solidity"): Compilation {
  return compilation(solc(input(language, files, true), (path) => resolve(path, library)), files);
}

const file = (text: string, name = "A.sol"): SourceFile => ({ name, text });
const errors = ({ findings }: Compilation) => findings.filter(({ severity }) => severity === "error");

test("the version is the package's, and that of the example contracts", () => {
  const { version } = require("solc/package.json") as { version: string };
  expect(SOLC).toBe(version);
  const { devDependencies } = JSON.parse(readFileSync(new URL("../../examples/contracts/package.json", import.meta.url), "utf8")) as { devDependencies: { solc: string } };
  expect(devDependencies.solc).toBe(version);
});

test("the example of each language compiles without a finding", () => {
  const solidity = compile([STARTERS.Solidity]);
  expect(solidity.findings).toEqual([]);
  const { abi, bytecode, storageLayout } = solidity.contracts.Counter;
  expect(abi.map(({ name }) => name)).toContain("count");
  expect(bytecode).toMatch(/^0x60[0-9a-f]+$/);
  expect(JSON.stringify(storageLayout)).toContain('"label":"countOf"');
  const yul = compile([STARTERS.Yul], "Yul");
  expect(errors(yul)).toEqual([]);
  expect(yul.contracts.Counter.bytecode).toMatch(/^0x[0-9a-f]+$/);
});

test("errors have the compiler's words and their place, in characters and not in bytes", () => {
  const [error] = errors(compile([file('// SPDX-License-Identifier: MIT\npragma solidity ^0.8.0;\ncontract A { string s = unicode"é𝄞"; uint x = tru; }\n')]));
  expect(error).toMatchObject({ severity: "error", kind: "DeclarationError", message: "Undeclared identifier.", file: "A.sol", line: 3 });
  expect(error.column).toBe('contract A { string s = unicode"é𝄞"; uint x = '.length + 1);
  expect(positions("é\r\nab", 4, 5)).toEqual([[2, 1], [2, 2]]);
});

test("what cannot be is said: a recursive type, an array without end, a constructor's cycle", () => {
  const contract = (body: string) => errors(compile([file(`// SPDX-License-Identifier: MIT\npragma solidity ^0.8.0;\ncontract A { ${body} }`)]));
  expect(contract("struct S { S s; } S s;")[0].message).toContain("Recursive struct definition");
  expect(contract("uint[2**256] a;")[0].message).toMatch(/array/i);
  expect(contract("uint[2**255] a; uint[2**255] b;")[0].message).toContain("requires too much storage");
  expect(contract("A a = new A();")[0].message).toMatch(/[Cc]ircular/);
});

test("nesting without end is an error or a failure that is told, never a hang", () => {
  const deep = (depth: number) => [file(`// SPDX-License-Identifier: MIT\npragma solidity ^0.8.0;\ncontract A { uint x = ${"(".repeat(depth)}1${")".repeat(depth)}; }`)];
  const started = performance.now();
  expect(errors(compile(deep(3000)))[0].message).toMatch(/recursion|nested/i);
  expect(performance.now() - started).toBeLessThan(20_000);
});

test("several files, and the library's files with what they import", () => {
  const token = file(
    `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.20;
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {fee} from "./fees/Fee.sol";
contract Coin is ERC20, Ownable {
  constructor(address owner) ERC20("Coin", "C") Ownable(owner) { _mint(owner, fee(100)); }
}`,
    "Coin.sol",
  );
  const fee = file("// SPDX-License-Identifier: MIT\npragma solidity ^0.8.20;\nfunction fee(uint x) pure returns (uint) { return x + 1; }", "fees/Fee.sol");
  const both = compile([token, fee]);
  expect(both.findings).toEqual([]);
  // Only one's own contracts: those of the library are parts of it.
  expect(Object.keys(both.contracts)).toEqual(["Coin"]);
  const [missing] = errors(compile([token]));
  expect(missing.message).toContain("there is no such file here");
  expect(missing).toMatchObject({ file: "Coin.sol", line: 5 });
});

test("what is imported from elsewhere is not loaded", () => {
  expect(needsLibrary([file("import '@openzeppelin/contracts/token/ERC20/ERC20.sol';")])).toBe(true);
  expect(needsLibrary([STARTERS.Solidity])).toBe(false);
  expect(resolve("https://example.com/A.sol", library)).toMatchObject({ error: expect.stringContaining("loads nothing") as string });
  expect(resolve(`${LIBRARY}token/None.sol`, library)).toMatchObject({ error: expect.stringContaining("no file token/None.sol") as string });
  expect(resolve(`${LIBRARY}constructor`, {})).toHaveProperty("error");
});

/** A worker that does as it is told. */
class Fake implements WorkerLike {
  onmessage: Worker["onmessage"] = null;
  onerror: Worker["onerror"] = null;
  terminate = vi.fn<() => void>();
  asked: Request[] = [];
  postMessage(request: unknown): void {
    this.asked.push(request as Request);
  }
  say(data: Response): void {
    this.onmessage?.call(this as unknown as Worker, { data } as MessageEvent<Response>);
  }
}

function clientWith(): { client: CompilerClient; workers: Fake[] } {
  const workers: Fake[] = [];
  const spawn = (): Fake => {
    workers.push(new Fake());
    return workers[workers.length - 1];
  };
  return { client: new CompilerClient({ spawn, base: "http://here/compiler/" }), workers };
}

test("nothing is started before something is compiled, and one worker does for all", async () => {
  const { client, workers } = clientWith();
  expect(workers).toHaveLength(0);
  const result = { findings: [], contracts: {} };
  for (let i = 0; i < 2; i++) {
    const done = client.compile("Solidity", [STARTERS.Solidity]);
    workers[0].say({ type: "compiling" });
    workers[0].say({ type: "done", compilation: result });
    expect(await done).toBe(result);
  }
  expect(workers).toHaveLength(1);
  expect(workers[0].asked[1].compiler).toBe(`http://here/compiler/solc-${SOLC}.js`);
  expect(workers[0].terminate).not.toHaveBeenCalled();
});

test("a compilation without end is ended, loading is not counted, and the next one has a worker of its own", async () => {
  vi.useFakeTimers();
  try {
    const { client, workers } = clientWith();
    const endless = client.compile("Solidity", [], { limit: 2000 });
    const outcome = expect(endless).rejects.toThrow(/ended after 2 seconds, the limit for one compilation/);
    vi.advanceTimersByTime(60_000);
    expect(workers[0].terminate).not.toHaveBeenCalled();
    workers[0].say({ type: "compiling" });
    vi.advanceTimersByTime(2001);
    await outcome;
    expect(workers[0].terminate).toHaveBeenCalledOnce();
    const next = client.compile("Solidity", []);
    expect(workers).toHaveLength(2);
    workers[1].say({ type: "failed", stage: "loading", message: "404" });
    await expect(next).rejects.toThrow(CompilerError);
    const cancelled = client.compile("Yul", []);
    client.cancel();
    await expect(cancelled).rejects.toThrow(/cancelled/);
  } finally {
    vi.useRealTimers();
  }
});
