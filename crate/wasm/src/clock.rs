//! `performance.now` as the engine's clock.

use evm_lanes_schedule::Clock;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;

    #[wasm_bindgen(thread_local_v2, js_namespace = performance, js_name = timeOrigin)]
    static TIME_ORIGIN: f64;
}

/// Nanoseconds since `zero`, on any worker.
#[derive(Debug)]
pub(crate) struct PerformanceClock {
    /// In milliseconds since 1970.
    zero: f64,
}

impl PerformanceClock {
    pub(crate) fn new() -> Self {
        Self { zero: TIME_ORIGIN.with(|origin| *origin) + now() }
    }

    /// One whose times can be compared with those of other instances. They are in steps of 256, which is less than pages that
    /// are not isolated can tell apart.
    #[cfg(not(feature = "threads"))]
    pub(crate) fn since_1970() -> Self {
        Self { zero: 0.0 }
    }
}

impl Clock for PerformanceClock {
    fn now(&self) -> u64 {
        // Each worker counts from its own creation; the origins are on one scale. Subtracting the large numbers first
        // keeps the precision.
        let milliseconds = (TIME_ORIGIN.with(|origin| *origin) - self.zero) + now();
        // A negative time (clocks may be coarsened by some microseconds) becomes 0 in the conversion.
        (milliseconds * 1e6) as u64
    }
}
