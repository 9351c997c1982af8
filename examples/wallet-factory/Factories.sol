// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Wallet} from "../contracts/Wallet.sol";

/// @title Creates wallets at addresses that are known beforehand (CREATE2).
abstract contract Factory {
    event Created(address indexed owner, address wallet, uint256 salt);

    error AlreadyExists(address wallet);

    /// @notice Creates the caller's wallet number `salt`, with the value sent along in it.
    function create(uint256 salt) external payable returns (Wallet wallet) {
        address expected = walletOf(msg.sender, salt);
        if (expected.code.length != 0) revert AlreadyExists(expected);
        wallet = new Wallet{salt: bytes32(salt), value: msg.value}(msg.sender);
        _register(address(wallet));
        emit Created(msg.sender, address(wallet), salt);
    }

    /// @notice Where the wallet is or will be.
    function walletOf(address owner, uint256 salt) public view returns (address) {
        bytes32 codeHash = keccak256(abi.encodePacked(type(Wallet).creationCode, abi.encode(owner)));
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"ff", address(this), bytes32(salt), codeHash)))));
    }

    function _register(address wallet) internal virtual;
}

/// @title Keeps a list of every wallet it made.
/// @dev The length of the list is read and written by each creation.
contract ListingFactory is Factory {
    address[] public wallets;

    /// @notice How many there are.
    function count() external view returns (uint256) {
        return wallets.length;
    }

    function _register(address wallet) internal override {
        wallets.push(wallet);
    }
}

/// @title Remembers of each wallet only that it made it.
/// @dev Who wants the list has the events, in order.
contract MarkingFactory is Factory {
    mapping(address wallet => bool) public isOurs;

    function _register(address wallet) internal override {
        isOurs[wallet] = true;
    }
}
