import type { limits as english } from "../en/limits.ts";

export const limits: typeof english = {
  title: "Grenzen",
  introduction: "Was größer ist, wird mit einer Meldung abgelehnt, die die Grenze nennt; nichts Getipptes geht verloren. Ein Lauf lässt sich jederzeit abbrechen und endet sofort, was immer er tut.",
  caption: "Die Grenzen dieser Seite",
  what: "was",
  most: "höchstens",
  names: {
    text: "Text eines Szenarios",
    transactions: "Transaktionen eines Blocks",
    accounts: "Konten eines Szenarios",
    transactionGas: "Gas einer Transaktion",
    blockGas: "Gas aller Transaktionen",
    bytes: "Code, oder Daten einer Transaktion",
    data: "Daten aller Transaktionen",
    workers: "Worker",
    memory: "Speicher der Engine",
    speculations: "Versuche, die eine Transaktion unter Block-STM auf Verdacht beginnt; danach wartet sie auf alle vor ihr, und ihr nächster ist der letzte",
    imported: "Dateien, die zusammen importiert werden",
    link: "Zeichen eines Links; für eine Datei gilt das nicht",
    compilation: "Zeit für eine Übersetzung",
  },
  amount: (limit, value) => {
    if (limit === "compilation") return `${value / 1000} s`;
    if (limit === "text" || limit === "bytes" || limit === "data" || limit === "memory" || limit === "imported") return `${(value / 2 ** 20).toLocaleString("de")} MiB`;
    return value.toLocaleString("de");
  },
};
