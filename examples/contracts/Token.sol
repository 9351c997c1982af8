// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "./Erc20.sol";

/// @title An ERC-20 token whose owner mints.
contract Token is Erc20 {
    address public owner;

    event OwnershipTransferred(address indexed from, address indexed to);

    error NotOwner(address caller);

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        _;
    }

    constructor(string memory name_, string memory symbol_, address owner_) Erc20(name_, symbol_) {
        if (owner_ == address(0)) revert InvalidRecipient(owner_);
        owner = owner_;
        emit OwnershipTransferred(address(0), owner_);
    }

    function mint(address to, uint256 amount) external onlyOwner {
        _mint(to, amount);
    }

    /// @notice Mints `amount` to each of `to`.
    function mintMany(address[] calldata to, uint256 amount) external onlyOwner {
        for (uint256 i = 0; i < to.length; ++i) _mint(to[i], amount);
    }

    function burn(uint256 amount) external {
        _burn(msg.sender, amount);
    }

    function transferOwnership(address to) external onlyOwner {
        if (to == address(0)) revert InvalidRecipient(to);
        emit OwnershipTransferred(owner, to);
        owner = to;
    }
}
