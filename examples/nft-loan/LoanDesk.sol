// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {PledgeNft} from "./PledgeNft.sol";

/// @title Loans between two people: an owner asks for a loan on a token, whoever likes the terms grants it.
/// @dev The desk holds neither pledges nor ether: a pledge is locked in its owner's hands, and what a lender or borrower pays
/// goes to the other in the same call. A loan is its own entry of `loanOf`, and nobody else's loan is ever looked at.
contract LoanDesk {
    struct Loan {
        address borrower;
        address lender;
        uint256 principal;
        /// @dev What is to be paid back.
        uint256 repayment;
        uint256 term;
        uint256 dueAt;
    }

    mapping(PledgeNft collection => mapping(uint256 id => Loan)) public loanOf;

    event Requested(
        PledgeNft indexed collection, uint256 indexed id, address indexed borrower, uint256 principal, uint256 repayment, uint256 term
    );
    event Withdrawn(PledgeNft indexed collection, uint256 indexed id);
    event Granted(PledgeNft indexed collection, uint256 indexed id, address indexed lender, uint256 dueAt);
    event Repaid(PledgeNft indexed collection, uint256 indexed id, uint256 repayment);
    event Defaulted(PledgeNft indexed collection, uint256 indexed id, address indexed lender);

    error AlreadyGranted(uint256 id);
    error NoRequest(uint256 id);
    error NotBorrower(address caller, uint256 id);
    error NotDue(uint256 dueAt);
    error NotLender(address caller, uint256 id);
    error NotOwner(address caller, uint256 id);
    error Overdue(uint256 dueAt);
    error PaymentFailed(address to, uint256 amount);
    error WrongAmount(uint256 paid, uint256 due);
    error WrongTerms(uint256 principal, uint256 repayment, uint256 term);

    /// @notice Pledges a token and asks for `principal`, to be paid back as `repayment` within `term` seconds.
    function request(PledgeNft collection, uint256 id, uint256 principal, uint256 repayment, uint256 term) external {
        if (principal == 0 || repayment < principal || term == 0) revert WrongTerms(principal, repayment, term);
        if (collection.ownerOf(id) != msg.sender) revert NotOwner(msg.sender, id);
        loanOf[collection][id] = Loan(msg.sender, address(0), principal, repayment, term, 0);
        emit Requested(collection, id, msg.sender, principal, repayment, term);
        collection.lock(id);
    }

    /// @notice Takes the pledge back while nobody has granted the loan.
    function cancel(PledgeNft collection, uint256 id) external {
        Loan memory loan = loanOf[collection][id];
        if (loan.borrower != msg.sender) revert NotBorrower(msg.sender, id);
        if (loan.lender != address(0)) revert AlreadyGranted(id);
        delete loanOf[collection][id];
        emit Withdrawn(collection, id);
        collection.unlock(id);
    }

    /// @notice Lends the principal that was asked for, on the terms that were asked for.
    function grant(PledgeNft collection, uint256 id, uint256 repayment) external payable {
        Loan storage loan = loanOf[collection][id];
        address borrower = loan.borrower;
        if (borrower == address(0)) revert NoRequest(id);
        if (loan.lender != address(0)) revert AlreadyGranted(id);
        // The borrower may have cancelled and asked again on other terms since the lender looked.
        if (msg.value != loan.principal) revert WrongAmount(msg.value, loan.principal);
        if (repayment != loan.repayment) revert WrongAmount(repayment, loan.repayment);
        loan.lender = msg.sender;
        loan.dueAt = block.timestamp + loan.term;
        emit Granted(collection, id, msg.sender, loan.dueAt);
        _pay(borrower, msg.value);
    }

    /// @notice Pays the lender and returns the pledge.
    function repay(PledgeNft collection, uint256 id) external payable {
        Loan memory loan = loanOf[collection][id];
        if (loan.borrower != msg.sender) revert NotBorrower(msg.sender, id);
        if (loan.lender == address(0)) revert NoRequest(id);
        if (block.timestamp > loan.dueAt) revert Overdue(loan.dueAt);
        if (msg.value != loan.repayment) revert WrongAmount(msg.value, loan.repayment);
        delete loanOf[collection][id];
        emit Repaid(collection, id, loan.repayment);
        collection.unlock(id);
        _pay(loan.lender, loan.repayment);
    }

    /// @notice Gives the lender of an overdue loan the pledge.
    function claim(PledgeNft collection, uint256 id) external {
        Loan memory loan = loanOf[collection][id];
        if (loan.lender != msg.sender) revert NotLender(msg.sender, id);
        if (block.timestamp <= loan.dueAt) revert NotDue(loan.dueAt);
        delete loanOf[collection][id];
        emit Defaulted(collection, id, msg.sender);
        collection.seize(id, msg.sender);
    }

    function _pay(address to, uint256 amount) private {
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert PaymentFailed(to, amount);
    }
}
