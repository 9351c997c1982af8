//! Collecting problems by place, and saying where the places are.

use super::json::{Node, Span, Value};
use crate::diagnostic::{Diagnostic, Severity};

/// The most problems reported for one text.
const MAX_PROBLEMS: usize = 500;

/// Everything found wrong so far.
#[derive(Debug, Default)]
pub(super) struct Problems {
    list: Vec<Problem>,
    left_out: usize,
    errors: usize,
}

#[derive(Debug)]
struct Problem {
    severity: Severity,
    span: Span,
    message: String,
    hint: Option<String>,
}

impl Problems {
    /// Something that makes the scenario unusable.
    pub(super) fn error(&mut self, span: Span, message: impl Into<String>) -> Hinted<'_> {
        self.errors += 1;
        self.push(Severity::Error, span, message.into())
    }

    /// As [`Self::error`], unless exactly this has been reported.
    pub(super) fn error_once(&mut self, span: Span, message: String) -> Hinted<'_> {
        let same = |problem: &Problem| problem.span == span && problem.message == message;
        if self.list.iter().any(same) { Hinted(None) } else { self.error(span, message) }
    }

    /// Something that is perhaps not meant. Templates are read more than once; what they are warned of stands once.
    pub(super) fn warning(&mut self, span: Span, message: impl Into<String>) -> Hinted<'_> {
        let message = message.into();
        let same = |problem: &Problem| problem.span == span && problem.message == message;
        if self.list.iter().any(same) {
            return Hinted(None);
        }
        self.push(Severity::Warning, span, message)
    }

    /// How many errors there are.
    pub(super) fn errors(&self) -> usize {
        self.errors
    }

    /// Every problem in order of position, with lines, columns and paths.
    pub(super) fn into_diagnostics(
        mut self,
        text: &str,
        root: Option<&Node<'_>>,
    ) -> Vec<Diagnostic> {
        self.list.sort_by_key(|problem| (problem.span.start, problem.span.end));
        let places = Places::new(text);
        let mut all: Vec<Diagnostic> = self
            .list
            .into_iter()
            .map(|problem| {
                let (line, column) = places.position(problem.span.start);
                let (end_line, end_column) =
                    places.position(problem.span.end.max(problem.span.start));
                Diagnostic {
                    severity: problem.severity,
                    line,
                    column,
                    end_line,
                    end_column,
                    path: root.map(|root| path_at(root, problem.span.start)).unwrap_or_default(),
                    message: problem.message,
                    hint: problem.hint,
                }
            })
            .collect();
        if self.left_out > 0 {
            all.push(Diagnostic {
                severity: Severity::Error,
                line: 1,
                column: 1,
                end_line: 1,
                end_column: 1,
                path: String::new(),
                message: format!("{} more problems are not listed", self.left_out),
                hint: None,
            });
        }
        all
    }

    fn push(&mut self, severity: Severity, span: Span, message: String) -> Hinted<'_> {
        if self.list.len() >= MAX_PROBLEMS {
            self.left_out += 1;
            return Hinted(None);
        }
        self.list.push(Problem { severity, span, message, hint: None });
        Hinted(self.list.last_mut())
    }
}

/// A problem just reported, to which a hint can be added.
#[derive(Debug)]
pub(super) struct Hinted<'p>(Option<&'p mut Problem>);

impl Hinted<'_> {
    /// Says what to do about it.
    pub(super) fn hint(self, hint: impl Into<String>) {
        self.hint_if(Some(hint));
    }

    /// Says what to do about it, worked out only if the problem is listed.
    pub(super) fn hint_with(self, hint: impl FnOnce() -> Option<String>) {
        if self.0.is_some() {
            self.hint_if(hint());
        }
    }

    /// Says what to do about it, if that is known.
    pub(super) fn hint_if(self, hint: Option<impl Into<String>>) {
        if let (Some(problem), Some(hint)) = (self.0, hint) {
            problem.hint = Some(hint.into());
        }
    }
}

/// Line starts, and column checkpoints within long lines, so that a position costs a bounded scan.
struct Places<'t> {
    text: &'t str,
    /// Byte offset of each line's first character.
    lines: Vec<u32>,
    /// Every [`Self::STRIDE`] bytes (rounded up to a character): UTF-16 units since the start of the text.
    units: Vec<(u32, u32)>,
}

impl<'t> Places<'t> {
    const STRIDE: u32 = 4096;

    fn new(text: &'t str) -> Self {
        let mut lines = vec![0];
        let mut units = vec![(0, 0)];
        let (mut count, mut next) = (0u32, Self::STRIDE);
        let mut previous = '\0';
        for (at, c) in text.char_indices() {
            let at = at as u32;
            if at >= next {
                units.push((at, count));
                next = at + Self::STRIDE;
            }
            // \r\n is one line break; a lone \r is one too, as editors have it.
            if previous == '\n' || (previous == '\r' && c != '\n') {
                lines.push(at);
            }
            count += c.len_utf16() as u32;
            previous = c;
        }
        if matches!(previous, '\n' | '\r') {
            lines.push(text.len() as u32);
        }
        Self { text, lines, units }
    }

    /// Line and column, from 1, the column in UTF-16 code units.
    fn position(&self, offset: u32) -> (u32, u32) {
        let offset = offset.min(self.text.len() as u32);
        let line = self.lines.partition_point(|&start| start <= offset) - 1;
        let column = self.units_before(offset) - self.units_before(self.lines[line]);
        (line as u32 + 1, column + 1)
    }

    fn units_before(&self, offset: u32) -> u32 {
        let (start, count) = self.units[self.units.partition_point(|&(at, _)| at <= offset) - 1];
        let between = self.text.get(start as usize..offset as usize).unwrap_or_default();
        count + between.chars().map(|c| c.len_utf16() as u32).sum::<u32>()
    }
}

/// The path of the innermost value or key at `offset`: `transactions[3].value`.
pub(super) fn path_at(root: &Node<'_>, offset: u32) -> String {
    let mut path = String::new();
    let mut node = root;
    loop {
        match &node.value {
            Value::Array(items) => {
                let index = items.partition_point(|item| item.span.start <= offset);
                match index.checked_sub(1).map(|i| (i, &items[i])) {
                    Some((i, item)) if offset < item.span.end.max(item.span.start + 1) => {
                        path.push_str(&format!("[{i}]"));
                        node = item;
                    }
                    _ => return path,
                }
            }
            Value::Object(members) => {
                let index = members.partition_point(|member| member.key_span.start <= offset);
                let Some(member) = index.checked_sub(1).map(|i| &members[i]) else { return path };
                let end = member.value.span.end.max(member.key_span.end);
                if offset >= end.max(member.key_span.start + 1) {
                    return path;
                }
                push_key(&mut path, &member.key);
                if offset < member.value.span.start {
                    return path;
                }
                node = &member.value;
            }
            _ => return path,
        }
    }
}

/// The place of the value with this path, or of the innermost one around it that the text has. Upper and lower case are
/// the same, because addresses may be written either way.
pub(super) fn span_at(root: &Node<'_>, path: &str) -> Span {
    let mut node = root;
    let mut walked = String::new();
    let leads = |child: &str| {
        let starts = path.get(..child.len()).is_some_and(|start| start.eq_ignore_ascii_case(child));
        starts && matches!(path.as_bytes().get(child.len()), None | Some(b'.' | b'['))
    };
    loop {
        let next = match &node.value {
            Value::Array(items) => {
                let path_of = |index| format!("{walked}[{index}]");
                let mut children = items.iter().enumerate().map(|(i, item)| (path_of(i), item));
                children.find(|(path, _)| leads(path))
            }
            Value::Object(members) => {
                let path_of = |key| {
                    let mut path = walked.clone();
                    push_key(&mut path, key);
                    path
                };
                let mut children =
                    members.iter().map(|member| (path_of(&member.key), &member.value));
                children.find(|(path, _)| leads(path))
            }
            _ => None,
        };
        let Some(child) = next else { return node.span.clone() };
        (walked, node) = child;
    }
}

fn push_key(path: &mut String, key: &str) {
    let plain =
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    if plain {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(key);
    } else {
        path.push_str(&format!("[{:?}]", super::json::shorten(key)));
    }
}

/// Of `known`, the word that `word` was probably meant to be.
pub(crate) fn closest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if word.len() > 64 {
        return None;
    }
    let lower = word.to_ascii_lowercase();
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(&lower, &candidate.to_ascii_lowercase()), candidate))
        .filter(|&(distance, candidate)| {
            distance <= (candidate.len().min(word.len()) / 3).max(1)
                && distance < candidate.chars().count()
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}
