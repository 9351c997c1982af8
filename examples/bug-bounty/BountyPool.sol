// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Bounties} from "./Bounties.sol";

/// @title All sponsors insure one another: rewards come out of one pot, and reports are numbered for the whole platform.
/// @dev Every report writes `reports`, every reward writes `pot`.
contract BountyPool is Bounties {
    uint256 public pot;
    uint256 public reports;
    mapping(uint256 report => uint256) public numberOf;

    constructor(address arbiter_) Bounties(arbiter_) {}

    function _fund(uint256, uint256 amount) internal override {
        pot += amount;
    }

    function _release(uint256 programme, uint256 amount) internal override {
        uint256 funds = pot;
        if (funds < amount) revert InsufficientFunds(programme, funds, amount);
        unchecked {
            pot = funds - amount;
        }
    }

    function _onCommit(uint256, uint256 report) internal override {
        numberOf[report] = ++reports;
    }
}
