// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Tranche} from "./Tranche.sol";

/// @title Sells a token for ether until a day, and gives the money back if too little comes together.
/// @dev Buyers do not call this contract but its tranches, each of which sells a part of the whole. With one tranche this is the
/// crowdsale everybody knows; with many, their buyers do not meet. Only the decision adds up what all have raised.
contract Sale {
    enum Stage {
        Open,
        Succeeded,
        Failed
    }

    address public immutable owner;
    address payable public immutable beneficiary;
    /// @notice The least that must be raised, in wei.
    uint256 public immutable goal;
    uint256 public immutable end;
    Stage public stage;
    Tranche[] public tranches;

    event Decided(Stage stage, uint256 raised);

    error AlreadyDecided(Stage stage);
    error GoalMissed(uint256 raised, uint256 goal);
    error NotAnOwnTranche(Tranche tranche);
    error NotEnded(uint256 end);
    error NotOwner(address caller);

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        _;
    }

    modifier undecided() {
        if (stage != Stage.Open) revert AlreadyDecided(stage);
        _;
    }

    constructor(address owner_, address payable beneficiary_, uint256 goal_, uint256 end_) {
        owner = owner_;
        beneficiary = beneficiary_;
        goal = goal_;
        end = end_;
    }

    /// @notice Lets a tranche sell; it must have been made for this sale.
    function add(Tranche tranche) external onlyOwner undecided {
        if (address(tranche.sale()) != address(this)) revert NotAnOwnTranche(tranche);
        tranches.push(tranche);
        tranche.open();
    }

    /// @notice Closes the sale before its end; the goal must have been reached.
    function finish() external onlyOwner undecided {
        uint256 sum = raised();
        if (sum < goal) revert GoalMissed(sum, goal);
        _decide(Stage.Succeeded, sum);
    }

    /// @notice Gives up: everybody gets their money back.
    function cancel() external onlyOwner undecided {
        _decide(Stage.Failed, raised());
    }

    /// @notice Anybody may have the outcome recorded once the sale has ended.
    function settle() external undecided {
        if (block.timestamp < end) revert NotEnded(end);
        uint256 sum = raised();
        _decide(sum < goal ? Stage.Failed : Stage.Succeeded, sum);
    }

    function raised() public view returns (uint256 sum) {
        for (uint256 i = 0; i < tranches.length; ++i) sum += tranches[i].raised();
    }

    function _decide(Stage outcome, uint256 sum) private {
        stage = outcome;
        emit Decided(outcome, sum);
        if (outcome != Stage.Succeeded) return;
        for (uint256 i = 0; i < tranches.length; ++i) tranches[i].release(beneficiary);
    }
}
