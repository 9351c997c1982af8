// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";
import {Pool} from "../contracts/Pool.sol";

/// @title Provides liquidity for its users, and tells each at the end what that cost against simply holding the tokens.
/// @dev It holds the pools' shares and never tokens: what a pool does not take goes back in the same call.
contract Positions {
    /// @dev What is in a position: the shares it has and the tokens that were paid for them.
    struct Position {
        uint256 shares;
        uint256 paid0;
        uint256 paid1;
    }

    mapping(address provider => mapping(Pool pool => Position)) public positionOf;

    event Opened(address indexed provider, Pool indexed pool, uint256 amount0, uint256 amount1, uint256 shares);
    /// @param held What the tokens that were paid in would be worth now, in token 1 at the pool's price.
    /// @param withdrawn What came out is worth, in the same unit.
    /// @param lossBasisPoints By how much that is less, in parts of ten thousand: impermanent loss net of fees earned.
    event Closed(
        address indexed provider,
        Pool indexed pool,
        uint256 amount0,
        uint256 amount1,
        uint256 held,
        uint256 withdrawn,
        uint256 lossBasisPoints
    );

    error NoPosition(address provider, Pool pool);
    error TransferFailed(Erc20 token);

    /// @notice Adds liquidity to `pool`, at most `max0` and `max1` of its tokens.
    function open(Pool pool, uint256 max0, uint256 max1, uint256 minShares, uint256 deadline)
        external
        returns (uint256 shares)
    {
        (Erc20 token0, Erc20 token1) = (pool.token0(), pool.token1());
        _pull(token0, max0);
        _pull(token1, max1);
        token0.approve(address(pool), max0);
        token1.approve(address(pool), max1);
        shares = pool.addLiquidity(max0, max1, minShares, deadline);
        uint256 rest0 = _giveBack(pool, token0);
        uint256 rest1 = _giveBack(pool, token1);
        Position storage position = positionOf[msg.sender][pool];
        position.shares += shares;
        position.paid0 += max0 - rest0;
        position.paid1 += max1 - rest1;
        emit Opened(msg.sender, pool, max0 - rest0, max1 - rest1, shares);
        if (rest0 != 0) _push(token0, msg.sender, rest0);
        if (rest1 != 0) _push(token1, msg.sender, rest1);
    }

    /// @notice Ends the caller's position in `pool`, for at least `min0` and `min1`.
    function close(Pool pool, uint256 min0, uint256 min1, uint256 deadline)
        external
        returns (uint256 amount0, uint256 amount1)
    {
        Position memory position = positionOf[msg.sender][pool];
        if (position.shares == 0) revert NoPosition(msg.sender, pool);
        delete positionOf[msg.sender][pool];
        // Removing liquidity leaves the price as it is, but the last to leave leaves none to ask for.
        (uint256 reserve0, uint256 reserve1) = (pool.reserve0(), pool.reserve1());
        (amount0, amount1) = pool.removeLiquidity(position.shares, min0, min1, deadline);
        uint256 held = position.paid0 * reserve1 / reserve0 + position.paid1;
        uint256 withdrawn = amount0 * reserve1 / reserve0 + amount1;
        uint256 loss = withdrawn < held ? (held - withdrawn) * 10_000 / held : 0;
        emit Closed(msg.sender, pool, amount0, amount1, held, withdrawn, loss);
        _push(pool.token0(), msg.sender, amount0);
        _push(pool.token1(), msg.sender, amount1);
    }

    /// @dev What the pool was allowed to take and did not; it may not take it later.
    function _giveBack(Pool pool, Erc20 token) private returns (uint256 rest) {
        rest = token.allowance(address(this), address(pool));
        if (rest != 0) token.approve(address(pool), 0);
    }

    function _pull(Erc20 token, uint256 amount) private {
        if (!token.transferFrom(msg.sender, address(this), amount)) revert TransferFailed(token);
    }

    function _push(Erc20 token, address to, uint256 amount) private {
        if (!token.transfer(to, amount)) revert TransferFailed(token);
    }
}
