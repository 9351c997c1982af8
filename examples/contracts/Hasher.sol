// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title Work for the interpreter, as much as asked for; the result is the caller's own.
contract Hasher {
    mapping(address caller => bytes32) public resultOf;

    event Worked(address indexed caller, uint256 rounds, bytes32 result);

    /// @notice A chain of `rounds` keccak-256 hashes of 64 bytes.
    function hash(uint256 rounds) external {
        bytes32 state = keccak256(abi.encode(msg.sender));
        for (uint256 i = 0; i < rounds; ++i) {
            assembly ("memory-safe") {
                mstore(0x00, state)
                mstore(0x20, i)
                state := keccak256(0x00, 0x40)
            }
        }
        _finish(rounds, state);
    }

    /// @notice `rounds` steps of a xorshift generator on 256 bits and a modular multiplication: arithmetic alone.
    function mix(uint256 rounds) external {
        uint256 state = uint256(uint160(msg.sender)) | 1;
        for (uint256 i = 0; i < rounds; ++i) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state = mulmod(state, state | 1, type(uint256).max - 188);
        }
        _finish(rounds, bytes32(state));
    }

    function _finish(uint256 rounds, bytes32 result) private {
        resultOf[msg.sender] = result;
        emit Worked(msg.sender, rounds, result);
    }
}
