//! Blocks of several kinds of transactions, of which some meet and the others do not.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng as _;
use serde::Deserialize;
use serde_json::{Value, json};

/// What such a block is made of. Its transactions are in random order, the same every time.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub(crate) struct Interleaved {
    /// How many transactions.
    count: usize,
    /// Payments of ether, in percent.
    transfers: u64,
    /// Payments of one token, in percent.
    tokens: u64,
    /// Swaps in pools of two tokens, in percent.
    swaps: u64,
    /// In percent: these pay one recipient, or swap in one pool.
    hot: u64,
    /// In percent: each of these is sent by whom the one before it has paid.
    chained: u64,
    /// Senders pay themselves, as in pevm's benches.
    to_self: bool,
}

const RICH: &str = "1000000 ether";
const UNLIMITED: &str = "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";

impl Interleaved {
    /// As a scenario. Who is neither hot nor in the chain meets nobody.
    pub(crate) fn scenario(&self) -> Value {
        let mut random = Pcg64::new(7, 0x0a02_bdbf_7bb3_c0a7_ac28_fa16_a64a_bf96);
        let mut market = Market::default();
        let mut link = 0;
        let transactions: Vec<Value> = (0..self.count)
            .map(|index| {
                let [kind, meets] = [(); 2].map(|()| random.next_u64() % 100);
                let (hot, chained) = (meets < self.hot, meets >= 100 - self.chained);
                let from = match chained {
                    true => format!("link{link}"),
                    false => format!("u{index}"),
                };
                let to = match chained {
                    true => {
                        link += 1;
                        format!("link{link}")
                    }
                    false if hot => "hot".to_owned(),
                    false if self.to_self => from.clone(),
                    false => format!("friend{index}"),
                };
                if kind < self.transfers {
                    json!({ "from": from, "to": to, "value": 1 })
                } else if kind < self.transfers + self.tokens {
                    market.holders.push(from.clone());
                    json!({ "from": from, "to": "token", "call": "transfer", "args": [to, 1] })
                } else {
                    let pool = if hot || chained { "pool" } else { &*format!("pool{index}") };
                    market.swap(from, pool)
                }
            })
            .collect();
        market.scenario(transactions)
    }
}

/// A token, two more in pools, and whoever needs some.
#[derive(Default)]
struct Market {
    holders: Vec<String>,
    traders: Vec<(String, String)>,
    pools: Vec<String>,
}

impl Market {
    fn swap(&mut self, from: String, pool: &str) -> Value {
        if !self.pools.iter().any(|known| known == pool) {
            self.pools.push(pool.to_owned());
        }
        let call = json!({
            "from": from, "to": pool, "call": "swap",
            "args": ["tokenA", "1 ether", 0, from, UNLIMITED]
        });
        self.traders.push((from, pool.to_owned()));
        call
    }

    fn scenario(self, transactions: Vec<Value>) -> Value {
        let mut accounts = serde_json::Map::new();
        let mut setup = Vec::new();
        let approve = |from: &str, token, pool: &str| json!({ "from": from, "to": token, "call": "approve", "args": [pool, UNLIMITED], "gas": 100_000 });
        if !self.holders.is_empty() {
            accounts.insert("token".to_owned(), token());
            setup.extend(mint("token", &self.holders));
        }
        if !self.pools.is_empty() {
            let mut traders: Vec<String> = vec!["owner".to_owned()];
            traders.extend(self.traders.iter().map(|(trader, _)| trader.clone()));
            for name in ["tokenA", "tokenB"] {
                accounts.insert(name.to_owned(), token());
                setup.extend(mint(name, &traders));
            }
        }
        for pool in &self.pools {
            accounts
                .insert(pool.clone(), json!({ "contract": "Pool", "args": ["tokenA", "tokenB"] }));
            setup.extend(["tokenA", "tokenB"].map(|token| approve("owner", token, pool)));
            let args = json!(["100 ether", "100 ether", 0, UNLIMITED]);
            setup
                .push(json!({ "from": "owner", "to": pool, "call": "addLiquidity", "args": args }));
        }
        setup.extend(self.traders.iter().map(|(trader, pool)| approve(trader, "tokenA", pool)));
        json!({ "accounts": accounts, "setup": setup, "transactions": transactions })
    }
}

/// A token's account, for a scenario.
pub(crate) fn token() -> Value {
    json!({ "contract": "Token", "args": ["Token", "TOK", "owner"] })
}

/// Set-up transactions that make all of them rich.
pub(crate) fn mint<'a>(token: &'a str, holders: &'a [String]) -> impl Iterator<Item = Value> + 'a {
    holders.chunks(50).map(move |holders| {
        json!({
            "from": "owner", "to": token, "call": "mintMany", "args": [holders, RICH],
            "gas": 200_000 + 150_000 * holders.len()
        })
    })
}
