//! EIP-7610: nothing is created where there is storage. revm asks for code and a nonce only, so the frame that it begins for
//! such a creation is taken back here, for stock revm's loop as for ours.
//!
//! An account with storage but neither code nor nonce is from before Spurious Dragon, when a creation could leave one, or
//! made up. What counts is the storage from before the block: inside of one, a second creation at the same address could
//! find such a first one only if its creator had been destroyed and created again, under rules that have no CREATE2.

use revm::handler::evm::{ContextDbError, FrameInitResult};
use revm::handler::{EthFrame, EvmTr as _, FrameData, FrameResult, ItemOrResult};
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_action::{FrameInit, FrameInput};
use revm::interpreter::{CreateOutcome, Gas, InstructionResult, InterpreterResult};
use revm::primitives::Bytes;

use crate::evm::{Evm, Host};

impl Evm {
    /// A new frame, or why there is none.
    pub(crate) fn frame_or_collision(
        &mut self,
        frame_input: FrameInit,
    ) -> Result<FrameInitResult<'_, EthFrame<EthInterpreter>>, ContextDbError<Host>> {
        let created = match self.revm.frame_init(frame_input)? {
            ItemOrResult::Result(result) => return Ok(ItemOrResult::Result(result)),
            ItemOrResult::Item(frame) => match &frame.data {
                FrameData::Create(create) => Some(create.created_address),
                FrameData::Call(_) => None,
            },
        };
        if let Some(address) = created
            && self.revm.ctx.journaled_state.database.has_old_storage(address)?
        {
            return Ok(ItemOrResult::Result(self.take_back()));
        }
        Ok(ItemOrResult::Item(self.revm.frame_stack.get()))
    }

    /// What a creation comes to where there is code already, in revm: all its gas is gone, and the creator's nonce stays one
    /// higher.
    fn take_back(&mut self) -> FrameResult {
        let frame = self.revm.frame_stack.get();
        let FrameInput::Create(inputs) = &frame.input else { unreachable!("it is a creation") };
        let gas = Gas::new_with_regular_gas_and_reservoir(inputs.gas_limit(), inputs.reservoir());
        let result = InstructionResult::CreateCollision;
        let outcome = CreateOutcome {
            result: InterpreterResult { result, gas, output: Bytes::new() },
            address: None,
            charged_create_state_gas: inputs.charged_create_state_gas(),
        };
        self.revm.ctx.journaled_state.inner.checkpoint_revert(frame.checkpoint);
        self.revm.frame_stack.pop();
        FrameResult::Create(outcome)
    }
}
