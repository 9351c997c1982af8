// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";
import {FlashBorrower, FlashLender} from "./FlashBorrower.sol";

/// @title A token that lends itself: it mints a loan and burns it at the end of the call, for no fee (ERC-3156).
/// @dev The supply and the borrower's balance end where they began, so a loan reads them and changes neither. Loans that
/// are repaid leave nothing behind for the next one to wait for.
contract FlashToken is Erc20, FlashLender {
    bytes32 private constant ACCEPTED = keccak256("ERC3156FlashBorrower.onFlashLoan");
    /// @notice The most one loan may be.
    uint256 public constant LIMIT = 1_000_000 ether;

    address public immutable owner;

    event Lent(address indexed borrower, address indexed initiator, uint256 amount);

    error NotAccepted(address borrower);
    error NotOwner(address caller);
    error OverLimit(uint256 amount, uint256 most);
    error WrongToken(address token);

    constructor(string memory name_, string memory symbol_, address owner_) Erc20(name_, symbol_) {
        owner = owner_;
    }

    function mint(address to, uint256 amount) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        _mint(to, amount);
    }

    /// @notice Mints `amount` to each of `to`.
    function mintMany(address[] calldata to, uint256 amount) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        for (uint256 i = 0; i < to.length; ++i) _mint(to[i], amount);
    }

    function maxFlashLoan(address token) external view returns (uint256) {
        return token == address(this) ? LIMIT : 0;
    }

    function flashFee(address token, uint256) external view returns (uint256) {
        if (token != address(this)) revert WrongToken(token);
        return 0;
    }

    function flashLoan(FlashBorrower receiver, address token, uint256 amount, bytes calldata data)
        external
        returns (bool)
    {
        if (token != address(this)) revert WrongToken(token);
        if (amount > LIMIT) revert OverLimit(amount, LIMIT);
        emit Lent(address(receiver), msg.sender, amount);
        _mint(address(receiver), amount);
        if (receiver.onFlashLoan(msg.sender, token, amount, 0, data) != ACCEPTED) {
            revert NotAccepted(address(receiver));
        }
        // ERC-3156 has the borrower approve what is taken back.
        uint256 allowed = allowance[address(receiver)][address(this)];
        if (allowed < amount) revert InsufficientAllowance(address(this), allowed, amount);
        if (allowed != type(uint256).max) allowance[address(receiver)][address(this)] = allowed - amount;
        _burn(address(receiver), amount);
        return true;
    }
}
