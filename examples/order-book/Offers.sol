// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";

/// @title Standing offers that are taken one by one, found and ranked off chain.
/// @dev An offer is known by the hash of its terms; there is no list, no number and no best one. Tokens stay with their
/// owners until a trade moves them straight across. Who takes different offers from different makers shares nothing.
/// There is no price-time priority either: the taker chooses, and two who choose the same offer race for it.
contract Offers {
    struct Offer {
        address maker;
        Erc20 sells;
        uint256 amount;
        Erc20 wants;
        uint256 price;
        uint256 expiry;
        uint256 salt;
    }

    /// @notice What is left of an offer, in units of the token it sells.
    mapping(bytes32 id => uint256) public leftOf;
    mapping(bytes32 id => bool) public known;

    event Posted(bytes32 indexed id, address indexed maker, Erc20 sells, uint256 amount, Erc20 wants, uint256 price);
    event Taken(bytes32 indexed id, address indexed maker, address indexed taker, uint256 bought, uint256 paid);
    event Cancelled(bytes32 indexed id);

    error AlreadyPosted(bytes32 id);
    error Expired(uint256 expiry);
    error NotEnoughLeft(bytes32 id, uint256 left, uint256 amount);
    error NotMaker(address caller);
    error TransferFailed(Erc20 token);
    error ZeroAmount();

    /// @notice Offers `amount` of one token at `price`: units of the other for 10^18 of it.
    function post(Offer calldata offer) external returns (bytes32 id) {
        if (offer.maker != msg.sender) revert NotMaker(msg.sender);
        if (offer.amount == 0 || offer.price == 0) revert ZeroAmount();
        id = idOf(offer);
        if (known[id]) revert AlreadyPosted(id);
        known[id] = true;
        leftOf[id] = offer.amount;
        emit Posted(id, msg.sender, offer.sells, offer.amount, offer.wants, offer.price);
    }

    /// @notice Buys `amount` of what the offer sells.
    /// @return paid What the maker got, rounded up.
    function take(Offer calldata offer, uint256 amount) external returns (uint256 paid) {
        if (amount == 0) revert ZeroAmount();
        if (block.timestamp > offer.expiry) revert Expired(offer.expiry);
        bytes32 id = idOf(offer);
        uint256 left = leftOf[id];
        if (amount > left) revert NotEnoughLeft(id, left, amount);
        leftOf[id] = left - amount;
        paid = (amount * offer.price + 1e18 - 1) / 1e18;
        emit Taken(id, offer.maker, msg.sender, amount, paid);
        if (!offer.wants.transferFrom(msg.sender, offer.maker, paid)) revert TransferFailed(offer.wants);
        if (!offer.sells.transferFrom(offer.maker, msg.sender, amount)) revert TransferFailed(offer.sells);
    }

    function cancel(Offer calldata offer) external {
        if (offer.maker != msg.sender) revert NotMaker(msg.sender);
        bytes32 id = idOf(offer);
        if (leftOf[id] == 0) revert NotEnoughLeft(id, 0, 1);
        leftOf[id] = 0;
        emit Cancelled(id);
    }

    function idOf(Offer calldata offer) public pure returns (bytes32) {
        return keccak256(abi.encode(offer));
    }
}
