// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title Readers tip authors, and whoever recommended a post early shares in its later tips.
/// @dev Readers pay out of credit they deposited before, so that a tip moves no ether: ether moves when credit is bought and
/// when earnings are withdrawn. Nine tenths of a tip are the author's, one tenth goes to the curators, the accounts that
/// staked credit on a recommendation. Which curators share it is left to the contracts that build on this one.
abstract contract Posts {
    struct Post {
        address author;
        /// Hash of where the text is.
        bytes32 content;
    }

    /// @notice The curators' share of a tip, in parts of ten thousand.
    uint256 public constant CURATION = 1000;

    mapping(uint256 id => Post) public postOf;
    mapping(address account => uint256) public creditOf;

    event Curated(uint256 indexed id, address indexed curator, uint256 stake);
    event Deposited(address indexed account, uint256 amount);
    event Published(uint256 indexed id, address indexed author, string content);
    event Rewarded(uint256 indexed id, address indexed curator, uint256 reward);
    event Tipped(uint256 indexed id, address indexed reader, uint256 amount, uint256 toCurators);
    event Withdrawn(address indexed account, uint256 amount);

    error AlreadyPublished(uint256 id);
    error InsufficientCredit(address account, uint256 credit, uint256 needed);
    error NoSuchPost(uint256 id);
    error NothingToClaim(address account);
    error OwnPost(uint256 id);
    error PaymentFailed(address to, uint256 amount);
    error ZeroAmount();

    modifier published(uint256 id) {
        if (postOf[id].author == address(0)) revert NoSuchPost(id);
        _;
    }

    function deposit() external payable {
        creditOf[msg.sender] += msg.value;
        emit Deposited(msg.sender, msg.value);
    }

    function withdraw(uint256 amount) external {
        _spend(amount);
        emit Withdrawn(msg.sender, amount);
        (bool paid,) = msg.sender.call{value: amount}("");
        if (!paid) revert PaymentFailed(msg.sender, amount);
    }

    /// @notice Publishes a post under a number of the author's choice that nobody has used.
    function publish(uint256 id, string calldata content) external {
        if (postOf[id].author != address(0)) revert AlreadyPublished(id);
        postOf[id] = Post(msg.sender, keccak256(bytes(content)));
        emit Published(id, msg.sender, content);
    }

    /// @notice Gives `amount` of the caller's credit to the author and the curators of a post.
    function tip(uint256 id, uint256 amount) external published(id) {
        address author = postOf[id].author;
        if (author == msg.sender) revert OwnPost(id);
        if (amount == 0) revert ZeroAmount();
        _spend(amount);
        uint256 toCurators = _reward(id, amount * CURATION / 10_000);
        creditOf[author] += amount - toCurators;
        emit Tipped(id, msg.sender, amount, toCurators);
    }

    /// @notice Stakes credit on a post: the earlier and the more, the larger the part in its tips. The stake is not returned,
    /// it goes to the author.
    function curate(uint256 id, uint256 stake) external published(id) {
        address author = postOf[id].author;
        if (author == msg.sender) revert OwnPost(id);
        if (stake == 0) revert ZeroAmount();
        _spend(stake);
        _stake(id, stake);
        creditOf[author] += stake;
        emit Curated(id, msg.sender, stake);
    }

    /// @notice Credits the caller with the curation rewards that have come together for a post.
    function claim(uint256 id) external published(id) returns (uint256 reward) {
        reward = _claim(id);
        if (reward == 0) revert NothingToClaim(msg.sender);
        creditOf[msg.sender] += reward;
        emit Rewarded(id, msg.sender, reward);
    }

    /// @dev Distributes `amount` and returns how much found a curator.
    function _reward(uint256 id, uint256 amount) internal virtual returns (uint256);

    /// @dev Records the caller's stake.
    function _stake(uint256 id, uint256 stake) internal virtual;

    /// @dev Takes and returns the caller's reward.
    function _claim(uint256 id) internal virtual returns (uint256);

    function _spend(uint256 amount) private {
        uint256 credit = creditOf[msg.sender];
        if (credit < amount) revert InsufficientCredit(msg.sender, credit, amount);
        unchecked {
            creditOf[msg.sender] = credit - amount;
        }
    }
}
