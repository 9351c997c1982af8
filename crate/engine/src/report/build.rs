//! From everything a run has found out to the report.

use std::collections::BTreeSet;

use evm_lanes_schedule::graph::{Graph as Dependencies, speedup_bound};
use evm_lanes_schedule::{EventKind, graph};
use revm::primitives::{Address, B256};

use super::AccessLists;
use super::labels::Labels;
use super::lens::{by_account, without_additions};
use super::locks::locks;
use super::tables::{Accounts, Locations, location};
use super::timeline::timeline;
use super::transactions::{Place, addresses, attempts, transaction};
use super::{
    Bounds, CriticalPath, Difference, Edge, FORMAT, Granularity, Graph, HotLocation, Lens, Report,
    ScenarioSummary, Unit, Verdict, words,
};
use crate::block::{Block, Parallel, Sequential};
use crate::options::{ClockId, CostId, Options, StrategyId};
use crate::verify::Mismatch;
use evm_lanes_evm::cost::Costs;
use evm_lanes_evm::{Declared, Location, Preimages};

/// What a run has found out.
pub(crate) struct Parts<'a> {
    pub(crate) block: &'a Block<'a>,
    /// As resolved.
    pub(crate) options: Options,
    pub(crate) sequential: &'a Sequential,
    /// The sequential run through the schedule crate: true accesses.
    pub(crate) tracked: &'a Parallel,
    pub(crate) dependencies: &'a Dependencies<Location>,
    /// What was locked, if locks were the strategy.
    pub(crate) declared: Option<&'a Declared>,
    /// What lists were built.
    pub(crate) access_lists: Option<AccessLists>,
    /// The hashes seen in the tracked run, and in the traced one if it is not timed.
    pub(crate) preimages: &'a Preimages,
    /// The traced run of the strategy asked for.
    pub(crate) parallel: &'a Parallel,
    pub(crate) mismatches: Vec<Mismatch>,
    pub(crate) roots: (B256, B256),
    /// In the run's unit: gas or nanoseconds.
    pub(crate) sequential_time: u64,
    pub(crate) parallel_time: u64,
    /// What each transaction weighs, in the run's unit.
    pub(crate) weights: &'a [u64],
    pub(crate) workers: u32,
    /// Whether they shared no memory.
    pub(crate) messages: bool,
}

/// The most locations ranked by what they cost.
const HOT: usize = 32;

pub(crate) fn build(parts: &Parts<'_>) -> Report {
    let Parts { block, sequential, tracked, dependencies, parallel, .. } = parts;
    let scenario = block.scenario();
    let labels = Labels::new(scenario, parts.preimages, block.before(), sequential);
    let beneficiary = scenario.block.beneficiary;
    let list = all_locations(dependencies, parallel);
    let locations = Locations::new(&list);
    let accounts = Accounts::new(scenario, all_addresses(parts, &list));

    let gas: Vec<u64> = sequential
        .outcomes
        .iter()
        .zip(&tracked.accesses)
        .enumerate()
        .map(|(index, (outcome, access))| Costs::Gas.of(index, outcome, access.reads.len()))
        .collect();
    let attempts = attempts(&parallel.events, scenario.transactions.len());
    let transactions = scenario.transactions.iter().enumerate().map(|(index, of)| {
        let place = Place {
            level: dependencies.level[index],
            component: dependencies.component[index],
            attempts: attempts[index],
            nanoseconds: sequential.nanoseconds.get(index).copied(),
        };
        let context = (scenario, &accounts, &locations, &labels);
        transaction(of, &sequential.outcomes[index], &tracked.accesses[index], &place, context)
    });

    // Who validates and commits what the others send is one more.
    let lanes = parts.workers + u32::from(parts.messages);
    let timeline = timeline(&parallel.events, lanes, unit(&parts.options), &locations, &labels);
    let mut aborts = vec![0; list.len()];
    for cause in &timeline.causes {
        aborts[cause.location as usize] += 1;
    }

    let index = |location: &Location| locations.index(location);
    Report {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scenario: ScenarioSummary {
            title: scenario.title.clone(),
            description: scenario.description.clone(),
            fork: crate::scenario::fork_name(scenario.fork).to_owned(),
            beneficiary: accounts.index(&beneficiary),
            gas_limit: scenario.block.gas_limit,
            base_fee: scenario.block.basefee,
        },
        verdict: verdict(parts, &accounts),
        bounds: bounds(parts),
        transactions: transactions.collect(),
        accounts: accounts.report(scenario, block.before(), &sequential.after, &labels),
        locations: list.iter().map(|at| location(at, &accounts, &beneficiary, &labels)).collect(),
        graph: dependency_graph(dependencies, &gas, &sequential.nanoseconds, &index),
        coarser: lenses(parts, &gas, &aborts, &list, &accounts, &locations),
        hot: hot_locations(dependencies, &gas, &aborts, &index),
        locks: parts.declared.map(|declared| locks(declared, dependencies, &labels)),
        access_lists: parts.access_lists.clone(),
        timeline,
        curve: None,
        options: parts.options.clone(),
    }
}

/// The unit times are shown in, and what a time of the run is in it.
pub(crate) fn unit(options: &Options) -> (Unit, f64) {
    match (options.clock, options.cost) {
        (ClockId::Virtual, CostId::Gas) => (Unit::Gas, 1.0),
        _ => (Unit::Microseconds, 1e-3),
    }
}

/// Those of the dependency graph, and those that only aborted attempts touched: causes name them.
pub(crate) fn all_locations(
    dependencies: &Dependencies<Location>,
    parallel: &Parallel,
) -> Vec<Location> {
    let mut all: BTreeSet<Location> = dependencies.locations.iter().copied().collect();
    for event in &parallel.events {
        if let EventKind::Aborted(cause) = &event.kind {
            all.insert(cause.location);
        }
    }
    all.into_iter().collect()
}

fn all_addresses(parts: &Parts<'_>, locations: &[Location]) -> BTreeSet<Address> {
    let scenario = parts.block.scenario();
    let mut all = BTreeSet::from([scenario.block.beneficiary]);
    for (transaction, outcome) in scenario.transactions.iter().zip(&parts.sequential.outcomes) {
        all.extend(addresses(transaction, outcome));
    }
    all.extend(locations.iter().filter_map(Location::account));
    all.extend(parts.mismatches.iter().filter_map(|mismatch| mismatch.account));
    all
}

fn verdict(parts: &Parts<'_>, accounts: &Accounts) -> Verdict {
    let Parts { sequential, parallel, mismatches, roots, .. } = parts;
    let (unit, scale) = unit(&parts.options);
    let (before, after) = (parts.sequential_time as f64, parts.parallel_time as f64);
    let differences = mismatches.iter().map(|mismatch| Difference {
        what: mismatch.what.to_owned(),
        transaction: mismatch.transaction,
        account: mismatch.account.map(|address| accounts.index(&address)),
        slot: mismatch.slot.map(words::hex),
        sequential: mismatch.expected.clone(),
        parallel: mismatch.found.clone(),
    });
    let counters = parallel.counters;
    Verdict {
        equal: mismatches.is_empty() && roots.0 == roots.1,
        differences: differences.collect(),
        rejected_by: parts.block.rejected_by(&sequential.outcomes),
        sequential_state_root: roots.0.to_string(),
        parallel_state_root: roots.1.to_string(),
        unit,
        sequential: before * scale,
        parallel: after * scale,
        speedup: speedup(parts.weights, before, after),
        speedup_bound: speedup_limit(parts.dependencies, parts),
        workers: parts.workers,
        messages: parts.messages,
        attempts: small(counters.attempts),
        aborts: small(counters.aborts),
        blocked: small(counters.blocked),
        work_ratio: work_ratio(parallel, parts.block.scenario().transactions.len()),
    }
}

/// The time of all attempts over the time of each transaction's last.
pub(crate) fn work_ratio(parallel: &Parallel, transactions: usize) -> f64 {
    let mut all = 0;
    let mut last = vec![0; transactions];
    for event in &parallel.events {
        let time = event.end.saturating_sub(event.start);
        match event.kind {
            EventKind::Executed => {
                all += time;
                last[event.version.tx.0 as usize] = time;
            }
            EventKind::Blocked { .. } => all += time,
            _ => {}
        }
    }
    let useful: u64 = last.iter().sum();
    if useful == 0 { 1.0 } else { all as f64 / useful as f64 }
}

/// The heaviest chain of transactions that have to wait for each other. On values known beforehand nobody waits.
pub(crate) fn longest_chain(
    dependencies: &Dependencies<Location>,
    weights: &[u64],
    options: &Options,
) -> u64 {
    match options.strategy {
        StrategyId::Bal => weights.iter().copied().max().unwrap_or(0),
        _ => dependencies.critical_path(weights).weight,
    }
}

/// The most that these dependencies leave; `None` for an empty block.
fn speedup_limit(dependencies: &Dependencies<Location>, parts: &Parts<'_>) -> Option<f64> {
    let possible = parts.weights.iter().any(|weight| *weight > 0);
    let critical = longest_chain(dependencies, parts.weights, &parts.options);
    possible.then(|| speedup_bound(critical, parts.weights, parts.workers))
}

fn bounds(parts: &Parts<'_>) -> Bounds {
    let (_, scale) = unit(&parts.options);
    let critical = parts.dependencies.critical_path(parts.weights).weight;
    Bounds {
        total: parts.weights.iter().sum::<u64>() as f64 * scale,
        critical_path: critical as f64 * scale,
        longest: parts.weights.iter().max().copied().unwrap_or_default() as f64 * scale,
    }
}

/// The graphs of those who tell less apart.
fn lenses(
    parts: &Parts<'_>,
    gas: &[u64],
    aborts: &[u32],
    list: &[Location],
    accounts: &Accounts,
    locations: &Locations,
) -> Vec<Lens> {
    let beneficiary = parts.block.scenario().block.beneficiary;
    let nanoseconds = &parts.sequential.nanoseconds;
    let recorded = &parts.tracked.accesses;
    let account = |location: &Location| accounts.index(&location.account().unwrap_or(beneficiary));
    let mut account_aborts = vec![0; accounts.len()];
    for (location, aborts) in list.iter().zip(aborts) {
        account_aborts[account(location) as usize] += aborts;
    }
    let slot = |location: &Location| locations.index(location);
    let mut lenses = Vec::new();
    let mut add =
        |granularity, accesses: &[_], index: &dyn Fn(&Location) -> u32, aborts: &[u32]| {
            let dependencies = parts.block.dependencies(accesses);
            lenses.push(Lens {
                granularity,
                graph: dependency_graph(&dependencies, gas, nanoseconds, index),
                hot: hot_locations(&dependencies, gas, aborts, index),
                speedup_bound: speedup_limit(&dependencies, parts),
                level: dependencies.level,
                component: dependencies.component,
            });
        };
    add(Granularity::Account, &by_account(recorded), &account, &account_aborts);
    if let Some(accesses) = without_additions(recorded) {
        add(Granularity::Slot, &accesses, &slot, aborts);
    }
    lenses
}

fn dependency_graph(
    dependencies: &Dependencies<Location>,
    gas: &[u64],
    nanoseconds: &[u64],
    index: &dyn Fn(&Location) -> u32,
) -> Graph {
    let edges = |edges: &[graph::Edge]| {
        let edge = |edge: &graph::Edge| Edge {
            from: edge.from.0,
            to: edge.to.0,
            locations: edge
                .locations
                .iter()
                .map(|at| index(&dependencies.locations[*at as usize]))
                .collect(),
        };
        edges.iter().map(edge).collect()
    };
    let path = |weights: &[u64], scale: f64| {
        let path = dependencies.critical_path(weights);
        CriticalPath {
            weight: path.weight as f64 * scale,
            total: weights.iter().sum::<u64>() as f64 * scale,
            transactions: path.transactions.iter().map(|tx| tx.0).collect(),
        }
    };
    Graph {
        edges: edges(&dependencies.read_after_write),
        write_after_write: edges(&dependencies.write_after_write),
        write_after_read: edges(&dependencies.write_after_read),
        levels: dependencies.level.iter().max().map_or(0, |level| level + 1),
        components: dependencies.component.iter().max().map_or(0, |component| component + 1),
        critical_path_gas: path(gas, 1.0),
        critical_path_time: (!nanoseconds.is_empty()).then(|| path(nanoseconds, 1e-3)),
    }
}

fn hot_locations(
    dependencies: &Dependencies<Location>,
    gas: &[u64],
    aborts: &[u32],
    index: &dyn Fn(&Location) -> u32,
) -> Vec<HotLocation> {
    let row = |hot: &graph::HotLocation| {
        let location = index(&dependencies.locations[hot.location as usize]);
        HotLocation {
            location,
            readers: hot.readers,
            writers: hot.writers,
            edges: hot.edges,
            cost_gas: hot.cost,
            aborts: aborts[location as usize],
        }
    };
    dependencies.hot_locations(gas, HOT).iter().map(row).collect()
}

/// `None` where there is nothing to be faster at, or the clock is too coarse to have measured either time.
pub(crate) fn speedup(weights: &[u64], before: f64, after: f64) -> Option<f64> {
    let possible = weights.iter().any(|weight| *weight > 0);
    (possible && before > 0.0 && after > 0.0).then(|| before / after)
}

pub(crate) fn small(count: u64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::speedup;

    #[test]
    fn what_the_clock_has_not_seen_has_no_speedup() {
        assert_eq!(speedup(&[21_000], 300.0, 200.0), Some(1.5));
        for (weights, before, after) in
            [(&[21_000][..], 0.0, 400.0), (&[21_000], 400.0, 0.0), (&[0], 400.0, 400.0)]
        {
            assert_eq!(speedup(weights, before, after), None, "{weights:?} {before} {after}");
        }
    }
}
