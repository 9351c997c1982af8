#![cfg(not(any(loom, feature = "shuttle")))]
//! The dependency graph against the definition, read off the sources of the sequential run's reads.

use std::collections::{BTreeMap, BTreeSet};

use evm_lanes_schedule::graph::{CriticalPath, Graph, LISTED, speedup_bound};
use evm_lanes_schedule::toy::{Ground, Number, Place, Random, Shape, reference};
use evm_lanes_schedule::{Access, Base as _, Guard, Read, TxIndex, Value as _, Write, WriteKind};

/// One transaction, in short: what it reads, replaces and adds to.
fn tx(reads: &[Place], sets: &[Place], adds: &[Place]) -> Access<Place, Number> {
    let read = |&location: &Place| Read { location, value: Number(0), from: None };
    let set = |&location: &Place| Write { location, kind: WriteKind::Set(Number(1)) };
    let add = |&location: &Place| Write { location, kind: WriteKind::Add(Number(1)) };
    Access {
        reads: reads.iter().map(read).collect(),
        guards: Vec::new(),
        writes: sets.iter().map(set).chain(adds.iter().map(add)).collect(),
    }
}

fn pairs(edges: &[evm_lanes_schedule::graph::Edge]) -> Vec<(u32, u32)> {
    edges.iter().map(|edge| (edge.from.0, edge.to.0)).collect()
}

#[test]
fn a_reader_of_a_sum_needs_everyone_who_added_since_the_last_replacement() {
    let graph = Graph::new(
        &[
            tx(&[], &[], &[7]),
            tx(&[], &[7], &[]),
            tx(&[], &[], &[7]),
            tx(&[], &[], &[7]),
            tx(&[7], &[], &[]),
            tx(&[], &[7], &[]),
        ],
        &Ground,
    );
    assert_eq!(pairs(&graph.read_after_write), [(1, 4), (2, 4), (3, 4)]);
    assert_eq!(pairs(&graph.write_after_write), [(0, 1), (1, 2), (1, 3), (2, 5), (3, 5)]);
    assert_eq!(pairs(&graph.write_after_read), [(4, 5)]);
    assert_eq!(graph.level, [0, 0, 0, 0, 1, 0]);
    assert_eq!(graph.component, [0, 1, 1, 1, 1, 2]);
}

#[test]
fn an_edge_names_all_its_locations_and_reading_your_own_write_is_none() {
    let graph = Graph::new(&[tx(&[1], &[1, 2, 3], &[]), tx(&[3, 1], &[1], &[])], &Ground);
    assert_eq!(graph.locations, [1, 2, 3]);
    assert_eq!(pairs(&graph.read_after_write), [(0, 1)]);
    assert_eq!(graph.read_after_write[0].locations, [0, 2]);
}

#[test]
fn a_hot_location_costs_what_the_critical_path_loses_without_it() {
    // A chain through 1, and its last edge through 2 as well, beside a heavy loner.
    let accesses =
        [tx(&[1], &[1], &[]), tx(&[1], &[1, 2], &[]), tx(&[1, 2], &[], &[]), tx(&[9], &[9], &[])];
    let graph = Graph::new(&accesses, &Ground);
    let weights = [10, 20, 30, 35];
    let path = CriticalPath { weight: 60, transactions: vec![TxIndex(0), TxIndex(1), TxIndex(2)] };
    assert_eq!(graph.critical_path(&weights), path);
    let hot = graph.hot_locations(&weights, 10);
    let costs: Vec<_> = hot
        .iter()
        .map(|hot| (graph.locations[hot.location as usize], hot.edges, hot.cost))
        .collect();
    assert_eq!(costs, [(1, 2, 10), (2, 1, 0)]);
    assert!((speedup_bound(60, &weights, 64) - 95.0 / 60.0).abs() < 1e-12);
    assert!((speedup_bound(60, &weights, 1) - 1.0).abs() < 1e-12);
}

#[test]
fn a_guarded_read_needs_nothing_after_the_last_write_that_it_could_not_do_without() {
    let Number(ground) = Ground.load(&0);
    let from = |low: u64| Guard { low: Number(low), high: Number(u64::MAX) };
    let guarded = |low| Access { guards: vec![(0, from(low))], ..tx(&[0], &[], &[0]) };
    assert!(ground < u64::MAX - 10, "so that the additions do not wrap");
    let graph = Graph::new(
        &[
            guarded(0),
            guarded(0),
            guarded(ground),
            guarded(ground + 2),
            guarded(0),
            tx(&[0], &[], &[]),
        ],
        &Ground,
    );
    // The fourth cannot do without the first two, the last without anybody.
    let edges = [(0, 3), (0, 5), (1, 3), (1, 5), (2, 5), (3, 5), (4, 5)];
    assert_eq!(pairs(&graph.read_after_write), edges);
    assert_eq!(graph.level, [0, 0, 0, 1, 0, 2]);
    assert_eq!(graph.component, [0; 6]);
    assert!(graph.write_after_read.is_empty() && graph.write_after_write.is_empty());
}

/// Against edges by definition: who contributed is worked out read by read, levels and paths edge by edge.
#[test]
fn it_agrees_with_the_definition_on_random_blocks() {
    for seed in 0..300 {
        for shape in Shape::ALL {
            let mut random = Random(seed);
            let accesses = reference(&shape.block(seed, 1 + random.below(40) as u32)).accesses;
            let weights: Vec<u64> = accesses.iter().map(|_| random.below(50)).collect();
            let graph = Graph::new(&accesses, &Ground);
            let case = format!("seed {seed}, {shape:?}");

            let needs = needs(&accesses, None);
            let listed: BTreeSet<_> = pairs(&graph.read_after_write).into_iter().collect();
            let all: BTreeSet<_> = needs.iter().copied().collect();
            assert!(listed.is_subset(&all), "{case}");
            assert_eq!(closure(&listed), closure(&all), "{case}");
            assert_eq!(graph.critical_path(&weights).weight, heaviest(&all, &weights), "{case}");
            let ones = vec![1; accesses.len()];
            let levels = u64::from(*graph.level.iter().max().unwrap()) + 1;
            assert_eq!(levels, heaviest(&all, &ones), "{case}");
            assert_eq!(graph.component, components(&all, accesses.len()), "{case}");
            for hot in graph.hot_locations(&weights, 5) {
                let place = graph.locations[hot.location as usize];
                let without = needs_without(&accesses, place);
                let cost = heaviest(&all, &weights) - heaviest(&without, &weights);
                assert_eq!(hot.cost, cost, "{case}, {place}");
            }
        }
    }
}

/// Ten thousand transactions that all add to a place and all read it would be fifty million edges.
#[test]
fn a_block_of_readers_of_one_sum_stays_small() {
    let accesses: Vec<_> =
        (0..10_000).map(|index| tx(&[0], &[], if index % 2 == 0 { &[0] } else { &[] })).collect();
    let graph = Graph::new(&accesses, &Ground);
    assert!(graph.read_after_write.len() < 20_000);
    let adders_then_readers: Vec<_> = (0..10_000)
        .map(|index| if index < 5_000 { tx(&[], &[], &[0]) } else { tx(&[0], &[], &[]) })
        .collect();
    let graph = Graph::new(&adders_then_readers, &Ground);
    assert_eq!(graph.read_after_write.len(), 5_000 * LISTED);
    assert_eq!(graph.component, vec![0; 10_000]);
    assert_eq!(graph.critical_path(&vec![1; 10_000]).weight, 2);
}

fn needs(accesses: &[Access<Place, Number>], without: Option<Place>) -> BTreeSet<(u32, u32)> {
    let mut needs = BTreeSet::new();
    // Of each place the values it had, each with the writers it is made up of.
    let mut values: BTreeMap<Place, Vec<(Number, Vec<u32>)>> = BTreeMap::new();
    for (to, access) in (0..).zip(accesses) {
        for (position, read) in access.reads.iter().enumerate() {
            let all = values.get(&read.location).map_or(&[][..], Vec::as_slice);
            let fails = |(value, _): &(Number, _)| match access.guard(position) {
                Some(guard) => !guard.holds(value),
                None => true,
            };
            let needed = match all.iter().rposition(fails) {
                _ if Some(read.location) == without => continue,
                Some(last) if access.guard(position).is_some() => all.get(last + 1),
                Some(_) => all.last(),
                None => continue,
            };
            needs.extend(needed.into_iter().flat_map(|(_, by)| by).map(|&from| (from, to)));
        }
        for Write { location, kind } in &access.writes {
            let values = values
                .entry(*location)
                .or_insert_with(|| vec![(Ground.load(location), Vec::new())]);
            let (before, mut by) = values.last().cloned().unwrap();
            let after = match kind {
                WriteKind::Set(value) => {
                    by.clear();
                    *value
                }
                WriteKind::Add(amount) => before.plus(amount),
            };
            by.push(to);
            values.push((after, by));
        }
    }
    needs
}

fn needs_without(accesses: &[Access<Place, Number>], place: Place) -> BTreeSet<(u32, u32)> {
    needs(accesses, Some(place))
}

fn heaviest(edges: &BTreeSet<(u32, u32)>, weights: &[u64]) -> u64 {
    let mut ends = vec![0; weights.len()];
    for to in 0..weights.len() {
        let before = edges
            .iter()
            .filter(|edge| edge.1 as usize == to)
            .map(|edge| ends[edge.0 as usize])
            .max();
        ends[to] = before.unwrap_or(0) + weights[to];
    }
    ends.into_iter().max().unwrap_or(0)
}

fn closure(edges: &BTreeSet<(u32, u32)>) -> BTreeSet<(u32, u32)> {
    let mut before: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    // By the later end, so that what is before the earlier one is complete.
    let mut by_end: Vec<_> = edges.iter().copied().collect();
    by_end.sort_unstable_by_key(|&(from, to)| (to, from));
    for (from, to) in by_end {
        let mut all = before.get(&from).cloned().unwrap_or_default();
        all.insert(from);
        before.entry(to).or_default().extend(all);
    }
    before.into_iter().flat_map(|(to, all)| all.into_iter().map(move |from| (from, to))).collect()
}

fn components(edges: &BTreeSet<(u32, u32)>, transactions: usize) -> Vec<u32> {
    let mut label: Vec<u32> = (0..transactions as u32).collect();
    while let Some(&(a, b)) = edges.iter().find(|&&(a, b)| label[a as usize] != label[b as usize]) {
        let (keep, drop) =
            (label[a as usize].min(label[b as usize]), label[a as usize].max(label[b as usize]));
        label.iter_mut().filter(|label| **label == drop).for_each(|label| *label = keep);
    }
    let mut numbers = BTreeMap::new();
    let mut numbered = Vec::new();
    for label in label {
        let next = numbers.len() as u32;
        numbered.push(*numbers.entry(label).or_insert(next));
    }
    numbered
}
