// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Groth16Verifier} from "./Groth16Verifier.sol";

/// @title A rollup whose state moves only along transitions that are proven.
/// @dev The state is a commitment to balances that nobody needs to see. What users send it from here is a message that
/// the operator has to answer for. Where messages are kept, and whether the proof is checked in the transaction that moves the
/// state or before, is left to the contracts that build on this one.
abstract contract ValidityRollup {
    Groth16Verifier public immutable verifier;
    address public immutable operator;
    uint256 public state;
    /// @notice How many transitions have been applied.
    uint256 public height;

    event Advanced(uint256 indexed height, uint256 state);
    event MessageSent(address indexed sender, bytes32 indexed id, bytes message);

    error InvalidProof(uint256 before, uint256 then);
    error NotOperator(address caller);
    error StaleState(uint256 before, uint256 state);

    modifier onlyOperator() {
        if (msg.sender != operator) revert NotOperator(msg.sender);
        _;
    }

    constructor(Groth16Verifier verifier_, address operator_, uint256 genesis) {
        verifier = verifier_;
        operator = operator_;
        state = genesis;
    }

    /// @notice Sends a message to the rollup.
    function send(bytes calldata message) external returns (bytes32 id) {
        id = _queue(message);
        emit MessageSent(msg.sender, id, message);
    }

    /// @dev Keeps a message and returns what it is known by.
    function _queue(bytes calldata message) internal virtual returns (bytes32 id);

    function _requireProven(uint256 before, uint256 then, Groth16Verifier.Proof calldata proof) internal view {
        if (!verifier.verify(before, then, proof)) revert InvalidProof(before, then);
    }

    function _advance(uint256 before, uint256 then) internal {
        if (before != state) revert StaleState(before, state);
        state = then;
        emit Advanced(++height, then);
    }
}
