// Makes `examples/payment-channels`: states of channels, signed by both parties with fixed test keys.
import { concatBytes, hexToBytes } from "@noble/curves/utils.js";
import { addressOf, hex, keccak, sign, testKey, words, writeScenario } from "./words.mjs";

const CHANNELS = 25;
const CHAIN_ID = 1;
const DAY = 86400;
const DEPOSIT = 10n ** 18n;
const FINNEY = 10n ** 15n;
const NO_SALT = `0x${"00".repeat(32)}`;

const DOMAIN_TYPE = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)";
const STATE_TYPE = "State(bytes32 channel,uint64 version,uint128 ofA,bool last)";

const pairs = Array.from({ length: CHANNELS }, (_, index) => ({
  index,
  a: { name: `alice${index}`, key: testKey("payment-channels a", index) },
  b: { name: `bob${index}`, key: testKey("payment-channels b", index) },
}));

write("contended", {
  contract: "NumberedChannels",
  title: "Payment channels with a counter and one pot",
  description: "Twenty-five pairs have paid each other thousands of times off the chain; now they bring their last signed states, some agree and some dispute, while twelve new pairs open channels. The contract numbers channels and keeps account of all that is locked, so settling and opening wait for one another, although every pair divides only its own money. Stale states, forged signatures and impatience are refused. Try next: look at the disputes, which no counter ties together.",
  idOf: ({ index }) => words(index + 1),
});
write("parallel", {
  contract: "LedgerChannels",
  title: "Payment channels with a ledger",
  description: "The same twenty-five pairs and twelve new ones. A channel is known by the hash of its parties, opened out of credit and settled into credit, so that each transaction touches what belongs to its pair. Ether moves when credit is bought or withdrawn: the two withdrawals at the end wait for each other, and nobody else for them. Try next: let everybody withdraw, and see the queue come back.",
  idOf: ({ a, b }) => keccak(words(a.key.address, b.key.address, 0)),
});

function write(variant, { contract, title, description, idOf }) {
  const ledger = contract === "LedgerChannels";
  const domain = keccak(words(keccak(DOMAIN_TYPE), keccak("Channels"), keccak("1"), CHAIN_ID, addressOf("channels")));
  const call = (from, name, ...args) => ({ from, to: "channels", call: name, args });
  const payable = (from, value, name, ...args) => ({ ...call(from, name, ...args), ...(ledger ? {} : { value: String(value) }) });

  /** The arguments that bring the state `version`, in which A has `ofA`. */
  const state = (pair, version, ofA, last, signers = [pair.a, pair.b]) => {
    const id = idOf(pair);
    const content = keccak(words(keccak(STATE_TYPE), id, version, ofA, last ? 1 : 0));
    const digest = keccak(concatBytes(hexToBytes("1901"), domain, content));
    return [hex(id), version, String(ofA), ...signers.map(({ key }) => sign(digest, key))];
  };
  const versionOf = ({ index }) => 1000 + 37 * index;
  const ofA = ({ index }) => (DEPOSIT * 2n * BigInt(10 + index)) / 50n;

  const accounts = { channels: { contract, args: [DAY] } };
  for (const { a, b } of pairs) {
    accounts[a.name] = { address: a.key.address, balance: "100 ether" };
    accounts[b.name] = { address: b.key.address, balance: "100 ether" };
  }
  // New pairs open channels; with a ledger they deposit first.
  const newcomers = (prefix, seed) => ({
    generate: {
      count: 6, accounts: 6, seed, prefix,
      ...(ledger ? { setup: [{ ...call("{user}", "deposit"), value: "2 ether" }] } : {}),
      each: [payable("{user}", DEPOSIT, "open", "dave{number}", NO_SALT, String(DEPOSIT))],
    },
  });
  const setup = [];
  if (ledger) {
    for (const name of pairs.flatMap(({ a, b }) => [a.name, b.name])) {
      setup.push({ from: name, to: "channels", call: "deposit", value: "2 ether" });
    }
  }
  for (const pair of pairs) {
    setup.push(payable(pair.a.name, DEPOSIT, "open", pair.b.name, NO_SALT, String(DEPOSIT)));
    setup.push(payable(pair.b.name, DEPOSIT, "join", hex(idOf(pair)), String(DEPOSIT)));
  }

  const agree = pairs.slice(0, 14);
  const disagree = pairs.slice(14, 20);
  const [forged, stranger, over, impatient, patient] = pairs.slice(20);
  const settle = (pair) => call(pair.a.name, "settle", ...state(pair, versionOf(pair), ofA(pair), true));
  // One party brings an old state in which it had more.
  const close = (pair) => call(pair.a.name, "close", ...state(pair, 10, DEPOSIT * 2n - FINNEY * BigInt(pair.index), false));
  const dispute = (pair) => call(pair.b.name, "dispute", ...state(pair, versionOf(pair), ofA(pair), false));
  setup.push(close(patient));
  writeScenario("payment-channels", variant, {
    title,
    description,
    block: { sinceSetup: DAY + 3600 },
    accounts,
    setup,
    transactions: [
      newcomers("carol", 1),
      "// Both parties have signed a last state.",
      ...agree.map(settle),
      "// One party comes with an old state, the other answers with the newest.",
      ...disagree.flatMap((pair) => [close(pair), dispute(pair)]),
      "// The old state again, now that a newer one is known.",
      call(disagree[0].a.name, "dispute", ...state(disagree[0], 11, DEPOSIT * 2n, false)),
      "// A signature by somebody else.",
      call(forged.a.name, "close", ...state(forged, 9999, DEPOSIT * 2n, false, [forged.a, stranger.b])),
      "// A state of another channel.",
      call(stranger.a.name, "settle", hex(idOf(stranger)), ...state(agree[0], versionOf(agree[0]), ofA(agree[0]), true).slice(1)),
      "// More than there is.",
      call(over.a.name, "settle", ...state(over, 1, DEPOSIT * 3n, true)),
      "// Closing takes a day.",
      close(impatient),
      call(impatient.a.name, "finish", hex(idOf(impatient))),
      "// A day is over since this one began to close: the newest state comes too late.",
      dispute(patient),
      call(patient.a.name, "finish", hex(idOf(patient))),
      newcomers("erin", 2),
      ...(ledger
        ? [0, 1].map((i) => call(agree[i].b.name, "withdraw", String(DEPOSIT * 3n - ofA(agree[i]))))
        : []),
      "// Settled is settled.",
      settle(agree[0]),
    ],
  });
}
