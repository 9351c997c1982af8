// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title An English auction: a bid must top the last one; who is outbid gets the money back on request.
/// @dev Every bid reads `highestBid`, whether or not it wins, so even the losers wait for the bids before them.
contract Auction {
    address payable public immutable seller;
    uint256 public immutable end;
    address public highestBidder;
    uint256 public highestBid;
    mapping(address bidder => uint256) public refundOf;
    bool public settled;

    event BidPlaced(address indexed bidder, uint256 amount);
    event Refunded(address indexed bidder, uint256 amount);
    event Settled(address indexed winner, uint256 amount);

    error AlreadySettled();
    error BidTooLow(uint256 bid, uint256 highest);
    error Ended(uint256 end);
    error NotEnded(uint256 end);
    error NothingToRefund(address bidder);
    error PaymentFailed(address to, uint256 amount);

    constructor(address payable seller_, uint256 end_) {
        seller = seller_;
        end = end_;
    }

    function bid() external payable {
        if (block.timestamp >= end) revert Ended(end);
        if (msg.value <= highestBid) revert BidTooLow(msg.value, highestBid);
        if (highestBid != 0) refundOf[highestBidder] += highestBid;
        highestBidder = msg.sender;
        highestBid = msg.value;
        emit BidPlaced(msg.sender, msg.value);
    }

    function refund() external {
        uint256 amount = refundOf[msg.sender];
        if (amount == 0) revert NothingToRefund(msg.sender);
        refundOf[msg.sender] = 0;
        emit Refunded(msg.sender, amount);
        _send(msg.sender, amount);
    }

    function settle() external {
        if (block.timestamp < end) revert NotEnded(end);
        if (settled) revert AlreadySettled();
        settled = true;
        emit Settled(highestBidder, highestBid);
        _send(seller, highestBid);
    }

    function _send(address to, uint256 amount) private {
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert PaymentFailed(to, amount);
    }
}
