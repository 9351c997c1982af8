// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";
import {FlashBorrower, FlashLender} from "./FlashBorrower.sol";

/// @title Lends what it has of one token for the length of a call, for a fee that stays in the pot (ERC-3156).
/// @dev A loan leaves the pot's balance higher than it found it, by the fee. So each loan reads what the last one left,
/// even if both are for a trifle.
contract LendingPot is FlashLender {
    bytes32 private constant ACCEPTED = keccak256("ERC3156FlashBorrower.onFlashLoan");
    /// @notice In parts of ten thousand of the loan.
    uint256 public constant FEE = 9;

    Erc20 public immutable token;
    address public immutable owner;

    event Lent(address indexed borrower, address indexed initiator, uint256 amount, uint256 fee);
    event Withdrawn(uint256 amount);

    error NotAccepted(address borrower);
    error NotOwner(address caller);
    error OverLimit(uint256 amount, uint256 most);
    error TransferFailed(address token);
    error WrongToken(address token);

    constructor(Erc20 token_, address owner_) {
        (token, owner) = (token_, owner_);
    }

    function maxFlashLoan(address token_) public view returns (uint256) {
        return token_ == address(token) ? token.balanceOf(address(this)) : 0;
    }

    function flashFee(address token_, uint256 amount) public view returns (uint256) {
        if (token_ != address(token)) revert WrongToken(token_);
        return (amount * FEE + 9999) / 10_000;
    }

    function flashLoan(FlashBorrower receiver, address token_, uint256 amount, bytes calldata data)
        external
        returns (bool)
    {
        uint256 fee = flashFee(token_, amount);
        uint256 most = maxFlashLoan(token_);
        if (amount > most) revert OverLimit(amount, most);
        emit Lent(address(receiver), msg.sender, amount, fee);
        if (!token.transfer(address(receiver), amount)) revert TransferFailed(token_);
        if (receiver.onFlashLoan(msg.sender, token_, amount, fee, data) != ACCEPTED) {
            revert NotAccepted(address(receiver));
        }
        if (!token.transferFrom(address(receiver), address(this), amount + fee)) revert TransferFailed(token_);
        return true;
    }

    function withdraw(uint256 amount) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        emit Withdrawn(amount);
        if (!token.transfer(owner, amount)) revert TransferFailed(address(token));
    }
}
