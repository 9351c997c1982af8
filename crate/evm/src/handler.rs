//! revm's handler with one change: the fee is an addition.

use revm::context::result::{EVMError, HaltReason, InvalidTransaction};
use revm::context::{Block as _, ContextTr as _, Transaction as _};
use revm::handler::{EvmTr as _, EvmTrError, FrameResult, Handler, post_execution};
use revm::primitives::U256;
use revm::primitives::hardfork::SpecId;

use crate::Environment;
use crate::block::Deltas;
use crate::database::Stopped;
use crate::evm::Evm;
use crate::prestate::PreState;

/// Mainnet's rules, except that the fee recipient is paid by [`Source::add_fee`](crate::source::Source::add_fee) where nobody can tell the difference.
#[derive(Clone, Copy, Debug)]
pub(super) struct FeeHandler {
    /// Fees may be additions at all.
    pub(super) additions: bool,
    /// The fee recipient is, before the block, an account that exists but is empty. From Spurious Dragon on touching
    /// it with a fee of zero removes it (EIP-161), and no transaction can bring such an account about.
    pub(super) empty_recipient: bool,
}

impl FeeHandler {
    /// For a block on `before`. Fees are no additions where some balance could overflow: revm drops such a credit, which is
    /// not commutative.
    pub(super) fn new(deltas: Deltas, environment: &Environment, before: &PreState) -> Self {
        Self {
            additions: deltas >= Deltas::Fees && before.supply().is_some(),
            empty_recipient: before.is_empty_account(&environment.block.beneficiary),
        }
    }
}

impl Handler for FeeHandler {
    type Evm = Evm;
    type Error = EVMError<Stopped, InvalidTransaction>;
    type HaltReason = HaltReason;

    /// revm's own hook loads, touches and credits the fee recipient. Here that is done only where it matters: if this
    /// transaction has loaded the account anyway (it may have seen its balance), or if a fee of zero could bring the
    /// account about or remove it. Otherwise the fee is noted, and added without a read.
    fn reward_beneficiary(
        &self,
        evm: &mut Evm,
        result: &mut FrameResult,
    ) -> Result<(), Self::Error> {
        let context = evm.ctx();
        let recipient = context.block.beneficiary();
        // EIP-3651 makes the fee recipient warm without loading it, so it stands here only if it was really loaded.
        let loaded = context.journaled_state.inner.state.contains_key(&recipient);
        if !self.additions || loaded {
            return Ok(post_execution::reward_beneficiary(context, result.gas())?);
        }
        let fork = context.cfg.spec;
        let base_fee = u128::from(context.block.basefee());
        let price = context.tx.effective_gas_price(base_fee);
        let tip =
            if fork.is_enabled_in(SpecId::LONDON) { price.saturating_sub(base_fee) } else { price };
        let gas = result.gas();
        let used = gas.used().saturating_sub(gas.reservoir());
        let fee = U256::from(tip) * U256::from(used);
        if fee.is_zero() && (self.empty_recipient || !fork.is_enabled_in(SpecId::SPURIOUS_DRAGON)) {
            return Ok(post_execution::reward_beneficiary(context, gas)?);
        }
        if !fee.is_zero() {
            context.db_mut().add_fee(recipient, fee);
        }
        Ok(())
    }
}

/// The error type must be revm's own.
const _: fn() = || {
    fn assert<E: EvmTrError<Evm>>() {}
    assert::<EVMError<Stopped, InvalidTransaction>>();
};
