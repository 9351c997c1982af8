// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {AssetShares} from "./AssetShares.sol";
import {Erc20} from "../contracts/Erc20.sol";

/// @title Dividends are pulled: a distribution raises one number, and holders fetch what is theirs.
/// @dev A transfer first settles both sides at `perShare`, which only a distribution writes. Claims are paid out of one balance and
/// wait for one another there, but nobody has to claim after every distribution.
contract PullShares is AssetShares {
    uint256 private constant SCALE = 1e18;

    /// @notice All dividends ever distributed for one share, scaled by 1e18.
    uint256 public perShare;
    mapping(address account => uint256) public settledAt;
    mapping(address account => uint256) public owedTo;

    event Claimed(address indexed account, uint256 amount);

    error NothingToClaim(address account);

    constructor(string memory name_, uint256 supply, address manager_, Erc20 cash_)
        AssetShares(name_, supply, manager_, cash_)
    {}

    function claim() external returns (uint256 amount) {
        _settle(msg.sender);
        amount = owedTo[msg.sender];
        if (amount == 0) revert NothingToClaim(msg.sender);
        owedTo[msg.sender] = 0;
        emit Claimed(msg.sender, amount);
        if (!cash.transfer(msg.sender, amount)) revert TransferFailed();
    }

    /// @notice What `account` could claim now.
    function claimable(address account) public view returns (uint256) {
        return owedTo[account] + balanceOf[account] * (perShare - settledAt[account]) / SCALE;
    }

    function _distribute(uint256 amount) internal override {
        perShare += amount * SCALE / totalSupply;
        if (!cash.transferFrom(msg.sender, address(this), amount)) revert TransferFailed();
    }

    function _beforeTransfer(address from, address to, uint256) internal override {
        _settle(from);
        _settle(to);
    }

    function _settle(address account) private {
        owedTo[account] = claimable(account);
        settledAt[account] = perShare;
    }
}
