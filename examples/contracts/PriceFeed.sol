// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title A price that its reporter writes and everybody reads.
contract PriceFeed {
    address public immutable reporter;
    uint256 public price;
    uint256 public updatedAt;

    event PriceReported(uint256 price);

    error NotReporter(address caller);
    error ZeroPrice();

    constructor(address reporter_, uint256 price_) {
        if (price_ == 0) revert ZeroPrice();
        reporter = reporter_;
        price = price_;
        updatedAt = block.timestamp;
    }

    function report(uint256 price_) external {
        if (msg.sender != reporter) revert NotReporter(msg.sender);
        if (price_ == 0) revert ZeroPrice();
        price = price_;
        updatedAt = block.timestamp;
        emit PriceReported(price_);
    }
}
