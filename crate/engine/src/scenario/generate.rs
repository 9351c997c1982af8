//! Seeded workloads: the same parameters give the same transactions on every machine and in every version.
//!
//! Random numbers come from PCG64, whose output is specified, and are used through integer arithmetic and IEEE
//! operations that round the same way everywhere (no `powf`). A workload brings what it needs: accounts
//! `user0`, `user1`, …, contracts, and set-up transactions that give everybody tokens.

use evm_lanes_evm::Deployment;
use rand_pcg::Pcg64;
use rand_pcg::rand_core::Rng;
use revm::primitives::{Address, Bytes, U256};

use super::abi::{Token, encode};
use super::json::{Node, Span, Value, shorten};
use super::lower::Lowering;
use super::problems::{Problems, closest};
use super::raw::{At, Field, RawGenerated, RawWorkload, Read};
use super::transactions::{Draft, MAX_TRANSACTIONS};
use super::values::{Count, is_name, wrong_kind};

/// Kinds of workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Workload {
    /// Each sender pays a friend that nobody else pays.
    IndependentTransfers,
    /// Anybody pays anybody; `skew` makes some recipients popular.
    Transfers,
    /// One sender pays everybody.
    NonceChain,
    /// Everybody pays one recipient.
    HotRecipient,
    /// As independent-transfers, with a token.
    Erc20Independent,
    /// As transfers, with a token.
    Erc20Transfers,
    /// As nonce-chain, with a token.
    Erc20FanOut,
    /// As hot-recipient, with a token.
    Erc20Hot,
    /// Each sender swaps in one of `pools` pools; `skew` makes some pools popular.
    Swaps,
    /// Everybody mints from one collection, whose counter each mint reads and writes.
    Mint,
    /// Everybody computes for `rounds` rounds and stores the result in a slot of their own.
    Compute,
    /// 40 % transfers, 30 % token transfers, 15 % swaps, 10 % computations, 5 % mints.
    Mixed,
}

impl Workload {
    /// Every kind with its name.
    pub(super) const ALL: [(Self, &'static str); 12] = [
        (Self::IndependentTransfers, "independent-transfers"),
        (Self::Transfers, "transfers"),
        (Self::NonceChain, "nonce-chain"),
        (Self::HotRecipient, "hot-recipient"),
        (Self::Erc20Independent, "erc20-independent"),
        (Self::Erc20Transfers, "erc20-transfers"),
        (Self::Erc20FanOut, "erc20-fan-out"),
        (Self::Erc20Hot, "erc20-hot"),
        (Self::Swaps, "swaps"),
        (Self::Mint, "mint"),
        (Self::Compute, "compute"),
        (Self::Mixed, "mixed"),
    ];

    fn uses_token(self) -> bool {
        matches!(
            self,
            Self::Erc20Independent
                | Self::Erc20Transfers
                | Self::Erc20FanOut
                | Self::Erc20Hot
                | Self::Mixed
        )
    }
}

impl Read for Workload {
    fn read(node: &Node<'_>, problems: &mut Problems) -> Option<Self> {
        let Value::String(text) = &node.value else {
            wrong_kind(node, "a workload's name such as \"transfers\"", problems);
            return None;
        };
        let found = Self::ALL.iter().find(|(_, name)| name == text);
        if found.is_none() {
            let names = Self::ALL.iter().map(|(_, name)| *name);
            let hint = match closest(text, names.clone()) {
                Some(name) => format!("did you mean `{name}`?"),
                None => format!("they are {}", names.collect::<Vec<_>>().join(", ")),
            };
            let message = format!("there is no workload `{}`", shorten(text));
            problems.error(node.span.clone(), message).hint(hint);
        }
        found.map(|(workload, _)| *workload)
    }
}

impl Lowering<'_> {
    /// Adds the transactions of a workload to `drafts`.
    pub(super) fn generate(&mut self, raw: &RawGenerated, path: &str, drafts: &mut Vec<Draft>) {
        let Some(at) = raw.generate.get() else { return };
        let errors = self.problems.errors();
        let workload = &at.value;
        let before = drafts.len();
        let knobs = Knobs::read(workload, self.problems);
        if workload.each.is_absent() {
            self.check_needless(workload);
            let rounds = within(self.problems, &workload.rounds, "rounds", 0, 10_000_000, 1000);
            let Some(kind) = workload.workload.value().copied() else { return };
            let given = self.given_contracts(workload, kind);
            let Some(knobs) = knobs.filter(|_| self.problems.errors() == errors) else { return };
            let prefix = workload.prefix.value().map_or("user", String::as_str);
            let users: Vec<Address> =
                (0..knobs.accounts).map(|index| self.known(&format!("{prefix}{index}"))).collect();
            let mut maker = Maker {
                prefix,
                path,
                span: &at.span,
                random: knobs.random(),
                popular: Zipf::new(users.len(), knobs.skew),
                skew: knobs.skew,
                users,
                value: workload.value.value().map_or(U256::from(10).pow(U256::from(15)), |v| v.0),
                rounds,
                pools: knobs.pools,
                given,
                lowering: self,
            };
            maker.make(kind, knobs.count, drafts);
        } else if let Some(knobs) = knobs {
            self.fill_templates(workload, knobs, path, drafts);
        }
        for draft in drafts[before..].iter_mut().filter(|draft| draft.label.is_none()) {
            draft.label = raw.label.value().cloned();
        }
    }

    /// Reports what only templates need.
    fn check_needless(&mut self, raw: &RawWorkload) {
        for (name, span) in [
            ("declare", raw.declare.span()),
            ("setup", raw.setup.span()),
            ("draw", raw.draw.span()),
            ("reads", raw.reads.span()),
        ] {
            if let Some(span) = span {
                let message = format!("`{name}` is of use only with `each`");
                self.problems.error(span, message).hint("add \"each\": templates of transactions");
            }
        }
    }

    fn given_contracts(&mut self, raw: &RawWorkload, kind: Workload) -> Vec<Address> {
        let Some(at) = raw.contracts.get() else { return Vec::new() };
        let usable = kind != Workload::Mixed
            && (kind.uses_token() || matches!(kind, Workload::Mint | Workload::Compute));
        if !usable {
            let message = "this workload does not call contracts of yours";
            self.problems
                .error(at.span.clone(), message)
                .hint("the erc20 workloads, mint and compute do");
        } else if at.value.0.is_empty() {
            self.problems.error(at.span.clone(), "the list of contracts is empty");
        }
        at.value.0.iter().map(|at| self.who(&at.value, &at.span)).collect()
    }
}

/// The numbers that say how large and how uneven a part is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Knobs {
    pub(super) count: u64,
    pub(super) accounts: u64,
    pub(super) pools: u64,
    /// In 1/1024.
    pub(super) skew: u32,
    seed: u64,
}

impl Knobs {
    /// Those of a part; `None` if one of them is out of its bounds.
    pub(super) fn read(raw: &RawWorkload, problems: &mut Problems) -> Option<Self> {
        let errors = problems.errors();
        let most = MAX_TRANSACTIONS as u64;
        let count = within(problems, &raw.count, "count", 1, most, 100);
        // No more accounts than transactions, so that the work is bounded by the number of transactions.
        let accounts = within(problems, &raw.accounts, "accounts", 1, count, count.min(1000));
        let pools = within(problems, &raw.pools, "pools", 1, 64, 1);
        // The names made from it must be names too.
        if let Some(At { value: prefix, span }) = raw.prefix.get()
            && !(is_name(prefix) && prefix.len() <= 32)
        {
            let message = format!("`{}` cannot begin a name", shorten(prefix));
            problems
                .error(span.clone(), message)
                .hint("at most 32 letters, digits, - and _, a letter first");
        }
        let skew = raw.skew.value().map_or(0, |skew| skew.0);
        let seed = raw.seed.value().map_or(0, |seed| seed.0);
        (problems.errors() == errors).then_some(Self { count, accounts, pools, skew, seed })
    }

    /// The random numbers of the part.
    pub(super) fn random(&self) -> Pcg64 {
        Pcg64::new(u128::from(self.seed), 0x0a02_bdbf_7bb3_c0a7_ac28_fa16_a64a_bf96)
    }
}

fn within(
    problems: &mut Problems,
    field: &Field<Count>,
    what: &str,
    least: u64,
    most: u64,
    default: u64,
) -> u64 {
    let Some(at) = field.get() else { return default };
    if !(least..=most).contains(&at.value.0) {
        let message = format!("`{what}` must be from {least} to {most}");
        problems.error(at.span.clone(), message);
    }
    at.value.0.clamp(least, most)
}

/// Makes one workload.
struct Maker<'m, 'p> {
    lowering: &'m mut Lowering<'p>,
    prefix: &'m str,
    path: &'m str,
    span: &'m Span,
    random: Pcg64,
    users: Vec<Address>,
    popular: Zipf,
    skew: u32,
    value: U256,
    rounds: u64,
    pools: u64,
    /// Contracts the scenario named, in place of the workload's own.
    given: Vec<Address>,
}

/// What swaps need.
struct Market {
    tokens: [Address; 2],
    pools: Vec<Address>,
    /// The pool each user trades in.
    home: Vec<usize>,
}

impl Maker<'_, '_> {
    fn make(&mut self, kind: Workload, count: u64, drafts: &mut Vec<Draft>) {
        let token = if kind.uses_token() { self.tokens("token") } else { Vec::new() };
        let market = matches!(kind, Workload::Swaps | Workload::Mixed).then(|| self.market());
        let mint = matches!(kind, Workload::Mint | Workload::Mixed)
            .then(|| self.own("Nft", "nft", &[text("Art"), text("ART"), Token::uint(U256::MAX)]))
            .unwrap_or_default();
        let hasher = matches!(kind, Workload::Compute | Workload::Mixed)
            .then(|| self.own("Hasher", "hasher", &[]))
            .unwrap_or_default();
        // A round of xorshift and multiplication takes less than 600 gas, the rest less than 250,000.
        let work = 250_000 + 600 * self.rounds;
        if !hasher.is_empty() {
            self.lowering.check_gas(work, self.span);
        }
        for index in 0..count as usize {
            let (kind, sender) = match kind {
                Workload::Mixed => {
                    let kind = match self.below(100) {
                        0..40 => Workload::Transfers,
                        40..70 => Workload::Erc20Transfers,
                        70..85 => Workload::Swaps,
                        85..95 => Workload::Compute,
                        _ => Workload::Mint,
                    };
                    (kind, self.below(self.users.len()))
                }
                Workload::Transfers | Workload::Erc20Transfers => {
                    (kind, self.below(self.users.len()))
                }
                Workload::NonceChain | Workload::Erc20FanOut => (kind, 0),
                _ => (kind, index % self.users.len()),
            };
            let from = self.users[sender];
            let draft = match kind {
                Workload::IndependentTransfers
                | Workload::Transfers
                | Workload::NonceChain
                | Workload::HotRecipient => {
                    let to = self.recipient(kind, sender, index);
                    Draft::call(self.path, from, to, self.value, Bytes::new())
                }
                Workload::Erc20Independent
                | Workload::Erc20Transfers
                | Workload::Erc20FanOut
                | Workload::Erc20Hot => {
                    let to = self.recipient(kind, sender, index);
                    let token = token[index % token.len()];
                    let args = [Token::address(to), Token::uint(self.value)];
                    self.call(from, token, "transfer(address,uint256)", &args)
                }
                Workload::Swaps => {
                    let Some(market) = &market else { continue };
                    let pool = market.pools[market.home[sender]];
                    let into = market.tokens[(self.random.next_u64() & 1) as usize];
                    let args = [
                        Token::address(into),
                        Token::uint(self.value),
                        Token::uint(U256::ZERO),
                        Token::address(from),
                        Token::uint(U256::MAX),
                    ];
                    self.call(from, pool, "swap(address,uint256,uint256,address,uint256)", &args)
                }
                Workload::Mint => self.call(from, mint[index % mint.len()], "mint()", &[]),
                Workload::Compute => {
                    let args = [Token::uint(U256::from(self.rounds))];
                    let hasher = hasher[index % hasher.len()];
                    let mut draft = self.call(from, hasher, "mix(uint256)", &args);
                    draft.gas = Some(work);
                    draft
                }
                Workload::Mixed => continue,
            };
            drafts.push(draft);
        }
    }

    fn recipient(&mut self, kind: Workload, sender: usize, index: usize) -> Address {
        let others = self.users.len() - 1;
        match kind {
            Workload::HotRecipient | Workload::Erc20Hot => {
                self.lowering.known(&format!("{}-hot", self.prefix))
            }
            Workload::NonceChain | Workload::Erc20FanOut if others > 0 => {
                self.users[1 + index % others]
            }
            Workload::Transfers | Workload::Erc20Transfers if others > 0 => {
                let chosen = self.popular.choose(&mut self.random);
                // Nobody pays themselves: the next one is paid.
                self.users[if chosen == sender { (chosen + 1) % self.users.len() } else { chosen }]
            }
            _ => self.lowering.known(&format!("{}{sender}-friend", self.prefix)),
        }
    }

    /// Tokens that every user has: the given ones, of which that is not checked, or one of its own.
    fn tokens(&mut self, name: &str) -> Vec<Address> {
        if !self.given.is_empty() {
            return self.given.clone();
        }
        let owner = self.lowering.known(&format!("{}-owner", self.prefix));
        let token =
            self.own("Token", name, &[text("Token"), text("TOK"), Token::address(owner)])[0];
        // The owner is a user of the pools.
        let holders: Vec<Token> =
            std::iter::once(owner).chain(self.users.iter().copied()).map(Token::address).collect();
        for holders in holders.chunks(50) {
            let args =
                [Token::List(holders.to_vec()), Token::uint(U256::from(10).pow(U256::from(24)))];
            let mut draft = self.call(owner, token, "mintMany(address[],uint256)", &args);
            draft.gas = Some(200_000 + 150_000 * holders.len() as u64);
            self.lowering.preparations.push(draft);
        }
        vec![token]
    }

    /// Two tokens, pools of them, and the approvals that let each user's pool take what the user sells.
    fn market(&mut self) -> Market {
        let given = std::mem::take(&mut self.given);
        let tokens = [self.tokens("tokenA")[0], self.tokens("tokenB")[0]];
        self.given = given;
        let args = tokens.map(Token::address);
        let pools: Vec<Address> = (0..self.pools)
            .map(|index| self.own("Pool", &format!("pool{index}"), &args)[0])
            .collect();
        let owner = self.lowering.known(&format!("{}-owner", self.prefix));
        let unlimited = Token::uint(U256::MAX);
        let liquidity = Token::uint(U256::from(10).pow(U256::from(22)));
        for pool in &pools {
            for token in tokens {
                self.approve(owner, token, *pool);
            }
            let args =
                [liquidity.clone(), liquidity.clone(), Token::uint(U256::ZERO), unlimited.clone()];
            let signature = "addLiquidity(uint256,uint256,uint256,uint256)";
            let draft = self.call(owner, *pool, signature, &args);
            self.lowering.preparations.push(draft);
        }
        let popular = Zipf::new(pools.len(), self.skew);
        let home: Vec<usize> = match self.skew {
            0 => (0..self.users.len()).map(|user| user % pools.len()).collect(),
            _ => self.users.iter().map(|_| popular.choose(&mut self.random)).collect(),
        };
        for (user, home) in home.iter().enumerate() {
            for token in tokens {
                self.approve(self.users[user], token, pools[*home]);
            }
        }
        Market { tokens, pools, home }
    }

    fn approve(&mut self, owner: Address, token: Address, spender: Address) {
        let args = [Token::address(spender), Token::uint(U256::MAX)];
        let draft = self.call(owner, token, "approve(address,uint256)", &args);
        self.lowering.preparations.push(draft);
    }

    /// The given contracts, or one of the workload's own, deployed when it is first needed.
    fn own(&mut self, contract: &str, name: &str, args: &[Token]) -> Vec<Address> {
        if !self.given.is_empty() && matches!(contract, "Nft" | "Hasher") {
            return self.given.clone();
        }
        let name = format!("{}-{name}", self.prefix);
        if self.lowering.is_declared(&name) {
            let message = format!("the workload needs the name `{name}`, which is declared");
            self.lowering
                .problems
                .error_once(self.span.clone(), message)
                .hint("give the workload another `prefix`");
        }
        let address = self.lowering.known(&name);
        let deployer = self.lowering.known("deployer");
        let contract = self.lowering.bundled(contract, self.span);
        let label = self.lowering.names.get_mut(&address).filter(|name| name.contract.is_none());
        if let (Some(label), Some(contract)) = (label, contract) {
            let init_code = [contract.bytecode.as_ref(), &encode(args)].concat().into();
            label.contract = Some(contract);
            let deployment = Deployment { address, init_code, deployer, value: U256::ZERO };
            self.lowering.deployments.push(deployment);
        }
        vec![address]
    }

    fn call(&self, from: Address, to: Address, signature: &str, args: &[Token]) -> Draft {
        let hash = revm::primitives::keccak256(signature);
        let data = [&hash[..4], &encode(args)].concat().into();
        Draft::call(self.path, from, to, U256::ZERO, data)
    }

    /// A number below `bound`, evenly, by Lemire's multiplication; its bias is below 2⁻⁴⁴ for the bounds used here.
    fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.random.next_u64()) * bound as u128) >> 64) as usize
    }
}

fn text(text: &str) -> Token {
    Token::Bytes(text.as_bytes().to_vec())
}

/// Zipf's law over `0..n`: the k-th is chosen with probability proportional to 1 / k^s.
#[derive(Debug)]
pub(super) struct Zipf {
    cumulative: Vec<f64>,
}

impl Zipf {
    /// The exponent is in 1/1024.
    pub(super) fn new(n: usize, skew: u32) -> Self {
        let mut sum = 0.0;
        let cumulative = (1..=n)
            .map(|k| {
                sum += 1.0 / power(k as f64, skew);
                sum
            })
            .collect();
        Self { cumulative }
    }

    pub(super) fn choose(&self, random: &mut Pcg64) -> usize {
        let total = self.cumulative.last().copied().unwrap_or_default();
        // 53 random bits, so that the product is exact up to one rounding.
        let point = (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64 * total;
        let index = self.cumulative.partition_point(|&sum| sum <= point);
        index.min(self.cumulative.len().saturating_sub(1))
    }
}

/// `base` to the power of `exponent` / 1024, by multiplications and square roots, which IEEE 754 rounds the same way on
/// every machine; `powf` is not specified so.
fn power(base: f64, exponent: u32) -> f64 {
    let mut result = 1.0;
    for _ in 0..exponent / 1024 {
        result *= base;
    }
    let mut root = base;
    for bit in (0..10).rev() {
        root = root.sqrt();
        if exponent & (1 << bit) != 0 {
            result *= root;
        }
    }
    result
}
