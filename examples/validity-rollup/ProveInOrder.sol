// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Groth16Verifier} from "./Groth16Verifier.sol";
import {ValidityRollup} from "./ValidityRollup.sol";

/// @title Each transition is proven and applied in one transaction; messages are chained into one hash.
/// @dev Every proof waits for the transition before it, because of `state`, with all the work of checking it.
contract ProveInOrder is ValidityRollup {
    bytes32 public queue;
    uint256 public messages;

    constructor(Groth16Verifier verifier_, address operator_, uint256 genesis)
        ValidityRollup(verifier_, operator_, genesis)
    {}

    /// @notice Moves the state from `before` to `then`.
    function advance(uint256 before, uint256 then, Groth16Verifier.Proof calldata proof) external onlyOperator {
        if (before != state) revert StaleState(before, state);
        _requireProven(before, then, proof);
        _advance(before, then);
    }

    function _queue(bytes calldata message) internal override returns (bytes32 id) {
        id = keccak256(abi.encode(queue, messages++, msg.sender, message));
        queue = id;
    }
}
