import type { share as english } from "../en/share.ts";
import { count } from "./grammar.ts";

export const share: typeof english = {
  title: "Teilen",
  close: "Schließen",
  link: "Link",
  copy: "Kopieren",
  copied: "Kopiert.",
  notCopied: "Der Browser lässt die Seite nicht kopieren. Der Link ist ausgewählt: Strg C drücken.",
  saveFile: "Als Datei speichern",
  tooLong: (length, longest) =>
    `Der Link hätte ${count(length, "Zeichen", "Zeichen")} nach dem „#“, und mehr als ${longest} werden nicht gelesen. Speichern Sie ihn stattdessen als Datei; wer die Datei hat, zieht sie auf diese Seite.`,
  length: (length) => `${count(length, "Zeichen", "Zeichen")}.`,
  lengthCut: (length) => `${count(length, "Zeichen", "Zeichen")}. Manche Chats und Mailprogramme schneiden Links nach 2.000 Zeichen ab; dort ist die Datei sicherer.`,
  holds: "Was er enthält",
  scenario: "Szenario",
  byName: (example) => `das Beispiel ${example}, mit seinem Namen`,
  itsText: (length) => `sein Text, ${count(length, "Zeichen", "Zeichen")}`,
  options: "Einstellungen",
  cost: "Kosten",
  costs: { gas: "Gas", time: "gemessene Zeit" },
  granularity: "Auflösung",
  selection: "Auswahl",
  nothingSelected: "keine",
  transaction: (index) => `Transaktion ${index}`,
  location: (location, address, slot) => `${location} von ${address}${slot === null ? "" : ` bei ${slot}`}`,
  comparedWith: "Verglichen mit",
  otherRun: (options, length) => [options, length === null ? "demselben Text" : `einem eigenen Text, ${count(length, "Zeichen", "Zeichen")}`].filter(Boolean).join(" · "),
  promise: "Alles steht im Link nach dem „#“, das Browser niemandem senden. Links, die einmal erzeugt wurden, bleiben gültig.",
};
