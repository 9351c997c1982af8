//! Arguments as written in JSON, into what the ABI encodes.

use revm::primitives::{Address, B256, Bytes, U256};

use super::abi::{Callable, Token, Type, encode};
use super::json::{Node, Span, Value, shorten};
use super::lower::Lowering;
use super::problems::closest;
use super::raw::{Any, At, List};
use super::values::{Who, parse_amount, parse_bytes, parse_who};

impl Lowering<'_> {
    /// The function that `text` names for calls to `to`: a signature, or the name of a function in its ABI.
    pub(super) fn function(
        &mut self,
        text: &str,
        span: &Span,
        to: Option<Address>,
        arguments: usize,
    ) -> Option<Callable> {
        let contract = to.and_then(|to| self.names.get(&to)).and_then(|name| name.contract.clone());
        if text.contains('(') {
            let callable = Callable::parse(text)
                .map_err(|message| self.problems.error(span.clone(), message))
                .ok()?;
            if let Some(contract) = contract
                && contract.interface.function(callable.selector()).is_none()
            {
                let signature = callable.signature();
                let message = format!("{} has no function `{signature}`", contract.name);
                self.problems.warning(span.clone(), message).hint_with(|| {
                    let known: Vec<String> =
                        contract.interface.functions().map(Callable::signature).collect();
                    closest(&signature, known.iter().map(String::as_str))
                        .map(|known| format!("did you mean `{known}`?"))
                });
            }
            return Some(callable);
        }
        let Some(contract) = contract else {
            let shown = shorten(text);
            let message = format!(
                "`{shown}` needs its parameter types, because the recipient's ABI is not known"
            );
            self.problems
                .error(span.clone(), message)
                .hint(format!("write it as in \"{shown}(address,uint256)\""));
            return None;
        };
        let named: Vec<&Callable> =
            contract.interface.functions().filter(|known| known.name == text).collect();
        let fitting: Vec<&&Callable> =
            named.iter().filter(|known| known.inputs.len() == arguments).collect();
        match (named.as_slice(), fitting.as_slice()) {
            ([only], _) => Some((*only).clone()),
            (_, [only]) => Some((**only).clone()),
            ([], _) => {
                let message = format!("{} has no function `{}`", contract.name, shorten(text));
                self.problems.error(span.clone(), message).hint_with(|| {
                    let known: Vec<&str> =
                        contract.interface.functions().map(|known| known.name.as_str()).collect();
                    Some(match closest(text, known.iter().copied()) {
                        Some(name) => format!("did you mean `{name}`?"),
                        None => format!("its functions are {}", known.join(", ")),
                    })
                });
                None
            }
            (several, _) => {
                let signatures: Vec<String> =
                    several.iter().map(|callable| callable.signature()).collect();
                let message = format!("{} has several functions `{text}`", contract.name);
                self.problems
                    .error(span.clone(), message)
                    .hint(format!("write one of {}", signatures.join(", ")));
                None
            }
        }
    }

    /// The encoded arguments of `callable`. Problems with their number are reported at `span`.
    pub(super) fn arguments(
        &mut self,
        callable: &Callable,
        args: Option<&At<List<Any>>>,
        span: &Span,
    ) -> Option<Vec<u8>> {
        let nodes: Vec<&Node<'static>> = args
            .map(|args| args.value.0.iter().map(|at| &at.value.0).collect())
            .unwrap_or_default();
        let span = args.map_or(span, |args| &args.span);
        self.tokens(callable, &nodes, span).map(|tokens| encode(&tokens))
    }

    fn tokens(
        &mut self,
        callable: &Callable,
        nodes: &[&Node<'_>],
        span: &Span,
    ) -> Option<Vec<Token>> {
        let wanted = callable.inputs.len();
        if nodes.len() != wanted {
            let what = match callable.name.as_str() {
                "" => "the constructor".to_owned(),
                _ => format!("`{}`", callable.signature()),
            };
            let plural = if wanted == 1 { "" } else { "s" };
            let message = format!("{what} takes {wanted} argument{plural}, found {}", nodes.len());
            let list: Vec<String> = callable
                .inputs
                .iter()
                .map(|(name, ty)| format!("{ty} {name}").trim_end().to_owned())
                .collect();
            let hint = (!list.is_empty()).then(|| format!("they are {}", list.join(", ")));
            self.problems.error(span.clone(), message).hint_if(hint);
            return None;
        }
        // Every argument is looked at, so that all problems are found.
        let tokens: Vec<Option<Token>> = callable
            .inputs
            .iter()
            .zip(nodes)
            .map(|((name, ty), node)| self.token(node, ty, name))
            .collect();
        tokens.into_iter().collect()
    }

    /// `node` as a value of type `ty`; `name` is what messages call it.
    fn token(&mut self, node: &Node<'_>, ty: &Type, name: &str) -> Option<Token> {
        let result = match (ty, &node.value) {
            (_, Value::Broken) => return None,
            (Type::Uint(bits), Value::Number(text) | Value::String(text)) => {
                unsigned(text, *bits).map(Token::uint)
            }
            (Type::Int(bits), Value::Number(text) | Value::String(text)) => {
                signed(text, *bits).map(Token::uint)
            }
            (Type::Bool, Value::Bool(value)) => Ok(Token::uint(U256::from(u8::from(*value)))),
            (Type::Address, Value::String(text)) => match parse_who(text) {
                Ok(who) => Ok(Token::address(self.who(&who, &node.span))),
                Err((message, hint)) => {
                    self.problems.error(node.span.clone(), message).hint_if(hint);
                    return None;
                }
            },
            (Type::String, Value::String(text)) => Ok(Token::Bytes(text.as_bytes().to_vec())),
            (Type::Bytes, Value::String(text)) => {
                parse_bytes(text).map(|bytes| Token::Bytes(bytes.to_vec()))
            }
            (Type::Bytes, Value::Object(_)) => {
                return self.nested_call(node).map(|data| Token::Bytes(data.to_vec()));
            }
            (Type::FixedBytes(size), Value::String(text)) => fixed_bytes(text, *size),
            (Type::List(inner), Value::Array(items)) => {
                let tokens: Vec<Option<Token>> =
                    items.iter().map(|item| self.token(item, inner, name)).collect();
                return tokens.into_iter().collect::<Option<_>>().map(Token::List);
            }
            (Type::Array(inner, size), Value::Array(items)) if items.len() == *size => {
                let tokens: Vec<Option<Token>> =
                    items.iter().map(|item| self.token(item, inner, name)).collect();
                return tokens.into_iter().collect::<Option<_>>().map(Token::Tuple);
            }
            (Type::Array(_, size), Value::Array(items)) => {
                Err(format!("expected {size} elements, found {}", items.len()))
            }
            (Type::Tuple(members), Value::Array(items)) if items.len() == members.len() => {
                let tokens: Vec<Option<Token>> = members
                    .iter()
                    .zip(items)
                    .map(|((name, ty), item)| self.token(item, ty, name))
                    .collect();
                return tokens.into_iter().collect::<Option<_>>().map(Token::Tuple);
            }
            (Type::Tuple(members), Value::Array(items)) => {
                Err(format!("expected {} components, found {}", members.len(), items.len()))
            }
            (Type::Tuple(members), Value::Object(_)) => return self.named_tuple(node, members),
            _ => Err(format!("expected {}, found {}", expected(ty), node.kind())),
        };
        match result {
            Ok(token) => Some(token),
            Err(message) => {
                let what = match name {
                    "" => format!("argument of type {ty}"),
                    _ => format!("argument `{name}` ({ty})"),
                };
                self.problems.error(node.span.clone(), format!("{what}: {message}"));
                None
            }
        }
    }

    /// A tuple written as an object with its components' names.
    fn named_tuple(&mut self, node: &Node<'_>, members: &[(String, Type)]) -> Option<Token> {
        let Value::Object(given) = &node.value else { return None };
        let mut good = true;
        for member in given {
            if !members.iter().any(|(name, _)| *name == member.key) {
                let names = members.iter().map(|(name, _)| name.as_str());
                let hint = match closest(&member.key, names.clone()) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None => format!("its components are {}", names.collect::<Vec<_>>().join(", ")),
                };
                let message = format!("the tuple has no component `{}`", shorten(&member.key));
                self.problems.error(member.key_span.clone(), message).hint(hint);
                good = false;
            }
        }
        let mut tokens = Vec::new();
        for (name, ty) in members {
            match given.iter().find(|member| member.key == *name) {
                Some(member) => tokens.push(self.token(&member.value, ty, name)),
                None => {
                    let start = node.span.start;
                    let message = format!("the tuple needs the component `{name}`");
                    self.problems.error(start..start + 1, message);
                    good = false;
                }
            }
        }
        let tokens: Option<Vec<Token>> = tokens.into_iter().collect();
        tokens.filter(|_| good).map(Token::Tuple)
    }

    /// `{ "to": "token", "call": "transfer", "args": […] }` in place of bytes: the data of that call.
    fn nested_call(&mut self, node: &Node<'_>) -> Option<Bytes> {
        let Value::Object(members) = &node.value else { return None };
        let (mut call, mut to, mut args) = (None, None, Vec::new());
        for member in members {
            match (member.key.as_ref(), &member.value.value) {
                (_, Value::Broken) => return None,
                ("call", Value::String(text)) => call = Some((text, &member.value.span)),
                ("to", Value::String(text)) => match parse_who(text) {
                    Ok(who) => to = Some(self.who(&who, &member.value.span)),
                    Err((message, hint)) => {
                        self.problems.error(member.value.span.clone(), message).hint_if(hint);
                        return None;
                    }
                },
                ("args", Value::Array(items)) => args = items.iter().collect(),
                _ => {
                    self.problems
                        .error(
                            member.key_span.clone(),
                            format!("`{}` means nothing here", shorten(&member.key)),
                        )
                        .hint("call data has a text `call`, a list `args`, and a text `to` whose ABI is used");
                    return None;
                }
            }
        }
        let Some((text, span)) = call else {
            let start = node.span.start;
            self.problems.error(start..start + 1, "call data needs the field `call`");
            return None;
        };
        let callable = self.function(text, span, to, args.len())?;
        let tokens = self.tokens(&callable, &args, span)?;
        Some([callable.selector().as_slice(), &encode(&tokens)].concat().into())
    }

    /// The address of an account that is mentioned at `span`.
    pub(super) fn who(&mut self, who: &Who, span: &Span) -> Address {
        match who {
            Who::Address(address) => *address,
            Who::Name(name) => self.mention(name, span),
        }
    }
}

fn expected(ty: &Type) -> &'static str {
    match ty {
        Type::Uint(_) | Type::Int(_) => "a number",
        Type::Address => "a name or an address",
        Type::Bool => "`true` or `false`",
        Type::FixedBytes(_) | Type::Bytes => "bytes such as \"0x00ff\"",
        Type::String => "a text",
        Type::List(_) | Type::Array(..) => "a list",
        Type::Tuple(_) => "a list or an object",
    }
}

fn unsigned(text: &str, bits: usize) -> Result<U256, String> {
    let value = parse_amount(text)?;
    if value.bit_len() > bits {
        Err(format!("it does not fit into {bits} bits"))
    } else {
        Ok(value)
    }
}

/// Two's complement.
fn signed(text: &str, bits: usize) -> Result<U256, String> {
    let text = text.trim();
    let (negative, magnitude) = match text.strip_prefix('-') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => (true, rest),
        _ => (false, text),
    };
    let magnitude = parse_amount(magnitude)?;
    let half = U256::ONE << (bits - 1);
    match negative {
        true if magnitude <= half => Ok(magnitude.wrapping_neg()),
        false if magnitude < half => Ok(magnitude),
        _ => Err(format!("it does not fit into {bits} bits with a sign")),
    }
}

fn fixed_bytes(text: &str, size: usize) -> Result<Token, String> {
    let bytes = parse_bytes(text)?;
    if bytes.len() != size {
        return Err(format!("expected {size} bytes, found {}", bytes.len()));
    }
    Ok(Token::Word(B256::right_padding_from(&bytes)))
}
