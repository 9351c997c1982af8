// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Account, Operation} from "./EntryPoint.sol";

/// @title An account that is a contract: its owner approves operations, the entry point runs them.
/// @dev In place of a signature the owner stores the hash of what is wanted, as with Safe's approved hashes: scenarios have
/// names, not keys.
contract SmartAccount is Account {
    address public immutable owner;
    address public immutable entryPoint;
    mapping(bytes32 operation => bool) public isApproved;

    event Approved(bytes32 indexed operation);

    error NotTheOwner(address caller);
    error NotTheEntryPoint(address caller);
    error CallFailed(bytes reason);

    constructor(address owner_, address entryPoint_) {
        owner = owner_;
        entryPoint = entryPoint_;
    }

    receive() external payable {}

    function approve(Operation calldata operation) external {
        if (msg.sender != owner) revert NotTheOwner(msg.sender);
        bytes32 hash = keccak256(abi.encode(operation));
        isApproved[hash] = true;
        emit Approved(hash);
    }

    function validate(Operation calldata operation) external view returns (bool) {
        if (msg.sender != entryPoint) revert NotTheEntryPoint(msg.sender);
        return isApproved[keccak256(abi.encode(operation))];
    }

    function execute(address to, uint256 value, bytes calldata data) external {
        if (msg.sender != entryPoint) revert NotTheEntryPoint(msg.sender);
        (bool done, bytes memory reason) = to.call{value: value}(data);
        if (!done) revert CallFailed(reason);
    }
}
