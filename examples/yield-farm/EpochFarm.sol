// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc20} from "../contracts/Erc20.sol";
import {Custody} from "./Custody.sol";

/// @title A farm that counts stakes once an epoch: in between, stakers share nothing but the number of the epoch.
/// @dev Stakes are kept and counted on sixteen shelves, chosen by the staker's address. Who closes an epoch adds up the
/// shelves and fixes what each unit earned in it; that one transaction writes `epoch`, everybody else only reads it.
/// A stake earns from the epoch after the one in which it came; what leaves within an epoch earns nothing in it, and its
/// part stays with the farm.
contract EpochFarm {
    uint256 public constant SCALE = 1e18;
    uint256 public constant SHELVES = 16;

    struct Stake {
        uint256 active;
        /// @dev Came in the epoch `joinedIn` and does not earn before the next.
        uint256 joining;
        uint256 joinedIn;
        /// @dev Where `rewardPerShareAt` stood when the active part was last settled.
        uint256 settledAt;
        uint256 owed;
    }

    Erc20 public immutable stakeToken;
    Erc20 public immutable rewardToken;
    address public immutable owner;
    uint256 public immutable epochLength;
    /// @notice Reward units an epoch, for all together.
    uint256 public immutable rewardPerEpoch;
    Custody[SHELVES] public shelfAt;

    uint256 public epoch;
    uint256 public epochEnd;
    /// @notice What was staked when the running epoch began: those who share its reward.
    uint256 public totalActive;
    /// @notice What one unit had earned in all when an epoch began.
    mapping(uint256 epoch => uint256) public rewardPerShareAt;
    mapping(uint256 shelf => uint256) public stakedOn;
    mapping(address staker => Stake) public stakeOf;

    event Deposited(address indexed staker, uint256 amount, uint256 epoch);
    event Withdrawn(address indexed staker, uint256 amount);
    event Claimed(address indexed staker, uint256 reward);
    event EpochClosed(uint256 indexed epoch, uint256 totalActive, uint256 rewardPerShare);

    error EpochRuns(uint256 until);
    error InsufficientStake(address staker, uint256 stake, uint256 amount);
    error NotOwner(address caller);
    error NothingToClaim(address staker);
    error SameToken();
    error TransferFailed(Erc20 token);
    error ZeroAmount();

    constructor(Erc20 stakeToken_, Erc20 rewardToken_, address owner_, uint256 epochLength_, uint256 rewardPerEpoch_) {
        if (address(stakeToken_) == address(rewardToken_)) revert SameToken();
        (stakeToken, rewardToken, owner) = (stakeToken_, rewardToken_, owner_);
        (epochLength, rewardPerEpoch) = (epochLength_, rewardPerEpoch_);
        epochEnd = block.timestamp + epochLength_;
        for (uint256 i = 0; i < SHELVES; ++i) shelfAt[i] = new Custody();
    }

    function shelfOf(address staker) public pure returns (uint256) {
        return uint256(uint160(staker)) % SHELVES;
    }

    function deposit(uint256 amount) external {
        if (amount == 0) revert ZeroAmount();
        Stake storage stake = _settled(msg.sender);
        stake.joining += amount;
        stake.joinedIn = epoch;
        uint256 shelf = shelfOf(msg.sender);
        stakedOn[shelf] += amount;
        emit Deposited(msg.sender, amount, epoch);
        address to = address(shelfAt[shelf]);
        if (!stakeToken.transferFrom(msg.sender, to, amount)) revert TransferFailed(stakeToken);
    }

    /// @notice Takes out `amount`, first of what does not earn yet.
    function withdraw(uint256 amount) external {
        if (amount == 0) revert ZeroAmount();
        Stake storage stake = _settled(msg.sender);
        uint256 joining = stake.joining;
        uint256 all = stake.active + joining;
        if (amount > all) revert InsufficientStake(msg.sender, all, amount);
        if (amount <= joining) {
            stake.joining = joining - amount;
        } else {
            stake.joining = 0;
            stake.active = all - amount;
        }
        uint256 shelf = shelfOf(msg.sender);
        stakedOn[shelf] -= amount;
        emit Withdrawn(msg.sender, amount);
        shelfAt[shelf].pay(stakeToken, msg.sender, amount);
    }

    /// @notice Pays what the caller earned in the epochs that are closed, from the caller's shelf.
    function claim() external returns (uint256 reward) {
        Stake storage stake = _settled(msg.sender);
        reward = stake.owed;
        if (reward == 0) revert NothingToClaim(msg.sender);
        stake.owed = 0;
        emit Claimed(msg.sender, reward);
        shelfAt[shelfOf(msg.sender)].pay(rewardToken, msg.sender, reward);
    }

    /// @notice Ends the running epoch once its time is over. Anybody may; nobody has to be waited for.
    function closeEpoch() external {
        if (block.timestamp < epochEnd) revert EpochRuns(epochEnd);
        uint256 perShare = rewardPerShareAt[epoch];
        if (totalActive != 0) perShare += rewardPerEpoch * SCALE / totalActive;
        emit EpochClosed(epoch, totalActive, perShare);
        uint256 total = 0;
        for (uint256 i = 0; i < SHELVES; ++i) total += stakedOn[i];
        totalActive = total;
        epoch += 1;
        epochEnd += epochLength;
        rewardPerShareAt[epoch] = perShare;
    }

    /// @notice Fills the shelves with rewards, `amount` each.
    function fund(uint256 amount) external {
        for (uint256 i = 0; i < SHELVES; ++i) {
            address to = address(shelfAt[i]);
            if (!rewardToken.transferFrom(msg.sender, to, amount)) revert TransferFailed(rewardToken);
        }
    }

    /// @notice Moves rewards from a shelf that has too many to one that has too few.
    function moveRewards(uint256 from, uint256 to, uint256 amount) external {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        shelfAt[from].pay(rewardToken, address(shelfAt[to]), amount);
    }

    /// @dev The stake with everything it has earned moved to `owed`, and what has waited long enough made active.
    function _settled(address staker) private returns (Stake storage stake) {
        stake = stakeOf[staker];
        uint256 perShare = rewardPerShareAt[epoch];
        uint256 active = stake.active;
        uint256 reward = active * (perShare - stake.settledAt) / SCALE;
        uint256 joining = stake.joining;
        if (joining != 0 && stake.joinedIn < epoch) {
            reward += joining * (perShare - rewardPerShareAt[stake.joinedIn + 1]) / SCALE;
            stake.active = active + joining;
            stake.joining = 0;
        }
        if (reward != 0) stake.owed += reward;
        stake.settledAt = perShare;
    }
}
