// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Drop} from "./Drop.sol";
import {Erc721} from "../contracts/Erc721.sol";

/// @title A collection whose tokens are numbered by a hash of who minted them and for which time.
/// @dev No mint needs to know of another one's. The limit of the collection is what the artist has allowed in all; how many
/// were minted is known to whoever counts the events.
contract HashedDrop is Drop {
    constructor(string memory name_, string memory symbol_, address artist_, uint256 price_, uint256 opensAt_)
        Erc721(name_, symbol_)
        Drop(artist_, price_, opensAt_)
    {}

    function mint() external payable returns (uint256 id) {
        id = idOf(msg.sender, mayMint[msg.sender]);
        _admit();
        _mint(msg.sender, id);
    }

    /// @notice The token that `minter` gets while so many may still be minted.
    function idOf(address minter, uint256 left) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(minter, left)));
    }
}
