// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Arena} from "./Arena.sol";
import {Token} from "../contracts/Token.sol";

/// @title The arena in which only those meet who play with each other.
/// @dev Chance comes from the block and from the two heroes' own histories, a hero's number is a hash, and what was won is a
/// balance in this contract until the player cashes it out. The house keeps its fees by minting them to nobody.
contract SeparateArena is Arena {
    Token public immutable gold;
    mapping(address player => uint256) public purseOf;

    event CashedOut(address indexed player, uint256 amount);
    event PaidIn(address indexed player, uint256 amount);

    error InsufficientGold(address player, uint256 purse, uint256 needed);
    error TransferFailed();

    /// @param gold_ A token that this contract owns, so that it can mint.
    constructor(Token gold_) {
        gold = gold_;
    }

    /// @notice Turns gold in the purse into tokens.
    function cashOut(uint256 amount) external {
        _debit(msg.sender, amount);
        emit CashedOut(msg.sender, amount);
        gold.mint(msg.sender, amount);
    }

    /// @notice Turns tokens into gold in the purse.
    function payIn(uint256 amount) external {
        purseOf[msg.sender] += amount;
        emit PaidIn(msg.sender, amount);
        if (!gold.transferFrom(msg.sender, address(this), amount)) revert TransferFailed();
        gold.burn(amount);
    }

    function _chance(bytes32 salt) internal view override returns (uint256) {
        return uint256(keccak256(abi.encode(blockhash(block.number - 1), salt)));
    }

    function _newId(uint256 chance) internal view override returns (uint256) {
        return uint256(keccak256(abi.encode(msg.sender, championOf[msg.sender], chance)));
    }

    function _credit(address player, uint256 amount) internal override {
        purseOf[player] += amount;
    }

    function _debit(address player, uint256 amount) internal override {
        uint256 purse = purseOf[player];
        if (purse < amount) revert InsufficientGold(player, purse, amount);
        unchecked {
            purseOf[player] = purse - amount;
        }
    }

    function _keepFee(uint256) internal override {}
}
