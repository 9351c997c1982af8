// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Posts} from "./Posts.sol";
import {RewardPool} from "./RewardPool.sol";

/// @title A pool of curation rewards for each post: who recommended it shares in its tips.
/// @dev Tips for different posts of different authors have nothing in common.
contract PostCuration is Posts {
    using RewardPool for RewardPool.Pool;

    mapping(uint256 id => RewardPool.Pool) internal poolOf;

    function _reward(uint256 id, uint256 amount) internal override returns (uint256) {
        return poolOf[id].share(amount);
    }

    function _stake(uint256 id, uint256 stake) internal override {
        poolOf[id].add(msg.sender, stake);
    }

    function _claim(uint256 id) internal override returns (uint256) {
        return poolOf[id].take(msg.sender);
    }
}
