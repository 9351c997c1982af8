// Makes `examples/optimistic-rollup`: the rollup's state, batches of transfers signed with fixed test keys, claims true and false,
// and the witnesses of disputed steps.
import { concatBytes } from "@noble/curves/utils.js";
import { bytes, hex, keccak, sign, testKey, words, writeScenario } from "./words.mjs";

const DEPTH = 4;
const ACCOUNTS = 1 << DEPTH;
const TRANSFERS = 4;
const DAY = 86400;
const CHAIN = hex(keccak("evm-lanes optimistic-rollup"));
const NONE = `0x${"00".repeat(32)}`;
const keys = Array.from({ length: ACCOUNTS }, (_, index) => testKey("optimistic-rollup", index));

/** The rollup's state: a Merkle tree of accounts, as `StateTransition` has it. */
class State {
  constructor(accounts) {
    this.accounts = accounts;
  }

  static genesis() {
    return new State(keys.map(({ address }) => ({ owner: address, balance: 1000, nonce: 0 })));
  }

  levels() {
    const levels = [this.accounts.map(({ owner, balance, nonce }) => keccak(words(owner, balance, nonce)))];
    while (levels.at(-1).length > 1) {
      const below = levels.at(-1);
      levels.push(Array.from({ length: below.length / 2 }, (_, i) => keccak(concatBytes(below[2 * i], below[2 * i + 1]))));
    }
    return levels;
  }

  get root() {
    return hex(this.levels().at(-1)[0]);
  }

  siblings(index) {
    return this.levels().slice(0, DEPTH).map((level, height) => hex(level[(index >> height) ^ 1]));
  }

  changed(index, change) {
    return new State(this.accounts.map((account, i) => (i === index ? { ...account, ...change } : account)));
  }

  /** The state after the sender has paid, or `null` if the transfer has no effect. */
  debited({ from, to, amount, valid }) {
    const { balance, nonce } = this.accounts[from];
    if (!valid || amount > balance || from === to) return null;
    return this.changed(from, { balance: balance - amount, nonce: nonce + 1 });
  }

  after(transfer) {
    const debited = this.debited(transfer);
    return debited?.changed(transfer.to, { balance: debited.accounts[transfer.to].balance + transfer.amount }) ?? this;
  }

  /** What `challenge` needs to execute a transfer on this state. */
  witness(transfer) {
    const { from, to } = transfer;
    const between = this.debited(transfer) ?? this;
    const account = ({ owner, balance, nonce }) => [owner, balance, nonce];
    return [account(this.accounts[from]), this.siblings(from), account(between.accounts[to]), between.siblings(to)];
  }
}

/** A transfer signed for the state it is made in; `by` signs in place of the sender. */
function transfer(state, from, to, amount, by = from) {
  const digest = keccak(words(CHAIN, from, to, amount, state.accounts[from].nonce));
  const [v, r, s] = sign(digest, keys[by]);
  return { from, to, amount, valid: by === from, encoded: [from, to, amount, v, r, s] };
}

/** A batch on top of `state`: its transfers, the states before and after each, its hash. */
function batch(state, make) {
  const transfers = [];
  const states = [state];
  for (let i = 0; i < TRANSFERS; i++) {
    transfers.push(make(states.at(-1), i));
    states.push(states.at(-1).after(transfers.at(-1)));
  }
  const rows = transfers.map(({ encoded: [from, to, amount, v, r, s] }) => words(from, to, amount, v, bytes(r), bytes(s)));
  const hash = keccak(concatBytes(words(32, transfers.length), ...rows));
  return { transfers: transfers.map(({ encoded }) => encoded), made: transfers, states, hash: hex(hash), roots: states.map(({ root }) => root) };
}

/** The id of a claim, as `assertRoots` makes it. */
function claimId(parent, batchHash, roots) {
  const rootsHash = keccak(concatBytes(words(32, roots.length), ...roots.map(bytes)));
  return hex(keccak(concatBytes(bytes(parent), bytes(batchHash), rootsHash)));
}

// Batches whose transfers are made one on top of the other, as a sequencer makes them.
const batches = [];
for (let n = 0, state = State.genesis(); n < 24; n++) {
  batches.push(batch(state, (now, i) => {
    // Two transfers in batch 1 have no effect: one with a forged signature, one that is not covered.
    if (n === 1 && i === 1) return transfer(now, 2, 9, 500, 9);
    if (n === 1 && i === 2) return transfer(now, 3, 9, 5000);
    return transfer(now, (n * 5 + i * 3) % ACCOUNTS, (n * 7 + i * 5 + 1) % ACCOUNTS, 10 + ((n * 13 + i * 29) % 90));
  }));
  state = batches.at(-1).states.at(-1);
}

/** Roots that say of the forged transfer in batch 1 that it was paid, and go on from there. */
function lie({ made, states, roots }) {
  const forged = { ...made[1], valid: true };
  const wrong = [...roots.slice(0, 2)];
  let state = states[1].after(forged);
  wrong.push(state.root);
  for (const next of made.slice(2)) wrong.push((state = state.after(next)).root);
  return wrong;
}

const call = (from, name, ...args) => ({ from, to: "rollup", call: name, args });
const post = (n, sender = `sequencer${n}`) => call(sender, "post", batches[n].transfers);
const claim = (n, parent, from, roots = batches[n].roots) => call(from, "assertRoots", parent, batches[n].hash, roots);
const challenge = (n, id, from, roots, step, witness = batches[n].states[step].witness(batches[n].made[step])) =>
  call(from, "challenge", id, roots, batches[n].transfers, step, witness);

const [first, second] = batches;
const firstId = claimId(NONE, first.hash, first.roots);
const lies = lie(second);
const falseId = claimId(firstId, second.hash, lies);
const trueId = claimId(firstId, second.hash, second.roots);
const accounts = (contract) => ({ rollup: { contract, args: [CHAIN, DAY, State.genesis().root] } });
const bonds = ["validator", "liar", "another"].map((from) => ({ from, to: "rollup", call: "depositBond", value: "5 ether" }));
// The first claim is a day old when the block begins.
const setup = [...bonds, post(0), post(1), claim(0, NONE, "validator")];
const block = { sinceSetup: DAY + 3600 };

writeScenario("optimistic-rollup", "contended", {
  title: "An optimistic rollup with one inbox and one latest claim",
  description: "Sequencers post batches of signed transfers, validators claim what the batches lead to, and a false claim is refuted by executing one transfer on the chain. Every batch extends one accumulator, so all posts wait for each other with their data; and every claim has to follow the latest, so the true claim about a batch must wait until the false one is refuted. Nobody refutes what is right. Try next: move the challenge to the end of the block.",
  block,
  accounts: accounts("ChainRollup"),
  setup,
  transactions: [
    "// The liar claims that a forged transfer was paid.",
    claim(1, firstId, "liar", lies),
    ...range(2, 8).map((n) => post(n)),
    "// Nobody can claim beside the latest claim.",
    claim(1, firstId, "validator"),
    "// A right step cannot be refuted; a witness of another state proves nothing.",
    challenge(1, falseId, "watcher0", lies, 0),
    challenge(1, falseId, "watcher1", lies, 1, second.states[0].witness(second.made[0])),
    challenge(1, falseId, "watcher2", lies, 1),
    claim(1, firstId, "validator"),
    ...range(8, 24).map((n) => post(n)),
    claim(2, trueId, "another"),
    "// A claim can be refuted once, and becomes final after a day.",
    challenge(1, falseId, "another", lies, 1),
    call("anybody", "finalise", firstId),
    call("anybody", "finalise", trueId),
  ],
});
writeScenario("optimistic-rollup", "parallel", {
  title: "An optimistic rollup with batches by hash and a tree of claims",
  description: "The same batches, claims and disputes. A batch is known by its hash and ordered by the claim that uses it, so posts have nothing in common; claims form a tree, so the true claim stands beside the false one and waits for nobody's dispute. What is left of the chain is that a claim follows its parent. Try next: let two validators claim the same, and see the second refused.",
  block,
  accounts: accounts("TreeRollup"),
  setup,
  transactions: [
    "// The liar claims that a forged transfer was paid.",
    claim(1, firstId, "liar", lies),
    ...range(2, 8).map((n) => post(n)),
    "// The truth, beside it.",
    claim(1, firstId, "validator"),
    "// A right step cannot be refuted; a witness of another state proves nothing.",
    challenge(1, falseId, "watcher0", lies, 0),
    challenge(1, falseId, "watcher1", lies, 1, second.states[0].witness(second.made[0])),
    challenge(1, falseId, "watcher2", lies, 1),
    ...range(8, 24).map((n) => post(n)),
    claim(2, trueId, "another"),
    "// A claim can be refuted once, and becomes final after a day; nothing can be built on a refuted one.",
    challenge(1, falseId, "another", lies, 1),
    claim(2, falseId, "liar", batches[2].roots),
    call("anybody", "finalise", firstId),
    call("anybody", "finalise", trueId),
  ],
});

function range(from, to) {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
