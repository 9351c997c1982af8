//! How closely an attempt looks at balances, so that what it changes of them can be additions: Monad's relaxed merge.
//!
//! An attempt depends on an account's balance by what it can pay: the most its transaction can cost, and each value that a
//! call or a creation sends, whether there was enough or not. Only `BALANCE`, `SELFBALANCE` and `SELFDESTRUCT` look at the
//! number itself. An account without nonce and code is empty if its balance is zero, which is seen in many ways
//! (EIP-161), so that is always taken to have been.

use revm::bytecode::opcode::{BALANCE, SELFBALANCE, SELFDESTRUCT};
use revm::context::JournalInner;
use revm::context::journal::JournalEntry;
use revm::interpreter::instructions::host;
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_action::FrameInput;
use revm::interpreter::{CallValue, Instruction, InstructionContext, InstructionExecResult};
use revm::primitives::map::AddressMap;
use revm::primitives::{Address, KECCAK_EMPTY, U256};
use revm::state::Account;

use crate::database::Loaded;
use crate::evm::{Evm, Host};
use crate::slack::Slack;

/// What an attempt has found out about balances.
#[derive(Debug)]
pub(crate) struct Balances {
    /// All the ether there is, so that no true balance is more.
    supply: U256,
    slack: AddressMap<Slack>,
}

impl Balances {
    /// Where there is that much ether.
    pub(crate) fn new(supply: U256) -> Self {
        Self { supply, slack: AddressMap::default() }
    }

    /// Makes `evm`'s instructions say at what they look.
    pub(crate) fn install(evm: &mut Evm) {
        let instructions = &mut evm.revm.instruction;
        let looking: [(u8, Looking); 3] =
            [(BALANCE, balance), (SELFBALANCE, selfbalance), (SELFDESTRUCT, selfdestruct)];
        for (opcode, instruction) in looking {
            let gas = instructions.gas_table()[opcode as usize];
            instructions.insert_instruction(opcode, Instruction::new(instruction), gas);
        }
    }

    /// Before the next attempt.
    pub(crate) fn clear(&mut self) {
        self.slack.clear();
    }

    /// The payer of a call or a creation is about to be asked for its value.
    pub(crate) fn pays(&mut self, frame: &FrameInput, journal: &JournalInner<JournalEntry>) {
        let (payer, value) = match frame {
            FrameInput::Call(call) => match call.value {
                CallValue::Transfer(value) => (call.caller, value),
                CallValue::Apparent(_) => return,
            },
            FrameInput::Create(create) => (create.caller(), create.value()),
            FrameInput::Empty => return,
        };
        if let Some(account) = journal.state.get(&payer) {
            self.needs(payer, account.info.balance, value);
        }
    }

    /// `account`, whose balance is `balance` at this moment, was asked whether it has so much.
    pub(crate) fn needs(&mut self, account: Address, balance: U256, amount: U256) {
        self.slack.entry(account).or_insert(Slack::ALL).compared(balance, amount);
    }

    /// The lowest and the highest balance that `account` could have had before the transaction; `None` if it had to be the
    /// one that it had.
    pub(crate) fn bounds(
        &self,
        address: Address,
        account: &Account,
        before: &Loaded,
    ) -> Option<(U256, U256)> {
        let empty_without_ether = account.is_loaded_as_not_existing()
            || before.nonce == 0 && before.code_hash == KECCAK_EMPTY;
        let replaced = account.is_created() || account.is_selfdestructed();
        // A higher one than there can be is the sum of additions that will not stand, and may overflow.
        if replaced || before.balance > self.supply {
            return None;
        }
        let mut slack = self.slack.get(&address).copied().unwrap_or(Slack::ALL);
        if empty_without_ether {
            slack.equated(before.balance, U256::ZERO);
            if account.info.is_empty() {
                return None;
            }
        }
        (slack != Slack::NONE).then(|| slack.around(before.balance))
    }

    fn looks_at(&mut self, account: Address) {
        self.slack.insert(account, Slack::NONE);
    }
}

type Context<'a> = InstructionContext<'a, Host, EthInterpreter>;
type Looking = fn(Context<'_>) -> InstructionExecResult;

fn look(context: &mut Context<'_>, account: Address) {
    if let Some(balances) = &mut context.host.journaled_state.database.view().balances {
        balances.looks_at(account);
    }
}

fn balance(mut context: Context<'_>) -> InstructionExecResult {
    if let Ok(address) = context.interpreter.stack.peek(0) {
        look(&mut context, Address::from_word(address.into()));
    }
    host::balance(context)
}

fn selfbalance(mut context: Context<'_>) -> InstructionExecResult {
    let account = context.interpreter.input.target_address;
    look(&mut context, account);
    host::selfbalance(context)
}

fn selfdestruct(mut context: Context<'_>) -> InstructionExecResult {
    let account = context.interpreter.input.target_address;
    look(&mut context, account);
    host::selfdestruct(context)
}
