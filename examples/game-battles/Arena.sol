// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

/// @title A game in which heroes fight for gold and loot, have children, and their players trade what they found.
/// @dev Each player has a champion, and a champion all its traits in one slot. Where chance comes from, how heroes are numbered
/// and how gold is kept is left to the contracts that build on this one. Chance that is computed on the chain can be foreseen by
/// whoever builds the block: good enough for a copper sword, not for a fortune.
abstract contract Arena {
    struct Hero {
        address player;
        uint16 strength;
        uint16 agility;
        uint32 experience;
        uint32 battles;
    }

    struct Offer {
        uint8 kind;
        uint128 price;
    }

    uint256 public constant REWARD = 10 ether;
    /// @notice What the house keeps of a sale, in parts of ten thousand.
    uint256 public constant FEE = 500;
    uint256 public constant KINDS = 8;

    mapping(uint256 id => Hero) public heroOf;
    mapping(address player => uint256) public championOf;
    mapping(address player => uint256) public studFeeOf;
    mapping(address player => mapping(uint256 kind => uint256)) public itemsOf;
    mapping(address seller => Offer) public offerOf;

    event Born(uint256 indexed id, address indexed player, uint256 mother, uint256 father, uint16 strength, uint16 agility);
    event Equipped(uint256 indexed id, uint256 kind, uint16 strength);
    event Fought(uint256 indexed challenger, uint256 indexed rival, bool won, uint256 loot);
    event Offered(address indexed seller, uint256 kind, uint256 price);
    event Sold(address indexed seller, address indexed buyer, uint256 kind, uint256 price, uint256 fee);
    event StudOffered(address indexed player, uint256 fee);

    error AlreadyHasChampion(address player);
    error NoChampion(address player);
    error NoItem(address player, uint256 kind);
    error NoOffer(address seller);
    error NotAtStud(address player);
    error Oneself();
    error PriceRose(uint256 price, uint256 most);
    error ZeroPrice();

    /// @notice Gives the caller a first champion, some gold, and an item of the simplest kind.
    function recruit() external {
        if (championOf[msg.sender] != 0) revert AlreadyHasChampion(msg.sender);
        uint256 chance = _chance(keccak256(abi.encode(msg.sender)));
        _bear(msg.sender, 0, 0, uint16(50 + chance % 50), uint16(50 + (chance >> 16) % 50), chance);
        itemsOf[msg.sender][0] += 1;
        _credit(msg.sender, 100 ether);
    }

    /// @notice Fights the champion of `rival`. The winner gains gold and experience, and now and then an item.
    function battle(address rival) external returns (bool won) {
        uint256 id = _championOf(msg.sender);
        uint256 rivalId = _championOf(rival);
        if (rival == msg.sender) revert Oneself();
        Hero memory hero = heroOf[id];
        Hero memory other = heroOf[rivalId];
        uint256 chance = _chance(keccak256(abi.encode(id, rivalId, hero.battles, other.battles)));
        won = _blow(hero, other, chance) >= _blow(other, hero, chance >> 32);
        hero.battles += 1;
        other.battles += 1;
        if (won) hero.experience += 10;
        else other.experience += 10;
        heroOf[id] = hero;
        heroOf[rivalId] = other;
        address winner = won ? msg.sender : rival;
        // One battle in four leaves an item behind.
        uint256 loot = (chance >> 64) % 4 == 0 ? 1 + (chance >> 72) % KINDS : 0;
        if (loot != 0) itemsOf[winner][loot - 1] += 1;
        _credit(winner, REWARD);
        emit Fought(id, rivalId, won, loot);
    }

    /// @notice Lets others breed with the caller's champion for a fee; zero ends that.
    function offerStud(uint256 fee) external {
        _championOf(msg.sender);
        studFeeOf[msg.sender] = fee;
        emit StudOffered(msg.sender, fee);
    }

    /// @notice Breeds with the champion of `mate` for at most `most` gold; the child becomes the caller's champion.
    function breed(address mate, uint256 most) external returns (uint256 child) {
        uint256 mother = _championOf(msg.sender);
        uint256 father = _championOf(mate);
        if (mate == msg.sender) revert Oneself();
        uint256 fee = studFeeOf[mate];
        if (fee == 0) revert NotAtStud(mate);
        if (fee > most) revert PriceRose(fee, most);
        _debit(msg.sender, fee);
        _credit(mate, fee);
        Hero memory her = heroOf[mother];
        Hero memory his = heroOf[father];
        uint256 chance = _chance(keccak256(abi.encode(mother, father, her.battles, his.battles)));
        // Each trait is one parent's, and may turn out up to eight better.
        uint16 strength = (chance & 1 == 0 ? her.strength : his.strength) + uint16((chance >> 8) % 9);
        uint16 agility = (chance & 2 == 0 ? her.agility : his.agility) + uint16((chance >> 16) % 9);
        child = _bear(msg.sender, mother, father, strength, agility, chance);
    }

    /// @notice Uses up an item to make the caller's champion stronger.
    function equip(uint256 kind) external {
        uint256 id = _championOf(msg.sender);
        _takeItem(msg.sender, kind);
        uint16 strength = heroOf[id].strength + uint16(1 + kind);
        heroOf[id].strength = strength;
        emit Equipped(id, kind, strength);
    }

    /// @notice Puts an item up for sale, in place of what was for sale before.
    function offer(uint8 kind, uint128 price) external {
        if (price == 0) revert ZeroPrice();
        Offer memory before = offerOf[msg.sender];
        if (before.price != 0) itemsOf[msg.sender][before.kind] += 1;
        _takeItem(msg.sender, kind);
        offerOf[msg.sender] = Offer(kind, price);
        emit Offered(msg.sender, kind, price);
    }

    /// @notice Buys what `seller` offers, for at most `most` gold.
    function buy(address seller, uint256 most) external {
        Offer memory found = offerOf[seller];
        if (found.price == 0) revert NoOffer(seller);
        if (found.price > most) revert PriceRose(found.price, most);
        if (seller == msg.sender) revert Oneself();
        delete offerOf[seller];
        itemsOf[msg.sender][found.kind] += 1;
        uint256 fee = found.price * FEE / 10_000;
        _debit(msg.sender, found.price);
        _credit(seller, found.price - fee);
        _keepFee(fee);
        emit Sold(seller, msg.sender, found.kind, found.price, fee);
    }

    /// @dev A random number, if `salt` differs from all before.
    function _chance(bytes32 salt) internal virtual returns (uint256);

    /// @dev A number that no hero has, other than 0.
    function _newId(uint256 chance) internal virtual returns (uint256);

    function _credit(address player, uint256 gold) internal virtual;

    /// @dev Takes gold that the player has, or reverts.
    function _debit(address player, uint256 gold) internal virtual;

    /// @dev Keeps what was taken from a buyer and given to nobody.
    function _keepFee(uint256 gold) internal virtual;

    function _bear(address player, uint256 mother, uint256 father, uint16 strength, uint16 agility, uint256 chance)
        private
        returns (uint256 id)
    {
        id = _newId(chance);
        heroOf[id] = Hero(player, strength, agility, 0, 0);
        championOf[player] = id;
        emit Born(id, player, mother, father, strength, agility);
    }

    function _championOf(address player) private view returns (uint256 id) {
        id = championOf[player];
        if (id == 0) revert NoChampion(player);
    }

    function _takeItem(address player, uint256 kind) private {
        uint256 count = itemsOf[player][kind];
        if (count == 0) revert NoItem(player, kind);
        itemsOf[player][kind] = count - 1;
    }

    function _blow(Hero memory by, Hero memory target, uint256 chance) private pure returns (uint256) {
        uint256 force = uint256(by.strength) + by.experience / 10 + uint32(chance) % 64;
        uint256 dodge = uint256(target.agility) / 4;
        return force > dodge ? force - dodge : 0;
    }
}
