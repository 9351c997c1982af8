import type { figure as english } from "../en/figure.ts";

export const figure: typeof english = {
  viewNames: {
    graph: "Abhängigkeitsgraph",
    timeline: "Spuren",
    speedup: "Beschleunigung",
    locations: "Heiße Stellen",
    transactions: "Transaktionen",
    detail: "Auswahl",
    state: "Zustand",
  },
  nothingToRun: "Es gibt kein Szenario auszuführen.",
  cancelled: "Der Lauf wurde abgebrochen.",
  nothingYet: "Noch wurde nichts ausgeführt.",
  waits: "Eine andere Abbildung läuft; diese ist die nächste.",
  recorded: "Früher aufgezeichnet.",
  recordedRepeat: "Früher aufgezeichnet; „Ausführen“ wiederholt es hier.",
  tooLong: "Das Szenario ist zu lang für eine Adresse.",
  open: "In EVM Lanes öffnen",
  permission: "Erlaubnis",
  load: "Laden",
  always: "Immer auf dieser Seite",
  no: "Nein",
  howToGetThreads: "Wie man Threads bekommt",
  noThreads: (reason) => `${reason} Die Ergebnisse sind dieselben; Zeiten auf der gemessenen Uhr gehören zu dieser Ausführung.`,
  readers: "Lesende: Öffnen Sie die Abbildung in einem eigenen Tab, oder verwenden Sie einen Browser, der einen Rahmen sich selbst isolieren lässt (Chrome oder Edge, ab 137).",
  authors:
    "Autoren: Liefern Sie embed.html mit Document-Isolation-Policy: isolate-and-credentialless, Cross-Origin-Embedder-Policy: require-corp und Cross-Origin-Resource-Policy: cross-origin aus. docs/hosting hat das für gängige Server, und einen Service Worker für die, bei denen man keine Header setzen kann.",

};
