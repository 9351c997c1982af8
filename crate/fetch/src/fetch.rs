//! The fetch as seen by whoever carries the requests.

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use serde::Serialize;

use crate::node::Node;
use crate::{Problem, plan};
use evm_lanes_import::node::Compared;

/// A block on its way from a node. Call [`Fetch::step`]; after each [`Step::Post`], send it, call [`Fetch::reply`], and
/// step again. To cancel, drop it.
pub struct Fetch {
    plan: Pin<Box<dyn Future<Output = Result<Taken, Problem>>>>,
    mail: Rc<RefCell<Mail>>,
}

/// What is exchanged with the plan.
#[derive(Debug, Default)]
pub(crate) struct Mail {
    pub(crate) post: Option<Post>,
    pub(crate) reply: Option<Reply>,
    pub(crate) progress: Progress,
}

/// What is to be fetched.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Which transactions.
    pub which: Which,
    /// The chain id that the node must have, if it matters.
    pub chain_id: Option<u64>,
    /// The fork in force, as scenarios call it; found out if not given.
    pub fork: Option<String>,
    /// Where to stop.
    pub limits: Limits,
}

/// Which transactions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// A whole block: its number, its hash, or `latest`.
    Block(String),
    /// These transactions of one block, by their hashes, in the block's order. With a block, they must be in it.
    Transactions(Vec<String>, Option<String>),
}

/// Where to stop.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Calls, however they are packed.
    pub requests: u64,
    /// Of all answers.
    pub bytes: u64,
    /// Of the state.
    pub accounts: usize,
    /// How often the same thing is tried again.
    pub retries: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { requests: 50_000, bytes: 256 << 20, accounts: 20_000, retries: 5 }
    }
}

/// What to do next.
#[derive(Debug)]
pub enum Step {
    /// Send this and report what came back.
    Post(Post),
    /// Here it is.
    Done(Box<Taken>),
    /// There will be none.
    Failed(Problem),
}

/// An HTTP POST with a JSON body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// The body.
    pub body: String,
    /// How long to wait before it is sent, in milliseconds.
    pub wait: u64,
    /// The longest answer to be read, in bytes.
    pub most_bytes: u64,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// An answer.
    Answer {
        /// HTTP status.
        status: u16,
        /// The header `Retry-After`, in seconds.
        retry_after: Option<u64>,
        /// The body.
        body: String,
    },
    /// No connection, with what is known of the reason.
    Unreachable(String),
    /// None in time.
    TimedOut,
    /// It is longer than [`Post::most_bytes`].
    TooLarge,
}

/// How far it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Calls so far.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub requests: u64,
    /// Bytes of answers so far.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub bytes: u64,
    /// Accounts whose state is known.
    pub accounts: usize,
    /// Slots whose value is known.
    pub slots: usize,
}

/// What is being done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub enum Stage {
    /// Which chain, which fork.
    #[default]
    Chain,
    /// The block and its transactions.
    Block,
    /// Its receipts.
    Receipts,
    /// What its transactions found, from the node's tracer.
    Trace,
    /// State, one look-up for each thing that a trial run lacked.
    State,
}

/// A block that was fetched.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Taken {
    /// The scenario's text.
    pub scenario: String,
    /// Chain id.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub chain_id: u64,
    /// The block's number.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub block: u64,
    /// The fork it was executed under.
    pub fork: String,
    /// Whether the node's tracer gave the state (`debug_`), or look-ups did.
    pub traced: bool,
    /// What the scenario gives beside what the receipts say, transaction by transaction.
    pub compared: Vec<Compared>,
    /// What one should know about it.
    pub notes: Vec<String>,
    /// What it took.
    pub progress: Progress,
}

impl Taken {
    /// Whether every transaction has the gas and the status of its receipt.
    pub fn agrees(&self) -> bool {
        self.compared.iter().all(|compared| compared.differences.is_empty())
    }
}

impl Fetch {
    /// Begins.
    pub fn new(wanted: Wanted) -> Self {
        let mail = Rc::new(RefCell::new(Mail::default()));
        let node = Node::new(mail.clone(), wanted.limits);
        Self { plan: Box::pin(plan::take(node, wanted)), mail }
    }

    /// What to do next. Does not come back after it is done or has failed.
    pub fn step(&mut self) -> Step {
        if let Some(post) = &self.mail.borrow().post {
            return Step::Post(post.clone());
        }
        match self.plan.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(taken)) => Step::Done(Box::new(taken)),
            Poll::Ready(Err(problem)) => Step::Failed(problem),
            // A plan waits for nothing but replies.
            Poll::Pending => match self.mail.borrow().post.clone() {
                Some(post) => Step::Post(post),
                None => unreachable!("the plan waits without having asked"),
            },
        }
    }

    /// What came back to the last [`Step::Post`].
    pub fn reply(&mut self, reply: Reply) {
        let mut mail = self.mail.borrow_mut();
        mail.post = None;
        mail.reply = Some(reply);
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        self.mail.borrow().progress
    }
}

impl fmt::Debug for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fetch").field("progress", &self.progress()).finish_non_exhaustive()
    }
}
