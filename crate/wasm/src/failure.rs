//! Failures become known even while the coordinator waits for the worker that failed.
//!
//! A panic aborts: its message goes out first, by the hook, from the thread it happens on. Any other trap (stack overflow,
//! out of memory) ends in an unhandled rejection of that thread's script, which `announce.js` listens for.

use std::sync::OnceLock;

use wasm_bindgen::prelude::*;

/// Name of the channel the page listens on.
static CHANNEL: OnceLock<String> = OnceLock::new();

#[wasm_bindgen(module = "/src/announce.js")]
extern "C" {
    fn announce(channel: &str, message: &str);
    #[cfg(feature = "threads")]
    fn watch(channel: &str);
}

/// Announces panics of every thread on `channel`.
pub(crate) fn announce_on(channel: String) {
    // The page starts an instance once; a second start would keep the first channel.
    let _ = CHANNEL.set(channel);
    std::panic::set_hook(Box::new(|info| {
        if let Some(channel) = CHANNEL.get() {
            announce(channel, &info.to_string());
        }
    }));
}

/// Announces traps of the calling thread.
#[cfg(feature = "threads")]
pub(crate) fn watch_this_thread() {
    if let Some(channel) = CHANNEL.get() {
        watch(channel);
    }
}
