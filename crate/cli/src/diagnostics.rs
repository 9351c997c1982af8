//! Diagnostics for people: what, where (`file:line:column`), the line itself with the place underlined, and the hint.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use evm_lanes_engine::diagnostic::{Diagnostic, Severity};

/// Wider source lines (a raw transaction has no line breaks) are cut around the place.
const WIDTH: usize = 120;

/// All of `found`, which were found in `text`, and how many they are.
pub(crate) fn render(name: &str, text: &str, found: &[Diagnostic]) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let renderer = Renderer::styled().term_width(WIDTH);
    let mut out = String::new();
    for diagnostic in found {
        out.push_str(&renderer.render(&[group(name, &lines, diagnostic)]));
        out.push_str("\n\n");
    }
    out
}

/// A message about no place in particular.
pub(crate) fn render_plain(message: &str) -> String {
    let report = [Group::with_title(Level::ERROR.primary_title(message))];
    format!("{}\n", Renderer::styled().render(&report))
}

fn group<'a>(name: &'a str, lines: &[&'a str], diagnostic: &'a Diagnostic) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let line = lines.get((diagnostic.line as usize).saturating_sub(1)).copied().unwrap_or_default();
    let line = line.strip_suffix('\r').unwrap_or(line);
    let place = AnnotationKind::Primary.span(span(line, diagnostic));
    let snippet =
        Snippet::source(line).path(name).line_start(diagnostic.line as usize).annotation(place);
    let mut group = level.primary_title(&diagnostic.message).element(snippet);
    if !diagnostic.path.is_empty() {
        group = group.element(Level::NOTE.message(format!("at {}", diagnostic.path)));
    }
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(hint));
    }
    group
}

/// The bytes of `line` that the diagnostic is about; to the end of the line if it ends in a later one.
fn span(line: &str, diagnostic: &Diagnostic) -> Range<usize> {
    let start = byte_of(line, diagnostic.column);
    let end = if diagnostic.end_line > diagnostic.line {
        line.len()
    } else {
        byte_of(line, diagnostic.end_column)
    };
    start..end.max(start)
}

/// Columns are UTF-16 code units from 1, as editors in a browser count them.
fn byte_of(line: &str, column: u32) -> usize {
    let mut units = 1;
    for (byte, c) in line.char_indices() {
        if units >= column as usize {
            return byte;
        }
        units += c.len_utf16();
    }
    line.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Renders one error at `column..end_column` of line 2.
    #[track_caller]
    fn check(line: &str, columns: Range<u32>, expected: &str) {
        let diagnostic = Diagnostic {
            severity: Severity::Error,
            line: 2,
            column: columns.start,
            end_line: 2,
            end_column: columns.end,
            path: "transactions[3].to".to_owned(),
            message: "no account is called “bbo”".to_owned(),
            hint: Some("did you mean “bob”?".to_owned()),
        };
        let text = format!("{{\n{line}\n}}");
        let rendered = render("block.json", &text, std::slice::from_ref(&diagnostic));
        let plain = anstream::adapter::strip_str(&rendered).to_string();
        assert_eq!(plain.trim_end(), expected, "\n{plain}");
    }

    #[test]
    fn the_place_is_underlined() {
        check(
            r#"  "to": "bbo","#,
            9..14,
            r#"error: no account is called “bbo”
 --> block.json:2:9
  |
2 |   "to": "bbo",
  |         ^^^^^
  |
  = note: at transactions[3].to
  = help: did you mean “bob”?"#,
        );
    }

    #[test]
    fn columns_count_utf_16_units_and_carets_count_cells() {
        // The emoji is one character, two code units, four bytes and two cells wide.
        check(
            "\"🦀\": x\r",
            7..8,
            "error: no account is called “bbo”
 --> block.json:2:6
  |
2 | \"🦀\": x
  |       ^
  |
  = note: at transactions[3].to
  = help: did you mean “bob”?",
        );
    }

    #[test]
    fn places_outside_the_text_do_no_harm() {
        for (line, column, end_column) in
            [(1, 90, 99), (1, 3, 1), (0, 0, 0), (9, u32::MAX, u32::MAX)]
        {
            let diagnostic = Diagnostic {
                severity: Severity::Warning,
                line,
                column,
                end_line: line,
                end_column,
                path: String::new(),
                message: "odd".to_owned(),
                hint: None,
            };
            assert!(render("-", "{}", &[diagnostic]).contains("odd"));
        }
    }

    #[test]
    fn a_terminal_is_not_commanded() {
        let diagnostic = Diagnostic {
            severity: Severity::Error,
            line: 1,
            column: 1,
            end_line: 1,
            end_column: 2,
            path: String::new(),
            message: "bad \u{1b}[2J".to_owned(),
            hint: None,
        };
        let rendered = render("-", "\u{1b}[2J", &[diagnostic]);
        assert!(!rendered.contains("\u{1b}[2J"), "{rendered:?}");
    }
}
