// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Bounties} from "./Bounties.sol";

/// @title An escrow for each programme; a report is known by its hash and needs no number.
/// @dev Rewards of one programme wait for one another, because each must still find enough in its escrow. Nothing else does.
contract BountyEscrow is Bounties {
    mapping(uint256 programme => uint256) public escrowOf;

    constructor(address arbiter_) Bounties(arbiter_) {}

    function _fund(uint256 programme, uint256 amount) internal override {
        escrowOf[programme] += amount;
    }

    function _release(uint256 programme, uint256 amount) internal override {
        uint256 funds = escrowOf[programme];
        if (funds < amount) revert InsufficientFunds(programme, funds, amount);
        unchecked {
            escrowOf[programme] = funds - amount;
        }
    }

    function _onCommit(uint256, uint256) internal override {}
}
