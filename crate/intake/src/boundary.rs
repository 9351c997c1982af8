//! The one place where values cross between Rust and JavaScript, and what they are. `web/src/intake/types.ts` is written from
//! here by `tests/tests/types.rs`.

use evm_lanes_engine::diagnostic::{Diagnostic, Severity};
pub use evm_lanes_import::MAX_TEXT;
use evm_lanes_import::{Exported, Format, Imported, Input};
use js_sys::Reflect;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

/// What became of texts that were read together.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct TextsRead {
    /// Each of them, in their order.
    pub files: Vec<FileRead>,
    /// Sentences about what is good to know: whether receipts that were among the texts agree with the scenario.
    pub notes: Vec<String>,
    /// The scenario they make together, if no diagnostic is an error.
    pub scenario: Option<String>,
}

/// What a text was taken for, and what is wrong with it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct FileRead {
    /// As it was given.
    pub name: String,
    /// `null` where nothing is like it.
    pub format: Option<Format>,
    /// The format in words: "a block (eth_getBlockByNumber)".
    pub description: Option<String>,
    /// What is wrong with it, in order of position; what is missing altogether stands with the last text.
    pub diagnostics: Vec<Diagnostic>,
}

/// A scenario as another tool reads it.
#[derive(Debug, Serialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct TextWritten {
    /// The text.
    pub text: String,
    /// Sentences about what is not in it.
    pub left_out: Vec<String>,
}

impl TextsRead {
    pub(crate) fn new(inputs: &[Input], imported: Imported) -> Self {
        let Imported { formats, diagnostics, notes, scenario } = imported;
        let read = formats.into_iter().zip(diagnostics).zip(inputs);
        let files = read.map(|((format, diagnostics), input)| FileRead {
            name: input.name.clone(),
            format,
            description: format.map(|format| format.to_string()),
            diagnostics,
        });
        Self { files: files.collect(), notes, scenario }
    }
}

impl From<Exported> for TextWritten {
    fn from(Exported { text, left_out }: Exported) -> Self {
        Self { text, left_out }
    }
}

/// A value of the types above, in the same shape as JSON.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::json_compatible()).map_err(|defect| defect.to_string().into())
}

/// A text and its name.
pub(crate) fn input(value: &JsValue) -> Result<Input, JsValue> {
    let text = |field: &str| {
        let text = Reflect::get(value, &field.into())?.as_string();
        text.ok_or_else(|| JsValue::from(format!("{field} is no string")))
    };
    Ok(Input { name: text("name")?, text: text("text")? })
}

/// Why a text is no scenario: its first error.
pub(crate) fn unreadable(found: &[Diagnostic]) -> JsValue {
    let error = found.iter().find(|one| one.severity == Severity::Error);
    error
        .map_or_else(
            || "the scenario cannot be read".to_owned(),
            |Diagnostic { line, column, message, .. }| {
                format!("the scenario has errors, the first at {line}:{column}: {message}")
            },
        )
        .into()
}
