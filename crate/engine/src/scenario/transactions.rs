//! Transactions: types and their fields, default fees and gas, and nonces over the whole scenario.

use std::collections::BTreeMap;

use revm::context::TxEnv;
use revm::context_interface::either::Either;
use revm::context_interface::transaction::{
    AccessList, AccessListItem, Authorization, RecoveredAuthority, RecoveredAuthorization,
};
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, B256, Bytes, TxKind, U256};

use super::abi::{self, Callable};
use super::json::Span;
use super::lower::{GWEI, Lowering};
use super::raw::{At, Field, List, RawItem, RawTransaction};
use super::values::{Amount, fork_name};
use super::{Transaction, signed};

/// The most transactions of a scenario, set-up and generated ones included.
pub(super) const MAX_TRANSACTIONS: usize = 50_000;
/// The most gas of one transaction.
pub(super) const MAX_GAS: u64 = 1_000_000_000;
/// The most gas of all transactions together.
pub(super) const MAX_TOTAL_GAS: u64 = 100_000_000_000;
/// The most bytes of call data of all transactions together.
const MAX_TOTAL_DATA: usize = 64 << 20;
/// Since Osaka a transaction may use no more (EIP-7825).
const OSAKA_GAS_CAP: u64 = 1 << 24;

/// A transaction before nonces and defaults that depend on the others.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) path: String,
    pub(super) label: Option<String>,
    pub(super) kind: u8,
    pub(super) from: Address,
    pub(super) to: Option<Address>,
    pub(super) value: U256,
    pub(super) data: Bytes,
    /// The function it calls, if that was said.
    pub(super) callable: Option<Callable>,
    /// The contract it creates, with arguments, in words.
    pub(super) creates: Option<String>,
    pub(super) gas: Option<u64>,
    /// Gas price, or the most per unit of gas.
    pub(super) gas_price: Option<u128>,
    pub(super) priority_fee: Option<u128>,
    pub(super) nonce: Option<u64>,
    pub(super) chain_id: Option<u64>,
    pub(super) access_list: AccessList,
    pub(super) blob_hashes: Vec<B256>,
    pub(super) max_fee_per_blob_gas: u128,
    pub(super) authorizations: Vec<Delegation>,
    /// As it was signed, if it was: its sender's account must then fit it and not the other way round.
    pub(super) signed: Option<Bytes>,
}

/// An EIP-7702 authorization.
#[derive(Clone, Debug)]
pub(super) struct Delegation {
    /// `None` if the signature is invalid, which makes it have no effect.
    pub(super) authority: Option<Address>,
    pub(super) address: Address,
    pub(super) chain_id: U256,
    pub(super) nonce: Option<u64>,
}

impl Draft {
    /// A call as the workloads make it, with every default.
    pub(super) fn call(path: &str, from: Address, to: Address, value: U256, data: Bytes) -> Self {
        Self {
            path: path.to_owned(),
            label: None,
            kind: 0,
            from,
            to: Some(to),
            value,
            data,
            callable: None,
            creates: None,
            gas: None,
            gas_price: None,
            priority_fee: None,
            nonce: None,
            chain_id: None,
            access_list: AccessList::default(),
            blob_hashes: Vec::new(),
            max_fee_per_blob_gas: 0,
            authorizations: Vec::new(),
            signed: None,
        }
    }
}

/// The fork that introduced a transaction type, and the EIP.
const INTRODUCED: [(SpecId, &str); 5] = [
    (SpecId::FRONTIER, ""),
    (SpecId::BERLIN, "EIP-2930"),
    (SpecId::LONDON, "EIP-1559"),
    (SpecId::CANCUN, "EIP-4844"),
    (SpecId::PRAGUE, "EIP-7702"),
];

impl Lowering<'_> {
    /// The transactions of `items`, generated ones included.
    pub(super) fn drafts(&mut self, items: Option<&List<RawItem>>, list: &str) -> Vec<Draft> {
        let mut drafts = Vec::new();
        let (mut gas, mut data) = (0u64, 0usize);
        for (index, item) in items.into_iter().flat_map(|items| &items.0).enumerate() {
            let before = drafts.len();
            let path = format!("{list}[{index}]");
            match &item.value {
                RawItem::Plain(raw) => drafts.extend(self.plain(raw, &item.span, path)),
                RawItem::Signed(raw) => drafts.extend(self.signed(raw, path)),
                RawItem::Generated(raw) => self.generate(raw, &path, &mut drafts),
            }
            for draft in &drafts[before..] {
                gas = gas.saturating_add(draft.gas.unwrap_or_default());
                data += draft.data.len();
            }
            let too_much = if drafts.len() + self.preparations.len() + self.template_setup.len()
                > MAX_TRANSACTIONS
            {
                format!("there are more than {MAX_TRANSACTIONS} transactions")
            } else if gas > MAX_TOTAL_GAS {
                format!("the transactions ask for more than {MAX_TOTAL_GAS} gas together")
            } else if data > MAX_TOTAL_DATA {
                format!("the transactions carry more than {MAX_TOTAL_DATA} bytes together")
            } else {
                continue;
            };
            self.problems.error(item.span.clone(), too_much).hint("what follows was not read");
            break;
        }
        drafts
    }

    /// The transaction that `raw` is, if its sender is known.
    pub(super) fn plain(
        &mut self,
        raw: &RawTransaction,
        span: &Span,
        path: String,
    ) -> Option<Draft> {
        let start = span.start..span.start + 1;
        let from = raw.from.get().map(|at| self.who(&at.value, &at.span));
        let to = match raw.to.get() {
            Some(At { value, span }) => value.0.as_ref().map(|who| self.who(who, span)),
            None => None,
        };
        let mut draft =
            Draft::call(&path, from.unwrap_or_default(), Address::ZERO, U256::ZERO, Bytes::new());
        draft.to = to;
        draft.label = raw.label.value().cloned();
        draft.value = raw.value.value().map_or(U256::ZERO, |amount| amount.0);
        draft.nonce = raw.nonce.value().map(|count| count.0);
        draft.kind = self.kind(raw, &start);
        self.payload(raw, &start, &mut draft);
        draft.access_list = self.access_list(raw);
        draft.blob_hashes = raw
            .blob_hashes
            .value()
            .into_iter()
            .flat_map(|list| &list.0)
            .map(|at| at.value.0)
            .collect();
        draft.max_fee_per_blob_gas = if draft.kind == 3 {
            self.price(&raw.max_fee_per_blob_gas).unwrap_or(u128::from(GWEI))
        } else {
            0
        };
        for at in raw.authorizations.value().into_iter().flat_map(|list| &list.0) {
            let delegation = &at.value;
            let authority = delegation.authority.get().map(|at| self.who(&at.value, &at.span));
            let address = delegation.address.get().map(|at| self.who(&at.value, &at.span));
            draft.authorizations.push(Delegation {
                authority,
                address: address.unwrap_or_default(),
                chain_id: U256::from(delegation.chain_id.value().map_or(self.chain_id, |c| c.0)),
                nonce: delegation.nonce.value().map(|count| count.0),
            });
        }
        let price = self.price(&raw.gas_price);
        let max_fee = self.price(&raw.max_fee_per_gas);
        let priority = self.price(&raw.max_priority_fee_per_gas);
        draft.gas_price = price.or(max_fee);
        draft.priority_fee = priority;
        if let Some(at) = raw.gas.get() {
            draft.gas = Some(at.value.0);
            self.check_gas(at.value.0, &at.span);
        }
        draft.chain_id = raw.chain_id.value().map(|count| count.0);
        from?;
        Some(draft)
    }

    /// Reports a gas limit beyond ours, or beyond the fork's.
    pub(super) fn check_gas(&mut self, gas: u64, span: &Span) {
        if gas > MAX_GAS {
            let message = format!("a transaction may ask for at most {MAX_GAS} gas here");
            self.problems.error(span.clone(), message);
        } else if gas > OSAKA_GAS_CAP && self.fork.is_enabled_in(SpecId::OSAKA) {
            let message = format!(
                "the transaction will be invalid: since osaka the most gas is {OSAKA_GAS_CAP} (EIP-7825)"
            );
            self.problems.warning(span.clone(), message);
        }
    }

    /// The EIP-2718 type, stated or inferred, checked against the fields and the fork.
    fn kind(&mut self, raw: &RawTransaction, start: &Span) -> u8 {
        // The lowest and the highest type that has the field.
        let fields = [
            ("gasPrice", raw.gas_price.span(), 0, 1),
            ("accessList", raw.access_list.span(), 1, 4),
            ("maxFeePerGas", raw.max_fee_per_gas.span(), 2, 4),
            ("maxPriorityFeePerGas", raw.max_priority_fee_per_gas.span(), 2, 4),
            ("blobHashes", raw.blob_hashes.span(), 3, 3),
            ("maxFeePerBlobGas", raw.max_fee_per_blob_gas.span(), 3, 3),
            ("authorizations", raw.authorizations.span(), 4, 4),
        ];
        let given = || {
            fields.iter().filter_map(|(key, span, low, high)| {
                span.clone().map(|span| (*key, span, *low, *high))
            })
        };
        if let Some(at) = raw.kind.get() {
            if at.value.0 > 4 {
                let message = format!("there is no transaction type {}", at.value.0);
                self.problems.error(at.span.clone(), message).hint("the types are 0 to 4");
                return 0;
            }
            let kind = at.value.0 as u8;
            for (key, span, low, high) in given() {
                if kind < low || kind > high {
                    let types = match (low, high) {
                        (low, high) if low == high => format!("type {low}"),
                        (low, high) => format!("types {low} to {high}"),
                    };
                    let message = format!("`{key}` belongs to {types}, but the type is {kind}");
                    self.problems.error(span, message);
                }
            }
            self.check_kind(kind, &at.span);
            self.check_required(raw, kind, start);
            return kind;
        }
        let needed = given().max_by_key(|(_, _, low, _)| *low);
        let mut kind = needed.as_ref().map_or(0, |(_, _, low, _)| *low);
        for (key, span, _, high) in given() {
            if high < kind
                && let Some((other, ..)) = &needed
            {
                let message = format!("`{key}` and `{other}` contradict each other");
                self.problems.error(span, message).hint(format!(
                    "`{key}` belongs to types up to {high}, `{other}` to types from {kind} on"
                ));
            }
        }
        if let Some((_, span, ..)) = needed {
            self.check_kind(kind, &span);
        }
        let no_price = raw.gas_price.is_absent();
        if kind < 2 && no_price && self.fork.is_enabled_in(SpecId::LONDON) {
            kind = 2;
        }
        self.check_required(raw, kind, start);
        kind
    }

    /// Reports a type that the fork does not have.
    pub(super) fn check_kind(&mut self, kind: u8, span: &Span) {
        let (since, eip) = INTRODUCED[usize::from(kind)];
        if !self.fork.is_enabled_in(since) {
            let (since, fork) = (fork_name(since), fork_name(self.fork));
            let message = format!(
                "transactions of type {kind} ({eip}) exist since {since}, but the fork is {fork}"
            );
            self.problems
                .error(span.clone(), message)
                .hint(format!("set \"fork\": \"{since}\" or a later one"));
        }
    }

    fn check_required(&mut self, raw: &RawTransaction, kind: u8, start: &Span) {
        let no_to = raw.to.is_absent() || raw.to.value().is_some_and(|to| to.0.is_none());
        if kind >= 3 && no_to {
            let message = format!("a transaction of type {kind} cannot create a contract");
            self.problems.error(start.clone(), message).hint("add `to`");
        }
        if kind == 3 && is_empty(&raw.blob_hashes) {
            let message = "a transaction of type 3 carries at least one blob";
            self.problems.error(start.clone(), message).hint("add `blobHashes`");
        }
        if kind == 4 && is_empty(&raw.authorizations) {
            let message = "a transaction of type 4 carries at least one authorization";
            self.problems.error(start.clone(), message).hint("add `authorizations`");
        }
    }

    /// Call data, or init code.
    fn payload(&mut self, raw: &RawTransaction, start: &Span, draft: &mut Draft) {
        let ways = [
            ("data", raw.data.span()),
            ("call", raw.call.span()),
            ("contract", raw.contract.span()),
        ];
        let given: Vec<_> = ways.into_iter().filter_map(|(key, span)| Some((key, span?))).collect();
        if let [(first, _), (second, span), ..] = given.as_slice() {
            let message = format!("`{first}` and `{second}` contradict each other");
            self.problems.error(span.clone(), message).hint("keep one of them");
            return;
        }
        if let Some(span) = raw.args.span()
            && raw.call.is_absent()
            && raw.contract.is_absent()
        {
            self.problems
                .error(span, "`args` is of use only with `call` or `contract`")
                .hint("add \"call\": the function's name");
        }
        // What was written wrongly was reported: nothing more can be said about the call.
        if !raw.args.is_absent() && raw.args.get().is_none() {
            return;
        }
        let to_written = raw.to.value().is_some_and(|to| to.0.is_some());
        if let Some(data) = raw.data.value() {
            draft.data = data.0.clone();
        } else if let Some(call) = raw.call.get() {
            if raw.to.is_absent() || (raw.to.get().is_some() && !to_written) {
                let message = "a call needs a recipient";
                self.problems.error(call.span.clone(), message).hint("add `to`");
                return;
            }
            let count = raw.args.value().map_or(0, |args| args.0.len());
            let Some(callable) = self.function(&call.value, &call.span, draft.to, count) else {
                return;
            };
            let Some(args) = self.arguments(&callable, raw.args.get(), &call.span) else { return };
            draft.data = [callable.selector().as_slice(), &args].concat().into();
            draft.callable = Some(callable);
        } else if let Some(named) = raw.contract.get() {
            if let Some(span) = raw.to.span()
                && to_written
            {
                let message = "`to` and `contract` contradict each other";
                self.problems.error(span, message).hint("a creation has no recipient");
                return;
            }
            let Some(contract) = self.contract(&named.value, &named.span) else { return };
            if let Some(code) = self.creation_code(&contract, raw.args.get(), &named.span) {
                draft.data = code.into();
                draft.creates = Some(format!("new {}", contract.name));
            }
        } else if raw.to.is_absent()
            && given.is_empty()
            && raw.data.is_absent()
            && raw.call.is_absent()
            && raw.contract.is_absent()
        {
            self.problems
                .warning(start.clone(), "this transaction creates a contract without code")
                .hint("add `to`, or `data`");
        }
    }

    fn access_list(&mut self, raw: &RawTransaction) -> AccessList {
        let entries = raw.access_list.value().into_iter().flat_map(|list| &list.0);
        AccessList(
            entries
                .filter_map(|entry| {
                    let address = entry.value.address.get()?;
                    let slots = entry.value.slots.value().into_iter().flat_map(|list| &list.0);
                    Some(AccessListItem {
                        address: self.who(&address.value, &address.span),
                        storage_keys: slots.map(|slot| B256::from(slot.value.0)).collect(),
                    })
                })
                .collect(),
        )
    }

    fn price(&mut self, field: &Field<Amount>) -> Option<u128> {
        let at = field.get()?;
        let price = u128::try_from(at.value.0).ok();
        if price.is_none() {
            self.problems.error(at.span.clone(), "the price does not fit into 128 bits");
        }
        price
    }

    /// Fills in what depends on the other transactions: nonces, and with them everything else.
    pub(super) fn finish(
        &mut self,
        setup: Vec<Draft>,
        block: Vec<Draft>,
    ) -> (Vec<Transaction>, Vec<Transaction>) {
        for draft in setup.iter().chain(&block) {
            let nonce = if draft.signed.is_some() { draft.nonce.unwrap_or_default() } else { 0 };
            self.fund(draft.from, nonce);
        }
        let mut nonces = BTreeMap::new();
        let setup = setup.into_iter().map(|draft| self.transaction(draft, &mut nonces)).collect();
        let block = block.into_iter().map(|draft| self.transaction(draft, &mut nonces)).collect();
        (setup, block)
    }

    fn transaction(&self, draft: Draft, nonces: &mut BTreeMap<Address, u64>) -> Transaction {
        let start =
            |address: Address| self.accounts.get(&address).map_or(0, |account| account.nonce);
        let next = nonces.entry(draft.from).or_insert_with(|| start(draft.from));
        let nonce = draft.nonce.unwrap_or(*next);
        if nonce == *next {
            // A stated nonce that does not fit makes the transaction invalid, and the next one is still the same.
            *next = next.saturating_add(1);
        }
        let authorization_list = draft
            .authorizations
            .iter()
            .map(|delegation| {
                let mut authorization = Authorization {
                    chain_id: delegation.chain_id,
                    address: delegation.address,
                    nonce: delegation.nonce.unwrap_or_default(),
                };
                let mut authority = RecoveredAuthority::Invalid;
                if let Some(address) = delegation.authority {
                    let next = nonces.entry(address).or_insert_with(|| start(address));
                    authorization.nonce = delegation.nonce.unwrap_or(*next);
                    let chain = delegation.chain_id;
                    let valid_here = chain.is_zero() || chain == U256::from(self.chain_id);
                    if valid_here && authorization.nonce == *next {
                        *next = next.saturating_add(1);
                    }
                    authority = RecoveredAuthority::Valid(address);
                }
                Either::Right(RecoveredAuthorization::new_unchecked(authorization, authority))
            })
            .collect();
        let (gas_price, gas_priority_fee) = self.fees(&draft);
        let call = self.words(&draft);
        let replay_protected = draft.kind > 0 || self.fork.is_enabled_in(SpecId::SPURIOUS_DRAGON);
        let chain_id = if draft.signed.is_some() {
            draft.chain_id
        } else {
            replay_protected.then(|| draft.chain_id.unwrap_or(self.chain_id))
        };
        let gas_limit = draft.gas.unwrap_or_else(|| self.default_gas(&draft));
        let env = TxEnv {
            tx_type: draft.kind,
            caller: draft.from,
            gas_limit,
            gas_price,
            kind: draft.to.map_or(TxKind::Create, TxKind::Call),
            value: draft.value,
            data: draft.data,
            nonce,
            chain_id,
            access_list: draft.access_list,
            gas_priority_fee,
            blob_hashes: draft.blob_hashes,
            max_fee_per_blob_gas: draft.max_fee_per_blob_gas,
            authorization_list,
        };
        Transaction { env, label: draft.label, call, path: draft.path, signed: draft.signed }
    }

    /// Price or most per unit of gas, and the priority fee for types that have one. The defaults pay a tip of 1 gwei.
    fn fees(&self, draft: &Draft) -> (u128, Option<u128>) {
        let base = u128::from(self.base_fee);
        let tip = u128::from(GWEI);
        if draft.kind < 2 {
            return (draft.gas_price.unwrap_or(base + tip), None);
        }
        let priority = match (draft.priority_fee, draft.gas_price) {
            (Some(priority), _) => priority,
            (None, Some(most)) => tip.min(most),
            (None, None) => tip,
        };
        let most = draft.gas_price.unwrap_or_else(|| (2 * base).saturating_add(priority));
        (most, Some(priority))
    }

    /// 21,000 for a plain transfer to an account without code; otherwise enough for most calls, plus what the data costs.
    fn default_gas(&self, draft: &Draft) -> u64 {
        const TRANSFER: u64 = 21_000;
        const CALL: u64 = 1_000_000;
        const CREATION: u64 = 5_000_000;
        let bare = draft.data.is_empty()
            && draft.access_list.0.is_empty()
            && draft.authorizations.is_empty();
        // Since Amsterdam a transfer to a new account costs more.
        let amsterdam = self.fork.is_enabled_in(SpecId::AMSTERDAM);
        let base = match draft.to {
            Some(to) if bare && !amsterdam && !self.has_code(to) => return TRANSFER,
            Some(_) => CALL,
            None => CREATION,
        };
        let slots: usize = draft.access_list.0.iter().map(|entry| entry.storage_keys.len()).sum();
        // Bytes cost 68 gas in Frontier, 16 since Istanbul, and 40 at least since Prague; EIP-2930, EIP-7702.
        let data = 68 * draft.data.len()
            + 2400 * draft.access_list.0.len()
            + 1900 * slots
            + 25_000 * draft.authorizations.len();
        let gas = base + data as u64;
        if self.fork.is_enabled_in(SpecId::OSAKA) {
            gas.min(OSAKA_GAS_CAP)
        } else {
            gas.min(MAX_GAS)
        }
    }

    /// What it does, in words.
    fn words(&self, draft: &Draft) -> Option<String> {
        let Some(to) = draft.to else { return draft.creates.clone() };
        abi::describe_call(&self.names, to, &draft.data)
            .or_else(|| draft.callable.as_ref()?.describe(&self.names, draft.data.get(4..)?))
    }

    /// The signed transaction in `raw`.
    fn signed(&mut self, raw: &super::raw::RawSigned, path: String) -> Option<Draft> {
        let at = raw.raw.get()?;
        let mut draft = match signed::recover(&at.value.0, self.fork, self.chain_id) {
            Ok(draft) => draft,
            Err((message, hint)) => {
                self.problems.error(at.span.clone(), message).hint_if(hint);
                return None;
            }
        };
        self.check_kind(draft.kind, &at.span);
        if let Some(gas) = draft.gas {
            self.check_gas(gas, &at.span);
        }
        draft.path = path;
        draft.label = raw.label.value().cloned();
        Some(draft)
    }
}

/// Not there, or without elements. A list that was read wrongly has been reported and counts as there.
fn is_empty<T>(field: &Field<List<T>>) -> bool {
    match field {
        Field::Absent => true,
        Field::Broken => false,
        Field::Given(at) => at.value.0.is_empty(),
    }
}
