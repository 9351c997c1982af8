// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";

/// @title Shares a stream of reward tokens among those who stake, by the second and in proportion to their stakes.
/// @dev The well-known accumulator: `rewardPerShare` says what one staked unit has earned since the beginning, and each
/// staker remembers where it stood when they were last settled. Every deposit and withdrawal reads and writes
/// `totalStaked`, and moves tokens in or out of the farm's one balance.
contract Farm {
    /// @notice Of `rewardPerShare`: reward units for each staked unit, with 18 more decimals.
    uint256 public constant SCALE = 1e18;

    Erc20 public immutable stakeToken;
    Erc20 public immutable rewardToken;
    address public immutable owner;

    /// @notice Reward units a second, for all together.
    uint256 public rate;
    uint256 public rewardPerShare;
    uint256 public accruedAt;
    uint256 public totalStaked;
    mapping(address staker => uint256) public stakeOf;
    mapping(address staker => uint256) public settledAt;
    mapping(address staker => uint256) public owedTo;

    event Deposited(address indexed staker, uint256 amount);
    event Withdrawn(address indexed staker, uint256 amount);
    event Claimed(address indexed staker, uint256 reward);
    event RateChanged(uint256 rate);

    error InsufficientStake(address staker, uint256 stake, uint256 amount);
    error NotOwner(address caller);
    error NothingToClaim(address staker);
    error SameToken();
    error TransferFailed(Erc20 token);
    error ZeroAmount();

    constructor(Erc20 stakeToken_, Erc20 rewardToken_, address owner_, uint256 rate_) {
        // With one token for both, rewards would be paid out of stakes.
        if (address(stakeToken_) == address(rewardToken_)) revert SameToken();
        (stakeToken, rewardToken, owner, rate) = (stakeToken_, rewardToken_, owner_, rate_);
        accruedAt = block.timestamp;
    }

    function deposit(uint256 amount) external {
        if (amount == 0) revert ZeroAmount();
        _settle(msg.sender);
        stakeOf[msg.sender] += amount;
        totalStaked += amount;
        emit Deposited(msg.sender, amount);
        if (!stakeToken.transferFrom(msg.sender, address(this), amount)) revert TransferFailed(stakeToken);
    }

    function withdraw(uint256 amount) external {
        if (amount == 0) revert ZeroAmount();
        uint256 stake = stakeOf[msg.sender];
        if (amount > stake) revert InsufficientStake(msg.sender, stake, amount);
        _settle(msg.sender);
        stakeOf[msg.sender] = stake - amount;
        totalStaked -= amount;
        emit Withdrawn(msg.sender, amount);
        if (!stakeToken.transfer(msg.sender, amount)) revert TransferFailed(stakeToken);
    }

    /// @notice Pays what the caller has earned so far.
    function claim() external returns (uint256 reward) {
        _settle(msg.sender);
        reward = owedTo[msg.sender];
        if (reward == 0) revert NothingToClaim(msg.sender);
        owedTo[msg.sender] = 0;
        emit Claimed(msg.sender, reward);
        if (!rewardToken.transfer(msg.sender, reward)) revert TransferFailed(rewardToken);
    }

    function setRate(uint256 rate_) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        _accrue();
        rate = rate_;
        emit RateChanged(rate_);
    }

    /// @notice What `staker` could claim now.
    function earned(address staker) external view returns (uint256) {
        uint256 perShare = rewardPerShare + _growth();
        return owedTo[staker] + stakeOf[staker] * (perShare - settledAt[staker]) / SCALE;
    }

    function _settle(address staker) private {
        _accrue();
        uint256 reward = stakeOf[staker] * (rewardPerShare - settledAt[staker]) / SCALE;
        if (reward != 0) owedTo[staker] += reward;
        settledAt[staker] = rewardPerShare;
    }

    /// @dev The first in a block does it, the others find no time has passed. While nobody stakes, nobody earns.
    function _accrue() private {
        if (block.timestamp == accruedAt) return;
        rewardPerShare += _growth();
        accruedAt = block.timestamp;
    }

    function _growth() private view returns (uint256) {
        if (totalStaked == 0) return 0;
        return (block.timestamp - accruedAt) * rate * SCALE / totalStaked;
    }
}
