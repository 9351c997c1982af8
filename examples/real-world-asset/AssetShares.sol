// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";

/// @title Shares of a house: who may hold them is checked, and its rent is paid out to the holders in a token.
/// @dev How dividends find the holders is left to the contracts that build on this one. The supply never changes.
abstract contract AssetShares {
    string public name;
    uint8 public constant decimals = 0;
    uint256 public immutable totalSupply;
    address public immutable manager;
    /// @notice The token that dividends are paid in.
    Erc20 public immutable cash;
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;
    mapping(address account => bool) public isVerified;

    event Approval(address indexed owner, address indexed spender, uint256 amount);
    event Distributed(uint256 amount);
    event Transfer(address indexed from, address indexed to, uint256 amount);
    event Verified(address indexed account, bool verified);

    error InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
    error InsufficientShares(address account, uint256 shares, uint256 needed);
    error NotManager(address caller);
    error NotVerified(address account);
    error TransferFailed();
    error ZeroAmount();

    modifier onlyManager() {
        if (msg.sender != manager) revert NotManager(msg.sender);
        _;
    }

    constructor(string memory name_, uint256 supply, address manager_, Erc20 cash_) {
        name = name_;
        totalSupply = supply;
        manager = manager_;
        cash = cash_;
        isVerified[manager_] = true;
        balanceOf[manager_] = supply;
        emit Verified(manager_, true);
        emit Transfer(address(0), manager_, supply);
    }

    /// @notice Records whether these accounts may receive shares.
    function verify(address[] calldata accounts, bool verified) external onlyManager {
        for (uint256 i = 0; i < accounts.length; ++i) {
            isVerified[accounts[i]] = verified;
            emit Verified(accounts[i], verified);
        }
    }

    /// @notice The first sale: `amount` shares of the manager's to each of `accounts`.
    function place(address[] calldata accounts, uint256 amount) external onlyManager {
        for (uint256 i = 0; i < accounts.length; ++i) _transfer(msg.sender, accounts[i], amount);
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        _transfer(msg.sender, to, amount);
        return true;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        uint256 allowed = allowance[from][msg.sender];
        if (allowed < amount) revert InsufficientAllowance(msg.sender, allowed, amount);
        allowance[from][msg.sender] = allowed - amount;
        _transfer(from, to, amount);
        return true;
    }

    /// @notice Pays `amount` of the caller's cash out to the holders.
    function distribute(uint256 amount) external onlyManager {
        if (amount == 0) revert ZeroAmount();
        emit Distributed(amount);
        _distribute(amount);
    }

    function _distribute(uint256 amount) internal virtual;

    /// @dev Called before shares move.
    function _beforeTransfer(address from, address to, uint256 amount) internal virtual;

    function _transfer(address from, address to, uint256 amount) private {
        if (!isVerified[to]) revert NotVerified(to);
        if (amount == 0) revert ZeroAmount();
        uint256 shares = balanceOf[from];
        if (shares < amount) revert InsufficientShares(from, shares, amount);
        _beforeTransfer(from, to, amount);
        unchecked {
            balanceOf[from] = shares - amount;
            balanceOf[to] += amount;
        }
        emit Transfer(from, to, amount);
    }
}
