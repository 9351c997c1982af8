// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title Programmes that pay for reports of faults out of money that is locked before anybody looks for them.
/// @dev A report goes through: committed (its hash only, so that nobody copies it), revealed, accepted or rejected by the
/// programme, and in case of disagreement decided by the arbiter. Rewards become credit, which the reporter withdraws.
/// Where the locked money is accounted for is left to the contracts that build on this one.
abstract contract Bounties {
    enum Stage {
        Unknown,
        Committed,
        Revealed,
        Rejected,
        Paid
    }

    struct Report {
        address reporter;
        uint256 programme;
        Stage stage;
    }

    struct Programme {
        address sponsor;
        /// Rewards by severity, in wei; severities count from 0.
        uint256[4] rewards;
    }

    address public immutable arbiter;
    mapping(uint256 programme => Programme) internal programmeOf;
    mapping(uint256 report => Report) public reportOf;
    mapping(address account => uint256) public creditOf;

    event Accepted(uint256 indexed report, address indexed reporter, uint256 severity, uint256 reward);
    event Committed(uint256 indexed report, uint256 indexed programme, address indexed reporter);
    event Funded(uint256 indexed programme, address indexed from, uint256 amount);
    event Opened(uint256 indexed programme, address indexed sponsor);
    event Rejected(uint256 indexed report);
    event Revealed(uint256 indexed report, string text);
    event Withdrawn(address indexed account, uint256 amount);

    error AlreadyCommitted(uint256 report);
    error AlreadyOpen(uint256 programme);
    error InsufficientFunds(uint256 programme, uint256 funds, uint256 reward);
    error NoSuchProgramme(uint256 programme);
    error NotArbiter(address caller);
    error NotReporter(address caller);
    error NotSponsor(address caller);
    error NothingToWithdraw(address account);
    error PaymentFailed(address to, uint256 amount);
    error WrongStage(uint256 report, Stage stage, Stage needed);
    error WrongText(uint256 report);

    modifier inStage(uint256 report, Stage needed) {
        Stage stage = reportOf[report].stage;
        if (stage != needed) revert WrongStage(report, stage, needed);
        _;
    }

    modifier onlySponsor(uint256 programme) {
        if (msg.sender != programmeOf[programme].sponsor) revert NotSponsor(msg.sender);
        _;
    }

    constructor(address arbiter_) {
        arbiter = arbiter_;
    }

    function open(uint256 programme, uint256[4] calldata rewards) external {
        if (programmeOf[programme].sponsor != address(0)) revert AlreadyOpen(programme);
        programmeOf[programme] = Programme(msg.sender, rewards);
        emit Opened(programme, msg.sender);
    }

    /// @notice Locks the ether sent for the rewards of a programme.
    function fund(uint256 programme) external payable {
        if (programmeOf[programme].sponsor == address(0)) revert NoSuchProgramme(programme);
        _fund(programme, msg.value);
        emit Funded(programme, msg.sender, msg.value);
    }

    /// @notice Claims a finding by the hash of `abi.encode(reporter, text)` without telling what it is.
    function commit(uint256 programme, uint256 report) external {
        if (programmeOf[programme].sponsor == address(0)) revert NoSuchProgramme(programme);
        if (reportOf[report].stage != Stage.Unknown) revert AlreadyCommitted(report);
        reportOf[report] = Report(msg.sender, programme, Stage.Committed);
        _onCommit(programme, report);
        emit Committed(report, programme, msg.sender);
    }

    function reveal(uint256 report, string calldata text) external inStage(report, Stage.Committed) {
        if (reportOf[report].reporter != msg.sender) revert NotReporter(msg.sender);
        if (uint256(keccak256(abi.encode(msg.sender, text))) != report) revert WrongText(report);
        reportOf[report].stage = Stage.Revealed;
        emit Revealed(report, text);
    }

    function accept(uint256 report, uint256 severity)
        external
        inStage(report, Stage.Revealed)
        onlySponsor(reportOf[report].programme)
    {
        _pay(report, severity);
    }

    function reject(uint256 report) external inStage(report, Stage.Revealed) onlySponsor(reportOf[report].programme) {
        reportOf[report].stage = Stage.Rejected;
        emit Rejected(report);
    }

    /// @notice Overrules the rejection of a report.
    function overrule(uint256 report, uint256 severity) external inStage(report, Stage.Rejected) {
        if (msg.sender != arbiter) revert NotArbiter(msg.sender);
        _pay(report, severity);
    }

    function withdraw() external {
        uint256 amount = creditOf[msg.sender];
        if (amount == 0) revert NothingToWithdraw(msg.sender);
        creditOf[msg.sender] = 0;
        emit Withdrawn(msg.sender, amount);
        (bool paid,) = msg.sender.call{value: amount}("");
        if (!paid) revert PaymentFailed(msg.sender, amount);
    }

    function rewardOf(uint256 programme, uint256 severity) external view returns (uint256) {
        return programmeOf[programme].rewards[severity];
    }

    function _pay(uint256 report, uint256 severity) private {
        Report storage found = reportOf[report];
        uint256 reward = programmeOf[found.programme].rewards[severity];
        found.stage = Stage.Paid;
        _release(found.programme, reward);
        creditOf[found.reporter] += reward;
        emit Accepted(report, found.reporter, severity, reward);
    }

    /// @dev Locks `amount` more.
    function _fund(uint256 programme, uint256 amount) internal virtual;

    /// @dev Releases `amount`, or reverts with `InsufficientFunds`.
    function _release(uint256 programme, uint256 amount) internal virtual;

    /// @dev Called once for each report.
    function _onCommit(uint256 programme, uint256 report) internal virtual;
}
