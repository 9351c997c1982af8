// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";
import {Custody} from "../yield-farm/Custody.sol";

/// @title A vault that deals once a round: orders are taken any time, and all of a round get the price at its end.
/// @dev The idea of ERC-7540's asynchronous vaults. A deposit or redemption is noted under its owner and counted on one of
/// sixteen shelves; whoever closes the round adds the shelves up and fixes one price for everybody. That transaction alone
/// writes what the orders of the next round read.
contract RoundVault {
    uint256 public constant ONE = 1e18;
    uint256 public constant SHELVES = 16;

    /// @dev What an owner has ordered, in `round`, and what earlier rounds have left to collect.
    struct Account {
        uint256 shares;
        uint256 assets;
        uint256 depositing;
        uint256 redeeming;
        uint256 round;
    }

    Erc20 public immutable asset;
    uint256 public immutable roundLength;
    Custody[SHELVES] public shelfAt;

    uint256 public round = 1;
    uint256 public roundEnd;
    uint256 public totalShares;
    /// @notice Assets that belong to the shares.
    uint256 public totalAssets;
    /// @notice Assets for 10^18 shares at the end of a round.
    mapping(uint256 round => uint256) public priceAt;
    mapping(uint256 shelf => uint256) public depositingOn;
    mapping(uint256 shelf => uint256) public redeemingOn;
    mapping(uint256 shelf => uint256) public interestOn;
    mapping(address owner => Account) public accountOf;

    event DepositOrdered(address indexed owner, uint256 assets, uint256 round);
    event RedemptionOrdered(address indexed owner, uint256 shares, uint256 round);
    event Collected(address indexed owner, uint256 assets);
    event InterestAdded(address indexed payer, uint256 assets);
    event RoundClosed(uint256 indexed round, uint256 price, uint256 deposited, uint256 redeemed);

    error InsufficientShares(address owner, uint256 shares, uint256 needed);
    error NobodyHolds();
    error OverOwed(address owner, uint256 owed, uint256 assets);
    error RoundRuns(uint256 until);
    error TransferFailed(Erc20 token);
    error ZeroAmount();

    constructor(Erc20 asset_, uint256 roundLength_) {
        (asset, roundLength) = (asset_, roundLength_);
        roundEnd = block.timestamp + roundLength_;
        priceAt[0] = ONE;
        for (uint256 i = 0; i < SHELVES; ++i) shelfAt[i] = new Custody();
    }

    function shelfOf(address owner) public pure returns (uint256) {
        return uint256(uint160(owner)) % SHELVES;
    }

    /// @notice Pays in `assets`; they become shares at the end of the round.
    function orderDeposit(uint256 assets) external {
        if (assets == 0) revert ZeroAmount();
        Account storage account = _settled(msg.sender);
        account.depositing += assets;
        depositingOn[shelfOf(msg.sender)] += assets;
        emit DepositOrdered(msg.sender, assets, round);
        _pull(assets);
    }

    /// @notice Gives up `shares`; they become assets at the end of the round.
    function orderRedemption(uint256 shares) external {
        if (shares == 0) revert ZeroAmount();
        Account storage account = _settled(msg.sender);
        uint256 mine = account.shares;
        if (shares > mine) revert InsufficientShares(msg.sender, mine, shares);
        account.shares = mine - shares;
        account.redeeming += shares;
        redeemingOn[shelfOf(msg.sender)] += shares;
        emit RedemptionOrdered(msg.sender, shares, round);
    }

    /// @notice Pays `assets` of what earlier redemptions came to, from whichever shelf has them: the caller's own is the
    /// one that fewest others use.
    function collect(uint256 shelf, uint256 assets) external {
        Account storage account = _settled(msg.sender);
        uint256 owed = account.assets;
        if (assets == 0 || assets > owed) revert OverOwed(msg.sender, owed, assets);
        account.assets = owed - assets;
        emit Collected(msg.sender, assets);
        shelfAt[shelf].pay(asset, msg.sender, assets);
    }

    /// @notice Pays interest to those who hold shares at the end of the round.
    function addInterest(uint256 assets) external {
        if (totalShares == 0) revert NobodyHolds();
        interestOn[shelfOf(msg.sender)] += assets;
        emit InterestAdded(msg.sender, assets);
        _pull(assets);
    }

    /// @notice Ends the round once its time is over and fixes its price. Anybody may.
    function closeRound() external {
        if (block.timestamp < roundEnd) revert RoundRuns(roundEnd);
        uint256 deposited = 0;
        uint256 redeemed = 0;
        uint256 assets = totalAssets;
        for (uint256 i = 0; i < SHELVES; ++i) {
            deposited += depositingOn[i];
            redeemed += redeemingOn[i];
            assets += interestOn[i];
            (depositingOn[i], redeemingOn[i], interestOn[i]) = (0, 0, 0);
        }
        // Those who come get no more shares and those who go no more assets than the price says, rounded down.
        uint256 price = totalShares == 0 ? ONE : assets * ONE / totalShares;
        priceAt[round] = price;
        totalAssets = assets + deposited - redeemed * price / ONE;
        totalShares = totalShares + deposited * ONE / price - redeemed;
        emit RoundClosed(round, price, deposited, redeemed);
        round += 1;
        roundEnd += roundLength;
    }

    /// @dev The account with the orders of closed rounds turned into what they have become.
    function _settled(address owner) private returns (Account storage account) {
        account = accountOf[owner];
        uint256 ordered = account.round;
        if (ordered == round) return account;
        uint256 price = priceAt[ordered];
        uint256 depositing = account.depositing;
        if (depositing != 0) {
            account.shares += depositing * ONE / price;
            account.depositing = 0;
        }
        uint256 redeeming = account.redeeming;
        if (redeeming != 0) {
            account.assets += redeeming * price / ONE;
            account.redeeming = 0;
        }
        account.round = round;
    }

    function _pull(uint256 assets) private {
        address to = address(shelfAt[shelfOf(msg.sender)]);
        if (!asset.transferFrom(msg.sender, to, assets)) revert TransferFailed(asset);
    }
}
