// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Channels} from "./Channels.sol";

/// @title Channels numbered by a counter and paid out at once, with an account of all that is locked.
/// @dev Opening and settling write `locked` and the contract's ether, whoever the parties are.
contract NumberedChannels is Channels {
    uint256 public channels;
    uint256 public locked;

    error PaymentFailed(address to, uint256 amount);
    error WrongValue(uint256 value, uint256 needed);

    constructor(uint256 period_) Channels(period_) {}

    function _newId(address, address, bytes32) internal override returns (bytes32) {
        return bytes32(++channels);
    }

    function _lock(uint256 amount) internal override {
        if (msg.value != amount) revert WrongValue(msg.value, amount);
        locked += amount;
    }

    function _pay(address to, uint256 amount) internal override {
        locked -= amount;
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert PaymentFailed(to, amount);
    }
}
