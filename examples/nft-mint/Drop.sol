// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc721} from "../contracts/Erc721.sol";

/// @title The sale of a collection: who may mint, how many, from when, for how much.
/// @dev Everything here is the minter's own (`mayMint`) or never changes, but for the ether that mints pay: the
/// collection's balance is one location for all of them, unless the price is zero.
abstract contract Drop is Erc721 {
    address public immutable artist;
    uint256 public immutable price;
    uint256 public immutable opensAt;
    /// @notice How many an account may still mint.
    mapping(address minter => uint256) public mayMint;

    event Allowed(address indexed minter, uint256 count);
    event ProceedsPaid(uint256 amount);

    error NoneLeftFor(address minter);
    error NotArtist(address caller);
    error NotOpen(uint256 opensAt);
    error PaymentFailed(address to, uint256 amount);
    error WrongPrice(uint256 paid, uint256 price);

    modifier onlyArtist() {
        if (msg.sender != artist) revert NotArtist(msg.sender);
        _;
    }

    constructor(address artist_, uint256 price_, uint256 opensAt_) {
        (artist, price, opensAt) = (artist_, price_, opensAt_);
    }

    /// @notice Lets each of `minters` mint `count` tokens.
    function allow(address[] calldata minters, uint256 count) external onlyArtist {
        for (uint256 i = 0; i < minters.length; ++i) {
            mayMint[minters[i]] = count;
            emit Allowed(minters[i], count);
        }
    }

    function withdraw() external onlyArtist {
        uint256 amount = address(this).balance;
        emit ProceedsPaid(amount);
        (bool paid,) = artist.call{value: amount}("");
        if (!paid) revert PaymentFailed(artist, amount);
    }

    /// @dev Everything a mint has to pass; uses up one of the minter's tokens.
    function _admit() internal {
        if (block.timestamp < opensAt) revert NotOpen(opensAt);
        if (msg.value != price) revert WrongPrice(msg.value, price);
        uint256 left = mayMint[msg.sender];
        if (left == 0) revert NoneLeftFor(msg.sender);
        mayMint[msg.sender] = left - 1;
    }
}
