//! JSON with comments and trailing commas, as a tree that knows where everything stands.
//!
//! The parser goes on after an error, because somebody who pastes a scenario wants every problem at once: a missing
//! comma or an unquoted key is reported and read as meant. Where brackets do not match, nothing that follows can be
//! trusted, and [`Document::reliable`] says so. Work and memory are linear in the text, and the nesting is bounded, so
//! that no text can exhaust the stack.

use std::borrow::Cow;
use std::ops::Range;

use super::problems::Problems;

/// Deepest nesting of arrays and objects.
pub(super) const MAX_DEPTH: u32 = 64;
/// Most values in one document.
pub(super) const MAX_VALUES: u32 = 1_000_000;
/// After this many syntax errors the rest of the text is not looked at.
const MAX_SYNTAX_ERRORS: u32 = 50;

/// A place in the text, in bytes.
pub(super) type Span = Range<u32>;

/// A text as a tree.
#[derive(Debug)]
pub(super) struct Document<'t> {
    /// The outermost value.
    pub(super) root: Node<'t>,
    /// The tree is what its author meant, so that it makes sense to look for further problems in it.
    pub(super) reliable: bool,
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node<'t> {
    /// What it is.
    pub(super) value: Value<'t>,
    /// Where.
    pub(super) span: Span,
}

/// A JSON value.
#[derive(Clone, Debug)]
pub(super) enum Value<'t> {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number, as written.
    Number(Cow<'t, str>),
    /// A string, unescaped.
    String(Cow<'t, str>),
    /// An array.
    Array(Vec<Node<'t>>),
    /// An object.
    Object(Vec<Member<'t>>),
    /// Something that has been reported and means nothing.
    Broken,
}

/// A member of an object.
#[derive(Clone, Debug)]
pub(super) struct Member<'t> {
    /// Its key, unescaped.
    pub(super) key: Cow<'t, str>,
    /// Where the key stands, quotes included.
    pub(super) key_span: Span,
    /// Its value.
    pub(super) value: Node<'t>,
}

impl<'t> Node<'t> {
    /// The same, independent of the text.
    pub(super) fn to_owned(&self) -> Node<'static> {
        let own = |text: &Cow<'_, str>| Cow::Owned(text.clone().into_owned());
        let value = match &self.value {
            Value::Null => Value::Null,
            Value::Bool(value) => Value::Bool(*value),
            Value::Number(text) => Value::Number(own(text)),
            Value::String(text) => Value::String(own(text)),
            Value::Array(items) => Value::Array(items.iter().map(Node::to_owned).collect()),
            Value::Object(members) => Value::Object(
                members
                    .iter()
                    .map(|member| Member {
                        key: own(&member.key),
                        key_span: member.key_span.clone(),
                        value: member.value.to_owned(),
                    })
                    .collect(),
            ),
            Value::Broken => Value::Broken,
        };
        Node { value, span: self.span.clone() }
    }

    /// The member `key`, `null` if there is none.
    pub(super) fn at(&self, key: &str) -> &Self {
        const NOTHING: &Node<'static> = &Node { value: Value::Null, span: 0..0 };
        let mut members = self.members().unwrap_or_default().iter();
        members.find(|member| member.key == key).map_or(NOTHING, |member| &member.value)
    }

    /// The members of an object.
    pub(super) fn members(&self) -> Option<&[Member<'t>]> {
        match &self.value {
            Value::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The elements of an array.
    pub(super) fn items(&self) -> Option<&[Self]> {
        match &self.value {
            Value::Array(items) => Some(items),
            _ => None,
        }
    }

    /// The text of a string.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// It is `true`.
    pub(super) fn is_true(&self) -> bool {
        matches!(self.value, Value::Bool(true))
    }

    /// What kind of value it is, with its article.
    pub(super) fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::Array(_) => "a list",
            Value::Object(_) => "an object",
            Value::Broken => "nothing readable",
        }
    }
}

/// Reads `text`, which must be shorter than 4 GiB.
pub(super) fn parse<'t>(text: &'t str, problems: &mut Problems) -> Document<'t> {
    let mut parser =
        Parser { text, at: 0, problems, errors: 0, values: 0, reliable: true, stopped: false };
    if text.starts_with('\u{feff}') {
        parser.at = '\u{feff}'.len_utf8();
    }
    parser.skip_blank();
    let root = if parser.peek().is_some() {
        parser.value(0)
    } else {
        parser.error(0..0, "the scenario is empty", Some("start with `{ \"transactions\": [] }`"));
        Node { value: Value::Broken, span: 0..0 }
    };
    parser.skip_blank();
    if parser.peek().is_some() && !parser.stopped {
        let start = parser.at;
        parser.unreliable(
            start..text.len(),
            "there is text after the end of the scenario",
            Some("a scenario is one object: remove what follows it"),
        );
    }
    let reliable = parser.reliable;
    Document { root, reliable }
}

struct Parser<'t, 'p> {
    text: &'t str,
    /// Byte offset of the next character; always on a character boundary.
    at: usize,
    problems: &'p mut Problems,
    errors: u32,
    values: u32,
    reliable: bool,
    /// Nothing more is read: the end of the text is pretended.
    stopped: bool,
}

impl<'t> Parser<'t, '_> {
    fn value(&mut self, depth: u32) -> Node<'t> {
        let start = self.at;
        self.values += 1;
        if self.values > MAX_VALUES {
            self.stop(start..start, format!("the scenario has more than {MAX_VALUES} values"));
        }
        if depth >= MAX_DEPTH && matches!(self.peek(), Some('[' | '{')) {
            self.stop(
                start..start + 1,
                format!("lists and objects are nested more than {MAX_DEPTH} deep"),
            );
        }
        let value = match self.peek() {
            Some('{') => self.object(depth),
            Some('[') => self.array(depth),
            Some('"' | '\'') => Value::String(self.string()),
            Some(c) if c.is_alphanumeric() || "+-._$".contains(c) => self.word(),
            Some(c) => {
                let mut hint = None;
                if matches!(c, '“' | '”' | '‘' | '’' | '„') {
                    hint = Some("use the plain quote \"");
                }
                self.error(
                    start..start + c.len_utf8(),
                    format!("expected a value, found `{}`", c.escape_debug()),
                    hint,
                );
                // Closing characters are left for those who wait for them.
                if !matches!(c, ',' | ']' | '}' | ':') {
                    self.skip_garbage();
                }
                Value::Broken
            }
            None => {
                if !self.stopped {
                    self.unreliable(
                        start..start,
                        "expected a value, but the text ends here",
                        None::<String>,
                    );
                }
                Value::Broken
            }
        };
        // Where reading stopped early, everything that was open reaches to the end.
        let end = if self.stopped { self.text.len() } else { self.at };
        Node { value, span: span(start..end.max(start)) }
    }

    fn object(&mut self, depth: u32) -> Value<'t> {
        let open = self.at;
        self.at += 1;
        let mut members: Vec<Member<'t>> = Vec::new();
        loop {
            self.skip_blank();
            match self.peek() {
                Some('}') => {
                    self.at += 1;
                    break;
                }
                None => {
                    self.unclosed(open, '}');
                    break;
                }
                Some(']') => {
                    self.mismatched(open, '}');
                    break;
                }
                Some(',') => {
                    let at = self.at;
                    self.at += 1;
                    self.error(at..at + 1, "there is a comma too many", None::<String>);
                    continue;
                }
                Some(_) => {}
            }
            let start = self.at;
            let Some(key) = self.key() else { continue };
            let key_span = span(start..self.at);
            let value = if self.colon() {
                self.value(depth + 1)
            } else {
                self.error(
                    start..key_span.end as usize,
                    format!("the key `{}` has no value", shorten(&key)),
                    Some("write `\"key\": value`"),
                );
                Node { value: Value::Broken, span: key_span.clone() }
            };
            members.push(Member { key, key_span, value });
            self.separator('}');
        }
        self.report_duplicates(&members);
        Value::Object(members)
    }

    /// The colon behind a key, or a report that it is missing before a value.
    fn colon(&mut self) -> bool {
        let end = self.at;
        self.skip_blank();
        match self.peek() {
            Some(':') => self.at += 1,
            Some('=') => {
                let at = self.at;
                self.error(at..at + 1, "a colon belongs here", None::<String>);
                self.at += 1;
            }
            Some(c) if c.is_ascii_digit() || "\"[{-".contains(c) => {
                self.error(end..end, "a colon is missing here", None::<String>);
            }
            _ => return false,
        }
        self.skip_blank();
        true
    }

    fn array(&mut self, depth: u32) -> Value<'t> {
        let open = self.at;
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_blank();
            match self.peek() {
                Some(']') => {
                    self.at += 1;
                    break;
                }
                None => {
                    self.unclosed(open, ']');
                    break;
                }
                Some('}') => {
                    self.mismatched(open, ']');
                    break;
                }
                Some(',') => {
                    let at = self.at;
                    self.at += 1;
                    self.error(at..at + 1, "there is a comma too many", None::<String>);
                    continue;
                }
                Some(_) => {}
            }
            let before = self.at;
            items.push(self.value(depth + 1));
            if self.at == before && self.peek() == Some(':') {
                self.at += 1;
            }
            self.separator(']');
        }
        Value::Array(items)
    }

    /// A comma, or the closing character that lies ahead, or a report that the comma is missing.
    fn separator(&mut self, close: char) {
        let end = self.at;
        self.skip_blank();
        match self.peek() {
            Some(',') => self.at += 1,
            Some(c) if c == close => {}
            // The caller reports these.
            Some(']' | '}') | None => {}
            Some(c) => {
                let starts_something = c.is_alphanumeric() || "\"'{[-_$".contains(c);
                if starts_something {
                    self.error(end..end, "a comma is missing here", None::<String>);
                } else {
                    let at = self.at;
                    self.error(
                        at..at + c.len_utf8(),
                        format!("`{}` is unexpected here", c.escape_debug()),
                        None::<String>,
                    );
                    self.skip_garbage();
                    if self.peek() == Some(',') {
                        self.at += 1;
                    }
                }
            }
        }
    }

    fn key(&mut self) -> Option<Cow<'t, str>> {
        let start = self.at;
        match self.peek()? {
            '"' | '\'' => Some(self.string()),
            c if c.is_alphanumeric() || "_$-".contains(c) => {
                let word = self.take_word();
                self.error(
                    start..self.at,
                    format!("the key `{}` needs double quotes", shorten(word)),
                    Some(format!("write `\"{}\"`", shorten(word))),
                );
                Some(Cow::Borrowed(word))
            }
            c => {
                self.error(
                    start..start + c.len_utf8(),
                    format!("expected a key in double quotes, found `{}`", c.escape_debug()),
                    None::<String>,
                );
                // What follows belongs to it, up to the next member.
                let rest = &self.text[self.at..];
                self.at += rest.find([',', '}', ']', '\n']).unwrap_or(rest.len());
                if self.peek() == Some(',') {
                    self.at += 1;
                }
                None
            }
        }
    }

    /// A string, from its opening quote. It ends at its closing quote or, reported, at the end of the line.
    fn string(&mut self) -> Cow<'t, str> {
        let open = self.at;
        let quote = if self.text[open..].starts_with('\'') { '\'' } else { '"' };
        self.at += 1;
        let first = self.at;
        let mut owned: Option<String> = None;
        let closed = loop {
            let Some(c) = self.peek() else { break false };
            let at = self.at;
            if c == quote {
                break true;
            }
            match c {
                '\n' | '\r' => break false,
                '\\' => {
                    let mut text = owned.take().unwrap_or_else(|| self.text[first..at].to_owned());
                    self.escape(&mut text);
                    owned = Some(text);
                }
                c => {
                    self.at += c.len_utf8();
                    if c < ' ' {
                        self.error(
                            at..at + 1,
                            "a control character stands in a string",
                            Some("write it as an escape such as \\t"),
                        );
                    }
                    if let Some(text) = &mut owned {
                        text.push(c);
                    }
                }
            }
        };
        let content = owned.map_or(Cow::Borrowed(&self.text[first..self.at]), Cow::Owned);
        if closed {
            self.at += 1;
            if quote == '\'' {
                self.error(
                    open..self.at,
                    "strings need double quotes",
                    Some(format!("write \"{}\"", shorten(&content))),
                );
            }
        } else if !self.stopped {
            let end = self.at;
            self.error(
                open..end,
                "the string is not closed",
                Some("put a double quote at its end; a string cannot span lines"),
            );
        }
        content
    }

    /// An escape sequence, from its backslash.
    fn escape(&mut self, text: &mut String) {
        let start = self.at;
        self.at += 1;
        let Some(c) = self.peek() else { return };
        self.at += c.len_utf8();
        match c {
            '"' | '\\' | '/' => text.push(c),
            'b' => text.push('\u{8}'),
            'f' => text.push('\u{c}'),
            'n' => text.push('\n'),
            'r' => text.push('\r'),
            't' => text.push('\t'),
            'u' => match self.unicode_escape() {
                Some(c) => text.push(c),
                None => {
                    let end = self.at;
                    self.error(
                        start..end,
                        "this escape is not a character",
                        Some("\\u takes four hexadecimal digits, in pairs for characters beyond \\uffff"),
                    );
                }
            },
            c => {
                let end = self.at;
                self.error(
                    start..end,
                    format!("`\\{}` is not an escape", c.escape_debug()),
                    Some("a backslash itself is written \\\\"),
                );
            }
        }
    }

    fn unicode_escape(&mut self) -> Option<char> {
        let high = self.four_digits()?;
        if !(0xd800..0xdc00).contains(&high) {
            return char::from_u32(high);
        }
        let rest = self.text[self.at..].strip_prefix("\\u")?;
        self.at = self.text.len() - rest.len();
        let low = self.four_digits()?;
        if !(0xdc00..0xe000).contains(&low) {
            return None;
        }
        char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
    }

    fn four_digits(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u32::from_str_radix(digits, 16).ok()
    }

    /// A number, a literal, or a word that is neither.
    fn word(&mut self) -> Value<'t> {
        let start = self.at;
        let word = self.take_word();
        match word {
            "true" => return Value::Bool(true),
            "false" => return Value::Bool(false),
            "null" => return Value::Null,
            _ if is_json_number(word) => return Value::Number(Cow::Borrowed(word)),
            _ => {}
        }
        let quoted = format!("write \"{}\"", shorten(word));
        let digit_first = word.starts_with(|c: char| c.is_ascii_digit());
        let (message, hint) = if word.starts_with("0x") || word.starts_with("0X") {
            (
                format!("the hexadecimal number `{}` needs double quotes", shorten(word)),
                Some(quoted),
            )
        } else if digit_first || word.starts_with(['+', '-', '.']) {
            let digits = word.trim_start_matches(['+', '0']);
            let zero = if digits.is_empty() || digits.starts_with('.') { "0" } else { "" };
            let number = format!("{zero}{digits}");
            let hint = if is_json_number(&number) { format!("write {number}") } else { quoted };
            (format!("`{}` is not a number JSON knows", shorten(word)), Some(hint))
        } else {
            let lower = word.to_ascii_lowercase();
            let hint = match lower.as_str() {
                "true" | "false" | "null" => format!("write `{lower}`"),
                "none" | "nil" | "undefined" => "write `null`, or leave the field out".to_owned(),
                _ => quoted,
            };
            (format!("the text `{}` needs double quotes", shorten(word)), Some(hint))
        };
        self.error(start..self.at, message, hint);
        Value::Broken
    }

    fn take_word(&mut self) -> &'t str {
        let rest = &self.text[self.at..];
        let end = rest
            .find(|c: char| !(c.is_alphanumeric() || "+-._$".contains(c)))
            .unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn skip_blank(&mut self) {
        loop {
            let rest = &self.text[self.at..];
            let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{a0}', '\u{feff}']);
            self.at += rest.len() - trimmed.len();
            if self.stopped {
                return;
            }
            if let Some(comment) = trimmed.strip_prefix("//") {
                self.at += 2 + comment.find(['\n', '\r']).unwrap_or(comment.len());
            } else if let Some(comment) = trimmed.strip_prefix("/*") {
                match comment.find("*/") {
                    Some(end) => self.at += end + 4,
                    None => {
                        let at = self.at;
                        self.unreliable(
                            at..at + 2,
                            "the comment is not closed",
                            Some("close it with */"),
                        );
                        self.at = self.text.len();
                        self.stopped = true;
                    }
                }
            } else {
                return;
            }
        }
    }

    /// To the next place where reading can go on.
    fn skip_garbage(&mut self) {
        let rest = &self.text[self.at..];
        let end = rest.find([',', ']', '}', '\n', '"', '{', '[']).unwrap_or(rest.len());
        self.at += end;
    }

    fn report_duplicates(&mut self, members: &[Member<'t>]) {
        let mut order: Vec<usize> = (0..members.len()).collect();
        order.sort_by(|&a, &b| members[a].key.cmp(&members[b].key).then(a.cmp(&b)));
        let mut repeated = Vec::new();
        for pair in order.windows(2) {
            if members[pair[0]].key == members[pair[1]].key {
                repeated.push(pair[1]);
            }
        }
        repeated.sort_unstable();
        for index in repeated {
            let member = &members[index];
            self.problems
                .error(
                    member.key_span.clone(),
                    format!("the key `{}` appears twice", shorten(&member.key)),
                )
                .hint("keep one of them");
        }
    }

    fn unclosed(&mut self, open: usize, close: char) {
        if !self.stopped {
            self.unreliable(
                open..open + 1,
                "this bracket is not closed",
                Some(format!("add a `{close}` at its end")),
            );
            // One missing bracket leaves all the outer ones open too; one report is enough.
            self.stopped = true;
        }
    }

    fn mismatched(&mut self, open: usize, close: char) {
        let at = self.at;
        self.unreliable(
            at..at + 1,
            format!("expected `{close}` to close the bracket opened earlier"),
            Some(format!("the bracket it should match is `{}`", &self.text[open..open + 1])),
        );
        self.at += 1;
    }

    fn error(
        &mut self,
        at: Range<usize>,
        message: impl Into<String>,
        hint: Option<impl Into<String>>,
    ) {
        if self.stopped {
            return;
        }
        self.problems.error(span(at.clone()), message).hint_if(hint);
        self.errors += 1;
        if self.errors >= MAX_SYNTAX_ERRORS {
            self.stop(at, "there are too many syntax errors: the rest was not read");
        }
    }

    /// An error after which the tree is not to be trusted.
    fn unreliable(
        &mut self,
        at: Range<usize>,
        message: impl Into<String>,
        hint: Option<impl Into<String>>,
    ) {
        self.error(at, message, hint);
        self.reliable = false;
    }

    fn stop(&mut self, at: Range<usize>, message: impl Into<String>) {
        if !self.stopped {
            self.problems.error(span(at), message);
            self.stopped = true;
            self.reliable = false;
        }
    }

    fn peek(&self) -> Option<char> {
        if self.stopped { None } else { self.text[self.at..].chars().next() }
    }
}

/// The grammar of RFC 8259 §6.
fn is_json_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let word = word.strip_prefix('-').unwrap_or(word);
    let (mantissa, exponent) = match word.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (word, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)))
}

/// A text for a message: long ones are cut.
pub(super) fn shorten(text: &str) -> Cow<'_, str> {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => Cow::Owned(format!("{}…", text[..end].escape_debug())),
        None if text.contains(char::is_control) => Cow::Owned(text.escape_debug().to_string()),
        None => Cow::Borrowed(text),
    }
}

fn span(range: Range<usize>) -> Span {
    range.start as u32..range.end as u32
}
