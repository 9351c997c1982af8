// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";
import {Pool} from "../contracts/Pool.sol";
import {FlashBorrower, FlashLender} from "./FlashBorrower.sol";

/// @title Buys in one pool and sells in another with borrowed money, or does nothing at all.
/// @dev Anybody may call it and gets the profit; it keeps nothing between calls. If there is no profit everything is
/// reverted, the loan included, so all that a late searcher loses is gas.
contract Arbitrageur is FlashBorrower {
    /// @dev The lender that is being borrowed from, while it is: nobody else may call back.
    address private lender;

    event Profit(address indexed searcher, address indexed bought, address indexed sold, uint256 borrowed, uint256 profit);

    error NotLender(address caller);
    error NotStarted(address initiator);
    error TransferFailed(Erc20 token);
    error Unprofitable(uint256 back, uint256 owed);

    /// @notice Borrows `amount` of `token`, spends it in pool `buy`, sells what that gave in pool `sell`, repays, and pays
    /// what is left to the caller: at least `minProfit`.
    function run(FlashLender lender_, Erc20 token, uint256 amount, Pool buy, Pool sell, uint256 minProfit)
        external
        returns (uint256 profit)
    {
        lender = address(lender_);
        lender_.flashLoan(this, address(token), amount, abi.encode(buy, sell, minProfit));
        lender = address(0);
        profit = token.balanceOf(address(this));
        emit Profit(msg.sender, address(buy), address(sell), amount, profit);
        if (!token.transfer(msg.sender, profit)) revert TransferFailed(token);
    }

    function onFlashLoan(address initiator, address token, uint256 amount, uint256 fee, bytes calldata data)
        external
        returns (bytes32)
    {
        if (msg.sender != lender) revert NotLender(msg.sender);
        if (initiator != address(this)) revert NotStarted(initiator);
        (Pool buy, Pool sell, uint256 minProfit) = abi.decode(data, (Pool, Pool, uint256));
        uint256 bought = _sell(buy, Erc20(token), amount);
        Erc20 other = address(buy.token0()) == token ? buy.token1() : buy.token0();
        uint256 back = _sell(sell, other, bought);
        uint256 owed = amount + fee;
        if (back < owed + minProfit) revert Unprofitable(back, owed);
        Erc20(token).approve(msg.sender, owed);
        return keccak256("ERC3156FlashBorrower.onFlashLoan");
    }

    function _sell(Pool pool, Erc20 token, uint256 amount) private returns (uint256) {
        token.approve(address(pool), amount);
        return pool.swap(token, amount, 0, address(this), block.timestamp);
    }
}
