// A block as @ethereumjs/vm executes it, one transaction after another. It is given what our engine is given: the state
// before the block in memory, and each transaction's sender.

import { createBlock } from "@ethereumjs/block";
import { createCustomCommon, Mainnet } from "@ethereumjs/common";
import { Caches, MerkleStateManager } from "@ethereumjs/statemanager";
import { createTx } from "@ethereumjs/tx";
import { bytesToHex, createAccount, createAddressFromString, hexToBytes } from "@ethereumjs/util";
import { createVM, runTx } from "@ethereumjs/vm";

/** A block, ready to be executed as often as wanted. */
export class Block {
  #vm;
  #block;
  #transactions;

  /** Takes what `crate/engine/benches/blocks/write.rs` writes as lowered. */
  static async prepare(lowered) {
    const common = createCustomCommon({ chainId: lowered.chainId }, Mainnet, { hardfork: lowered.fork });
    // All of the state stays in caches: its trie is empty until a root is asked for, and what is not there is found out fast.
    const stateManager = new MerkleStateManager({ common, caches: new Caches() });
    await stateManager.checkpoint();
    for (const [text, { balance, nonce, code, storage }] of Object.entries(lowered.accounts)) {
      const address = createAddressFromString(text);
      await stateManager.putAccount(address, createAccount({ balance: BigInt(balance), nonce: BigInt(nonce) }));
      if (code) await stateManager.putCode(address, hexToBytes(code));
      for (const [slot, value] of Object.entries(storage)) {
        await stateManager.putStorage(address, hexToBytes(slot), hexToBytes(value));
      }
    }
    const prepared = new Block();
    prepared.#vm = await createVM({ common, stateManager });
    prepared.#block = createBlock({ header: lowered.block }, { common, skipConsensusFormatValidation: true });
    prepared.#transactions = lowered.transactions.map((transaction) => signedBy(transaction, common));
    return prepared;
  }

  /** How long the transactions take, in milliseconds, and how much gas each uses. The state stays as it was. */
  async time() {
    await this.#vm.stateManager.checkpoint();
    const result = await this.#execute();
    await this.#vm.stateManager.revert();
    return result;
  }

  /** The same once more, and the root of the state after the block, `0x…`. To be called last: the state stays that. */
  async finish() {
    const result = await this.#execute();
    await this.#vm.stateManager.commit();
    return { ...result, stateRoot: bytesToHex(await this.#vm.stateManager.getStateRoot()) };
  }

  async #execute() {
    const gasUsed = [];
    const start = performance.now();
    for (const tx of this.#transactions) {
      const { totalGasSpent } = await runTx(this.#vm, { tx, block: this.#block });
      gasUsed.push(Number(totalGasSpent));
    }
    return { time: performance.now() - start, gasUsed };
  }
}

/** A transaction that knows its sender without a signature. */
function signedBy({ from, to, nonce, gasLimit, gasPrice, priorityFee, value, data }, common) {
  const fees =
    priorityFee === null ? { type: 0, gasPrice } : { type: 2, maxFeePerGas: gasPrice, maxPriorityFeePerGas: priorityFee };
  const fields = { ...fees, nonce, gasLimit, value, data, ...(to && { to }) };
  const transaction = createTx(fields, { common, freeze: false });
  const sender = createAddressFromString(from);
  transaction.getSenderAddress = () => sender;
  return transaction;
}
