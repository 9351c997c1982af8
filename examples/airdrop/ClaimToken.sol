// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";
import {Merkle} from "./Merkle.sol";

/// @title A token whose whole supply belongs, from the first moment on, to those in a list; they claim their part.
/// @dev The supply is fixed with the list, so a claim need not touch a common balance nor `totalSupply`: it writes two slots that
/// are the claimant's alone.
contract ClaimToken is Erc20 {
    bytes32 public immutable root;
    mapping(address account => bool) public hasClaimed;

    error AlreadyClaimed(address account);
    error NotInTheList(address account, uint256 amount);

    /// @param supply The sum of the amounts in the list.
    constructor(string memory name_, string memory symbol_, bytes32 root_, uint256 supply) Erc20(name_, symbol_) {
        root = root_;
        totalSupply = supply;
    }

    /// @notice Claims for the caller.
    function claim(uint256 amount, bytes32[] calldata proof) external {
        if (hasClaimed[msg.sender]) revert AlreadyClaimed(msg.sender);
        if (!Merkle.contains(root, Merkle.leafOf(msg.sender, amount), proof)) revert NotInTheList(msg.sender, amount);
        hasClaimed[msg.sender] = true;
        unchecked {
            // No sum of amounts in the list overflows: it is the supply.
            balanceOf[msg.sender] += amount;
        }
        emit Transfer(address(0), msg.sender, amount);
    }
}
