// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";

/// @title Hands tokens out in a loop.
/// @dev All batches take from the same balance and, coming from the same sender, have consecutive nonces.
contract LoopDrop {
    Erc20 public immutable token;
    address public immutable owner;
    mapping(address account => bool) public hasReceived;

    event Dropped(uint256 accounts, uint256 amount);

    error AlreadyReceived(address account);
    error NotOwner(address caller);
    error TransferFailed(address to);
    error WrongLength(uint256 accounts, uint256 amounts);

    constructor(Erc20 token_, address owner_) {
        token = token_;
        owner = owner_;
    }

    /// @notice Sends tokens of this contract's to each of `accounts`; nobody receives twice.
    function drop(address[] calldata accounts, uint256[] calldata amounts) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        if (accounts.length != amounts.length) revert WrongLength(accounts.length, amounts.length);
        uint256 sum;
        for (uint256 i = 0; i < accounts.length; ++i) {
            if (hasReceived[accounts[i]]) revert AlreadyReceived(accounts[i]);
            hasReceived[accounts[i]] = true;
            sum += amounts[i];
            if (!token.transfer(accounts[i], amounts[i])) revert TransferFailed(accounts[i]);
        }
        emit Dropped(accounts.length, sum);
    }
}
