// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Drop} from "./Drop.sol";
import {Erc721} from "../contracts/Erc721.sol";

/// @title A collection numbered 1, 2, 3, … in the order in which it is minted, up to a limit.
/// @dev The number of the next token is the number of tokens so far, which each mint reads and writes.
contract NumberedDrop is Drop {
    uint256 public immutable maxSupply;
    uint256 public totalSupply;

    error SoldOut(uint256 maxSupply);

    constructor(
        string memory name_,
        string memory symbol_,
        address artist_,
        uint256 price_,
        uint256 opensAt_,
        uint256 maxSupply_
    ) Erc721(name_, symbol_) Drop(artist_, price_, opensAt_) {
        maxSupply = maxSupply_;
    }

    function mint() external payable returns (uint256 id) {
        _admit();
        id = totalSupply + 1;
        if (id > maxSupply) revert SoldOut(maxSupply);
        totalSupply = id;
        _mint(msg.sender, id);
    }
}
