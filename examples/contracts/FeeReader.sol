// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title Notes what the block's fee recipient owns.
/// @dev Every transaction adds its fee to that balance. Additions need no order among themselves, but a reader needs
/// their exact sum, and so depends on every transaction before it.
contract FeeReader {
    mapping(address caller => uint256) public seen;

    event Seen(address indexed caller, address indexed recipient, uint256 balance);

    function note() external {
        uint256 balance = block.coinbase.balance;
        seen[msg.sender] = balance;
        emit Seen(msg.sender, block.coinbase, balance);
    }

    /// @notice Pays the fee recipient directly, as block builders are tipped: an addition, not a reading.
    function tip() external payable {
        (bool paid,) = block.coinbase.call{value: msg.value}("");
        require(paid);
    }
}
