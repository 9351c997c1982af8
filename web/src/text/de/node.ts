import type { node as english } from "../en/node.ts";
import { count, integer, noun } from "./grammar.ts";

export const node: typeof english = {
  about: (anvil, geth) => [
    "Die Seite fragt den Knoten selbst und sonst niemanden: den Block, seine Belege und den Zustand, den seine Transaktionen vorfanden. Der Knoten muss es erlauben (anvil mit ",
    anvil,
    ", geth mit ",
    geth,
    ").",
  ],
  address: "Adresse",
  take: "Nehmen",
  block: "einen Block",
  transactions: "Transaktionen",
  which: "Nummer, Hash oder latest",
  hashes: "Hashes, alle aus einem Block",
  chainId: "Chain-ID",
  any: "beliebig",
  fork: "Fork",
  foundOut: "ermittelt",
  remember: "Diese Adresse auf diesem Gerät behalten",
  forget: "Vergessen",
  fetch: "Holen",
  cancelled: "Abgebrochen; nichts wurde geändert.",
  notTaken: (why) => ["Kein Block wurde genommen: ", why],
  stages: { chain: "der Kette", block: "dem Block", receipts: "seinen Belegen", trace: "dem, was seine Transaktionen vorfanden", state: "seinem Zustand" },
  asking: (node) => `${node} wird gefragt…`,
  askingFor: (node, what, amounts) => `${node} wird nach ${what} gefragt: ${amounts}`,
  askingAgain: (seconds, why) => [`In ${seconds} s wird noch einmal gefragt, Grund: `, why, "."],
  taken: (block, number, chain, fork, transactions, traced, amounts) => [
    block(`Block ${number}`),
    ` der Kette ${chain}, ${fork}, ${count(transactions, "Transaktion", "Transaktionen")}; sein Zustand stammt ${traced ? "vom Tracer des Knotens" : "aus einzelnen Abfragen"}. Gebraucht wurden ${amounts}.`,
  ],
  agrees: "Gas und Status jeder Transaktion sind die ihres Belegs.",
  differ: (different, all) =>
    `${count(different, "Transaktion", "Transaktionen")} von ${all} ${different === 1 ? "weicht von ihrem Beleg ab" : "weichen von ihren Belegen ab"}:`,
  differences: "Abweichungen von den Belegen",
  transaction: "Transaktion",
  what: "Was",
  here: "Hier",
  receipt: "Beleg",
  more: (n) => `und ${count(n, "weitere Transaktion", "weitere Transaktionen")}`,
  use: "Diesen Block verwenden",
  amounts: (requests, kilobytes, accounts, slots, retries) =>
    [
      count(requests, "Anfrage", "Anfragen"),
      `${integer(kilobytes)} KB`,
      count(accounts, "Konto", "Konten"),
      count(slots, "Speicherplatz", "Speicherplätze"),
      ...(retries > 0 ? [`${integer(retries)} ${noun(retries, "Wiederholung", "Wiederholungen")}`] : []),
    ].join(", "),

  badChain: "Die Chain-ID ist eine Zahl: 1 für Ethereum, 31337 für anvil. Lassen Sie sie leer, um die des Knotens zu nehmen.",
  noHashes: "Nennen Sie die Hashes der Transaktionen, einen je Zeile.",
  noAddress: "Sagen Sie, wo der Knoten ist: http://127.0.0.1:8545 zum Beispiel.",
  noScheme: "Die Adresse muss mit http:// oder https:// beginnen.",
  notAddress: "Das ist keine Adresse. Eine sieht aus wie http://127.0.0.1:8545 oder https://rpc.example/key.",
  webSocket: "Die Seite fragt Knoten über http:// oder https://, nicht über WebSocket; die meisten Knoten antworten an derselben Stelle auf beides.",
  otherScheme: (scheme) => `Die Adresse muss mit http:// oder https:// beginnen, nicht mit ${scheme}//.`,
  credentials:
    "In der Adresse steht ein Benutzername oder ein Passwort, und Browser senden das nicht. Verwenden Sie eine Adresse mit einem Schlüssel im Pfad, oder einen Knoten, der keinen verlangt.",
  insecure:
    "Diese Seite kam über https, und Browser lassen eine solche Seite keinen Knoten über http:// fragen, wenn er nicht auf diesem Rechner ist. Verwenden Sie seine https://-Adresse, oder öffnen Sie die Seite von diesem Rechner (cargo xtask play).",
  notLoaded: (why) => `Was Knoten fragt, konnte nicht geladen werden (${why}). Versuchen Sie es noch einmal.`,
  gaveUp: (why) => `Was Knoten fragt, ist selbst gescheitert (${why || "ohne Angabe eines Grundes"}), ein Fehler von uns. Nichts ist verloren; versuchen Sie es noch einmal, oder nehmen Sie den Block als Dateien.`,
  stopped: "Abgebrochen.",
};
