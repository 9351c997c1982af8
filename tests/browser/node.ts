// A real node for the page to ask: anvil of the package in tests/node, on a port of its own.

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";

const packages = new URL("../node/node_modules/@foundry-rs/", import.meta.url);

/** The first of anvil's accounts, whose keys it holds. */
const ALICE = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
/** The second. */
const BOB = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/** Where anvil is; `null` if `npm ci` in tests/node did not bring it. */
export function findAnvil(): string | null {
  const folders = existsSync(packages) ? readdirSync(packages) : [];
  const files = folders.flatMap((folder) => ["bin/anvil", "bin/anvil.exe"].map((file) => new URL(`${folder}/${file}`, packages)));
  return files.find((file) => existsSync(file) && !/\/anvil\/bin/.test(file.pathname))?.pathname ?? null;
}

/** A running node, which mines when it is told to. */
export class Anvil {
  readonly #process: ChildProcess;
  readonly address: string;

  private constructor(process: ChildProcess, address: string) {
    this.#process = process;
    this.address = address;
  }

  static async start(program: string, ...more: string[]): Promise<Anvil> {
    const process = spawn(program, ["--port", "0", "--no-mining", "--order", "fifo", ...more], { stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: process.stdout! });
    return new Promise((resolve, reject) => {
      process.on("error", reject);
      process.on("exit", (code) => reject(new Error(`anvil ended with ${code}`)));
      // Read to its end: it would stop at a full pipe.
      lines.on("line", (line) => {
        const place = /^Listening on (.*)$/.exec(line)?.[1];
        if (place) resolve(new Anvil(process, `http://${place}`));
      });
    });
  }

  stop(): void {
    this.#process.kill();
  }

  async call<T>(method: string, ...params: unknown[]): Promise<T> {
    const answer = await fetch(this.address, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }) });
    const { result, error } = (await answer.json()) as { result: T; error?: unknown };
    if (error) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  }

  async send(from: string, fields: object): Promise<string> {
    return this.call("eth_sendTransaction", { from, gas: "0x200000", ...fields });
  }

  /** A token, and a block of transfers of it and of ether, of which one fails; the block's number and its transactions. */
  async mineTransfers(): Promise<{ number: string; hashes: string[] }> {
    const deployment = await this.send(ALICE, { data: token() });
    await this.call("evm_mine");
    const { contractAddress: to } = await this.call<{ contractAddress: string }>("eth_getTransactionReceipt", deployment);
    await this.send(ALICE, { to, data: call("40c10f19", address(ALICE), number(1000)) });
    await this.call("evm_mine");
    const hashes = [
      await this.send(ALICE, { to, data: call("a9059cbb", address(BOB), number(5)) }),
      await this.send(BOB, { to, data: call("a9059cbb", address(ALICE), number(3)) }),
      await this.send(BOB, { to: ALICE, value: "0x10" }),
      // More than he has.
      await this.send(BOB, { to, data: call("a9059cbb", address(ALICE), number(9999)) }),
      await this.send(ALICE, { to: "0x00000000000000000000000000000000000abcde", value: "0x1" }),
    ];
    await this.call("evm_mine");
    return { number: await this.call<string>("eth_blockNumber"), hashes };
  }
}

/** A server that is no node; it ends with the returned function. */
export async function serve(listener: RequestListener): Promise<{ address: string; server: Server }> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

export async function body(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) text += String(part);
  return text;
}

/** Init code of the Token of examples/contracts: (name, symbol, owner). */
function token(): string {
  const file = new URL("../../examples/contracts/contracts.json", import.meta.url);
  const all = JSON.parse(readFileSync(file, "utf8")) as { name: string; bytecode: string }[];
  const { bytecode } = all.find(({ name }) => name === "Token")!;
  const word = (text: string): string => number(text.length) + Buffer.from(text).toString("hex").padEnd(64, "0");
  return `0x${bytecode.replace(/^0x/, "")}${number(0x60)}${number(0xa0)}${address(ALICE)}${word("Gold")}${word("GLD")}`;
}

const number = (value: number): string => value.toString(16).padStart(64, "0");
const address = (value: string): string => value.slice(2).toLowerCase().padStart(64, "0");
const call = (selector: string, ...words: string[]): string => `0x${selector}${words.join("")}`;
