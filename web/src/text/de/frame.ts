import type { frame as english } from "../en/frame.ts";

export const frame: typeof english = {
  undo: "Zurücknehmen",
  redo: "Wiederherstellen",
  undoTip: "Letzte Änderung des Szenarios zurücknehmen (Strg Z)",
  redoTip: "Wiederherstellen (Strg Umschalt Z)",
  commands: "Befehl suchen",
  commandsTip: "Befehl suchen (Strg K)",
  draftsOn: "Entwürfe: an",
  draftsOff: "Entwürfe: aus",
  draftsTip: "Ob auf diesem Gerät bleibt, was Sie schreiben",
  notLoaded: "Dieser Teil der Seite konnte nicht geladen werden.",
  tryAgain: "Noch einmal versuchen",
  dismiss: "Ausblenden",
};
