// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title Code for an ordinary account to delegate to (EIP-7702): several calls in one transaction, all or none.
/// @dev It runs with the account's own address and storage, so only the account itself may use it.
contract BatchWallet {
    struct Call {
        address to;
        uint256 value;
        bytes data;
    }

    /// @notice How many batches the account has run.
    uint256 public batches;

    event Executed(uint256 indexed batch, uint256 calls);

    error CallFailed(uint256 index, bytes reason);
    error NotSelf(address caller);

    receive() external payable {}

    function execute(Call[] calldata calls) external payable {
        if (msg.sender != address(this)) revert NotSelf(msg.sender);
        uint256 batch = batches + 1;
        batches = batch;
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool done, bytes memory reason) = calls[i].to.call{value: calls[i].value}(calls[i].data);
            if (!done) revert CallFailed(i, reason);
        }
        emit Executed(batch, calls.length);
    }
}
