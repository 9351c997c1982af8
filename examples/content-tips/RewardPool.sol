// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title Shares rewards among stakes without a loop: a sum of rewards per staked wei, and where each stake began in it.
library RewardPool {
    struct Pool {
        uint256 staked;
        uint256 rewardPerStake;
        mapping(address account => Stake) stakeOf;
    }

    struct Stake {
        uint256 amount;
        uint256 paidUpTo;
        uint256 owed;
    }

    uint256 private constant SCALE = 1e18;

    /// @notice Adds to the stake of `account`, which earns from now on.
    function add(Pool storage pool, address account, uint256 amount) internal {
        Stake storage stake = _settle(pool, account);
        stake.amount += amount;
        pool.staked += amount;
    }

    /// @notice Shares `amount` among all stakes; nothing if there are none. Returns what was shared.
    function share(Pool storage pool, uint256 amount) internal returns (uint256) {
        uint256 staked = pool.staked;
        if (staked == 0) return 0;
        pool.rewardPerStake += amount * SCALE / staked;
        return amount;
    }

    /// @notice Takes what `account` has earned, rounded down.
    function take(Pool storage pool, address account) internal returns (uint256 reward) {
        Stake storage stake = _settle(pool, account);
        reward = stake.owed;
        stake.owed = 0;
    }

    function _settle(Pool storage pool, address account) private returns (Stake storage stake) {
        stake = pool.stakeOf[account];
        uint256 sum = pool.rewardPerStake;
        stake.owed += stake.amount * (sum - stake.paidUpTo) / SCALE;
        stake.paidUpTo = sum;
    }
}
