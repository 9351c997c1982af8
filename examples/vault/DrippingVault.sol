// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {ERC20, ERC4626, IERC20} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// @title An interest-bearing vault (ERC-4626, OpenZeppelin's): shares of a pot of tokens into which interest drips.
/// @dev What a share is worth is all the vault has over all shares there are. Each deposit and withdrawal needs both
/// numbers and changes both: `totalAssets` by way of the vault's token balance, and the shares' supply.
contract DrippingVault is ERC4626 {
    /// @notice Seconds over which interest that was paid in becomes the shareholders', so that nobody can come just
    /// before it and leave just behind it.
    uint256 public constant DRIP = 7 days;

    /// @notice Interest that was dripping when `dripFrom` was set.
    uint256 public dripping;
    uint256 public dripFrom;

    event InterestAdded(address indexed payer, uint256 amount, uint256 dripping);

    constructor(IERC20 asset_) ERC20("Vault share", "vSHARE") ERC4626(asset_) {}

    /// @notice Pays interest to the shareholders. What has not dripped yet starts again together with it.
    function addInterest(uint256 amount) external {
        uint256 rest = locked() + amount;
        dripping = rest;
        dripFrom = block.timestamp;
        emit InterestAdded(msg.sender, amount, rest);
        SafeERC20.safeTransferFrom(IERC20(asset()), msg.sender, address(this), amount);
    }

    /// @notice Interest that is in the vault and does not belong to the shareholders yet.
    function locked() public view returns (uint256) {
        uint256 elapsed = block.timestamp - dripFrom;
        return elapsed >= DRIP ? 0 : dripping - dripping * elapsed / DRIP;
    }

    function totalAssets() public view override returns (uint256) {
        return super.totalAssets() - locked();
    }
}
