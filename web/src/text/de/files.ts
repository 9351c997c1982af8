import type { files as english } from "../en/files.ts";

export const files: typeof english = {
  export: "Exportieren",
  exportFailed: "Exportieren (nicht geladen, noch einmal versuchen)",
  opened: (file, version) => `Geöffneter Bericht: ${file}, geschrieben von EVM Lanes ${version}. Hier ist nichts gelaufen.`,
  sameText: "„Ausführen“ wiederholt ihn mit dem Szenario links.",
  otherText: "Das Szenario links ist nicht das, von dem er ist. „Ausführen“ macht einen neuen Lauf, mit diesem.",
  noText: "Die Datei enthält kein Szenario, das Szenario links kann also ein anderes sein. „Ausführen“ macht einen neuen Lauf, mit diesem.",
  noWhatIf: "Was wäre, wird aus dem Szenario berechnet, und die Datei dieses Berichts enthält keines. Führen Sie ein Szenario aus, und fragen Sie dann.",
};
