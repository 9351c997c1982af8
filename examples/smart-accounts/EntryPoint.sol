// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @notice What an account wants done, and who pays for it.
struct Operation {
    address account;
    uint192 key;
    uint64 sequence;
    address to;
    uint256 value;
    bytes data;
    uint256 fee;
    /// The account itself if zero.
    address sponsor;
}

interface Account {
    /// @notice Whether the account wants the operation.
    function validate(Operation calldata operation) external returns (bool);

    /// @notice Does it.
    function execute(address to, uint256 value, bytes calldata data) external;
}

/// @title The one place that runs the operations of smart accounts, after the ERC-4337 entry point.
/// @dev An account, or a sponsor that agreed to, pays the bundler from a deposit. Nonces are two-dimensional: operations under
/// different keys do not wait for each other.
contract EntryPoint {
    mapping(address payer => uint256) public depositOf;
    mapping(address account => mapping(uint192 key => uint64)) public nonceOf;
    mapping(address sponsor => mapping(address account => uint256)) public sponsorshipOf;

    event Deposited(address indexed payer, uint256 amount);
    event Sponsored(address indexed sponsor, address indexed account, uint256 limit);
    event Handled(address indexed account, uint192 key, uint64 sequence, address payer, uint256 fee, bool success);

    error WrongNonce(address account, uint64 expected);
    error Refused(address account);
    error DepositTooLow(address payer, uint256 deposit, uint256 fee);
    error SponsorshipTooLow(address sponsor, address account, uint256 limit);
    error NotPaid(address beneficiary);

    function depositTo(address payer) external payable {
        depositOf[payer] += msg.value;
        emit Deposited(payer, msg.value);
    }

    /// @notice The caller pays for operations of `account`, up to `limit` in all.
    function sponsor(address account, uint256 limit) external {
        sponsorshipOf[msg.sender][account] = limit;
        emit Sponsored(msg.sender, account, limit);
    }

    /// @notice Runs operations in order; the fees go to `beneficiary`. One that is not valid reverts all, one that fails still pays.
    function handle(Operation[] calldata operations, address payable beneficiary) external {
        uint256 fees = 0;
        for (uint256 i = 0; i < operations.length; ++i) fees += _handle(operations[i]);
        _pay(beneficiary, fees);
    }

    /// @notice Takes ether out of the caller's deposit.
    function withdraw(uint256 amount) external {
        uint256 deposit = depositOf[msg.sender];
        if (amount > deposit) revert DepositTooLow(msg.sender, deposit, amount);
        depositOf[msg.sender] = deposit - amount;
        (bool paid,) = msg.sender.call{value: amount}("");
        if (!paid) revert NotPaid(msg.sender);
    }

    /// @dev In ether, as the standard has it: that writes the balance of this contract.
    function _pay(address payable beneficiary, uint256 fees) internal virtual {
        (bool paid,) = beneficiary.call{value: fees}("");
        if (!paid) revert NotPaid(beneficiary);
    }

    function _handle(Operation calldata operation) private returns (uint256 fee) {
        address account = operation.account;
        uint64 expected = nonceOf[account][operation.key];
        if (operation.sequence != expected) revert WrongNonce(account, expected);
        nonceOf[account][operation.key] = expected + 1;
        if (!Account(account).validate(operation)) revert Refused(account);
        fee = operation.fee;
        address payer = _charge(account, operation.sponsor, fee);
        bool success = true;
        try Account(account).execute(operation.to, operation.value, operation.data) {}
        catch {
            success = false;
        }
        emit Handled(account, operation.key, expected, payer, fee, success);
    }

    function _charge(address account, address sponsor_, uint256 fee) private returns (address payer) {
        payer = account;
        if (sponsor_ != address(0)) {
            payer = sponsor_;
            uint256 limit = sponsorshipOf[payer][account];
            if (fee > limit) revert SponsorshipTooLow(payer, account, limit);
            sponsorshipOf[payer][account] = limit - fee;
        }
        uint256 deposit = depositOf[payer];
        if (fee > deposit) revert DepositTooLow(payer, deposit, fee);
        depositOf[payer] = deposit - fee;
    }
}

/// @title Credits bundlers with their fees instead of paying them at once.
contract CreditingEntryPoint is EntryPoint {
    function _pay(address payable beneficiary, uint256 fees) internal override {
        depositOf[beneficiary] += fees;
    }
}
