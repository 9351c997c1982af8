// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title An organisation of members that decides how its treasury is spent.
/// @dev A member has one ballot for a proposal, cast in person or by the delegate. Whoever casts it, the ballot is the member's, so
/// nothing counts twice, whatever is delegated or taken back while a vote is open. How ballots are kept and added up is
/// left to the contracts that build on this one.
abstract contract Dao {
    enum Choice {
        None,
        Against,
        For,
        Abstain
    }

    enum Stage {
        Unknown,
        Open,
        Closed,
        Executed
    }

    struct Proposal {
        address payable recipient;
        uint96 amount;
        uint64 deadline;
        Stage stage;
    }

    struct Tally {
        uint256 against;
        uint256 inFavour;
        uint256 abstained;
    }

    address public immutable chair;
    /// @notice How many votes must be cast for a decision.
    uint256 public immutable quorum;
    mapping(address member => uint256) public votesOf;
    mapping(address member => address) public delegateOf;
    uint256 public proposals;
    mapping(uint256 id => Proposal) public proposalOf;
    mapping(uint256 id => Tally) public tallyOf;

    event Closed(uint256 indexed id);
    event Delegated(address indexed member, address indexed to);
    event Executed(uint256 indexed id, address indexed recipient, uint256 amount);
    event Joined(address indexed member, uint256 votes);
    event Proposed(uint256 indexed id, address indexed proposer, address recipient, uint256 amount, uint256 deadline);
    event Received(address indexed from, uint256 amount);
    event Voted(uint256 indexed id, address indexed member, Choice choice, uint256 votes, address castBy);

    error AlreadyVoted(uint256 id, address member);
    error InvalidChoice();
    error NoQuorum(uint256 cast, uint256 quorum);
    error NotADelegate(address caller, address member);
    error NotChair(address caller);
    error NotAMember(address caller);
    error NotInStage(uint256 id, Stage stage, Stage needed);
    error PaymentFailed(address to, uint256 amount);
    error Rejected(uint256 inFavour, uint256 against);
    error StillOpen(uint256 deadline);

    modifier onlyMember() {
        if (votesOf[msg.sender] == 0) revert NotAMember(msg.sender);
        _;
    }

    modifier inStage(uint256 id, Stage needed) {
        Stage stage = proposalOf[id].stage;
        if (stage != needed) revert NotInStage(id, stage, needed);
        _;
    }

    constructor(address chair_, uint256 quorum_) payable {
        chair = chair_;
        quorum = quorum_;
    }

    receive() external payable {
        emit Received(msg.sender, msg.value);
    }

    /// @notice Admits members with `votes` each.
    function admit(address[] calldata members, uint96 votes) external {
        if (msg.sender != chair) revert NotChair(msg.sender);
        for (uint256 i = 0; i < members.length; ++i) {
            votesOf[members[i]] = votes;
            emit Joined(members[i], votes);
        }
    }

    /// @notice Lets `to` cast the caller's ballots from now on; the zero address takes that back.
    function delegate(address to) external onlyMember {
        delegateOf[msg.sender] = to;
        emit Delegated(msg.sender, to);
    }

    /// @notice Proposes to pay `amount` wei out of the treasury.
    function propose(address payable recipient, uint96 amount, uint64 deadline) external onlyMember returns (uint256 id) {
        id = ++proposals;
        proposalOf[id] = Proposal(recipient, amount, deadline, Stage.Open);
        emit Proposed(id, msg.sender, recipient, amount, deadline);
    }

    function vote(uint256 id, Choice choice) external onlyMember inStage(id, Stage.Open) {
        if (choice == Choice.None) revert InvalidChoice();
        _cast(id, msg.sender, choice);
    }

    /// @notice Casts the ballots of `members`, who all must have made the caller their delegate.
    function voteFor(uint256 id, Choice choice, address[] calldata members) external inStage(id, Stage.Open) {
        if (choice == Choice.None) revert InvalidChoice();
        for (uint256 i = 0; i < members.length; ++i) {
            if (delegateOf[members[i]] != msg.sender) revert NotADelegate(msg.sender, members[i]);
            _cast(id, members[i], choice);
        }
    }

    /// @notice Ends the vote: the chair at any time, everybody once the deadline has passed.
    function close(uint256 id) external inStage(id, Stage.Open) {
        Proposal storage proposal = proposalOf[id];
        if (msg.sender != chair && block.timestamp < proposal.deadline) revert StillOpen(proposal.deadline);
        proposal.stage = Stage.Closed;
        emit Closed(id);
    }

    /// @notice Pays what was decided.
    function execute(uint256 id) external inStage(id, Stage.Closed) {
        Proposal storage proposal = proposalOf[id];
        Tally memory tally = tallyOf[id];
        uint256 cast = tally.against + tally.inFavour + tally.abstained;
        _requireCounted(id);
        if (cast < quorum) revert NoQuorum(cast, quorum);
        if (tally.inFavour <= tally.against) revert Rejected(tally.inFavour, tally.against);
        proposal.stage = Stage.Executed;
        emit Executed(id, proposal.recipient, proposal.amount);
        (bool paid,) = proposal.recipient.call{value: proposal.amount}("");
        if (!paid) revert PaymentFailed(proposal.recipient, proposal.amount);
    }

    /// @dev Keeps the ballot of `member`, who has none yet, or reverts with `AlreadyVoted`.
    function _cast(uint256 id, address member, Choice choice) internal virtual;

    /// @dev Reverts if ballots were cast that the tally does not hold.
    function _requireCounted(uint256 id) internal view virtual;

    function _add(uint256 id, Choice choice, uint256 votes) internal {
        Tally storage tally = tallyOf[id];
        if (choice == Choice.For) tally.inFavour += votes;
        else if (choice == Choice.Against) tally.against += votes;
        else tally.abstained += votes;
    }
}
