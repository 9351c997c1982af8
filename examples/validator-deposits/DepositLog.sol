// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {DepositChecks} from "./DepositChecks.sol";

/// @title Deposits for validators that are only logged, in the spirit of EIP-6110.
/// @dev Since the consensus layer reads deposits from the block's logs, their order is the order of the logs and nobody
/// needs a counter or a tree on chain. The ether is sent to an address that is a hash of the validator's key, which
/// nobody can spend from: what was paid for a validator is that account's balance, and no two validators share one.
contract DepositLog is DepositChecks {
    error PaymentFailed(address to, uint256 amount);

    function deposit(
        bytes calldata pubkey,
        bytes calldata withdrawalCredentials,
        bytes calldata signature,
        bytes32 depositDataRoot
    ) external payable {
        bytes memory amount = _check(pubkey, withdrawalCredentials, signature, depositDataRoot);
        emit Deposited(pubkey, withdrawalCredentials, amount, signature, "");
        address sink = sinkOf(pubkey);
        (bool paid,) = sink.call{value: msg.value}("");
        if (!paid) revert PaymentFailed(sink, msg.value);
    }

    /// @notice Where the ether for a validator goes.
    function sinkOf(bytes calldata pubkey) public pure returns (address) {
        return address(uint160(uint256(keccak256(abi.encodePacked("deposit", pubkey)))));
    }

    /// @notice Wei paid for a validator so far.
    function depositedFor(bytes calldata pubkey) external view returns (uint256) {
        return sinkOf(pubkey).balance;
    }
}
