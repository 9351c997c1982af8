import type { paper as english } from "../en/paper.ts";

export const paper: typeof english = {
  stale: "Dieser Lauf ist von einer früheren Fassung des Szenarios oder seiner Einstellungen.",
  figure: { graph: "Abhängigkeitsgraph", lanes: "Spuren", speedup: "Beschleunigung nach Workern" },
  transactions: "Transaktionen",
  number: "Nr.",
  route: "von → an",
  call: "Aufruf",
  gas: "Gas",
  status: "Status",
  readsFrom: "liest von",
  aborts: "Abbrüche",
  created: "neuer Vertrag",
  hot: "Umkämpfte Stellen",
  accounts: "Konten",
  account: "Konto",
  before: "Guthaben vorher",
  after: "Guthaben nachher",
  nonce: "Nonce",
  more: (count) => `und ${count} weitere, die die Seite zeigt`,
  made: (version, when) => `EVM Lanes ${version}, am ${when}`,
};
