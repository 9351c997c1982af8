// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {StateTransition} from "./StateTransition.sol";

/// @title A rollup whose states are believed unless somebody proves one wrong.
/// @dev Batches of transfers are posted as data. Somebody with a bond claims what a batch leads to: the state's root after each of
/// its transfers. Within `window` seconds anybody may dispute one step: it is executed here, and if something else comes out
/// the claim is void and its bond goes to the challenger. All roots are posted with the claim, so one round is enough to find
/// the step. How batches are kept and which claims may be built on is left to the contracts that build on this one.
abstract contract OptimisticRollup {
    enum Stage {
        Unknown,
        Pending,
        Refuted,
        Final,
        Superseded
    }

    struct Claim {
        address asserter;
        Stage stage;
        uint64 deadline;
        bytes32 parent;
        bytes32 batch;
        bytes32 rootsHash;
        bytes32 lastRoot;
    }

    uint256 public constant BOND = 1 ether;

    /// @notice Tells this rollup from others in what its users sign.
    bytes32 public immutable chain;
    uint256 public immutable window;
    mapping(bytes32 id => Claim) public claimOf;
    mapping(address account => uint256) public bondsOf;
    /// @notice The newest final claim. The first is 0: its last root is the genesis state.
    bytes32 public head;

    event Asserted(bytes32 indexed claim, bytes32 indexed parent, bytes32 indexed batch, address asserter, bytes32 lastRoot);
    event BatchPosted(bytes32 indexed batch, address indexed sequencer, uint256 transfers);
    event BondDeposited(address indexed account, uint256 amount);
    event BondWithdrawn(address indexed account, uint256 amount);
    event Finalised(bytes32 indexed claim, bytes32 root);
    event Passed(bytes32 indexed claim);
    event Refuted(bytes32 indexed claim, address indexed challenger, uint256 step, bytes32 claimed, bytes32 right);

    error AlreadyAsserted(bytes32 claim);
    error EmptyBatch();
    error InsufficientBond(address account, uint256 bonds);
    error NotOnHead(bytes32 parent, bytes32 head);
    error NotPending(bytes32 claim, Stage stage);
    error NotPosted(bytes32 batch);
    error ParentRefuted(bytes32 parent);
    error PaymentFailed(address to, uint256 amount);
    error StillPossible(bytes32 claim);
    error StepIsRight(uint256 step, bytes32 root);
    error UnknownParent(bytes32 parent);
    error WindowOpen(uint256 deadline);
    error WindowOver(uint256 deadline);
    error WrongFirstRoot(bytes32 root, bytes32 needed);
    error WrongRoots();
    error WrongTransfers();

    constructor(bytes32 chain_, uint256 window_, bytes32 genesisRoot) {
        chain = chain_;
        window = window_;
        claimOf[0] = Claim(msg.sender, Stage.Final, 0, 0, 0, 0, genesisRoot);
    }

    function depositBond() external payable {
        bondsOf[msg.sender] += msg.value;
        emit BondDeposited(msg.sender, msg.value);
    }

    function withdrawBond(uint256 amount) external {
        uint256 bonds = bondsOf[msg.sender];
        if (bonds < amount) revert InsufficientBond(msg.sender, bonds);
        bondsOf[msg.sender] = bonds - amount;
        emit BondWithdrawn(msg.sender, amount);
        (bool paid,) = msg.sender.call{value: amount}("");
        if (!paid) revert PaymentFailed(msg.sender, amount);
    }

    /// @notice Posts the transfers of a batch; anybody may, so that nobody can be kept out.
    function post(StateTransition.L2Transfer[] calldata transfers) external {
        if (transfers.length == 0) revert EmptyBatch();
        bytes32 batch = keccak256(abi.encode(transfers));
        _keep(batch, transfers.length);
        emit BatchPosted(batch, msg.sender, transfers.length);
    }

    /// @notice Claims the roots of the state before and after each transfer of a batch that follows `parent`.
    function assertRoots(bytes32 parent, bytes32 batch, bytes32[] calldata roots) external returns (bytes32 id) {
        Claim storage before = claimOf[parent];
        if (before.stage == Stage.Unknown) revert UnknownParent(parent);
        if (before.stage == Stage.Refuted) revert ParentRefuted(parent);
        uint256 transfers = _transfersIn(batch);
        if (transfers == 0) revert NotPosted(batch);
        if (roots.length != transfers + 1) revert WrongRoots();
        if (roots[0] != before.lastRoot) revert WrongFirstRoot(roots[0], before.lastRoot);
        bytes32 rootsHash = keccak256(abi.encode(roots));
        id = keccak256(abi.encode(parent, batch, rootsHash));
        if (claimOf[id].stage != Stage.Unknown) revert AlreadyAsserted(id);
        _onAssert(parent, batch, id);
        uint256 bonds = bondsOf[msg.sender];
        if (bonds < BOND) revert InsufficientBond(msg.sender, bonds);
        bondsOf[msg.sender] = bonds - BOND;
        bytes32 lastRoot = roots[transfers];
        claimOf[id] =
            Claim(msg.sender, Stage.Pending, uint64(block.timestamp + window), parent, batch, rootsHash, lastRoot);
        emit Asserted(id, parent, batch, msg.sender, lastRoot);
    }

    /// @notice Executes transfer number `step` of a claimed batch and, if another root comes out, voids the claim.
    function challenge(
        bytes32 id,
        bytes32[] calldata roots,
        StateTransition.L2Transfer[] calldata transfers,
        uint256 step,
        StateTransition.Witness calldata witness
    ) external {
        Claim storage claim = claimOf[id];
        if (claim.stage != Stage.Pending) revert NotPending(id, claim.stage);
        if (block.timestamp >= claim.deadline) revert WindowOver(claim.deadline);
        if (keccak256(abi.encode(roots)) != claim.rootsHash) revert WrongRoots();
        if (keccak256(abi.encode(transfers)) != claim.batch) revert WrongTransfers();
        bytes32 right = StateTransition.apply_(roots[step], chain, transfers[step], witness);
        if (right == roots[step + 1]) revert StepIsRight(step, right);
        claim.stage = Stage.Refuted;
        _onRefute(id, claim.parent);
        bondsOf[msg.sender] += BOND;
        emit Refuted(id, msg.sender, step, roots[step + 1], right);
    }

    /// @notice Makes a claim final that nobody has refuted in time; its parent must be the head.
    function finalise(bytes32 id) external {
        Claim storage claim = claimOf[id];
        if (claim.stage != Stage.Pending) revert NotPending(id, claim.stage);
        if (block.timestamp < claim.deadline) revert WindowOpen(claim.deadline);
        if (claim.parent != head) revert NotOnHead(claim.parent, head);
        claim.stage = Stage.Final;
        head = id;
        bondsOf[claim.asserter] += BOND;
        emit Finalised(id, claim.lastRoot);
    }

    /// @notice Returns the bond of a claim that nobody has refuted, but beside which another has become final.
    function pass(bytes32 id) external {
        Claim storage claim = claimOf[id];
        if (claim.stage != Stage.Pending) revert NotPending(id, claim.stage);
        if (block.timestamp < claim.deadline) revert WindowOpen(claim.deadline);
        if (claimOf[claim.parent].stage != Stage.Final || claim.parent == head) revert StillPossible(id);
        claim.stage = Stage.Superseded;
        bondsOf[claim.asserter] += BOND;
        emit Passed(id);
    }

    /// @dev Keeps a batch of this many transfers.
    function _keep(bytes32 batch, uint256 transfers) internal virtual;

    /// @dev How many transfers a batch has, 0 if it was not posted.
    function _transfersIn(bytes32 batch) internal view virtual returns (uint256);

    /// @dev Reverts if `batch` must not be claimed on top of `parent`.
    function _onAssert(bytes32 parent, bytes32 batch, bytes32 id) internal virtual;

    function _onRefute(bytes32 id, bytes32 parent) internal virtual;
}
