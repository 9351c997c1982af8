// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc721} from "../contracts/Erc721.sol";

/// @title A collection whose artist asks for a part of every sale (ERC-2981).
contract RoyaltyNft is Erc721 {
    address public immutable artist;
    /// @notice In parts of ten thousand of the price, at most a fifth.
    uint256 public immutable royalty;

    error NotArtist(address caller);
    error RoyaltyTooHigh(uint256 royalty);

    constructor(string memory name_, string memory symbol_, address artist_, uint256 royalty_) Erc721(name_, symbol_) {
        if (royalty_ > 2000) revert RoyaltyTooHigh(royalty_);
        (artist, royalty) = (artist_, royalty_);
    }

    /// @notice Makes `id` and gives it to `to`.
    function mint(address to, uint256 id) external {
        if (msg.sender != artist) revert NotArtist(msg.sender);
        _mint(to, id);
    }

    /// @notice Whom a sale of a token for `price` owes how much.
    function royaltyInfo(uint256, uint256 price) external view returns (address receiver, uint256 amount) {
        return (artist, price * royalty / 10_000);
    }

    function supportsInterface(bytes4 id) external pure override returns (bool) {
        return id == 0x01ffc9a7 || id == 0x80ac58cd || id == 0x2a55205a;
    }
}
