//! Which contracts an account runs: the scenario says so, or its code does.

use std::collections::BTreeMap;

use revm::primitives::{Address, B256, U256, hex};

use crate::scenario::{Contract, Library, Scenario};
use crate::state::{AccountState, State};

/// The contracts whose code runs for an account: its own first, then the one behind a proxy.
#[derive(Debug, Default)]
pub(super) struct Codes<'s> {
    of: BTreeMap<Address, Vec<&'s Contract>>,
}

/// The most different codes that are looked for among the library's contracts.
const MOST_CODES: usize = 256;
/// Shorter code is not recognised: too many have it.
const LEAST_CODE: usize = 32;

/// Where proxies keep the address of their implementation (EIP-1967): keccak256("eip1967.proxy.implementation") - 1.
const IMPLEMENTATION: [u8; 32] =
    hex!("360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc");
/// Where they keep the address of a beacon that knows it: keccak256("eip1967.proxy.beacon") - 1.
const BEACON: [u8; 32] = hex!("a3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50");
/// Where beacons keep it, whom nobody has told: in their first variable, or behind an owner.
const BEACON_VARIABLES: [u64; 2] = [0, 1];
/// What stands before and after the address in a minimal proxy (EIP-1167).
const MINIMAL_PROXY: ([u8; 10], [u8; 15]) =
    (hex!("363d3d373d3d3d363d73"), hex!("5af43d82803e903d91602b57fd5bf3"));

impl<'s> Codes<'s> {
    /// Of the scenario's accounts, as they are before and after its block.
    pub(super) fn new(scenario: &'s Scenario, before: &State, after: &State) -> Self {
        let mut of: BTreeMap<Address, Vec<&Contract>> = BTreeMap::new();
        for (address, name) in &scenario.names {
            of.extend(name.contract.as_ref().map(|contract| (*address, vec![&**contract])));
        }
        let mut makers = Makers { library: &scenario.library, known: BTreeMap::new() };
        let accounts = || before.iter().chain(after);
        for (address, account) in accounts() {
            if !of.contains_key(address) {
                of.extend(makers.of(account).map(|contract| (*address, vec![contract])));
            }
        }
        let behind = accounts().filter_map(|(address, account)| {
            let beacon = address_at(account, U256::from_be_bytes(BEACON));
            let beacon = beacon.and_then(|beacon| after.get(&beacon).or(before.get(&beacon)));
            let said =
                BEACON_VARIABLES.iter().filter_map(|slot| address_at(beacon?, U256::from(*slot)));
            let mut behind = implementation(account).into_iter().chain(said);
            let contract = behind.find_map(|behind| of.get(&behind)?.first())?;
            Some((*address, *contract))
        });
        for (address, contract) in behind.collect::<Vec<_>>() {
            let all = of.entry(address).or_default();
            if !all.iter().any(|known| std::ptr::eq(*known, contract)) {
                all.push(contract);
            }
        }
        Self { of }
    }

    /// Every contract that some account has, once.
    pub(super) fn all(&self) -> impl Iterator<Item = &'s Contract> {
        let all = self.of.values().flatten();
        let all: BTreeMap<*const Contract, &'s Contract> =
            all.map(|contract| (std::ptr::from_ref(*contract), *contract)).collect();
        all.into_values()
    }

    /// The account's contracts.
    pub(super) fn of(&self, account: &Address) -> &[&'s Contract] {
        self.of.get(account).map_or(&[], Vec::as_slice)
    }
}

/// Finds the contract that a code comes from.
struct Makers<'s> {
    library: &'s Library,
    known: BTreeMap<B256, Option<&'s Contract>>,
}

impl<'s> Makers<'s> {
    fn of(&mut self, account: &AccountState) -> Option<&'s Contract> {
        if let Some(known) = self.known.get(&account.code_hash) {
            return *known;
        }
        let code = account.code.as_ref()?.original_byte_slice();
        if code.len() < LEAST_CODE || self.known.len() >= MOST_CODES {
            return None;
        }
        let mut contracts = self.library.contracts();
        let found =
            contracts.find(|contract| makes(&contract.bytecode, code)).map(|found| &**found);
        self.known.insert(account.code_hash, found);
        found
    }
}

/// Whether init code leaves this code: it stands in it, with zeros where immutable variables will be.
fn makes(init: &[u8], code: &[u8]) -> bool {
    let like = |place: &[u8]| {
        let same = place.iter().zip(code).filter(|(a, b)| a == b).count();
        let zeros = place.iter().zip(code).filter(|(a, b)| a != b && **a == 0).count();
        same + zeros == code.len() && same > code.len() / 2
    };
    init.windows(code.len()).any(|place| place[..8] == code[..8] && like(place))
}

/// Whose code runs in this account's storage.
fn implementation(account: &AccountState) -> Option<Address> {
    let code = account.code.as_ref()?;
    if code.is_eip7702() {
        // 0xef0100 and the address.
        return code.original_byte_slice().get(3..23).map(Address::from_slice);
    }
    let (before, behind) = MINIMAL_PROXY;
    let minimal = code.original_byte_slice();
    let minimal = minimal.strip_prefix(&before).and_then(|rest| rest.strip_suffix(&behind));
    if let Some(address) = minimal.filter(|address| address.len() == 20) {
        return Some(Address::from_slice(address));
    }
    address_at(account, U256::from_be_bytes(IMPLEMENTATION))
}

fn address_at(account: &AccountState, slot: U256) -> Option<Address> {
    account.storage.get(&slot).map(|content| Address::from_word((*content).into()))
}
