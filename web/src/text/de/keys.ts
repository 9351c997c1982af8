import type { keys as english } from "../en/keys.ts";

export const keys: typeof english = {
  title: "Tasten",
  about: "Über EVM Lanes",
  single: "Einzelne Tasten sind Kurzbefehle",
  singleWhy: "Ausgeschaltet wirken außerhalb der Bilder nur Tasten mit Strg und die Funktionstasten.",
  outside: "Einzelne Tasten wirken, wo kein Text eingegeben wird.",
  playhead: "Die Tasten der Wiedergabe wirken am Abspielkopf und wo nichts den Fokus hat.",
  picturesTitle: "In einem Bild",
  pictures: {
    across: "im Graphen entlang der Abhängigkeiten, in den Spuren entlang einer Spur",
    down: "im Graphen durch eine Stufe, in den Spuren von Spur zu Spur, in einer Tabelle von Zeile zu Zeile",
    select: "auswählen, wohin die Pfeile geführt haben",
    zoom: "vergrößern, verkleinern",
    fit: "alles zeigen",
    step: "ein Ereignis zurück, ein Ereignis weiter",
    leap: "viele Ereignisse zurück, viele Ereignisse weiter",
    play: "wiedergeben oder anhalten",
  },
};
