// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Land} from "./Land.sol";

/// @title Parcels that get dearer with each one sold, one treasury, and seats given out in the order of asking.
/// @dev The price of a parcel depends on how many were sold before it, so every sale waits for the last. Tickets of a show wait for
/// one another because of `taken` and of the host's credit.
contract CurveLand is Land {
    uint256 public constant STEP = 0.001 ether;

    uint256 public sold;
    uint256 public treasury;
    mapping(uint256 x => mapping(uint256 y => uint256)) public taken;
    mapping(uint256 x => mapping(uint256 y => mapping(uint256 seat => address))) public guestOf;

    constructor(address steward_) Land(steward_) {}

    /// @notice Takes the next seat at a show.
    function attend(uint256 x, uint256 y) external returns (uint256 seat) {
        Show memory show = _showOf(x, y);
        seat = taken[x][y];
        if (seat >= show.seats) revert SoldOut(x, y);
        taken[x][y] = seat + 1;
        guestOf[x][y][seat] = msg.sender;
        _spend(msg.sender, show.price);
        creditOf[parcelOf[x][y].owner] += show.price;
        emit Seated(x, y, msg.sender, seat);
    }

    /// @notice Credits the steward with what the world has taken.
    function collect() external onlySteward returns (uint256 amount) {
        amount = treasury;
        treasury = 0;
        creditOf[msg.sender] += amount;
    }

    function _sell(uint256, uint256) internal override returns (uint256) {
        return 0.1 ether + STEP * sold++;
    }

    function _keep(uint256, uint256, uint256 amount) internal override {
        treasury += amount;
    }
}
