import type { drafts as english } from "../en/drafts.ts";

import { count } from "./grammar.ts";

export const drafts: typeof english = {
  title: "Entwürfe",
  close: "Schließen",
  keep: "Auf diesem Gerät behalten, was ich schreibe",
  keepWhy:
    "Ausgeschaltet bleibt nichts: was Sie schreiben, ist weg, wenn Sie die Seite schließen. Eingeschaltet bleiben Ihre eigenen Szenarien im Speicher dieses Browsers, bis zu zehn, und das letzte ist wieder da, wenn Sie zurückkommen. Nichts wird irgendwohin gesendet.",
  none: "Es gibt keine Entwürfe.",
  list: "Auf diesem Gerät",
  open: "Öffnen",
  forget: "Löschen",
  ofDraft: (action, title) => `${action}: ${title}`,
  characters: (n) => count(n, "Zeichen", "Zeichen"),
  forgetAll: "Alles vergessen",
  forgotten: "Alles ist vergessen, und nichts wird mehr behalten.",
  untitled: "Ohne Titel",
  restored: (title, when) => `Ihr Entwurf „${title}“ vom ${when} ist wieder da.`,
  discard: "Verwerfen",
  dismiss: "Ausblenden",
  forbidden: "Dieser Browser lässt die Seite nichts behalten. „Teilen“ macht stattdessen einen Link oder eine Datei aus Ihrem Szenario.",
  full: "Der Speicher dieses Browsers ist voll: Ihre letzten Änderungen sind hier, aber nicht behalten. Löschen Sie Entwürfe, oder speichern Sie das Szenario als Datei (Teilen).",
  tooLarge: "Das Szenario ist zu groß, um behalten zu werden (mehr als eine Million Zeichen). Speichern Sie es als Datei (Teilen).",
};
