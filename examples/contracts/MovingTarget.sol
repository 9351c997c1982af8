// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title A contract whose callers write to a slot that somebody else chose.
/// @dev `fire` writes `hits[target]`. Run before an earlier `aim` is known, it writes the wrong slot, and everything
/// that has looked at either slot meanwhile must be run again. No list of slots made beforehand is right.
contract MovingTarget {
    uint256 public target;
    mapping(uint256 place => uint256) public hits;
    mapping(address caller => uint256) public looked;

    event Aimed(address indexed caller, uint256 target);
    event Hit(address indexed caller, uint256 indexed place, uint256 hits);
    event Looked(address indexed caller, uint256 indexed place, uint256 hits);

    function aim(uint256 place) external {
        target = place;
        emit Aimed(msg.sender, place);
    }

    function fire() external {
        uint256 place = target;
        uint256 count = hits[place] + 1;
        hits[place] = count;
        emit Hit(msg.sender, place, count);
    }

    function look(uint256 place) external {
        uint256 count = hits[place];
        looked[msg.sender] = count;
        emit Looked(msg.sender, place, count);
    }
}
