/** Hears the keys of all commands. Loaded once the page is there. */
import type { Commanded } from "./command.ts";
import { listenForKeys } from "./keyboard.ts";
import { commandsOf } from "./list.ts";

/** Starts listening, until the returned function is called. */
export function startCommands(page: Commanded): () => void {
  return listenForKeys(commandsOf(page));
}
