//! Storage layouts: which variable is where.
//!
//! A layout says which variables lie in the first slots of a contract. Everything of variable size lies behind a hash:
//! the values of a mapping that lies in slot `p` at `keccak256(key ++ p)`, the elements of an array and the bytes of a
//! long string at `keccak256(p)`. Hashes cannot be inverted, so those slots are explained by the hashes that were seen
//! being computed (Solidity's documentation, “Layout of state variables in storage”).

use std::cell::Cell;
use std::collections::BTreeMap;

use revm::primitives::{Bytes, U256, keccak256};

use super::json::Node;

/// What was hashed, by hash.
pub(crate) type Preimages = BTreeMap<U256, Bytes>;

/// A contract's storage layout, as solc writes it.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    storage: Vec<Variable>,
    types: BTreeMap<String, Type>,
}

#[derive(Clone, Debug)]
struct Variable {
    label: String,
    slot: U256,
    r#type: String,
}

#[derive(Clone, Debug)]
struct Type {
    encoding: Encoding,
    /// As in the source: `uint8[3]`.
    label: String,
    number_of_bytes: U256,
    /// Of a mapping.
    key: Option<String>,
    value: Option<String>,
    /// Of an array.
    base: Option<String>,
    /// Of a struct.
    members: Option<Vec<Variable>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Inplace,
    Mapping,
    DynamicArray,
    Bytes,
}

/// A variable that has nothing inside, at some slot.
#[derive(Debug)]
struct Leaf<'l> {
    /// How it is written: `balanceOf[alice]`.
    path: String,
    /// `None` for a part of something that cannot itself lead further.
    r#type: Option<&'l Type>,
}

/// How far from its hash an element can lie. Two hashes are never this close to each other.
const REACH: u64 = u64::MAX;

/// Mappings in mappings in arrays ….
const DEPTH: u32 = 16;

/// The most variables of a contract or members of a struct, and the most types.
const MOST_MEMBERS: usize = 1024;
/// The most characters of a variable's name.
const MOST_CHARACTERS: usize = 128;
/// The most fields that share a slot: it has 32 bytes.
const MOST_LEAVES: usize = 32;

/// What is left to look at. A layout that somebody has made up may lead in circles, or to the same type on many ways.
#[derive(Debug)]
struct Effort {
    steps: Cell<u32>,
    depth: Cell<u32>,
}

impl Effort {
    fn new(steps: u32) -> Self {
        Self { steps: Cell::new(steps), depth: Cell::new(2 * DEPTH) }
    }

    /// Whether one more step may be done.
    fn step(&self) -> bool {
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(1));
        left > 0
    }

    /// What `deeper` finds, unless that is too deep.
    fn within<T>(&self, deeper: impl FnOnce() -> Vec<T>) -> Vec<T> {
        let Some(left) = self.depth.get().checked_sub(1) else { return Vec::new() };
        self.depth.set(left);
        let found = deeper();
        self.depth.set(left + 1);
        found
    }
}

impl Layout {
    /// Reads solc's JSON; `None` if it is none.
    pub(super) fn read(json: &Node<'_>) -> Option<Self> {
        // `null` if there are no variables.
        let types = json.at("types").members().unwrap_or_default();
        if types.len() > MOST_MEMBERS {
            return None;
        }
        let types = types.iter();
        let types = types.map(|member| Some((member.key.to_string(), Type::read(&member.value)?)));
        Some(Self { storage: variables(json.at("storage"))?, types: types.collect::<Option<_>>()? })
    }

    /// The same from a text.
    #[cfg(test)]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        Self::read(&super::json::parse(text, &mut super::problems::Problems::default()).root)
    }

    /// What lies in `slot`, in the source's words: `balanceOf[alice]`, or several variables that share it:
    /// `paused, owner`. `key` writes the key of a mapping, given its type's name and its bytes.
    pub(crate) fn name(
        &self,
        slot: U256,
        preimages: &Preimages,
        key: &dyn Fn(&str, &[u8]) -> String,
    ) -> Option<String> {
        let leaves = self.resolve(slot, preimages, key, DEPTH, &Effort::new(8192));
        let names = leaves.iter().map(|leaf| match leaf.r#type.map(|found| found.encoding) {
            Some(Encoding::DynamicArray) => format!("{}.length", leaf.path),
            _ => leaf.path.clone(),
        });
        let names: Vec<String> = names.collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    /// Hashes that the compiler computes beforehand, so that nobody sees them computed: those of the fixed slots of
    /// arrays and strings.
    pub(crate) fn constant_hashes(&self) -> Preimages {
        let mut found = Preimages::new();
        let effort = Effort::new(1 << 18);
        for variable in &self.storage {
            let slots = self.types.get(&variable.r#type).map_or(U256::ONE, Type::slots);
            for offset in 0..slots.saturating_to::<u64>().min(256) {
                let slot = variable.slot.saturating_add(U256::from(offset));
                let leaves =
                    self.inside(&variable.r#type, String::new(), U256::from(offset), &effort);
                if leaves.iter().filter_map(|leaf| leaf.r#type).any(Type::is_behind_its_hash) {
                    let preimage = slot.to_be_bytes::<32>();
                    found.insert(keccak256(preimage).into(), preimage.into());
                }
            }
        }
        found
    }

    fn resolve(
        &self,
        slot: U256,
        preimages: &Preimages,
        key: &dyn Fn(&str, &[u8]) -> String,
        depth: u32,
        effort: &Effort,
    ) -> Vec<Leaf<'_>> {
        let fixed = self.in_members(&self.storage, "", slot, effort);
        if !fixed.is_empty() || depth == 0 {
            return fixed;
        }
        self.behind_hash(slot, preimages, key, depth, effort).unwrap_or_default()
    }

    /// What lies in `slot` if that is at or after a known hash.
    fn behind_hash(
        &self,
        slot: U256,
        preimages: &Preimages,
        key: &dyn Fn(&str, &[u8]) -> String,
        depth: u32,
        effort: &Effort,
    ) -> Option<Vec<Leaf<'_>>> {
        let (hash, preimage) = preimages.range(..=slot).next_back()?;
        let within = slot - *hash;
        if within > U256::from(REACH) {
            return None;
        }
        let (prefix, base) = preimage.split_at_checked(preimage.len().checked_sub(32)?)?;
        let holders = self.resolve(U256::from_be_slice(base), preimages, key, depth - 1, effort);
        holders.into_iter().find_map(|Leaf { path, r#type }| {
            let holder = r#type?;
            match holder.encoding {
                Encoding::Mapping => {
                    let key_type = self.types.get(holder.key.as_ref()?)?;
                    let path = format!("{path}[{}]", key(&key_type.label, prefix));
                    Some(self.inside(holder.value.as_ref()?, path, within, effort))
                }
                Encoding::DynamicArray if prefix.is_empty() => {
                    Some(self.elements(holder.base.as_ref()?, None, &path, within, effort))
                }
                Encoding::Bytes if prefix.is_empty() => {
                    let first = within.saturating_mul(U256::from(32));
                    let path = format!("{path}, bytes {first}…{}", first + U256::from(31));
                    Some(vec![Leaf { path, r#type: None }])
                }
                _ => None,
            }
        })
    }

    /// What lies in slot `within` of a group of variables.
    fn in_members<'l>(
        &'l self,
        members: &'l [Variable],
        prefix: &str,
        within: U256,
        effort: &Effort,
    ) -> Vec<Leaf<'l>> {
        let mut leaves = Vec::new();
        for member in members {
            if leaves.len() >= MOST_LEAVES || !effort.step() {
                break;
            }
            let slots = self.types.get(&member.r#type).map_or(U256::ONE, Type::slots);
            if let Some(within) = within.checked_sub(member.slot)
                && within < slots
            {
                let path = format!("{prefix}{}", member.label);
                leaves.extend(self.inside(&member.r#type, path, within, effort));
            }
        }
        leaves
    }

    /// What lies in slot `within` of a variable.
    fn inside(&self, name: &str, path: String, within: U256, effort: &Effort) -> Vec<Leaf<'_>> {
        let Some(found) = self.types.get(name).filter(|_| effort.step()) else {
            return Vec::new();
        };
        if let Some(members) = &found.members {
            let prefix = format!("{path}.");
            return effort.within(|| self.in_members(members, &prefix, within, effort));
        }
        if found.encoding == Encoding::Inplace
            && let Some(base) = &found.base
        {
            let length = found.length();
            return effort.within(|| self.elements(base, length, &path, within, effort));
        }
        if within >= found.slots() {
            return Vec::new();
        }
        vec![Leaf { path, r#type: Some(found) }]
    }

    /// What lies in slot `within` of an array's elements. Elements of up to half a slot share slots.
    fn elements(
        &self,
        base: &str,
        length: Option<U256>,
        path: &str,
        within: U256,
        effort: &Effort,
    ) -> Vec<Leaf<'_>> {
        let Some(element) = self.types.get(base) else { return Vec::new() };
        let bytes = element.number_of_bytes.max(U256::ONE);
        let shared = U256::from(32) / bytes;
        if shared <= U256::ONE {
            let slots = element.slots();
            let path = format!("{path}[{}]", within / slots);
            return self.inside(base, path, within % slots, effort);
        }
        let first = within.saturating_mul(shared);
        let mut last = first.saturating_add(shared - U256::ONE);
        if let Some(length) = length {
            last = last.min(length.saturating_sub(U256::ONE));
        }
        let path = if first < last {
            format!("{path}[{first}…{last}]")
        } else {
            format!("{path}[{first}]")
        };
        vec![Leaf { path, r#type: None }]
    }
}

impl Type {
    fn read(json: &Node<'_>) -> Option<Self> {
        let encoding = match json.at("encoding").text()? {
            "inplace" => Encoding::Inplace,
            "mapping" => Encoding::Mapping,
            "dynamic_array" => Encoding::DynamicArray,
            "bytes" => Encoding::Bytes,
            _ => return None,
        };
        Some(Self {
            encoding,
            label: text(json.at("label"))?,
            number_of_bytes: decimal(json.at("numberOfBytes"))?,
            key: text(json.at("key")),
            value: text(json.at("value")),
            base: text(json.at("base")),
            members: variables(json.at("members")),
        })
    }

    fn slots(&self) -> U256 {
        self.number_of_bytes.div_ceil(U256::from(32)).max(U256::ONE)
    }

    /// Of a fixed array: the number in its last brackets.
    fn length(&self) -> Option<U256> {
        let (_, length) = self.label.strip_suffix(']')?.rsplit_once('[')?;
        length.parse().ok()
    }

    fn is_behind_its_hash(&self) -> bool {
        matches!(self.encoding, Encoding::DynamicArray | Encoding::Bytes)
    }
}

fn variables(json: &Node<'_>) -> Option<Vec<Variable>> {
    let items = json.items().filter(|items| items.len() <= MOST_MEMBERS)?;
    let variables = items.iter().map(|json| {
        Some(Variable {
            label: text(json.at("label")).filter(|label| label.len() <= MOST_CHARACTERS)?,
            slot: decimal(json.at("slot"))?,
            r#type: text(json.at("type"))?,
        })
    });
    variables.collect()
}

fn text(json: &Node<'_>) -> Option<String> {
    json.text().map(str::to_owned)
}

fn decimal(json: &Node<'_>) -> Option<U256> {
    U256::from_str_radix(json.text()?, 10).ok()
}
