// Makes `examples/airdrop`: Merkle trees over the recipients' names, and a proof for each of them.
import { concatBytes } from "@noble/curves/utils.js";
import { addressOf, hex, keccak, words, writeScenario } from "./words.mjs";

const RECIPIENTS = 48;
const ETHER = 10n ** 18n;

const recipients = Array.from({ length: RECIPIENTS }, (_, index) => {
  const name = `user${index}`;
  return { index, name, address: addressOf(name), amount: ETHER * BigInt(100 + ((index * 37) % 50) * 10) };
});
const supply = recipients.reduce((sum, { amount }) => sum + amount, 0n);
const shown = (amount) => `${amount / ETHER} ether`;

writeLoop();
writeBitmap();
writeClaims();

/** A Merkle tree over leaves in pairs, siblings in the order of their values: its root and the proof of each leaf. */
function tree(leaves) {
  const proofs = leaves.map(() => []);
  let level = leaves.map((node, i) => ({ node, members: [i] }));
  while (level.length > 1) {
    const next = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i], level[i + 1]];
      // A node without a sibling rises as it is.
      if (right === undefined) {
        next.push(left);
        continue;
      }
      for (const member of left.members) proofs[member].push(hex(right.node));
      for (const member of right.members) proofs[member].push(hex(left.node));
      const pair = hex(left.node) < hex(right.node) ? [left.node, right.node] : [right.node, left.node];
      next.push({ node: keccak(concatBytes(...pair)), members: [...left.members, ...right.members] });
    }
    level = next;
  }
  return { root: hex(level[0].node), proofs };
}

/** Hashed twice, as `Merkle.leafOf` says. */
function leaf(...values) {
  return keccak(keccak(words(...values)));
}

function writeLoop() {
  const batches = [];
  for (let at = 0; at < RECIPIENTS; at += 2) {
    const some = recipients.slice(at, at + 2);
    const args = [some.map(({ name }) => name), some.map(({ amount }) => shown(amount))];
    batches.push({ from: "owner", to: "airdrop", call: "drop", args });
  }
  const [first] = batches;
  writeScenario("airdrop", "contended", {
    title: "An airdrop in a loop",
    description: "The owner sends tokens to forty-eight accounts, two in a transaction. All batches are from one sender and take from one balance, so the block is a chain. A batch with somebody who has received already fails as a whole, and nobody but the owner can send one. Try next: make the batches larger, and see that the chain has fewer links and is no shorter.",
    accounts: {
      token: { contract: "Token", args: ["Drop", "DRP", "owner"] },
      airdrop: { contract: "LoopDrop", args: ["token", "owner"] },
    },
    setup: [{ from: "owner", to: "token", call: "mint", args: ["airdrop", shown(supply)] }],
    transactions: [
      ...batches.slice(0, 12),
      "// user0 and user1 have theirs already.",
      first,
      ...batches.slice(12),
      "// Not the owner.",
      { ...first, from: "mallory" },
    ],
  });
}

function writeBitmap() {
  const { root, proofs } = tree(recipients.map(({ index, address, amount }) => leaf(index, address, amount)));
  const claim = ({ index, name, amount }) => ({ from: name, to: "airdrop", call: "claim", args: [index, shown(amount), proofs[index]] });
  writeScenario("airdrop", "bitmap", {
    title: "An airdrop claimed in a bitmap",
    description: "The same forty-eight accounts claim for themselves with a Merkle proof, from different senders. It is a chain all the same: who has claimed is a bit, 256 of which share a slot, and all tokens come out of one balance. Claiming is not what makes the difference, what a claim writes is.",
    accounts: {
      token: { contract: "Token", args: ["Drop", "DRP", "owner"] },
      airdrop: { contract: "BitmapDrop", args: ["token", root] },
    },
    setup: [{ from: "owner", to: "token", call: "mint", args: ["airdrop", shown(supply)] }],
    transactions: [...recipients.map(claim), "// A second time.", claim(recipients[7])],
  });
}

function writeClaims() {
  const { root, proofs } = tree(recipients.map(({ address, amount }) => leaf(address, amount)));
  const claim = ({ index, name, amount }) => ({ from: name, to: "token", call: "claim", args: [shown(amount), proofs[index]] });
  const [first, second] = recipients;
  writeScenario("airdrop", "parallel", {
    title: "An airdrop claimed from the token itself",
    description: "The token is made for those in the list: its supply is fixed with the list's root, and a claim writes the claimant's balance and nothing that anybody else touches. No two claims wait for each other. Who claims twice, or more than the list says, or with another's proof, is refused. Try next: compare it with the variant bitmap, where the same people claim and stand in a queue.",
    accounts: { token: { contract: "ClaimToken", args: ["Drop", "DRP", root, shown(supply)] } },
    transactions: [
      ...recipients.map(claim),
      "// A second time.",
      claim(first),
      "// With another's proof, and somebody who is not in the list at all.",
      { ...claim(second), from: "mallory" },
      { from: "trudy", to: "token", call: "claim", args: ["1000 ether", proofs[3]] },
    ],
  });
}
