//! Runs on workers that share no memory. The build with threads has no need of them.

use evm_lanes_engine::{Message, Setting, Surroundings};
use evm_lanes_schedule::Inline;
use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::clock::PerformanceClock;
use crate::{CANCEL, PROGRESS, STORY, boundary, library, report_progress};

/// The deciding side of a run, in the coordinator.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RemoteRun(evm_lanes_engine::RemoteRun);

/// The side of one worker, for all runs of one scenario.
#[wasm_bindgen]
#[expect(missing_debug_implementations, reason = "a revm instance has none")]
pub struct RemoteWorker {
    worker: evm_lanes_engine::RemoteWorker,
    clock: PerformanceClock,
}

#[wasm_bindgen]
impl RemoteRun {
    /// Of a scenario on so many workers; throws an `ErrorData` where the options are wrong.
    #[wasm_bindgen(constructor)]
    pub fn new(
        text: String,
        options: JsValue,
        workers: u32,
        progress: Function,
    ) -> Result<RemoteRun, JsValue> {
        let options = boundary::options(&options)?;
        PROGRESS.set(Some(progress));
        let setting = Setting {
            library: library(),
            clock: Box::new(PerformanceClock::since_1970()),
            cancel: &CANCEL,
            progress: Box::new(report_progress),
        };
        Ok(Self(evm_lanes_engine::RemoteRun::new(text, options, workers, setting)))
    }

    /// Takes what a worker has sent, and returns `{ sent: [worker, bytes][], report: Report | null }`: what to send to whom,
    /// and the report once it is over. Throws an `ErrorData` if there is none. Not to be called after either.
    pub fn step(
        &mut self,
        worker: Option<u32>,
        bytes: Option<Vec<u8>>,
    ) -> Result<JsValue, JsValue> {
        let received = worker.zip(bytes).map(|(worker, bytes)| Message { worker, bytes });
        let (sent, over) = self.0.step(received);
        let sent: Array = sent
            .into_iter()
            .map(|Message { worker, bytes }| {
                Array::of2(&worker.into(), &Uint8Array::from(&bytes[..]).into())
            })
            .collect();
        let report = match over {
            None => JsValue::NULL,
            Some(over) => {
                PROGRESS.set(None);
                let (report, story) = over.map_err(boundary::run_error)?;
                STORY.set(Some(story));
                boundary::report(report)?
            }
        };
        let object = Object::new();
        Reflect::set(&object, &"sent".into(), &sent)?;
        Reflect::set(&object, &"report".into(), &report)?;
        Ok(object.into())
    }
}

#[wasm_bindgen]
impl RemoteWorker {
    /// Prepares a scenario's block; throws an `ErrorData` where that is not possible.
    #[wasm_bindgen(constructor)]
    pub fn new(text: &str, options: JsValue) -> Result<RemoteWorker, JsValue> {
        let options = boundary::options(&options)?;
        let with = Surroundings {
            pool: &Inline,
            library: &library(),
            clock: None,
            cancel: &CANCEL,
            progress: &|_, _, _| {},
        };
        let worker = evm_lanes_engine::RemoteWorker::new(text, &options, &with);
        let worker = worker.map_err(boundary::run_error)?;
        Ok(Self { worker, clock: PerformanceClock::since_1970() })
    }

    /// What to send back for what the run has sent; throws an `ErrorData` if that makes no sense.
    pub fn perform(&mut self, message: &[u8]) -> Result<Vec<u8>, JsValue> {
        self.worker.perform(message, &self.clock).map_err(boundary::run_error)
    }
}
