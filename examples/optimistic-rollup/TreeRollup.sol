// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {OptimisticRollup} from "./OptimisticRollup.sol";

/// @title Batches are known by their hash and ordered by the claims that use them; claims form a tree.
/// @dev A post writes one slot of its own. A false claim is a dead branch: others go on beside it and wait for nobody's dispute.
/// Only `head` puts claims into one order, in a transaction that carries no data.
contract TreeRollup is OptimisticRollup {
    mapping(bytes32 batch => uint256) public transfersIn;

    constructor(bytes32 chain_, uint256 window_, bytes32 genesisRoot) OptimisticRollup(chain_, window_, genesisRoot) {}

    function _keep(bytes32 batch, uint256 transfers) internal override {
        transfersIn[batch] = transfers;
    }

    function _transfersIn(bytes32 batch) internal view override returns (uint256) {
        return transfersIn[batch];
    }

    function _onAssert(bytes32, bytes32, bytes32) internal override {}

    function _onRefute(bytes32, bytes32) internal override {}
}
