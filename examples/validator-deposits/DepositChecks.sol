// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title What every deposit for a validator has to pass: lengths, amount, and the root of the deposit's own data.
/// @dev The root is SSZ's hash_tree_root of `DepositData`, by the SHA-256 precompile; a wallet computes it too, so that
/// a truncated or swapped field is noticed before the ether is gone.
abstract contract DepositChecks {
    event Deposited(bytes pubkey, bytes withdrawalCredentials, bytes amount, bytes signature, bytes index);

    error AmountTooLow(uint256 value);
    error NotWholeGwei(uint256 value);
    error TooMuch(uint256 value);
    error WrongLength(uint256 pubkey, uint256 withdrawalCredentials, uint256 signature);
    error WrongRoot(bytes32 computed, bytes32 given);

    /// @dev The amount in gwei as the consensus layer writes it: eight bytes, the lowest first.
    function _check(
        bytes calldata pubkey,
        bytes calldata withdrawalCredentials,
        bytes calldata signature,
        bytes32 depositDataRoot
    ) internal view returns (bytes memory amount) {
        if (pubkey.length != 48 || withdrawalCredentials.length != 32 || signature.length != 96) {
            revert WrongLength(pubkey.length, withdrawalCredentials.length, signature.length);
        }
        if (msg.value < 1 ether) revert AmountTooLow(msg.value);
        if (msg.value % 1 gwei != 0) revert NotWholeGwei(msg.value);
        uint256 gwei_ = msg.value / 1 gwei;
        if (gwei_ > type(uint64).max) revert TooMuch(msg.value);
        amount = _littleEndian(uint64(gwei_));

        bytes32 pubkeyRoot = sha256(abi.encodePacked(pubkey, bytes16(0)));
        bytes32 signatureRoot = sha256(
            abi.encodePacked(
                sha256(signature[:64]), sha256(abi.encodePacked(signature[64:], bytes32(0)))
            )
        );
        bytes32 root = sha256(
            abi.encodePacked(
                sha256(abi.encodePacked(pubkeyRoot, withdrawalCredentials)),
                sha256(abi.encodePacked(amount, bytes24(0), signatureRoot))
            )
        );
        if (root != depositDataRoot) revert WrongRoot(root, depositDataRoot);
    }

    function _littleEndian(uint64 number) internal pure returns (bytes memory bytes_) {
        bytes_ = new bytes(8);
        for (uint256 i = 0; i < 8; ++i) {
            bytes_[i] = bytes1(uint8(number >> (8 * i)));
        }
    }
}
