// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";
import {Pool} from "../contracts/Pool.sol";

/// @title Sells a token for another along a path of pools, for pairs that have no pool of their own.
/// @dev The router keeps nothing: what it takes leaves it in the same call, so its own token balances are read by every
/// routed trade and changed by none. What ties two routes together is a pool that both pass.
contract Router {
    address public immutable owner;
    mapping(Erc20 tokenA => mapping(Erc20 tokenB => Pool)) public poolOf;

    event PoolRegistered(Pool indexed pool, Erc20 indexed token0, Erc20 indexed token1);
    event Routed(address indexed trader, Erc20 indexed tokenIn, Erc20 indexed tokenOut, uint256 amountIn, uint256 amountOut);

    error AlreadyRegistered(Pool pool);
    error InsufficientOutput(uint256 amountOut, uint256 minimum);
    error NoPool(Erc20 tokenIn, Erc20 tokenOut);
    error NotOwner(address caller);
    error PathTooShort();
    error TransferFailed(Erc20 token);

    constructor(address owner_) {
        owner = owner_;
    }

    /// @notice Makes `pool` the one for its two tokens, and lets it take from the router what passes through.
    function register(Pool pool) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        Erc20 token0 = pool.token0();
        Erc20 token1 = pool.token1();
        Pool known = poolOf[token0][token1];
        if (address(known) != address(0)) revert AlreadyRegistered(known);
        poolOf[token0][token1] = pool;
        poolOf[token1][token0] = pool;
        emit PoolRegistered(pool, token0, token1);
        token0.approve(address(pool), type(uint256).max);
        token1.approve(address(pool), type(uint256).max);
    }

    /// @notice Sells `amountIn` of the first token of `path` for at least `minOut` of the last, paid to `to`.
    /// @return amount What `to` was paid.
    function swap(Erc20[] calldata path, uint256 amountIn, uint256 minOut, address to, uint256 deadline)
        external
        returns (uint256 amount)
    {
        if (path.length < 2) revert PathTooShort();
        if (!path[0].transferFrom(msg.sender, address(this), amountIn)) revert TransferFailed(path[0]);
        amount = amountIn;
        uint256 last = path.length - 1;
        for (uint256 i = 0; i < last; ++i) {
            Pool pool = poolOf[path[i]][path[i + 1]];
            if (address(pool) == address(0)) revert NoPool(path[i], path[i + 1]);
            amount = pool.swap(path[i], amount, 0, i + 1 == last ? to : address(this), deadline);
        }
        if (amount < minOut) revert InsufficientOutput(amount, minOut);
        emit Routed(msg.sender, path[0], path[last], amountIn, amount);
    }
}
