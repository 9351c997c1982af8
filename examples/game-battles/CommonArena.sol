// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Arena} from "./Arena.sol";
import {Token} from "../contracts/Token.sol";

/// @title The arena with one source of chance, one counter of heroes, and gold that is minted and burnt at once.
/// @dev Every battle reads and writes `seed` and the gold's `totalSupply`: two strangers' battles wait for each other.
contract CommonArena is Arena {
    Token public immutable gold;
    bytes32 public seed;
    uint256 public heroes;
    uint256 public kept;

    error TransferFailed();

    /// @param gold_ A token that this contract owns, so that it can mint.
    constructor(Token gold_) {
        gold = gold_;
        seed = keccak256(abi.encode(blockhash(block.number - 1), address(this)));
    }

    function _chance(bytes32 salt) internal override returns (uint256) {
        seed = keccak256(abi.encode(seed, salt));
        return uint256(seed);
    }

    function _newId(uint256) internal override returns (uint256) {
        return ++heroes;
    }

    function _credit(address player, uint256 amount) internal override {
        gold.mint(player, amount);
    }

    function _debit(address player, uint256 amount) internal override {
        if (!gold.transferFrom(player, address(this), amount)) revert TransferFailed();
        gold.burn(amount);
    }

    function _keepFee(uint256 amount) internal override {
        kept += amount;
    }
}
