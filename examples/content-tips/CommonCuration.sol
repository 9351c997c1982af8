// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Posts} from "./Posts.sol";
import {RewardPool} from "./RewardPool.sol";

/// @title One pool of curation rewards for the whole platform: all curators share in every tip.
/// @dev Every tip adds to `pool.rewardPerStake`, whatever it is given for.
contract CommonCuration is Posts {
    using RewardPool for RewardPool.Pool;

    RewardPool.Pool internal pool;

    function _reward(uint256, uint256 amount) internal override returns (uint256) {
        return pool.share(amount);
    }

    function _stake(uint256, uint256 stake) internal override {
        pool.add(msg.sender, stake);
    }

    function _claim(uint256) internal override returns (uint256) {
        return pool.take(msg.sender);
    }
}
