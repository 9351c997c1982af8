/** embed.html before its figure is loaded, and what its host asks of the reader. */
export const frame = {
  title: "EVM Lanes, a figure",
  loading: "Loading the figure…",
  failed: "The figure could not be loaded. Try again",
  run: "Run this figure",
  wantsToLoad: (origin: string, characters: number): string => `${origin} wants to load a scenario of ${characters} characters here.`,
  wantsToShow: (origin: string): string => `${origin} wants to show a recorded report here.`,
};

/** What is wrong with what an address says. */
export const addresses = {
  quoted: (text: string): string => `“${text}”`,
  noParameter: (name: string, known: string): string => `There is no parameter ${name}; there are ${known}.`,
  noView: (name: string, known: string): string => `There is no view ${name}; there are ${known}.`,
  scenarioTooLong: (characters: number, most: number): string => `The scenario in the address has ${characters} characters, more than ${most}.`,
  notNumber: (name: string, value: string, least: number, most: number): string => `${name} is ${value}; it is a whole number from ${least} to ${most}.`,
  notChoice: (name: string, value: string, values: string): string => `${name} is ${value}; it can be ${values}.`,
};
