// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Dao} from "./Dao.sol";

/// @title Counts each vote when it is cast.
/// @dev Every vote for the same choice adds to the same slot of `tallyOf`, so the voters of a proposal wait for one another
/// although no voter's ballot depends on another's.
contract TallyDao is Dao {
    mapping(uint256 id => mapping(address member => bool)) public hasVoted;

    constructor(address chair_, uint256 quorum_) payable Dao(chair_, quorum_) {}

    function _cast(uint256 id, address member, Choice choice) internal override {
        if (hasVoted[id][member]) revert AlreadyVoted(id, member);
        hasVoted[id][member] = true;
        uint256 votes = votesOf[member];
        _add(id, choice, votes);
        emit Voted(id, member, choice, votes, msg.sender);
    }

    function _requireCounted(uint256) internal view override {}
}
