// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";
import {Sale} from "./Sale.sol";

/// @title A part of a sale, with a cap, money and tokens of its own.
/// @dev Every purchase reads and writes `raised` and the tranche's ether: the buyers of a tranche form a chain. What they share with
/// those of other tranches (the stage and the end of the sale) nobody writes while it is open. The price of that: a tranche can be
/// sold out while another has tokens left, and the buyer has to ask there.
contract Tranche {
    Sale public immutable sale;
    Erc20 public immutable token;
    /// @notice The most it takes, in wei.
    uint256 public immutable cap;
    /// @notice Tokens for one wei.
    uint256 public immutable rate;
    uint256 public immutable minimum;
    bool public isOpen;
    bool public hasReturned;
    uint256 public raised;
    mapping(address buyer => uint256) public paidBy;

    event Bought(address indexed buyer, uint256 paid, uint256 tokens);
    event Claimed(address indexed buyer, uint256 tokens);
    event Refunded(address indexed buyer, uint256 amount);
    event Released(address indexed to, uint256 amount);
    event Returned(address indexed to, uint256 tokens);

    error AlreadyReturned();
    error BelowMinimum(uint256 paid, uint256 minimum);
    error CapReached(uint256 paid, uint256 left);
    error Ended(uint256 end);
    error NotSale(address caller);
    error NotSuccessful(Sale.Stage stage);
    error NothingPaid(address buyer);
    error NotFailed(Sale.Stage stage);
    error NotOpen();
    error PaymentFailed(address to, uint256 amount);
    error StillOpen();
    error TooFewTokens(uint256 tokens, uint256 needed);
    error TransferFailed();

    modifier onlySale() {
        if (msg.sender != address(sale)) revert NotSale(msg.sender);
        _;
    }

    constructor(Sale sale_, Erc20 token_, uint256 cap_, uint256 rate_, uint256 minimum_) {
        sale = sale_;
        token = token_;
        cap = cap_;
        rate = rate_;
        minimum = minimum_;
    }

    /// @notice Starts selling; the tokens for the whole cap must be here.
    function open() external onlySale {
        uint256 tokens = token.balanceOf(address(this));
        if (tokens < cap * rate) revert TooFewTokens(tokens, cap * rate);
        isOpen = true;
    }

    function buy() external payable {
        if (!isOpen || sale.stage() != Sale.Stage.Open) revert NotOpen();
        if (block.timestamp >= sale.end()) revert Ended(sale.end());
        if (msg.value < minimum) revert BelowMinimum(msg.value, minimum);
        uint256 left = cap - raised;
        if (msg.value > left) revert CapReached(msg.value, left);
        raised += msg.value;
        paidBy[msg.sender] += msg.value;
        emit Bought(msg.sender, msg.value, msg.value * rate);
    }

    /// @notice Hands out the tokens bought, once the sale has succeeded.
    function claim() external {
        if (sale.stage() != Sale.Stage.Succeeded) revert NotSuccessful(sale.stage());
        uint256 tokens = _take(msg.sender) * rate;
        emit Claimed(msg.sender, tokens);
        if (!token.transfer(msg.sender, tokens)) revert TransferFailed();
    }

    /// @notice Returns what was paid, once the sale has failed.
    function refund() external {
        if (sale.stage() != Sale.Stage.Failed) revert NotFailed(sale.stage());
        uint256 amount = _take(msg.sender);
        emit Refunded(msg.sender, amount);
        _send(msg.sender, amount);
    }

    /// @notice Pays out what was raised.
    function release(address payable to) external onlySale {
        emit Released(to, raised);
        _send(to, raised);
    }

    /// @notice Returns the tokens that nobody has bought to the owner of the sale, once it is decided; anybody may ask for that.
    function returnUnsold() external {
        if (sale.stage() == Sale.Stage.Open) revert StillOpen();
        if (hasReturned) revert AlreadyReturned();
        hasReturned = true;
        // Nothing counts as sold if the sale has failed.
        uint256 tokens = (sale.stage() == Sale.Stage.Succeeded ? cap - raised : cap) * rate;
        emit Returned(sale.owner(), tokens);
        if (!token.transfer(sale.owner(), tokens)) revert TransferFailed();
    }

    function _take(address buyer) private returns (uint256 paid) {
        paid = paidBy[buyer];
        if (paid == 0) revert NothingPaid(buyer);
        paidBy[buyer] = 0;
    }

    function _send(address to, uint256 amount) private {
        (bool paid,) = to.call{value: amount}("");
        if (!paid) revert PaymentFailed(to, amount);
    }
}
