// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Dao} from "./Dao.sol";

/// @title Keeps a receipt for each ballot and counts the receipts once the vote is closed.
/// @dev A vote writes one slot that belongs to the proposal and the voter alone. Anybody may count receipts, in as many batches
/// as they like. Nobody can leave out ballots they dislike: until `challengePeriod` seconds after the last count anybody can have
/// more receipts counted, and only then is the proposal paid.
contract ReceiptDao is Dao {
    struct Receipt {
        Choice choice;
        bool counted;
        uint128 votes;
    }

    uint256 public immutable challengePeriod;
    mapping(uint256 id => mapping(address member => Receipt)) public receiptOf;
    mapping(uint256 id => uint256) public lastCount;

    event Counted(uint256 indexed id, uint256 ballots, address indexed by);

    error AlreadyCounted(uint256 id, address member);
    error CountOpen(uint256 until);
    error NotCounted(uint256 id);

    constructor(address chair_, uint256 quorum_, uint256 challengePeriod_) payable Dao(chair_, quorum_) {
        challengePeriod = challengePeriod_;
    }

    /// @notice Adds the ballots of `members` to the tally, passing over those who have not voted; each is counted once.
    function count(uint256 id, address[] calldata members) external inStage(id, Stage.Closed) {
        Tally memory tally = tallyOf[id];
        for (uint256 i = 0; i < members.length; ++i) {
            Receipt storage receipt = receiptOf[id][members[i]];
            if (receipt.choice == Choice.None) continue;
            if (receipt.counted) revert AlreadyCounted(id, members[i]);
            receipt.counted = true;
            if (receipt.choice == Choice.For) tally.inFavour += receipt.votes;
            else if (receipt.choice == Choice.Against) tally.against += receipt.votes;
            else tally.abstained += receipt.votes;
        }
        tallyOf[id] = tally;
        lastCount[id] = block.timestamp;
        emit Counted(id, members.length, msg.sender);
    }

    function _cast(uint256 id, address member, Choice choice) internal override {
        if (receiptOf[id][member].choice != Choice.None) revert AlreadyVoted(id, member);
        uint256 votes = votesOf[member];
        receiptOf[id][member] = Receipt(choice, false, uint128(votes));
        emit Voted(id, member, choice, votes, msg.sender);
    }

    function _requireCounted(uint256 id) internal view override {
        uint256 counted = lastCount[id];
        if (counted == 0) revert NotCounted(id);
        if (block.timestamp < counted + challengePeriod) revert CountOpen(counted + challengePeriod);
    }
}
