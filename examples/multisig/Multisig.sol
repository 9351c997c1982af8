// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title A common purse: what enough of its owners confirm is paid.
abstract contract Multisig {
    struct Proposal {
        address to;
        uint96 value;
        bytes data;
        bool executed;
    }

    uint256 public immutable threshold;
    mapping(address account => bool) public isOwner;
    Proposal[] public proposals;

    event Proposed(uint256 indexed id, address indexed by, address to, uint256 value);
    event Confirmed(uint256 indexed id, address indexed by);
    event Executed(uint256 indexed id);

    error NotAnOwner(address caller);
    error UnknownProposal(uint256 id);
    error ConfirmedAlready(uint256 id, address owner);
    error ExecutedAlready(uint256 id);
    error NotEnough(uint256 confirmations, uint256 threshold);
    error CallFailed(bytes reason);

    modifier onlyOwner() {
        if (!isOwner[msg.sender]) revert NotAnOwner(msg.sender);
        _;
    }

    constructor(address[] memory owners, uint256 threshold_) payable {
        for (uint256 i = 0; i < owners.length; ++i) isOwner[owners[i]] = true;
        threshold = threshold_;
    }

    receive() external payable {}

    function propose(address to, uint96 value, bytes calldata data) external onlyOwner returns (uint256 id) {
        id = proposals.length;
        proposals.push(Proposal(to, value, data, false));
        emit Proposed(id, msg.sender, to, value);
    }

    function _open(uint256 id) internal view returns (Proposal storage proposal) {
        if (id >= proposals.length) revert UnknownProposal(id);
        proposal = proposals[id];
        if (proposal.executed) revert ExecutedAlready(id);
    }

    function _execute(uint256 id, uint256 confirmations) internal {
        if (confirmations < threshold) revert NotEnough(confirmations, threshold);
        Proposal storage proposal = _open(id);
        proposal.executed = true;
        emit Executed(id);
        (bool done, bytes memory reason) = proposal.to.call{value: proposal.value}(proposal.data);
        if (!done) revert CallFailed(reason);
    }
}

/// @title Counts confirmations as they come, and pays with the last one that was missing.
contract CountingMultisig is Multisig {
    mapping(uint256 id => uint256) public confirmations;
    mapping(uint256 id => mapping(address owner => bool)) public hasConfirmed;

    constructor(address[] memory owners, uint256 threshold_) payable Multisig(owners, threshold_) {}

    function confirm(uint256 id) external onlyOwner {
        _open(id);
        if (hasConfirmed[id][msg.sender]) revert ConfirmedAlready(id, msg.sender);
        hasConfirmed[id][msg.sender] = true;
        uint256 count = confirmations[id] + 1;
        confirmations[id] = count;
        emit Confirmed(id, msg.sender);
        if (count == threshold) _execute(id, count);
    }
}

/// @title Confirmations are one slot for each owner; whoever executes names those who confirmed.
contract SeparateMultisig is Multisig {
    mapping(uint256 id => mapping(address owner => bool)) public hasConfirmed;

    error NotConfirmedBy(address owner);
    error NotInOrder(address owner);

    constructor(address[] memory owners, uint256 threshold_) payable Multisig(owners, threshold_) {}

    function confirm(uint256 id) external onlyOwner {
        _open(id);
        if (hasConfirmed[id][msg.sender]) revert ConfirmedAlready(id, msg.sender);
        hasConfirmed[id][msg.sender] = true;
        emit Confirmed(id, msg.sender);
    }

    /// @notice Pays what `owners` have confirmed. They are in ascending order, so that nobody counts twice.
    function execute(uint256 id, address[] calldata owners) external {
        address last = address(0);
        for (uint256 i = 0; i < owners.length; ++i) {
            if (owners[i] <= last) revert NotInOrder(owners[i]);
            if (!hasConfirmed[id][owners[i]]) revert NotConfirmedBy(owners[i]);
            last = owners[i];
        }
        _execute(id, owners.length);
    }
}
