// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

import {Erc721} from "../contracts/Erc721.sol";

/// @title A collection whose tokens can be pledged where they are: locked for a keeper, in their owner's hands.
/// @dev Whoever holds many tokens for others has one count of them, `balanceOf`, that every pledge changes. A lock is an
/// entry of the token's own.
contract PledgeNft is Erc721 {
    address public immutable artist;
    /// @notice Who alone may move a token, if anybody.
    mapping(uint256 id => address) public keeperOf;

    event Locked(uint256 indexed id, address indexed keeper);
    event Unlocked(uint256 indexed id);

    error IsLocked(uint256 id, address keeper);
    error NotArtist(address caller);
    error NotKeeper(address caller, uint256 id);

    constructor(string memory name_, string memory symbol_, address artist_) Erc721(name_, symbol_) {
        artist = artist_;
    }

    /// @notice Makes `id` and gives it to `to`.
    function mint(address to, uint256 id) external {
        if (msg.sender != artist) revert NotArtist(msg.sender);
        _mint(to, id);
    }

    /// @notice Locks `id` for the caller, whom its owner has approved.
    function lock(uint256 id) external {
        address owner = ownerOf(id);
        if (!isApprovedForAll[owner][msg.sender] && msg.sender != _approved[id]) revert NotAllowed(msg.sender, id);
        if (keeperOf[id] != address(0)) revert IsLocked(id, keeperOf[id]);
        keeperOf[id] = msg.sender;
        emit Locked(id, msg.sender);
    }

    function unlock(uint256 id) external {
        _unlock(id);
    }

    /// @notice Gives the keeper's token to `to`, whatever its owner has approved since.
    function seize(uint256 id, address to) external {
        _unlock(id);
        _approved[id] = msg.sender;
        super.transferFrom(ownerOf(id), to, id);
    }

    function transferFrom(address from, address to, uint256 id) public override {
        if (keeperOf[id] != address(0)) revert IsLocked(id, keeperOf[id]);
        super.transferFrom(from, to, id);
    }

    function _unlock(uint256 id) private {
        if (keeperOf[id] != msg.sender) revert NotKeeper(msg.sender, id);
        delete keeperOf[id];
        emit Unlocked(id);
    }
}
