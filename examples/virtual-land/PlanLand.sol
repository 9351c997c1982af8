// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Land} from "./Land.sol";

/// @title Parcels priced by where they are, takings that stay with the parcel, and seats chosen by the guest.
/// @dev Who buys here and who buys there have nothing in common; two guests meet only if they want the same seat, and then the
/// second is told so.
contract PlanLand is Land {
    mapping(uint256 x => mapping(uint256 y => uint256)) public takings;
    mapping(uint256 x => mapping(uint256 y => mapping(uint256 seat => address))) public guestOf;
    mapping(uint256 x => mapping(uint256 y => mapping(uint256 seat => uint256))) public paidFor;

    error NoSuchSeat(uint256 seat, uint256 seats);
    error SeatTaken(uint256 seat, address guest);

    constructor(address steward_) Land(steward_) {}

    /// @notice Takes the seat asked for.
    function attend(uint256 x, uint256 y, uint256 seat) external {
        Show memory show = _showOf(x, y);
        if (seat >= show.seats) revert NoSuchSeat(seat, show.seats);
        if (guestOf[x][y][seat] != address(0)) revert SeatTaken(seat, guestOf[x][y][seat]);
        guestOf[x][y][seat] = msg.sender;
        paidFor[x][y][seat] = show.price;
        _spend(msg.sender, show.price);
        emit Seated(x, y, msg.sender, seat);
    }

    /// @notice Credits the owner of a parcel with what guests paid for these seats.
    function cashUp(uint256 x, uint256 y, uint256[] calldata seats) external onlyOwner(x, y) returns (uint256 amount) {
        for (uint256 i = 0; i < seats.length; ++i) {
            amount += paidFor[x][y][seats[i]];
            paidFor[x][y][seats[i]] = 0;
        }
        creditOf[msg.sender] += amount;
    }

    /// @notice Credits the steward with what was paid to the world in column `x` for the parcels `ys`.
    function collect(uint256 x, uint256[] calldata ys) external onlySteward returns (uint256 amount) {
        for (uint256 i = 0; i < ys.length; ++i) {
            amount += takings[x][ys[i]];
            takings[x][ys[i]] = 0;
        }
        creditOf[msg.sender] += amount;
    }

    /// @notice From 0.2 ether in the middle of the world to 0.1 at its corners.
    function priceOf(uint256 x, uint256 y) public pure returns (uint256) {
        uint256 away = _distance(x) + _distance(y);
        return 0.2 ether - 0.1 ether * away / SIDE;
    }

    function _sell(uint256 x, uint256 y) internal pure override returns (uint256) {
        return priceOf(x, y);
    }

    function _keep(uint256 x, uint256 y, uint256 amount) internal override {
        takings[x][y] += amount;
    }

    function _distance(uint256 place) private pure returns (uint256) {
        return place < SIDE / 2 ? SIDE / 2 - place : place - SIDE / 2;
    }
}
