// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// A guestbook: visitors sign with a line while it is open, each once, and its keeper can close it.
abstract contract Guestbook {
    address public immutable keeper;
    bool public closed;

    event Signed(address indexed visitor, uint256 indexed entry, bytes32 line);
    event Closed();

    error NotTheKeeper(address caller);
    error IsClosed();
    error SignedAlready(address visitor);

    constructor(address keeper_) {
        keeper = keeper_;
    }

    /// Leaves a line; returns the entry's number.
    function sign(bytes32 line) external returns (uint256 entry) {
        if (closed) revert IsClosed();
        entry = write(msg.sender, line);
        emit Signed(msg.sender, entry, line);
    }

    /// Nobody signs any more.
    function close() external {
        if (msg.sender != keeper) revert NotTheKeeper(msg.sender);
        closed = true;
        emit Closed();
    }

    function write(address visitor, bytes32 line) internal virtual returns (uint256 entry);
}

/// Entries are numbered as they come: every signature reads and writes the last number.
contract NumberedGuestbook is Guestbook {
    uint256 public last;
    mapping(uint256 entry => bytes32) public lines;
    mapping(address visitor => uint256) public entryOf;

    constructor(address keeper_) Guestbook(keeper_) {}

    function write(address visitor, bytes32 line) internal override returns (uint256 entry) {
        if (entryOf[visitor] != 0) revert SignedAlready(visitor);
        entry = ++last;
        entryOf[visitor] = entry;
        lines[entry] = line;
    }
}

/// An entry's number is its visitor's address: signatures have nothing in common but what nobody writes.
contract AddressedGuestbook is Guestbook {
    mapping(address visitor => bytes32) public lines;
    mapping(address visitor => bool) public hasSigned;

    constructor(address keeper_) Guestbook(keeper_) {}

    function write(address visitor, bytes32 line) internal override returns (uint256 entry) {
        if (hasSigned[visitor]) revert SignedAlready(visitor);
        hasSigned[visitor] = true;
        lines[visitor] = line;
        return uint256(uint160(visitor));
    }
}
