import type { glossary as english } from "../en/glossary.ts";

export const glossary: typeof english = {
  abort: {
    name: "Abbruch",
    text: "Ein Versuch, dessen gelesene Werte nicht mehr gelten, wird rückgängig gemacht, und die Transaktion wird noch einmal ausgeführt.",
  },
  "access-list": {
    name: "Zugriffsliste",
    text: "Was ein Block berührt und jeder Wert, den er hinterlässt, Transaktion für Transaktion (EIP-7928). Ihr Hash steht im Kopf des Blocks. Eine Liste entsteht aus dem sequenziellen und eine aus dem parallelen Lauf; beide müssen denselben Hash haben.",
  },
  attempt: {
    name: "Versuch",
    text: "Eine Ausführung einer Transaktion. Sie ändert nichts, bis feststeht, dass alles, was sie gelesen hat, noch gilt.",
  },
  bal: {
    name: "Block-Zugriffsliste (bal)",
    text: "Jede Transaktion beginnt sofort, auf den Werten, die die Transaktionen vor ihr hinterlassen werden, so wie eine Liste im Block sie nennt (EIP-7928). Niemand wartet auf jemanden. Was eine Transaktion wirklich schreibt, wird verglichen: Eine falsche Liste kostet Zeit, und ihr wird nie geglaubt. Wo die Liste aus einer vorherigen Ausführung des Blocks stammt, ist die Beschleunigung nicht die einer Engine.",
  },
  "block-stm": {
    name: "block-stm",
    text: "Führt alles sofort und optimistisch aus, behält jede Version jedes geschriebenen Werts, validiert, was gelesen wurde, und wiederholt, was zu früh gelesen hat. Nach der Arbeit zu Block-STM (2022).",
  },
  blocked: {
    name: "blockiert",
    text: "Ein Versuch ist auf einen Wert gestoßen, den eine andere Transaktion gleich noch einmal schreibt. Er hält an, und sein Worker nimmt andere Arbeit; niemand wartet.",
  },
  bound: {
    name: "Grenze",
    text: "Das Höchste, was irgendein Ablauf mit so vielen Workern erreichen könnte, wenn man weiß, wer von wem abhängt: alle Arbeit, geteilt durch das Größere von kritischem Pfad und Anteil eines Workers.",
  },
  clock: {
    name: "Uhr",
    text: "Woher die Zeiten stammen. Virtuell: Worker werden simuliert, vom Startwert eindeutig bestimmt, und jede Transaktion kostet ihr Gas. Gemessen: echte Worker und echte Zeit, der Median mehrerer Läufe.",
  },
  commit: {
    name: "Festschreiben",
    text: "Eine Transaktion und alles vor ihr ist endgültig. Festgeschrieben wird in der Reihenfolge des Blocks, gleich in welcher ausgeführt wurde.",
  },
  component: {
    name: "Komponente",
    text: "Transaktionen, die durch Abhängigkeiten verbunden sind. Verschiedene Komponenten berühren nie die Werte der anderen.",
  },
  "critical-path": {
    name: "kritischer Pfad",
    text: "Die schwerste Kette von Transaktionen, in der jede liest, was die vor ihr geschrieben hat. Kein Ablauf kann kürzer sein.",
  },
  dag: {
    name: "dag (Orakel)",
    text: "Listen-Scheduling auf dem wahren Abhängigkeitsgraphen des Blocks, der längste verbleibende Pfad zuerst. Ein Orakel und keine Engine: Der Graph ist bekannt, weil der Block schon ausgeführt wurde. Es zeigt, was ein Scheduler erreichen kann, der Konflikte beachtet.",
  },
  dependency: {
    name: "Abhängigkeit",
    text: "Eine spätere Transaktion liest, was eine frühere geschrieben hat (Read-after-Write). Nur das erzwingt eine Reihenfolge der Ausführung.",
  },
  deltas: {
    name: "Deltas",
    text: "Additionen, die den alten Wert nicht zu lesen brauchen, etwa Gebühren an einen Empfänger. Als Deltas behandelt sind sie vertauschbar: Wer nur addiert, braucht nicht auf den zu warten, der vorher addiert hat.",
  },
  estimate: {
    name: "Schätzung",
    text: "Eine Marke dort, wo ein abgebrochener Versuch geschrieben hatte: Der nächste wird wahrscheinlich wieder dorthin schreiben.",
  },
  executor: {
    name: "Ausführung",
    text: "Womit die Engine in diesem Browser läuft: mit Threads auf gemeinsamem Speicher, wo die Seite isoliert ist; sonst, für Läufe auf der gemessenen Uhr, mit Workern, die Nachrichten austauschen; auf einem einzelnen Kern mit einem Worker.",
  },
  gas: {
    name: "Gas",
    text: "Das Maß der EVM für Arbeit. Eine einfache Überweisung kostet 21 000.",
  },
  hints: {
    name: "Hinweise",
    text: "Was dem Scheduler vorher gesagt wird. Ein Hinweis ordnet nur die Arbeit; es entscheidet die Validierung, darum kostet ein falscher Zeit und sonst nichts.",
  },
  granularity: {
    name: "Auflösung",
    text: "Was bei der Suche nach Konflikten unterschieden wird: ganze Konten, oder einzelne Speicherplätze, Guthaben und Nonces; mit Deltas braucht, was der Lauf als Addition behandelt, keine Reihenfolge. Gebühren sind immer Additionen, wenn der Lauf sie so behandelt. Ein gröberer Graph hat mehr Abhängigkeiten und eine niedrigere Grenze. Das ändert das Bild und seine Grenze, nie den Lauf oder den Beweis.",
  },
  "hot-location": {
    name: "heiße Stelle",
    text: "Ein Wert, den viele Transaktionen lesen und schreiben, geordnet danach, um wie viel kürzer der kritische Pfad ohne ihn wäre.",
  },
  incarnation: {
    name: "Inkarnation",
    text: "Die Nummer eines Versuchs einer Transaktion, von 0 an. Nach einem Abbruch beginnt die nächste.",
  },
  ladder: {
    name: "ladder",
    text: "Block-STM, auf Geschwindigkeit gebaut: Wer einen Wert gelesen hat, erfährt, wenn er sich ändert; eine Transaktion, die immer wieder scheitert, wartet, bis sie dran ist; und Worker laufen nur so weit voraus, wie das nicht verschwendet ist. Ein Block, bei dem nichts zu gewinnen ist, läuft der Reihe nach auf einem Worker.",
  },
  level: {
    name: "Ebene",
    text: "Wie viele Abhängigkeiten einer Transaktion in der längsten Kette vorausgehen, die zu ihr führt. Transaktionen einer Ebene könnten alle zugleich laufen.",
  },
  locks: {
    name: "locks",
    text: "Jede Transaktion sperrt vorher, was sie nach eigener Angabe berühren wird, in der Reihenfolge des Blocks, und beginnt, wenn sie alles hält: die Speicherplätze ihrer Zugriffsliste (EIP-2930), oder ohne eine solche ganze Konten. Was nicht angegeben war, wird beim Festschreiben gefunden und noch einmal ausgeführt. Nach Sealevel von Solana.",
  },
  location: {
    name: "Stelle",
    text: "Etwas, das gelesen oder geschrieben werden kann: ein Guthaben, eine Nonce, Code oder ein Speicherplatz. Ein Speicherplatz trägt den Namen seiner Variable, wo die Anordnung des Contracts bekannt ist; teilen ihn sich mehrere, sind alle genannt. Ein Fragezeichen hinter einem Namen heißt, dass er erraten ist, aus den Ereignissen des Contracts und den Hashes, die zu dem Platz geführt haben.",
  },
  messages: {
    name: "Nachrichten",
    text: "Wie Worker ohne gemeinsamen Speicher vorauslaufen, gleich welche Strategie gewählt ist: Jeder führt seinen Teil des Blocks auf dem aus, was er weiß, und sendet, was das gelesen und geschrieben hat. Ein weiterer, die letzte Spur, prüft es in der Reihenfolge des Blocks, schreibt fest, was noch gilt, und führt den Rest selbst aus.",
  },
  oracle: {
    name: "Orakel",
    text: "Es weiß vorher, was nur die Ausführung des Blocks sagen kann. Seine Zeile zeigt, was erreichbar wäre, und nicht die Beschleunigung einer Engine.",
  },
  "ordered-merge": {
    name: "ordered-merge",
    text: "Worker laufen auf dem voraus, was schon festgeschrieben ist. Ergebnisse werden in der Reihenfolge des Blocks übernommen: eines, dessen gelesene Werte noch gelten, so wie es ist; jedes andere wird noch einmal ausgeführt, wenn es dran ist. Nach Monad.",
  },
  "read-set": {
    name: "gelesen",
    text: "Jede Stelle, die eine Ausführung angesehen hat, mit dem gefundenen Wert und dem, der ihn geschrieben hatte.",
  },
  "read-share": {
    name: "Anteil der Lesenden",
    text: "Welcher Teil der erzeugten Transaktionen nur schaut: Aufrufe, die nichts ändern, was andere lesen.",
  },
  seed: {
    name: "Startwert",
    text: "Legt den simulierten Ablauf der virtuellen Uhr fest: Derselbe Startwert gibt überall dasselbe Bild.",
  },
  sequential: {
    name: "sequential",
    text: "Eine Transaktion nach der anderen, in der Reihenfolge des Blocks. Das ist die Spezifikation; jede andere Strategie muss dasselbe Ergebnis haben.",
  },
  skew: {
    name: "Schiefe",
    text: "Wie ungleich Konten und Pools gewählt werden: der Exponent im Gesetz von Zipf. Bei 0 werden alle gleich oft gewählt, bei 1 das zweite halb so oft wie das erste, und bei 4 wählen fast alle das erste.",
  },
  speedup: {
    name: "Beschleunigung",
    text: "Sequenzielle Zeit geteilt durch parallele Zeit, auf der Uhr, die daneben genannt ist.",
  },
  "state-root": {
    name: "Zustandswurzel",
    text: "Der Hash aller Konten und ihres Speichers nach dem Block. Gleiche Wurzeln bedeuten gleichen Zustand.",
  },
  "two-phase": {
    name: "two-phase",
    text: "Zuerst alle Transaktionen zugleich, auf dem Zustand vor dem Block; dann, in der Reihenfolge des Blocks, jede noch einmal, die gelesen hat, was eine andere geändert hat. Nach Saraph und Herlihy (2019).",
  },
  validation: {
    name: "Validierung",
    text: "Alles, was ein Versuch gelesen hat, noch einmal lesen und vergleichen. Hat sich etwas geändert, wird der Versuch abgebrochen.",
  },
  verdict: {
    name: "gleich dem sequenziellen",
    text: "Der parallele Lauf wurde mit dem sequenziellen verglichen: Status, Gas, Ausgabe und Logs jeder Transaktion, der Zustand am Ende und die Zustandswurzel.",
  },
  "virtual-speedup": {
    name: "virtuelle Beschleunigung",
    text: "Die Beschleunigung auf der virtuellen Uhr, gleich welche der Lauf hatte: mit dieser Strategie und diesen Workern.",
  },
  "what-if": {
    name: "Was wäre wenn",
    text: "Wie viel virtuelle Zeit der Block brauchte, wenn er ein wenig anders wäre. Weglassen und Verschieben führen einen anderen Block aus. Eine freie Stelle ist eine, von der jede Transaktion ihre eigene Kopie hat; zu einer vertauschbaren wird von denen, die sie schreiben, nur addiert. Dort wird angenommen, dass jede Transaktion findet, was sie in der Reihenfolge des Blocks findet, und dasselbe rechnet, ohne zu warten. Ein so geschriebener Contract kann anderes Gas kosten.",
  },
  "work-ratio": {
    name: "Arbeitsverhältnis",
    text: "Der Aufwand aller Versuche geteilt durch den Aufwand derer, die gezählt haben. 1,00 heißt, dass nichts doppelt getan wurde.",
  },
  workers: {
    name: "Worker",
    text: "Wie viele Transaktionen zugleich ausgeführt werden können. Jeder ist eine Spur des Zeitverlaufs.",
  },
  "write-set": {
    name: "geschrieben",
    text: "Jede Stelle, die eine Ausführung geändert hat, mit dem neuen Wert oder mit dem, was dazukam.",
  },
};
