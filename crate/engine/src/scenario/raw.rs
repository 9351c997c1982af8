//! A scenario exactly as written: every field of the format with its type, nothing resolved, nothing filled in.
//!
//! [`record!`] declares a record once; the reader, the list of known keys (for suggestions) and the JSON Schema follow
//! from it. The doc comments are the schema's descriptions, which is what an editor shows.

use super::access_list::RawAccessList;
use super::json::{Member, Node, Span, Value, shorten};
use super::own::{ContractName, FileName, RawContract};
use super::problems::{Problems, closest};
use super::values::{
    Amount, Count, Fork, Hash, Hex, Mode, Share, Skew, SlotValue, Who, Word, wrong_kind,
};

/// Something that can be read from a value.
pub(super) trait Read: Sized {
    /// Reads it, or reports why not.
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self>;
}

/// Something that can be read from an object's key.
pub(super) trait Key: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// One sentence saying what is wrong with it, and a hint.
    fn parse(text: &str) -> Result<Self, (String, Option<String>)>;
}

/// A value and where it stands.
#[derive(Clone, Debug)]
pub(super) struct At<T> {
    /// What.
    pub(super) value: T,
    /// Where.
    pub(super) span: Span,
}

/// A field of a record.
#[derive(Clone, Debug, Default)]
pub(super) enum Field<T> {
    /// Not there.
    #[default]
    Absent,
    /// There, but wrong, which has been reported: nothing should be concluded from it.
    Broken,
    /// There.
    Given(At<T>),
}

impl<T> Field<T> {
    /// The value with its place, if there is a good one.
    pub(super) fn get(&self) -> Option<&At<T>> {
        match self {
            Self::Given(at) => Some(at),
            Self::Absent | Self::Broken => None,
        }
    }

    /// The value, if there is a good one.
    pub(super) fn value(&self) -> Option<&T> {
        self.get().map(|at| &at.value)
    }

    /// Where it stands, if there is a good one.
    pub(super) fn span(&self) -> Option<Span> {
        self.get().map(|at| at.span.clone())
    }

    /// It was not written at all.
    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Self::Absent)
    }
}

impl<T: Read> Field<T> {
    pub(super) fn read(node: &Node<'_>, problems: &mut Problems) -> Self {
        match T::read(node, problems) {
            Some(value) => Self::Given(At { value, span: node.span.clone() }),
            None => Self::Broken,
        }
    }
}

/// Declares a record: its name in messages, the keys that others have for its fields, and for each field its key and type.
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        $name:ident, $called:literal, required $required:tt,
        $( either [$($either:literal),*], )?
        $( also [$($other:literal = $own:literal),*], )?
        { $( $(#[doc = $about:literal])* $field:ident: $key:literal => $type:ty, )* }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default)]
        pub(super) struct $name {
            $( $(#[doc = $about])* pub(super) $field: $crate::scenario::raw::Field<$type>, )*
        }

        impl $name {
            /// Its keys.
            pub(super) const KEYS: &'static [&'static str] = &[$($key),*];
            const REQUIRED: &'static [&'static str] = &$required;
            /// One of these is required, too.
            const EITHER: &'static [&'static str] = &[$( $($either),* )?];
            /// What others call them, and what they are called here.
            const OTHERS: $crate::scenario::raw::Spellings = &[$( $( ($other, $own) ),* )?];
        }

        impl $crate::scenario::raw::Read for $name {
            fn read(
                node: &$crate::scenario::json::Node<'_>,
                problems: &mut $crate::scenario::problems::Problems,
            ) -> Option<Self> {
                use $crate::scenario::raw::{
                    Field, missing_either, missing_field, object, own_spelling, twice, unknown_field,
                };
                let members = object(node, $called, problems)?;
                let mut record = Self::default();
                for member in members {
                    match own_spelling(&member.key, Self::OTHERS) {
                        $( $key => record.$field = Field::read(&member.value, problems), )*
                        _ => unknown_field(member, $called, Self::KEYS, problems),
                    }
                }
                if !Self::OTHERS.is_empty() {
                    twice(members, Self::OTHERS, problems);
                }
                for required in Self::REQUIRED {
                    // A member that was read wrongly was reported, so that it is not missing.
                    let is_it = |key| own_spelling(key, Self::OTHERS) == *required;
                    if !members.iter().any(|member| is_it(&member.key)) {
                        missing_field(node, $called, required, problems);
                    }
                }
                if !Self::EITHER.is_empty() {
                    missing_either(node, members, $called, Self::EITHER, problems);
                }
                Some(record)
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut schema = $crate::scenario::schema::Record::new(&[$($doc),*]);
                $(
                    schema.field(
                        $key,
                        &[$($about),*],
                        generator.subschema_for::<$type>(),
                    );
                )*
                schema.finish(Self::REQUIRED, Self::EITHER, Self::OTHERS)
            }
        }
    };
}

pub(super) use record;

/// What others call fields, each with what it is called here.
pub(super) type Spellings = &'static [(&'static str, &'static str)];

record! {
    /// A block of transactions for EVM Lanes, with the world before it.
    RawScenario, "a scenario", required ["transactions"],
    {
        /// Where editors find the JSON Schema of this format. Not used otherwise.
        schema: "$schema" => String,
        /// Version of this format: 1, the default.
        format: "format" => Count,
        /// One line.
        title: "title" => String,
        /// A paragraph that says what to look at.
        description: "description" => String,
        /// The rules in force, from "frontier" to "amsterdam". Default: "osaka".
        fork: "fork" => Fork,
        /// EIP-155 chain id. Default: 1.
        chain_id: "chainId" => Count,
        /// What an invalid transaction (nonce, funds, gas) means: "skip", the default, leaves it out; "reject" makes the block invalid.
        invalid: "invalid" => Mode,
        /// The block's environment.
        block: "block" => RawBlock,
        /// The accounts before anything runs, by name or address. A text or number in place of an account is its balance.
        accounts: "accounts" => Entries<Who, RawAccount>,
        /// Compiled contracts of your own, by name: used like the bundled ones, and in place of one with the same name.
        contracts: "contracts" => Entries<ContractName, RawContract>,
        /// What they were compiled from, by file, for an editor to show. Not used otherwise.
        sources: "sources" => Entries<FileName, String>,
        /// Transactions that run in order before the block and are not measured. Each must succeed.
        setup: "setup" => List<RawItem>,
        /// The block's transactions, in order.
        transactions: "transactions" => List<RawItem>,
        /// The block access list (EIP-7928): account by account, or as it is encoded (RLP, hexadecimal). The strategy "bal" runs on it. It has indices 1 to n for n transactions, because a scenario has no system calls before them and no withdrawals behind them.
        block_access_list: "blockAccessList" => RawAccessList,
    }
}

record! {
    /// The block's environment. Everything has a default.
    RawBlock, "a block", required [],
    {
        /// Number. Default: 1000.
        number: "number" => Count,
        /// Seconds since 1970. Default: 1767225600, the beginning of 2026.
        timestamp: "timestamp" => Count,
        /// Seconds between `setup` and the block: constructors and set-up transactions run so much earlier. Default: 0.
        since_setup: "sinceSetup" => Count,
        /// The most gas the block may use. Default: 60 million, or what the transactions may use together if that is more.
        gas_limit: "gasLimit" => Count,
        /// Base fee in wei for each unit of gas, from London on. Default: "1 gwei".
        base_fee: "baseFee" => Amount,
        /// Who receives the fees, by name or address. Default: "beneficiary".
        beneficiary: "beneficiary" => Who,
        /// The beacon chain's randomness, 32 bytes, from Paris on. Default: zero.
        prev_randao: "prevRandao" => Hash,
        /// Proof-of-work difficulty, before Paris. Default: 131072.
        difficulty: "difficulty" => Word,
        /// Excess blob gas, from Cancun on. Default: 0.
        excess_blob_gas: "excessBlobGas" => Count,
        /// Hashes of earlier blocks by number, for BLOCKHASH.
        block_hashes: "blockHashes" => Entries<Count, Hash>,
        /// Number of the beacon chain's slot, from Amsterdam on. Default: 0.
        slot_number: "slotNumber" => Count,
    }
}

record! {
    /// An account before anything runs.
    RawAccountObject, "an account", required [],
    {
        /// Balance: wei as a number, or a text with a unit such as "1.5 ether". Default: 1000 ether if it sends transactions and has no code, else 0.
        balance: "balance" => Amount,
        /// Transactions sent so far. Default: 0 (1 for an account with code).
        nonce: "nonce" => Count,
        /// Its code, as bytes.
        code: "code" => Hex,
        /// Its storage: values by slot. A value may be an account's name.
        storage: "storage" => Entries<Word, SlotValue>,
        /// A contract, of `contracts` or bundled, whose constructor runs at this address before `setup`.
        contract: "contract" => String,
        /// Arguments of the constructor.
        args: "args" => List<Any>,
        /// Wei sent to the constructor. Default: 0.
        value: "value" => Amount,
        /// `msg.sender` of the constructor. Default: "deployer".
        deployer: "deployer" => Who,
        /// The contract, of `contracts` or bundled, whose ABI this account has, without deploying it.
        abi: "abi" => String,
        /// The address this name stands for, in place of the one derived from the name.
        address: "address" => Who,
        /// The transaction or contract that will create this account: the name stands for the address it will have.
        create: "create" => RawCreate,
    }
}

record! {
    /// How an account comes into being, which decides its address.
    RawCreate, "a creation", required ["by"],
    {
        /// Who creates it.
        by: "by" => Who,
        /// For CREATE: the creator's nonce at that time. Default: 0.
        nonce: "nonce" => Count,
        /// For CREATE2: the salt.
        salt: "salt" => Word,
        /// For CREATE2: hash of the init code, if it is not the account's `abi` with `args`.
        init_code_hash: "initCodeHash" => Hash,
    }
}

record! {
    /// A transaction.
    RawTransaction, "a transaction", required ["from"],
    {
        /// The sender, by name or address.
        from: "from" => Who,
        /// The recipient, by name or address. Without it, or with null, the transaction creates a contract.
        to: "to" => Nullable<Who>,
        /// Wei to send: a number, or a text with a unit. Default: 0.
        value: "value" => Amount,
        /// The most gas it may use. Default: 21,000 for a plain transfer, otherwise enough for most calls.
        gas: "gas" => Count,
        /// Wei for each unit of gas (types 0 and 1).
        gas_price: "gasPrice" => Amount,
        /// The most wei for each unit of gas, base fee included (types 2 to 4).
        max_fee_per_gas: "maxFeePerGas" => Amount,
        /// The most wei for each unit of gas beyond the base fee (types 2 to 4). Default: 1 gwei.
        max_priority_fee_per_gas: "maxPriorityFeePerGas" => Amount,
        /// Default: the sender's next one, if all transactions before are valid.
        nonce: "nonce" => Count,
        /// Call data as bytes; for a creation, the init code.
        data: "data" => Hex,
        /// The function to call: "transfer(address,uint256)", or just "transfer" if the recipient's ABI is known.
        call: "call" => String,
        /// The contract to create, of `contracts` or bundled, in place of `to` and `data`.
        contract: "contract" => String,
        /// Arguments of `call`, or of the constructor of `contract`.
        args: "args" => List<Any>,
        /// Addresses and slots it declares beforehand (EIP-2930).
        access_list: "accessList" => List<RawAccess>,
        /// Versioned hashes of its blobs (type 3).
        blob_hashes: "blobHashes" => List<Hash>,
        /// The most wei for each unit of blob gas (type 3). Default: 1 gwei.
        max_fee_per_blob_gas: "maxFeePerBlobGas" => Amount,
        /// Accounts that delegate to code (type 4, EIP-7702).
        authorizations: "authorizations" => List<RawAuthorization>,
        /// EIP-2718 type, 0 to 4. Default: inferred from the fields.
        kind: "type" => Count,
        /// Default: the scenario's.
        chain_id: "chainId" => Count,
        /// A note, shown in the results.
        label: "label" => String,
    }
}

record! {
    /// An entry of an access list.
    RawAccess, "an access-list entry", required ["address"],
    {
        /// The account.
        address: "address" => Who,
        /// Its slots. Default: none.
        slots: "storageKeys" => List<Word>,
    }
}

record! {
    /// An EIP-7702 authorization, as if signed by its authority.
    RawAuthorization, "an authorization", required ["authority", "address"],
    {
        /// The account that delegates.
        authority: "authority" => Who,
        /// The account whose code it delegates to; the zero address ends a delegation.
        address: "address" => Who,
        /// Default: the authority's next nonce.
        nonce: "nonce" => Count,
        /// Default: the scenario's; 0 is valid on every chain.
        chain_id: "chainId" => Count,
    }
}

record! {
    /// A signed transaction.
    RawSigned, "a signed transaction", required ["raw"],
    {
        /// The signed transaction as bytes (EIP-2718).
        raw: "raw" => Hex,
        /// A note, shown in the results.
        label: "label" => String,
    }
}

record! {
    /// Generated transactions.
    RawGenerated, "a generated part", required ["generate"],
    {
        /// What to generate.
        generate: "generate" => RawWorkload,
        /// A note, shown in the results.
        label: "label" => String,
    }
}

record! {
    /// A seeded workload, or one made of templates (`each`). The same parameters give the same transactions everywhere and for ever.
    RawWorkload, "a generated part", required [], either ["workload", "each"],
    {
        /// Templates of transactions, of which each transaction is one. Texts may hold {user}, the sender in turn, {number}, its number, {other}, another user, {pool}, a pool's number, {home}, the number of the user's own pool, {index}, the transaction's number, and the names of `draw`.
        each: "each" => List<super::template::RawChoice>,
        /// With `each`: what each transaction draws, by the name of its placeholder.
        draw: "draw" => Entries<super::template::DrawName, RawDraw>,
        /// With `each`: the share of transactions that are of the entries with `"read": true`, 0 to 1. Default: as the weights say.
        reads: "reads" => Share,
        /// With `each`: further accounts, as in the scenario's `accounts`; one for each user or pool if the name or the account mentions it.
        declare: "declare" => Entries<super::template::NameTemplate, Any>,
        /// With `each`: transactions that run after the scenario's own `setup`, once for each user or pool that they mention.
        setup: "setup" => List<Any>,
        /// Which kind: see the list in the format's description.
        workload: "workload" => super::generate::Workload,
        /// How many transactions, 1 to 50,000. Default: 100.
        count: "count" => Count,
        /// How many senders, at most `count`. Default: as many as transactions, at most 1000.
        accounts: "accounts" => Count,
        /// Their names begin with this. Default: "user".
        prefix: "prefix" => String,
        /// Seed of the random choices. Default: 0.
        seed: "seed" => Count,
        /// How unevenly recipients, or pools, are chosen: 0, the default, is even; 1 is Zipf's law; at most 4.
        skew: "skew" => Skew,
        /// The contracts to call, for the "erc20" workloads, "mint" and "compute". Default: its own, deployed for the purpose.
        contracts: "contracts" => List<Who>,
        /// Wei, or token units, of each transfer. Default: "0.001 ether".
        value: "value" => Amount,
        /// How many pools "swaps" and "mixed" trade in, 1 to 64. Default: 1.
        pools: "pools" => Count,
        /// Loop rounds of each "compute" transaction. Default: 1000.
        rounds: "rounds" => Count,
    }
}

record! {
    /// What a transaction of a template draws.
    RawDraw, "a draw", required [],
    {
        /// A number from the first to the second, evenly.
        between: "between" => List<Amount>,
        /// One of these values.
        of: "of" => List<Any>,
        /// With `of`: how uneven the choice is, 0 to 4. Default: the part's `skew`.
        skew: "skew" => Skew,
        /// A number that counts up from this one with the transactions.
        from: "from" => Count,
    }
}

/// An account, or just its balance.
#[derive(Clone, Debug)]
pub(super) struct RawAccount(pub(super) RawAccountObject);

impl Read for RawAccount {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        if matches!(node.value, Value::String(_) | Value::Number(_)) {
            let balance = Field::read(node, problems);
            return Some(Self(RawAccountObject { balance, ..Default::default() }));
        }
        RawAccountObject::read(node, problems).map(Self)
    }
}

/// An element of `transactions` or `setup`.
#[derive(Clone, Debug)]
pub(super) enum RawItem {
    /// A transaction field by field.
    Plain(Box<RawTransaction>),
    /// A signed transaction as bytes.
    Signed(RawSigned),
    /// A workload.
    Generated(Box<RawGenerated>),
}

impl Read for RawItem {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        // Raw transactions alone are often pasted as a list of strings.
        if let Value::String(text) = &node.value {
            problems
                .error(node.span.clone(), "expected a transaction, found a string")
                .hint(format!("write {{ \"raw\": \"{}\" }}", shorten(text)));
            return None;
        }
        let members = object(node, "a transaction", problems)?;
        let has = |key: &str| members.iter().any(|member| member.key == key);
        if has("generate") {
            RawGenerated::read(node, problems).map(|item| Self::Generated(Box::new(item)))
        } else if has("raw") {
            RawSigned::read(node, problems).map(Self::Signed)
        } else {
            RawTransaction::read(node, problems).map(|item| Self::Plain(Box::new(item)))
        }
    }
}

/// A list.
#[derive(Clone, Debug)]
pub(super) struct List<T>(pub(super) Vec<At<T>>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Read> Read for List<T> {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        let Value::Array(items) = &node.value else {
            wrong_kind(node, "a list in square brackets", problems);
            return None;
        };
        let list = items
            .iter()
            .filter_map(|item| {
                let value = T::read(item, problems)?;
                Some(At { value, span: item.span.clone() })
            })
            .collect();
        Some(Self(list))
    }
}

/// An object whose keys are not fixed.
#[derive(Clone, Debug)]
pub(super) struct Entries<K, V>(pub(super) Vec<(At<K>, At<V>)>);

impl<K, V> Default for Entries<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Key, V: Read> Read for Entries<K, V> {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        let members = object(node, "an object", problems)?;
        let mut entries = Vec::with_capacity(members.len());
        for member in members {
            let span = member.key_span.clone();
            let key = K::parse(&member.key)
                .map_err(|(message, hint)| problems.error(span.clone(), message).hint_if(hint));
            let value = V::read(&member.value, problems);
            if let (Ok(key), Some(value)) = (key, value) {
                let value = At { value, span: member.value.span.clone() };
                entries.push((At { value: key, span }, value));
            }
        }
        Some(Self(entries))
    }
}

/// A value or null.
#[derive(Clone, Debug)]
pub(super) struct Nullable<T>(pub(super) Option<T>);

impl<T: Read> Read for Nullable<T> {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        match node.value {
            Value::Null => Some(Self(None)),
            _ => T::read(node, problems).map(|value| Self(Some(value))),
        }
    }
}

/// Any value: the ABI says later what it must be.
#[derive(Clone, Debug)]
pub(super) struct Any(pub(super) Node<'static>);

impl Read for Any {
    fn read(node: &Node<'_>, _: &mut Problems) -> Option<Self> {
        Some(Self(node.to_owned()))
    }
}

pub(super) fn object<'n, 't>(
    node: &'n Node<'t>,
    called: &str,
    problems: &mut Problems,
) -> Option<&'n [Member<'t>]> {
    match &node.value {
        Value::Object(members) => Some(members),
        _ => {
            wrong_kind(node, &format!("{called} in braces"), problems);
            None
        }
    }
}

/// What other tools call our fields.
const SYNONYMS: [(&str, &str); 24] = [
    ("input", "data"),
    ("calldata", "data"),
    ("gasLimit", "gas"),
    ("gas_limit", "gasLimit"),
    ("sender", "from"),
    ("recipient", "to"),
    ("amount", "value"),
    ("function", "call"),
    ("method", "call"),
    ("arguments", "args"),
    ("params", "args"),
    ("txs", "transactions"),
    ("alloc", "accounts"),
    ("pre", "accounts"),
    ("hardfork", "fork"),
    ("network", "fork"),
    ("coinbase", "beneficiary"),
    ("miner", "beneficiary"),
    ("feeRecipient", "beneficiary"),
    ("baseFeePerGas", "baseFee"),
    ("authorizationList", "authorizations"),
    ("blobVersionedHashes", "blobHashes"),
    ("mixHash", "prevRandao"),
    ("name", "label"),
];

/// What a key is called here.
pub(super) fn own_spelling(key: &str, others: Spellings) -> &str {
    others.iter().find(|(other, _)| *other == key).map_or(key, |&(_, own)| own)
}

/// Reports a field that is there under two names; the reader of the text has reported those with the same.
pub(super) fn twice(members: &[Member<'_>], others: Spellings, problems: &mut Problems) {
    for &(other, own) in others {
        let found = |key| members.iter().find(|member| member.key == key);
        if let (Some(member), Some(_)) = (found(other), found(own)) {
            let message = format!("`{other}` and `{own}` are the same field");
            problems.error(member.key_span.clone(), message).hint("keep one of them");
        }
    }
}

pub(super) fn unknown_field(
    member: &Member<'_>,
    called: &str,
    keys: &[&'static str],
    problems: &mut Problems,
) {
    let key = member.key.as_ref();
    problems
        .error(member.key_span.clone(), format!("{called} has no field `{}`", shorten(key)))
        .hint_with(|| {
            let synonym = SYNONYMS
                .iter()
                .find(|(other, ours)| other.eq_ignore_ascii_case(key) && keys.contains(ours))
                .map(|&(_, ours)| ours);
            Some(match synonym.or_else(|| closest(key, keys.iter().copied())) {
                Some(key) => format!("did you mean `{key}`?"),
                None => format!("the fields are {}", keys.join(", ")),
            })
        });
}

pub(super) fn missing_field(node: &Node<'_>, called: &str, key: &str, problems: &mut Problems) {
    let start = node.span.start;
    let message = format!("{called} needs the field `{key}`");
    problems.error(start..start + 1, message).hint(format!("add \"{key}\": …"));
}

/// Reports that none of `keys` is there.
pub(super) fn missing_either(
    node: &Node<'_>,
    members: &[Member<'_>],
    called: &str,
    keys: &[&str],
    problems: &mut Problems,
) {
    if !members.iter().any(|member| keys.contains(&member.key.as_ref())) {
        let start = node.span.start;
        let message = format!("{called} needs one of the fields `{}`", keys.join("`, `"));
        problems.error(start..start + 1, message);
    }
}
