//! The words of the format: amounts, counts, hashes, bytes, accounts, forks.

use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, B256, Bytes, U256, keccak256};

use super::json::{Node, Value, shorten};
use super::problems::{Problems, closest};
use super::raw::{Key, Read};

/// The most bytes of one code, call data or signed transaction.
pub(super) const MAX_BYTES: usize = 1 << 20;
/// The longest name of an account.
pub(super) const MAX_NAME: usize = 64;

/// An amount of wei.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Amount(pub(super) U256);

/// A whole number below 2⁶⁴.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Count(pub(super) u64);

/// A 256-bit number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Word(pub(super) U256);

/// 32 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hash(pub(super) B256);

/// Bytes of any number up to [`MAX_BYTES`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hex(pub(super) Bytes);

/// An account: an address, or a name whose address is derived from it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    /// By its address.
    Address(Address),
    /// By its name.
    Name(String),
}

/// What a storage slot holds: a number, or an account's address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SlotValue {
    /// A number.
    Word(U256),
    /// An account.
    Name(String),
}

/// A fork.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fork {
    /// The rules.
    pub(super) spec: SpecId,
    /// Written as a fork that revm knows under a different one's rules.
    pub(super) merged_into: Option<&'static str>,
}

/// What an invalid transaction means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mode(pub(super) super::InvalidMode);

/// How unevenly accounts are chosen: the exponent of Zipf's law, 0 to 4, in 1/1024.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Skew(pub(super) u32);

/// A part of a whole, 0 to 1, in 1/1024.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share(pub(super) u32);

/// The address a name stands for: the last 20 bytes of keccak256("evm-lanes:" + name).
pub fn named_address(name: &str) -> Address {
    Address::from_slice(&keccak256(format!("evm-lanes:{name}"))[12..])
}

/// `[A-Za-z_][A-Za-z0-9_-]*`, at most [`MAX_NAME`] characters.
pub(super) fn is_name(text: &str) -> bool {
    text.len() <= MAX_NAME
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// Every fork with the names it can be written as; the first is its own.
pub(super) const FORKS: [(SpecId, &[&str]); 15] = [
    (SpecId::FRONTIER, &["frontier"]),
    (SpecId::HOMESTEAD, &["homestead"]),
    (SpecId::TANGERINE, &["tangerine", "tangerineWhistle", "eip150"]),
    (SpecId::SPURIOUS_DRAGON, &["spuriousDragon", "spurious", "eip158"]),
    (SpecId::BYZANTIUM, &["byzantium"]),
    (SpecId::PETERSBURG, &["petersburg", "constantinopleFix"]),
    (SpecId::ISTANBUL, &["istanbul"]),
    (SpecId::BERLIN, &["berlin"]),
    (SpecId::LONDON, &["london"]),
    (SpecId::MERGE, &["paris", "merge"]),
    (SpecId::SHANGHAI, &["shanghai"]),
    (SpecId::CANCUN, &["cancun"]),
    (SpecId::PRAGUE, &["prague", "pectra"]),
    (SpecId::OSAKA, &["osaka", "fusaka"]),
    (SpecId::AMSTERDAM, &["amsterdam", "glamsterdam"]),
];

/// Forks that changed nothing a block's execution sees, or that revm runs under another's rules.
pub(super) const MERGED_FORKS: [(SpecId, &str); 5] = [
    (SpecId::HOMESTEAD, "dao"),
    (SpecId::PETERSBURG, "constantinople"),
    (SpecId::ISTANBUL, "muirGlacier"),
    (SpecId::LONDON, "arrowGlacier"),
    (SpecId::LONDON, "grayGlacier"),
];

/// A fork's own name.
pub fn fork_name(spec: SpecId) -> &'static str {
    FORKS.iter().find(|(known, _)| *known == spec).map_or("osaka", |(_, names)| names[0])
}

/// Decimal digits with `_` between them, a fraction, an exponent, a unit; or `0x` and hexadecimal digits.
///
/// # Errors
/// One sentence saying what is wrong with it.
pub(super) fn parse_amount(text: &str) -> Result<U256, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("the amount is empty".to_owned());
    }
    if let Some(digits) = hexadecimal(text) {
        return parse_hexadecimal(digits);
    }
    if let Some(rest) = text.strip_prefix('-') {
        return Err(match rest.starts_with(|c: char| c.is_ascii_digit()) {
            true => "the amount is negative".to_owned(),
            false => format!("`{}` is not an amount", shorten(text)),
        });
    }
    let split = text
        .char_indices()
        .find(|&(at, c)| !(c.is_ascii_digit() || "._+".contains(c) || is_exponent(text, at)))
        .map_or(text.len(), |(at, _)| at);
    let (number, unit) = text.split_at(split);
    let unit = unit.trim();
    let decimals = match unit.to_ascii_lowercase().as_str() {
        "" | "wei" => 0,
        "kwei" => 3,
        "mwei" => 6,
        "gwei" | "nanoether" => 9,
        "szabo" => 12,
        "finney" | "milliether" => 15,
        "ether" | "eth" => 18,
        _ if !number.starts_with(|c: char| c.is_ascii_digit()) => {
            return Err(format!("`{}` is not an amount", shorten(text)));
        }
        _ => {
            return Err(format!(
                "`{}` is not a unit: the units are wei, gwei and ether",
                shorten(unit)
            ));
        }
    };
    parse_decimal(number, decimals).map_err(|wrong| match wrong {
        Wrong::Form => format!("`{}` is not an amount", shorten(text)),
        Wrong::Fraction if decimals == 0 => {
            "the amount is not a whole number of wei; name the unit, as in \"1.5 ether\"".to_owned()
        }
        Wrong::Fraction => "the amount is not a whole number of wei".to_owned(),
        Wrong::Size => "the amount does not fit into 256 bits".to_owned(),
    })
}

enum Wrong {
    Form,
    Fraction,
    Size,
}

/// Whether the character at `at` is the `e` of an exponent (and not of a unit), or its sign.
fn is_exponent(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    match bytes[at] {
        b'e' | b'E' => bytes
            .get(at + 1)
            .is_some_and(|next| next.is_ascii_digit() || matches!(next, b'+' | b'-')),
        b'-' => at > 0 && matches!(bytes[at - 1], b'e' | b'E'),
        _ => false,
    }
}

fn parse_decimal(number: &str, decimals: u32) -> Result<U256, Wrong> {
    let clean = number.replace('_', "");
    let (mantissa, exponent) = match clean.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().map_err(|_| Wrong::Form)?),
        None => (clean.as_str(), 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return Err(Wrong::Form);
    }
    let fraction = fraction.trim_end_matches('0');
    let all = format!("{whole}{fraction}");
    let all = all.trim_start_matches('0');
    if all.is_empty() {
        return Ok(U256::ZERO);
    }
    let shift = i64::from(decimals) + i64::from(exponent) - fraction.len() as i64;
    let (all, shift) = if shift < 0 {
        // Digits behind the point must be zeros.
        let cut = all.len().checked_sub(shift.unsigned_abs() as usize).ok_or(Wrong::Fraction)?;
        if all[cut..].bytes().any(|b| b != b'0') {
            return Err(Wrong::Fraction);
        }
        (&all[..cut], 0)
    } else {
        (all, shift as u64)
    };
    // 2²⁵⁶ has 78 digits.
    if all.len() as u64 + shift > 78 {
        return Err(Wrong::Size);
    }
    let value = U256::from_str_radix(all, 10).map_err(|_| Wrong::Size)?;
    value.checked_mul(U256::from(10).pow(U256::from(shift))).ok_or(Wrong::Size)
}

fn hexadecimal(text: &str) -> Option<&str> {
    text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))
}

fn parse_hexadecimal(digits: &str) -> Result<U256, String> {
    if digits.is_empty() {
        return Err("there are no digits behind 0x".to_owned());
    }
    if let Some(bad) = digits.chars().find(|c| !c.is_ascii_hexdigit()) {
        return Err(format!("`{}` is not a hexadecimal digit", bad.escape_debug()));
    }
    let digits = digits.trim_start_matches('0');
    if digits.len() > 64 {
        return Err("the number does not fit into 256 bits".to_owned());
    }
    if digits.is_empty() {
        return Ok(U256::ZERO);
    }
    U256::from_str_radix(digits, 16).map_err(|error| error.to_string())
}

/// Hexadecimal digits behind `0x`, two for each byte.
///
/// # Errors
/// One sentence saying what is wrong with it.
pub(super) fn parse_bytes(text: &str) -> Result<Bytes, String> {
    let text = text.trim();
    let Some(digits) = hexadecimal(text) else {
        return Err(match text.bytes().all(|b| b.is_ascii_hexdigit()) && !text.is_empty() {
            true => "the bytes have no 0x in front".to_owned(),
            false => format!("`{}` is not bytes: they are written as 0x and digits", shorten(text)),
        });
    };
    if let Some(bad) = digits.chars().find(|c| !c.is_ascii_hexdigit()) {
        return Err(format!("`{}` is not a hexadecimal digit", bad.escape_debug()));
    }
    if !digits.len().is_multiple_of(2) {
        return Err(format!(
            "there is an odd number of hexadecimal digits ({}): each byte has two",
            digits.len()
        ));
    }
    if digits.len() / 2 > MAX_BYTES {
        return Err(format!("there are more than {MAX_BYTES} bytes"));
    }
    revm::primitives::hex::decode(digits).map(Bytes::from).map_err(|error| error.to_string())
}

/// An address or a name.
///
/// # Errors
/// One sentence saying what is wrong with it, and a hint.
pub(super) fn parse_who(text: &str) -> Result<Who, (String, Option<String>)> {
    let text = text.trim();
    if let Some(digits) = hexadecimal(text) {
        if let Some(bad) = digits.chars().find(|c| !c.is_ascii_hexdigit()) {
            let message = format!("`{}` is not a hexadecimal digit", bad.escape_debug());
            return Err((message, None));
        }
        if digits.len() != 40 {
            let message =
                format!("an address has 40 hexadecimal digits, this one has {}", digits.len());
            return Err((message, None));
        }
        let address = Address::from_slice(
            &revm::primitives::hex::decode(digits).map_err(|e| (e.to_string(), None))?,
        );
        let mixed = digits.contains(|c: char| c.is_ascii_lowercase())
            && digits.contains(|c: char| c.is_ascii_uppercase());
        let checksummed = address.to_checksum(None);
        if mixed && checksummed[2..] != *digits {
            return Err((
                "the address has a typing error: its checksum (EIP-55) is wrong".to_owned(),
                Some(format!("if the digits are right, write {checksummed}")),
            ));
        }
        return Ok(Who::Address(address));
    }
    if is_name(text) {
        return Ok(Who::Name(text.to_owned()));
    }
    let message = match text {
        "" => "the name is empty".to_owned(),
        _ if text.len() > MAX_NAME => format!("a name has at most {MAX_NAME} characters"),
        _ => format!("`{}` is neither a name nor an address", shorten(text)),
    };
    let hint = match text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
        true => format!("write 0x{text}"),
        false => "a name begins with a letter and has letters, digits, - and _".to_owned(),
    };
    Err((message, Some(hint)))
}

fn parse_fork(text: &str) -> Result<Fork, (String, Option<String>)> {
    let plain = |text: &str| {
        text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
    };
    let wanted = plain(text);
    for (spec, names) in FORKS {
        if names.iter().any(|name| plain(name) == wanted) {
            return Ok(Fork { spec, merged_into: None });
        }
    }
    for (spec, name) in MERGED_FORKS {
        if plain(name) == wanted {
            return Ok(Fork { spec, merged_into: Some(fork_name(spec)) });
        }
    }
    let all = FORKS.iter().map(|(_, names)| names[0]);
    let hint = match closest(text, all.clone()) {
        Some(name) => format!("did you mean `{name}`?"),
        None => format!("the forks are {}", all.collect::<Vec<_>>().join(", ")),
    };
    Err((format!("there is no fork `{}`", shorten(text)), Some(hint)))
}

/// The text of a number or a string; anything else is reported as not being `what`.
fn scalar<'n>(node: &'n Node<'_>, what: &str, problems: &mut Problems) -> Option<&'n str> {
    match &node.value {
        Value::Number(text) | Value::String(text) => Some(text),
        _ => {
            wrong_kind(node, what, problems);
            None
        }
    }
}

/// The text of a string; anything else is reported as not being `what`.
fn text<'n>(node: &'n Node<'_>, what: &str, problems: &mut Problems) -> Option<&'n str> {
    match &node.value {
        Value::String(text) => Some(text),
        _ => {
            wrong_kind(node, what, problems);
            None
        }
    }
}

/// Reports that `what` was expected. What was reported already is not reported again.
pub(super) fn wrong_kind(node: &Node<'_>, what: &str, problems: &mut Problems) {
    if !matches!(node.value, Value::Broken) {
        problems.error(node.span.clone(), format!("expected {what}, found {}", node.kind()));
    }
}

/// `result`, with its error reported at `node`.
fn reported<T>(
    node: &Node<'_>,
    result: Result<T, (String, Option<String>)>,
    problems: &mut Problems,
) -> Option<T> {
    result.map_err(|(message, hint)| problems.error(node.span.clone(), message).hint_if(hint)).ok()
}

fn plain<T>(result: Result<T, String>) -> Result<T, (String, Option<String>)> {
    result.map_err(|message| (message, None))
}

impl Read for String {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        text(node, "a text in double quotes", problems).map(str::to_owned)
    }
}

impl Read for bool {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        match node.value {
            Value::Bool(value) => Some(value),
            _ => {
                wrong_kind(node, "`true` or `false`", problems);
                None
            }
        }
    }
}

impl Read for Amount {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        let text = scalar(node, "an amount such as \"1.5 ether\"", problems)?;
        reported(node, plain(parse_amount(text)), problems).map(Self)
    }
}

/// A number without unit.
fn parse_number(text: &str, what: &str) -> Result<U256, String> {
    let text = text.trim();
    let unit = text.ends_with(|c: char| c.is_ascii_alphabetic()) && hexadecimal(text).is_none();
    match parse_amount(text) {
        _ if unit || text.is_empty() => Err(format!("`{}` is not {what}", shorten(text))),
        Err(message) => Err(message
            .replace("the amount", "the number")
            .replace(
                "is not a whole number of wei; name the unit, as in \"1.5 ether\"",
                "is not a whole number",
            )
            .replace("an amount", "a number")),
        Ok(value) => Ok(value),
    }
}

impl Read for Count {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        let text = scalar(node, "a whole number", problems)?;
        let value = parse_number(text, "a whole number").and_then(|value| {
            u64::try_from(value).map_err(|_| "the number does not fit into 64 bits".to_owned())
        });
        reported(node, plain(value), problems).map(Self)
    }
}

impl Read for Word {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        let text = scalar(node, "a number", problems)?;
        reported(node, plain(parse_number(text, "a number")), problems).map(Self)
    }
}

impl Read for Hash {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        let text = text(node, "32 bytes as 0x and 64 digits", problems)?;
        let hash = parse_bytes(text).and_then(|bytes| {
            B256::try_from(bytes.as_ref())
                .map_err(|_| format!("expected 32 bytes, found {}", bytes.len()))
        });
        reported(node, plain(hash), problems).map(Self)
    }
}

impl Read for Hex {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        let text = text(node, "bytes such as \"0x00ff\"", problems)?;
        reported(node, plain(parse_bytes(text)), problems).map(Self)
    }
}

impl Read for Who {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        let text = text(node, "a name or an address in double quotes", problems)?;
        reported(node, parse_who(text), problems)
    }
}

impl Read for SlotValue {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        let text = scalar(node, "a number or an account's name", problems)?;
        if is_name(text) {
            return Some(Self::Name(text.to_owned()));
        }
        reported(node, plain(parse_amount(text)), problems).map(Self::Word)
    }
}

impl Read for Fork {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        let text = text(node, "a fork's name such as \"osaka\"", problems)?;
        reported(node, parse_fork(text), problems)
    }
}

impl Read for Mode {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        match text(node, "\"skip\" or \"reject\"", problems)? {
            "skip" => Some(Self(super::InvalidMode::Skip)),
            "reject" => Some(Self(super::InvalidMode::Reject)),
            other => {
                problems
                    .error(
                        node.span.clone(),
                        format!("expected \"skip\" or \"reject\", found \"{}\"", shorten(other)),
                    )
                    .hint("skip leaves invalid transactions out; reject makes the block invalid");
                None
            }
        }
    }
}

impl Read for Skew {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        small_decimal(node, "skew", 4, "0 chooses evenly; 1 is Zipf's law", problems).map(Self)
    }
}

impl Read for Share {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        small_decimal(node, "share", 1, "0.2 is one of five", problems).map(Self)
    }
}

/// A number from 0 to `most`, in 1/1024.
fn small_decimal(
    node: &Node<'_>,
    what: &str,
    most: u32,
    hint: &str,
    problems: &mut Problems,
) -> Option<u32> {
    let Value::Number(text) = &node.value else {
        wrong_kind(node, &format!("a number from 0 to {most}"), problems);
        return None;
    };
    // In decimals: reading floating-point numbers brings ten kilobytes of tables.
    let unit = U256::from(10).pow(U256::from(18));
    let value = parse_decimal(text, 18).ok().filter(|value| *value <= unit * U256::from(most));
    if value.is_none() {
        let message = format!("the {what} must be a number from 0 to {most}");
        problems.error(node.span.clone(), message).hint(hint);
    }
    value.map(|value| (value * U256::from(1024) / unit).saturating_to())
}

impl Key for Who {
    fn parse(text: &str) -> Result<Self, (String, Option<String>)> {
        parse_who(text)
    }
}

impl Key for Word {
    fn parse(text: &str) -> Result<Self, (String, Option<String>)> {
        plain(parse_number(text, "a number")).map(Self)
    }
}

impl Key for Count {
    fn parse(text: &str) -> Result<Self, (String, Option<String>)> {
        let value = parse_number(text, "a whole number").and_then(|value| {
            u64::try_from(value).map_err(|_| "the number does not fit into 64 bits".to_owned())
        });
        plain(value).map(Self)
    }
}
