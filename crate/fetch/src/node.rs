//! A JSON-RPC node: calls in, answers out; batches, retries, pauses and caps.

use std::cell::RefCell;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::Poll;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::Problem;
use crate::fetch::{Limits, Mail, Post, Progress, Reply};

/// Calls in one body. Public nodes allow 100 and more.
const BATCH: usize = 50;
/// The first pause before something is tried again, in milliseconds; each is twice the one before.
const PAUSE: u64 = 250;
const LONGEST_PAUSE: u64 = 16_000;
/// How much of what a node says is passed on.
const LONGEST_MESSAGE: usize = 200;

/// A method with its parameters.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(crate) method: &'static str,
    pub(crate) params: Value,
}

/// An error of the node's own.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct RpcError {
    #[serde(default)]
    pub(crate) code: i64,
    #[serde(default)]
    pub(crate) message: String,
}

/// What a call came to.
pub(crate) type Answer = Result<Value, RpcError>;

#[derive(Debug)]
pub(crate) struct Node {
    mail: Rc<RefCell<Mail>>,
    limits: Limits,
    /// Calls in one body from here on: fewer once the node has refused more.
    batch: usize,
}

impl Node {
    pub(crate) fn new(mail: Rc<RefCell<Mail>>, limits: Limits) -> Self {
        Self { mail, limits, batch: BATCH }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn progress(&self) -> Progress {
        self.mail.borrow().progress
    }

    /// Changes what is said about how far it is.
    pub(crate) fn note(&self, change: impl FnOnce(&mut Progress)) {
        change(&mut self.mail.borrow_mut().progress);
    }

    /// One call whose result must be there.
    pub(crate) async fn get<T: DeserializeOwned>(
        &mut self,
        method: &'static str,
        params: Value,
    ) -> Result<T, Problem> {
        match self.one(method, params).await? {
            Ok(value) => read(method, value),
            Err(error) => Err(error.of(method)),
        }
    }

    /// One call.
    pub(crate) async fn one(
        &mut self,
        method: &'static str,
        params: Value,
    ) -> Result<Answer, Problem> {
        let mut answers = self.ask(&[Call { method, params }]).await?;
        Ok(answers.pop().expect("a call has an answer"))
    }

    /// Calls, each with its answer.
    pub(crate) async fn ask(&mut self, calls: &[Call]) -> Result<Vec<Answer>, Problem> {
        let mut answers = Vec::with_capacity(calls.len());
        while let Some(first) = calls.get(answers.len()) {
            let end = (answers.len() + self.batch).min(calls.len());
            let some = &calls[answers.len()..end];
            let requests = self.progress().requests + some.len() as u64;
            if requests > self.limits.requests {
                return Err(Problem::TooManyRequests(self.limits.requests));
            }
            self.note(|progress| progress.requests = requests);
            match self.persist(some).await {
                Ok(found) => answers.extend(found),
                // Some nodes take one call at a time, and say so in many ways.
                Err(
                    Problem::Unreadable { .. }
                    | Problem::Refused { .. }
                    | Problem::Status(400 | 405 | 413 | 422 | 500),
                ) if some.len() > 1 => self.batch = 1,
                Err(Problem::Unreadable { what, .. }) => {
                    return Err(Problem::Unreadable { method: first.method.to_owned(), what });
                }
                Err(problem) => return Err(problem),
            }
        }
        Ok(answers)
    }

    /// Tries until there is an answer or there is no use in trying.
    async fn persist(&mut self, calls: &[Call]) -> Result<Vec<Answer>, Problem> {
        let body = encode(calls);
        let (mut wait, mut pause) = (0, PAUSE);
        for attempt in 0.. {
            let reply = self.post(body.clone(), wait).await?;
            let last = attempt >= self.limits.retries;
            let (problem, after) = match reply {
                Reply::Answer { status: 200..=299, body, .. } => match decode(calls, &body) {
                    Ok(answers) if !last && answers.iter().any(limited) => {
                        (Problem::RateLimited(attempt), None)
                    }
                    Ok(answers) if answers.iter().any(limited) => {
                        return Err(Problem::RateLimited(attempt));
                    }
                    // A truncated answer may come whole the next time.
                    Err(problem @ Problem::Unreadable { .. }) if attempt < 2 => (problem, None),
                    decided => return decided,
                },
                Reply::Answer { status: 429, retry_after, .. } => {
                    (Problem::RateLimited(attempt), retry_after)
                }
                Reply::Answer { status: status @ (401 | 403), .. } => {
                    return Err(Problem::Forbidden(status));
                }
                Reply::Answer { status: status @ 502..=504, retry_after, .. } => {
                    (Problem::Status(status), retry_after)
                }
                // An answer to one call may come with any status.
                Reply::Answer { status, body, .. } => {
                    return decode(calls, &body).map_err(|_| Problem::Status(status));
                }
                Reply::Unreachable(reason) => (Problem::Unreachable(clean(&reason)), None),
                Reply::TimedOut => (Problem::TimedOut(calls[0].method.to_owned()), None),
                Reply::TooLarge => return Err(Problem::TooManyBytes(self.limits.bytes)),
            };
            if last {
                return Err(problem);
            }
            wait = after.map_or(pause, |seconds| seconds.saturating_mul(1000)).min(LONGEST_PAUSE);
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
        unreachable!("the last attempt returns")
    }

    async fn post(&mut self, body: String, wait: u64) -> Result<Reply, Problem> {
        let left = self.limits.bytes.saturating_sub(self.progress().bytes);
        if left == 0 {
            return Err(Problem::TooManyBytes(self.limits.bytes));
        }
        self.mail.borrow_mut().post = Some(Post { body, wait, most_bytes: left });
        let reply = poll_fn(|_| match self.mail.borrow_mut().reply.take() {
            Some(reply) => Poll::Ready(reply),
            None => Poll::Pending,
        })
        .await;
        if let Reply::Answer { body, .. } = &reply {
            if body.len() as u64 > left {
                return Ok(Reply::TooLarge);
            }
            self.note(|progress| progress.bytes += body.len() as u64);
        }
        Ok(reply)
    }
}

impl RpcError {
    /// As a problem.
    pub(crate) fn of(&self, method: &str) -> Problem {
        let message = clean(&self.message);
        Problem::Refused { method: method.to_owned(), code: self.code, message }
    }

    /// Whether it says that the state asked for is not there any more.
    pub(crate) fn is_pruned(&self) -> bool {
        let message = self.message.to_lowercase();
        [
            "missing trie node",
            "pruned",
            "archive",
            "state not available",
            "historical state",
            "state is not available",
            "state histories",
            "distance to target block",
            "old state",
        ]
        .iter()
        .any(|sign| message.contains(sign))
    }
}

/// One call as an object, several as a list.
fn encode(calls: &[Call]) -> String {
    let one = |(id, call): (usize, &Call)| json!({ "jsonrpc": "2.0", "id": id, "method": call.method, "params": call.params });
    match calls {
        [call] => one((0, call)).to_string(),
        calls => Value::Array(calls.iter().enumerate().map(one).collect()).to_string(),
    }
}

#[derive(Deserialize)]
struct Envelope {
    id: Option<Value>,
    #[serde(default)]
    result: Option<Value>,
    #[serde(default)]
    error: Option<RpcError>,
}

/// The answers in the order of the calls; nodes may give them in any.
fn decode(calls: &[Call], body: &str) -> Result<Vec<Answer>, Problem> {
    let unreadable =
        |what: String| Problem::Unreadable { method: calls[0].method.to_owned(), what };
    let value: Value = serde_json::from_str(body).map_err(|error| {
        let what = if error.is_eof() { "it breaks off" } else { "it is not JSON" };
        unreadable(format!("{what} ({error})"))
    })?;
    let envelope = |value: Value| {
        serde_json::from_value::<Envelope>(value)
            .map_err(|error| unreadable(format!("it is no JSON-RPC answer ({error})")))
    };
    let list = match value {
        Value::Array(list) => list,
        one if calls.len() == 1 => return Ok(vec![envelope(one)?.answer()]),
        // A batch that is refused as a whole.
        one => {
            return Err(match envelope(one)?.error {
                Some(error) => error.of(calls[0].method),
                None => unreadable("one answer to several calls".to_owned()),
            });
        }
    };
    let mut answers: Vec<Option<Answer>> = calls.iter().map(|_| None).collect();
    for value in list {
        let envelope = envelope(value)?;
        let id = envelope.id.as_ref().and_then(Value::as_u64);
        let place = id.and_then(|id| answers.get_mut(usize::try_from(id).ok()?));
        match place {
            Some(place) => *place = Some(envelope.answer()),
            None => return Err(unreadable("an answer to something that was not asked".to_owned())),
        }
    }
    let missing = || unreadable("answers are missing".to_owned());
    answers.into_iter().map(|answer| answer.ok_or_else(missing)).collect()
}

impl Envelope {
    fn answer(self) -> Answer {
        match self.error {
            Some(error) => Err(error),
            None => Ok(self.result.unwrap_or(Value::Null)),
        }
    }
}

/// Some nodes say with status 200 that they are asked too often.
fn limited(answer: &Answer) -> bool {
    let Err(error) = answer else { return false };
    let message = error.message.to_lowercase();
    error.code == 429
        || error.code == -32005 && message.contains("rate")
        || message.contains("rate limit")
        || message.contains("too many requests")
}

/// A result as what it must be.
pub(crate) fn read<T: DeserializeOwned>(method: &str, value: Value) -> Result<T, Problem> {
    serde_json::from_value(value).map_err(|error| Problem::Unreadable {
        method: method.to_owned(),
        what: clean(&error.to_string()),
    })
}

/// The text of others: not too long, and without what could command a terminal.
pub(crate) fn clean(text: &str) -> String {
    let printable = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
    let mut short: String = text.chars().take(LONGEST_MESSAGE).map(printable).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
