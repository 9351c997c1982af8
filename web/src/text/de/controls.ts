import type { controls as englishControls, gallery as englishGallery, workload as englishWorkload } from "../en/controls.ts";
import { noun } from "./grammar.ts";

export const controls: typeof englishControls = {
  label: "Wie ausgeführt wird",
  strategy: "Strategie",
  workers: "Worker",
  clock: "Uhr",
  deltas: "Deltas",
  hints: "Hinweise",
  seed: "Startwert",
  repeats: "Wiederholungen",
  asNumber: (name) => `${name}, als Zahl`,
  capped: (most, wanted, reason) => `Auf der gemessenen Uhr können hier ${most} von diesen ${wanted} Workern laufen. ${reason}`,
  chosen: (name, text) => `${name}: ${text}`,
  noUse: (strategy) => `${strategy} macht davon keinen Gebrauch.`,
  cancel: "Abbrechen",
  progress: "Fortschritt",
  starting: "beginnt",
  of: (done, total) => `${done} von ${total}`,
  phases: {
    setup: "bereitet vor",
    sequential: "läuft sequenziell",
    parallel: "läuft parallel",
    analysis: "vergleicht",
    curve: "berechnet die Kurve",
    comparison: "vergleicht Strategien",
  },
  run: "Ausführen",
  runKeys: "Strg ⏎",
  knobs: { count: "Transaktionen", accounts: "Konten", pools: "Pools", skew: "Schiefe", reads: "Lesende", seed: "Startwert" },
};

export const gallery: typeof englishGallery = {
  title: "Galerie",
  find: "Ein System finden",
  failed: "Die Liste konnte nicht geladen werden. Schließen Sie sie, und öffnen Sie sie noch einmal.",
  found: (workloads) =>
    workloads === 0 ? "Keine Last hat diese Wörter." : `${workloads} ${noun(workloads, "Last", "Lasten")}. Beschleunigungen mit 8 Workern unter ladder, in virtueller Zeit.`,
};

export const workload: typeof englishWorkload = {
  variant: "Variante",
  variants: { contended: "Umkämpft", parallel: "Parallelfreundlich" },
  speedup: "Beschleunigung mit 8 Workern unter ladder, virtuelle Zeit",
  about: "Über diese Last",
  aboutTitle: (title) => ["Über: ", title],
  failed: "Der Text konnte nicht geladen werden. Laden Sie die Seite neu, um es noch einmal zu versuchen.",
};
