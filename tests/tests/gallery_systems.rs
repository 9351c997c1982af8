//! What the contracts of the gallery's games, organisations and rollups do: a contract that did nothing would fail here.

use evm_lanes_tests::story::{ETHER, Story};

const FINNEY: u128 = ETHER / 1000;

#[test]
fn a_vote_counts_each_ballot_once_and_pays_what_was_decided() {
    for id in ["dao-vote/contended", "dao-vote/parallel"] {
        let story = Story::of(id);
        // The ballots are the tally, whoever cast them; a delegate's are the members'.
        let ballots = story.events("Voted");
        let votes = |proposal: u128, choice: u128| -> u128 {
            let on = ballots.iter().map(|(_, event)| event);
            let on = on
                .filter(|event| event.number("id") == proposal && event.number("choice") == choice);
            on.map(|event| event.number("votes")).sum()
        };
        assert!(votes(1, 2) > votes(1, 1), "{id}: the first proposal has a majority");
        assert_eq!(story.last("dao.tallyOf[1].inFavour"), votes(1, 2), "{id}");
        assert_eq!(story.last("dao.tallyOf[1].against"), votes(1, 1), "{id}");
        assert_eq!(story.last("dao.tallyOf[2].against"), votes(2, 1), "{id}");
        assert!(votes(2, 1) >= 15, "{id}: the whale's ballot weighs fifteen");
        let by_delegate = ballots.iter().filter(|(_, event)| event.text("castBy") == "delegate");
        assert_eq!(by_delegate.count(), 5, "{id}");
        let refused = story.refusals();
        assert_eq!(
            refused[..6],
            [
                "AlreadyVoted",
                "NotADelegate",
                "AlreadyVoted",
                "NotAMember",
                "StillOpen",
                "NotInStage"
            ],
            "{id}"
        );
    }
    let contended = Story::of("dao-vote/contended");
    assert_eq!(contended.refusals()[6..], ["Rejected", "NotInStage"]);
    let payouts = |story: &Story| -> Vec<(String, u128)> {
        let paid = story.events("Executed");
        paid.iter().map(|(_, e)| (e.text("recipient").to_owned(), e.number("amount"))).collect()
    };
    let builder = ("builder".to_owned(), 25 * ETHER);
    let gardener = ("gardener".to_owned(), 3 * ETHER);
    assert_eq!(payouts(&contended), [builder.clone(), gardener.clone()]);
    assert_eq!(contended.last("builder balance"), 25 * ETHER);
    assert_eq!(contended.last("dao balance"), 72 * ETHER);
    // With receipts the payout waits until nobody can have more counted …
    let parallel = Story::of("dao-vote/parallel");
    assert_eq!(
        parallel.refusals()[6..],
        ["AlreadyCounted", "CountOpen", "CountOpen", "NotInStage"]
    );
    assert_eq!(payouts(&parallel), std::slice::from_ref(&gardener));
    // … and is made then.
    let later = Story::with("dao-vote/parallel", "86400", "0");
    assert_eq!(payouts(&later), [builder, gardener]);
    assert_eq!(later.last("builder balance"), 25 * ETHER);
}

#[test]
fn tips_reach_authors_and_curators_and_no_wei_is_lost() {
    for id in ["content-tips/contended", "content-tips/parallel"] {
        let story = Story::of(id);
        let tips = story.events("Tipped");
        assert!(tips.len() > 50, "{id}");
        for (_, tip) in &tips {
            let part = tip.number("toCurators");
            assert!(part == tip.number("amount") / 10 || part == 0, "{id}: {tip:?}");
        }
        // Author 0 gets of each tip what the curators do not, and every stake on the post.
        let of_post = |name: &str| {
            let events = story.events(name).into_iter().map(|(_, event)| event);
            events.filter(|event| event.number("id") == 0).collect::<Vec<_>>()
        };
        let earned: u128 = of_post("Tipped")
            .iter()
            .map(|tip| tip.number("amount") - tip.number("toCurators"))
            .sum();
        let staked: u128 = of_post("Curated").iter().map(|stake| stake.number("stake")).sum();
        // Four ether were staked before the block, and two are withdrawn at its end.
        assert_eq!(
            story.last("posts.creditOf[author0]"),
            4 * ETHER + earned + staked - 2 * ETHER,
            "{id}"
        );
        // Three wei staked for one: three times the reward.
        let rewards = story.events("Rewarded");
        let [(_, first), (_, second)] = rewards.as_slice() else { panic!("{id}: {rewards:?}") };
        let (first, second) = (first.number("reward"), second.number("reward"));
        assert!(first.abs_diff(3 * second) <= 3 && second > 0, "{id}: {first} {second}");
        assert_eq!(
            story.refusals(),
            [
                "NothingToClaim",
                "NothingToClaim",
                "OwnPost",
                "ZeroAmount",
                "NoSuchPost",
                "InsufficientCredit"
            ],
            "{id}"
        );
    }
    // A platform's curators share in what theirs would have kept for themselves.
    let rewards = |id| Story::of(id).events("Rewarded")[0].1.number("reward");
    assert_ne!(rewards("content-tips/contended"), rewards("content-tips/parallel"));
    // A post nobody recommended gives everything to its author.
    let apart = Story::of("content-tips/parallel");
    assert!(apart.events("Tipped").iter().any(|(_, tip)| tip.number("toCurators") == 0));
}

#[test]
fn bounties_are_paid_out_of_what_is_locked() {
    let rewards = [100 * FINNEY, 500 * FINNEY, 2 * ETHER, 10 * ETHER];
    for (id, covered) in [("bug-bounty/contended", 1), ("bug-bounty/parallel", 0)] {
        let story = Story::of(id);
        let accepted = story.events("Accepted");
        for (_, event) in &accepted {
            assert_eq!(event.number("reward"), rewards[event.number("severity") as usize], "{id}");
        }
        assert_eq!(accepted.len(), 14 + covered, "{id}");
        // The arbiter overruled the rejection of hunter0's report.
        assert_eq!(story.last("bounties.creditOf[hunter0]"), 10 * ETHER, "{id}");
        let withdrawn = story.event("Withdrawn");
        assert_eq!(
            (withdrawn.text("account"), withdrawn.number("amount")),
            ("hunter4", 100 * FINNEY),
            "{id}"
        );
        assert_eq!(story.last("bounties.creditOf[hunter4]"), 0, "{id}");
        let refusals = story.refusals();
        let refusals = refusals.strip_prefix(&["InsufficientFunds"]).unwrap_or(&refusals);
        assert_eq!(
            refusals,
            [
                "NotArbiter",
                "WrongStage",
                "NotSponsor",
                "WrongText",
                "NotReporter",
                "NothingToWithdraw"
            ],
            "{id}"
        );
    }
    let pot = Story::of("bug-bounty/contended");
    let paid: u128 = pot.events("Accepted").iter().map(|(_, event)| event.number("reward")).sum();
    assert_eq!(pot.last("bounties.pot"), 7 * 30 * ETHER + 2500 * FINNEY - paid);
    assert_eq!(pot.last("bounties.reports"), 20 + 32);
    let escrow = Story::of("bug-bounty/parallel");
    assert_eq!(escrow.refusals()[0], "InsufficientFunds");
    assert_eq!(escrow.last("bounties.escrowOf[8]"), 500 * FINNEY);
}

#[test]
fn a_crowdsale_pays_out_or_pays_back() {
    for id in ["crowdsale/contended", "crowdsale/parallel"] {
        let story = Story::of(id);
        let bought = story.events("Bought");
        assert!(
            bought.iter().all(|(_, event)| event.number("tokens") == 100 * event.number("paid")),
            "{id}"
        );
        // One ether was paid before the block.
        let raised = ETHER + bought.iter().map(|(_, event)| event.number("paid")).sum::<u128>();
        let decided = story.events("Decided");
        let stages: Vec<_> = decided.iter().map(|(_, event)| event.number("stage")).collect();
        assert_eq!(stages, [2, 1], "{id}: one fails, one succeeds");
        assert_eq!(decided[1].1.number("raised"), raised, "{id}");
        let released = story.events("Released");
        assert_eq!(
            released.iter().map(|(_, event)| event.number("amount")).sum::<u128>(),
            raised,
            "{id}"
        );
        assert_eq!(story.last("treasury balance"), raised, "{id}");
        let refunds = story.events("Refunded");
        let refunds: Vec<_> =
            refunds.iter().map(|(_, e)| (e.text("buyer"), e.number("amount"))).collect();
        assert_eq!(refunds, [("early", 3 * ETHER), ("late", 2 * ETHER)], "{id}");
        assert_eq!(story.last("other balance"), 0, "{id}");
        // A hundred tokens for each ether that was not paid go back.
        let returned = story.events("Returned");
        let returned: Vec<_> = returned.iter().map(|(_, event)| event.number("tokens")).collect();
        let cap = if id.ends_with("parallel") { 20 * ETHER } else { 160 * ETHER };
        assert_eq!(returned, [100 * (cap - story.last("tranche0.raised")), 2000 * ETHER], "{id}");
        assert_eq!(story.last("token.balanceOf[early]"), 100 * ETHER, "{id}");
        assert_eq!(
            story.refusals(),
            [
                "NotSuccessful",
                "NotOwner",
                "BelowMinimum",
                "CapReached",
                "GoalMissed",
                "NothingPaid",
                "NothingPaid",
                "NotOpen",
                "AlreadyReturned"
            ],
            "{id}"
        );
    }
}

#[test]
fn battles_pay_their_winners_and_traders_each_other() {
    for id in ["game-battles/contended", "game-battles/parallel"] {
        let story = Story::of(id);
        let fought = story.events("Fought");
        let won = fought.iter().filter(|(_, event)| event.text("won") == "true").count();
        assert!(fought.len() > 40, "{id}");
        assert!(
            (fought.len() / 5..fought.len() * 4 / 5).contains(&won),
            "{id}: {won} of {} won",
            fought.len()
        );
        let looted = fought.iter().filter(|(_, event)| event.number("loot") != 0).count();
        assert!(looted > 0 && looted < fought.len() / 2, "{id}: {looted}");
        for (_, sale) in story.events("Sold") {
            assert_eq!(sale.number("fee"), sale.number("price") / 20, "{id}");
        }
        // A sword makes a hero stronger by one; children are at least as strong as the weaker parent, and champions now.
        assert!(story.event("Equipped").number("strength") > 50, "{id}");
        let births = story.events("Born");
        assert!(births.iter().any(|(_, event)| event.text("player") == "rookie"), "{id}");
        for (_, child) in &births {
            assert!((50..109).contains(&child.number("strength")), "{id}: {child:?}");
        }
        let all = story.refusals();
        let failed = &all[all
            .iter()
            .position(|&reason| reason == "PriceRose")
            .expect("a price that rose")
            - 1..];
        assert_eq!(
            failed[..6],
            ["NoOffer", "PriceRose", "NotAtStud", "NoChampion", "Oneself", "NoItem"],
            "{id}"
        );
    }
    // The rookie's gold: a hundred to begin with, less the sword and the stud fee.
    assert_eq!(Story::of("game-battles/contended").last("gold.balanceOf[rookie]"), 65 * ETHER);
    let apart = Story::of("game-battles/parallel");
    assert_eq!(apart.last("arena.purseOf[rookie]"), 65 * ETHER);
    assert_eq!(apart.refusals().last(), Some(&"InsufficientGold"));
    // The veteran has a stud fee more than the hundred, and cashes out fifty.
    assert_eq!(apart.last("arena.purseOf[veteran]"), 55 * ETHER);
    assert_eq!(apart.last("gold.balanceOf[veteran]"), 50 * ETHER);
    // Together the house has its fee of each sale.
    let together = Story::of("game-battles/contended");
    let fees: u128 = together.events("Sold").iter().map(|(_, sale)| sale.number("fee")).sum();
    assert_eq!(together.last("arena.kept"), fees);
}

#[test]
fn land_is_sold_once_let_once_and_its_seats_are_taken_once() {
    let curve = Story::of("virtual-land/contended");
    let plan = Story::of("virtual-land/parallel");
    for story in [&curve, &plan] {
        assert_eq!(story.events("Bought").len(), 40);
        assert_eq!(story.event("Let").text("tenant"), "settler20");
        let seats = story.events("Seated");
        let mut taken: Vec<_> =
            seats.iter().map(|(_, seat)| (seat.number("x"), seat.number("seat"))).collect();
        taken.sort_unstable();
        let count = taken.len();
        taken.dedup();
        assert_eq!((count, taken.len()), (30, 30), "no seat is taken twice");
        assert_eq!(
            story.refusals()[..7],
            [
                "AlreadyLet",
                "AlreadyOwned",
                "NotOwner",
                "PriceRose",
                "NoShow",
                "OutsideTheWorld",
                "TooSmall"
            ]
        );
        assert_eq!(story.refusals().last(), Some(&"NotSteward"));
        // Ten days at a hundredth of an ether, on ten less a parcel and a building; the tenant pays as much.
        let paid = ETHER / 10;
        let before = story.first("land.creditOf[landlord]");
        assert_eq!(story.last("land.creditOf[landlord]"), before + paid);
    }
    // Each parcel is a thousandth of an ether dearer than the last, and the steward gets it all.
    let prices: Vec<_> =
        curve.events("Bought").iter().map(|(_, event)| event.number("price")).collect();
    assert!(prices.windows(2).all(|pair| pair[1] == pair[0] + FINNEY));
    let three_and_their_buildings = 3 * (100 * FINNEY + 50 * FINNEY) + 3 * FINNEY;
    let built = 12 * 50 * FINNEY;
    let total = prices.iter().sum::<u128>() + three_and_their_buildings + built;
    assert_eq!(curve.last("land.creditOf[steward]"), total);
    assert_eq!(curve.last("land.treasury"), 0);
    // By plan, the seat of another is refused, and the host cashes up what the guests paid.
    assert!(plan.refusals().contains(&"SeatTaken"));
    let seated = plan.events("Seated");
    let first_twenty =
        seated.iter().filter(|(_, e)| e.number("x") == 110 && e.number("seat") < 20).count();
    let before = plan.first("land.creditOf[host1]");
    assert_eq!(plan.last("land.creditOf[host1]"), before + 20 * FINNEY * first_twenty as u128);
    assert!(first_twenty > 10);
    let [corner, middle] = [0u128, 39].map(|x| {
        let bought = plan.events("Bought");
        bought.iter().find(|(_, e)| e.number("x") == x).expect("it was bought").1.number("price")
    });
    assert!(middle > corner, "land is dearer in the middle");
}

#[test]
fn rents_reach_the_holders_pushed_or_fetched() {
    let pushed = Story::of("real-world-asset/contended");
    let pulled = Story::of("real-world-asset/parallel");
    for story in [&pushed, &pulled] {
        let rents = story.events("Distributed");
        assert!(
            rents.len() > 2 && rents.iter().all(|(_, rent)| rent.number("amount") == 1000 * ETHER)
        );
        assert_eq!(story.refusals()[..3], ["NotVerified", "InsufficientShares", "NotManager"]);
    }
    assert_eq!(pulled.refusals()[3..], ["NothingToClaim", "NothingToClaim"]);
    let total = 1000 * ETHER * pulled.events("Distributed").len() as u128;
    // Whoever claims has what was pushed to them in the other design: the same trades, the same dividends.
    let claims = pulled.events("Claimed");
    assert_eq!(claims.len(), 8);
    for (_, claim) in &claims {
        let holder = format!("cash.balanceOf[{}]", claim.text("account"));
        let amount = claim.number("amount");
        assert_eq!(pulled.last(&holder), amount);
        assert_eq!(pushed.last(&holder), amount, "{holder}");
        assert!(amount > total / 100 && amount < total / 25, "some twenty shares of a thousand");
    }
    // The manager has the two hundred shares that were not placed, and is paid for them, by itself.
    let paid: u128 = claims.iter().map(|(_, claim)| claim.number("amount")).sum();
    assert_eq!(pulled.last("cash.balanceOf[house]"), total - paid);
    assert_eq!(pushed.last("cash.balanceOf[manager]"), 100_000 * ETHER - total * 8 / 10);
}

#[test]
fn an_airdrop_reaches_everybody_in_the_list_once() {
    let amount = |index: u128| (100 + index * 37 % 50 * 10) * ETHER;
    let looped = Story::of("airdrop/contended");
    let claimed = Story::of("airdrop/parallel");
    let bitmap = Story::of("airdrop/bitmap");
    for story in [&looped, &claimed, &bitmap] {
        for index in 0..48 {
            assert_eq!(story.last(&format!("token.balanceOf[user{index}]")), amount(index));
        }
    }
    assert_eq!(looped.refusals(), ["AlreadyReceived", "NotOwner"]);
    assert_eq!(looped.last("token.balanceOf[airdrop]"), 0);
    assert_eq!(bitmap.refusals(), ["AlreadyClaimed"]);
    assert_eq!(bitmap.last("token.balanceOf[airdrop]"), 0);
    assert_eq!(bitmap.last("airdrop.claimedBits[0]"), (1 << 48) - 1);
    assert_eq!(claimed.refusals(), ["AlreadyClaimed", "NotInTheList", "NotInTheList"]);
    // Nobody gets a token more than the list says.
    let greedy =
        Story::with("airdrop/parallel", "\"args\": [\"100 ether\"", "\"args\": [\"101 ether\"");
    assert_eq!(greedy.refusals()[0], "NotInTheList");
}

#[test]
fn channels_divide_by_the_newest_state_both_have_signed() {
    for id in ["payment-channels/contended", "payment-channels/parallel"] {
        let story = Story::of(id);
        let settled = story.events("Settled");
        assert_eq!(settled.len(), 15, "{id}");
        // What the other party was too late to answer stands.
        let stale = settled[14].1;
        assert_eq!(
            (stale.number("version"), stale.number("toA")),
            (10, 2 * ETHER - 24 * FINNEY),
            "{id}"
        );
        for (index, (_, event)) in settled.iter().take(14).enumerate() {
            let index = index as u128;
            assert_eq!(event.number("version"), 1000 + 37 * index, "{id}");
            assert_eq!(event.number("toA"), 40 * FINNEY * (10 + index), "{id}");
            assert_eq!(event.number("toA") + event.number("toB"), 2 * ETHER, "{id}");
        }
        let [closing, disputed] = ["Closing", "Disputed"].map(|name| story.events(name));
        assert_eq!((closing.len(), disputed.len()), (7, 6), "{id}");
        for ((_, old), (_, new)) in closing.iter().zip(&disputed) {
            assert!(
                old.number("version") < new.number("version")
                    && old.number("ofA") > new.number("ofA"),
                "{id}"
            );
        }
        assert_eq!(
            story.refusals(),
            [
                "StaleVersion",
                "WrongSigner",
                "WrongSigner",
                "OverWhole",
                "PeriodOpen",
                "PeriodOver",
                "WrongStage"
            ],
            "{id}"
        );
        // Without a period the last one is finished at once, and whoever is too late to dispute loses.
        let at_once = Story::with(id, "[86400]", "[0]");
        assert_eq!(at_once.events("Settled").len(), 16, "{id}");
        assert!(
            at_once.refusals().iter().filter(|&&reason| reason == "PeriodOver").count() == 8,
            "{id}"
        );
    }
    let numbered = Story::of("payment-channels/contended");
    // Fifty ether were locked, fifteen channels of two are settled, twelve with one ether opened.
    assert_eq!(numbered.last("channels.locked"), (50 - 30 + 12) * ETHER);
    assert_eq!(numbered.last("channels balance"), (50 - 30 + 12) * ETHER);
    // Of the ether alice0 has locked, four tenths come back; the rest is gas.
    let left = 99 * ETHER + 400 * FINNEY - numbered.last("alice0 balance");
    assert!(left > 0 && left < 10 * FINNEY, "{left}");
    let ledger = Story::of("payment-channels/parallel");
    assert_eq!(ledger.last("channels.creditOf[alice0]"), ETHER + 400 * FINNEY);
    assert_eq!(ledger.last("channels.creditOf[bob0]"), 0);
    assert_eq!(ledger.events("Withdrawn").len(), 2);
}

#[test]
fn a_false_claim_is_refuted_by_executing_one_transfer() {
    for id in ["optimistic-rollup/contended", "optimistic-rollup/parallel"] {
        let story = Story::of(id);
        // The forged transfer changes nothing: the right root after it is the one before.
        let refuted = story.event("Refuted");
        assert_eq!((refuted.text("challenger"), refuted.number("step")), ("watcher2", 1), "{id}");
        assert_ne!(refuted.text("claimed"), refuted.text("right"), "{id}");
        let claims = story.events("Asserted");
        let by: Vec<_> = claims.iter().map(|(_, claim)| claim.text("asserter")).collect();
        assert_eq!(by, ["liar", "validator", "another"], "{id}");
        assert_eq!(refuted.text("claim"), claims[0].1.text("claim"), "{id}");
        // The liar and the validator claim the same batch on the same parent, and come to different ends.
        assert_eq!(claims[0].1.text("batch"), claims[1].1.text("batch"), "{id}");
        assert_ne!(claims[0].1.text("lastRoot"), claims[1].1.text("lastRoot"), "{id}");
        // The bond of the liar is the challenger's.
        assert_eq!(story.last("rollup.bondsOf[watcher2]"), ETHER, "{id}");
        assert_eq!(story.last("rollup.bondsOf[liar]"), 4 * ETHER, "{id}");
        assert_eq!(story.events("BatchPosted").len(), 22, "{id}");
        // What nobody has refuted in time becomes final, and its bond comes back.
        let last = claims[2].1.text("parent");
        assert_eq!(claims[1].1.text("claim"), last, "{id}: the truth is built on");
        assert_eq!(story.event("Finalised").text("claim"), claims[0].1.text("parent"), "{id}");
        assert_eq!(story.last("rollup.bondsOf[validator]"), 4 * ETHER, "{id}");
        let later = Story::with(id, ", 86400, ", ", 0, ");
        // In a chain nothing can be claimed beside what stands, be it a lie.
        let finals = if id.ends_with("parallel") { 2 } else { 1 };
        assert_eq!(later.events("Finalised").len(), finals, "{id}");
        assert_eq!(later.events("Refuted"), [], "{id}: and cannot be refuted afterwards");
    }
    let chain = Story::of("optimistic-rollup/contended");
    assert_eq!(
        chain.refusals(),
        ["NotLatest", "StepIsRight", "NotInState", "NotPending", "WindowOpen"]
    );
    assert_eq!(chain.last("rollup.batches"), 24);
    assert_eq!(chain.last("rollup.claimed"), 3);
    let tree = Story::of("optimistic-rollup/parallel");
    assert_eq!(
        tree.refusals(),
        ["StepIsRight", "NotInState", "NotPending", "ParentRefuted", "WindowOpen"]
    );
}

#[test]
fn a_state_moves_only_along_proven_transitions() {
    let in_order = Story::of("validity-rollup/contended");
    let ahead = Story::of("validity-rollup/parallel");
    assert_eq!(in_order.refusals(), ["InvalidProof", "InvalidProof", "StaleState", "NotOperator"]);
    assert_eq!(ahead.refusals(), ["InvalidProof", "InvalidProof", "NotProven", "NotOperator"]);
    for story in [&in_order, &ahead] {
        assert_eq!(story.last("rollup.height"), 10);
        assert_eq!(story.events("MessageSent").len(), 30);
    }
    let states = |story: &Story| -> Vec<String> {
        story.events("Advanced").iter().map(|(_, event)| event.text("state").to_owned()).collect()
    };
    assert_eq!(states(&in_order), states(&ahead), "the same states, however they are proven");
    assert_eq!(ahead.events("Proven").len(), 10);
    // A check is nearly all of the work, and takes the pairing's gas at least.
    let checks =
        ahead.events("Proven").into_iter().map(|(index, _)| ahead.0.transactions[index].gas_used);
    assert!(checks.min().is_some_and(|least| least > 181_000 + 21_000));
    // Without one of the proofs nothing moves past that transition, nor does anything move in part.
    let missing = Story::with(
        "validity-rollup/parallel",
        "\"from\": \"prover4\"",
        "\"gas\": 100000, \"from\": \"prover4\"",
    );
    assert_eq!(missing.events("Proven").len(), 9);
    assert_eq!(missing.events("Advanced"), []);
}
