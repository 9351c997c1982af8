// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title A world of parcels that are bought, built on, let, and opened for events.
/// @dev Everything is paid out of credit deposited before, so no purchase moves ether. What a new parcel costs, who keeps the price
/// and how seats are given out is left to the contracts that build on this one.
abstract contract Land {
    struct Parcel {
        address owner;
        /// How far it is built up: 0 is a meadow.
        uint32 level;
        uint64 letUntil;
    }

    struct Lease {
        address tenant;
        uint96 pricePerDay;
    }

    struct Show {
        uint32 seats;
        uint96 price;
    }

    /// @notice Side of the world: coordinates are below it.
    uint256 public constant SIDE = 256;
    uint256 public constant BUILDING = 0.05 ether;

    address public immutable steward;
    mapping(uint256 x => mapping(uint256 y => Parcel)) public parcelOf;
    mapping(uint256 x => mapping(uint256 y => Lease)) public leaseOf;
    mapping(uint256 x => mapping(uint256 y => Show)) public showOf;
    mapping(address account => uint256) public creditOf;

    event Announced(uint256 indexed x, uint256 indexed y, uint256 seats, uint256 price);
    event Bought(uint256 indexed x, uint256 indexed y, address indexed buyer, uint256 price);
    event Built(uint256 indexed x, uint256 indexed y, uint256 level);
    event Deposited(address indexed account, uint256 amount);
    event Let(uint256 indexed x, uint256 indexed y, address indexed tenant, uint256 until);
    event Offered(uint256 indexed x, uint256 indexed y, uint256 pricePerDay);
    event Seated(uint256 indexed x, uint256 indexed y, address indexed guest, uint256 seat);
    event Withdrawn(address indexed account, uint256 amount);

    error AlreadyOwned(uint256 x, uint256 y, address owner);
    error AlreadyLet(uint256 x, uint256 y, uint256 until);
    error InsufficientCredit(address account, uint256 credit, uint256 needed);
    error NotOffered(uint256 x, uint256 y);
    error NotOwner(address caller);
    error NotSteward(address caller);
    error NoShow(uint256 x, uint256 y);
    error OutsideTheWorld(uint256 x, uint256 y);
    error PaymentFailed(address to, uint256 amount);
    error PriceRose(uint256 price, uint256 most);
    error ShowGoesOn(uint256 x, uint256 y);
    error SoldOut(uint256 x, uint256 y);
    error TooSmall(uint256 seats, uint256 most);
    error ZeroAmount();

    modifier onlyOwner(uint256 x, uint256 y) {
        if (parcelOf[x][y].owner != msg.sender) revert NotOwner(msg.sender);
        _;
    }

    modifier onlySteward() {
        if (msg.sender != steward) revert NotSteward(msg.sender);
        _;
    }

    constructor(address steward_) {
        steward = steward_;
    }

    function deposit() external payable {
        creditOf[msg.sender] += msg.value;
        emit Deposited(msg.sender, msg.value);
    }

    function withdraw(uint256 amount) external {
        _spend(msg.sender, amount);
        emit Withdrawn(msg.sender, amount);
        (bool paid,) = msg.sender.call{value: amount}("");
        if (!paid) revert PaymentFailed(msg.sender, amount);
    }

    /// @notice Buys a parcel that nobody owns for at most `most`.
    function buy(uint256 x, uint256 y, uint256 most) external {
        if (x >= SIDE || y >= SIDE) revert OutsideTheWorld(x, y);
        address owner = parcelOf[x][y].owner;
        if (owner != address(0)) revert AlreadyOwned(x, y, owner);
        uint256 price = _sell(x, y);
        if (price > most) revert PriceRose(price, most);
        _spend(msg.sender, price);
        _keep(x, y, price);
        parcelOf[x][y] = Parcel(msg.sender, 0, 0);
        emit Bought(x, y, msg.sender, price);
    }

    /// @notice Builds the caller's parcel up by one level.
    function build(uint256 x, uint256 y) external onlyOwner(x, y) {
        uint32 level = parcelOf[x][y].level + 1;
        uint256 price = BUILDING * level;
        _spend(msg.sender, price);
        _keep(x, y, price);
        parcelOf[x][y].level = level;
        emit Built(x, y, level);
    }

    /// @notice Offers the caller's parcel for rent; zero ends that.
    function offer(uint256 x, uint256 y, uint96 pricePerDay) external onlyOwner(x, y) {
        leaseOf[x][y].pricePerDay = pricePerDay;
        emit Offered(x, y, pricePerDay);
    }

    /// @notice Rents a parcel for some days.
    function rent(uint256 x, uint256 y, uint256 numberOfDays) external {
        Lease memory lease = leaseOf[x][y];
        Parcel memory parcel = parcelOf[x][y];
        if (lease.pricePerDay == 0) revert NotOffered(x, y);
        if (numberOfDays == 0) revert ZeroAmount();
        if (block.timestamp < parcel.letUntil) revert AlreadyLet(x, y, parcel.letUntil);
        uint256 price = lease.pricePerDay * numberOfDays;
        uint64 until = uint64(block.timestamp + numberOfDays * 1 days);
        _spend(msg.sender, price);
        creditOf[parcel.owner] += price;
        leaseOf[x][y].tenant = msg.sender;
        parcelOf[x][y].letUntil = until;
        emit Let(x, y, msg.sender, until);
    }

    /// @notice Announces a show: a parcel seats 40 for each level it is built up.
    function announce(uint256 x, uint256 y, uint32 seats, uint96 price) external onlyOwner(x, y) {
        uint256 most = uint256(parcelOf[x][y].level) * 40;
        if (seats == 0 || price == 0) revert ZeroAmount();
        if (seats > most) revert TooSmall(seats, most);
        if (showOf[x][y].seats != 0) revert ShowGoesOn(x, y);
        showOf[x][y] = Show(seats, price);
        emit Announced(x, y, seats, price);
    }

    function _showOf(uint256 x, uint256 y) internal view returns (Show memory show) {
        show = showOf[x][y];
        if (show.seats == 0) revert NoShow(x, y);
    }

    /// @dev The price of the parcel, which is then sold.
    function _sell(uint256 x, uint256 y) internal virtual returns (uint256);

    /// @dev Keeps what was paid to the world for a parcel.
    function _keep(uint256 x, uint256 y, uint256 amount) internal virtual;

    function _spend(address account, uint256 amount) internal {
        uint256 credit = creditOf[account];
        if (credit < amount) revert InsufficientCredit(account, credit, amount);
        unchecked {
            creditOf[account] = credit - amount;
        }
    }
}
