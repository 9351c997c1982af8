// Makes `examples/bug-bounty`: reports known by the hash of who found what.
import { concatBytes } from "@noble/curves/utils.js";
import { addressOf, hex, keccak, words, writeScenario } from "./words.mjs";

const PROGRAMMES = 8;
const REPORTS = 20;

const findings = Array.from({ length: REPORTS }, (_, index) => {
  const reporter = `hunter${index}`;
  const text = `Finding ${index}: a balance can be counted twice`;
  // Every programme gets findings, the first one most.
  return { index, reporter, text, report: hashOf(reporter, text), programme: index < 4 ? 1 : (index % PROGRAMMES) + 1 };
});

write("contended", {
  contract: "BountyPool",
  title: "Bug bounties out of a common pot",
  description: "Eight programmes pay for reported faults out of one pot, and reports get numbers for the whole platform. Twenty reports are accepted, rejected or decided by an arbiter while thirty-two others come in. Each new report waits for the number of the last, each reward for the pot. Who reveals another text than was committed, judges another's programme or overrules without being the arbiter is refused. Try next: accept a report twice.",
});
write("parallel", {
  contract: "BountyEscrow",
  title: "Bug bounties with an escrow for each programme",
  description: "The same reports. Each programme has an escrow, so only rewards of one programme wait for each other, because each must still find enough there; and a report needs no number, its hash is one. The programme with the small escrow cannot pay its second reward out of other sponsors' money. Try next: move all reports to one programme.",
});

/** `keccak256(abi.encode(reporter, text))` as a number. */
function hashOf(reporter, text) {
  const data = new TextEncoder().encode(text);
  const padded = new Uint8Array(Math.ceil(data.length / 32) * 32);
  padded.set(data);
  return hex(keccak(concatBytes(words(addressOf(reporter), 64, data.length), padded)));
}

function write(variant, { contract, title, description }) {
  const call = (from, name, ...args) => ({ from, to: "bounties", call: name, args });
  const sponsorOf = (programme) => `sponsor${programme}`;
  const setup = [];
  for (let programme = 1; programme <= PROGRAMMES; programme++) {
    setup.push(call(sponsorOf(programme), "open", programme, ["0.1 ether", "0.5 ether", "2 ether", "10 ether"]));
    // The last one is short of money.
    const funds = programme === PROGRAMMES ? "2.5 ether" : "30 ether";
    setup.push({ ...call(sponsorOf(programme), "fund", programme), value: funds });
  }
  for (const { reporter, programme, report } of findings) setup.push(call(reporter, "commit", programme, report));
  const revealed = findings.slice(0, 18);
  for (const { reporter, report, text } of revealed) setup.push(call(reporter, "reveal", report, text));

  const newcomers = (prefix, seed, first) => ({
    generate: {
      count: 16, accounts: 16, seed, skew: 0, prefix,
      draw: { programme: { of: Array.from({ length: PROGRAMMES }, (_, i) => i + 1) }, report: { from: first } },
      each: [call("{user}", "commit", "{programme}", "{report}")],
    },
  });
  const accept = ({ programme, report }, severity) => call(sponsorOf(programme), "accept", report, severity);
  const [late, forgetful] = findings.slice(18);
  const short = findings.filter(({ programme }) => programme === PROGRAMMES);
  const others = revealed.filter(({ programme, index }) => programme !== PROGRAMMES && index >= 4);
  const rejected = revealed.slice(0, 3);
  writeScenario("bug-bounty", variant, {
    title,
    description,
    accounts: { bounties: { contract, args: ["arbiter"] } },
    setup,
    transactions: [
      newcomers("newcomer", 1, 1),
      ...others.map((finding, i) => accept(finding, i % 4)),
      "// Two rewards of 2 ether, where the programme has locked 2.5: the common pot pays both, an escrow only the first.",
      ...short.slice(0, 2).map((finding) => accept(finding, 2)),
      "// Rejected, and overruled by the arbiter: by nobody else, and no report that was not rejected.",
      ...rejected.map(({ report }) => call(sponsorOf(1), "reject", report)),
      call("arbiter", "overrule", rejected[0].report, 3),
      call("mallory", "overrule", rejected[1].report, 3),
      call("arbiter", "overrule", revealed[3].report, 3),
      "// A sponsor judges reports to its own programme only.",
      call(sponsorOf(2), "accept", revealed[3].report, 0),
      "// What is revealed must be what was committed, and by whom.",
      call(late.reporter, "reveal", late.report, late.text),
      call(forgetful.reporter, "reveal", forgetful.report, "Finding 19: something else"),
      call("mallory", "reveal", forgetful.report, forgetful.text),
      newcomers("latecomer", 2, 1001),
      "// A reward is withdrawn once.",
      call(others[0].reporter, "withdraw"),
      call(others[0].reporter, "withdraw"),
    ],
  });
}
