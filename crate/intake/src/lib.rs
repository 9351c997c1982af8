//! WebAssembly bindings of what brings scenarios into the page and out of it: convert, call, convert. Nothing is decided here.
//!
//! A module of its own, so that whoever only plays with scenarios does not load it. `web/src/intake/worker.ts` is the only
//! caller.

pub mod boundary;
pub mod node;

use std::cell::RefCell;

use evm_lanes_engine::scenario::{self, Library, Scenario};
use evm_lanes_import::Exported;
use js_sys::Array;
use wasm_bindgen::prelude::*;

thread_local! {
    /// The contracts that scenarios can name.
    static LIBRARY: RefCell<Library> = RefCell::default();
}

/// Has panics thrown with their message; the instance cannot be used after one.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|info| wasm_bindgen::throw_str(&info.to_string())));
}

/// Adds contracts that scenarios can name; throws a string if the text is no list of contracts.
#[wasm_bindgen(js_name = addContracts)]
pub fn add_contracts(text: &str) -> Result<(), JsValue> {
    let more = LIBRARY.with_borrow(|library| library.and(text));
    LIBRARY.set(more.map_err(|error| JsValue::from(error.to_string()))?);
    Ok(())
}

/// There are no further contracts; scenarios that name one are told `why`.
#[wasm_bindgen(js_name = noContracts)]
pub fn no_contracts(why: &str) {
    LIBRARY.set(LIBRARY.with_borrow(|library| library.lacking(why)));
}

/// Reads texts that belong together, a list of `{ name, text }`, and returns what became of them: a `TextsRead`.
#[wasm_bindgen(js_name = importTexts)]
pub fn import_texts(inputs: &Array) -> Result<JsValue, JsValue> {
    let inputs = inputs.iter().map(|input| boundary::input(&input));
    let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
    let imported = evm_lanes_import::import(&inputs);
    boundary::to_js(&boundary::TextsRead::new(&inputs, imported))
}

/// A scenario's signed transactions, one a line: a `TextWritten`, or throws a string if it is none.
#[wasm_bindgen(js_name = exportRaw)]
pub fn export_raw(text: &str) -> Result<JsValue, JsValue> {
    export(text, evm_lanes_import::raw)
}

/// A scenario as input of evm t8n, in the same way.
#[wasm_bindgen(js_name = exportT8n)]
pub fn export_t8n(text: &str) -> Result<JsValue, JsValue> {
    export(text, evm_lanes_import::t8n)
}

/// A scenario as a script of Foundry's cast, in the same way.
#[wasm_bindgen(js_name = exportCast)]
pub fn export_cast(text: &str) -> Result<JsValue, JsValue> {
    export(text, evm_lanes_import::cast)
}

fn export(text: &str, write: impl FnOnce(&Scenario) -> Exported) -> Result<JsValue, JsValue> {
    match LIBRARY.with_borrow(|library| scenario::read(text, library)) {
        (Some(read), _) => boundary::to_js(&boundary::TextWritten::from(write(&read))),
        (None, found) => Err(boundary::unreadable(&found)),
    }
}
