// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Listings} from "./Listings.sol";
import {RoyaltyNft} from "./RoyaltyNft.sol";

/// @title One market for all collections, with one ledger of what it owes.
/// @dev Every sale adds to what the house is owed, every sale of a collection to what its artist is, and all the ether is in
/// one balance.
contract Market is Listings {
    mapping(address payee => uint256) public owedTo;

    constructor(address house_) Listings(house_) {}

    function list(RoyaltyNft collection, uint256 id, uint256 price) external {
        _list(collection, id, price);
    }

    function unlist(RoyaltyNft collection, uint256 id) external {
        _unlist(collection, id);
    }

    function buy(RoyaltyNft collection, uint256 id) external payable {
        (address seller, address artist, uint256 proceeds, uint256 royalty, uint256 fee) = _sell(collection, id);
        owedTo[seller] += proceeds;
        if (royalty != 0) owedTo[artist] += royalty;
        owedTo[house] += fee;
        collection.transferFrom(seller, msg.sender, id);
    }

    /// @notice Pays the caller what sales have brought.
    function collect() external {
        uint256 amount = owedTo[msg.sender];
        if (amount == 0) revert NothingToCollect(msg.sender);
        owedTo[msg.sender] = 0;
        emit Collected(msg.sender, amount);
        _pay(msg.sender, amount);
    }

    function listingOf(RoyaltyNft collection, uint256 id) external view returns (address seller, uint256 price) {
        Listing memory listing = _listings[collection][id];
        return (listing.seller, listing.price);
    }
}
