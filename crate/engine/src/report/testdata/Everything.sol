// SPDX-License-Identifier: MIT
// Every way a variable can lie in storage, for the tests of ../slots.rs.
pragma solidity ^0.8.30;
type Id is uint64;
enum Mode { Off, On }
contract Everything {
    struct Point { uint128 x; uint128 y; uint256 z; string note; uint256[] marks; }
    uint112 reserve0;
    uint112 reserve1;
    uint32 updated;
    bool paused;
    address owner;
    Point origin;
    uint256[3] triple;
    uint8[40] bits;
    uint256[] list;
    uint16[] shorts;
    Point[] points;
    bytes blob;
    string title;
    mapping(address => Point) pointOf;
    mapping(string => uint256) byName;
    mapping(bytes32 => bool) seen;
    mapping(int64 => mapping(bool => Id)) nested;
    mapping(Mode => uint256[]) queues;
    mapping(Everything => bytes4) peers;
    mapping(bytes4 => uint256[2]) selectors;
    mapping(Id => string) names;
    string[2] pair;
}
