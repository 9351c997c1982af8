// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Wallet} from "./Wallet.sol";

/// @title Creates wallets at addresses that are known beforehand (CREATE2), and again at the same address once closed.
contract WalletFactory {
    event Created(address indexed owner, address wallet);

    error AlreadyExists(address wallet);

    /// @notice Creates the wallet of `owner` number `salt`, with the value sent along in it.
    function create(address owner, uint256 salt) external payable returns (Wallet wallet) {
        address expected = walletOf(owner, salt);
        if (expected.code.length != 0) revert AlreadyExists(expected);
        wallet = new Wallet{salt: bytes32(salt), value: msg.value}(owner);
        emit Created(owner, address(wallet));
    }

    function walletOf(address owner, uint256 salt) public view returns (address) {
        bytes32 codeHash = keccak256(abi.encodePacked(type(Wallet).creationCode, abi.encode(owner)));
        return address(uint160(uint256(keccak256(abi.encodePacked(hex"ff", address(this), bytes32(salt), codeHash)))));
    }
}
