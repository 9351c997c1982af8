import type { choices as english } from "../en/choices.ts";
import { glossary } from "./glossary.ts";

export const choices: typeof english = {
  strategies: {
    "block-stm": { name: "Block-STM", text: glossary["block-stm"].text },
    ladder: { name: "Ladder", text: glossary.ladder.text },
    sequential: { name: "Sequenziell", text: glossary.sequential.text },
    "two-phase": { name: "Zwei Phasen", text: glossary["two-phase"].text },
    "ordered-merge": { name: "Geordnete Übernahme", text: glossary["ordered-merge"].text },
    locks: { name: "Sperren", text: glossary.locks.text },
    bal: { name: "Zugriffsliste (bal)", text: glossary.bal.text },
    dag: { name: "Orakel (dag)", text: glossary.dag.text },
  },
  clocks: {
    virtual: { name: "Virtuell", text: "Simulierte Worker; jede Transaktion kostet ihr Gas." },
    measured: { name: "Gemessen", text: "Echte Worker und echte Zeit." },
  },
  deltas: {
    none: { name: "Keine", text: "Keine Additionen: Jede Gebühr steht mit jeder anderen im Konflikt." },
    fees: { name: "Gebühren", text: "Was der Empfänger der Gebühren bekommt." },
    balances: { name: "Guthaben", text: "Jedes Guthaben, solange niemand genauer hinsieht als darauf, ob es reicht." },
    storage: {
      name: "Speicher",
      text: "Jedes Guthaben, und jeder Speicherplatz, der nur hinauf- oder hinuntergezählt wird, solange alles, was nach der Zahl gefragt wurde, dieselbe Antwort hat.",
    },
  },
  hints: {
    none: { name: "Keine", text: "Jede Abhängigkeit wird gefunden, indem man auf sie stößt." },
    senders: { name: "Je Absender", text: "Jede Transaktion folgt der vorherigen ihres Absenders." },
  },
  granularities: { account: "Konten", slot: "Speicherplätze", slotWithDeltas: "Mit Deltas" },
};
