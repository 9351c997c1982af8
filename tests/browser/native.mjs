// The native bench as a process that answers: how long stock revm takes for a block, now. So a browser can take turns with it.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

export class NativeRevm {
  #process;
  #lines;

  /** Starts `command`, the bench of `crate/engine` with `--answer`. */
  constructor([program, ...words], cwd) {
    this.#process = spawn(program, words, { cwd, stdio: ["pipe", "pipe", "inherit"] });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Microseconds for the block of this id. */
  async time(id) {
    this.#process.stdin.write(`${id}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the native bench ended when it was asked for ${id}`);
    return Number(value);
  }

  end() {
    this.#process.stdin.end();
  }
}
