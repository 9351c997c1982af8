/** Of files of a run: the button that saves them, and what is said of one that was opened. */
export const files = {
  export: "Export",
  exportFailed: "Export (did not load, try again)",
  opened: (file: string, version: string): string => `Opened report: ${file}, written by EVM Lanes ${version}. Nothing was run here.`,
  sameText: "Run repeats it with the scenario at the left.",
  otherText: "The scenario at the left is not the one that it is of. Run makes a new run, of that.",
  noText: "The file has no scenario, so the one at the left may be another. Run makes a new run, of that.",
  noWhatIf: "What would be is worked out from the scenario, and the file of this report has none. Run a scenario, and ask then.",
};
