import type * as english from "../en/links.ts";

export const links: typeof english.links = {
  tooLong: (length, most) => `Der Link hat ${length} Zeichen, mehr als die ${most}, die gelesen werden. Was größer ist, wird als Datei geteilt.`,
  noScenario: "Der Link nennt kein Szenario: Wahrscheinlich wurde er abgeschnitten. Kopieren Sie ihn ganz.",
  both: "Der Link hat ein Beispiel und einen Text. Nehmen Sie eins davon heraus.",
  notEncoded: (part) => `Der Link hat ${part}, worin auf ein „%“ keine Nummer eines Zeichens folgt. Kopieren Sie ihn ganz.`,
  unknown: (name) => `Der Link sagt ${name}, was diese Fassung von EVM Lanes nicht kennt.`,
  twice: (name) => `Der Link sagt ${name} zweimal. Nehmen Sie eins davon heraus.`,
  otherVersion: (version, read) => `Der Link ist von Fassung ${version}, und diese Seite liest Fassung ${read}. Öffnen Sie ihn mit einem neueren EVM Lanes.`,
  notSelection: (value) => `select ist ${value}; möglich ist transaction:3, oder location:slot:0x…:0x….`,
  notStep: (value) => `step ist ${value}; es ist eine Zahl von Ereignissen.`,
  notName: (parameter, value) => `${parameter} ist ${value}, was kein Name ist.`,
  notBeside: (value) => `beside hat ${value}; es zählt Einstellungen auf, wie strategy:ladder/workers:8.`,
  besideFailed: (why) => `Der Lauf, mit dem der Link vergleicht, konnte nicht ausgeführt werden: ${why}`,
  cannotBeOpened: (problems) => `Das kann nicht geöffnet werden: ${problems}`,
  damaged: "Der Link ist beschädigt oder wurde abgeschnitten: Sein Text ist nicht, was seine Prüfsumme sagt. Kopieren Sie ihn ganz.",
  strayCharacters: "Der Link ist beschädigt: Sein Text hat Zeichen, die kein Link hat. Kopieren Sie ihn noch einmal, ohne das, was um ihn steht.",
  tooLarge: (megabytes) => `Der Link entpackt sich zu mehr als ${megabytes} MB, was kein hier gemachter Link tut. Er wurde nicht geöffnet.`,
  notUtf8: "Der Text des Links ist kein UTF-8. Er wurde nicht hier gemacht und nicht geöffnet.",
  fileNoJson: (why) => `Die Datei wurde geändert oder abgeschnitten: Sie ist kein JSON (${why}).`,
  fileOtherVersion: (read) => `Die Datei ist von einer anderen Fassung als ${read}, die diese Seite liest. Öffnen Sie sie mit einem neueren EVM Lanes.`,
  fileNotStrings: "Die Datei wurde geändert: Ihre „parameters“ und ihr „text“ müssen Zeichenketten sein.",
  fileBoth: "Die Datei hat ein Beispiel und einen Text. Nehmen Sie „example“ aus ihren Parametern.",
  notOpened: (why) => `Der Link konnte nicht geöffnet werden: ${why}`,
  notSelected: "Der Link wählt eine Transaktion oder eine Stelle aus, die dieser Lauf nicht hat. Alles andere ist, wie er sagt.",
  noExample: (example) => `Es gibt kein Beispiel „${example}“ auf dieser Seite. Wählen Sie eines aus dem Menü, oder kopieren Sie den ganzen Link.`,
};

export const executors: typeof english.executors = {
  singleCore: "Ein Worker: Der Browser meldet nur einen Kern.",
  pool: (workers, secure) =>
    `${workers} Worker, die Nachrichten austauschen: Diese Seite darf Speicher nicht zwischen Threads teilen, weil ${
      secure ? "ihre Antwort-Header sie nicht isolieren (COOP und COEP)" : "sie weder über https noch von diesem Computer geladen wurde"
    }.`,
  threads: (workers) => `${workers} Worker auf gemeinsamem Speicher.`,
  noThreads: (why) => `Ein Worker: Threads haben nicht gestartet (${why}).`,
  noScript: "das Skript des Workers konnte nicht geladen werden",
  ended: "die Engine ist beendet",
};
