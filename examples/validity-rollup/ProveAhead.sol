// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Groth16Verifier} from "./Groth16Verifier.sol";
import {ValidityRollup} from "./ValidityRollup.sol";

/// @title A register of proven transitions, filled in any order by anybody, and a short step that moves the state along them.
/// @dev That a transition is valid does not depend on the state the contract is in, so checking proofs needs no order. A message
/// is known by its sender's own count.
contract ProveAhead is ValidityRollup {
    mapping(bytes32 transition => bool) public isProven;
    mapping(address sender => uint256) public messagesOf;
    mapping(bytes32 id => uint256) public sentAt;

    event Proven(uint256 indexed before, uint256 indexed then, address indexed prover);

    error NotProven(uint256 before, uint256 then);

    constructor(Groth16Verifier verifier_, address operator_, uint256 genesis)
        ValidityRollup(verifier_, operator_, genesis)
    {}

    /// @notice Registers that the state `then` may follow `before`.
    function prove(uint256 before, uint256 then, Groth16Verifier.Proof calldata proof) external {
        _requireProven(before, then, proof);
        isProven[keccak256(abi.encode(before, then))] = true;
        emit Proven(before, then, msg.sender);
    }

    /// @notice Moves the state along `states`, the first of which follows `before`.
    function advance(uint256 before, uint256[] calldata states) external onlyOperator {
        for (uint256 i = 0; i < states.length; ++i) {
            if (!isProven[keccak256(abi.encode(before, states[i]))]) revert NotProven(before, states[i]);
            _advance(before, states[i]);
            before = states[i];
        }
    }

    function _queue(bytes calldata message) internal override returns (bytes32 id) {
        id = keccak256(abi.encode(msg.sender, messagesOf[msg.sender]++, message));
        sentAt[id] = block.timestamp;
    }
}
