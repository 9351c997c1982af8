//! From what is written to what is meant: names become addresses, defaults are filled in, contradictions are found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use evm_lanes_evm::Deployment;
use revm::context::BlockEnv;
use revm::context_interface::block::BlobExcessGasAndPrice;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, B256, KECCAK_EMPTY, U256, keccak256};
use revm::state::Bytecode;

use super::json::{Span, shorten};
use super::problems::{Problems, closest};
use super::raw::{At, Field, RawAccount, RawAccountObject, RawBlock, RawCreate, RawScenario};
use super::transactions::Draft;
use super::values::{Amount, Count, SlotValue, Who, fork_name, named_address};
use super::{Contract, InvalidMode, Library, Name, Scenario, abi, own, template};
use crate::state::{AccountState, State};

/// The most accounts in one scenario.
pub(super) const MAX_ACCOUNTS: usize = 50_000;
/// The most excess blob gas: the price is then 10¹⁷ wei and more, and its computation still fits into 128 bits.
const MAX_EXCESS_BLOB_GAS: u64 = 1 << 27;
/// What an account that sends transactions has if nothing else is said: 1000 ether.
pub(super) const DEFAULT_BALANCE: u128 = 1_000_000_000_000_000_000_000;
/// The block's gas limit is at least this unless stated.
const DEFAULT_BLOCK_GAS: u64 = 60_000_000;
/// 1 gwei.
pub(super) const GWEI: u64 = 1_000_000_000;

/// What is known while a scenario is lowered.
pub(super) struct Lowering<'p> {
    pub(super) problems: &'p mut Problems,
    /// The bundled contracts, and the scenario's own.
    library: Library,
    /// Those alone that workloads are made for.
    bundled: &'p Library,
    pub(super) fork: SpecId,
    pub(super) chain_id: u64,
    /// In wei; 0 before London.
    pub(super) base_fee: u64,
    /// Every name that is used.
    pub(super) names: abi::Names,
    addresses: BTreeMap<String, Address>,
    declared: BTreeSet<String>,
    /// How often a name similar to an undeclared one was looked for.
    suggestions: u32,
    pub(super) accounts: State,
    /// Accounts whose balance is as the scenario says, or that need none.
    funded: BTreeSet<Address>,
    pub(super) deployments: Vec<Deployment>,
    /// Transactions that generated workloads need before the block.
    pub(super) preparations: Vec<Draft>,
    /// Transactions that the block's templates need before it, after the scenario's own.
    pub(super) template_setup: Vec<Draft>,
}

/// The scenario that `raw` means. It is complete only if no error was reported.
pub(super) fn lower(raw: &RawScenario, library: &Library, problems: &mut Problems) -> Scenario {
    if let Some(format) = raw.format.get()
        && format.value.0 != 1
    {
        let message = format!("version {} of the format is not known", format.value.0);
        problems.error(format.span.clone(), message).hint("this is version 1");
    }
    let fork = raw.fork.value().map_or(SpecId::OSAKA, |fork| fork.spec);
    if let Some(at) = raw.fork.get()
        && let Some(other) = at.value.merged_into
    {
        problems
            .warning(at.span.clone(), format!("this fork is executed under the rules of {other}"));
    }
    let chain_id = raw.chain_id.value().map_or(1, |count| count.0);
    let mut lowering = Lowering {
        library: own::with_own(library, &raw.contracts, problems),
        bundled: library,
        problems,
        fork,
        chain_id,
        base_fee: 0,
        names: BTreeMap::new(),
        addresses: BTreeMap::new(),
        declared: BTreeSet::new(),
        suggestions: 0,
        accounts: State::new(),
        funded: BTreeSet::new(),
        deployments: Vec::new(),
        preparations: Vec::new(),
        template_setup: Vec::new(),
    };
    let accounts = template::accounts(raw, lowering.problems);
    lowering.declare(&accounts);
    let no_block = RawBlock::default();
    let raw_block = raw.block.value().unwrap_or(&no_block);
    let mut block = lowering.block(raw_block);
    let block_hashes = lowering.block_hashes(raw_block, block.number);
    let since_setup = lowering.since_setup(raw_block, block.timestamp);
    lowering.base_fee = block.basefee;
    lowering.accounts(&accounts);

    let mut own_setup = lowering.drafts(raw.setup.value(), "setup");
    let drafts = lowering.drafts(raw.transactions.value(), "transactions");
    // What generated workloads need comes first: they may stand in `setup` themselves.
    let mut setup = std::mem::take(&mut lowering.preparations);
    setup.append(&mut own_setup);
    setup.append(&mut lowering.template_setup);
    let (setup, transactions) = lowering.finish(setup, drafts);

    if raw_block.gas_limit.is_absent() {
        let sum = transactions.iter().fold(0u64, |sum, tx| sum.saturating_add(tx.env.gas_limit));
        let most = setup.iter().map(|tx| tx.env.gas_limit).max().unwrap_or_default();
        block.gas_limit = DEFAULT_BLOCK_GAS.max(sum).max(most);
    }
    let access_list = raw.block_access_list.get();
    let access_list = access_list
        .and_then(|at| lowering.block_access_list(at, transactions.len(), block.gas_limit));
    Scenario {
        title: raw.title.value().cloned().unwrap_or_default(),
        description: raw.description.value().cloned().unwrap_or_default(),
        fork,
        chain_id,
        block,
        since_setup,
        block_hashes,
        invalid: raw.invalid.value().map_or(InvalidMode::Skip, |mode| mode.0),
        names: lowering.names,
        library: lowering.library,
        accounts: lowering.accounts,
        deployments: lowering.deployments,
        setup,
        transactions,
        access_list,
    }
}

impl Lowering<'_> {
    /// Gives every declared name its address, so that anything may mention it.
    fn declare(&mut self, entries: &[(At<Who>, At<RawAccount>)]) {
        if let Some((first, _)) = entries.get(MAX_ACCOUNTS) {
            let message = format!("there are more than {MAX_ACCOUNTS} accounts");
            self.problems.error(first.span.clone(), message);
        }
        let mut created = Vec::new();
        for (key, account) in entries {
            let account = &account.value.0;
            let Who::Name(name) = &key.value else {
                if let Some(span) = account.address.span().or(account.create.span()) {
                    let message = "this account's key is its address already";
                    self.problems.error(span, message).hint("use a name as the key");
                }
                continue;
            };
            self.declared.insert(name.clone());
            match (account.address.get(), account.create.get()) {
                (Some(address), Some(_)) => {
                    let message = "`address` and `create` contradict each other";
                    self.problems.error(address.span.clone(), message);
                }
                (Some(At { value: Who::Address(address), span }), None) => {
                    self.name(name, *address, span);
                }
                (Some(address), None) => {
                    let message = "the address must be written as 0x and 40 digits";
                    self.problems.error(address.span.clone(), message);
                }
                (None, Some(create)) => created.push((name, create, account)),
                (None, None) => self.name(name, named_address(name), &key.span),
            }
        }
        // A creator may itself be created: those whose creator is known go first.
        while !created.is_empty() {
            let waiting: BTreeSet<&String> = created.iter().map(|(name, ..)| *name).collect();
            let (later, now): (Vec<_>, Vec<_>) =
                created.iter().partition(|(_, create, _)| match create.value.by.value() {
                    Some(Who::Name(by)) => waiting.contains(by),
                    _ => false,
                });
            if now.is_empty() {
                for (_, create, _) in &later {
                    self.problems.error(create.span.clone(), "this account creates itself");
                }
                break;
            }
            for (name, create, account) in now {
                if let Some(address) = self.created_address(create, account) {
                    self.name(name, address, &create.span);
                }
            }
            created = later;
        }
    }

    /// The address that CREATE or CREATE2 gives.
    fn created_address(
        &mut self,
        create: &At<RawCreate>,
        account: &RawAccountObject,
    ) -> Option<Address> {
        let by = create.value.by.get()?;
        let by = self.who(&by.value, &by.span);
        let Some(salt) = create.value.salt.value() else {
            if let Some(span) = create.value.init_code_hash.span() {
                self.problems.error(span, "`initCodeHash` is of use only with `salt`");
            }
            return Some(by.create(create.value.nonce.value().map_or(0, |count| count.0)));
        };
        if let Some(span) = create.value.nonce.span() {
            let message = "`nonce` and `salt` contradict each other";
            self.problems
                .error(span, message)
                .hint("CREATE takes the creator's nonce, CREATE2 takes a salt");
        }
        let hash = match (create.value.init_code_hash.value(), account.abi.get()) {
            (Some(hash), _) => hash.0,
            (None, Some(abi)) => {
                let contract = self.contract(&abi.value, &abi.span)?;
                keccak256(self.init_code(&contract, account, &abi.span)?)
            }
            (None, None) => {
                let message = "CREATE2 needs the hash of the init code";
                self.problems
                    .error(create.span.clone(), message)
                    .hint("add `initCodeHash` here, or `abi` and `args` to the account");
                return None;
            }
        };
        Some(by.create2(B256::from(salt.0), hash))
    }

    /// Records that `name` stands for `address`.
    fn name(&mut self, name: &str, address: Address, span: &Span) {
        if let Some(other) = self.names.get(&address) {
            let message = format!("`{}` has this address already", other.name);
            self.problems.error(span.clone(), message).hint("give an address one name");
            return;
        }
        self.addresses.insert(name.to_owned(), address);
        self.names.insert(address, Name { name: name.to_owned(), contract: None });
    }

    /// The address of `name`, mentioned at `span`; a new name gets one.
    pub(super) fn mention(&mut self, name: &str, span: &Span) -> Address {
        if let Some(address) = self.addresses.get(name) {
            return *address;
        }
        if !self.declared.contains(name) {
            // Looking for a similar name takes time in proportion to the declared ones.
            let affordable = self.declared.len() <= 2000 && self.suggestions < 500;
            // Names that differ in their digits are members of one family, not typing errors.
            let letters = |text: &str| text.chars().filter(|c| !c.is_ascii_digit()).count();
            self.suggestions += 1;
            let similar = Some(name)
                .filter(|_| affordable)
                .and_then(|name| closest(name, self.declared.iter().map(String::as_str)))
                .filter(|other| name.len() >= 4 && letters(other) != 0)
                .filter(|other| {
                    other.trim_end_matches(|c: char| c.is_ascii_digit())
                        != name.trim_end_matches(|c: char| c.is_ascii_digit())
                })
                .map(|other| format!("did you mean `{other}`?"));
            if let Some(hint) = similar {
                let message = format!("`{}` is a new account: it is not declared", shorten(name));
                self.problems.warning(span.clone(), message).hint(hint);
            }
        }
        self.known(name)
    }

    /// The address of `name`, declared or not.
    pub(super) fn known(&mut self, name: &str) -> Address {
        if let Some(address) = self.addresses.get(name) {
            return *address;
        }
        let address = named_address(name);
        self.addresses.insert(name.to_owned(), address);
        let label = Name { name: name.to_owned(), contract: None };
        self.names.entry(address).or_insert(label);
        address
    }

    /// What a slot holds.
    pub(super) fn slot_value(&mut self, value: &SlotValue, span: &Span) -> U256 {
        match value {
            SlotValue::Word(word) => *word,
            SlotValue::Name(name) => self.mention(name, span).into_word().into(),
        }
    }

    /// Whether a scenario declares `name`.
    pub(super) fn is_declared(&self, name: &str) -> bool {
        self.declared.contains(name)
    }

    fn block(&mut self, raw: &RawBlock) -> BlockEnv {
        let since =
            |problems: &mut Problems, span: Option<Span>, what: &str, fork: SpecId, now: SpecId| {
                if let Some(span) = span
                    && !now.is_enabled_in(fork)
                {
                    let (fork, now) = (fork_name(fork), fork_name(now));
                    let message = format!("`{what}` exists since {fork}, but the fork is {now}");
                    problems
                        .error(span, message)
                        .hint(format!("set \"fork\": \"{fork}\" or later"));
                }
            };
        let fork = self.fork;
        since(self.problems, raw.base_fee.span(), "baseFee", SpecId::LONDON, fork);
        since(self.problems, raw.prev_randao.span(), "prevRandao", SpecId::MERGE, fork);
        since(self.problems, raw.excess_blob_gas.span(), "excessBlobGas", SpecId::CANCUN, fork);
        since(self.problems, raw.slot_number.span(), "slotNumber", SpecId::AMSTERDAM, fork);
        let merged = fork.is_enabled_in(SpecId::MERGE);
        if let Some(span) = raw.difficulty.span()
            && merged
        {
            self.problems
                .error(span, "`difficulty` ended with the fork paris")
                .hint("DIFFICULTY now returns `prevRandao`");
        }
        let london = fork.is_enabled_in(SpecId::LONDON);
        let basefee = match raw.base_fee.get() {
            Some(at) => u64::try_from(at.value.0).unwrap_or_else(|_| {
                self.problems.error(at.span.clone(), "the base fee does not fit into 64 bits");
                0
            }),
            None => {
                if london {
                    GWEI
                } else {
                    0
                }
            }
        };
        let excess = raw.excess_blob_gas.value().map_or(0, |count| count.0);
        if let Some(span) = raw.excess_blob_gas.span()
            && excess > MAX_EXCESS_BLOB_GAS
        {
            let message = format!("the excess blob gas is more than {MAX_EXCESS_BLOB_GAS}");
            self.problems.error(span, message);
        }
        let beneficiary = match raw.beneficiary.get() {
            Some(at) => self.who(&at.value, &at.span),
            None => self.known("beneficiary"),
        };
        let count = |field: &Field<Count>, default| field.value().map_or(default, |count| count.0);
        BlockEnv {
            number: U256::from(count(&raw.number, 1000)),
            beneficiary,
            timestamp: U256::from(count(&raw.timestamp, 1_767_225_600)),
            gas_limit: count(&raw.gas_limit, DEFAULT_BLOCK_GAS),
            basefee,
            difficulty: match (merged, raw.difficulty.value()) {
                (true, _) => U256::ZERO,
                (false, Some(difficulty)) => difficulty.0,
                (false, None) => U256::from(131_072),
            },
            prevrandao: merged.then(|| raw.prev_randao.value().map_or(B256::ZERO, |hash| hash.0)),
            blob_excess_gas_and_price: fork.is_enabled_in(SpecId::CANCUN).then(|| {
                BlobExcessGasAndPrice::new_with_spec(excess.min(MAX_EXCESS_BLOB_GAS), fork)
            }),
            slot_num: count(&raw.slot_number, 0),
        }
    }

    /// At most the block's `timestamp`.
    fn since_setup(&mut self, raw: &RawBlock, timestamp: U256) -> u64 {
        let Some(at) = raw.since_setup.get() else { return 0 };
        if U256::from(at.value.0) > timestamp {
            self.problems
                .error(at.span.clone(), "`sinceSetup` is more than the block's timestamp")
                .hint("it is a number of seconds, such as 86400 for a day");
            return 0;
        }
        at.value.0
    }

    fn block_hashes(&mut self, raw: &RawBlock, number: U256) -> BTreeMap<u64, B256> {
        let mut hashes = BTreeMap::new();
        for (key, hash) in raw.block_hashes.value().into_iter().flat_map(|entries| &entries.0) {
            let earlier = U256::from(key.value.0);
            if earlier >= number || number - earlier > U256::from(256) {
                let message = format!(
                    "BLOCKHASH of block {} is zero: it knows the 256 blocks before block {number}",
                    key.value.0
                );
                self.problems.warning(key.span.clone(), message);
            }
            hashes.insert(key.value.0, hash.value.0);
        }
        hashes
    }

    fn accounts(&mut self, entries: &[(At<Who>, At<RawAccount>)]) {
        let mut seen = BTreeSet::new();
        // Names of contracts first: a constructor's arguments may mention contracts below.
        for (key, account) in entries {
            let Some(address) = self.declared_address(key) else { continue };
            if !seen.insert(address) {
                let message = "this account appears twice";
                self.problems.error(key.span.clone(), message).hint("keep one of them");
            }
            let account = &account.value.0;
            if let Some(named) = account.contract.get().or(account.abi.get())
                && let Some(contract) = self.contract(&named.value, &named.span)
            {
                let label = self.names.entry(address).or_insert_with(|| Name {
                    name: abi::describe_address(&BTreeMap::new(), address),
                    contract: None,
                });
                label.contract = Some(contract);
            }
        }
        for (key, account) in entries {
            if let Some(address) = self.declared_address(key) {
                self.account(address, &account.value.0);
            }
        }
    }

    fn declared_address(&self, key: &At<Who>) -> Option<Address> {
        match &key.value {
            Who::Address(address) => Some(*address),
            Who::Name(name) => self.addresses.get(name).copied(),
        }
    }

    fn account(&mut self, address: Address, raw: &RawAccountObject) {
        let mut account = AccountState::default();
        if let Some(balance) = raw.balance.value() {
            account.balance = balance.0;
            self.funded.insert(address);
        }
        if let Some(code) = raw.code.get()
            && !code.value.0.is_empty()
        {
            match Bytecode::new_raw_checked(code.value.0.clone()) {
                Ok(bytecode) => {
                    account.code_hash = bytecode.hash_slow();
                    account.code = Some(bytecode);
                }
                Err(error) => {
                    self.problems.error(code.span.clone(), format!("the code is invalid: {error}"));
                }
            }
        }
        let has_code = account.code_hash != KECCAK_EMPTY;
        let is_delegation = account.code.as_ref().is_some_and(Bytecode::is_eip7702);
        let counts_from_one = has_code && self.fork.is_enabled_in(SpecId::SPURIOUS_DRAGON);
        account.nonce = raw.nonce.value().map_or(u64::from(counts_from_one), |count| count.0);
        for (slot, value) in raw.storage.value().into_iter().flat_map(|entries| &entries.0) {
            let value = self.slot_value(&value.value, &value.span);
            if account.storage.insert(slot.value.0, value).is_some() {
                let message = format!("the slot {} appears twice", slot.value.0);
                self.problems.error(slot.span.clone(), message).hint("keep one of them");
            }
        }
        account.storage.retain(|_, value| !value.is_zero());
        if has_code && !is_delegation {
            self.funded.insert(address);
        }
        self.deployment(address, raw);
        let empty = account == AccountState::default();
        // From EIP-161 on there are no empty accounts.
        if !empty || !self.fork.is_enabled_in(SpecId::SPURIOUS_DRAGON) {
            self.accounts.insert(address, account);
        }
    }

    fn deployment(&mut self, address: Address, raw: &RawAccountObject) {
        let Some(named) = raw.contract.get() else {
            let orphans = [
                ("args", raw.args.span().filter(|_| raw.abi.is_absent())),
                ("value", raw.value.span()),
                ("deployer", raw.deployer.span()),
            ];
            for (key, span) in orphans {
                if let Some(span) = span
                    && raw.contract.is_absent()
                {
                    self.problems
                        .error(span, format!("`{key}` is of use only with `contract`"))
                        .hint("add \"contract\": the name of a contract");
                }
            }
            return;
        };
        let contradictions = [
            ("code", raw.code.span()),
            ("storage", raw.storage.span()),
            ("nonce", raw.nonce.span()),
            ("abi", raw.abi.span()),
            ("create", raw.create.span()),
        ];
        for (key, span) in contradictions {
            if let Some(span) = span {
                self.problems
                    .error(span, format!("`{key}` and `contract` contradict each other"))
                    .hint("the contract's constructor runs at this address and decides it");
            }
        }
        self.funded.insert(address);
        let Some(contract) = self.contract(&named.value, &named.span) else { return };
        let value = raw.value.value().map_or(U256::ZERO, |amount: &Amount| amount.0);
        let payable = contract.interface.constructor.as_ref().is_some_and(|c| c.payable);
        if let Some(span) = raw.value.span()
            && !payable
            && !value.is_zero()
        {
            let message = format!("the constructor of {} accepts no ether", contract.name);
            self.problems.error(span, message).hint("use `balance` to give the account ether");
        }
        let deployer = match raw.deployer.get() {
            Some(at) => self.who(&at.value, &at.span),
            None => self.known("deployer"),
        };
        if let Some(init_code) = self.init_code(&contract, raw, &named.span) {
            let init_code = init_code.into();
            self.deployments.push(Deployment { address, init_code, deployer, value });
        }
    }

    /// The library's contract of that name; `span` is where one is asked for.
    pub(super) fn contract(&mut self, name: &str, span: &Span) -> Option<Arc<Contract>> {
        let found = self.library.get(name).cloned();
        self.found(found, name, span)
    }

    /// The bundled contract of that name, whatever the scenario brings.
    pub(super) fn bundled(&mut self, name: &str, span: &Span) -> Option<Arc<Contract>> {
        self.found(self.bundled.get(name).cloned(), name, span)
    }

    fn found(
        &mut self,
        contract: Option<Arc<Contract>>,
        name: &str,
        span: &Span,
    ) -> Option<Arc<Contract>> {
        if contract.is_none() {
            let shown = shorten(name);
            let (message, hint) = match self.library.why_missing() {
                Some(why) => {
                    (format!("the contract `{shown}` could not be loaded"), why.to_owned())
                }
                None => (format!("there is no contract `{shown}`"), self.other_contracts(name)),
            };
            // Contracts are looked up more than once; the report should stand once.
            self.problems.error_once(span.clone(), message).hint(hint);
        }
        contract
    }

    fn other_contracts(&self, name: &str) -> String {
        let names = self.library.contracts().map(|contract| contract.name.as_str());
        match closest(name, names.clone()) {
            Some(name) => format!("did you mean `{name}`?"),
            None if names.clone().count() <= 12 => {
                format!("they are {}", names.collect::<Vec<_>>().join(", "))
            }
            None => "compile your own, or look for its name in the folders of examples/".to_owned(),
        }
    }

    fn init_code(
        &mut self,
        contract: &Contract,
        raw: &RawAccountObject,
        span: &Span,
    ) -> Option<Vec<u8>> {
        if !raw.args.is_absent() && raw.args.get().is_none() {
            return None;
        }
        self.creation_code(contract, raw.args.get(), span)
    }

    /// Init code with the constructor's arguments behind it.
    pub(super) fn creation_code(
        &mut self,
        contract: &Contract,
        args: Option<&At<super::raw::List<super::raw::Any>>>,
        span: &Span,
    ) -> Option<Vec<u8>> {
        if contract.bytecode.is_empty() {
            let message = format!("{} has no code: it cannot be deployed", contract.name);
            self.problems
                .error_once(span.clone(), message)
                .hint("abstract contracts and interfaces have none; use it as `abi`");
            return None;
        }
        let constructor = contract.interface.constructor.clone().unwrap_or_default();
        let args = self.arguments(&constructor, args, span)?;
        Some([contract.bytecode.as_ref(), &args].concat())
    }

    /// Gives an account that sends transactions something to pay with, unless the scenario says what it has.
    pub(super) fn fund(&mut self, address: Address, nonce: u64) {
        if self.funded.insert(address) {
            let account = self
                .accounts
                .entry(address)
                .or_insert_with(|| AccountState { nonce, ..AccountState::default() });
            account.balance = U256::from(DEFAULT_BALANCE);
        }
    }

    /// Whether the address has code, as far as can be said before anything runs.
    pub(super) fn has_code(&self, address: Address) -> bool {
        self.names.get(&address).is_some_and(|name| name.contract.is_some())
            || self.accounts.get(&address).is_some_and(|account| account.code.is_some())
    }
}
