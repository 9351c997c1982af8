import { count, integer, noun } from "./grammar.ts";

/** Taking a block from a node. */
export const node = {
  /** The options of the two programs, as code. */
  about: (anvil: unknown, geth: unknown): readonly unknown[] => [
    "The page asks the node itself and nobody else: the block, its receipts, and the state that its transactions found. The node must allow it (anvil with ",
    anvil,
    ", geth with ",
    geth,
    ").",
  ],
  address: "Address",
  take: "Take",
  block: "a block",
  transactions: "transactions",
  which: "Number, hash or latest",
  hashes: "Hashes, all of one block",
  chainId: "Chain id",
  any: "any",
  fork: "Fork",
  foundOut: "found out",
  remember: "Remember this address on this device",
  forget: "Forget it",
  fetch: "Fetch",
  cancelled: "Cancelled; nothing was changed.",
  notTaken: (why: unknown): readonly unknown[] => ["No block was taken: ", why],
  stages: { chain: "which chain", block: "the block", receipts: "its receipts", trace: "what its transactions found", state: "its state" },
  asking: (node: string): string => `Asking ${node}…`,
  askingFor: (node: string, what: string, amounts: string): string => `Asking ${node} for ${what}: ${amounts}`,
  askingAgain: (seconds: string, why: unknown): readonly unknown[] => [`Asking again in ${seconds} s, because `, why, "."],
  taken: (block: (words: string) => unknown, number: string, chain: number | string, fork: string, transactions: number, traced: boolean, amounts: string): readonly unknown[] => [
    block(`Block ${number}`),
    ` of chain ${chain}, ${fork}, ${count(transactions, "transaction")}; its state is from ${traced ? "the node's tracer" : "look-ups"}. It took ${amounts}.`,
  ],
  agrees: "Gas and status of every transaction are those of its receipt.",
  differ: (different: number, all: string): string =>
    `${count(different, "transaction")} of ${all} ${different === 1 ? "differs from its receipt" : "differ from their receipts"}:`,
  differences: "Differences from the receipts",
  transaction: "Transaction",
  what: "What",
  here: "Here",
  receipt: "Receipt",
  more: (n: number): string => `and ${count(n, "more transaction")}`,
  use: "Use this block",
  amounts: (requests: number, kilobytes: number, accounts: number, slots: number, retries: number): string =>
    [
      count(requests, "request"),
      `${integer(kilobytes)} KB`,
      count(accounts, "account"),
      count(slots, "slot"),
      ...(retries > 0 ? [`${integer(retries)} ${noun(retries, "retry", "retries")}`] : []),
    ].join(", "),

  badChain: "The chain id is a number: 1 for Ethereum, 31337 for anvil. Leave it empty to take what the node is of.",
  noHashes: "Give the hashes of the transactions, one a line.",
  noAddress: "Say where the node is: http://127.0.0.1:8545, for instance.",
  noScheme: "The address must begin with http:// or https://.",
  notAddress: "This is no address. One looks like http://127.0.0.1:8545 or https://rpc.example/key.",
  webSocket: "The page asks nodes over http:// or https://, not over WebSocket; most nodes answer at the same place by both.",
  otherScheme: (scheme: string): string => `The address must begin with http:// or https://, not with ${scheme}//.`,
  credentials:
    "The address has a user name or a password in it, which browsers do not send. Use an address with a key in its path, or a node that asks for none.",
  insecure:
    "This page came over https, and browsers do not let such a page ask a node over http:// unless it is on this machine. Use its https:// address, or open the page from this machine (cargo xtask play).",
  notLoaded: (why: string): string => `What asks nodes could not be loaded (${why}). Try again.`,
  gaveUp: (why: string): string => `What asks nodes has failed itself (${why || "no reason given"}), a defect of ours. Nothing is lost; try again, or take the block as files.`,
  stopped: "It was cancelled.",
};
