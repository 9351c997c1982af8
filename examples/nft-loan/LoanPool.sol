// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc721} from "../contracts/Erc721.sol";

/// @title Lends pooled ether on tokens of one collection, half of an appraised floor price each.
/// @dev All loans are paid out of and back into one pot, whose shares rise with the interest: `totalLent` and the pool's
/// balance decide what a share is worth and whether the next loan can be made.
contract LoanPool {
    /// @notice Interest for thirty days, in parts of ten thousand, due for the whole term whenever the loan is repaid.
    uint256 public constant INTEREST = 300;
    uint256 public constant LONGEST_TERM = 90 days;

    struct Loan {
        address borrower;
        uint256 principal;
        uint256 interest;
        uint256 dueAt;
    }

    Erc721 public immutable collection;
    address public immutable appraiser;
    uint256 public floorPrice;
    uint256 public totalLent;
    uint256 public totalShares;
    mapping(address lender => uint256) public sharesOf;
    mapping(uint256 id => Loan) public loanOf;

    event Deposited(address indexed lender, uint256 amount, uint256 shares);
    event Withdrawn(address indexed lender, uint256 amount, uint256 shares);
    event Borrowed(address indexed borrower, uint256 indexed id, uint256 principal, uint256 dueAt);
    event Repaid(address indexed borrower, uint256 indexed id, uint256 principal, uint256 interest);
    event Defaulted(address indexed borrower, uint256 indexed id, address indexed buyer, uint256 price);
    event Appraised(uint256 floorPrice);

    error InsufficientShares(address lender, uint256 shares, uint256 needed);
    error NoLoan(uint256 id);
    error NotAppraiser(address caller);
    error NotBorrower(address caller, uint256 id);
    error NotDue(uint256 dueAt);
    error NotEnoughCash(uint256 cash, uint256 amount);
    error Overdue(uint256 dueAt);
    error PaymentFailed(address to, uint256 amount);
    error WrongAmount(uint256 paid, uint256 due);
    error WrongTerm(uint256 term);
    error ZeroAmount();

    constructor(Erc721 collection_, address appraiser_, uint256 floorPrice_) {
        (collection, appraiser, floorPrice) = (collection_, appraiser_, floorPrice_);
    }

    function appraise(uint256 price) external {
        if (msg.sender != appraiser) revert NotAppraiser(msg.sender);
        floorPrice = price;
        emit Appraised(price);
    }

    function deposit() external payable returns (uint256 shares) {
        uint256 before = address(this).balance - msg.value + totalLent;
        shares = totalShares == 0 ? msg.value : msg.value * totalShares / before;
        if (shares == 0) revert ZeroAmount();
        totalShares += shares;
        sharesOf[msg.sender] += shares;
        emit Deposited(msg.sender, msg.value, shares);
    }

    function withdraw(uint256 shares) external returns (uint256 amount) {
        uint256 mine = sharesOf[msg.sender];
        if (shares > mine) revert InsufficientShares(msg.sender, mine, shares);
        amount = shares * (address(this).balance + totalLent) / totalShares;
        if (amount == 0) revert ZeroAmount();
        sharesOf[msg.sender] = mine - shares;
        totalShares -= shares;
        emit Withdrawn(msg.sender, amount, shares);
        _pay(msg.sender, amount);
    }

    /// @notice Takes the token as a pledge and pays half of the floor price.
    function borrow(uint256 id, uint256 term) external {
        if (term == 0 || term > LONGEST_TERM) revert WrongTerm(term);
        uint256 principal = floorPrice / 2;
        uint256 dueAt = block.timestamp + term;
        // Rounded up: a short loan is not for nothing.
        uint256 interest = (principal * INTEREST * term + 10_000 * 30 days - 1) / (10_000 * 30 days);
        loanOf[id] = Loan(msg.sender, principal, interest, dueAt);
        totalLent += principal;
        emit Borrowed(msg.sender, id, principal, dueAt);
        collection.transferFrom(msg.sender, address(this), id);
        _pay(msg.sender, principal);
    }

    /// @notice Pays back principal and interest, and returns the token.
    function repay(uint256 id) external payable {
        Loan memory loan = loanOf[id];
        if (loan.borrower != msg.sender) revert NotBorrower(msg.sender, id);
        if (block.timestamp > loan.dueAt) revert Overdue(loan.dueAt);
        uint256 due = loan.principal + loan.interest;
        if (msg.value != due) revert WrongAmount(msg.value, due);
        delete loanOf[id];
        totalLent -= loan.principal;
        emit Repaid(msg.sender, id, loan.principal, loan.interest);
        collection.transferFrom(address(this), msg.sender, id);
    }

    /// @notice Buys the pledge of an overdue loan for what is owed; the pool is made whole.
    function buyPledge(uint256 id) external payable {
        Loan memory loan = loanOf[id];
        if (loan.borrower == address(0)) revert NoLoan(id);
        if (block.timestamp <= loan.dueAt) revert NotDue(loan.dueAt);
        uint256 price = loan.principal + loan.interest;
        if (msg.value != price) revert WrongAmount(msg.value, price);
        delete loanOf[id];
        totalLent -= loan.principal;
        emit Defaulted(loan.borrower, id, msg.sender, price);
        collection.transferFrom(address(this), msg.sender, id);
    }

    function _pay(address to, uint256 amount) private {
        if (amount > address(this).balance) revert NotEnoughCash(address(this).balance, amount);
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert PaymentFailed(to, amount);
    }
}
