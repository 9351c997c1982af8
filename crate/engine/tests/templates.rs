//! Workloads made of templates: what they come to.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use evm_lanes_engine::scenario::{self, Library, Scenario, named_address};
use revm::primitives::{Address, U256};

fn read(part: &str) -> Scenario {
    let text = format!(
        r#"{{
            "accounts": {{ "token": {{ "contract": "Token", "args": ["Gold", "GLD", "minter"] }} }},
            "transactions": [{{ "generate": {part} }}]
        }}"#
    );
    let (scenario, diagnostics) = scenario::read(&text, Library::bundled());
    assert_eq!(diagnostics, []);
    scenario.unwrap()
}

fn to(scenario: &Scenario) -> Vec<Address> {
    scenario.transactions.iter().map(|tx| *tx.env.kind.to().unwrap()).collect()
}

#[test]
fn users_take_turns_and_every_field_may_hold_placeholders() {
    let scenario = read(
        r#"{ "count": 6, "accounts": 3, "draw": { "wei": { "from": 5 } }, "each": [{
            "from": "{user}", "to": "{user}-safe{number}", "value": "{wei}", "data": "0x0{index}", "label": "{index} of {user}"
        }] }"#,
    );
    assert_eq!(scenario.transactions.len(), 6);
    for (index, tx) in scenario.transactions.iter().enumerate() {
        let user = index % 3;
        assert_eq!(tx.env.caller, named_address(&format!("user{user}")));
        assert_eq!(to(&scenario)[index], named_address(&format!("user{user}-safe{user}")));
        assert_eq!(tx.env.value, U256::from(5 + index));
        assert_eq!(tx.env.data[..], [index as u8]);
        assert_eq!(tx.label.as_deref(), Some(format!("{index} of user{user}").as_str()));
        assert_eq!(tx.env.nonce, index as u64 / 3);
    }
}

#[test]
fn set_up_and_accounts_are_repeated_as_they_mention_users_and_pools() {
    let scenario = read(
        r#"{ "count": 12, "accounts": 4, "pools": 3, "prefix": "dealer",
            "declare": {
                "gold{pool}": { "contract": "Token", "args": ["Gold", "GLD", "minter"] },
                "{user}-safe": "3 ether",
                "bank": "1 ether"
            },
            "setup": [
                { "from": "minter", "to": "token", "call": "mint", "args": ["bank", 1] },
                { "from": "minter", "to": "token", "call": "mint", "args": ["{user}", 10] },
                { "from": "minter", "to": "gold{pool}", "call": "mint", "args": ["bank", 10] },
                { "from": "{user}", "to": "gold{pool}", "call": "approve", "args": ["bank", 10] }
            ],
            "each": [{ "from": "{user}", "to": "gold{home}", "call": "transfer", "args": ["{other}", 1] }]
        }"#,
    );
    assert_eq!(scenario.deployments.len(), 4, "one token, and one for each pool");
    assert_eq!(scenario.setup.len(), 1 + 4 + 3 + 12);
    let ether = U256::from(10).pow(U256::from(18));
    assert_eq!(scenario.accounts[&named_address("dealer3-safe")].balance, U256::from(3) * ether);
    assert_eq!(scenario.accounts[&named_address("bank")].balance, ether);
    let pairs: BTreeSet<_> =
        scenario.setup[8..].iter().map(|tx| (tx.env.caller, tx.env.kind.to().copied())).collect();
    assert_eq!(pairs.len(), 12, "each user approves in each pool");
    for (index, address) in to(&scenario).into_iter().enumerate() {
        assert_eq!(address, named_address(&format!("gold{}", index % 4 % 3)), "its own pool");
    }
}

/// What templates need before the block comes behind the scenario's own set-up; in `setup` it stands where it stands.
#[test]
fn set_up_comes_after_the_scenarios_own() {
    let text = r#"{
        "setup": [
            { "from": "first", "to": "x" },
            { "generate": { "count": 1, "setup": [{ "from": "second", "to": "x" }], "each": [{ "from": "third", "to": "x" }] } },
            { "from": "fourth", "to": "x" }
        ],
        "transactions": [
            { "generate": { "count": 1, "setup": [{ "from": "fifth", "to": "x" }], "each": [{ "from": "{user}", "to": "x" }] } }
        ]
    }"#;
    let scenario = scenario::read(text, Library::bundled()).0.unwrap();
    let order: Vec<Address> = scenario.setup.iter().map(|tx| tx.env.caller).collect();
    let expected = ["first", "second", "third", "fourth", "fifth"].map(named_address);
    assert_eq!(order, expected);
}

fn counts(scenario: &Scenario) -> BTreeMap<Address, usize> {
    let mut counts = BTreeMap::new();
    for address in to(scenario) {
        *counts.entry(address).or_default() += 1;
    }
    counts
}

#[test]
fn weights_reads_and_skew_are_kept() {
    let part = |knobs: &str| {
        format!(
            r#"{{ "count": 4000, "accounts": 10, "pools": 8, {knobs} "each": [
                {{ "weight": 3, "from": "{{user}}", "to": "often" }},
                {{ "from": "{{user}}", "to": "seldom" }},
                {{ "weight": 0, "from": "{{user}}", "to": "never" }},
                {{ "read": true, "weight": 4, "from": "{{user}}", "to": "looked" }}
            ] }}"#
        )
    };
    let near = |found: usize, expected: usize| found.abs_diff(expected) < 120;
    let of = |scenario: &Scenario, name: &str| {
        counts(scenario).get(&named_address(name)).copied().unwrap_or_default()
    };
    let as_weighted = read(&part(""));
    assert!(near(of(&as_weighted, "looked"), 2000) && near(of(&as_weighted, "often"), 1500));
    assert_eq!(of(&as_weighted, "never"), 0);
    let fifth = read(&part(r#""reads": 0.2,"#));
    assert!(near(of(&fifth, "looked"), 800) && near(of(&fifth, "often"), 2400));
    assert!(near(of(&fifth, "seldom"), 800));
    assert_eq!(of(&read(&part(r#""reads": 0,"#)), "looked"), 0);
    assert_eq!(of(&read(&part(r#""reads": 1,"#)), "looked"), 4000);

    let pools = |skew: &str| {
        let part = format!(
            r#"{{ "count": 4000, "accounts": 5, "pools": 8, "skew": {skew}, "each": [{{ "from": "{{user}}", "to": "pool{{pool}}" }}] }}"#
        );
        of(&read(&part), "pool0")
    };
    assert!(near(pools("0"), 500));
    // The first of eight has 1 / (1 + 1/2 + … + 1/8) of the choices.
    assert!(near(pools("1"), 1472));
    let assets = r#"{ "count": 4000, "skew": 4, "draw": { "asset": { "of": ["a", "b"], "skew": 0 } }, "each": [{ "from": "{user}", "to": "{asset}" }] }"#;
    assert!(near(of(&read(assets), "a"), 2000), "a draw's own skew");
}

#[test]
fn draws_are_within_their_bounds_and_of_any_kind() {
    let scenario = read(
        r#"{ "count": 500, "draw": {
                "wei": { "between": ["1 gwei", "3 gwei"] },
                "access": { "of": [[{ "address": "x", "storageKeys": [1, 2] }], []] }
            }, "each": [{ "from": "{user}", "to": "x", "value": "{wei}", "accessList": "{access}" }] }"#,
    );
    let gwei = U256::from(1_000_000_000);
    let values: BTreeSet<U256> = scenario.transactions.iter().map(|tx| tx.env.value).collect();
    assert!(
        values.len() > 400 && values.iter().all(|wei| (gwei..=gwei * U256::from(3)).contains(wei))
    );
    let lists: BTreeSet<usize> =
        scenario.transactions.iter().map(|tx| tx.env.access_list.0.len()).collect();
    assert_eq!(lists, BTreeSet::from([0, 1]));
}

#[test]
fn a_seed_means_the_same_for_ever_and_nobody_is_their_own_other() {
    let part = |seed: u32| {
        format!(
            r#"{{ "count": 300, "accounts": 7, "skew": 1, "seed": {seed}, "each": [{{ "from": "{{user}}", "to": "{{other}}", "value": 1 }}] }}"#
        )
    };
    let (one, again, other) = (read(&part(1)), read(&part(1)), read(&part(2)));
    assert_eq!(to(&one), to(&again));
    assert_ne!(to(&one), to(&other));
    for tx in &one.transactions {
        assert_ne!(Some(&tx.env.caller), tx.env.kind.to());
    }
    let friends: Vec<usize> = to(&one)[..8]
        .iter()
        .map(|to| (0..7).position(|user| named_address(&format!("user{user}")) == *to).unwrap())
        .collect();
    assert_eq!(friends, [5, 0, 3, 2, 2, 2, 2, 1]);
}

/// A small text cannot ask for much memory or time.
#[test]
fn what_templates_come_to_is_bounded() {
    let long = "00".repeat(200_000);
    for (part, message) in [
        (
            format!(r#"{{ "count": 50000, "each": [{{ "from": "{{user}}", "to": "x", "data": "0x{long}" }}] }}"#),
            "the templates make more than 67108864 bytes of transactions",
        ),
        (
            format!(
                r#"{{ "count": 50000, "draw": {{ "a": {{ "of": ["{long}"] }} }}, "each": [{{ "from": "{{user}}", "to": "x", "data": "0x{}" }}] }}"#,
                "{a}".repeat(1000)
            ),
            "the templates make more than 67108864 bytes of transactions",
        ),
        (
            r#"{ "count": 50000, "accounts": 50000, "pools": 64, "setup": [{ "from": "{user}", "to": "x{pool}" }], "each": [{ "from": "{user}", "to": "x" }] }"#.to_owned(),
            "there are more than 50000 transactions",
        ),
        (
            r#"{ "count": 50000, "accounts": 50000, "pools": 64, "declare": { "{user}-{pool}": 1 }, "each": [{ "from": "{user}", "to": "x" }] }"#.to_owned(),
            "there are more than 50000 accounts",
        ),
    ] {
        let start = Instant::now();
        let text = format!(r#"{{ "transactions": [{{ "generate": {part} }}] }}"#);
        let (scenario, problems) = scenario::read(&text, Library::bundled());
        assert!(scenario.is_none());
        assert!(problems.iter().any(|problem| problem.message == message), "{problems:#?}");
        assert!(problems.len() <= 2, "{problems:#?}");
        assert!(start.elapsed().as_secs() < 20, "{message}: {:?}", start.elapsed());
    }
}
