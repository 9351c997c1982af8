//! Storage layouts: which variable is where.
//!
//! A layout says which variables lie in the first slots of a contract. Everything of variable size lies behind a hash:
//! the values of a mapping that lies in slot `p` at `keccak256(key ++ p)`, the elements of an array and the bytes of a
//! long string at `keccak256(p)`. Hashes cannot be inverted, so those slots are explained by the hashes that were seen
//! being computed (Solidity's documentation, “Layout of state variables in storage”).

use std::collections::BTreeMap;

use revm::primitives::{Bytes, U256, keccak256};

use super::json::Node;

/// What was hashed, by hash.
pub(crate) type Preimages = BTreeMap<U256, Bytes>;

/// A contract's storage layout, as solc writes it.
#[derive(Debug)]
pub(crate) struct Layout {
    storage: Vec<Variable>,
    types: BTreeMap<String, Type>,
}

#[derive(Debug)]
struct Variable {
    label: String,
    slot: U256,
    r#type: String,
}

#[derive(Debug)]
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

impl Layout {
    /// Reads solc's JSON; `None` if it is none.
    pub(super) fn read(json: &Node<'_>) -> Option<Self> {
        // `null` if there are no variables.
        let types = json.at("types").members().unwrap_or_default().iter();
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
        let leaves = self.resolve(slot, preimages, key, DEPTH);
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
        for variable in &self.storage {
            let slots = self.types.get(&variable.r#type).map_or(U256::ONE, Type::slots);
            for offset in 0..slots.saturating_to::<u64>().min(256) {
                let slot = variable.slot.saturating_add(U256::from(offset));
                let leaves = self.in_members(&self.storage, "", slot);
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
    ) -> Vec<Leaf<'_>> {
        let fixed = self.in_members(&self.storage, "", slot);
        if !fixed.is_empty() || depth == 0 {
            return fixed;
        }
        self.behind_hash(slot, preimages, key, depth).unwrap_or_default()
    }

    /// What lies in `slot` if that is at or after a known hash.
    fn behind_hash(
        &self,
        slot: U256,
        preimages: &Preimages,
        key: &dyn Fn(&str, &[u8]) -> String,
        depth: u32,
    ) -> Option<Vec<Leaf<'_>>> {
        let (hash, preimage) = preimages.range(..=slot).next_back()?;
        let within = slot - *hash;
        if within > U256::from(REACH) {
            return None;
        }
        let (prefix, base) = preimage.split_at_checked(preimage.len().checked_sub(32)?)?;
        let holders = self.resolve(U256::from_be_slice(base), preimages, key, depth - 1);
        holders.into_iter().find_map(|Leaf { path, r#type }| {
            let holder = r#type?;
            match holder.encoding {
                Encoding::Mapping => {
                    let key_type = self.types.get(holder.key.as_ref()?)?;
                    let path = format!("{path}[{}]", key(&key_type.label, prefix));
                    Some(self.inside(holder.value.as_ref()?, path, within))
                }
                Encoding::DynamicArray if prefix.is_empty() => {
                    Some(self.elements(holder.base.as_ref()?, None, &path, within))
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
    ) -> Vec<Leaf<'l>> {
        let mut leaves = Vec::new();
        for member in members {
            let slots = self.types.get(&member.r#type).map_or(U256::ONE, Type::slots);
            if let Some(within) = within.checked_sub(member.slot)
                && within < slots
            {
                let path = format!("{prefix}{}", member.label);
                leaves.extend(self.inside(&member.r#type, path, within));
            }
        }
        leaves
    }

    /// What lies in slot `within` of a variable.
    fn inside(&self, name: &str, path: String, within: U256) -> Vec<Leaf<'_>> {
        let Some(found) = self.types.get(name) else { return Vec::new() };
        if let Some(members) = &found.members {
            return self.in_members(members, &format!("{path}."), within);
        }
        if found.encoding == Encoding::Inplace
            && let Some(base) = &found.base
        {
            return self.elements(base, found.length(), &path, within);
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
    ) -> Vec<Leaf<'_>> {
        let Some(element) = self.types.get(base) else { return Vec::new() };
        let bytes = element.number_of_bytes.max(U256::ONE);
        let shared = U256::from(32) / bytes;
        if shared <= U256::ONE {
            let slots = element.slots();
            return self.inside(base, format!("{path}[{}]", within / slots), within % slots);
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
    let variables = json.items()?.iter().map(|json| {
        Some(Variable {
            label: text(json.at("label"))?,
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
