import { glossary } from "./glossary.ts";

/** What can be chosen, by its id. */
export const choices = {
  strategies: {
    "block-stm": { name: "Block-STM", text: glossary["block-stm"].text },
    ladder: { name: "Ladder", text: glossary.ladder.text },
    sequential: { name: "Sequential", text: glossary.sequential.text },
    "two-phase": { name: "Two-phase", text: glossary["two-phase"].text },
    "ordered-merge": { name: "Ordered merge", text: glossary["ordered-merge"].text },
    locks: { name: "Locks", text: glossary.locks.text },
    bal: { name: "Access list (bal)", text: glossary.bal.text },
    dag: { name: "Oracle (dag)", text: glossary.dag.text },
  },
  clocks: {
    virtual: { name: "Virtual", text: "Simulated workers; every transaction costs its gas." },
    measured: { name: "Measured", text: "Real workers and wall time." },
  },
  deltas: {
    none: { name: "None", text: "No additions: every fee payment conflicts with every other." },
    fees: { name: "Fees", text: "What the fee recipient is paid." },
    balances: { name: "Balances", text: "Every balance, as long as nobody looks at it closer than to see whether it is enough." },
    storage: {
      name: "Storage",
      text: "Every balance, and every slot that is only counted up or down, as long as all that was asked of the number has the same answer.",
    },
  },
  hints: {
    none: { name: "None", text: "Every dependency is found by running into it." },
    senders: { name: "Same sender", text: "Each transaction follows its sender's previous one." },
  },
  granularities: { account: "Accounts", slot: "Slots", slotWithDeltas: "With deltas" },
};
