import type * as english from "../en/addresses.ts";

export const frame: typeof english.frame = {
  title: "EVM Lanes, eine Abbildung",
  loading: "Die Abbildung wird geladen…",
  failed: "Die Abbildung konnte nicht geladen werden. Noch einmal versuchen",
  run: "Diese Abbildung ausführen",
  wantsToLoad: (origin, characters) => `${origin} möchte hier ein Szenario von ${characters} Zeichen laden.`,
  wantsToShow: (origin) => `${origin} möchte hier einen aufgezeichneten Bericht zeigen.`,
};

export const addresses: typeof english.addresses = {
  quoted: (text) => `„${text}“`,
  noParameter: (name, known) => `Es gibt keinen Parameter ${name}; es gibt ${known}.`,
  noView: (name, known) => `Es gibt keine Ansicht ${name}; es gibt ${known}.`,
  scenarioTooLong: (characters, most) => `Das Szenario in der Adresse hat ${characters} Zeichen, mehr als ${most}.`,
  notNumber: (name, value, least, most) => `${name} ist ${value}; es ist eine ganze Zahl von ${least} bis ${most}.`,
  notChoice: (name, value, values) => `${name} ist ${value}; möglich sind ${values}.`,
};
