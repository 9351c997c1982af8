//! Why there is no block.

/// Why there is no block. Each says what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Nobody answered.
    #[error(
        "the node cannot be reached: {0}; check the address, and from a page also that the node allows this origin (CORS)"
    )]
    Unreachable(String),
    /// It took too long, every time.
    #[error("the node did not answer {0} in time; try again, or give it more time")]
    TimedOut(String),
    /// 429, every time.
    #[error(
        "the node limits how often it may be asked, and still did after {0} pauses; try later or ask another node"
    )]
    RateLimited(u32),
    /// 401 or 403.
    #[error("the node refuses access (HTTP status {0}); its address may need a key")]
    Forbidden(u16),
    /// Any other status that is no answer.
    #[error("the node answered with HTTP status {0}; check the address")]
    Status(u16),
    /// An answer that is longer than what is left of the cap.
    #[error(
        "the node's answers are larger than the cap of {0} bytes; take fewer transactions or raise the cap"
    )]
    TooManyBytes(u64),
    /// More requests than allowed.
    #[error(
        "the block needs more than {0} requests, which is the cap; take fewer transactions or raise the cap"
    )]
    TooManyRequests(u64),
    /// More accounts than allowed.
    #[error(
        "the block touches more than {0} accounts, which is the cap; take fewer transactions or raise the cap"
    )]
    TooManyAccounts(usize),
    /// Something that is not what JSON-RPC nodes say.
    #[error(
        "{method}: the node's answer cannot be read: {what}; is this the address of an Ethereum JSON-RPC node?"
    )]
    Unreadable {
        /// What was asked.
        method: String,
        /// What is wrong with the answer.
        what: String,
    },
    /// An error of the node's own.
    #[error("{method}: the node says \"{message}\" (code {code})")]
    Refused {
        /// What was asked.
        method: String,
        /// The JSON-RPC error's code.
        code: i64,
        /// And its text, shortened.
        message: String,
    },
    /// State of that block is no longer there.
    #[error(
        "the node has no state of block {block} any more (it says \"{message}\"); ask an archive node, one with `debug_`, or take a recent block"
    )]
    Pruned {
        /// The block before the one wanted.
        block: u64,
        /// What it says.
        message: String,
    },
    /// Another chain than said.
    #[error(
        "the node is of chain {found}, not of chain {wanted}; check the address or the chain id"
    )]
    WrongChain {
        /// What was said.
        wanted: u64,
        /// What the node says.
        found: u64,
    },
    /// No such block.
    #[error(
        "the node has no block {0}; the latest may be lower, or the node may still be synchronising"
    )]
    NoBlock(String),
    /// The first block has no state before it.
    #[error(
        "block 0 is the genesis: it has no transactions and nothing before it; take a later one"
    )]
    Genesis,
    /// No transactions at all.
    #[error("block {0} has no transactions; take another one")]
    Empty(u64),
    /// No such transaction.
    #[error("the node has no transaction {0}; check the hash and the chain")]
    NoTransaction(String),
    /// It is in no block yet.
    #[error("transaction {0} is in no block yet; wait until it is")]
    Pending(String),
    /// They are in several blocks.
    #[error("the transactions are in several blocks ({0}); take those of one block at a time")]
    SeveralBlocks(String),
    /// The chain changed meanwhile.
    #[error("the block was replaced while it was fetched (a reorganisation); try again")]
    Reorganised,
    /// A block that is none, or that scenarios cannot hold.
    #[error("the block cannot be taken: {0}")]
    Block(String),
    /// What was said cannot be meant.
    #[error("{0}")]
    Usage(String),
    /// What is missing is never found.
    #[error("after {0} trial runs the block still asks for more state; take fewer transactions")]
    NoEnd(u32),
    /// The scenario format refuses what was fetched.
    #[error("the block cannot be written as a scenario: {0}")]
    Scenario(String),
    /// It was cancelled.
    #[error("cancelled")]
    Cancelled,
}
