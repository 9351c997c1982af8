// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title Code that an ordinary account delegates to (EIP-7702): batches, sent by the account itself or by a sponsor.
/// @dev What a sponsor may run was approved by the account: a hash of the calls and the fee, good once. The storage is the
/// account's own.
contract SponsoredWallet {
    struct Call {
        address to;
        uint256 value;
        bytes data;
    }

    mapping(bytes32 batch => bool) public isApproved;
    uint256 public batches;

    event Approved(bytes32 indexed batch);
    event Executed(uint256 indexed number, uint256 calls, address indexed sponsor, uint256 fee);

    error NotSelf(address caller);
    error NotApproved(bytes32 batch);
    error CallFailed(uint256 index, bytes reason);
    error FeeNotPaid(uint256 fee);

    modifier onlySelf() {
        if (msg.sender != address(this)) revert NotSelf(msg.sender);
        _;
    }

    receive() external payable {}

    /// @notice All of the calls or none.
    function execute(Call[] calldata calls) external payable onlySelf {
        _run(calls, address(0), 0);
    }

    /// @notice Lets anybody run these calls once, for this fee.
    function approve(Call[] calldata calls, uint256 fee) external onlySelf {
        bytes32 batch = keccak256(abi.encode(calls, fee));
        isApproved[batch] = true;
        emit Approved(batch);
    }

    /// @notice Runs what the account approved; the caller gets the fee.
    function sponsor(Call[] calldata calls, uint256 fee) external {
        bytes32 batch = keccak256(abi.encode(calls, fee));
        if (!isApproved[batch]) revert NotApproved(batch);
        delete isApproved[batch];
        _run(calls, msg.sender, fee);
        (bool paid,) = msg.sender.call{value: fee}("");
        if (!paid) revert FeeNotPaid(fee);
    }

    function _run(Call[] calldata calls, address sponsor_, uint256 fee) private {
        uint256 number = ++batches;
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool done, bytes memory reason) = calls[i].to.call{value: calls[i].value}(calls[i].data);
            if (!done) revert CallFailed(i, reason);
        }
        emit Executed(number, calls.length, sponsor_, fee);
    }
}
