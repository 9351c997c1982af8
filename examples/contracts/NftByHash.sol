// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc721} from "./Erc721.sol";

/// @title Tokens numbered by the hash of who minted them and a seed of their choice.
/// @dev No counter: two mints share no slot unless the same person makes both.
contract NftByHash is Erc721 {
    constructor(string memory name_, string memory symbol_) Erc721(name_, symbol_) {}

    function mint(uint256 seed) external returns (uint256 id) {
        id = idOf(msg.sender, seed);
        _mint(msg.sender, id);
    }

    function idOf(address minter, uint256 seed) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(minter, seed)));
    }
}
