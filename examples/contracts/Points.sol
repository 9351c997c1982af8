// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title Points for everybody, with a grand total in one slot or in sixteen.
/// @dev The oldest cure for a hot counter: split it into shards, write the shard of the caller, add up when reading.
contract Points {
    uint256 public constant SHARDS = 16;

    mapping(address account => uint256) public pointsOf;
    uint256 public total;
    mapping(uint256 shard => uint256) public totalOfShard;

    event Earned(address indexed account, uint256 points);

    /// @notice Adds to the one total.
    function earn(uint256 points) external {
        total += points;
        _credit(points);
    }

    /// @notice Adds to the total of the caller's shard.
    function earnSharded(uint256 points) external {
        totalOfShard[uint256(uint160(msg.sender)) % SHARDS] += points;
        _credit(points);
    }

    /// @notice The total over all shards and the single slot.
    function grandTotal() external view returns (uint256 sum) {
        sum = total;
        for (uint256 i = 0; i < SHARDS; ++i) sum += totalOfShard[i];
    }

    function _credit(uint256 points) private {
        pointsOf[msg.sender] += points;
        emit Earned(msg.sender, points);
    }
}
