// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {PriceFeed} from "./PriceFeed.sol";

/// @title Lends on deposited ether, up to half of its worth at the feed's price.
/// @dev Borrowers share nothing but the price, which none of them writes: they need no order among themselves, only
/// the right side of a price report.
contract Lender {
    PriceFeed public immutable feed;
    mapping(address borrower => uint256) public collateralOf;
    mapping(address borrower => uint256) public debtOf;

    event Deposited(address indexed borrower, uint256 amount);
    event Borrowed(address indexed borrower, uint256 amount, uint256 debt);
    event Repaid(address indexed borrower, uint256 amount, uint256 debt);

    error OverLimit(uint256 debt, uint256 limit);
    error OverDebt(uint256 amount, uint256 debt);

    constructor(PriceFeed feed_) {
        feed = feed_;
    }

    function deposit() external payable {
        collateralOf[msg.sender] += msg.value;
        emit Deposited(msg.sender, msg.value);
    }

    function borrow(uint256 amount) external {
        uint256 debt = debtOf[msg.sender] + amount;
        uint256 limit = limitOf(msg.sender);
        if (debt > limit) revert OverLimit(debt, limit);
        debtOf[msg.sender] = debt;
        emit Borrowed(msg.sender, amount, debt);
    }

    function repay(uint256 amount) external {
        uint256 debt = debtOf[msg.sender];
        if (amount > debt) revert OverDebt(amount, debt);
        unchecked {
            debt -= amount;
        }
        debtOf[msg.sender] = debt;
        emit Repaid(msg.sender, amount, debt);
    }

    /// @notice Half of the worth of the deposit, in the feed's unit with 18 decimals.
    function limitOf(address borrower) public view returns (uint256) {
        return collateralOf[borrower] * feed.price() / 2 ether;
    }
}
