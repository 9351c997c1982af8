//! Functions and events that standards and much-used contracts have: what is called and logged is put in words without the
//! contract's ABI. A selector has four bytes, so that such a name is very likely and not certain.

use std::sync::OnceLock;

use revm::primitives::B256;

use super::abi::Callable;

/// ERC-20, WETH, ERC-721, ERC-1155, ERC-4626, ownership, proxies, multicalls, Uniswap's routers.
const FUNCTIONS: &str = "\
transfer(address to,uint256 amount);approve(address spender,uint256 amount);\
transferFrom(address from,address to,uint256 amount);mint(address to,uint256 amount);burn(uint256 amount);\
permit(address owner,address spender,uint256 value,uint256 deadline,uint8 v,bytes32 r,bytes32 s);\
deposit();withdraw(uint256 amount);\
safeTransferFrom(address from,address to,uint256 id);safeTransferFrom(address from,address to,uint256 id,bytes data);\
setApprovalForAll(address operator,bool approved);\
safeTransferFrom(address from,address to,uint256 id,uint256 amount,bytes data);\
safeBatchTransferFrom(address from,address to,uint256[] ids,uint256[] amounts,bytes data);\
deposit(uint256 assets,address receiver);mint(uint256 shares,address receiver);\
withdraw(uint256 assets,address receiver,address owner);redeem(uint256 shares,address receiver,address owner);\
transferOwnership(address newOwner);upgradeToAndCall(address implementation,bytes data);multicall(bytes[] data);\
execute(bytes commands,bytes[] inputs,uint256 deadline);claim();stake(uint256 amount);vote(uint256 proposal,bool support);\
swapExactTokensForTokens(uint256 amountIn,uint256 amountOutMin,address[] path,address to,uint256 deadline);\
swapExactETHForTokens(uint256 amountOutMin,address[] path,address to,uint256 deadline);\
swapExactTokensForETH(uint256 amountIn,uint256 amountOutMin,address[] path,address to,uint256 deadline);\
swap(uint256 amount0Out,uint256 amount1Out,address to,bytes data)";

/// With how many of the parameters, from the first on, are topics.
const EVENTS: &str = "\
2 Transfer(address from,address to,uint256 value);3 Transfer(address from,address to,uint256 id);\
2 Approval(address owner,address spender,uint256 value);3 Approval(address owner,address approved,uint256 id);\
2 ApprovalForAll(address owner,address operator,bool approved);\
3 TransferSingle(address operator,address from,address to,uint256 id,uint256 value);\
3 TransferBatch(address operator,address from,address to,uint256[] ids,uint256[] values);\
1 Deposit(address to,uint256 amount);1 Withdrawal(address from,uint256 amount);\
2 Deposit(address sender,address owner,uint256 assets,uint256 shares);\
3 Withdraw(address sender,address receiver,address owner,uint256 assets,uint256 shares);\
2 OwnershipTransferred(address previousOwner,address newOwner);1 Upgraded(address implementation);\
0 Sync(uint112 reserve0,uint112 reserve1)";

/// The function with this selector.
pub(super) fn function(selector: [u8; 4]) -> Option<&'static Callable> {
    static ALL: OnceLock<Vec<([u8; 4], Callable)>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let parse = |text| Callable::parse(text).ok();
        FUNCTIONS.split(';').filter_map(parse).map(|one| (one.selector(), one)).collect()
    });
    all.iter().find(|(own, _)| *own == selector).map(|(_, function)| function)
}

/// The event with this first topic and so many others.
pub(super) fn event(topic: B256, topics: usize) -> Option<&'static Callable> {
    static ALL: OnceLock<Vec<(B256, usize, Callable)>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let parse = |text: &str| {
            let (topics, signature) = text.split_once(' ')?;
            let event = Callable::parse(signature).ok()?;
            Some((event.topic(), topics.parse().ok()?, event))
        };
        EVENTS.split(';').filter_map(parse).collect()
    });
    all.iter().find(|(own, many, _)| *own == topic && *many == topics).map(|(.., event)| event)
}

#[cfg(test)]
mod tests {
    use super::*;
    use revm::primitives::b256;

    #[test]
    fn all_of_them_can_be_read() {
        function([0; 4]);
        for text in FUNCTIONS.split(';').chain(EVENTS.split(';').map(|event| &event[2..])) {
            assert!(Callable::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn they_are_the_standards() {
        let name = |selector| function(selector).map(Callable::signature).unwrap_or_default();
        assert_eq!(name([0xa9, 0x05, 0x9c, 0xbb]), "transfer(address,uint256)");
        assert_eq!(name([0x23, 0xb8, 0x72, 0xdd]), "transferFrom(address,address,uint256)");
        assert_eq!(name([0x42, 0x84, 0x2e, 0x0e]), "safeTransferFrom(address,address,uint256)");
        assert_eq!(name([0xde, 0xad, 0xbe, 0xef]), "");
        let transfer = b256!("ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef");
        assert_eq!(event(transfer, 2).unwrap().inputs[2].0, "value");
        assert_eq!(event(transfer, 3).unwrap().inputs[2].0, "id");
        assert!(event(transfer, 1).is_none());
    }
}
