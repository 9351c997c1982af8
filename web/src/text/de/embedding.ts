import type { embedding as english } from "../en/embedding.ts";

export const embedding: typeof english = {
  title: "Diese Abbildung einbetten",
  for: "Für",
  onClick: "läuft auf Klick",
  views: "Ansichten",
  viewNames: {
    graph: "Graph",
    timeline: "Spuren",
    speedup: "Beschleunigung",
    locations: "heiße Stellen",
    transactions: "Transaktionen",
    detail: "Auswahl",
    state: "Zustand",
  },
  defaultTitle: "Transaktionen parallel",
  tooLong: (characters, attribute) => [
    `Dieses Szenario hat ${characters} Zeichen, zu viele für eine Adresse: Nehmen Sie stattdessen das Element, oder legen Sie es in eine Datei, und nennen Sie diese im Element mit `,
    attribute,
    ".",
  ],
  snippet: "Was in die Seite gehört",
  siteSnippet: "Was in die Einstellungen der Site gehört",
  sites: { mdx: "Einmal, in docusaurus.config.js:", vitepress: "Einmal, in .vitepress/config.js:" },
  copy: "Kopieren",
  copied: "Kopiert.",
  notCopied: "Der Browser lässt es nicht zu: Wählen Sie den Text aus, und kopieren Sie ihn.",
  kinds: {
    element: { name: "Element", note: "Jede HTML-Seite. Es übernimmt die Farben der Seite und ist so hoch wie sein Inhalt." },
    iframe: { name: "Rahmen", note: "Jede Seite, die Rahmen erlaubt, auch in den Werkzeugen unten; kein eigenes Skript in der Seite." },
    sandbox: {
      name: "Rahmen in einer Sandbox",
      note: "Der Rahmen hat keine Herkunft: keinen Speicher, keinen Zugriff auf irgendetwas. Er läuft trotzdem mit Threads.",
    },
    mdbook: { name: "mdBook", note: "In einem Kapitel, mit einer leeren Zeile davor und danach." },
    mdx: {
      name: "Docusaurus, MDX",
      note: "In eine Seite (.md oder .mdx).",
    },
    vitepress: { name: "VitePress", note: "In eine Seite." },
    sphinx: { name: "Sphinx (reStructuredText)", note: "In eine Seite (.rst)." },
    myst: { name: "MyST", note: "In eine Seite (.md)." },
  },
};
