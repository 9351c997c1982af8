// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title A wallet with one owner, which can be closed.
/// @dev Closing destroys the code and the storage at the end of the transaction, up to and including the fork Shanghai.
/// From Cancun on (EIP-6780) it only pays out, unless the wallet was created in the same transaction.
contract Wallet {
    address public immutable owner;
    /// @notice How many payments it has made in this life.
    uint256 public payments;

    event Received(address indexed from, uint256 amount);
    event Paid(address indexed to, uint256 amount, uint256 payments);
    event Closed(address indexed to, uint256 amount);

    error NotOwner(address caller);
    error PaymentFailed(address to, uint256 amount);

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        _;
    }

    constructor(address owner_) payable {
        owner = owner_;
    }

    receive() external payable {
        emit Received(msg.sender, msg.value);
    }

    function pay(address to, uint256 amount) external onlyOwner {
        uint256 count = payments + 1;
        payments = count;
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert PaymentFailed(to, amount);
        emit Paid(to, amount, count);
    }

    function close(address payable to) external onlyOwner {
        emit Closed(to, address(this).balance);
        selfdestruct(to);
    }
}
