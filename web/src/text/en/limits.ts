import type { Limit } from "../../engine/limits.ts";

export const limits = {
  title: "Limits",
  introduction: "What is larger is refused with a message that names the limit; nothing that is typed is lost. A run can be cancelled at any time, and is ended within a moment, whatever it does.",
  caption: "The limits of this page",
  what: "what",
  most: "at most",
  names: {
    text: "text of a scenario",
    transactions: "transactions of a block",
    accounts: "accounts of a scenario",
    transactionGas: "gas of a transaction",
    blockGas: "gas of all transactions",
    bytes: "code, or data of a transaction",
    data: "data of all transactions",
    workers: "workers",
    memory: "memory of the engine",
    speculations: "attempts that a transaction begins on speculation under Block-STM; it waits after them for all before it, and its next is its last",
    imported: "files that are imported together",
    link: "characters of a link; a file has no such limit",
    compilation: "time for a compilation",
  } satisfies Record<Limit, string> as Record<Limit, string>,
  amount: (limit: Limit, value: number): string => {
    if (limit === "compilation") return `${value / 1000} s`;
    if (limit === "text" || limit === "bytes" || limit === "data" || limit === "memory" || limit === "imported") return `${(value / 2 ** 20).toLocaleString("en")} MiB`;
    return value.toLocaleString("en");
  },
};
