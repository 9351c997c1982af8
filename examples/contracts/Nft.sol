// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc721} from "./Erc721.sol";

/// @title Tokens numbered 0, 1, 2, … in the order in which they are minted.
/// @dev The counter `nextId` is read and written by every mint, so mints form a chain.
contract Nft is Erc721 {
    uint256 public immutable maxSupply;
    uint256 public nextId;

    error SoldOut(uint256 maxSupply);

    constructor(string memory name_, string memory symbol_, uint256 maxSupply_) Erc721(name_, symbol_) {
        maxSupply = maxSupply_;
    }

    function mint() external returns (uint256 id) {
        id = nextId;
        if (id >= maxSupply) revert SoldOut(maxSupply);
        nextId = id + 1;
        _mint(msg.sender, id);
    }
}
