//! Functions as people write them: `transfer(address to, uint256 amount) payable returns (bool)`.

use super::abi::{Callable, Type};

/// Deepest nesting of tuples.
const MAX_DEPTH: u32 = 16;

/// Why a text is no function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrong<'t> {
    /// It is not written like one.
    Syntax,
    /// This stands where a type should, and is none.
    Type(&'t str),
}

/// Reads a signature, with or without names of parameters and `returns`.
pub(super) fn read(text: &str) -> Result<Callable, Wrong<'_>> {
    let mut reader = Reader { rest: text, unknown: None };
    let callable = reader.callable().ok_or(Wrong::Syntax)?;
    match reader.unknown {
        Some(unknown) => Err(Wrong::Type(unknown)),
        None => Ok(callable),
    }
}

struct Reader<'t> {
    rest: &'t str,
    /// The first that is no type.
    unknown: Option<&'t str>,
}

impl<'t> Reader<'t> {
    fn callable(&mut self) -> Option<Callable> {
        let mut name = self.word();
        if name == "function" && !self.at('(') {
            name = self.word();
        }
        if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let mut callable =
            Callable { name: name.to_owned(), inputs: self.parameters(0)?, ..Callable::default() };
        loop {
            match self.word() {
                "" => break,
                "payable" => callable.payable = true,
                "returns" => callable.outputs = self.parameters(0)?,
                "external" | "public" | "internal" | "private" | "view" | "pure" | "nonpayable"
                | "virtual" | "override" => {}
                _ => return None,
            }
        }
        self.eat(';');
        self.rest.trim_start().is_empty().then_some(callable)
    }

    fn parameters(&mut self, depth: u32) -> Option<Vec<(String, Type)>> {
        if depth > MAX_DEPTH || !self.eat('(') {
            return None;
        }
        let mut parameters = Vec::new();
        if self.eat(')') {
            return Some(parameters);
        }
        loop {
            let ty = self.ty(depth)?;
            let mut name = self.word();
            while matches!(name, "memory" | "calldata" | "storage" | "payable") {
                name = self.word();
            }
            if name.starts_with(|c: char| c.is_ascii_digit()) {
                return None;
            }
            parameters.push((name.to_owned(), ty));
            if self.eat(')') {
                return Some(parameters);
            }
            if !self.eat(',') {
                return None;
            }
        }
    }

    /// One type; any will do for one that is unknown.
    fn ty(&mut self, depth: u32) -> Option<Type> {
        let start = self.rest.trim_start();
        let word = self.word();
        let mut ty = if matches!(word, "" | "tuple") && self.at('(') {
            Some(Type::Tuple(self.parameters(depth + 1)?))
        } else if word.is_empty() {
            return None;
        } else {
            Type::elementary(word)
        };
        while self.eat('[') {
            let size = self.word();
            if !self.eat(']') {
                return None;
            }
            ty = ty.and_then(|ty| ty.array(size));
        }
        if ty.is_none() {
            self.unknown.get_or_insert(&start[..start.len() - self.rest.len()]);
        }
        Some(ty.unwrap_or(Type::Bool))
    }

    /// The next word; empty if something else comes next.
    fn word(&mut self) -> &'t str {
        let text = self.rest.trim_start();
        let end = text
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '$')
            .unwrap_or(text.len());
        let (word, rest) = text.split_at(end);
        self.rest = rest;
        word
    }

    fn at(&self, c: char) -> bool {
        self.rest.trim_start().starts_with(c)
    }

    fn eat(&mut self, c: char) -> bool {
        match self.rest.trim_start().strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_places_and_returns_may_be_written() {
        for (text, signature) in [
            ("transfer(address,uint256)", "transfer(address,uint256)"),
            (" f ( ) ", "f()"),
            (
                "function f(uint a, int[] memory b) external view returns (bool)",
                "f(uint256,int256[])",
            ),
            (
                "f((address payable who,uint8[2])[] calldata list, bytes);",
                "f((address,uint8[2])[],bytes)",
            ),
            ("f(tuple(function x) t)", "f((bytes24))"),
            ("function(bytes32)", "function(bytes32)"),
        ] {
            assert_eq!(read(text).unwrap().signature(), signature, "{text}");
        }
        let deposit =
            read("deposit(address to) payable returns (uint256 shares, (bool, string))").unwrap();
        assert!(deposit.payable);
        assert_eq!(deposit.inputs[0].0, "to");
        assert_eq!((deposit.outputs.len(), deposit.outputs[0].0.as_str()), (2, "shares"));
        assert!(!read("f() view").unwrap().payable);
    }

    #[test]
    fn what_is_no_function_is_told_from_what_is_no_type() {
        for text in [
            "",
            "f",
            "f(",
            "f)",
            "(uint256)",
            "1f()",
            "f(uint256",
            "f(uint256,)",
            "f(,)",
            "f(uint256 1a)",
            "f(uint256 a b)",
            "f() maybe",
            "f() returns",
            "f()()",
            "f(uint256[)",
            "f(uint256]) ",
            "f() x(",
            "é()",
        ] {
            assert_eq!(read(text).unwrap_err(), Wrong::Syntax, "{text}");
        }
        for (text, unknown) in [
            ("f(uint7)", "uint7"),
            ("f(bool, adress to)", "adress"),
            ("f((Token)[] t)", "Token"),
            ("f(uint256[0])", "uint256[0]"),
            ("f(bytes33[2][])", "bytes33[2][]"),
            ("f() returns (money)", "money"),
        ] {
            assert_eq!(read(text).unwrap_err(), Wrong::Type(unknown), "{text}");
        }
        let deep = format!("f({}{})", "(".repeat(400), ")".repeat(400));
        assert_eq!(read(&deep).unwrap_err(), Wrong::Syntax);
    }
}
