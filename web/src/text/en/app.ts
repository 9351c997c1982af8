import { count } from "./grammar.ts";

/** The page around its views: header, tabs, help, the editor, and what is dropped into it. */
export const app = {
  tagline: "What in a block runs at once, what has to wait, and why",
  newBlock: "New block",
  /** What somebody begins with who has nothing of their own yet: it runs, and its comments say what to try. Lines as narrow as a phone. */
  newScenario: `{
  "title": "My two transactions",
  "transactions": [
    { "from": "alice", "to": "carol",
      "value": "1 ether" },

    { "from": "bob", "to": "dave",
      "value": "1 ether" },
  ],
  // They have nothing in common, so
  // both run at once. Make "carol"
  // of "dave", and press Run.
  // Any name is an account that
  // has plenty of ether.
}
`,
  example: "Example",
  examples: "Examples",
  examplesOwnText: "Examples (own text)",
  gallery: "Gallery",
  lessons: "Lessons",
  lessonsFailed: "Lessons (did not load, try again)",
  intake: "Open / Save",
  backToMyText: "Back to my text",
  share: "Share",
  shareFailed: "Share (did not load, try again)",
  embed: "Embed",
  helpAndGlossary: "Help and glossary",
  colours: (theme: string): string => `Colours: ${theme}`,
  changeColours: (theme: string): string => `Colours: ${theme}. Change.`,
  themes: { system: "as the system", light: "light", dark: "dark" },
  dismiss: "Dismiss",
  views: "Views",
  panes: { transactions: "Block", json: "JSON", contract: "Contract", setup: "Run", graph: "Graph", lanes: "Lanes", details: "Details" },
  scenario: "Scenario",
  scenarioAs: "Scenario as",
  sources: { transactions: "Transactions", json: "JSON", contract: "Contract" },
  run: "Run",
  graph: "Dependency graph",
  lanes: "Lanes",
  figures: "Figures",
  details: {
    speedup: "Speedup",
    compare: "Compare",
    runs: "Two runs",
    hot: "Hot locations",
    memory: "Memory",
    opcodes: "Opcodes",
    "what-if": "What if",
    state: "State",
  },
  selection: "Selection",
  tabFailed: "This tab could not be loaded.",
  tryAgain: "Try again",
  loading: "Loading…",
  close: "Close",
};

export const help = {
  title: "Help",
  introduction:
    "EVM Lanes executes a block of Ethereum transactions twice: once in order, and once in parallel. It shows what ran at once, what could not, and why, and compares the two results. Choose an example or write your own scenario, and run it. A transaction, location or event that you select in any view is selected in all of them.",
  private: "Everything happens in this browser. Nothing is sent anywhere.",
  keys: "Keys",
  wheel: "In a picture the wheel zooms once you have clicked into it, or with Ctrl held; drag to move, pinch to zoom.",
  words: "Words",
  language: "Language",
  tooLarge: "What is on the page is too large to be kept while it is loaded again. Save it as a file first (Open / Save), then load an example and change the language.",
  languageNote: "What the engine writes, the examples and the lessons are in English.",
};

export const editor = {
  label: "Scenario, JSON with comments",
  noProblems: (transactions: number): string => `No problems. ${count(transactions, "transaction")}.`,
  reading: "Reading…",
  found: (errors: number, warnings: number): string => `${count(errors, "error")}, ${count(warnings, "warning")}`,
  severities: { error: "error", warning: "warning" },
  /** `what` is said by what reads other formats. */
  foreign: (what: unknown): readonly unknown[] => ["This is ", what, "."],
  foreignLacking: (what: unknown, lacking: unknown): readonly unknown[] => ["This is ", what, ", and not yet a scenario: ", lacking],
  complete: "Complete it…",
  convert: "Make a scenario of it",
};

export const intakeEntry = {
  drop: "Drop files to open them: a scenario, or what another tool has written",
  failed: "What reads other formats could not be loaded.",
};
