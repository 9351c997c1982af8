// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title One series of term deposits in ether: a fixed rate, one term, and a budget that covers all interest promised.
/// @dev A deposit's interest is known when it is made and depends on nobody else's. What remains to share is the series'
/// budget and its ether; an issuer who wants deposits to run side by side issues several series.
contract TermSeries {
    address public immutable issuer;
    /// @notice Seconds.
    uint256 public immutable term;
    /// @notice Interest for the whole term, in parts of ten thousand of the deposit.
    uint256 public immutable rate;

    struct Deposit {
        uint256 amount;
        uint256 interest;
        uint256 maturesAt;
    }

    /// @notice Ether that is promised to nobody yet.
    uint256 public budget;
    mapping(address holder => Deposit) public depositOf;

    event Deposited(address indexed holder, uint256 amount, uint256 interest, uint256 maturesAt);
    event Redeemed(address indexed holder, uint256 amount, uint256 interest);
    event Broken(address indexed holder, uint256 amount, uint256 forfeited);
    event BudgetAdded(uint256 amount);

    error AlreadyDeposited(address holder);
    error BudgetSpent(uint256 interest, uint256 budget);
    error NoDeposit(address holder);
    error NotIssuer(address caller);
    error NotMature(uint256 until);
    error PaymentFailed(address to, uint256 amount);
    error ZeroAmount();

    constructor(address issuer_, uint256 term_, uint256 rate_) payable {
        (issuer, term, rate, budget) = (issuer_, term_, rate_, msg.value);
    }

    function deposit() external payable {
        if (msg.value == 0) revert ZeroAmount();
        if (depositOf[msg.sender].amount != 0) revert AlreadyDeposited(msg.sender);
        uint256 interest = msg.value * rate / 10_000;
        if (interest > budget) revert BudgetSpent(interest, budget);
        budget -= interest;
        uint256 maturesAt = block.timestamp + term;
        depositOf[msg.sender] = Deposit(msg.value, interest, maturesAt);
        emit Deposited(msg.sender, msg.value, interest, maturesAt);
    }

    /// @notice Pays deposit and interest at the end of the term.
    function redeem() external {
        Deposit memory held = depositOf[msg.sender];
        if (held.amount == 0) revert NoDeposit(msg.sender);
        if (block.timestamp < held.maturesAt) revert NotMature(held.maturesAt);
        delete depositOf[msg.sender];
        emit Redeemed(msg.sender, held.amount, held.interest);
        _send(msg.sender, held.amount + held.interest);
    }

    /// @notice Pays the deposit now; its interest goes back to the budget.
    function breakEarly() external {
        Deposit memory held = depositOf[msg.sender];
        if (held.amount == 0) revert NoDeposit(msg.sender);
        delete depositOf[msg.sender];
        budget += held.interest;
        emit Broken(msg.sender, held.amount, held.interest);
        _send(msg.sender, held.amount);
    }

    function addBudget() external payable {
        if (msg.sender != issuer) revert NotIssuer(msg.sender);
        budget += msg.value;
        emit BudgetAdded(msg.value);
    }

    function _send(address to, uint256 amount) private {
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert PaymentFailed(to, amount);
    }
}
