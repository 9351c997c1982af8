//! From revm's journal to writes.

use evm_lanes_schedule::Guard;
use revm::context::JournalInner;
use revm::context::journal::JournalEntry;
use revm::primitives::hardfork::SpecId;
use revm::primitives::{Address, KECCAK_EMPTY, U256};
use revm::state::Account;

use crate::database::{Life, Loaded, Reader, Stopped};
use crate::{Code, Location, Value};

/// Writes what transaction `index` changed. What it set to the value it had read is no change and no write.
#[expect(
    clippy::iter_over_hash_type,
    reason = "a view sorts its writes, so the order of these calls is not seen"
)]
pub(super) fn publish(
    journal: &JournalInner<JournalEntry>,
    database: &mut Reader,
    fork: SpecId,
    index: u32,
) -> Result<(), Stopped> {
    for (location, guard) in database.slots.iter().flat_map(|slots| slots.guards()) {
        let family = database.view.family(&location);
        database.view.guard_in(family, &location, guard);
    }
    for (address, account) in &journal.state {
        let touched = account.is_touched();
        if database.balances.is_none() && !touched {
            continue;
        }
        // Already read when the account was loaded, so this cannot block.
        let before = database.loaded(*address, &account.info)?;
        let balances = database.balances.as_ref();
        let bounds = balances.and_then(|found| found.bounds(*address, account, &before));
        if let Some((low, high)) = bounds {
            let guard = Guard { low: Value::Balance(low), high: Value::Balance(high) };
            database.view.guard_in(before.family, &Location::Balance(*address), guard);
        }
        if touched {
            publish_account(*address, account, &before, bounds.is_some(), database, fork, index);
        }
    }
    Ok(())
}

fn publish_account(
    address: Address,
    account: &Account,
    before: &Loaded,
    balance_added: bool,
    database: &mut Reader,
    fork: SpecId,
    index: u32,
) {
    let Loaded { life, family, .. } = *before;
    let view = &mut database.view;
    let existed = !account.is_loaded_as_not_existing();
    // From Spurious Dragon on a touched account that is empty is removed (EIP-161); before, it is brought about.
    let removed = account.is_empty() && fork.is_enabled_in(SpecId::SPURIOUS_DRAGON);
    let exists = !account.is_selfdestructed() && !removed;

    if !exists {
        if existed {
            let life = Value::Life { epoch: index + 1, exists: false };
            view.write_in(family, Location::Life(address), life);
            if !before.balance.is_zero() {
                view.write_in(family, Location::Balance(address), Value::Balance(U256::ZERO));
            }
            if before.nonce != 0 {
                view.write_in(family, Location::Nonce(address), Value::Nonce(0));
            }
            if before.code_hash != KECCAK_EMPTY {
                view.write_in(family, Location::Code(address), Value::Code(Code::default()));
            }
        }
        return;
    }

    let after = &account.info;
    let Life { mut epoch, exists: alive } = life;
    if account.is_created() {
        epoch = index + 1;
    }
    if account.is_created() || !alive {
        view.write_in(family, Location::Life(address), Value::Life { epoch, exists: true });
    }
    if after.balance != before.balance {
        let location = Location::Balance(address);
        if balance_added {
            let change = after.balance.wrapping_sub(before.balance);
            view.add_in(family, location, Value::Balance(change));
        } else {
            view.write_in(family, location, Value::Balance(after.balance));
        }
    }
    if after.nonce != before.nonce {
        view.write_in(family, Location::Nonce(address), Value::Nonce(after.nonce));
    }
    if after.code_hash != before.code_hash {
        view.write_in(
            family,
            Location::Code(address),
            Value::Code(Code { hash: after.code_hash, bytecode: after.code.clone() }),
        );
    }
    for (slot, content) in account.changed_storage_slots() {
        let location = Location::Slot(address, *slot);
        // None in an account that was just created: there every slot was zero when it was first stored to.
        let free = database.slots.as_ref().and_then(|slots| slots.find(address, *slot));
        if free.is_some() {
            let value = content.present_value.wrapping_sub(content.original_value);
            view.add(location, Value::Slot { value, epoch });
        } else {
            view.write(location, Value::Slot { value: content.present_value, epoch });
        }
    }
}
