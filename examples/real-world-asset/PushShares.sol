// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {AssetShares} from "./AssetShares.sol";
import {Erc20} from "../contracts/Erc20.sol";

/// @title Dividends are pushed: each distribution visits every holder.
/// @dev A distribution reads all shares and writes all holders' cash, so it waits for every transfer before it, and the next one
/// for it. It also gets dearer with each holder, until no block has room for it.
contract PushShares is AssetShares {
    address[] public holders;
    /// @dev Where a holder stands in `holders`, counted from 1.
    mapping(address account => uint256) public placeOf;

    constructor(string memory name_, uint256 supply, address manager_, Erc20 cash_)
        AssetShares(name_, supply, manager_, cash_)
    {
        _enter(manager_);
    }

    function _distribute(uint256 amount) internal override {
        uint256 count = holders.length;
        for (uint256 i = 0; i < count; ++i) {
            address holder = holders[i];
            uint256 part = amount * balanceOf[holder] / totalSupply;
            if (part != 0 && !cash.transferFrom(msg.sender, holder, part)) revert TransferFailed();
        }
    }

    function _beforeTransfer(address from, address to, uint256 amount) internal override {
        if (balanceOf[to] == 0) _enter(to);
        if (balanceOf[from] == amount && from != to) _leave(from);
    }

    function _enter(address account) private {
        holders.push(account);
        placeOf[account] = holders.length;
    }

    /// @dev The last holder takes the place of the one who leaves.
    function _leave(address account) private {
        uint256 place = placeOf[account];
        address last = holders[holders.length - 1];
        holders[place - 1] = last;
        placeOf[last] = place;
        holders.pop();
        delete placeOf[account];
    }
}
