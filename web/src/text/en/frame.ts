export const frame = {
  undo: "Undo",
  redo: "Redo",
  undoTip: "Undo the last change of the scenario (Ctrl Z)",
  redoTip: "Do it again (Ctrl Shift Z)",
  commands: "Find a command",
  commandsTip: "Find a command (Ctrl K)",
  draftsOn: "Drafts: on",
  draftsOff: "Drafts: off",
  draftsTip: "Whether what you write is kept on this device",
  notLoaded: "This part of the page could not be loaded.",
  tryAgain: "Try again",
  dismiss: "Dismiss",
};
