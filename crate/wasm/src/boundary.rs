//! The one place where values cross between Rust and JavaScript.

use evm_lanes_engine::RunError;
use evm_lanes_engine::diagnostic::Diagnostic;
use evm_lanes_engine::options::Options;
use evm_lanes_engine::report::{Events, Report};
use js_sys::{Float64Array, Int32Array, Object, Reflect, Uint8Array, Uint32Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// The same shape as JSON: `null` for `None`, plain objects, numbers for integers (an error beyond 2⁵³).
const SERIALIZER: Serializer = Serializer::json_compatible();

/// A value of the boundary's types.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&SERIALIZER).map_err(|defect| error("panicked", &defect.to_string(), &[]))
}

/// A report, its event columns as typed arrays: as objects a hundred thousand events would cost more than the run.
pub(crate) fn report(mut report: Report) -> Result<JsValue, JsValue> {
    let events = std::mem::take(&mut report.timeline.events);
    let value = to_js(&report)?;
    let timeline = Reflect::get(&value, &"timeline".into())?;
    Reflect::set(&timeline, &"events".into(), &columns(&events)?)?;
    Ok(value)
}

/// The options of a run; absent fields have their defaults.
pub(crate) fn options(value: JsValue) -> Result<Options, JsValue> {
    serde_wasm_bindgen::from_value(value)
        .map_err(|wrong| error("options", &format!("options: {wrong}"), &[]))
}

/// Why there is no report, as an `ErrorData` of `web/src/engine/protocol.ts`.
pub(crate) fn run_error(why: RunError) -> JsValue {
    let message = why.to_string();
    match why {
        RunError::Invalid(diagnostics) => error("invalid", &message, &diagnostics),
        RunError::Options(_) => error("options", &message, &[]),
        RunError::Cancelled => error("cancelled", &message, &[]),
        RunError::Panicked(_) => error("panicked", &message, &[]),
    }
}

/// The one error that is thrown.
pub(crate) fn error(code: &str, message: &str, diagnostics: &[Diagnostic]) -> JsValue {
    #[derive(Serialize)]
    struct ErrorData<'a> {
        code: &'a str,
        message: &'a str,
        diagnostics: &'a [Diagnostic],
    }
    // Strings and small numbers: this cannot fail, and if it did the message is still worth throwing.
    ErrorData { code, message, diagnostics }
        .serialize(&SERIALIZER)
        .unwrap_or_else(|_| message.into())
}

/// Copies: JavaScript refuses views of shared memory in many places, and a view dies when the memory grows.
fn columns(events: &Events) -> Result<JsValue, JsValue> {
    let object = Object::new();
    let set = |name: &str, column: JsValue| Reflect::set(&object, &name.into(), &column);
    set("kind", Uint8Array::from(&events.kind[..]).into())?;
    set("worker", Uint32Array::from(&events.worker[..]).into())?;
    set("transaction", Uint32Array::from(&events.transaction[..]).into())?;
    set("incarnation", Uint32Array::from(&events.incarnation[..]).into())?;
    set("start", Float64Array::from(&events.start[..]).into())?;
    set("end", Float64Array::from(&events.end[..]).into())?;
    set("cause", Int32Array::from(&events.cause[..]).into())?;
    Ok(object.into())
}
