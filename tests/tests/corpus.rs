//! Real blocks: gas, receipts, bloom and state are what the chain says, sequentially and in parallel.
//!
//! The blocks are not in the repository; see `evm_lanes_tests::corpus`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::num::NonZeroU32;
use std::sync::atomic::AtomicBool;

use alloy_primitives::{Bloom, Log};
use alloy_rlp::{BufMut, Encodable};
use alloy_trie::root::ordered_trie_root_encoded;
use evm_lanes_engine::block::{Block, Deltas, Hint, How, Workplace};
use evm_lanes_engine::scenario::Scenario;
use evm_lanes_engine::state::{AccountState, State};
use evm_lanes_evm::Outcome;
use evm_lanes_evm::cost::Costs;
use evm_lanes_schedule::graph::Graph;
use evm_lanes_schedule::{Hints, Inline, Scoped, Strategy};
use evm_lanes_tests::corpus::{self, Expected};
use revm::primitives::U256;
use revm::primitives::hardfork::SpecId;

#[test]
fn real_blocks_are_what_the_chain_says() {
    let Some(folder) = corpus::folder() else {
        // Past the test runner's capture, which would hide it because the test passes.
        let _ = std::io::stderr().write_all(
            b"SKIPPED: 43 real blocks (EVM_LANES_CORPUS is not set, ../shared/corpus is not there)\n",
        );
        return;
    };
    let files = corpus::files(&folder);
    // EVM_LANES_BLOCKS=46147,5891667 runs only these.
    let only: Option<BTreeSet<u64>> = std::env::var("EVM_LANES_BLOCKS")
        .ok()
        .map(|list| list.split(',').map(|n| n.trim().parse().expect("block numbers")).collect());
    let mut failures = Vec::new();
    let (mut blocks, mut transactions) = (0, 0);
    for (number, path) in &files {
        if only.as_ref().is_some_and(|only| !only.contains(number)) {
            continue;
        }
        let block = corpus::read(path);
        assert_eq!(block.number, *number);
        blocks += 1;
        transactions += block.scenario.transactions.len();
        let problems = check(&block);
        eprintln!(
            "block {number}: {:?}, {} transactions, {}",
            block.scenario.fork,
            block.scenario.transactions.len(),
            if problems.is_empty() { "as the chain says" } else { "WRONG" },
        );
        failures.extend(problems.into_iter().map(|problem| format!("block {number}: {problem}")));
    }
    eprintln!("{blocks} blocks, {transactions} transactions");
    assert!(only.is_some() || blocks == 43, "the corpus has 43 blocks, found {blocks}");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// Everything that is wrong, executed in order and in parallel.
fn check(corpus::Block { scenario, expected, .. }: &corpus::Block) -> Vec<String> {
    let never = AtomicBool::new(false);
    let block = Block::prepare(scenario, &never, &|_| {})
        .expect("it is not cancelled")
        .expect("there is no set-up");
    let sequential = block.sequential(None, &never, &|_| {}).expect("it runs");
    let mut problems = compare(
        "sequential",
        &sequential.outcomes,
        block.before(),
        &sequential.after,
        scenario,
        expected,
    );

    let costs = Costs::Gas;
    let virtual_lanes = |workers, seed| Workplace::Virtual { workers, seed, costs: &costs };
    let scoped = |workers| Scoped { workers: NonZeroU32::new(workers).expect("at least one") };
    let (two, eight) = (scoped(2), scoped(8));
    let known = graph(&block, &never);
    let of = |strategy, workplace, deltas, hints| (strategy, workplace, deltas, hints);
    let stm = |workplace, deltas, hints| of(Strategy::BlockStm, workplace, deltas, hints);
    let mut ways = vec![
        stm(virtual_lanes(1, 0), Deltas::Fees, Hint::Senders),
        stm(virtual_lanes(4, 1), Deltas::Fees, Hint::Senders),
        stm(virtual_lanes(16, 2), Deltas::Fees, Hint::None),
        stm(virtual_lanes(4, 3), Deltas::None, Hint::None),
        stm(Workplace::Real(&two), Deltas::Fees, Hint::Senders),
        stm(Workplace::Real(&eight), Deltas::Fees, Hint::None),
    ];
    for strategy in [Strategy::TwoPhase, Strategy::OrderedMerge, Strategy::Locks, Strategy::Dag] {
        let hints = match strategy {
            Strategy::Dag => Hint::Given(&known),
            _ => Hint::None,
        };
        ways.push(of(strategy, virtual_lanes(8, 4), Deltas::Fees, hints));
        ways.push(of(strategy, Workplace::Real(&two), Deltas::Fees, hints));
    }
    for (strategy, workplace, deltas, hints) in ways {
        let name = format!("{} on {}, {deltas:?}", strategy.id(), place(workplace));
        let name = name.as_str();
        let how = How {
            strategy,
            hints,
            deltas,
            workplace,
            accesses: false,
            clock: None,
            cancel: &never,
            progress: &|_| {},
        };
        match block.parallel(&how) {
            Ok(run) => {
                let after = block.after(&run);
                problems.extend(compare(
                    name,
                    &run.outcomes,
                    block.before(),
                    &after,
                    scenario,
                    expected,
                ));
                for (index, (a, b)) in sequential.outcomes.iter().zip(&run.outcomes).enumerate() {
                    if a != b {
                        problems.push(format!(
                            "{name}: transaction {index} is {b:?}, sequentially {a:?}"
                        ));
                        break;
                    }
                }
            }
            Err(error) => problems.push(format!("{name}: {error}")),
        }
    }
    problems
}

/// What the oracle knows: who needs whom.
fn graph(block: &Block<'_>, never: &AtomicBool) -> Hints {
    let how = How {
        strategy: Strategy::Sequential,
        hints: Hint::None,
        deltas: Deltas::Fees,
        workplace: Workplace::Real(&Inline),
        accesses: true,
        clock: None,
        cancel: never,
        progress: &|_| {},
    };
    let tracked = block.parallel(&how).expect("it runs in order");
    Hints { needs: Graph::new(&tracked.accesses).needs(), ..Hints::default() }
}

fn place(workplace: Workplace<'_>) -> String {
    match workplace {
        Workplace::Real(pool) => format!("{} threads", pool.workers()),
        Workplace::Virtual { workers, seed, .. } => {
            format!("{workers} virtual workers with seed {seed}")
        }
    }
}

fn compare(
    name: &str,
    outcomes: &[Outcome],
    before: &State,
    after: &State,
    scenario: &Scenario,
    expected: &Expected,
) -> Vec<String> {
    let mut problems = Vec::new();
    let mut unequal = |what: &str, found: String, wanted: String| {
        if found != wanted {
            problems.push(format!("{name}: {what} is {found}, the chain says {wanted}"));
        }
    };
    let gas: u64 = outcomes.iter().map(Outcome::gas_used).sum();
    unequal("gas used", gas.to_string(), expected.gas_used.to_string());
    for (index, outcome) in outcomes.iter().enumerate() {
        if let Outcome::Invalid(reason) = outcome {
            unequal(&format!("transaction {index}"), reason.to_string(), "valid".to_owned());
        }
    }
    let kinds = scenario.transactions.iter().map(|transaction| transaction.env.tx_type);
    let receipts = receipts(kinds, outcomes);
    let mut bloom = Bloom::ZERO;
    receipts.iter().for_each(|receipt| bloom |= receipt.bloom);
    unequal("the bloom", bloom.to_string(), expected.logs_bloom.to_string());
    if let Some(root) = expected.receipts_root {
        let encoded: Vec<_> = receipts.iter().map(Receipt::encoded).collect();
        unequal(
            "the receipts root",
            ordered_trie_root_encoded(&encoded).to_string(),
            root.to_string(),
        );
    }
    problems.extend(compare_states(name, before, after, scenario, expected));
    problems
}

/// The state's difference must be exactly what was expected, no more and no less.
fn compare_states(
    name: &str,
    before: &State,
    after: &State,
    scenario: &Scenario,
    expected: &Expected,
) -> Vec<String> {
    let mut problems = Vec::new();
    let mut after = after.clone();
    for (&address, &amount) in &expected.withdrawals {
        after.entry(address).or_default().balance += amount;
    }
    // Of the whole block's difference these were made before the transactions.
    let mut before = before.clone();
    for (address, slot, _) in &expected.system_writes {
        if let Some(account) = before.get_mut(address) {
            account.storage.remove(slot);
        }
    }
    // From Spurious Dragon on an empty account and none are the same (EIP-161), and two of the blocks bring empty ones.
    let absent = AccountState::default();
    if scenario.fork.is_enabled_in(SpecId::SPURIOUS_DRAGON) {
        before.retain(|_, account| *account != absent);
        after.retain(|_, account| *account != absent);
    }
    let addresses: BTreeSet<_> =
        before.keys().chain(after.keys()).chain(expected.changed.keys()).copied().collect();
    for address in addresses {
        let (old, new) = (before.get(&address), after.get(&address));
        let Some(wanted) = expected.changed.get(&address) else {
            if old != new {
                problems.push(format!("{name}: {address} changed from {old:?} to {new:?}"));
            }
            continue;
        };
        let (Some(new), Some(wanted)) = (new, wanted) else {
            if new.is_some() != wanted.is_some() {
                problems.push(format!("{name}: {address} is {new:?}, expected {wanted:?}"));
            }
            continue;
        };
        if (new.balance, new.nonce) != (wanted.balance, wanted.nonce.to()) {
            problems.push(format!(
                "{name}: {address} has {} wei and nonce {}, expected {} and {}",
                new.balance, new.nonce, wanted.balance, wanted.nonce
            ));
        }
        let old = old.unwrap_or(&absent);
        let code = new.code.as_ref().map(|code| code.original_bytes()).unwrap_or_default();
        match &wanted.code {
            Some(wanted) if *wanted != code => {
                problems.push(format!("{name}: the code of {address} is wrong"))
            }
            None if old.code_hash != new.code_hash => {
                problems.push(format!("{name}: the code of {address} changed"));
            }
            _ => {}
        }
        let slots: BTreeSet<_> =
            old.storage.keys().chain(new.storage.keys()).chain(wanted.storage.keys()).collect();
        for slot in slots {
            let value =
                |account: &AccountState| account.storage.get(slot).copied().unwrap_or(U256::ZERO);
            let wanted = wanted.storage.get(slot).copied().unwrap_or_else(|| value(old));
            if value(new) != wanted {
                problems.push(format!(
                    "{name}: slot {slot} of {address} is {}, expected {wanted}",
                    value(new)
                ));
            }
        }
    }
    problems.truncate(20);
    problems
}

/// A receipt as it goes into the trie, from Byzantium on.
struct Receipt {
    kind: u8,
    success: bool,
    cumulative_gas: u64,
    bloom: Bloom,
    logs: Vec<Log>,
}

fn receipts(kinds: impl Iterator<Item = u8>, outcomes: &[Outcome]) -> Vec<Receipt> {
    let mut cumulative_gas = 0;
    kinds
        .zip(outcomes)
        .filter_map(|(kind, outcome)| {
            let result = outcome.included()?;
            cumulative_gas += outcome.gas_used();
            let logs = result.logs().to_vec();
            let bloom = logs.iter().collect();
            Some(Receipt { kind, success: result.is_success(), cumulative_gas, bloom, logs })
        })
        .collect()
}

impl Receipt {
    /// RLP, behind the type unless that is 0 (EIP-2718).
    fn encoded(&self) -> Vec<u8> {
        let payload = self.success.length()
            + self.cumulative_gas.length()
            + self.bloom.length()
            + self.logs.length();
        let mut bytes = Vec::with_capacity(payload + 8);
        if self.kind != 0 {
            bytes.put_u8(self.kind);
        }
        alloy_rlp::Header { list: true, payload_length: payload }.encode(&mut bytes);
        self.success.encode(&mut bytes);
        self.cumulative_gas.encode(&mut bytes);
        self.bloom.encode(&mut bytes);
        self.logs.encode(&mut bytes);
        bytes
    }
}
