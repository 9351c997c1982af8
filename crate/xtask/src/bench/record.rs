//! A measurement as it is kept in the repository: to be read, and to be compared with the next one.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// The text of a record. Numbers have four digits that count, whatever fits on a line stands on one, and of the real blocks
/// only their total is kept.
pub(crate) fn text(record: &Value) -> String {
    let mut text = String::new();
    write(&shortened(record), 0, &mut text);
    text + "\n"
}

/// Columns.
const LINE: usize = 200;

fn shortened(value: &Value) -> Value {
    match value {
        Value::Number(number) if number.is_f64() => rounded(number.as_f64().unwrap_or_default()),
        Value::Array(items) => {
            items.iter().filter(|item| !is_one_of_many(item)).map(shortened).collect()
        }
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| (name.clone(), shortened(value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// Whether this is a real block and not all of them together.
fn is_one_of_many(item: &Value) -> bool {
    let block = item.get("block").and_then(Value::as_str).unwrap_or_default();
    block.starts_with("real-") && block != "real-total"
}

fn rounded(number: f64) -> Value {
    if number == 0.0 || !number.is_finite() {
        return 0.into();
    }
    let digits = 3 - number.abs().log10().floor() as i32;
    let scale = 10_f64.powi(digits);
    let rounded = (number * scale).round() / scale;
    if rounded.fract() == 0.0 && rounded.abs() < 1e15 {
        (rounded as i64).into()
    } else {
        rounded.into()
    }
}

fn write(value: &Value, depth: usize, text: &mut String) {
    let short = value.to_string();
    if depth * 2 + short.len() <= LINE {
        text.push_str(&short);
        return;
    }
    let (open, close, items): (_, _, Vec<(Option<&String>, &Value)>) = match value {
        Value::Array(items) => ('[', ']', items.iter().map(|item| (None, item)).collect()),
        Value::Object(fields) => {
            ('{', '}', fields.iter().map(|(name, value)| (Some(name), value)).collect())
        }
        _ => return text.push_str(&short),
    };
    text.push(open);
    for (position, (name, item)) in items.into_iter().enumerate() {
        text.push_str(if position == 0 { "\n" } else { ",\n" });
        text.push_str(&"  ".repeat(depth + 1));
        if let Some(name) = name {
            let _ = write!(text, "{}: ", Value::from(name.as_str()));
        }
        write(item, depth + 1, text);
    }
    let _ = write!(text, "\n{}{close}", "  ".repeat(depth));
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::text;

    #[test]
    fn numbers_are_short_and_the_real_blocks_are_one() {
        let record = json!({
            "a": 1234.5678,
            "b": [{"block": "real-5", "x": 1}, {"block": "real-total", "x": 0.000123456}],
            "c": 12_345_678,
        });
        let kept =
            json!({"a": 1235, "b": [{"block": "real-total", "x": 0.0001235}], "c": 12_345_678});
        assert_eq!(text(&record), kept.to_string() + "\n");
    }

    #[test]
    fn what_does_not_fit_on_a_line_has_several() {
        let record = json!({"many": (0..90).collect::<Vec<_>>(), "few": [1, 2]});
        let text = text(&record);
        assert!(text.starts_with("{\n  \"few\": [1,2],\n  \"many\": [\n    0,\n"), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), record);
    }
}
