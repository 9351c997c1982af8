// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {OptimisticRollup} from "./OptimisticRollup.sol";

/// @title The order of the batches is the order in which they arrive, and there is one latest claim.
/// @dev Every post extends `accumulator` and `batches`, so posts wait for one another, with all their data. A refuted claim takes
/// the latest claim back to its parent, and with it everything that was built on it.
contract ChainRollup is OptimisticRollup {
    uint256 public batches;
    /// @notice Commits to all batches and their order.
    bytes32 public accumulator;
    mapping(uint256 number => bytes32) public batchAt;
    mapping(bytes32 batch => uint256) public transfersIn;
    bytes32 public latest;
    /// @notice How many batches the latest claim and those before it have consumed.
    uint256 public claimed;
    mapping(uint256 number => bytes32) public claimAt;
    mapping(bytes32 claim => uint256) public numberOf;

    error NotLatest(bytes32 parent, bytes32 latest);
    error NotNext(bytes32 batch, bytes32 next);

    constructor(bytes32 chain_, uint256 window_, bytes32 genesisRoot) OptimisticRollup(chain_, window_, genesisRoot) {}

    function _keep(bytes32 batch, uint256 transfers) internal override {
        batchAt[batches++] = batch;
        accumulator = keccak256(abi.encode(accumulator, batch));
        transfersIn[batch] = transfers;
    }

    function _transfersIn(bytes32 batch) internal view override returns (uint256) {
        return transfersIn[batch];
    }

    function _onAssert(bytes32 parent, bytes32 batch, bytes32 id) internal override {
        if (parent != latest) revert NotLatest(parent, latest);
        bytes32 next = batchAt[claimed];
        if (batch != next) revert NotNext(batch, next);
        latest = id;
        numberOf[id] = claimed;
        claimAt[claimed++] = id;
    }

    function _onRefute(bytes32 id, bytes32 parent) internal override {
        uint256 number = numberOf[id];
        // What was built on a claim that is refuted already is no part of the chain any more.
        if (number >= claimed || claimAt[number] != id) return;
        latest = parent;
        claimed = number;
    }
}
