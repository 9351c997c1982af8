// The one error the engine's client throws.

import type { ErrorCode, ErrorData } from "./protocol.ts";
import type { Diagnostic } from "./types.ts";

/** Why there is no result. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: ErrorCode;
  /** What is wrong with the text, for the code `invalid`. */
  readonly diagnostics: readonly Diagnostic[];

  constructor(code: ErrorCode, message: string, diagnostics: readonly Diagnostic[] = []) {
    super(message);
    this.code = code;
    this.diagnostics = diagnostics;
  }

  /** From what came over the worker's port. */
  static from(data: ErrorData): EngineError {
    return new EngineError(data.code, data.message, data.diagnostics);
  }
}

/** What a cancelled job rejects with. */
export function cancelled(): EngineError {
  return new EngineError("cancelled", "cancelled");
}

/** Whatever was thrown, in words. */
export function message(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
