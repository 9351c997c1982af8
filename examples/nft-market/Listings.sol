// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {RoyaltyNft} from "./RoyaltyNft.sol";

/// @title Sales of tokens at fixed prices: a token stays with its owner until somebody pays.
/// @dev A sale's price is split between seller, artist and house. Neither artist nor house is ever paid during a sale: who
/// refuses money must not be able to stop other people's sales.
abstract contract Listings {
    /// @notice The house's part, in parts of ten thousand of the price.
    uint256 public constant FEE = 250;

    struct Listing {
        address seller;
        uint256 price;
    }

    address public immutable house;
    mapping(RoyaltyNft collection => mapping(uint256 id => Listing)) internal _listings;

    event Listed(RoyaltyNft indexed collection, uint256 indexed id, address indexed seller, uint256 price);
    event Unlisted(RoyaltyNft indexed collection, uint256 indexed id);
    event Sold(
        RoyaltyNft indexed collection,
        uint256 indexed id,
        address indexed buyer,
        uint256 price,
        uint256 royalty,
        uint256 fee
    );
    event Collected(address indexed payee, uint256 amount);

    error NotApproved(RoyaltyNft collection, uint256 id);
    error NotListed(RoyaltyNft collection, uint256 id);
    error NotOwner(address caller, uint256 id);
    error NothingToCollect(address payee);
    error PaymentFailed(address to, uint256 amount);
    error RoyaltyTooHigh(uint256 royalty);
    error WrongPrice(uint256 paid, uint256 price);
    error ZeroPrice();

    constructor(address house_) {
        house = house_;
    }

    function _list(RoyaltyNft collection, uint256 id, uint256 price) internal {
        if (price == 0) revert ZeroPrice();
        if (collection.ownerOf(id) != msg.sender) revert NotOwner(msg.sender, id);
        if (collection.getApproved(id) != address(this) && !collection.isApprovedForAll(msg.sender, address(this))) {
            revert NotApproved(collection, id);
        }
        _listings[collection][id] = Listing(msg.sender, price);
        emit Listed(collection, id, msg.sender, price);
    }

    function _unlist(RoyaltyNft collection, uint256 id) internal {
        if (_listings[collection][id].seller != msg.sender) revert NotOwner(msg.sender, id);
        delete _listings[collection][id];
        emit Unlisted(collection, id);
    }

    /// @dev Ends the listing and says who is owed what; the caller keeps the books and then moves the token.
    function _sell(RoyaltyNft collection, uint256 id)
        internal
        returns (address seller, address artist, uint256 proceeds, uint256 royalty, uint256 fee)
    {
        Listing memory listing = _listings[collection][id];
        seller = listing.seller;
        if (seller == address(0)) revert NotListed(collection, id);
        if (msg.value != listing.price) revert WrongPrice(msg.value, listing.price);
        delete _listings[collection][id];
        fee = listing.price * FEE / 10_000;
        if (collection.supportsInterface(0x2a55205a)) (artist, royalty) = collection.royaltyInfo(id, listing.price);
        // A collection may say anything; it cannot have more than there is.
        if (fee + royalty > listing.price) revert RoyaltyTooHigh(royalty);
        proceeds = listing.price - fee - royalty;
        emit Sold(collection, id, msg.sender, listing.price, royalty, fee);
    }

    function _pay(address to, uint256 amount) internal {
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert PaymentFailed(to, amount);
    }
}
