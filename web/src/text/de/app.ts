import type { app as englishApp, editor as englishEditor, help as englishHelp, intakeEntry as englishIntakeEntry } from "../en/app.ts";
import { count } from "./grammar.ts";

export const app: typeof englishApp = {
  tagline: "Was in einem Block zugleich läuft, was wartet, und warum",
  newBlock: "Neuer Block",
  newScenario: `{
  "title": "Meine zwei Transaktionen",
  "transactions": [
    { "from": "alice", "to": "carol",
      "value": "1 ether" },

    { "from": "bob", "to": "dave",
      "value": "1 ether" },
  ],
  // Sie haben nichts gemeinsam, also
  // laufen beide gleichzeitig. Nun aus
  // "dave" "carol" machen: Ausführen.
  // Jeder Name ist ein Konto mit
  // reichlich Ether.
}
`,
  example: "Beispiel",
  examples: "Beispiele",
  examplesOwnText: "Beispiele (eigener Text)",
  gallery: "Galerie",
  lessons: "Lektionen",
  lessonsFailed: "Lektionen (nicht geladen, noch einmal versuchen)",
  intake: "Öffnen / Speichern",
  backToMyText: "Zurück zu meinem Text",
  share: "Teilen",
  shareFailed: "Teilen (nicht geladen, noch einmal versuchen)",
  embed: "Einbetten",
  helpAndGlossary: "Hilfe und Glossar",
  colours: (theme) => `Farben: ${theme}`,
  changeColours: (theme) => `Farben: ${theme}. Ändern.`,
  themes: { system: "wie das System", light: "hell", dark: "dunkel" },
  dismiss: "Verwerfen",
  views: "Ansichten",
  panes: { transactions: "Block", json: "JSON", contract: "Contract", setup: "Lauf", graph: "Graph", lanes: "Spuren", details: "Mehr" },
  scenario: "Szenario",
  scenarioAs: "Szenario als",
  sources: { transactions: "Transaktionen", json: "JSON", contract: "Contract" },
  run: "Lauf",
  graph: "Abhängigkeitsgraph",
  lanes: "Spuren",
  figures: "Zahlen",
  details: {
    speedup: "Beschleunigung",
    compare: "Vergleich",
    runs: "Zwei Läufe",
    hot: "Heiße Stellen",
    memory: "Speicher",
    opcodes: "Opcodes",
    "what-if": "Was wäre wenn",
    state: "Zustand",
  },
  selection: "Auswahl",
  tabFailed: "Dieser Reiter konnte nicht geladen werden.",
  tryAgain: "Noch einmal versuchen",
  loading: "Wird geladen…",
  close: "Schließen",
};

export const help: typeof englishHelp = {
  title: "Hilfe",
  introduction:
    "EVM Lanes führt einen Block von Ethereum-Transaktionen zweimal aus: einmal der Reihe nach und einmal parallel. Es zeigt, was zugleich lief, was nicht konnte und warum, und vergleicht die beiden Ergebnisse. Wählen Sie ein Beispiel oder schreiben Sie ein eigenes Szenario, und führen Sie es aus. Eine Transaktion, eine Stelle oder ein Ereignis, das Sie in einer Ansicht auswählen, ist in allen ausgewählt.",
  private: "Alles geschieht in diesem Browser. Nichts wird irgendwohin gesendet.",
  keys: "Tasten",
  wheel: "In einem Bild vergrößert das Mausrad, sobald Sie hineingeklickt haben, oder mit gehaltener Strg-Taste; ziehen verschiebt, zwei Finger vergrößern.",
  words: "Begriffe",
  language: "Sprache",
  tooLarge: "Was auf der Seite ist, ist zu groß, um es zu behalten, während sie neu geladen wird. Speichern Sie es zuerst als Datei (Öffnen / Speichern), laden Sie ein Beispiel, und wechseln Sie dann die Sprache.",
  languageNote: "Was die Engine schreibt, die Beispiele und die Lektionen sind auf Englisch.",
};

export const editor: typeof englishEditor = {
  label: "Szenario, JSON mit Kommentaren",
  noProblems: (transactions) => `Keine Fehler. ${count(transactions, "Transaktion", "Transaktionen")}.`,
  reading: "Wird gelesen…",
  found: (errors, warnings) => `${count(errors, "Fehler", "Fehler")}, ${count(warnings, "Warnung", "Warnungen")}`,
  severities: { error: "Fehler", warning: "Warnung" },
  foreign: (what) => ["Das ist: ", what, "."],
  foreignLacking: (what, lacking) => ["Das ist: ", what, ", und noch kein Szenario: ", lacking],
  complete: "Ergänzen…",
  convert: "Ein Szenario daraus machen",
};

export const intakeEntry: typeof englishIntakeEntry = {
  drop: "Dateien hier ablegen, um sie zu öffnen: ein Szenario, oder was ein anderes Werkzeug geschrieben hat",
  failed: "Was andere Formate liest, konnte nicht geladen werden.",
};
