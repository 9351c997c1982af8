// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";
import {PriceFeed} from "../contracts/PriceFeed.sol";

/// @title A market in which one token is lent against another, over-collateralised, at a rate that follows demand.
/// @dev Debts and supplies are kept in units of two indices that grow with time, so interest accrues to everybody without
/// touching anybody. The rate depends on how much of the supply is lent, hence the two totals, which every loan and
/// every supply changes: that, and the market's balance of the lent token, puts all users of a market in a row.
/// Amounts owed by users are rounded up, amounts owed to them down.
contract LendingMarket {
    /// @notice Of indices, rates and prices: 1 is 10^18.
    uint256 public constant ONE = 1e18;
    uint256 public constant YEAR = 365 days;
    /// @notice Yearly rate when nothing is lent, and what is added on the way to all of it being lent.
    uint256 public constant BASE_RATE = 0.02e18;
    uint256 public constant SLOPE = 0.2e18;
    /// @notice The part of the interest that stays with the market.
    uint256 public constant RESERVE_FACTOR = 0.1e18;
    /// @notice Debt may be this part of the collateral's worth when it is taken up, and up to this part before anybody
    /// may liquidate.
    uint256 public constant LOAN_TO_VALUE = 0.75e18;
    uint256 public constant LIQUIDATION_THRESHOLD = 0.8e18;
    /// @notice The part of a debt that one liquidation may repay, and how much more than its worth it gets.
    uint256 public constant CLOSE_FACTOR = 0.5e18;
    uint256 public constant LIQUIDATION_BONUS = 0.08e18;

    Erc20 public immutable asset;
    Erc20 public immutable collateral;
    /// @notice Price of a unit of the collateral in the asset.
    PriceFeed public immutable feed;

    uint256 public borrowIndex = ONE;
    uint256 public supplyIndex = ONE;
    uint256 public accruedAt = block.timestamp;
    /// @notice Sums of `suppliedBy` and `owedBy`, in units of their indices.
    uint256 public totalSupplied;
    uint256 public totalOwed;
    mapping(address lender => uint256) public suppliedBy;
    mapping(address borrower => uint256) public owedBy;
    mapping(address borrower => uint256) public collateralOf;

    event Supplied(address indexed lender, uint256 amount);
    event Withdrawn(address indexed lender, uint256 amount);
    event CollateralAdded(address indexed borrower, uint256 amount);
    event CollateralRemoved(address indexed borrower, uint256 amount);
    event Borrowed(address indexed borrower, uint256 amount, uint256 debt);
    event Repaid(address indexed borrower, address indexed payer, uint256 amount, uint256 debt);
    event Liquidated(address indexed borrower, address indexed liquidator, uint256 repaid, uint256 seized);
    event InterestAccrued(uint256 rate, uint256 borrowIndex, uint256 supplyIndex);

    error Healthy(address borrower, uint256 debt, uint256 limit);
    error InsufficientCollateral(address borrower, uint256 collateral, uint256 needed);
    error InsufficientSupply(address lender, uint256 supplied, uint256 amount);
    error NotEnoughCash(uint256 cash, uint256 amount);
    error OverLimit(address borrower, uint256 debt, uint256 limit);
    error TooMuch(uint256 amount, uint256 most);
    error TransferFailed(Erc20 token);
    error ZeroAmount();

    constructor(Erc20 asset_, Erc20 collateral_, PriceFeed feed_) {
        (asset, collateral, feed) = (asset_, collateral_, feed_);
    }

    function supply(uint256 amount) external {
        accrue();
        uint256 units = amount * ONE / supplyIndex;
        if (units == 0) revert ZeroAmount();
        suppliedBy[msg.sender] += units;
        totalSupplied += units;
        emit Supplied(msg.sender, amount);
        _pull(asset, amount);
    }

    function withdraw(uint256 amount) external {
        accrue();
        uint256 units = _divideUp(amount * ONE, supplyIndex);
        uint256 mine = suppliedBy[msg.sender];
        if (units > mine) revert InsufficientSupply(msg.sender, mine * supplyIndex / ONE, amount);
        suppliedBy[msg.sender] = mine - units;
        totalSupplied -= units;
        emit Withdrawn(msg.sender, amount);
        _pay(amount);
    }

    function addCollateral(uint256 amount) external {
        collateralOf[msg.sender] += amount;
        emit CollateralAdded(msg.sender, amount);
        _pull(collateral, amount);
    }

    function removeCollateral(uint256 amount) external {
        accrue();
        uint256 mine = collateralOf[msg.sender];
        if (amount > mine) revert InsufficientCollateral(msg.sender, mine, amount);
        collateralOf[msg.sender] = mine - amount;
        _requireWithin(msg.sender, debtOf(msg.sender), LOAN_TO_VALUE);
        emit CollateralRemoved(msg.sender, amount);
        _push(collateral, msg.sender, amount);
    }

    function borrow(uint256 amount) external {
        if (amount == 0) revert ZeroAmount();
        accrue();
        uint256 units = _divideUp(amount * ONE, borrowIndex);
        owedBy[msg.sender] += units;
        totalOwed += units;
        uint256 debt = debtOf(msg.sender);
        _requireWithin(msg.sender, debt, LOAN_TO_VALUE);
        emit Borrowed(msg.sender, amount, debt);
        _pay(amount);
    }

    /// @notice Repays up to `amount` of the debt of `borrower`.
    /// @return paid What was taken from the caller.
    function repay(address borrower, uint256 amount) external returns (uint256 paid) {
        accrue();
        paid = _reduceDebt(borrower, amount);
        _pull(asset, paid);
    }

    /// @notice Repays part of the debt of a borrower who is over the threshold, for collateral worth more by the bonus.
    function liquidate(address borrower, uint256 amount) external returns (uint256 seized) {
        accrue();
        uint256 debt = debtOf(borrower);
        uint256 limit = limitOf(borrower, LIQUIDATION_THRESHOLD);
        if (debt <= limit) revert Healthy(borrower, debt, limit);
        uint256 most = _divideUp(debt * CLOSE_FACTOR, ONE);
        if (amount > most) revert TooMuch(amount, most);
        seized = amount * (ONE + LIQUIDATION_BONUS) / feed.price();
        uint256 there = collateralOf[borrower];
        if (seized > there) revert InsufficientCollateral(borrower, there, seized);
        uint256 repaid = _reduceDebt(borrower, amount);
        collateralOf[borrower] = there - seized;
        emit Liquidated(borrower, msg.sender, repaid, seized);
        _pull(asset, repaid);
        _push(collateral, msg.sender, seized);
    }

    /// @notice Brings both indices up to now. The first in a block does it, the others find no time has passed.
    function accrue() public {
        uint256 elapsed = block.timestamp - accruedAt;
        if (elapsed == 0) return;
        accruedAt = block.timestamp;
        if (totalOwed == 0) return;
        uint256 supplied = totalSupplied * supplyIndex / ONE;
        uint256 owed = totalOwed * borrowIndex / ONE;
        uint256 rate = rateAt(owed, supplied);
        uint256 growth = rate * elapsed / YEAR;
        borrowIndex += _divideUp(borrowIndex * growth, ONE);
        // The lenders get what the borrowers pay, less the market's part, spread over all that is supplied.
        if (supplied != 0) supplyIndex += supplyIndex * growth / ONE * owed / supplied * (ONE - RESERVE_FACTOR) / ONE;
        emit InterestAccrued(rate, borrowIndex, supplyIndex);
    }

    /// @notice The yearly rate while `owed` of `supplied` is lent.
    function rateAt(uint256 owed, uint256 supplied) public pure returns (uint256) {
        if (supplied == 0) return BASE_RATE;
        uint256 utilisation = owed * ONE / supplied;
        if (utilisation > ONE) utilisation = ONE;
        return BASE_RATE + SLOPE * utilisation / ONE;
    }

    function debtOf(address borrower) public view returns (uint256) {
        return _divideUp(owedBy[borrower] * borrowIndex, ONE);
    }

    /// @notice The debt at which `borrower` owes `part` of what the collateral is worth.
    function limitOf(address borrower, uint256 part) public view returns (uint256) {
        uint256 deposit = collateralOf[borrower];
        return deposit == 0 ? 0 : deposit * feed.price() / ONE * part / ONE;
    }

    function _requireWithin(address borrower, uint256 debt, uint256 part) private view {
        // Without debt there is nothing to ask the feed.
        if (debt == 0) return;
        uint256 limit = limitOf(borrower, part);
        if (debt > limit) revert OverLimit(borrower, debt, limit);
    }

    function _reduceDebt(address borrower, uint256 amount) private returns (uint256 paid) {
        uint256 owed = owedBy[borrower];
        uint256 debt = debtOf(borrower);
        paid = amount < debt ? amount : debt;
        // All of it leaves no dust; a part is rounded so that not too much is forgiven.
        uint256 units = paid == debt ? owed : paid * ONE / borrowIndex;
        if (units == 0) revert ZeroAmount();
        owedBy[borrower] = owed - units;
        totalOwed -= units;
        emit Repaid(borrower, msg.sender, paid, debtOf(borrower));
    }

    function _pay(uint256 amount) private {
        uint256 cash = asset.balanceOf(address(this));
        if (amount > cash) revert NotEnoughCash(cash, amount);
        _push(asset, msg.sender, amount);
    }

    function _pull(Erc20 token, uint256 amount) private {
        if (!token.transferFrom(msg.sender, address(this), amount)) revert TransferFailed(token);
    }

    function _push(Erc20 token, address to, uint256 amount) private {
        if (!token.transfer(to, amount)) revert TransferFailed(token);
    }

    function _divideUp(uint256 a, uint256 b) private pure returns (uint256) {
        return (a + b - 1) / b;
    }
}
