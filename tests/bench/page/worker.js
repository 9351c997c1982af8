// @ethereumjs/vm on a thread of its own: one block, one call at a time.

import { Block } from "./ethereumjs.js";

let block;

const calls = {
  /** Of the lowered block at this address. */
  async prepare(address) {
    block = await Block.prepare(await (await fetch(address)).json());
  },
  time: () => block.time(),
  finish: () => block.finish(),
};

onmessage = async ({ data: { name, argument } }) => {
  try {
    postMessage({ result: await calls[name](argument) });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
