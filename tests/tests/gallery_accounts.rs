//! What the contracts of the gallery's account features and pathological workloads do.

use evm_lanes_tests::story::{ETHER, Story};

const FINNEY: u128 = ETHER / 1000;

#[test]
fn smart_accounts_act_once_and_pay_their_bundler() {
    for id in ["smart-accounts/contended", "smart-accounts/parallel"] {
        let story = Story::of(id);
        assert_eq!(story.events("Handled").len(), 48, "{id}");
        assert_eq!(story.last("shop7 balance"), ETHER / 2, "{id}: the account has paid");
        assert_eq!(story.refusals(), ["WrongNonce", "Refused"], "{id}");
    }
    // The sponsor's deposit of 10 ether has paid 48 fees of a hundredth.
    let contended = Story::of("smart-accounts/contended");
    assert_eq!(contended.last("entry.depositOf[sponsor]"), 10 * ETHER - 480 * FINNEY);
    let parallel = Story::of("smart-accounts/parallel");
    assert_eq!(parallel.last("entry.depositOf[bundler7]"), 10 * FINNEY);
    assert_eq!(parallel.last("entry.depositOf[user7-account]"), ETHER - 10 * FINNEY);
}

#[test]
fn sponsors_run_what_was_approved_once() {
    for id in ["sponsored-batches/contended", "sponsored-batches/parallel"] {
        let story = Story::of(id);
        assert_eq!(story.events("Executed").len(), 60, "{id}: forty for a fee, twenty without");
        assert_eq!(story.refusals(), ["NotApproved", "NotSelf"], "{id}");
        assert_eq!(story.last("savings39 balance"), 2 * ETHER, "{id}");
        let fees: u128 = story.events("Executed").iter().map(|(_, e)| e.number("fee")).sum();
        assert_eq!(fees, 400 * FINNEY, "{id}");
    }
}

#[test]
fn a_purse_pays_with_twenty_confirmations() {
    let contended = Story::of("multisig/contended");
    assert_eq!(contended.last("gardener balance"), 5 * ETHER);
    assert_eq!(contended.last("purse.confirmations[1]"), 20);
    assert_eq!(contended.last("purse.confirmations[0]"), 19, "not enough for the builder");
    let refused = contended.refusals();
    assert_eq!(refused[..10], ["ExecutedAlready"; 10], "those who came after the payment");
    assert_eq!(refused[10..], ["ConfirmedAlready", "NotAnOwner"]);
    let parallel = Story::of("multisig/parallel");
    assert_eq!(parallel.last("gardener balance"), 5 * ETHER);
    assert_eq!(parallel.refusals(), ["NotEnough", "ConfirmedAlready", "NotAnOwner"]);
    assert_eq!(parallel.events("Confirmed").len(), 49);
}

#[test]
fn wallets_are_created_once_for_each_salt() {
    for id in ["wallet-factory/contended", "wallet-factory/unlisted"] {
        let story = Story::of(id);
        assert_eq!(story.events("Created").len(), 49, "{id}");
        assert_eq!(story.refusals(), ["AlreadyExists"], "{id}");
    }
    assert!(Story::of("wallet-factory/parallel").refusals().is_empty());
}

#[test]
fn pathological_blocks_do_what_their_texts_say() {
    for id in ["one-slot/contended", "one-slot/parallel"] {
        let story = Story::of(id);
        assert_eq!(story.events("Signed").len(), 30, "{id}");
        assert_eq!(story.refusals(), ["SignedAlready", "NotTheKeeper"], "{id}");
    }
    assert_eq!(Story::of("one-slot/contended").last("book.last"), 30);
    // At less than 140 the deposit is not worth enough: after twelve reports of nineteen.
    let contended = Story::of("oracle-update/contended");
    assert_eq!(contended.refusals(), ["OverLimit"; 21]);
    let parallel = Story::of("oracle-update/parallel");
    assert_eq!(parallel.events("Borrowed").len(), 60);
    assert!(parallel.refusals().is_empty());
    // The last aim is at 11 · 5 mod 7.
    assert_eq!(Story::of("moving-writes/contended").last("range.hits[6]"), 36);
    assert_eq!(Story::of("moving-writes/parallel").last("range3.hits[1]"), 3);
    assert_eq!(Story::of("same-sender/contended").last("customer999 balance"), 10 * FINNEY);
}
