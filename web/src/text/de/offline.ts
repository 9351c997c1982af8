import type { Obstacle } from "../../offline/client.ts";
import type { offline as english } from "../en/offline.ts";

const WHY_NOT: Readonly<Record<Obstacle, string>> = {
  insecure: "sie wurde nicht über https oder von diesem Rechner geladen",
  unsupported: "dieser Browser kennt keine Service Worker",
  framed: "sie wird in einer anderen Seite gezeigt",
  "switched-off": "wer sie anbietet, möchte das nicht",
  another: "ihr Server hat für diesen Ordner einen eigenen Service Worker",
  refused: "der Browser hat den Service Worker abgelehnt, wie manche es in privaten Fenstern tun",
};

export const offline: typeof english = {
  title: "Ohne Netz",
  loading: "Es wird nachgesehen, was gespeichert ist …",
  impossible: (obstacle) => `Diese Seite lässt sich nicht für die Zeit ohne Netz speichern: ${WHY_NOT[obstacle]}.`,
  failed: (why) => `Was gespeichert ist, lässt sich gerade nicht feststellen oder ändern: ${why}`,
  page: (size) => `Auf diesem Gerät gespeichert: die Seite, ihre Beispiele, Lektionen und Abbildungen (${size}). Sie läuft ohne Netz und lässt sich über das Menü des Browsers als Anwendung installieren.`,
  pageMissing: (kept, all) => `Auf diesem Gerät gespeichert: ${kept} von ${all} der Seite, ihrer Beispiele, Lektionen und Abbildungen.`,
  keepPage: "Den Rest speichern",
  compiler: (size) => `Der Solidity-Compiler ist auch gespeichert (${size}).`,
  compilerMissing: (size) => `Der Solidity-Compiler wird erst gespeichert, wenn er benutzt wird: Er hat ${size}.`,
  keepCompiler: "Auch den Compiler speichern",
  keeping: "Wird geladen …",
  forget: "Gespeichertes entfernen",
  forgotten: "Jetzt ist nichts gespeichert. Beim nächsten Besuch wird wieder gespeichert.",
  newVersion: "Eine neue Version von EVM Lanes ist da.",
  reload: "Neu laden",
  later: "Später",
  others: (count) => `Schließen Sie erst ${count === 1 ? "die andere Seite" : `die ${count} anderen Seiten`} von EVM Lanes: Keine Seite bekommt Dateien zweier Versionen.`,
  tooLarge: "Ihr Szenario ist zu groß, um es mitzunehmen. Speichern Sie es erst mit „Teilen“; die neue Version kommt, wenn Sie die Seite wieder öffnen.",
  notTaken: (why) => `Die neue Version konnte nicht übernommen werden: ${why} Sie kommt, wenn Sie die Seite wieder öffnen.`,
  removed: "Der Browser hat den Service Worker entfernt.",
  notInstalled: "Der Browser hat den Service Worker nicht angenommen.",
  silent: "Der Service Worker antwortet nicht.",
};
