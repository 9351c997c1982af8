/** Every term the page uses, in one place: the tooltip, the help page and the tests read it. */
export const glossary = {
  abort: {
    name: "abort",
    text: "An attempt whose reads no longer hold is undone and the transaction is executed again.",
  },
  "access-list": {
    name: "access list",
    text: "What a block touches and every value it leaves, transaction by transaction (EIP-7928). Its hash stands in the block's header. One list is made of the sequential run and one of the parallel run; they must have the same hash.",
  },
  attempt: {
    name: "attempt",
    text: "One execution of one transaction. It changes nothing until its reads have been found still valid.",
  },
  bal: {
    name: "block access list (bal)",
    text: "Every transaction starts at once, on the values that the transactions before it will leave, as a list in the block says (EIP-7928). Nobody waits for anybody. What a transaction really writes is compared: a wrong list costs time and is never believed. Where the list comes from executing the block first, the speedup is not an engine's.",
  },
  "block-stm": {
    name: "block-stm",
    text: "Executes everything at once and optimistically, keeps every version of every written value, validates what was read, and repeats what read too early. After the Block-STM paper (2022).",
  },
  blocked: {
    name: "blocked",
    text: "An attempt met a value that another transaction is about to write again. It stops and its worker takes other work; nobody waits.",
  },
  bound: {
    name: "limit",
    text: "The most that any schedule could reach with this many workers, given who depends on whom: all the work divided by the larger of the critical path and one worker's share.",
  },
  clock: {
    name: "clock",
    text: "Where times come from. Virtual: workers are simulated, deterministic from the seed, and every transaction costs its gas. Measured: real workers and wall time, the median of several runs.",
  },
  commit: {
    name: "commit",
    text: "A transaction and everything before it is final. Commits happen in block order, whatever the order of execution.",
  },
  component: {
    name: "component",
    text: "Transactions connected by dependencies. Different components never touch each other's values.",
  },
  "critical-path": {
    name: "critical path",
    text: "The heaviest chain of transactions in which each reads what the one before it wrote. No schedule can be shorter.",
  },
  dag: {
    name: "dag (oracle)",
    text: "List scheduling on the block's true dependency graph, the longest remaining path first. An oracle, not an engine: the graph is known because the block has been executed before. It shows what any scheduler that respects conflicts can reach.",
  },
  dependency: {
    name: "dependency",
    text: "A later transaction reads what an earlier one wrote (read after write). Only these force an order of execution.",
  },
  deltas: {
    name: "deltas",
    text: "Additions that need not read the old value, such as fees paid to one recipient. Treated as deltas they commute: whoever only adds need not wait for whoever added before.",
  },
  estimate: {
    name: "estimate",
    text: "A mark left where an aborted attempt had written: its next attempt will probably write there again.",
  },
  executor: {
    name: "executor",
    text: "What runs the engine in this browser: threads on shared memory where the page is isolated; otherwise, for runs on the measured clock, a pool of workers that exchange messages; on a single core one worker.",
  },
  gas: {
    name: "gas",
    text: "The EVM's measure of work. A plain transfer costs 21 000.",
  },
  hints: {
    name: "hints",
    text: "What the scheduler is told beforehand. A hint only orders the work; validation decides, so a wrong one costs time and nothing else.",
  },
  granularity: {
    name: "granularity",
    text: "What is told apart where conflicts are looked for: whole accounts, or single slots, balances and nonces; with deltas, what the run treats as additions needs no order. Fees are additions throughout, if the run has them so. A coarser graph has more dependencies and a lower limit. It changes the picture and its limit, never the run or the proof.",
  },
  "hot-location": {
    name: "hot location",
    text: "A value many transactions read and write, ranked by how much shorter the critical path would be without it.",
  },
  incarnation: {
    name: "incarnation",
    text: "The number of an attempt of one transaction, from 0. After an abort the next incarnation begins.",
  },
  ladder: {
    name: "ladder",
    text: "Block-STM built for speed: whoever has read a value is told when it changes, a transaction that keeps failing waits for its turn, and workers run ahead only as far as that is not wasted. A block with nothing to gain runs in order on one worker.",
  },
  level: {
    name: "level",
    text: "How many dependencies precede a transaction in the longest chain that leads to it. Transactions of one level could all run at once.",
  },
  locks: {
    name: "locks",
    text: "Every transaction locks beforehand what it says it will touch, in block order, and starts when it holds all of it: the slots of its access list (EIP-2930), or without one whole accounts. What was not declared is found when it is committed, and executed again. After Solana's Sealevel.",
  },
  location: {
    name: "location",
    text: "One thing that can be read or written: a balance, a nonce, code, or a storage slot. A slot has its variable's name where the contract's layout is known; several variables that share it are all named. A question mark behind a name says that it is guessed, from the contract's events and the hashes that led to the slot.",
  },
  messages: {
    name: "messages",
    text: "How workers run ahead that share no memory, whichever strategy is chosen: each executes its part of the block on what it knows and sends what that read and wrote. One more, the last lane, checks it in block order, commits what still holds, and executes the rest itself.",
  },
  oracle: {
    name: "oracle",
    text: "It knows beforehand what only executing the block can tell. Its line shows what could be reached, and is not an engine's speedup.",
  },
  "ordered-merge": {
    name: "ordered-merge",
    text: "Workers run ahead on what is committed so far. Results are merged in block order: one whose reads still hold is taken, any other is executed once more at its turn. After Monad.",
  },
  "read-set": {
    name: "reads",
    text: "Every location an execution looked at, with the value found and who had written it.",
  },
  "read-share": {
    name: "share of reads",
    text: "Which part of the generated transactions only look: calls that change nothing that others read.",
  },
  seed: {
    name: "seed",
    text: "Fixes the simulated schedule of the virtual clock: the same seed gives the same picture everywhere.",
  },
  sequential: {
    name: "sequential",
    text: "One transaction after another, in block order. This is the specification; every other strategy must give the same result.",
  },
  skew: {
    name: "skew",
    text: "How unevenly accounts and pools are chosen: the exponent of Zipf's law. At 0 all are chosen alike, at 1 the second is chosen half as often as the first, and at 4 nearly all choose the first.",
  },
  speedup: {
    name: "speedup",
    text: "Sequential time divided by parallel time, on the clock named beside it.",
  },
  "state-root": {
    name: "state root",
    text: "The hash of all accounts and their storage after the block. Equal roots mean equal state.",
  },
  "two-phase": {
    name: "two-phase",
    text: "First every transaction at once, on the state before the block; then, in block order, once more each that read what another has changed. After Saraph and Herlihy (2019).",
  },
  validation: {
    name: "validation",
    text: "Reading everything an attempt had read once more and comparing. If something changed, the attempt is aborted.",
  },
  verdict: {
    name: "equal to sequential",
    text: "The parallel run was compared with the sequential one: status, gas, output and logs of every transaction, the final state, and the state root.",
  },
  "virtual-speedup": {
    name: "virtual speedup",
    text: "The speedup on the virtual clock, whichever clock the run had: of this strategy, with these workers.",
  },
  "what-if": {
    name: "what if",
    text: "What the block would take in virtual time if it were a little different. Dropping and moving execute another block. A free location is one of which every transaction has its own copy; a commutative one is only added to by those who write it. There every transaction is supposed to find what it finds in block order, and to compute the same, without waiting. A contract written like that may cost other gas.",
  },
  "work-ratio": {
    name: "work ratio",
    text: "The cost of all attempts divided by the cost of those that counted. 1.00 means that nothing was done twice.",
  },
  workers: {
    name: "workers",
    text: "How many transactions can be executed at the same time. Each is one lane of the timeline.",
  },
  "write-set": {
    name: "writes",
    text: "Every location an execution changed, with the new value, or with what was added to it.",
  },
} satisfies Record<string, { name: string; text: string }>;
