/** What CodeMirror says itself, by its English. */
export const phrases: Readonly<Record<string, string>> = {};
