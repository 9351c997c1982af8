//! What the contracts of the workloads *DeFi* and *NFT* do: amounts, interest, fees, rounding, and who is refused what.

use std::collections::BTreeSet;

use evm_lanes_engine::options::{DeltaId, Options};
use evm_lanes_tests::examples::{read, run_verified};
use evm_lanes_tests::story::{ETHER, Story, assert_near, units};
use sha2::{Digest as _, Sha256};

#[test]
fn amm() {
    let story = Story::of("amm/contended");
    assert_eq!(story.refusals(), ["InsufficientOutput", "Expired"]);
    // Every trade gets what the reserves before it say, less the fee, and the product of the reserves grows.
    let (mut r0, mut r1) = (1500.0, 1500.0);
    for sent in story.all() {
        let Some(sync) = sent.logged("Sync").first().cloned() else { continue };
        if let Some(swap) = sent.logged("Swap").first() {
            let gold = units(sync[0]) > r0;
            let (from, to) = if gold { (r0, r1) } else { (r1, r0) };
            let paid = units(swap[0]) * 0.997;
            assert_near(swap[1], paid * to / (from + paid));
            assert!(units(sync[0]) * units(sync[1]) > r0 * r1);
        }
        (r0, r1) = (units(sync[0]), units(sync[1]));
    }
    // Impermanent loss: what was provided at one to one is worth less than had it been held, though fees soften it.
    let closed = story.labelled("what did providing cost?").logged_once("Closed");
    let (held, withdrawn, loss) = (units(closed[2]), units(closed[3]), closed[4]);
    let price = r1 / r0;
    assert!((held - 500.0 * (1.0 + price)).abs() < 1e-9 * held);
    assert!((withdrawn - (units(closed[0]) * price + units(closed[1]))).abs() < 1e-9 * held);
    assert_eq!(loss, ((held - withdrawn) / held * 10_000.0) as u128);
    let without_fees = 1.0 - 2.0 * price.sqrt() / (1.0 + price);
    assert!(price < 0.5 && loss > 300, "the price is {price}, the loss {loss}");
    assert!(loss as f64 / 10_000.0 < without_fees, "{loss} against {without_fees}");

    assert!(Story::of("amm/parallel").refusals().is_empty());

    let routed = Story::of("amm/routed");
    assert_eq!(routed.refusals(), ["InsufficientOutput", "NoPool"]);
    // The first route: 20 gold for usd and that for silver, each less the fee.
    let trade = |paid: f64, from: f64, to: f64| paid * 0.997 * to / (from + paid * 0.997);
    let usd = trade(20.0, 1000.0, 10_000.0);
    let first = routed.all().next().expect("it has transactions").logged_once("Routed");
    assert_near(first[1], trade(usd, 10_000.0, 1000.0));
    assert_eq!(routed.left_at("usd.balanceOf[router]"), None, "nothing stays in the router");
}

#[test]
fn yield_farm() {
    for id in ["yield-farm/contended", "yield-farm/parallel"] {
        let story = Story::of(id);
        // A day's 43,200 for twelve equal stakes.
        let claimed = story.logged("Claimed");
        assert_eq!(claimed, vec![vec![3600 * ETHER]; 6], "{id}");
        assert_eq!(story.logged("Deposited").len(), 12, "{id}");
        assert_eq!(story.logged("Withdrawn"), vec![vec![40 * ETHER]; 4], "{id}");
    }
    let one = Story::of("yield-farm/contended");
    assert_eq!(one.refusals(), ["InsufficientStake", "NothingToClaim", "NotOwner"]);
    assert_eq!(one.left_at("farm.totalStaked"), Some((1200 + 12 * 50 - 4 * 40) * ETHER));

    let epochs = Story::of("yield-farm/parallel");
    assert_eq!(epochs.refusals(), ["InsufficientStake", "NothingToClaim", "NotOwner", "EpochRuns"]);
    // Nobody was staking when epoch 0 began.
    assert_eq!(epochs.logged("EpochClosed"), [vec![0, 0], vec![1200 * ETHER, 36 * ETHER]]);
    assert_eq!(epochs.left_at("farm.epoch"), Some(2));
}

#[test]
fn staking() {
    let story = Story::of("staking/contended");
    assert_eq!(story.refusals(), ["StillLocked", "NotStaking", "NoSuchTerm"]);
    // 20 ether for a weight of 200: alice has 10 of it, bob 15, who leaves early and pays a tenth of his stake.
    let exits: Vec<Vec<u128>> = story.calls("exit(").flat_map(|sent| sent.logged("Left")).collect();
    assert_eq!(exits[0], [11 * ETHER, 0]);
    let early = story.labelled("pays the penalty");
    assert_eq!(early.logged_once("RewardPaid"), [1500 * ETHER / 1000]);
    assert_eq!(early.logged_once("Left"), [10_500 * ETHER / 1000, ETHER]);
    // The penalty is shared by the weight that is left: 200 - 10 - 15, and 5 and 7.5 that have come.
    assert_near(exits[1][0], 11.0 + 10.0 / 187.5);

    let series = Story::of("staking/parallel");
    assert_eq!(series.refusals(), ["NotMature", "NoDeposit", "BudgetSpent"]);
    let redeemed = series.labelled("the 30 days are over").logged_once("Redeemed");
    assert_eq!(redeemed, [10 * ETHER, 80 * ETHER / 1000]);
    assert_eq!(
        series.labelled("gives up the interest").logged_once("Broken")[1],
        260 * ETHER / 1000
    );
    // Of 2 ether two deposits took 0.26 each and one 0.13, and one of the first gave it back.
    assert_eq!(series.left_at("series1.budget"), Some(1610 * ETHER / 1000));
}

#[test]
fn validator_deposits() {
    let story = Story::of("validator-deposits/contended");
    assert_eq!(story.refusals(), ["WrongRoot", "AmountTooLow"]);
    assert_eq!(story.left_at("deposits.depositCount"), Some(25));
    let last = story.0.transactions.last().expect("it has transactions");
    assert_eq!(last.output, format!("0x{}", hex(&deposit_root("validator-deposits/contended"))));

    let logged = Story::of("validator-deposits/parallel");
    assert_eq!(logged.refusals(), ["WrongRoot", "AmountTooLow"]);
    let last = logged.all().last().expect("it has transactions");
    assert_eq!(last.returned(), [33 * ETHER], "what was paid for the first validator");
    assert_eq!(logged.gain("deposits"), 0, "the ether does not stay with the contract");
    assert_eq!(logged.0.graph.levels, 3, "two deposits for one validator, and who looks");
}

/// SSZ's root of the list of the deposits that succeed, from the scenario's text: all but those of mallory.
fn deposit_root(id: &str) -> [u8; 32] {
    let scenario: serde_json::Value = {
        let text = read(id);
        let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        serde_json::from_str(&lines.collect::<String>()).expect("it is JSON")
    };
    let deposits = scenario["transactions"].as_array().expect("it is a list").iter();
    let deposits = deposits.filter(|one| one["call"] == "deposit" && one["from"] != "mallory");
    let mut layer: Vec<[u8; 32]> = deposits
        .map(|one| {
            let root = one["args"][3].as_str().expect("it is a text").trim_start_matches("0x");
            std::array::from_fn(|i| {
                u8::from_str_radix(&root[2 * i..2 * i + 2], 16).expect("they are digits")
            })
        })
        .collect();
    let count = layer.len() as u64;
    let mut zero = [0; 32];
    for _ in 0..32 {
        if layer.len() % 2 == 1 {
            layer.push(zero);
        }
        layer = layer.chunks(2).map(|pair| pair_hash(pair[0], pair[1])).collect();
        zero = pair_hash(zero, zero);
    }
    let mut length = [0; 32];
    length[..8].copy_from_slice(&count.to_le_bytes());
    pair_hash(layer[0], length)
}

fn pair_hash(left: [u8; 32], right: [u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update(left).chain_update(right).finalize().into()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn lending() {
    let story = Story::of("lending/contended");
    assert_eq!(
        story.refusals(),
        ["OverLimit", "Healthy", "TooMuch", "Healthy", "InsufficientSupply"]
    );
    // 69,600 of 120,000 are lent, for ninety days: 2 % and 58 % of 20 %; the lenders get nine tenths of it.
    let accrued = story.logged("InterestAccrued");
    assert_eq!(accrued.len(), 1, "once a block");
    assert_eq!(accrued[0][0], 136 * ETHER / 1000);
    let growth = 0.136 * 90.0 / 365.0;
    assert_near(accrued[0][1], 1.0 + growth);
    assert_near(accrued[0][2], 1.0 + growth * 0.58 * 0.9);
    let repaid = story.labelled("all of it, with interest").logged_once("Repaid");
    assert_near(repaid[0], 5000.0 * (1.0 + growth));
    assert_eq!(repaid[1], 0, "nothing is left of the debt");
    // 3,000 repaid for gold worth 8 % more at the new price of 85.
    let liquidated = story.logged("Liquidated");
    assert_eq!(liquidated.len(), 3);
    for event in liquidated {
        assert_eq!(event[0], 3000 * ETHER);
        assert_near(event[1], 3000.0 * 1.08 / 85.0);
    }

    let markets = Story::of("lending/parallel");
    assert_eq!(markets.refusals(), ["Healthy"; 4]);
    assert_eq!(markets.logged("Liquidated").len(), 4);
    assert_eq!(markets.logged("InterestAccrued").len(), 8, "once a market");
}

#[test]
fn vault() {
    let story = Story::of("vault/contended");
    assert_eq!(story.refusals(), ["ERC4626ExceededMaxWithdraw", "ERC20InsufficientAllowance"]);
    // Half of the interest of 70 has dripped: 1,235 for 1,200 shares.
    let price = 1235.0 / 1200.0;
    for event in story.logged("Deposit") {
        assert_eq!(event[0], 50 * ETHER);
        assert_near(event[1], 50.0 / price);
    }
    let redeemed = story.labelled("all shares").logged_once("Withdraw");
    assert_near(redeemed[0], 100.0 * price);
    assert_eq!(redeemed[1], 100 * ETHER);

    let rounds = Story::of("vault/parallel");
    assert_eq!(
        rounds.refusals(),
        ["InsufficientShares", "OverOwed", "InsufficientBalance", "RoundRuns"]
    );
    let closed = rounds.logged("RoundClosed");
    assert_eq!(closed[0], [ETHER, 1200 * ETHER, 0]);
    assert_near(closed[1][0], price);
    assert_eq!(closed[1][1..], [600 * ETHER, 420 * ETHER]);
    // Who gave up 100 shares has 102.9166… to collect: 102 are paid, and the rest stays owed.
    assert_eq!(
        rounds.labelled("from the shelf with the interest").logged_once("Collected"),
        [102 * ETHER]
    );
    let left = rounds.left_at("vault.accountOf[heidi].assets").unwrap_or(0);
    assert_near(left, 100.0 * price - 102.0);
    assert_near(rounds.left_at("vault.totalAssets").unwrap_or(0), 1835.0 - 420.0 * price);
}

#[test]
fn flash_loan() {
    let trade = |paid: f64, from: f64, to: f64| paid * 0.997 * to / (from + paid * 0.997);
    let story = Story::of("flash-loan/contended");
    assert_eq!(
        story.refusals(),
        ["Unprofitable", "Unprofitable", "Unprofitable", "Unprofitable", "OverLimit",]
    );
    let profits = story.logged("Profit");
    assert_eq!(profits.len(), 2);
    let gold = trade(1200.0, 100_000.0, 1000.0);
    assert_near(profits[0][1], trade(gold, 1000.0, 110_000.0) - 1200.0 - 1.08);
    assert!(profits[1][1] < profits[0][1], "there is less left for the second");
    assert_eq!(story.left_at("usd.balanceOf[pot]"), Some(1_000_002_160 * ETHER / 1000));

    let free = Story::of("flash-loan/parallel");
    assert_eq!(free.refusals(), ["Unprofitable", "OverLimit"]);
    assert_eq!(free.logged("Profit").len(), 8);
    // Loans that are repaid leave nothing behind.
    assert_eq!(free.left_at("usd.totalSupply"), None);
    assert_eq!(free.left_at("usd.balanceOf[arbitrageur]"), None);
}

#[test]
fn order_book() {
    let story = Story::of("order-book/contended");
    assert_eq!(story.refusals(), ["WouldRest", "NotMaker", "InsufficientBalance"]);
    let trades = |label| story.labelled(label).logged("Traded");
    let at = |price: u128, amount: u128| vec![price * ETHER, amount * ETHER];
    assert_eq!(trades("buys 4 of the 10 at 101"), [at(101, 4)]);
    let through = trades("buys at 101, 102 and 103");
    assert_eq!(through, [at(101, 6), at(102, 10), at(103, 4)], "the best first");
    assert_eq!(trades("sells 10 at 99; 5 stand at 99"), [at(99, 10)]);
    let rests = story.labelled("sells 10 at 99; 5 stand at 99").logged_once("Placed");
    assert_eq!(rests, [0, 99 * ETHER, 5 * ETHER]);
    assert_eq!(trades("5 at 99, 7 at 100"), [at(99, 5), at(100, 7)], "at the makers' prices");

    let offers = Story::of("order-book/parallel");
    assert_eq!(offers.refusals(), ["NotEnoughLeft", "Expired", "NotMaker"]);
    let taken = offers.logged("Taken");
    assert_eq!(taken[0], [4 * ETHER, 404 * ETHER]);
    assert_eq!(
        offers.labelled("the rest of the first offer").logged_once("Taken"),
        [6 * ETHER, 606 * ETHER]
    );
}

#[test]
fn nft_mint() {
    let numbered = Story::of("nft-mint/contended");
    assert_eq!(numbered.refusals(), ["SoldOut", "SoldOut", "NoneLeftFor", "NoneLeftFor"]);
    let ids: Vec<u128> = numbered.all().take(22).flat_map(|sent| sent.returned()).collect();
    assert_eq!(ids, (1..=22).collect::<Vec<_>>());

    let hashed = Story::of("nft-mint/parallel");
    assert_eq!(hashed.refusals(), ["NoneLeftFor", "NoneLeftFor"]);
    let ids: BTreeSet<u128> = hashed.all().take(24).flat_map(|sent| sent.returned()).collect();
    assert_eq!(ids.len(), 24, "no two have the same");

    let paid = Story::of("nft-mint/paid");
    assert_eq!(paid.refusals(), ["WrongPrice", "NoneLeftFor"]);
    assert_eq!(paid.logged("ProceedsPaid"), [[24 * 50 * ETHER / 1000]]);
    // "With the additions *balances* nobody waits for it but the artist."
    let balances = Options { deltas: DeltaId::Balances, workers: 8, ..Options::default() };
    let commuting = run_verified("nft-mint/paid", &read("nft-mint/paid"), &balances);
    assert_eq!(commuting.graph.levels, 2, "the mints, and what comes behind them");
    assert!(commuting.graph.edges.iter().all(|edge| edge.to >= 25), "{:?}", commuting.graph.edges);
}

#[test]
fn nft_market() {
    for id in ["nft-market/contended", "nft-market/parallel"] {
        let story = Story::of(id);
        assert_eq!(story.refusals(), ["WrongPrice", "NotListed", "NotOwner"]);
        let sold = story.logged("Sold");
        assert_eq!(sold.len(), 19, "{id}");
        // 5 % and 2.5 % of 1.01.
        assert_eq!(sold[0], [1_010_000, 50_500, 25_250].map(|part| part * ETHER / 1_000_000));
        // Of 20.9 in all.
        let collected = story.logged("Collected");
        assert_eq!(collected[0], [1_045_000 * ETHER / 1_000_000], "{id}: the artist");
        assert_eq!(collected[1], [522_500 * ETHER / 1_000_000], "{id}: the house");
    }
    let one = Story::of("nft-market/contended");
    assert_eq!(one.logged("Collected")[2], [5_041_250 * ETHER / 1_000_000], "alice, for five");
    let stalls = Story::of("nft-market/parallel");
    assert_eq!(stalls.gain("seller1"), (934_250 * ETHER / 1_000_000) as i128, "paid on the spot");
    assert_eq!(stalls.gain("stalls"), 0);
}

#[test]
fn nft_loan() {
    let pool = Story::of("nft-loan/contended");
    assert_eq!(pool.refusals(), ["Overdue", "NotDue", "NotAppraiser", "WrongAmount"]);
    // Three months' interest on 10; two pledges for 10 and a month's.
    assert_eq!(pool.logged("Repaid"), vec![vec![10 * ETHER, 900 * ETHER / 1000]; 2]);
    assert_eq!(pool.logged("Defaulted"), vec![vec![10_300 * ETHER / 1000]; 2]);
    // The lenders' 360 have become 362.4.
    let share = 362.4 / 360.0;
    assert_near(pool.logged("Deposited")[0][1], 30.0 / share);
    assert_near(pool.logged("Withdrawn")[0][0], 20.0 * share);

    let desk = Story::of("nft-loan/parallel");
    assert_eq!(desk.refusals(), ["Overdue", "NotDue", "AlreadyGranted", "NotLender", "IsLocked"]);
    assert_eq!(desk.logged("Defaulted").len(), 2);
    assert_eq!(desk.logged("Granted").len(), 10);
    assert_eq!(desk.gain("lender1"), (10_900 * ETHER / 1000) as i128, "bob's repayment");
    assert_eq!(desk.gain("desk"), 0);
}

#[test]
fn busy_variants() {
    // Generated transactions all succeed, so that what the knobs change is the schedule and not the story.
    for (id, count, looks) in [
        ("airdrop/busy", 40, true),
        ("amm/busy", 120, true),
        ("lending/busy", 100, true),
        ("moving-writes/busy", 60, false),
        ("nft-loan/busy", 40, true),
        ("nft-market/busy", 60, true),
        ("nft-mint/busy", 100, true),
        ("one-slot/busy", 60, false),
        ("order-book/busy", 80, true),
        ("staking/busy", 60, true),
        ("vault/busy", 80, true),
        ("yield-farm/busy", 80, true),
    ] {
        let story = Story::of(id);
        assert!(story.refusals().is_empty(), "{id}");
        assert_eq!(story.all().count(), count, "{id}");
        // Some only ask, and log nothing.
        let readers = story.all().filter(|sent| sent.0.logs.is_empty());
        let expected = if looks { 1..count / 3 } else { 0..1 };
        assert!(expected.contains(&readers.count()), "{id}");
    }
}
