// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title Two parties lock ether, pay each other by signing states off the chain, and come back once to divide it.
/// @dev A state says how much of the whole is A's; both parties sign it, and of two states the one with the higher version counts.
/// A channel ends by a state both have marked as the last, at once, or by any state and a period in which the other party may
/// show a newer one. How channels are numbered and paid out is left to the contracts that build on this one.
abstract contract Channels {
    enum Stage {
        Unknown,
        Opened,
        Joined,
        Closing,
        Settled
    }

    struct Channel {
        address a;
        Stage stage;
        uint64 version;
        address b;
        uint64 closesAt;
        uint128 whole;
        uint128 ofA;
    }

    struct Signature {
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @dev Half of the curve's order: a signature with a greater `s` is another form of one with a smaller.
    uint256 private constant HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;
    bytes32 private constant DOMAIN_TYPE =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant STATE_TYPE = keccak256("State(bytes32 channel,uint64 version,uint128 ofA,bool last)");

    /// @notice Seconds to answer a closing with a newer state.
    uint256 public immutable period;
    mapping(bytes32 id => Channel) public channelOf;

    event Closing(bytes32 indexed id, uint256 version, uint256 ofA, uint256 closesAt);
    event Disputed(bytes32 indexed id, uint256 version, uint256 ofA);
    event Joined(bytes32 indexed id, address indexed b, uint256 amount);
    event Opened(bytes32 indexed id, address indexed a, address indexed b, uint256 amount);
    event Settled(bytes32 indexed id, uint256 version, uint256 toA, uint256 toB);

    error AlreadyOpened(bytes32 id);
    error InvalidPartner(address partner);
    error NotAParty(address caller);
    error OverWhole(uint256 ofA, uint256 whole);
    error PeriodOpen(uint256 until);
    error PeriodOver(uint256 until);
    error StaleVersion(uint256 version, uint256 known);
    error WrongSigner(address signer, address party);
    error WrongStage(bytes32 id, Stage stage, Stage needed);

    modifier inStage(bytes32 id, Stage needed) {
        Stage stage = channelOf[id].stage;
        if (stage != needed) revert WrongStage(id, stage, needed);
        _;
    }

    constructor(uint256 period_) {
        period = period_;
    }

    /// @notice Opens a channel with `partner` and locks `amount` in it. `salt` tells channels of the same pair apart.
    function open(address partner, bytes32 salt, uint128 amount) external payable returns (bytes32 id) {
        if (partner == address(0) || partner == msg.sender) revert InvalidPartner(partner);
        id = _newId(msg.sender, partner, salt);
        if (channelOf[id].stage != Stage.Unknown) revert AlreadyOpened(id);
        channelOf[id] = Channel(msg.sender, Stage.Opened, 0, partner, 0, amount, amount);
        emit Opened(id, msg.sender, partner, amount);
        _lock(amount);
    }

    /// @notice Locks `amount` for the partner; from here on the channel can be used.
    function join(bytes32 id, uint128 amount) external payable inStage(id, Stage.Opened) {
        Channel storage channel = channelOf[id];
        if (msg.sender != channel.b) revert NotAParty(msg.sender);
        channel.stage = Stage.Joined;
        channel.whole += amount;
        emit Joined(id, msg.sender, amount);
        _lock(amount);
    }

    /// @notice Divides the channel by a state that both parties have marked as the last; anybody may bring it.
    function settle(bytes32 id, uint64 version, uint128 ofA, Signature calldata byA, Signature calldata byB)
        external
        inStage(id, Stage.Joined)
    {
        _requireSigned(id, version, ofA, true, byA, byB);
        _divide(id, version, ofA);
    }

    /// @notice Begins to close by the newest state the caller has.
    function close(bytes32 id, uint64 version, uint128 ofA, Signature calldata byA, Signature calldata byB)
        external
        inStage(id, Stage.Joined)
    {
        Channel storage channel = channelOf[id];
        if (msg.sender != channel.a && msg.sender != channel.b) revert NotAParty(msg.sender);
        _requireSigned(id, version, ofA, false, byA, byB);
        channel.stage = Stage.Closing;
        channel.version = version;
        channel.ofA = ofA;
        channel.closesAt = uint64(block.timestamp + period);
        emit Closing(id, version, ofA, channel.closesAt);
    }

    /// @notice Answers a closing with a newer state; anybody may, so that a party can leave watching to others.
    function dispute(bytes32 id, uint64 version, uint128 ofA, Signature calldata byA, Signature calldata byB)
        external
        inStage(id, Stage.Closing)
    {
        Channel storage channel = channelOf[id];
        if (block.timestamp >= channel.closesAt) revert PeriodOver(channel.closesAt);
        if (version <= channel.version) revert StaleVersion(version, channel.version);
        _requireSigned(id, version, ofA, false, byA, byB);
        channel.version = version;
        channel.ofA = ofA;
        emit Disputed(id, version, ofA);
    }

    /// @notice Divides a channel whose period has passed.
    function finish(bytes32 id) external inStage(id, Stage.Closing) {
        Channel memory channel = channelOf[id];
        if (block.timestamp < channel.closesAt) revert PeriodOpen(channel.closesAt);
        _divide(id, channel.version, channel.ofA);
    }

    /// @notice What the parties sign (EIP-712).
    function digestOf(bytes32 id, uint64 version, uint128 ofA, bool last) public view returns (bytes32) {
        bytes32 domain =
            keccak256(abi.encode(DOMAIN_TYPE, keccak256("Channels"), keccak256("1"), block.chainid, address(this)));
        bytes32 state = keccak256(abi.encode(STATE_TYPE, id, version, ofA, last));
        return keccak256(abi.encodePacked("\x19\x01", domain, state));
    }

    /// @dev A number for a new channel.
    function _newId(address a, address b, bytes32 salt) internal virtual returns (bytes32);

    /// @dev Takes `amount` from the caller, or reverts.
    function _lock(uint256 amount) internal virtual;

    /// @dev Gives `amount` of the locked ether to `to`.
    function _pay(address to, uint256 amount) internal virtual;

    function _requireSigned(
        bytes32 id,
        uint64 version,
        uint128 ofA,
        bool last,
        Signature calldata byA,
        Signature calldata byB
    ) private view {
        Channel storage channel = channelOf[id];
        if (ofA > channel.whole) revert OverWhole(ofA, channel.whole);
        bytes32 digest = digestOf(id, version, ofA, last);
        _requireSigner(digest, byA, channel.a);
        _requireSigner(digest, byB, channel.b);
    }

    function _requireSigner(bytes32 digest, Signature calldata by, address party) private pure {
        address signer = uint256(by.s) > HALF_ORDER ? address(0) : ecrecover(digest, by.v, by.r, by.s);
        if (signer == address(0) || signer != party) revert WrongSigner(signer, party);
    }

    function _divide(bytes32 id, uint64 version, uint128 ofA) private {
        Channel storage channel = channelOf[id];
        channel.stage = Stage.Settled;
        uint256 ofB = channel.whole - ofA;
        emit Settled(id, version, ofA, ofB);
        _pay(channel.a, ofA);
        _pay(channel.b, ofB);
    }
}
