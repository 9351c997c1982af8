// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Channels} from "./Channels.sol";

/// @title Channels known by a hash of their parties, opened out of credit and paid out as credit.
/// @dev Only deposits and withdrawals move ether; opening, settling and disputing touch what belongs to the two parties.
contract LedgerChannels is Channels {
    mapping(address account => uint256) public creditOf;

    event Deposited(address indexed account, uint256 amount);
    event Withdrawn(address indexed account, uint256 amount);

    error InsufficientCredit(address account, uint256 credit, uint256 needed);
    error PaymentFailed(address to, uint256 amount);

    constructor(uint256 period_) Channels(period_) {}

    function deposit() external payable {
        creditOf[msg.sender] += msg.value;
        emit Deposited(msg.sender, msg.value);
    }

    function withdraw(uint256 amount) external {
        _spend(amount);
        emit Withdrawn(msg.sender, amount);
        (bool paid,) = msg.sender.call{value: amount}("");
        if (!paid) revert PaymentFailed(msg.sender, amount);
    }

    function _newId(address a, address b, bytes32 salt) internal pure override returns (bytes32) {
        return keccak256(abi.encode(a, b, salt));
    }

    /// @dev Ether sent along is deposited first.
    function _lock(uint256 amount) internal override {
        if (msg.value != 0) creditOf[msg.sender] += msg.value;
        _spend(amount);
    }

    function _pay(address to, uint256 amount) internal override {
        creditOf[to] += amount;
    }

    function _spend(uint256 amount) private {
        uint256 credit = creditOf[msg.sender];
        if (credit < amount) revert InsufficientCredit(msg.sender, credit, amount);
        unchecked {
            creditOf[msg.sender] = credit - amount;
        }
    }
}
