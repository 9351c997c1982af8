//! The contract ABI: types, encoding, decoding, and putting calls, events and reverts in words.
//!
//! Written here because scenario arguments are read straight from JSON with positions, because decoding must be bounded
//! on hostile data, and because alloy's ABI types would be a twentieth of the wasm module. Tests compare encoding and
//! decoding with alloy-dyn-abi.

use std::collections::BTreeMap;
use std::fmt::Write;

use revm::primitives::{Address, B256, I256, U256, hex, keccak256};

use super::Name;
use super::json::Node;
use super::library::{Contract, Library};
use super::signature::{self, Wrong};
use super::well_known;

/// The most values decoded from one piece of data.
const MAX_DECODED: u32 = 4096;
/// The most arrays of arrays in a compiler's JSON, whose tuples are as deep as JSON may be at most.
const MAX_ARRAYS: usize = 8;
/// The most elements of a list that are shown.
const MAX_SHOWN: usize = 8;

/// Names of addresses.
pub type Names = BTreeMap<Address, Name>;

/// An ABI type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `uint8` to `uint256`.
    Uint(usize),
    /// `int8` to `int256`.
    Int(usize),
    /// `address`
    Address,
    /// `bool`
    Bool,
    /// `bytes1` to `bytes32`, and `function` as 24 bytes.
    FixedBytes(usize),
    /// `bytes`
    Bytes,
    /// `string`
    String,
    /// `T[]`
    List(Box<Self>),
    /// `T[n]`
    Array(Box<Self>, usize),
    /// `(T, U, …)`, with the names of the components, which may be empty.
    Tuple(Vec<(String, Self)>),
}

/// A value as the ABI encodes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// One word.
    Word(B256),
    /// `bytes` and `string`.
    Bytes(Vec<u8>),
    /// `T[]`.
    List(Vec<Self>),
    /// `T[n]` and tuples.
    Tuple(Vec<Self>),
}

impl Type {
    /// The type of a parameter in a compiler's JSON; `None` if it is no ABI type.
    fn of(param: &Node<'_>) -> Option<Self> {
        Self::parse(param.at("type").text()?, param.at("components"))
    }

    fn parse(text: &str, components: &Node<'_>) -> Option<Self> {
        if let Some(inner) = text.strip_suffix(']') {
            // What encodes and decodes goes down into every one of them.
            if text.matches('[').count() > MAX_ARRAYS {
                return None;
            }
            let (inner, size) = inner.rsplit_once('[')?;
            return Self::parse(inner, components)?.array(size);
        }
        if text == "tuple" {
            return types(components).map(Self::Tuple);
        }
        Self::elementary(text)
    }

    /// `T[size]`, and `T[]` without a size.
    pub(super) fn array(self, size: &str) -> Option<Self> {
        let inner = Box::new(self);
        match size {
            "" => Some(Self::List(inner)),
            _ => match size.parse() {
                Ok(0) | Err(_) => None,
                Ok(size) => Some(Self::Array(inner, size)),
            },
        }
    }

    /// A type with nothing inside, by its name.
    pub(super) fn elementary(text: &str) -> Option<Self> {
        let sized = |rest: &str| {
            rest.parse::<usize>().ok().filter(|bits| *bits % 8 == 0 && (8..=256).contains(bits))
        };
        match text {
            "address" => Some(Self::Address),
            "bool" => Some(Self::Bool),
            "bytes" => Some(Self::Bytes),
            "string" => Some(Self::String),
            "function" => Some(Self::FixedBytes(24)),
            "uint" => Some(Self::Uint(256)),
            "int" => Some(Self::Int(256)),
            _ => {
                if let Some(rest) = text.strip_prefix("uint") {
                    sized(rest).map(Self::Uint)
                } else if let Some(rest) = text.strip_prefix("int") {
                    sized(rest).map(Self::Int)
                } else {
                    let size = text.strip_prefix("bytes")?.parse().ok()?;
                    (1..=32).contains(&size).then_some(Self::FixedBytes(size))
                }
            }
        }
    }

    /// Encoded in the tail, behind an offset.
    fn is_dynamic(&self) -> bool {
        match self {
            Self::Bytes | Self::String | Self::List(_) => true,
            Self::Array(inner, _) => inner.is_dynamic(),
            Self::Tuple(members) => members.iter().any(|(_, member)| member.is_dynamic()),
            _ => false,
        }
    }

    /// Bytes in the head; `None` if that is more than any data has.
    fn head_size(&self) -> Option<usize> {
        if self.is_dynamic() {
            return Some(32);
        }
        match self {
            Self::Array(inner, size) => inner.head_size()?.checked_mul(*size),
            Self::Tuple(members) => {
                members.iter().try_fold(0usize, |sum, (_, ty)| sum.checked_add(ty.head_size()?))
            }
            _ => Some(32),
        }
    }
}

impl std::fmt::Display for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Uint(bits) => write!(f, "uint{bits}"),
            Self::Int(bits) => write!(f, "int{bits}"),
            Self::Address => f.write_str("address"),
            Self::Bool => f.write_str("bool"),
            Self::FixedBytes(size) => write!(f, "bytes{size}"),
            Self::Bytes => f.write_str("bytes"),
            Self::String => f.write_str("string"),
            Self::List(inner) => write!(f, "{inner}[]"),
            Self::Array(inner, size) => write!(f, "{inner}[{size}]"),
            Self::Tuple(members) => {
                f.write_str("(")?;
                for (index, (_, member)) in members.iter().enumerate() {
                    let comma = if index > 0 { "," } else { "" };
                    write!(f, "{comma}{member}")?;
                }
                f.write_str(")")
            }
        }
    }
}

impl Token {
    /// An address.
    pub fn address(address: Address) -> Self {
        Self::Word(address.into_word())
    }

    /// An unsigned number.
    pub fn uint(value: U256) -> Self {
        Self::Word(value.into())
    }

    fn is_dynamic(&self) -> bool {
        match self {
            Self::Word(_) => false,
            Self::Bytes(_) | Self::List(_) => true,
            Self::Tuple(members) => members.iter().any(Self::is_dynamic),
        }
    }

    fn head_size(&self) -> usize {
        match self {
            Self::Tuple(members) if !self.is_dynamic() => members.iter().map(Self::head_size).sum(),
            _ => 32,
        }
    }

    fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::Word(word) => out.extend_from_slice(word.as_slice()),
            Self::Bytes(bytes) => {
                out.extend_from_slice(&U256::from(bytes.len()).to_be_bytes::<32>());
                out.extend_from_slice(bytes);
                out.resize(out.len() + bytes.len().next_multiple_of(32) - bytes.len(), 0);
            }
            Self::List(items) => {
                out.extend_from_slice(&U256::from(items.len()).to_be_bytes::<32>());
                encode_into(items, out);
            }
            Self::Tuple(items) => encode_into(items, out),
        }
    }
}

/// `tokens` as the arguments of a call are encoded.
pub fn encode(tokens: &[Token]) -> Vec<u8> {
    let mut out = Vec::new();
    encode_into(tokens, &mut out);
    out
}

/// The values of `types` in `data`; `None` if it does not hold them, or holds too many.
pub fn decode<'a>(types: impl IntoIterator<Item = &'a Type>, data: &[u8]) -> Option<Vec<Token>> {
    Decoder { data, left: MAX_DECODED }.sequence(types.into_iter(), 0)
}

fn encode_into(tokens: &[Token], out: &mut Vec<u8>) {
    let head: usize = tokens.iter().map(Token::head_size).sum();
    let mut tail = Vec::new();
    for token in tokens {
        if token.is_dynamic() {
            out.extend_from_slice(&U256::from(head + tail.len()).to_be_bytes::<32>());
            token.encode(&mut tail);
        } else {
            token.encode(out);
        }
    }
    out.append(&mut tail);
}

struct Decoder<'d> {
    data: &'d [u8],
    /// How many more values are decoded: offsets may point at the same bytes again and again.
    left: u32,
}

impl Decoder<'_> {
    fn sequence<'a>(
        &mut self,
        types: impl Iterator<Item = &'a Type>,
        base: usize,
    ) -> Option<Vec<Token>> {
        let mut tokens = Vec::new();
        let mut at = base;
        for ty in types {
            self.left = self.left.checked_sub(1)?;
            tokens.push(if ty.is_dynamic() {
                let offset = self.index(at)?;
                self.value(ty, base.checked_add(offset)?)?
            } else {
                self.value(ty, at)?
            });
            at = at.checked_add(ty.head_size()?)?;
        }
        Some(tokens)
    }

    fn value(&mut self, ty: &Type, at: usize) -> Option<Token> {
        match ty {
            Type::Bytes | Type::String => {
                let start = at.checked_add(32)?;
                let end = start.checked_add(self.index(at)?)?;
                self.data.get(start..end).map(|bytes| Token::Bytes(bytes.to_vec()))
            }
            Type::List(inner) => {
                let length = self.index(at)?;
                if length > self.left as usize {
                    return None;
                }
                let items = std::iter::repeat_n(&**inner, length);
                self.dynamic_sequence(items, at.checked_add(32)?).map(Token::List)
            }
            Type::Array(inner, length) => {
                if *length > self.left as usize {
                    return None;
                }
                let items = std::iter::repeat_n(&**inner, *length);
                self.dynamic_sequence(items, at).map(Token::Tuple)
            }
            Type::Tuple(members) => {
                let mut types = members.iter().map(|(_, member)| member);
                self.dynamic_sequence(&mut types, at).map(Token::Tuple)
            }
            _ => self.word(at).map(Token::Word),
        }
    }

    /// [`Self::sequence`] behind a pointer, so that the recursion has one type.
    fn dynamic_sequence<'a>(
        &mut self,
        mut types: impl Iterator<Item = &'a Type>,
        base: usize,
    ) -> Option<Vec<Token>> {
        let types: &mut dyn Iterator<Item = &'a Type> = &mut types;
        self.sequence(types, base)
    }

    fn word(&self, at: usize) -> Option<B256> {
        self.data.get(at..at.checked_add(32)?).map(B256::from_slice)
    }

    fn index(&self, at: usize) -> Option<usize> {
        U256::from_be_bytes(self.word(at)?.0).try_into().ok()
    }
}

/// A function, constructor or custom error.
#[derive(Clone, Debug, Default)]
pub struct Callable {
    /// Its name; empty for a constructor.
    pub name: String,
    /// Names and types of what it takes.
    pub inputs: Vec<(String, Type)>,
    /// Names and types of what it returns.
    pub outputs: Vec<(String, Type)>,
    /// It accepts ether.
    pub payable: bool,
}

impl Callable {
    /// From a signature such as `transfer(address,uint256)`, with or without names and `returns`.
    ///
    /// # Errors
    /// One sentence saying what is wrong with it.
    pub fn parse(signature: &str) -> Result<Self, String> {
        if signature.len() > 1000 {
            return Err("the signature has more than 1000 characters".to_owned());
        }
        signature::read(signature).map_err(|wrong| match wrong {
            Wrong::Type(text) => {
                format!("`{}` is not an ABI type", super::json::shorten(text))
            }
            Wrong::Syntax => {
                let shown = super::json::shorten(signature);
                format!("`{shown}` is not a function such as `transfer(address,uint256)`")
            }
        })
    }

    /// From an item of a compiler's JSON.
    fn of(item: &Node<'_>) -> Option<Self> {
        Some(Self {
            name: name(item),
            inputs: types(item.at("inputs"))?,
            outputs: types(item.at("outputs")).unwrap_or_default(),
            payable: item.at("stateMutability").text() == Some("payable"),
        })
    }

    /// `transfer(address,uint256)`
    pub fn signature(&self) -> String {
        format!("{}{}", self.name, Type::Tuple(self.inputs.clone()))
    }

    /// A call with the encoded `arguments`, in words.
    pub fn describe(&self, names: &Names, arguments: &[u8]) -> Option<String> {
        let tokens = decode(self.inputs.iter().map(|(_, ty)| ty), arguments)?;
        let mut out = self.name.clone();
        show_sequence(&self.inputs, &tokens, names, false, &mut out);
        Some(out)
    }

    /// The hash of the signature: the first topic, if it is an event.
    pub(super) fn topic(&self) -> B256 {
        keccak256(self.signature())
    }

    /// The first four bytes of the signature's hash.
    pub fn selector(&self) -> [u8; 4] {
        let hash = keccak256(self.signature());
        [hash[0], hash[1], hash[2], hash[3]]
    }
}

/// An event.
#[derive(Clone, Debug)]
struct Occasion {
    name: String,
    /// Name, type, and whether it is a topic.
    inputs: Vec<(String, Type, bool)>,
}

impl Occasion {
    fn of(item: &Node<'_>) -> Option<Self> {
        let inputs = item.at("inputs").items()?.iter();
        let inputs = inputs
            .map(|input| Some((name(input), Type::of(input)?, input.at("indexed").is_true())))
            .collect::<Option<_>>()?;
        Some(Self { name: name(item), inputs })
    }

    /// An event that a standard has, with so many topics besides the first.
    fn well_known(topic: B256, topics: usize) -> Option<Self> {
        let Callable { name, inputs, .. } = well_known::event(topic, topics)?.clone();
        let inputs = inputs.into_iter().enumerate();
        let inputs = inputs.map(|(place, (name, ty))| (name, ty, place < topics)).collect();
        Some(Self { name, inputs })
    }

    /// The hash of the signature.
    fn topic(&self) -> B256 {
        let types = self.inputs.iter().map(|(_, ty, _)| (String::new(), ty.clone())).collect();
        keccak256(format!("{}{}", self.name, Type::Tuple(types)))
    }
}

/// A contract's ABI, indexed for reading what it did.
#[derive(Clone, Debug, Default)]
pub struct Interface {
    functions: BTreeMap<[u8; 4], Callable>,
    errors: BTreeMap<[u8; 4], Callable>,
    events: BTreeMap<B256, Occasion>,
    /// What the constructor takes.
    pub constructor: Option<Callable>,
}

impl Interface {
    /// Indexes an ABI, as the compiler writes it; `None` if it is none. What it does not describe completely is left out.
    pub(super) fn of(abi: &Node<'_>) -> Option<Self> {
        Self::read(abi, &mut |_| {})
    }

    /// The same, and says what was left out.
    pub(super) fn read(abi: &Node<'_>, left_out: &mut dyn FnMut(&Node<'_>)) -> Option<Self> {
        let mut all = Self::default();
        for item in abi.items()? {
            if all.add(item).is_none() {
                left_out(item);
            }
        }
        Some(all)
    }

    fn add(&mut self, item: &Node<'_>) -> Option<()> {
        match item.at("type").text()? {
            "function" => {
                let callable = Callable::of(item)?;
                self.functions.insert(callable.selector(), callable);
            }
            "error" => {
                let callable = Callable::of(item)?;
                self.errors.insert(callable.selector(), callable);
            }
            "event" => {
                let event = Occasion::of(item)?;
                if !item.at("anonymous").is_true() {
                    self.events.insert(event.topic(), event);
                }
            }
            "constructor" => self.constructor = Some(Callable::of(item)?),
            "fallback" | "receive" => {}
            _ => return None,
        }
        Some(())
    }

    /// The function with that selector.
    pub fn function(&self, selector: [u8; 4]) -> Option<&Callable> {
        self.functions.get(&selector)
    }

    /// Every function, ordered by selector.
    pub fn functions(&self) -> impl Iterator<Item = &Callable> + Clone {
        self.functions.values()
    }
}

fn types(params: &Node<'_>) -> Option<Vec<(String, Type)>> {
    params.items()?.iter().map(|param| Some((name(param), Type::of(param)?))).collect()
}

fn name(item: &Node<'_>) -> String {
    item.at("name").text().unwrap_or_default().to_owned()
}

/// A name, or the first and last digits of an address.
pub fn describe_address(names: &Names, address: Address) -> String {
    match names.get(&address) {
        Some(name) => name.name.clone(),
        None => {
            let text = address.to_checksum(None);
            format!("{}…{}", &text[..6], &text[38..])
        }
    }
}

/// A call in words: `transfer(bob, 5e18)`. `None` if neither the ABI of `to` has it nor a standard.
pub fn describe_call(names: &Names, to: Address, data: &[u8]) -> Option<String> {
    let own = function(names, to, data);
    own.or_else(|| well_known::function(*data.first_chunk()?))?.describe(names, &data[4..])
}

/// What the call `data` to `to` returned, in words: `true`, `(amount0: 5, amount1: 6)`.
pub fn describe_output(names: &Names, to: Address, data: &[u8], output: &[u8]) -> Option<String> {
    let function = function(names, to, data)?;
    let tokens = decode(function.outputs.iter().map(|(_, ty)| ty), output)?;
    let mut out = String::new();
    match (function.outputs.as_slice(), tokens.as_slice()) {
        ([], _) => return None,
        ([(_, ty)], [token]) => show(ty, token, names, &mut out),
        (outputs, tokens) => show_sequence(outputs, tokens, names, true, &mut out),
    }
    Some(out)
}

/// An event in words: `Transfer(from: alice, to: bob, amount: 5)`. `None` if no known ABI has it.
pub fn describe_event(
    names: &Names,
    library: &Library,
    address: Address,
    topics: &[B256],
    data: &[u8],
) -> Option<String> {
    let (first, indexed) = topics.split_first()?;
    let event = interfaces(names, library, address).find_map(|contract| {
        let event = contract.interface.events.get(first)?;
        let expected = event.inputs.iter().filter(|(_, _, indexed)| *indexed).count();
        (expected == indexed.len()).then(|| event.clone())
    });
    let event = event.or_else(|| Occasion::well_known(*first, indexed.len()))?;
    let plain = event.inputs.iter().filter(|(_, _, indexed)| !indexed).map(|(_, ty, _)| ty);
    let mut values = decode(plain, data)?.into_iter();
    let mut topics = indexed.iter();
    let mut out = format!("{}(", event.name);
    for (index, (name, ty, indexed)) in event.inputs.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        if !name.is_empty() {
            let _ = write!(out, "{name}: ");
        }
        if !indexed {
            show(ty, &values.next()?, names, &mut out);
            continue;
        }
        let topic = *topics.next()?;
        let in_one_word = !ty.is_dynamic() && !matches!(ty, Type::Array(..) | Type::Tuple(_));
        if in_one_word {
            show(ty, &Token::Word(topic), names, &mut out);
        } else {
            // Only the hash of such a value is in the topic.
            let _ = write!(out, "hash {}", short_bytes(topic.as_slice()));
        }
    }
    out.push(')');
    Some(out)
}

/// A revert in words: the reason string, a panic's meaning, or the custom error. `None` if there is no data.
pub fn describe_revert(
    names: &Names,
    library: &Library,
    to: Option<Address>,
    output: &[u8],
) -> Option<String> {
    const ERROR: [u8; 4] = [0x08, 0xc3, 0x79, 0xa0];
    const PANIC: [u8; 4] = [0x4e, 0x48, 0x7b, 0x71];
    if output.is_empty() {
        return None;
    }
    let unknown = || Some(format!("reverted with {}", short_bytes(output)));
    let Some((selector, data)) = output.split_first_chunk::<4>() else { return unknown() };
    if *selector == ERROR {
        return match decode([&Type::String], data).as_deref() {
            Some([Token::Bytes(text)]) => Some(short_text(&String::from_utf8_lossy(text))),
            _ => unknown(),
        };
    }
    if *selector == PANIC {
        return match decode([&Type::Uint(256)], data).as_deref() {
            Some([Token::Word(code)]) => Some(describe_panic((*code).into())),
            _ => unknown(),
        };
    }
    interfaces(names, library, to.unwrap_or_default())
        .find_map(|contract| {
            let error = contract.interface.errors.get(selector)?;
            let tokens = decode(error.inputs.iter().map(|(_, ty)| ty), data)?;
            let mut out = error.name.clone();
            show_sequence(&error.inputs, &tokens, names, true, &mut out);
            Some(out)
        })
        .or_else(unknown)
}

/// What Solidity's panic codes mean.
fn describe_panic(code: U256) -> String {
    let meaning = match u64::try_from(code) {
        Ok(0x00) => "compiler panic",
        Ok(0x01) => "assertion failed",
        Ok(0x11) => "arithmetic overflow",
        Ok(0x12) => "division by zero",
        Ok(0x21) => "invalid enum value",
        Ok(0x22) => "corrupt storage byte array",
        Ok(0x31) => "pop of an empty array",
        Ok(0x32) => "index out of bounds",
        Ok(0x41) => "out of memory",
        Ok(0x51) => "call of an uninitialised function",
        _ => "unknown code",
    };
    format!("panic 0x{code:02x}: {meaning}")
}

fn function<'n>(names: &'n Names, to: Address, data: &[u8]) -> Option<&'n Callable> {
    let selector = data.first_chunk::<4>()?;
    let contract = names.get(&to)?.contract.as_ref()?;
    contract.interface.function(*selector)
}

/// The contract at `first`, then every known one: errors and events cross contracts, and created contracts have no
/// name.
fn interfaces<'a>(
    names: &'a Names,
    library: &'a Library,
    first: Address,
) -> impl Iterator<Item = &'a Contract> {
    let own = names.get(&first).and_then(|name| name.contract.as_ref());
    own.into_iter().chain(library.contracts()).map(|contract| &**contract)
}

fn show_sequence(
    types: &[(String, Type)],
    tokens: &[Token],
    names: &Names,
    with_names: bool,
    out: &mut String,
) {
    out.push('(');
    for (index, ((name, ty), token)) in types.iter().zip(tokens).enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        if with_names && !name.is_empty() {
            let _ = write!(out, "{name}: ");
        }
        show(ty, token, names, out);
    }
    out.push(')');
}

fn show(ty: &Type, token: &Token, names: &Names, out: &mut String) {
    match (ty, token) {
        (Type::Address, Token::Word(word)) => {
            out.push_str(&describe_address(names, Address::from_word(*word)));
        }
        (Type::Bool, Token::Word(word)) => {
            let _ = write!(out, "{}", !word.is_zero());
        }
        (Type::Uint(_), Token::Word(word)) => out.push_str(&describe_number((*word).into())),
        (Type::Int(_), Token::Word(word)) => {
            let value = I256::from_raw((*word).into());
            if value.is_negative() {
                out.push('-');
            }
            out.push_str(&describe_number(value.unsigned_abs()));
        }
        (Type::FixedBytes(size), Token::Word(word)) => out.push_str(&short_bytes(&word[..*size])),
        (Type::String, Token::Bytes(bytes)) => {
            out.push_str(&short_text(&String::from_utf8_lossy(bytes)));
        }
        (_, Token::Bytes(bytes)) => out.push_str(&short_bytes(bytes)),
        (Type::List(inner), Token::List(items)) | (Type::Array(inner, _), Token::Tuple(items)) => {
            out.push('[');
            for (index, item) in items.iter().take(MAX_SHOWN).enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                show(inner, item, names, out);
            }
            if items.len() > MAX_SHOWN {
                let _ = write!(out, ", … {} more", items.len() - MAX_SHOWN);
            }
            out.push(']');
        }
        (Type::Tuple(members), Token::Tuple(items)) => {
            show_sequence(members, items, names, true, out);
        }
        // Decoding gives every type its own shape.
        _ => out.push('?'),
    }
}

/// A number, with the zeros at its end as an exponent if there are many: `1.5e18`.
pub fn describe_number(value: U256) -> String {
    if value == U256::MAX {
        return "2^256-1".to_owned();
    }
    let text = value.to_string();
    let digits = text.trim_end_matches('0');
    if text.len() - digits.len() < 9 {
        return text;
    }
    let exponent = text.len() - 1;
    match digits.split_at(1) {
        (first, "") => format!("{first}e{exponent}"),
        (first, rest) => format!("{first}.{rest}e{exponent}"),
    }
}

/// The first bytes of call data whose meaning is not known.
pub(crate) fn short_bytes_or_nothing(bytes: &[u8]) -> String {
    if bytes.is_empty() { String::new() } else { short_bytes(bytes) }
}

fn short_bytes(bytes: &[u8]) -> String {
    const MOST: usize = 8;
    match bytes.len() {
        0 => "0x".to_owned(),
        n if n <= MOST => hex::encode_prefixed(bytes),
        n => format!("{}… ({n} bytes)", hex::encode_prefixed(&bytes[..MOST])),
    }
}

fn short_text(text: &str) -> String {
    format!("\"{}\"", super::json::shorten(text))
}
