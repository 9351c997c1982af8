import type { intake as english } from "../en/intake.ts";
import { count } from "./grammar.ts";

export const intake: typeof english = {
  title: "Öffnen und speichern",
  open: "Dateien und Texte öffnen",
  formats:
    "Szenarien, rohe Transaktionen, Blöcke, Transaktionen und Belege aus JSON-RPC, Ausgaben von prestateTracer, Eingaben für t8n, Ethereum-Tests, Zugriffslisten, Broadcasts von Foundry, Dumps von anvil. Was zusammengehört, wird zusammen geöffnet: ein Block und der Zustand vor ihm.",
  files: "Dateien",
  text: "Text",
  addText: "Text hinzufügen",
  replace: "Das Szenario ersetzen",
  save: "Das Szenario speichern",
  scenario: "Szenario",
  asTyped: "wie getippt",
  exports: {
    t8n: { name: "Eingabe für evm t8n", about: "alloc, env und txs" },
    raw: { name: "Rohe Transaktionen", about: "signierte, eine je Zeile" },
    cast: { name: "Skript für anvil", about: "Foundrys cast spielt den Block nach" },
  },
  notRecognised: "nicht erkannt",
  characters: (n) => count(n, "Zeichen", "Zeichen"),
  remove: "Entfernen",
  removeThis: (name) => `${name} entfernen`,
  moreProblems: (n) => `und ${count(n, "weiterer Fehler", "weitere Fehler")}`,
  reading: "Wird gelesen…",
  notYet: "Noch kein Szenario: Fügen Sie oben hinzu, was fehlt, als Datei oder als Text, oder entfernen Sie, was falsch ist.",
  ready: "Daraus wird ein Szenario. Das im Editor wird behalten, um zu ihm zurückzugehen.",
  writing: "Wird geschrieben…",
  notSaved: (why) => ["Nichts wurde gespeichert: ", why],
  savedAll: (file) => `${file} enthält alles.`,
  savedWithout: (file, things) => `In ${file} ${things === 1 ? "fehlt" : "fehlen"} ${count(things, "Sache", "Sachen")}:`,
  pasted: (number) => `Text ${number}`,
  editorsText: "der Text des Editors",

  tooLarge: (file, size, most) => `${file} hat ${size}: Zusammen werden nicht mehr als ${most} gelesen. Lassen Sie weg, was der Block nicht braucht.`,
  unreadable: (file, why) => `${file} konnte nicht gelesen werden (${why}). Wenn es ein Ordner ist, wählen Sie die Dateien darin.`,
  linkNoAddress: (link) => `Der Link verlangt „${link}“, was keine Adresse ist.`,
  linkElsewhere: (site) => `Der Link verlangt eine Datei einer anderen Website (${site}), und die Seite lädt von dort nichts. Speichern Sie die Datei, und öffnen Sie sie hier.`,
  linkNotThere: (path, status) => `Der Link verlangt ${path}, das es nicht gibt${status === null ? "" : ` (${status})`}. Öffnen Sie die Datei stattdessen hier.`,
  linkTooLarge: (path, most) => `Der Link verlangt ${path}, das größer ist als die ${most}, die gelesen werden.`,
  notLoaded: (why) => `Was andere Formate liest, konnte nicht geladen werden (${why}). Versuchen Sie es noch einmal.`,
  gaveUp: (why) => `Was andere Formate liest, ist selbst gescheitert (${why || "ohne Angabe eines Grundes"}), ein Fehler von uns. Nichts ist verloren; der nächste Lauf beginnt von vorn.`,
  cancelled: "Abgebrochen.",

  fromNode: "Einen Block von einem Knoten nehmen",
  fromNodeButton: "Von einem Knoten…",
  nodeNotLoaded: "Was Knoten fragt, konnte nicht geladen werden. Versuchen Sie es noch einmal.",
};
