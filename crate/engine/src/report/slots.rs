//! What a storage slot is called in its contract: `balanceOf[alice]`.

use std::collections::BTreeMap;

use revm::primitives::{Address, U256, hex};

use super::codes::Codes;
use super::guess::Guesses;
use super::words::short;
use crate::scenario::Name;
use crate::scenario::layout::{Layout, Preimages};

/// Names storage slots by the contracts' layouts and the hashes seen while executing.
#[derive(Debug)]
pub(super) struct SlotNames<'s> {
    names: &'s BTreeMap<Address, Name>,
    pub(super) codes: Codes<'s>,
    guesses: Guesses,
    preimages: Preimages,
}

impl<'s> SlotNames<'s> {
    /// For accounts with these codes; `preimages` are the hashes seen.
    pub(super) fn new(
        names: &'s BTreeMap<Address, Name>,
        codes: Codes<'s>,
        guesses: Guesses,
        mut preimages: Preimages,
    ) -> Self {
        for layout in codes.all().filter_map(|contract| contract.layout.as_ref()) {
            preimages.append(&mut layout.constant_hashes());
        }
        Self { names, codes, guesses, preimages }
    }

    /// What lies in a slot of `account`: as the contract's layout says, else that of the one behind a proxy, else as it
    /// may be guessed.
    pub(super) fn name(&self, account: &Address, slot: U256) -> Option<String> {
        let layouts = self.codes.of(account).iter().filter_map(|contract| contract.layout.as_ref());
        let named = layouts.filter_map(|layout| self.laid_out(layout, slot)).next();
        let key = |label: &str, bytes: &[u8]| self.key(label, bytes);
        named.or_else(|| self.guesses.name(account, slot, &self.preimages, &key))
    }

    fn laid_out(&self, layout: &Layout, slot: U256) -> Option<String> {
        let key = |label: &str, bytes: &[u8]| self.key(label, bytes);
        layout.name(slot, &self.preimages, &key)
    }

    /// The key of a mapping, by the name of its type.
    fn key(&self, label: &str, bytes: &[u8]) -> String {
        let Ok(word) = <&[u8; 32]>::try_from(bytes) else {
            return if label == "string" {
                quoted(bytes)
            } else {
                short(&hex::encode_prefixed(bytes))
            };
        };
        let number = U256::from_be_bytes(*word);
        match label {
            "string" => quoted(bytes),
            "bytes" => short(&hex::encode_prefixed(bytes)),
            "bool" => (!number.is_zero()).to_string(),
            // Behind the length of a `bytesN` follows padding.
            _ if let Some(length) = label.strip_prefix("bytes") => {
                let length = length.parse().unwrap_or(32).min(32);
                short(&hex::encode_prefixed(&word[..length]))
            }
            _ if label.starts_with("address") || label.starts_with("contract ") => {
                let address = Address::from_word((*word).into());
                match self.names.get(&address) {
                    Some(name) => name.name.clone(),
                    None => short(&address.to_checksum(None)),
                }
            }
            _ if label.starts_with("int") && number.bit(255) => {
                format!("-{}", decimal(number.wrapping_neg()))
            }
            _ => decimal(number),
        }
    }
}

/// In decimal, unless it is so large that it is surely an identifier.
fn decimal(number: U256) -> String {
    if number < U256::from(10).pow(U256::from(18)) {
        number.to_string()
    } else {
        short(&format!("{number:#x}"))
    }
}

/// The key of a mapping from strings, which contains what a user likes.
fn quoted(bytes: &[u8]) -> String {
    const MOST: usize = 24;
    let text = String::from_utf8_lossy(bytes);
    let start: String = text.chars().take(MOST).collect();
    let rest = if text.chars().nth(MOST).is_some() { "…" } else { "" };
    format!("{start:?}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Library;
    use revm::primitives::{Bytes, keccak256};

    const TOKEN: Address = Address::repeat_byte(0x70);
    const ALICE: Address = Address::repeat_byte(0xa1);

    /// Hashes as Solidity computes them, and remembers them.
    #[derive(Default)]
    struct Hasher(Preimages);

    impl Hasher {
        fn hash(&mut self, parts: &[&[u8]]) -> U256 {
            let preimage = Bytes::from(parts.concat());
            let hash = keccak256(&preimage).into();
            self.0.insert(hash, preimage);
            hash
        }

        /// The value's slot of a mapping that lies in `slot`.
        fn at(&mut self, key: impl Into<U256>, slot: impl Into<U256>) -> U256 {
            let (key, slot) = (key.into(), slot.into());
            self.hash(&[&key.to_be_bytes::<32>(), &slot.to_be_bytes::<32>()])
        }

        /// The first slot of the elements of what lies in `slot`.
        fn data(&mut self, slot: impl Into<U256>) -> U256 {
            self.hash(&[&slot.into().to_be_bytes::<32>()])
        }

        #[track_caller]
        fn check(&self, layout: &Layout, slot: impl Into<U256>, expected: Option<&str>) {
            let name = |name: &str| Name { name: name.to_owned(), contract: None };
            let names = [(TOKEN, name("token")), (ALICE, name("alice"))].into();
            let mut preimages = self.0.clone();
            preimages.append(&mut layout.constant_hashes());
            let (codes, guesses) = (Codes::default(), Guesses::default());
            let slots = SlotNames::new(&names, codes, guesses, preimages);
            assert_eq!(slots.laid_out(layout, slot.into()).as_deref(), expected);
        }
    }

    fn alice() -> U256 {
        U256::from_be_bytes(ALICE.into_word().0)
    }

    /// `Everything.sol` beside it, as solc 0.8.37 lays it out.
    fn everything() -> Layout {
        Layout::parse(include_str!("testdata/everything.json")).unwrap()
    }

    #[test]
    fn bundled_tokens_and_pools() {
        let bundled = |name| Library::bundled().get(name)?.layout.as_ref();
        let (token, pool) = (bundled("Token").unwrap(), bundled("Pool").unwrap());
        let mut hasher = Hasher::default();
        let balance = hasher.at(alice(), U256::from(3));
        let allowances = hasher.at(alice(), U256::from(4));
        let allowance = hasher.at(U256::from_be_bytes(TOKEN.into_word().0), allowances);
        let stranger = hasher.at(U256::MAX >> 96, U256::from(3));
        hasher.check(token, U256::from(2), Some("totalSupply"));
        hasher.check(token, balance, Some("balanceOf[alice]"));
        hasher.check(token, allowance, Some("allowance[alice][token]"));
        hasher.check(token, stranger, Some("balanceOf[0xFFfF…FFfF]"));
        hasher.check(token, U256::from(9), None);
        hasher.check(token, balance + U256::ONE, None);
        hasher.check(pool, U256::from(5), Some("reserve0"));
    }

    #[test]
    fn variables_that_share_a_slot_are_all_named() {
        let hasher = Hasher::default();
        hasher.check(&everything(), U256::ZERO, Some("reserve0, reserve1, updated"));
        hasher.check(&everything(), U256::from(1), Some("paused, owner"));
        hasher.check(&everything(), U256::from(2), Some("origin.x, origin.y"));
    }

    #[test]
    fn structs_and_fixed_arrays() {
        let hasher = Hasher::default();
        hasher.check(&everything(), U256::from(3), Some("origin.z"));
        hasher.check(&everything(), U256::from(5), Some("origin.marks.length"));
        hasher.check(&everything(), U256::from(8), Some("triple[2]"));
        hasher.check(&everything(), U256::from(9), Some("bits[0…31]"));
        hasher.check(&everything(), U256::from(10), Some("bits[32…39]"));
    }

    #[test]
    fn dynamic_arrays_and_strings_need_nobody_to_hash_their_fixed_slot() {
        let mut elsewhere = Hasher::default();
        let (list, shorts) = (elsewhere.data(U256::from(11)), elsewhere.data(U256::from(12)));
        let (points, title) = (elsewhere.data(U256::from(13)), elsewhere.data(U256::from(15)));
        let (note, pair) = (elsewhere.data(U256::from(4)), elsewhere.data(U256::from(25)));
        let hasher = Hasher::default();
        hasher.check(&everything(), U256::from(11), Some("list.length"));
        hasher.check(&everything(), list + U256::from(7), Some("list[7]"));
        hasher.check(&everything(), shorts + U256::ONE, Some("shorts[16…31]"));
        hasher.check(&everything(), points, Some("points[0].x, points[0].y"));
        hasher.check(&everything(), points + U256::from(5), Some("points[1].z"));
        hasher.check(&everything(), U256::from(15), Some("title"));
        hasher.check(&everything(), title + U256::ONE, Some("title, bytes 32…63"));
        hasher.check(&everything(), note, Some("origin.note, bytes 0…31"));
        hasher.check(&everything(), pair, Some("pair[1], bytes 0…31"));
    }

    #[test]
    fn mappings_with_keys_of_every_kind() {
        let mut hasher = Hasher::default();
        let layout = everything();
        let point = hasher.at(alice(), U256::from(16));
        let marks = hasher.data(point + U256::from(3));
        let by_name = hasher.hash(&[b"gold", &U256::from(17).to_be_bytes::<32>()]);
        let seen = hasher.at(U256::from(0xbeef) << 240, U256::from(18));
        let minus_two = hasher.at(U256::MAX - U256::ONE, U256::from(19));
        let nested = hasher.at(U256::ONE, minus_two);
        let queue = hasher.at(U256::ONE, U256::from(20));
        let queued = hasher.data(queue);
        let peer = hasher.at(alice(), U256::from(21));
        let selector = hasher.at(U256::from(0xa9059cbb_u32) << 224, U256::from(22));
        let name = hasher.at(U256::from(77), U256::from(23));
        let long_name = hasher.data(name);
        hasher.check(&layout, point, Some("pointOf[alice].x, pointOf[alice].y"));
        hasher.check(&layout, point + U256::from(2), Some("pointOf[alice].note"));
        hasher.check(&layout, marks + U256::from(4), Some("pointOf[alice].marks[4]"));
        hasher.check(&layout, by_name, Some("byName[\"gold\"]"));
        hasher.check(&layout, seen, Some("seen[0xbeef…0000]"));
        hasher.check(&layout, nested, Some("nested[-2][true]"));
        hasher.check(&layout, queue, Some("queues[1].length"));
        hasher.check(&layout, queued, Some("queues[1][0]"));
        hasher.check(&layout, peer, Some("peers[alice]"));
        hasher.check(&layout, selector + U256::ONE, Some("selectors[0xa9059cbb][1]"));
        hasher.check(&layout, long_name, Some("names[77], bytes 0…31"));
    }

    #[test]
    fn a_hash_nobody_saw_and_a_layout_that_is_none_name_nothing() {
        let hash = Hasher::default().at(alice(), U256::from(16));
        Hasher::default().check(&everything(), hash, None);
        for text in ["null", r#"{ "storage": 3 }"#] {
            assert!(Layout::parse(text).is_none(), "{text}");
        }
        // Odd, but no reason to fail: a type that is not described.
        let odd = r#"{ "storage": [{ "label": "a", "slot": "0", "type": "t_x" }], "types": null }"#;
        Hasher::default().check(&Layout::parse(odd).unwrap(), U256::ZERO, None);
    }
}
