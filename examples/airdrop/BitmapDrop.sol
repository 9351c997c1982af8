// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";
import {Merkle} from "./Merkle.sol";

/// @title Everybody claims for themselves, out of one balance; who has claimed is one bit in a word of 256.
/// @dev The bits save gas, and make strangers write the same slot. So does the balance the tokens come from.
contract BitmapDrop {
    Erc20 public immutable token;
    bytes32 public immutable root;
    mapping(uint256 word => uint256) public claimedBits;

    event Claimed(uint256 index, address indexed account, uint256 amount);

    error AlreadyClaimed(uint256 index);
    error NotInTheList(address account, uint256 amount);
    error TransferFailed(address to);

    constructor(Erc20 token_, bytes32 root_) {
        token = token_;
        root = root_;
    }

    /// @notice Claims for the caller, who is number `index` in the list.
    function claim(uint256 index, uint256 amount, bytes32[] calldata proof) external {
        uint256 bit = 1 << (index & 255);
        if (claimedBits[index >> 8] & bit != 0) revert AlreadyClaimed(index);
        // The index is part of the leaf, or somebody could claim under all indices.
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(index, msg.sender, amount))));
        if (!Merkle.contains(root, leaf, proof)) revert NotInTheList(msg.sender, amount);
        claimedBits[index >> 8] |= bit;
        emit Claimed(index, msg.sender, amount);
        if (!token.transfer(msg.sender, amount)) revert TransferFailed(msg.sender);
    }
}
