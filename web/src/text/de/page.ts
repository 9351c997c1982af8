export * from "./app.ts";
export * from "./choices.ts";
export * from "./controls.ts";
export * from "./files.ts";
export * from "./glossary.ts";
export * from "./links.ts";
export * from "./pictures.ts";
export * from "./result.ts";
