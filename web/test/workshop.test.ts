// What the Contract tab's forms write into a scenario, and what it reads of one.
import { expect, test } from "vitest";
import type { AbiItem } from "../src/compiler/protocol.ts";
import { disassemble, readBytes } from "../src/workshop/disassembly.ts";
import { EditError, readWorld, withAccount, withContracts, withTransaction } from "../src/workshop/edit.ts";
import { argument, blank, callName, missing, replaced, shapeOf, signature, type Filled } from "../src/workshop/fields.ts";

const SCENARIO = `{
  // Two friends.
  "accounts": { "alice": "1 ether", "token": { "contract": "Token" } },
  "transactions": [
    { "from": "alice", "to": "bob" }, // the first
  ],
}
`;

test("what is written leaves comments and layout alone, one line each", () => {
  const contract = { abi: [{ type: "fallback" }], bytecode: "0x00", storageLayout: { storage: [], types: {} } };
  let text = withContracts(SCENARIO, { Box: contract }, [{ name: "Box.sol", text: 'contract Box {} // "$&"' }]);
  text = withAccount(text, "box", { contract: "Box", args: ["1 ether", [true, "$1"]] });
  text = withTransaction(text, { from: "bob", to: "box", call: "f", args: [] });
  expect(text).toContain("// Two friends.");
  expect(text).toContain("// the first");
  expect(text).toContain('"abi": [{ "type": "fallback" }]');
  expect(text).toContain('"box": { "contract": "Box", "args": ["1 ether", [true, "$1"]] }');
  expect(text).toContain('{ "from": "bob", "to": "box", "call": "f", "args": [] }');
  const world = readWorld(text);
  expect(world.contracts).toEqual({ Box: contract });
  expect(world.sources).toEqual([{ name: "Box.sol", text: 'contract Box {} // "$&"' }]);
  expect([...world.accounts]).toEqual([["alice", null], ["token", "Token"], ["box", "Box"]]);
  expect(world.transactions).toBe(2);
  // Again: in place of what is there, with new sources.
  const again = readWorld(withAccount(withContracts(text, { Box: { abi: [] } }, []), "box", {}));
  expect(again.contracts).toEqual({ Box: { abi: [] } });
  expect(again.sources).toEqual([]);
  expect(again.accounts.get("box")).toBe(null);
});

test("an empty text becomes a scenario, one with errors is left alone", () => {
  const text = withTransaction("", { from: "alice", to: "bob" });
  expect(readWorld(text).transactions).toBe(1);
  expect(readWorld(withTransaction("{}", { from: "alice" })).transactions).toBe(1);
  for (const broken of ['{ "transactions": [ }', "[]", "{ transactions }"]) {
    expect(() => withTransaction(broken, { from: "alice" }), broken).toThrow(EditError);
  }
  expect(readWorld("[").accounts.size).toBe(0);
  expect(readWorld('{ "accounts": [], "contracts": { "A": 3 }, "sources": { "a": 1 }, "transactions": {} }')).toMatchObject({ contracts: {}, sources: [], transactions: 0 });
});

const pair = { name: "p", type: "tuple[2][]", components: [{ name: "who", type: "address" }, { name: "on", type: "bool" }] };

test("every ABI type has its fields, and what is filled in becomes an argument", () => {
  const shape = shapeOf(pair);
  let filled: Filled = blank(shape);
  expect(argument(shape, filled)).toEqual([]);
  if (shape.kind !== "list") throw new Error("it is a list");
  filled = [blank(shape.item)];
  expect(missing("p", shape, filled)).toBe("p[0][0].who");
  filled = replaced(replaced(filled, [0, 0, 0], " alice "), [0, 1], ["bob", true]);
  expect(missing("p", shape, filled)).toBe(null);
  expect(argument(shape, filled)).toEqual([[["alice", false], ["bob", true]]]);
  expect(argument(shapeOf({ type: "string" }), " a ")).toBe(" a ");
  expect(missing("s", shapeOf({ type: "string" }), "")).toBe(null);
  expect(argument(shapeOf({ type: "uint8[1000]" }), "[1, 2]")).toEqual([1, 2]);
  expect(argument(shapeOf({ type: "uint8[1000]" }), "[1,")).toBe("[1,");
});

test("overloaded functions are called by their signature", () => {
  const item = (name: string, ...types: string[]): AbiItem => ({ type: "function", name, inputs: types.map((type) => ({ name: "", type })) });
  const abi = [item("f", "uint256"), item("f", "address"), item("g", "bytes")];
  expect(abi.map((f) => callName(f, abi))).toEqual(["f(uint256)", "f(address)", "g"]);
  expect(signature({ type: "function", name: "h", inputs: [pair] })).toBe("h((address,bool)[2][])");
});

test("bytecode is read and disassembled to its last byte", () => {
  expect(readBytes("0x6g")).toMatch(/“g” \(digit 2\)/);
  expect(readBytes("0x600")).toMatch(/odd number of hexadecimal digits \(3\)/);
  expect(readBytes("00".repeat((1 << 20) + 1))).toMatch(/more than 1048576 bytes/);
  const code = readBytes(" 5F\n54 6001 01 0c fe 61ff");
  if (typeof code === "string") throw new Error(code);
  expect(disassemble(code)).toEqual([
    { at: 0, name: "PUSH0", operand: null },
    { at: 1, name: "SLOAD", operand: null },
    { at: 2, name: "PUSH1", operand: "0x01" },
    { at: 4, name: "ADD", operand: null },
    { at: 5, name: "unknown 0x0c", operand: null },
    { at: 6, name: "INVALID", operand: null },
    // The code ends within the operand, where it reads as zero.
    { at: 7, name: "PUSH2", operand: "0xff00" },
  ]);
  expect(disassemble(new Uint8Array())).toEqual([]);
});
