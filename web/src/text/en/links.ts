/** Links, and files in their place, that cannot be opened as they are. */
export const links = {
  tooLong: (length: number, most: number): string => `The link has ${length} characters, more than the ${most} that are read. What is larger is shared as a file.`,
  noScenario: "The link names no scenario: it was probably cut off. Copy the whole of it.",
  both: "The link has both an example and a text. Take one of them out.",
  notEncoded: (part: string): string => `The link has ${part}, in which a “%” is followed by no character's number. Copy the whole of it.`,
  unknown: (name: string): string => `The link says ${name}, which this version of EVM Lanes does not know.`,
  twice: (name: string): string => `The link says ${name} twice. Take one of them out.`,
  otherVersion: (version: string, read: number): string => `The link is of version ${version}, and this page reads version ${read}. Open it with a newer EVM Lanes.`,
  notSelection: (value: string): string => `select is ${value}; it can be transaction:3, or location:slot:0x…:0x….`,
  notStep: (value: string): string => `step is ${value}; it is a number of events.`,
  notName: (parameter: string, value: string): string => `${parameter} is ${value}, which is no name.`,
  notBeside: (value: string): string => `beside has ${value}; it lists options as strategy:ladder/workers:8.`,
  besideFailed: (why: string): string => `The run that the link compares with could not be run: ${why}`,
  cannotBeOpened: (problems: string): string => `This cannot be opened: ${problems}`,
  damaged: "The link is damaged or was cut off: its text is not what its checksum says. Copy the whole of it.",
  strayCharacters: "The link is damaged: its text has characters that no link has. Copy it again, without what stands around it.",
  tooLarge: (megabytes: number): string => `The link unpacks to more than ${megabytes} MB, which no link does that was made here. It was not opened.`,
  notUtf8: "The link's text is not UTF-8. It was not made here, and was not opened.",
  fileNoJson: (why: string): string => `The file was changed or cut off: it is no JSON (${why}).`,
  fileOtherVersion: (read: number): string => `The file is of another version than ${read}, which this page reads. Open it with a newer EVM Lanes.`,
  fileNotStrings: "The file was changed: its “parameters” and its “text” have to be strings.",
  fileBoth: "The file has both an example and a text. Take “example” out of its parameters.",
  notOpened: (why: string): string => `The link could not be opened: ${why}`,
  notSelected: "The link selects a transaction or a location that this run does not have. Everything else is as it says.",
  noExample: (example: string): string => `There is no example “${example}” on this page. Choose one from the menu, or copy the whole link.`,
};

/** Which executor the page has, and why. */
export const executors = {
  singleCore: "One worker: the browser reports a single core.",
  pool: (workers: number, secure: boolean): string =>
    `${workers} workers that exchange messages: this page may not share memory between threads, because ${
      secure ? "its response headers do not isolate it (COOP and COEP)" : "it was not loaded over https or from this computer"
    }.`,
  threads: (workers: number): string => `${workers} workers on shared memory.`,
  noThreads: (why: string): string => `One worker: threads did not start (${why}).`,
  noScript: "the worker script could not be loaded",
  ended: "the engine has ended",
};
