//! One worker's revm instance.

use std::sync::Arc;

use evm_lanes_schedule::{Blocked, TxIndex, View, Vm};
use revm::context::{JournalInner, LocalContextTr as _, Transaction as _, TxEnv};
use revm::handler::Handler as _;
use revm::primitives::U256;

use crate::admission::Admission;
use crate::attempts::Attempts;
use crate::bal::Touched;
use crate::balances::Balances;
use crate::block::{Deltas, World};
use crate::database::{Reader, Stopped};
use crate::evm::{Dispatch, Evm};
use crate::handler::FeeHandler;
use crate::interpreter::Loop;
use crate::preimages::Recorder;
use crate::prestate::PreState;
use crate::publish::publish;
use crate::source::Source;
use crate::tracer::Tracer;
use crate::{Environment, Location, Outcome, Preimages, Value};

/// revm as the schedule crate wants it: one instance for each worker, wiped between attempts, its state behind a
/// [`View`].
#[expect(missing_debug_implementations, reason = "revm's own has none")]
pub struct Machine {
    evm: Evm,
    handler: FeeHandler,
    environment: Arc<Environment>,
    admission: Admission,
    /// Where to note what attempts touch.
    touched: Option<Arc<Touched>>,
    /// Where to keep what attempts read and write.
    attempts: Option<Arc<Attempts>>,
    /// Where attempts are made, if not in the true world.
    world: Option<Arc<World>>,
}

impl Machine {
    /// `deltas` asks for additions. Changes of balances are none where one could overflow while attempts see sums that will
    /// not stand.
    pub(crate) fn new(
        environment: Arc<Environment>,
        prestate: &Arc<PreState>,
        deltas: Deltas,
        admission: Admission,
    ) -> Self {
        let supply = prestate.supply();
        let balances = supply.filter(|supply| deltas >= Deltas::Balances && *supply < MOST_ETHER);
        let reader = Reader {
            view: View::default(),
            fee: None,
            balances: balances.map(|supply| Box::new(Balances::new(supply))),
            slots: (deltas >= Deltas::Storage).then(Box::default),
            loaded: Vec::new(),
            missing: None,
            prestate: Arc::clone(prestate),
            block_hashes: Arc::clone(&environment.block_hashes),
            recorder: None,
        };
        let mut evm = Evm::new(&environment, Source::View(reader), Dispatch::Match(Loop::new()));
        if balances.is_some() {
            Balances::install(&mut evm);
        }
        let handler = FeeHandler::new(deltas, &environment, prestate);
        Self { evm, handler, environment, admission, touched: None, attempts: None, world: None }
    }

    /// The same, remembering in `preimages` how the slots it touches were computed.
    pub(crate) fn recording(mut self, preimages: Arc<Preimages>) -> Self {
        Recorder::install(&mut self.evm, preimages);
        self
    }

    /// The same, noting in `touched` what each attempt touches.
    pub(crate) fn touching(self, touched: Arc<Touched>) -> Self {
        Self { touched: Some(touched), ..self }
    }

    /// The same, keeping in `attempts` what each attempt reads and writes.
    pub(crate) fn keeping(self, attempts: Arc<Attempts>) -> Self {
        Self { attempts: Some(attempts), ..self }
    }

    /// The same, watched.
    pub(crate) fn traced(mut self, tracer: Tracer) -> Self {
        self.evm.dispatch = Dispatch::Traced(tracer);
        self
    }

    /// The same in another world.
    pub(crate) fn supposing(self, world: Arc<World>) -> Self {
        Self { world: Some(world), ..self }
    }

    fn run(&mut self, index: TxIndex, transaction: &TxEnv) -> Result<Outcome, Stopped> {
        let limits = self.environment.limits;
        let asks = matches!(self.admission, Admission::From(first) if index.0 as usize >= first);
        if let Some(touched) = &self.touched {
            touched.keep(index, None, self.environment.block.beneficiary);
        }
        let used_before = if asks { Some(self.database().gas_used()?) } else { None };
        if let Some(used) = used_before
            && let Err(invalid) = limits.admit(transaction, used)
        {
            return Ok(Outcome::Invalid(invalid));
        }

        self.evm.set_transaction(transaction.clone());
        let outcome = Outcome::of(self.handler.run(&mut self.evm))?;

        let journal = &mut self.evm.revm.ctx.journaled_state;
        let database = journal.database.view();
        if let Some(recorder) = &mut database.recorder {
            let accounts = journal.inner.state.values();
            recorder.keep(accounts.flat_map(|account| account.storage.keys().copied()));
        }

        if outcome.included().is_some() {
            let sender = transaction.caller;
            if database.balances.is_some()
                && let Some(account) = journal.inner.state.get(&sender)
                && let Ok(most) = transaction.max_balance_spending()
            {
                let before = database.loaded(sender, &account.info)?.balance;
                if let Some(balances) = &mut database.balances {
                    balances.needs(sender, before, most);
                }
            }
            let fork = self.environment.cfg.spec;
            let recipient = self.environment.block.beneficiary;
            if let Some(touched) = &self.touched {
                touched.keep(index, Some(&journal.inner), recipient);
            }
            publish(&journal.inner, database, fork, index.0)?;
            if let Some(fee) = database.fee {
                database.view.add_at_commit(Location::Balance(recipient), Value::Balance(fee));
            }
            let used = limits.used_by(transaction, &outcome);
            let view = &mut database.view;
            match (self.admission, used_before) {
                (Admission::Assumed, _) => {}
                // Set rather than added, so that the next one need not sum up from the start.
                (_, Some(before)) => view.write(Location::BlockGas, Value::Gas(before.plus(used))),
                (_, None) => view.add(Location::BlockGas, Value::Gas(used)),
            }
        }
        Ok(outcome)
    }

    fn database(&mut self) -> &mut Reader {
        self.evm.revm.ctx.journaled_state.database.view()
    }

    /// Leaves nothing of the last attempt behind, whatever way it ended, except the allocations.
    fn reset(&mut self) {
        let context = &mut self.evm.revm.ctx;
        context.error = Ok(());
        context.local.clear();
        self.evm.revm.frame_stack.clear();
        let JournalInner {
            state,
            transient_storage,
            logs,
            depth,
            journal,
            transaction_id,
            cfg: _,
            warm_addresses,
            selfdestructed_addresses,
        } = &mut context.journaled_state.inner;
        // Clearing a map costs its capacity, so one that a huge transaction has blown up is not worth keeping.
        if state.capacity() > LARGE {
            *state = Default::default()
        } else {
            state.clear()
        }
        transient_storage.clear();
        logs.clear();
        *depth = 0;
        journal.clear();
        *transaction_id = Default::default();
        warm_addresses.clear_coinbase_and_access_list();
        selfdestructed_addresses.clear();
        let database = context.journaled_state.database.view();
        database.fee = None;
        if let Some(balances) = &mut database.balances {
            balances.clear();
        }
        if let Some(slots) = &mut database.slots {
            slots.clear();
        }
        database.loaded.clear();
        database.missing = None;
    }
}

/// So little that no balance overflows however often attempts count it: more than 2⁶⁴ of the accounts that one of them
/// looks at would have to have all of it.
const MOST_ETHER: U256 = U256::from_limbs([0, 0, 0, 1]);

/// Accounts in one transaction.
const LARGE: usize = 256;

impl Vm for Machine {
    type Tx = TxEnv;
    type Location = Location;
    type Value = Value;
    type Output = Outcome;

    fn attempt(
        &mut self,
        index: TxIndex,
        transaction: &TxEnv,
        view: &mut View<Location, Value>,
    ) -> Result<Outcome, Blocked> {
        self.reset();
        if let Some(world) = &self.world {
            view.suppose(Arc::clone(world));
        }
        self.database().view = std::mem::take(view);
        let result = self.run(index, transaction);
        *view = std::mem::take(&mut self.database().view);
        if let Some(attempts) = &self.attempts
            && result.is_ok()
        {
            attempts.keep(index, view);
        }
        result.map_err(|Stopped(blocked)| blocked)
    }
}
