//! The one place where values cross between Rust and JavaScript.

use evm_lanes_engine::RunError;
use evm_lanes_engine::diagnostic::Diagnostic;
use evm_lanes_engine::options::Options;
use evm_lanes_engine::report::{Events, Report};
use evm_lanes_engine::what_if::Change;
use js_sys::{Float64Array, Int32Array, Object, Reflect, Uint8Array, Uint32Array};
use serde::Serialize;
use serde::de::{DeserializeOwned, IntoDeserializer as _, value};
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

/// The options of a run; absent fields have their defaults. Field by field, because serde's way brings 5 KB (gzip) of
/// messages about types that TypeScript has checked.
pub(crate) fn options(value: &JsValue) -> Result<Options, JsValue> {
    let default = Options::default();
    Ok(Options {
        strategy: id(value, "strategy", default.strategy)?,
        workers: number(value, "workers", default.workers)?,
        clock: id(value, "clock", default.clock)?,
        cost: id(value, "cost", default.cost)?,
        seed: number(value, "seed", default.seed)?,
        deltas: id(value, "deltas", default.deltas)?,
        hints: id(value, "hints", default.hints)?,
        repeats: number(value, "repeats", default.repeats)?,
    })
}

/// A change, field by field like the options.
pub(crate) fn change(value: &JsValue) -> Result<Change, JsValue> {
    // No transaction and no place have this number.
    let transaction = number(value, "transaction", u32::MAX);
    let text = |field: &str| {
        let text = Reflect::get(value, &field.into())?.as_string();
        text.ok_or_else(|| wrong_option(field, "not a string"))
    };
    Ok(match text("kind")?.as_str() {
        "drop" => Change::Drop { transaction: transaction? },
        "move" => Change::Move { transaction: transaction?, to: number(value, "to", u32::MAX)? },
        "split" => Change::Split { location: text("location")? },
        "commute" => Change::Commute { location: text("location")? },
        other => return Err(wrong_option("kind", other)),
    })
}

/// Why there is no report, as an `ErrorData` of `web/src/engine/protocol.ts`.
pub(crate) fn run_error(why: RunError) -> JsValue {
    let message = why.to_string();
    match why {
        RunError::Invalid(diagnostics) => error("invalid", &message, &diagnostics),
        RunError::Options(_) | RunError::Change(_) => error("options", &message, &[]),
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

/// One of the engine's ids by its name.
fn id<T: DeserializeOwned>(object: &JsValue, field: &str, default: T) -> Result<T, JsValue> {
    let value = Reflect::get(object, &field.into())?;
    if value.is_undefined() {
        return Ok(default);
    }
    let name = value.as_string().unwrap_or_default();
    let id: Result<T, value::Error> = T::deserialize(name.as_str().into_deserializer());
    id.map_err(|wrong| wrong_option(field, &wrong.to_string()))
}

/// A whole number that its type holds.
fn number<T: TryFrom<u64>>(object: &JsValue, field: &str, default: T) -> Result<T, JsValue> {
    let value = Reflect::get(object, &field.into())?;
    if value.is_undefined() {
        return Ok(default);
    }
    // What is no whole number does not come back from the conversion as itself.
    let number = value.as_f64().filter(|&number| number as u64 as f64 == number);
    let number = number.and_then(|number| T::try_from(number as u64).ok());
    number.ok_or_else(|| wrong_option(field, "not a whole number in range"))
}

fn wrong_option(field: &str, what: &str) -> JsValue {
    error("options", &format!("options: {field}: {what}"), &[])
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
