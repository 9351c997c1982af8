// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";

/// @title Holds tokens for the contract that made it, and pays them out when told to.
/// @dev A token keeps one balance for each holder. A contract that is to have several balances needs several holders.
contract Custody {
    address private immutable master = msg.sender;

    error NotMaster(address caller);
    error TransferFailed(Erc20 token);

    function pay(Erc20 token, address to, uint256 amount) external {
        if (msg.sender != master) revert NotMaster(msg.sender);
        if (!token.transfer(to, amount)) revert TransferFailed(token);
    }
}
