//! What has been read so far, from however many texts, and what is still missing.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, U256};
use serde_json::Value;

use crate::block::ASK_FOR_WHOLE;
use crate::draft::{Account, Block, Draft, Transaction};
use crate::reader::{At, Reader};
use crate::receipt::Receipt;

/// Everything that was read.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    pub(crate) draft: Draft,
    /// The block that a dump of anvil's is of, for want of another.
    pub(crate) dumped: Option<Block>,
    /// What is known of the accounts.
    pub(crate) state: Knowledge,
    /// Which transaction's trace told of an account first, by its place among the traces.
    traced: BTreeMap<Address, usize>,
    /// How many traces there were.
    traces: usize,
    /// Whether a trace was read that tells only what has changed.
    pub(crate) differences: bool,
    /// `eth_createAccessList` results, in order.
    pub(crate) created_lists: Vec<Value>,
    pub(crate) receipts: Vec<Receipt>,
    /// Whether a block's transactions are known by their hashes alone.
    pub(crate) only_hashes: bool,
}

/// What an account that is not listed means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Knowledge {
    /// Nothing: there is no state at all.
    #[default]
    Nothing,
    /// What a tracer saw: whatever else is touched is not known.
    Touched,
    /// The whole state: whatever is not listed is empty.
    Whole,
}

impl Parts {
    /// Takes the block, unless there is one.
    pub(crate) fn set_block(&mut self, block: Block, path: &str, reader: &mut Reader) {
        if let Some(other) = &self.draft.block
            && other.number != block.number
        {
            let name = |block: &Block| block.number.map_or("?".to_owned(), |n| n.to_string());
            let message = format!(
                "a scenario has one block, and here are {} and {}",
                name(other),
                name(&block)
            );
            return reader.error(path, message, Some("import one block at a time"));
        }
        self.draft.block = Some(block);
    }

    /// Takes a transaction.
    pub(crate) fn send(&mut self, one: Transaction, path: &str, reader: &mut Reader) {
        if let Some(id) = one.chain_id {
            self.set_chain(id, path, reader);
        }
        self.draft.transactions.push(one);
    }

    /// Takes a chain's id, if there is one.
    pub(crate) fn read_chain(&mut self, at: Option<At<'_>>, reader: &mut Reader) {
        if let Some(at) = at
            && let Some(id) = reader.small(&at)
        {
            self.set_chain(id, &at.path, reader);
        }
    }

    /// Everything is of one chain.
    pub(crate) fn set_chain(&mut self, id: u64, path: &str, reader: &mut Reader) {
        let chain = *self.draft.chain_id.get_or_insert(id);
        if chain != id {
            let message =
                format!("this is for chain {id}, and what was read before is for chain {chain}");
            reader.error(path, message, Some("import the transactions of one chain at a time"));
        }
    }

    /// Takes accounts and what they are known from.
    pub(crate) fn take(&mut self, accounts: BTreeMap<Address, Account>, knowledge: Knowledge) {
        for (address, account) in accounts {
            self.add(address, account);
        }
        self.state = self.state.max(knowledge);
    }

    /// Takes what the tracer says of the next transaction.
    pub(crate) fn take_trace(&mut self, accounts: BTreeMap<Address, Account>) {
        for address in accounts.keys() {
            self.traced.entry(*address).or_insert(self.traces);
        }
        self.traces += 1;
        self.take(accounts, Knowledge::Touched);
    }

    /// Takes an account; what was known before stays, because it is from before.
    fn add(&mut self, address: Address, account: Account) {
        let Account { storage, .. } = account.clone();
        let known = self.draft.accounts.entry(address).or_insert(account);
        for (slot, value) in storage {
            known.storage.entry(slot).or_insert(value);
        }
    }

    /// Fills in what follows from the rest, and reports what cannot be known.
    pub(crate) fn complete(&mut self, reader: &mut Reader) {
        self.draft.block = self.draft.block.take().or_else(|| self.dumped.take());
        let called = match self.draft.block.as_ref().and_then(|block| block.number) {
            Some(number) => format!("block {number}"),
            None => "the block".to_owned(),
        };
        self.give_lists(reader);
        if self.draft.transactions.is_empty() && self.only_hashes {
            let message = format!("{called} has only the hashes of its transactions");
            return reader.error("", message, Some(ASK_FOR_WHOLE));
        }
        if self.draft.transactions.is_empty() {
            let hint = "add a list of raw transactions, or eth_getBlockByNumber with whole transactions (`true`)";
            return reader.error("", format!("{called} has no transactions"), Some(hint));
        }
        self.forget_created();
        match self.state {
            Knowledge::Whole => {}
            Knowledge::Touched => self.missing(&called, reader),
            Knowledge::Nothing => self.assume(&called, reader),
        }
    }

    /// An access list belongs to the transaction it was made for.
    fn give_lists(&mut self, reader: &mut Reader) {
        let lists = std::mem::take(&mut self.created_lists);
        if lists.is_empty() {
            return;
        }
        if lists.len() != self.draft.transactions.len() {
            let message = format!(
                "there are {} results of eth_createAccessList and {} transactions",
                lists.len(),
                self.draft.transactions.len()
            );
            return reader.error(
                "",
                message,
                Some("add the transactions they were made for, in the same order"),
            );
        }
        for (index, (transaction, list)) in
            self.draft.transactions.iter_mut().zip(&lists).enumerate()
        {
            if transaction.raw.is_some() {
                let message = format!(
                    "transaction {index} is signed, so that no access list can be added to it"
                );
                reader.error("", message, Some("give it unsigned, as an object with `from`"));
                continue;
            }
            let at = At::root(list);
            transaction.access_list = crate::transaction::accesses(&at, reader);
        }
    }

    /// What a transaction creates is left out of what the tracer says of it, and is there for the next one: it is not from
    /// before the block.
    fn forget_created(&mut self) {
        if self.traces != self.draft.transactions.len() {
            return;
        }
        for (index, one) in self.draft.transactions.iter().enumerate() {
            let Some(nonce) = one.nonce.filter(|_| one.to.is_none()) else { continue };
            let created = one.from.create(nonce);
            if self.traced.get(&created).is_some_and(|first| *first > index) {
                self.draft.accounts.remove(&created);
            }
        }
    }

    /// Addresses that come into being in the block: by its transactions, as far as nonces tell.
    fn created(&self) -> BTreeSet<Address> {
        let creations = self.draft.transactions.iter().filter(|one| one.to.is_none());
        creations.filter_map(|one| Some(one.from.create(one.nonce?))).collect()
    }

    /// What the tracer has not seen.
    fn missing(&self, called: &str, reader: &mut Reader) {
        let created = self.created();
        let mut told = BTreeSet::new();
        for transaction in &self.draft.transactions {
            let needs = [
                (Some(transaction.from), "the balance and the nonce"),
                (transaction.to, "the code"),
            ];
            for (address, what) in needs {
                let Some(address) = address else { continue };
                let known =
                    self.draft.accounts.contains_key(&address) || created.contains(&address);
                if !known && !is_precompile(address) && told.insert(address) {
                    reader.error(
                        "",
                        format!("{called} needs {what} of {address}"),
                        Some("paste prestateTracer output of all its transactions (debug_traceBlockByNumber), or an alloc with that account"),
                    );
                }
            }
        }
    }

    /// Without a state, plain transfers can run: senders have the scenario's default balance.
    fn assume(&mut self, called: &str, reader: &mut Reader) {
        let created = self.created();
        let mut told = BTreeSet::new();
        for transaction in &self.draft.transactions {
            if let Some(to) = transaction.to
                && !transaction.data.is_empty()
                && !created.contains(&to)
                && !is_precompile(to)
                && told.insert(to)
            {
                reader.error(
                    "",
                    format!("{called} needs the code of {to}"),
                    Some("paste prestateTracer output too (debug_traceBlockByNumber), anvil_dumpState, or an alloc"),
                );
            }
        }
        let mut first = BTreeMap::new();
        for transaction in &self.draft.transactions {
            let nonce = transaction.nonce.unwrap_or(0);
            let least = first.entry(transaction.from).or_insert(nonce);
            *least = nonce.min(*least);
        }
        for (sender, nonce) in first {
            let balance = U256::from(10).pow(U256::from(21));
            self.add(sender, Account { balance, nonce, ..Account::default() });
        }
        let message = "there is no state: senders are given 1000 ether and the nonces that their transactions begin with";
        reader.warning(
            "",
            message,
            Some("add prestateTracer output, anvil_dumpState, or an alloc"),
        );
    }
}

/// Accounts that have no code and act as if they had.
fn is_precompile(address: Address) -> bool {
    let low = U256::from_be_slice(address.as_slice());
    (U256::from(1)..=U256::from(0x11)).contains(&low) || low == U256::from(0x100)
}
