//! revm with a choice of the loop that runs a frame's code; everything around the loop is revm's.

use revm::context::{ContextSetters as _, FrameStack, TxEnv};
use revm::handler::evm::{ContextDbError, FrameInitResult};
use revm::handler::instructions::EthInstructions;
use revm::handler::{
    EthFrame, EthPrecompiles, EvmTr, FrameInitOrResult, FrameResult, MainBuilder as _,
    MainnetContext, MainnetEvm,
};
use revm::interpreter::interpreter::EthInterpreter;
use revm::interpreter::interpreter_action::FrameInit;
use revm::{Context, MainContext as _};

use crate::Environment;
use crate::database::Reader;
use crate::interpreter::Loop;
use crate::source::Source;
use crate::tracer::Tracer;

/// What instructions act on beside their frame.
pub(crate) type Host = MainnetContext<Source>;

/// revm's instruction table, with what [`crate::preimages`] puts into it.
pub(crate) type Instructions = EthInstructions<EthInterpreter, Host>;

/// A revm instance. One type for the specification, the baseline and the attempts, which differ in what they read from,
/// in the handler and in the loop: revm is compiled once, and each time is a tenth of the page's modules.
pub(crate) struct Evm {
    pub(crate) revm: MainnetEvm<Host>,
    pub(crate) dispatch: Dispatch,
}

/// Which loop runs a frame's code. To add one: a variant here, its arm in `frame_run`, and a file of its own with something
/// like [`Loop::run`].
#[derive(Debug)]
pub(crate) enum Dispatch {
    /// Stock revm's, through a table of functions: what is right.
    Table,
    /// Ours, the same and faster.
    Match(Loop),
    /// Stock revm's, step by step and watched.
    Traced(Tracer),
}

impl Evm {
    pub(crate) fn new(environment: &Environment, source: Source, dispatch: Dispatch) -> Self {
        let revm = Context::mainnet()
            .with_db(source)
            .with_block(environment.block.clone())
            .with_cfg(environment.cfg.clone())
            .build_mainnet();
        Self { revm, dispatch }
    }

    /// The transaction that the handler runs next.
    pub(crate) fn set_transaction(&mut self, transaction: TxEnv) {
        self.revm.ctx.set_tx(transaction);
    }
}

impl EvmTr for Evm {
    type Context = Host;
    type Instructions = Instructions;
    type Precompiles = EthPrecompiles;
    type Frame = EthFrame<EthInterpreter>;

    fn all(&self) -> (&Host, &Instructions, &EthPrecompiles, &FrameStack<Self::Frame>) {
        self.revm.all()
    }

    fn all_mut(
        &mut self,
    ) -> (&mut Host, &mut Instructions, &mut EthPrecompiles, &mut FrameStack<Self::Frame>) {
        self.revm.all_mut()
    }

    fn frame_init(
        &mut self,
        frame_input: FrameInit,
    ) -> Result<FrameInitResult<'_, Self::Frame>, ContextDbError<Host>> {
        let journal = &mut self.revm.ctx.journaled_state;
        if let Source::View(Reader { balances: Some(balances), .. }) = &mut journal.database {
            balances.pays(&frame_input.frame_input, &journal.inner);
        }
        self.frame_or_collision(frame_input)
    }

    /// As revm's own but for the choice of the loop.
    fn frame_run(&mut self) -> Result<FrameInitOrResult<Self::Frame>, ContextDbError<Host>> {
        let (context, instructions, _, frames) = self.revm.all_mut();
        let frame = frames.get();
        let action = match &mut self.dispatch {
            Dispatch::Table => frame.interpreter.run_plain(
                instructions.instruction_table(),
                instructions.gas_table(),
                context,
            ),
            Dispatch::Match(ours) => ours.run(&mut frame.interpreter, instructions, context),
            Dispatch::Traced(tracer) => tracer.run(&mut frame.interpreter, instructions, context),
        };
        frame.process_next_action(context, action).inspect(|next| {
            if next.is_result() {
                frame.set_finished(true);
            }
        })
    }

    fn frame_return_result(
        &mut self,
        result: FrameResult,
    ) -> Result<Option<FrameResult>, ContextDbError<Host>> {
        self.revm.frame_return_result(result)
    }
}
