// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.30;

interface Erc721Receiver {
    function onERC721Received(address operator, address from, uint256 id, bytes calldata data)
        external
        returns (bytes4);
}

/// @title The ERC-721 standard: who owns which token, and who may move it.
abstract contract Erc721 {
    string public name;
    string public symbol;

    mapping(uint256 id => address) internal _ownerOf;
    mapping(address owner => uint256) internal _balanceOf;
    mapping(uint256 id => address) internal _approved;
    mapping(address owner => mapping(address operator => bool)) public isApprovedForAll;

    event Transfer(address indexed from, address indexed to, uint256 indexed id);
    event Approval(address indexed owner, address indexed spender, uint256 indexed id);
    event ApprovalForAll(address indexed owner, address indexed operator, bool approved);

    error AlreadyMinted(uint256 id);
    error InvalidRecipient(address recipient);
    error NotAllowed(address caller, uint256 id);
    error NotOwned(uint256 id);
    error WrongOwner(address from, uint256 id);

    constructor(string memory name_, string memory symbol_) {
        name = name_;
        symbol = symbol_;
    }

    function supportsInterface(bytes4 id) external pure virtual returns (bool) {
        return id == 0x01ffc9a7 || id == 0x80ac58cd;
    }

    function balanceOf(address owner) external view returns (uint256) {
        if (owner == address(0)) revert InvalidRecipient(owner);
        return _balanceOf[owner];
    }

    function ownerOf(uint256 id) public view returns (address owner) {
        owner = _ownerOf[id];
        if (owner == address(0)) revert NotOwned(id);
    }

    function getApproved(uint256 id) external view returns (address) {
        ownerOf(id);
        return _approved[id];
    }

    function approve(address spender, uint256 id) external {
        address owner = ownerOf(id);
        if (msg.sender != owner && !isApprovedForAll[owner][msg.sender]) revert NotAllowed(msg.sender, id);
        _approved[id] = spender;
        emit Approval(owner, spender, id);
    }

    function setApprovalForAll(address operator, bool approved) external {
        isApprovedForAll[msg.sender][operator] = approved;
        emit ApprovalForAll(msg.sender, operator, approved);
    }

    function transferFrom(address from, address to, uint256 id) public virtual {
        address owner = ownerOf(id);
        if (owner != from) revert WrongOwner(from, id);
        if (to == address(0)) revert InvalidRecipient(to);
        if (msg.sender != owner && !isApprovedForAll[owner][msg.sender] && msg.sender != _approved[id]) {
            revert NotAllowed(msg.sender, id);
        }
        delete _approved[id];
        unchecked {
            _balanceOf[from] -= 1;
            _balanceOf[to] += 1;
        }
        _ownerOf[id] = to;
        emit Transfer(from, to, id);
    }

    function safeTransferFrom(address from, address to, uint256 id) external {
        safeTransferFrom(from, to, id, "");
    }

    function safeTransferFrom(address from, address to, uint256 id, bytes memory data) public {
        transferFrom(from, to, id);
        if (
            to.code.length != 0
                && Erc721Receiver(to).onERC721Received(msg.sender, from, id, data)
                    != Erc721Receiver.onERC721Received.selector
        ) revert InvalidRecipient(to);
    }

    function _mint(address to, uint256 id) internal {
        if (to == address(0)) revert InvalidRecipient(to);
        if (_ownerOf[id] != address(0)) revert AlreadyMinted(id);
        unchecked {
            _balanceOf[to] += 1;
        }
        _ownerOf[id] = to;
        emit Transfer(address(0), to, id);
    }
}
