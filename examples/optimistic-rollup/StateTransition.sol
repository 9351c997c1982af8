// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title What a transaction of the rollup does to its state: the rule that a dispute applies to one transaction.
/// @dev The state is a Merkle tree of sixteen accounts, each leaf `keccak256(abi.encode(owner, balance, nonce))`. A transfer that
/// is not signed by the owner of `from`, or that the balance does not cover, changes nothing; so every transfer has an outcome.
library StateTransition {
    uint256 internal constant DEPTH = 4;

    /// @notice A transaction of the rollup, signed by the owner of account `from`.
    struct L2Transfer {
        uint8 from;
        uint8 to;
        uint64 amount;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    struct Account {
        address owner;
        uint64 balance;
        uint64 nonce;
    }

    /// @notice The two accounts as they were, with the siblings on their paths; those of `to` are of the tree in which `from` is
    /// already debited.
    struct Witness {
        Account from;
        bytes32[DEPTH] fromSiblings;
        Account to;
        bytes32[DEPTH] toSiblings;
    }

    error NotInState(uint256 account, bytes32 root);

    /// @notice The root of the state after `transfer`, given its root before.
    function apply_(bytes32 root, bytes32 chain, L2Transfer memory transfer, Witness memory witness)
        internal
        pure
        returns (bytes32)
    {
        Account memory from = witness.from;
        if (_rootOf(transfer.from, from, witness.fromSiblings) != root) revert NotInState(transfer.from, root);
        bytes32 digest = digestOf(chain, transfer, from.nonce);
        address signer = ecrecover(digest, transfer.v, transfer.r, transfer.s);
        if (signer == address(0) || signer != from.owner) return root;
        if (transfer.amount > from.balance || transfer.from == transfer.to) return root;

        from.balance -= transfer.amount;
        from.nonce += 1;
        bytes32 debited = _rootOf(transfer.from, from, witness.fromSiblings);
        Account memory to = witness.to;
        if (_rootOf(transfer.to, to, witness.toSiblings) != debited) revert NotInState(transfer.to, debited);
        to.balance += transfer.amount;
        return _rootOf(transfer.to, to, witness.toSiblings);
    }

    /// @notice What the sender of a transfer signs.
    function digestOf(bytes32 chain, L2Transfer memory transfer, uint64 nonce) internal pure returns (bytes32) {
        return keccak256(abi.encode(chain, transfer.from, transfer.to, transfer.amount, nonce));
    }

    function _rootOf(uint256 index, Account memory account, bytes32[DEPTH] memory siblings)
        private
        pure
        returns (bytes32 node)
    {
        node = keccak256(abi.encode(account.owner, account.balance, account.nonce));
        for (uint256 i = 0; i < DEPTH; ++i) {
            node = (index >> i) & 1 == 0
                ? keccak256(abi.encode(node, siblings[i]))
                : keccak256(abi.encode(siblings[i], node));
        }
    }
}
