// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";

/// @title A central limit order book for one pair: price first, then time.
/// @dev Both sides are linked lists, best order first. Whoever places an order has to know the best order of the other
/// side, and whoever trades changes it: the whole market queues at `best`. Traders keep what they trade with in the book,
/// so that a trade moves entries of `balanceOf` and no tokens.
contract OrderBook {
    /// @notice Prices are in quote units for 10^18 base units.
    uint256 public constant ONE = 1e18;
    /// @notice Orders that one call may trade against; what is left of it then rests.
    uint256 public constant MOST_MATCHES = 16;

    struct Order {
        address maker;
        uint256 price;
        /// @dev Base units not yet traded.
        uint256 amount;
        uint256 next;
        bool isBid;
    }

    Erc20 public immutable base;
    Erc20 public immutable quote;
    /// @notice The first order of each side: `true` for bids.
    mapping(bool isBid => uint256) public best;
    mapping(uint256 id => Order) public orderOf;
    uint256 public lastId;
    mapping(Erc20 token => mapping(address trader => uint256)) public balanceOf;

    event Deposited(Erc20 indexed token, address indexed trader, uint256 amount);
    event Withdrawn(Erc20 indexed token, address indexed trader, uint256 amount);
    event Placed(uint256 indexed id, address indexed maker, bool isBid, uint256 price, uint256 amount);
    event Traded(uint256 indexed id, address indexed maker, address indexed taker, uint256 price, uint256 amount);
    event Cancelled(uint256 indexed id, uint256 amount);

    error InsufficientBalance(Erc20 token, address trader, uint256 balance, uint256 needed);
    error NoSuchOrder(uint256 id);
    error NotMaker(address caller, uint256 id);
    error NotTraded(Erc20 token);
    error TransferFailed(Erc20 token);
    error WouldRest(uint256 amount);
    error WrongPredecessor(uint256 id);
    error ZeroAmount();

    constructor(Erc20 base_, Erc20 quote_) {
        (base, quote) = (base_, quote_);
    }

    function deposit(Erc20 token, uint256 amount) external {
        if (address(token) != address(base) && address(token) != address(quote)) revert NotTraded(token);
        balanceOf[token][msg.sender] += amount;
        emit Deposited(token, msg.sender, amount);
        if (!token.transferFrom(msg.sender, address(this), amount)) revert TransferFailed(token);
    }

    function withdraw(Erc20 token, uint256 amount) external {
        _debit(token, msg.sender, amount);
        emit Withdrawn(token, msg.sender, amount);
        if (!token.transfer(msg.sender, amount)) revert TransferFailed(token);
    }

    /// @notice Trades up to `amount` at `price` or better, and lets the rest stand in the book.
    /// @return id The order that rests, or 0.
    function place(bool isBid, uint256 price, uint256 amount) external returns (uint256 id) {
        if (price == 0) revert ZeroAmount();
        uint256 rest = _match(isBid, price, amount);
        if (rest == 0) return 0;
        // What an order may have to pay is set aside: a bid in quote units, rounded up, an ask in base units.
        _debit(isBid ? quote : base, msg.sender, isBid ? _costUp(rest, price) : rest);
        id = ++lastId;
        _insert(id, Order(msg.sender, price, rest, 0, isBid));
        emit Placed(id, msg.sender, isBid, price, rest);
    }

    /// @notice Trades all of `amount` at `price` or better at once, or nothing.
    function take(bool isBid, uint256 price, uint256 amount) external {
        uint256 rest = _match(isBid, price, amount);
        if (rest != 0) revert WouldRest(rest);
    }

    /// @notice Takes an order out of the book; `previous` is the one before it, or 0 for the first.
    function cancel(uint256 id, uint256 previous) external {
        Order memory order = orderOf[id];
        if (order.maker == address(0)) revert NoSuchOrder(id);
        if (order.maker != msg.sender) revert NotMaker(msg.sender, id);
        if (previous == 0) {
            if (best[order.isBid] != id) revert WrongPredecessor(previous);
            best[order.isBid] = order.next;
        } else {
            if (orderOf[previous].next != id) revert WrongPredecessor(previous);
            orderOf[previous].next = order.next;
        }
        delete orderOf[id];
        emit Cancelled(id, order.amount);
        if (order.isBid) balanceOf[quote][msg.sender] += _costUp(order.amount, order.price);
        else balanceOf[base][msg.sender] += order.amount;
    }

    /// @dev Walks down the other side while prices cross; trades at the resting order's price.
    function _match(bool isBid, uint256 price, uint256 amount) private returns (uint256 rest) {
        if (amount == 0) revert ZeroAmount();
        rest = amount;
        uint256 id = best[!isBid];
        uint256 first = id;
        for (uint256 i = 0; i < MOST_MATCHES && id != 0 && rest != 0; ++i) {
            Order storage order = orderOf[id];
            uint256 asked = order.price;
            if (isBid ? asked > price : asked < price) break;
            uint256 there = order.amount;
            uint256 traded = there < rest ? there : rest;
            address maker = order.maker;
            rest -= traded;
            _settle(isBid, maker, asked, traded, there);
            emit Traded(id, maker, msg.sender, asked, traded);
            if (traded < there) {
                order.amount = there - traded;
            } else {
                uint256 next = order.next;
                delete orderOf[id];
                id = next;
            }
        }
        if (id != first) best[!isBid] = id;
    }

    /// @dev The maker's side was set aside when the order was placed; the taker pays now.
    function _settle(bool isBid, address maker, uint256 price, uint256 traded, uint256 there) private {
        if (isBid) {
            // A taker who buys pays the seller, rounded up.
            uint256 cost = _costUp(traded, price);
            _debit(quote, msg.sender, cost);
            balanceOf[quote][maker] += cost;
            balanceOf[base][msg.sender] += traded;
        } else {
            // The parts of a bid that are set aside add up: what this trade frees is what it pays.
            _debit(base, msg.sender, traded);
            balanceOf[base][maker] += traded;
            balanceOf[quote][msg.sender] += _costUp(there, price) - _costUp(there - traded, price);
        }
    }

    /// @dev Behind all orders that are at least as good.
    function _insert(uint256 id, Order memory order) private {
        uint256 previous = 0;
        uint256 next = best[order.isBid];
        while (next != 0 && (order.isBid ? orderOf[next].price >= order.price : orderOf[next].price <= order.price)) {
            previous = next;
            next = orderOf[next].next;
        }
        order.next = next;
        orderOf[id] = order;
        if (previous == 0) best[order.isBid] = id;
        else orderOf[previous].next = id;
    }

    function _debit(Erc20 token, address trader, uint256 amount) private {
        uint256 balance = balanceOf[token][trader];
        if (balance < amount) revert InsufficientBalance(token, trader, balance, amount);
        balanceOf[token][trader] = balance - amount;
    }

    function _costUp(uint256 amount, uint256 price) private pure returns (uint256) {
        return (amount * price + ONE - 1) / ONE;
    }
}
