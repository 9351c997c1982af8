//! The JSON Schema of the format, from the same declarations as the reader.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, generate::SchemaSettings, json_schema};
use serde_json::{Map, Value, json};

use super::access_list::{RawAccessList, RawAccountChanges};
use super::generate::Workload;
use super::own::{Abi, ContractName, FileName, InitCode, StorageLayout};
use super::raw::{
    Any, Entries, List, Nullable, RawAccount, RawAccountObject, RawGenerated, RawItem, Spellings,
};
use super::raw::{RawScenario, RawSigned, RawTransaction};
use super::template::{DrawName, NameTemplate, RawChoice};
use super::values::{
    Amount, Count, FORKS, Fork, Hash, Hex, MERGED_FORKS, Mode, Share, Skew, SlotValue,
};
use super::values::{Who, Word};

/// The schema of a whole scenario, for editors.
pub fn schema() -> Value {
    let generator = SchemaSettings::draft07().into_generator();
    let mut schema = generator.into_root_schema_for::<RawScenario>();
    schema.insert("title".to_owned(), "An EVM Lanes scenario".into());
    schema.to_value()
}

/// The schema of a record while its fields are added.
pub(super) struct Record {
    about: String,
    properties: Map<String, Value>,
}

impl Record {
    pub(super) fn new(docs: &[&str]) -> Self {
        Self { about: joined(docs), properties: Map::new() }
    }

    pub(super) fn field(&mut self, key: &str, docs: &[&str], schema: Schema) {
        let mut schema = schema.to_value();
        // In draft 7 nothing beside a `$ref` counts.
        if schema.get("$ref").is_some() {
            schema = json!({ "allOf": [schema] });
        }
        if let Some(object) = schema.as_object_mut() {
            object.insert("description".to_owned(), joined(docs).into());
            self.properties.insert(key.to_owned(), schema);
        } else {
            self.properties.insert(key.to_owned(), json!({ "description": joined(docs) }));
        }
    }

    /// `others`: other keys, each of which stands for one of the fields.
    /// `any`: keys of which one is required.
    pub(super) fn finish(mut self, required: &[&str], any: &[&str], others: Spellings) -> Schema {
        let mut either = Vec::new();
        if !any.is_empty() {
            let any: Vec<_> = any.iter().map(|key| json!({ "required": [key] })).collect();
            either.push(json!({ "anyOf": any }));
        }
        for (other, own) in others {
            if let Some(field) = self.properties.get(*own) {
                self.properties.insert((*other).to_owned(), field.clone());
            }
            either.push(json!({ "not": { "required": [other, own] } }));
        }
        let is_own = |key: &str| others.iter().any(|(_, own)| *own == key);
        let (spelled, plain): (Vec<&str>, Vec<&str>) = required.iter().partition(|key| is_own(key));
        for key in spelled {
            let all = others.iter().filter(|(_, own)| *own == key).map(|(other, _)| *other);
            let any: Vec<_> =
                all.chain([key]).map(|spelling| json!({ "required": [spelling] })).collect();
            either.push(json!({ "anyOf": any }));
        }
        let mut schema = json_schema!({
            "type": "object",
            "description": self.about,
            "properties": self.properties,
            "required": plain,
            "additionalProperties": false,
        });
        if !either.is_empty() {
            schema.insert("allOf".to_owned(), either.into());
        }
        schema
    }
}

fn joined(docs: &[&str]) -> String {
    docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

const NUMBER: &str = "0[xX][0-9a-fA-F]+|[0-9][0-9_]*(\\.[0-9_]*)?([eE][+-]?[0-9]+)?";
const UNIT: &str =
    "[wW][eE][iI]|[kKmMgG][wW][eE][iI]|[eE][tT][hH]([eE][rR])?|szabo|finney|milliether|nanoether";
const NAME: &str = "[A-Za-z_][A-Za-z0-9_-]{0,63}";
const ADDRESS: &str = "0x[0-9a-fA-F]{40}";

/// Declares the schema of a type without fields.
macro_rules! leaf {
    ($type:ty, $name:literal, $schema:expr) => {
        impl JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let schema: Value = $schema;
                Schema::try_from(schema).unwrap_or_default()
            }
        }
    };
}

fn number_or(pattern: String) -> Value {
    json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, { "type": "string", "pattern": pattern }] })
}

leaf!(
    Amount,
    "Amount",
    number_or(format!("^\\s*(0[xX][0-9a-fA-F]+|({NUMBER})\\s*({UNIT})?)\\s*$"))
);
leaf!(Count, "Count", number_or(format!("^\\s*({NUMBER})\\s*$")));
leaf!(Word, "Word", number_or(format!("^\\s*({NUMBER})\\s*$")));
leaf!(
    SlotValue,
    "SlotValue",
    number_or(format!("^\\s*(0[xX][0-9a-fA-F]+|({NUMBER})\\s*({UNIT})?|{NAME})\\s*$"))
);
leaf!(Hash, "Hash", json!({ "type": "string", "pattern": "^0x[0-9a-fA-F]{64}$" }));
leaf!(Hex, "Bytes", json!({ "type": "string", "pattern": "^0x([0-9a-fA-F]{2})*$" }));
leaf!(Who, "Who", json!({ "type": "string", "pattern": format!("^({ADDRESS}|{NAME})$") }));
leaf!(Mode, "Mode", json!({ "enum": ["skip", "reject"] }));
leaf!(Skew, "Skew", json!({ "type": "number", "minimum": 0, "maximum": 4 }));
leaf!(Share, "Share", json!({ "type": "number", "minimum": 0, "maximum": 1 }));
leaf!(Any, "Any", json!({}));
leaf!(RawChoice, "Template", {
    let mut properties: Map<String, Value> =
        RawTransaction::KEYS.iter().map(|key| ((*key).to_owned(), json!({}))).collect();
    properties.insert(
        "weight".to_owned(),
        json!({
            "description": "How often it is taken, beside the others. Default: 1.",
            "anyOf": [{ "type": "integer", "minimum": 0, "maximum": 1_000_000 }, { "type": "string" }],
        }),
    );
    properties.insert(
        "read".to_owned(),
        json!({ "description": "It only reads: `reads` says how many of these there are.", "type": "boolean" }),
    );
    json!({
        "description": "A transaction with placeholders such as {user}.",
        "type": "object",
        "properties": properties,
        "required": ["from"],
        "additionalProperties": false,
    })
});
leaf!(
    InitCode,
    "Init code",
    json!({ "type": "string", "pattern": "^\\s*0[xX]([0-9a-fA-F]{2})*\\s*$" })
);
leaf!(Abi, "ABI", {
    let kinds = ["function", "error", "event", "constructor", "fallback", "receive"];
    let item = json!({ "type": "object", "required": ["type"], "properties": { "type": { "enum": kinds } } });
    json!({ "type": "array", "items": item })
});
leaf!(
    StorageLayout,
    "Storage layout",
    json!({ "type": "object", "required": ["storage"], "properties": { "storage": { "type": "array" } } })
);
leaf!(
    Workload,
    "Workload",
    json!({ "enum": Workload::ALL.iter().map(|(_, name)| *name).collect::<Vec<_>>() })
);
leaf!(Fork, "Fork", {
    let own = FORKS.iter().flat_map(|(_, names)| names.iter().copied());
    let merged = MERGED_FORKS.iter().map(|(_, name)| *name);
    json!({ "enum": own.chain(merged).collect::<Vec<_>>() })
});

/// The pattern of an object's keys.
pub(super) trait KeyPattern {
    fn pattern() -> String;
}

impl KeyPattern for Who {
    fn pattern() -> String {
        format!("^({ADDRESS}|{NAME})$")
    }
}

impl KeyPattern for DrawName {
    fn pattern() -> String {
        "^[A-Za-z0-9]+$".to_owned()
    }
}

impl KeyPattern for NameTemplate {
    fn pattern() -> String {
        "".to_owned()
    }
}

impl KeyPattern for Word {
    fn pattern() -> String {
        format!("^({NUMBER})$")
    }
}

impl KeyPattern for ContractName {
    fn pattern() -> String {
        "^[A-Za-z0-9_$.]{1,200}$".to_owned()
    }
}

impl KeyPattern for FileName {
    fn pattern() -> String {
        "^[^\\u0000-\\u001f]{1,200}$".to_owned()
    }
}

impl KeyPattern for Count {
    fn pattern() -> String {
        format!("^({NUMBER})$")
    }
}

/// Declares the schema of a type made of others.
macro_rules! composed {
    ([$($bounds:tt)*] $type:ty, $name:expr, |$generator:ident| $schema:expr) => {
        impl<$($bounds)*> JsonSchema for $type {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema($generator: &mut SchemaGenerator) -> Schema {
                let schema: Value = $schema;
                Schema::try_from(schema).unwrap_or_default()
            }
        }
    };
}

composed!([T: JsonSchema] List<T>, format!("List of {}", T::schema_name()), |generator| {
    json!({ "type": "array", "items": generator.subschema_for::<T>() })
});
composed!([T: JsonSchema] Nullable<T>, format!("{} or null", T::schema_name()), |generator| {
    json!({ "anyOf": [generator.subschema_for::<T>(), { "type": "null" }] })
});
composed!([K: KeyPattern, V: JsonSchema] Entries<K, V>, format!("Map to {}", V::schema_name()), |generator| {
    json!({
        "type": "object",
        "propertyNames": { "pattern": K::pattern() },
        "additionalProperties": generator.subschema_for::<V>(),
    })
});
composed!([] RawAccount, "Account", |generator| {
    json!({ "anyOf": [
        generator.subschema_for::<RawAccountObject>(),
        generator.subschema_for::<Amount>(),
    ] })
});
composed!([] RawItem, "Item", |generator| {
    json!({ "anyOf": [
        generator.subschema_for::<RawTransaction>(),
        generator.subschema_for::<RawSigned>(),
        generator.subschema_for::<RawGenerated>(),
    ] })
});
composed!([] RawAccessList, "Block access list", |generator| {
    json!({ "anyOf": [
        generator.subschema_for::<List<RawAccountChanges>>(),
        generator.subschema_for::<Hex>(),
    ] })
});
