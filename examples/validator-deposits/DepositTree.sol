// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {DepositChecks} from "./DepositChecks.sol";

/// @title Deposits for validators, kept as the leaves of an incremental Merkle tree, as on the beacon chain's launch.
/// @dev The tree's root commits to the order of all deposits, so each one needs the number of the one before it and the
/// branch that one left. The ether stays here for ever: the consensus layer pays withdrawals out of nothing.
contract DepositTree is DepositChecks {
    uint256 private constant DEPTH = 32;

    uint256 public depositCount;
    bytes32[DEPTH] public branch;
    /// @dev The roots of trees of zeros.
    bytes32[DEPTH] private zeroHashes;

    error TreeFull();

    constructor() {
        for (uint256 height = 0; height < DEPTH - 1; ++height) {
            zeroHashes[height + 1] = sha256(abi.encodePacked(zeroHashes[height], zeroHashes[height]));
        }
    }

    function deposit(
        bytes calldata pubkey,
        bytes calldata withdrawalCredentials,
        bytes calldata signature,
        bytes32 depositDataRoot
    ) external payable {
        bytes memory amount = _check(pubkey, withdrawalCredentials, signature, depositDataRoot);
        uint256 index = depositCount;
        if (index >= 2 ** DEPTH - 1) revert TreeFull();
        emit Deposited(pubkey, withdrawalCredentials, amount, signature, _littleEndian(uint64(index)));
        depositCount = index + 1;

        // The leaf climbs until it is a left child; there it waits for its sibling.
        uint256 size = index + 1;
        bytes32 node = depositDataRoot;
        uint256 height = 0;
        for (; size & 1 == 0; ++height) {
            node = sha256(abi.encodePacked(branch[height], node));
            size >>= 1;
        }
        branch[height] = node;
    }

    /// @notice The tree's root with the number of its leaves mixed in, as SSZ has it.
    function depositRoot() external view returns (bytes32) {
        bytes32 node;
        uint256 size = depositCount;
        for (uint256 height = 0; height < DEPTH; ++height) {
            node = size & 1 == 1
                ? sha256(abi.encodePacked(branch[height], node))
                : sha256(abi.encodePacked(node, zeroHashes[height]));
            size >>= 1;
        }
        return sha256(abi.encodePacked(node, _littleEndian(uint64(depositCount)), bytes24(0)));
    }
}
