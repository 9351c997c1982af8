//! A block on its way from a node. `web/src/node/node.worker.ts` carries what is sent and what comes back.

use evm_lanes_fetch::{Fetch, Limits, Reply, Step, Taken, Wanted, Which};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::boundary;

/// What to do next.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum NodeStep {
    /// Send this and report what came back.
    Post {
        /// Of an HTTP POST: JSON.
        body: String,
        /// How long to wait before it is sent, in milliseconds.
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        wait: u64,
        /// The longest answer to be read, in bytes.
        #[cfg_attr(feature = "typescript", ts(type = "number"))]
        most_bytes: u64,
    },
    /// Here it is.
    Done {
        /// The block, and how it compares with its receipts.
        taken: Box<Taken>,
    },
    /// There will be none.
    Failed {
        /// Why, and what to do about it.
        message: String,
    },
}

/// `evm_lanes_fetch::Fetch` with what it gives and takes converted. To cancel, leave it.
#[derive(Debug)]
#[wasm_bindgen]
pub struct NodeFetch(Fetch);

#[wasm_bindgen]
impl NodeFetch {
    /// A whole block if there are no hashes of transactions; else these, which must be in the block if one is given.
    #[wasm_bindgen(constructor)]
    pub fn new(
        block: Option<String>,
        transactions: Vec<String>,
        chain_id: Option<u64>,
        fork: Option<String>,
    ) -> Self {
        let which = match block {
            Some(block) if transactions.is_empty() => Which::Block(block),
            block => Which::Transactions(transactions, block),
        };
        Self(Fetch::new(Wanted { which, chain_id, fork, limits: Limits::default() }))
    }

    /// A `NodeStep`. Not to be asked for another after the last.
    pub fn step(&mut self) -> Result<JsValue, JsValue> {
        boundary::to_js(&match self.0.step() {
            Step::Post(post) => {
                NodeStep::Post { body: post.body, wait: post.wait, most_bytes: post.most_bytes }
            }
            Step::Done(taken) => NodeStep::Done { taken },
            Step::Failed(problem) => NodeStep::Failed { message: problem.to_string() },
        })
    }

    /// An answer, with the header `Retry-After` in seconds.
    pub fn answer(&mut self, status: u16, retry_after: Option<u32>, body: String) {
        self.0.reply(Reply::Answer { status, retry_after: retry_after.map(u64::from), body });
    }

    /// No connection, with what is known of the reason.
    pub fn unreachable(&mut self, reason: String) {
        self.0.reply(Reply::Unreachable(reason));
    }

    /// No answer in time.
    #[wasm_bindgen(js_name = timedOut)]
    pub fn timed_out(&mut self) {
        self.0.reply(Reply::TimedOut);
    }

    /// An answer that is longer than it may be.
    #[wasm_bindgen(js_name = tooLarge)]
    pub fn too_large(&mut self) {
        self.0.reply(Reply::TooLarge);
    }

    /// How far it is: a `Progress`.
    pub fn progress(&self) -> Result<JsValue, JsValue> {
        boundary::to_js(&self.0.progress())
    }
}
