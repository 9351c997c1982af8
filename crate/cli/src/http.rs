//! Carries a fetch's requests to a node and the answers back.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use evm_lanes_fetch::{Fetch, Post, Problem, Progress, Reply, Step, Taken};
use ureq::Agent;

/// How often it is looked whether the user has had enough.
const LOOK: Duration = Duration::from_millis(50);

/// Sends what the fetch wants to be sent, until it has come to its end.
pub(crate) fn drive(
    mut fetch: Fetch,
    address: &str,
    timeout: Duration,
    cancel: &AtomicBool,
    progress: &dyn Fn(Progress),
) -> Result<Taken, Problem> {
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(timeout))
        // A status is an answer like any.
        .http_status_as_error(false)
        .user_agent(concat!("evm-lanes/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    loop {
        let post = match fetch.step() {
            Step::Done(taken) => return Ok(*taken),
            Step::Failed(problem) => return Err(problem),
            Step::Post(post) => post,
        };
        progress(fetch.progress());
        fetch.reply(send(&agent, address, post, cancel).ok_or(Problem::Cancelled)?);
    }
}

/// The answer; none if the run was cancelled meanwhile. A connection cannot be interrupted, so it has a thread of its own,
/// which is left behind.
fn send(agent: &Agent, address: &str, post: Post, cancel: &AtomicBool) -> Option<Reply> {
    let cancelled = || cancel.load(Ordering::Relaxed);
    let ready = Instant::now() + Duration::from_millis(post.wait);
    while let Some(left) =
        ready.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
    {
        if cancelled() {
            return None;
        }
        std::thread::sleep(left.min(LOOK));
    }
    let (sender, receiver) = mpsc::channel();
    let (agent, address) = (agent.clone(), address.to_owned());
    std::thread::spawn(move || {
        // Nobody listens any more if the run was cancelled.
        let _ = sender.send(exchange(&agent, &address, &post));
    });
    loop {
        match receiver.recv_timeout(LOOK) {
            Ok(reply) => return Some(reply),
            Err(mpsc::RecvTimeoutError::Timeout) if cancelled() => return None,
            Err(mpsc::RecvTimeoutError::Timeout) => {}
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                return Some(Reply::Unreachable("the connection's thread has failed".to_owned()));
            }
        }
    }
}

fn exchange(agent: &Agent, address: &str, post: &Post) -> Reply {
    let failed = |error: ureq::Error| match error {
        ureq::Error::Timeout(_) => Reply::TimedOut,
        ureq::Error::BodyExceedsLimit(_) => Reply::TooLarge,
        other => Reply::Unreachable(other.to_string()),
    };
    let sent = agent.post(address).header("content-type", "application/json").send(&post.body);
    let mut response = match sent {
        Ok(response) => response,
        Err(error) => return failed(error),
    };
    let status = response.status().as_u16();
    let header = response.headers().get("retry-after");
    let retry_after = header.and_then(|value| value.to_str().ok()?.trim().parse().ok());
    match response.body_mut().with_config().limit(post.most_bytes).read_to_string() {
        Ok(body) => Reply::Answer { status, retry_after, body },
        Err(error) => failed(error),
    }
}
