// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Listings} from "./Listings.sol";
import {RoyaltyNft} from "./RoyaltyNft.sol";

/// @title A market that pays the seller on the spot and keeps the rest of each sale with the token that was sold.
/// @dev What artist and house are owed is noted under the token and its ether put into one of sixteen tills, chosen by the
/// token. They collect for a list of tokens at a time, seldom; sales of different tokens share nothing but perhaps a till.
contract Stalls is Listings {
    uint256 public constant TILLS = 16;

    struct Dues {
        address artist;
        uint256 royalty;
        uint256 fee;
    }

    Till[TILLS] private _tills;
    mapping(RoyaltyNft collection => mapping(uint256 id => Dues)) private _duesOf;

    constructor(address house_) Listings(house_) {
        for (uint256 i = 0; i < TILLS; ++i) _tills[i] = new Till();
    }

    function list(RoyaltyNft collection, uint256 id, uint256 price) external {
        _list(collection, id, price);
    }

    function unlist(RoyaltyNft collection, uint256 id) external {
        _unlist(collection, id);
    }

    function buy(RoyaltyNft collection, uint256 id) external payable {
        (address seller, address artist, uint256 proceeds, uint256 royalty, uint256 fee) = _sell(collection, id);
        Dues storage dues = _duesOf[collection][id];
        // A collection's artist does not change, so what earlier sales of this token brought is theirs too.
        if (royalty != 0) (dues.artist, dues.royalty) = (artist, dues.royalty + royalty);
        dues.fee += fee;
        collection.transferFrom(seller, msg.sender, id);
        _pay(address(tillOf(collection, id)), royalty + fee);
        _pay(seller, proceeds);
    }

    /// @notice Pays the caller what the sales of these tokens owe the caller, as artist or as house.
    function collect(RoyaltyNft collection, uint256[] calldata ids) external {
        uint256 total = 0;
        for (uint256 i = 0; i < ids.length; ++i) {
            Dues storage dues = _duesOf[collection][ids[i]];
            uint256 amount = 0;
            if (msg.sender == dues.artist) (amount, dues.royalty) = (dues.royalty, 0);
            if (msg.sender == house) (amount, dues.fee) = (amount + dues.fee, 0);
            if (amount != 0) tillOf(collection, ids[i]).pay(msg.sender, amount);
            total += amount;
        }
        if (total == 0) revert NothingToCollect(msg.sender);
        emit Collected(msg.sender, total);
    }

    function tillOf(RoyaltyNft collection, uint256 id) public view returns (Till) {
        return _tills[uint256(keccak256(abi.encode(collection, id))) % TILLS];
    }

    function duesOf(RoyaltyNft collection, uint256 id) external view returns (address artist, uint256 royalty, uint256 fee) {
        Dues memory dues = _duesOf[collection][id];
        return (dues.artist, dues.royalty, dues.fee);
    }
}

/// @title Ether that its maker may pay out.
contract Till {
    address private immutable master = msg.sender;

    error NotMaster(address caller);
    error PaymentFailed(address to, uint256 amount);

    receive() external payable {}

    function pay(address to, uint256 amount) external {
        if (msg.sender != master) revert NotMaster(msg.sender);
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert PaymentFailed(to, amount);
    }
}
