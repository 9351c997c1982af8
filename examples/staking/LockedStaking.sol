// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title Ether staked for a term; who commits for longer gets a larger part of the rewards.
/// @dev All stakers share each reward by weight, so everybody who comes or goes changes `totalWeight` for all others.
contract LockedStaking {
    uint256 public constant SCALE = 1e18;
    /// @notice What leaving early costs, in parts of ten thousand of the stake; the other stakers get it.
    uint256 public constant PENALTY = 1000;

    struct Position {
        uint256 amount;
        uint256 weight;
        uint256 unlocksAt;
        /// @dev Where `rewardPerWeight` stood when the position was opened or last paid.
        uint256 paidAt;
    }

    address public immutable owner;
    uint256 public totalWeight;
    /// @notice What a unit of weight has earned since the beginning, with 18 more decimals.
    uint256 public rewardPerWeight;
    mapping(address staker => Position) public positionOf;

    event Staked(address indexed staker, uint256 amount, uint256 weight, uint256 unlocksAt);
    event Left(address indexed staker, uint256 paid, uint256 penalty);
    event RewardPaid(address indexed staker, uint256 reward);
    event RewardAdded(uint256 reward, uint256 rewardPerWeight);

    error AlreadyStaking(address staker);
    error NoSuchTerm(uint256 term);
    error NobodyStakes();
    error NotOwner(address caller);
    error NotStaking(address staker);
    error PaymentFailed(address to, uint256 amount);
    error StillLocked(uint256 until);
    error ZeroAmount();

    constructor(address owner_) {
        owner = owner_;
    }

    /// @notice Hundredths of weight for each wei staked for `term` seconds.
    function multiplier(uint256 term) public pure returns (uint256) {
        if (term == 30 days) return 100;
        if (term == 90 days) return 150;
        if (term == 365 days) return 250;
        revert NoSuchTerm(term);
    }

    function stake(uint256 term) external payable {
        uint256 weight = msg.value * multiplier(term) / 100;
        if (weight == 0) revert ZeroAmount();
        if (positionOf[msg.sender].amount != 0) revert AlreadyStaking(msg.sender);
        uint256 unlocksAt = block.timestamp + term;
        positionOf[msg.sender] = Position(msg.value, weight, unlocksAt, rewardPerWeight);
        totalWeight += weight;
        emit Staked(msg.sender, msg.value, weight, unlocksAt);
    }

    /// @notice Pays the caller's rewards; the stake stays.
    function claim() external returns (uint256 reward) {
        Position storage position = positionOf[msg.sender];
        if (position.amount == 0) revert NotStaking(msg.sender);
        reward = _earned(position);
        position.paidAt = rewardPerWeight;
        emit RewardPaid(msg.sender, reward);
        _send(msg.sender, reward);
    }

    /// @notice Pays the stake and its rewards once the term is over.
    function exit() external {
        Position memory position = positionOf[msg.sender];
        if (position.amount == 0) revert NotStaking(msg.sender);
        if (block.timestamp < position.unlocksAt) revert StillLocked(position.unlocksAt);
        _close(position, 0);
    }

    /// @notice Pays the stake and its rewards now, less the penalty.
    function exitEarly() external {
        Position memory position = positionOf[msg.sender];
        if (position.amount == 0) revert NotStaking(msg.sender);
        _close(position, block.timestamp < position.unlocksAt ? position.amount * PENALTY / 10_000 : 0);
    }

    /// @notice Shares the ether sent among those who stake now.
    function addReward() external payable {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        if (totalWeight == 0) revert NobodyStakes();
        _share(msg.value);
    }

    function _close(Position memory position, uint256 penalty) private {
        uint256 reward = _earned(position);
        uint256 paid = position.amount - penalty + reward;
        totalWeight -= position.weight;
        delete positionOf[msg.sender];
        // The last one out gets the penalty back: nobody is left to have it.
        if (penalty != 0) {
            if (totalWeight == 0) (paid, penalty) = (paid + penalty, 0);
            else _share(penalty);
        }
        emit RewardPaid(msg.sender, reward);
        emit Left(msg.sender, paid, penalty);
        _send(msg.sender, paid);
    }

    function _share(uint256 reward) private {
        rewardPerWeight += reward * SCALE / totalWeight;
        emit RewardAdded(reward, rewardPerWeight);
    }

    function _earned(Position memory position) private view returns (uint256) {
        return position.weight * (rewardPerWeight - position.paidAt) / SCALE;
    }

    function _send(address to, uint256 amount) private {
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert PaymentFailed(to, amount);
    }
}
