// The one error the engine's client throws.

import type { ErrorCode, ErrorData } from "./protocol.ts";
import type { Diagnostic } from "./types.ts";

/** Why there is no result. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: ErrorCode;
  /** What is wrong with the text, for the code `invalid`. */
  readonly diagnostics: Diagnostic[];

  constructor(code: ErrorCode, message: string, diagnostics: Diagnostic[] = []) {
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

/** Whatever was thrown as plain data; what is not the engine's own error is a trap, a defect of ours. */
export function errorData(thrown: unknown): ErrorData {
  if (isErrorData(thrown)) {
    const { code, message, diagnostics } = thrown;
    return { code, message, diagnostics };
  }
  return { code: "panicked", message: message(thrown), diagnostics: [] };
}

/** Whether the engine has thrown it on purpose. */
export function isErrorData(thrown: unknown): thrown is ErrorData {
  return typeof thrown === "object" && thrown !== null && "code" in thrown && "diagnostics" in thrown;
}
