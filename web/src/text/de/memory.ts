import type { memory as english } from "../en/memory.ts";
import { count } from "./grammar.ts";

export const memory: typeof english = {
  notYet: "Der Speicher kann nach dem ersten Lauf angesehen werden.",
  select: "Wählen Sie eine Stelle: eine Raute im Graphen, eine Zeile der heißen Stellen, oder was eine Transaktion gelesen oder geschrieben hat. In der Wiedergabe zeigt ein Abbruch seine eigene.",
  label: "Versionen einer Stelle",
  atEnd: "am Ende",
  atPlayhead: "am Abspielkopf",
  looking: "Wird nachgesehen…",
  nothing: "Noch hat sie niemand geschrieben oder gelesen.",
  some: (shown, total) => `${shown} von ${count(total, "Version", "Versionen")}, um die Transaktion am Abspielkopf`,
  incomplete: "Der Lauf war so groß, dass nicht alles behalten wurde: Versionen und Lesende können fehlen.",
  writtenBy: "geschrieben von",
  value: "Wert",
  state: "Zustand",
  readBy: "gelesen von",
  beforeBlock: "vor dem Block",
  states: {
    published: "kann gelesen werden",
    estimate: "Schätzung: wird gleich noch einmal geschrieben",
    atCommit: "wird beim Festschreiben addiert",
    committed: "festgeschrieben",
    gone: "nicht mehr da",
    foretold: "vorhergesagt",
  },
  asDelta: (state, delta) => [state, ", als ", delta("Delta")],
  more: (n) => `und ${n} weitere`,
  picture: (versions, readers) =>
    `${count(versions, "Version", "Versionen")} und ${count(readers, "Lesender", "Lesende")}, in der Reihenfolge des Blocks. Die Tabelle sagt dasselbe.`,
  written: "geschrieben",
  block: "Block",
  legend: "Was die Zeichen bedeuten",
  left: (n) => `und ${n} weitere Versionen und Lesende, in der Tabelle`,
  undone: (reader) => `${reader} ungültig`,
  executing: (reader) => `${reader} läuft`,
  transaction: (name) => `Transaktion ${name}`,
};
