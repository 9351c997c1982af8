// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "./Erc20.sol";

/// @title A constant-product pool of two tokens: `reserve0 * reserve1` never falls.
/// @dev Every swap reads both reserves and writes both, so the swaps of one pool form a chain, whoever makes them.
/// Both tokens are fixed at construction and must be plain ERC-20s (no fee on transfer): the pool counts what it asked
/// for. Every function pulls first, then works from the reserves as they then are, then pushes, so that a token that
/// calls back finds the books balanced.
contract Pool is Erc20 {
    /// @notice Fee of a swap, in parts of ten thousand; it stays in the pool.
    uint256 public constant FEE = 30;
    /// @notice Shares that are locked for ever by the first deposit, so that a share never becomes dear.
    uint256 public constant LOCKED = 1000;

    Erc20 public immutable token0;
    Erc20 public immutable token1;
    uint256 public reserve0;
    uint256 public reserve1;

    event LiquidityAdded(address indexed provider, uint256 amount0, uint256 amount1, uint256 shares);
    event LiquidityRemoved(address indexed provider, uint256 amount0, uint256 amount1, uint256 shares);
    event Swap(address indexed trader, address indexed tokenIn, uint256 amountIn, uint256 amountOut, address to);
    event Sync(uint256 reserve0, uint256 reserve1);

    error Expired(uint256 deadline);
    error InsufficientOutput(uint256 amountOut, uint256 minimum);
    error NoLiquidity();
    error NotInPool(address token);
    error SameToken();
    error TransferFailed(address token);
    error ZeroAmount();

    modifier before(uint256 deadline) {
        if (block.timestamp > deadline) revert Expired(deadline);
        _;
    }

    constructor(Erc20 token0_, Erc20 token1_) Erc20("Pool share", "LP") {
        if (address(token0_) == address(token1_)) revert SameToken();
        token0 = token0_;
        token1 = token1_;
    }

    /// @notice Deposits both tokens, at most `max0` and `max1`, in the ratio of the reserves; the first deposit sets it.
    /// @return shares The shares minted, at least `minShares`.
    function addLiquidity(uint256 max0, uint256 max1, uint256 minShares, uint256 deadline)
        external
        before(deadline)
        returns (uint256 shares)
    {
        uint256 supply = totalSupply;
        uint256 amount0 = max0;
        uint256 amount1 = max1;
        if (supply == 0) {
            shares = _sqrt(amount0 * amount1);
            if (shares <= LOCKED) revert ZeroAmount();
            shares -= LOCKED;
        } else {
            uint256 by0 = max0 * supply / reserve0;
            uint256 by1 = max1 * supply / reserve1;
            shares = by0 < by1 ? by0 : by1;
            if (shares == 0) revert ZeroAmount();
            amount0 = _divideUp(shares * reserve0, supply);
            amount1 = _divideUp(shares * reserve1, supply);
        }
        if (shares < minShares) revert InsufficientOutput(shares, minShares);
        _sync(reserve0 + amount0, reserve1 + amount1);
        if (supply == 0) _mint(address(1), LOCKED);
        _mint(msg.sender, shares);
        emit LiquidityAdded(msg.sender, amount0, amount1, shares);
        _pull(token0, amount0);
        _pull(token1, amount1);
    }

    /// @notice Burns `shares` and returns their part of both reserves, at least `min0` and `min1`.
    function removeLiquidity(uint256 shares, uint256 min0, uint256 min1, uint256 deadline)
        external
        before(deadline)
        returns (uint256 amount0, uint256 amount1)
    {
        uint256 supply = totalSupply;
        if (supply == 0) revert NoLiquidity();
        amount0 = shares * reserve0 / supply;
        amount1 = shares * reserve1 / supply;
        if (amount0 == 0 || amount1 == 0) revert ZeroAmount();
        if (amount0 < min0) revert InsufficientOutput(amount0, min0);
        if (amount1 < min1) revert InsufficientOutput(amount1, min1);
        _burn(msg.sender, shares);
        _sync(reserve0 - amount0, reserve1 - amount1);
        emit LiquidityRemoved(msg.sender, amount0, amount1, shares);
        _push(token0, msg.sender, amount0);
        _push(token1, msg.sender, amount1);
    }

    /// @notice Sells `amountIn` of `tokenIn` for at least `minOut` of the other token, paid to `to`.
    function swap(Erc20 tokenIn, uint256 amountIn, uint256 minOut, address to, uint256 deadline)
        external
        before(deadline)
        returns (uint256 amountOut)
    {
        bool forward = address(tokenIn) == address(token0);
        if (!forward && address(tokenIn) != address(token1)) revert NotInPool(address(tokenIn));
        _pull(tokenIn, amountIn);
        uint256 r0 = reserve0;
        uint256 r1 = reserve1;
        amountOut = forward ? quote(amountIn, r0, r1) : quote(amountIn, r1, r0);
        if (amountOut < minOut || amountOut == 0) revert InsufficientOutput(amountOut, minOut);
        if (forward) _sync(r0 + amountIn, r1 - amountOut);
        else _sync(r0 - amountOut, r1 + amountIn);
        emit Swap(msg.sender, address(tokenIn), amountIn, amountOut, to);
        _push(forward ? token1 : token0, to, amountOut);
    }

    /// @notice What `amountIn` buys, after the fee.
    function quote(uint256 amountIn, uint256 reserveIn, uint256 reserveOut) public pure returns (uint256) {
        if (amountIn == 0) revert ZeroAmount();
        if (reserveIn == 0 || reserveOut == 0) revert NoLiquidity();
        uint256 afterFee = amountIn * (10_000 - FEE);
        return afterFee * reserveOut / (reserveIn * 10_000 + afterFee);
    }

    function _sync(uint256 r0, uint256 r1) private {
        reserve0 = r0;
        reserve1 = r1;
        emit Sync(r0, r1);
    }

    function _pull(Erc20 token, uint256 amount) private {
        if (!token.transferFrom(msg.sender, address(this), amount)) revert TransferFailed(address(token));
    }

    function _push(Erc20 token, address to, uint256 amount) private {
        if (!token.transfer(to, amount)) revert TransferFailed(address(token));
    }

    function _divideUp(uint256 a, uint256 b) private pure returns (uint256) {
        return (a + b - 1) / b;
    }

    /// @dev Newton's method from above; the result is rounded down.
    function _sqrt(uint256 x) private pure returns (uint256 root) {
        root = x;
        uint256 next = x / 2 + x % 2;
        while (next < root) {
            root = next;
            next = (x / next + next) / 2;
        }
    }
}
