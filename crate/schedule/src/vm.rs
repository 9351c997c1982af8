//! The seam: what a virtual machine gives to the scheduler and what it gets from it.

use std::fmt::Debug;
use std::hash::Hasher;
use std::sync::Arc;

use crate::access::{Log, Mark, Positions, Source, WriteMark};
use crate::memory::{Found, Memory};
use crate::{TxIndex, Version};

/// A virtual machine that can run one attempt of one transaction. Each worker owns one, so an implementation may reuse
/// its allocations from attempt to attempt.
///
/// An attempt must be a deterministic function of the transaction and of the values its reads return: re-run with the
/// same answers it must produce the same output, writes and additions, on any worker and after any other attempt.
pub trait Vm {
    /// A transaction. An invalid transaction is no error: it is an output that says so and writes nothing.
    type Tx: Sync;
    /// Where a value lives.
    type Location: Location;
    /// What lives there.
    type Value: Value;
    /// What one transaction returns (its receipt, say).
    type Output: Send;

    /// Runs one attempt. Every read goes through `view`; on [`Blocked`] the attempt stops at once and returns it.
    fn attempt(
        &mut self,
        index: TxIndex,
        tx: &Self::Tx,
        view: &mut View<Self::Location, Self::Value>,
    ) -> Result<Self::Output, Blocked>;
}

/// Where a value lives. Identity is the full key, never a hash of it alone.
pub trait Location: Clone + Ord + Debug + Send + Sync + 'static {
    /// Whether both are of one family: a few locations that are read and written together, like the fields of an account,
    /// and are found by one look-up. An equivalence; a location on its own is a family too.
    fn same_family(&self, other: &Self) -> bool;

    /// Hashes what the locations of a family have in common.
    fn hash_family<H: Hasher>(&self, state: &mut H);
}

/// The hash of a [`Location`]'s family in one run, so that it need not be computed for each access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family(pub(crate) u64);

/// A value that can also be changed by a commutative addition, so that transactions which only add to a location
/// (the fee recipient's balance) need not be ordered among themselves. The order is the one that a [`Guard`] means.
pub trait Value: Clone + PartialEq + PartialOrd + Debug + Send + Sync + 'static {
    /// `self` with `amount` added. Must be commutative and associative over the amounts added, whatever they are: before
    /// they are validated, attempts add what they should not.
    fn plus(&self, amount: &Self) -> Self;
}

/// What an attempt has found out about a value that it did not look at closer: that it lies between these two, both
/// included. With any other value in there the attempt would have had the same output, writes and additions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard<V> {
    /// The lowest.
    pub low: V,
    /// The highest.
    pub high: V,
}

impl<V: PartialOrd> Guard<V> {
    /// Whether `value` will do.
    pub fn holds(&self, value: &V) -> bool {
        self.low <= *value && *value <= self.high
    }
}

/// The state before the block.
pub trait Base<L, V>: Send + Sync {
    /// The value at `location`, a default where there is none.
    fn load(&self, location: &L) -> V;
}

/// An attempt met the estimate of an earlier transaction that is about to write again; the view remembers which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blocked {
    /// The transaction to wait for.
    pub on: TxIndex,
}

/// A world in which attempts find something else at some locations, or leave something else there, than is so: to ask how
/// a block would fare if they did not share it. The same for a transaction whenever it is asked, so that an attempt stays a
/// function of what it reads. What is executed in such a world is of use for how long it takes, and for its accesses.
pub trait Counterfactual<L, V>: Debug + Send + Sync {
    /// What `tx` finds at `location`, whatever is there: then that is no read.
    fn found(&self, tx: TxIndex, location: &L) -> Option<V>;
    /// What becomes of a write by `tx`; `None` if nothing.
    fn left(&self, tx: TxIndex, location: &L, kind: WriteKind<V>) -> Option<WriteKind<V>>;
}

/// One recorded read: the value is as resolved, additions folded in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read<L, V> {
    /// Where.
    pub location: L,
    /// What was returned.
    pub value: V,
    /// The highest earlier version that contributed, `None` if the value came from the base alone.
    pub from: Option<Version>,
}

/// One recorded write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write<L, V> {
    /// Where.
    pub location: L,
    /// What.
    pub kind: WriteKind<V>,
}

/// How a write changes its location.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WriteKind<V> {
    /// Replaces the value.
    Set(V),
    /// Adds to whatever value the earlier transactions leave.
    Add(V),
}

/// What one transaction's final attempt read and wrote: reads in first-read order without repeats, writes sorted by
/// location without repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access<L, V> {
    /// What it read.
    pub reads: Vec<Read<L, V>>,
    /// The reads that need not return the very value, by their positions in `reads`.
    pub guards: Vec<(u32, Guard<V>)>,
    /// What it wrote.
    pub writes: Vec<Write<L, V>>,
}

/// One attempt's window on the memory: reads resolve to the latest earlier version and are recorded, writes are
/// collected and become visible to others only when the attempt is published.
///
/// A view owns what it needs (it holds the memory by `Arc`), so a virtual machine that wants it inside its own
/// database for the length of an attempt can move it there with [`std::mem::take`] and must move it back before
/// returning.
#[derive(Debug)]
pub struct View<L, V>(
    /// `None` only in the empty view that `take` leaves behind.
    Option<Box<Window<L, V>>>,
);

#[derive(Debug)]
struct Window<L, V> {
    memory: Arc<Memory<L, V>>,
    reader: TxIndex,
    /// Reads go into the log. Those of an attempt that needs no validation do not, unless somebody wants to see them.
    recording: bool,
    log: Box<Log<L, V>>,
    read: Positions,
    written: Positions,
    /// Reads so far; without recording, a location that is read twice counts twice.
    reads: usize,
    blocked: Option<Met<L>>,
    counterfactual: Option<Arc<dyn Counterfactual<L, V>>>,
}

/// The estimate at which an attempt stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Met<L> {
    pub(crate) on: TxIndex,
    pub(crate) location: L,
}

impl<L, V> Default for View<L, V> {
    fn default() -> Self {
        Self(None)
    }
}

impl<L: Location, V: Value> View<L, V> {
    /// The value at `location` as the earlier transactions leave it (this attempt's own writes are not seen). Reading
    /// a location twice returns the same value within one attempt. Once blocked, every read is.
    ///
    /// # Panics
    /// On a view that was not handed to [`Vm::attempt`].
    pub fn read(&mut self, location: &L) -> Result<V, Blocked> {
        let family = self.family(location);
        self.read_in(family, location)
    }

    /// [`Self::read`], with `location`'s family known.
    pub fn read_in(&mut self, family: Family, location: &L) -> Result<V, Blocked> {
        self.window().read(family, location)
    }

    /// [`Self::read`] for some locations of one family, where that is cheaper than one by one. `base` has the values
    /// that [`Base::load`] would return for them, and is called at most once.
    pub fn read_each<const N: usize>(
        &mut self,
        family: Family,
        locations: [L; N],
        base: impl FnOnce() -> [V; N],
    ) -> Result<[V; N], Blocked> {
        self.window().read_each(family, locations, base)
    }

    /// The family of `location`, for this attempt's other accesses.
    pub fn family(&mut self, location: &L) -> Family {
        self.window().memory.family(location)
    }

    /// Replaces the value at `location`.
    pub fn write(&mut self, location: L, value: V) {
        let family = self.family(&location);
        self.write_in(family, location, value);
    }

    /// [`Self::write`], with `location`'s family known.
    pub fn write_in(&mut self, family: Family, location: L, value: V) {
        self.window().change(family, location, WriteKind::Set(value), false);
    }

    /// Adds `amount` at `location`. That is no read; one that told what to add is for a [guard](Self::guard_in).
    pub fn add(&mut self, location: L, amount: V) {
        let family = self.family(&location);
        self.add_in(family, location, amount);
    }

    /// [`Self::add`], with `location`'s family known.
    pub fn add_in(&mut self, family: Family, location: L, amount: V) {
        self.window().change(family, location, WriteKind::Add(amount), false);
    }

    /// [`Self::add`] where hardly anybody looks: a strategy may let the others see it only once the transaction is committed.
    /// Whoever has read there too early runs again.
    pub fn add_at_commit(&mut self, location: L, amount: V) {
        let family = self.family(&location);
        self.window().change(family, location, WriteKind::Add(amount), true);
    }

    /// Says that what this attempt has read at `location` may as well be any other value for which `guard` holds. At
    /// most once for a location, when all that the attempt has made of the value is known.
    pub fn guard_in(&mut self, family: Family, location: &L, guard: Guard<V>) {
        self.window().guard(family, location, guard);
    }

    /// What the attempt has read so far, if its reads are recorded.
    pub fn recorded_reads(&mut self) -> Option<&[Read<L, V>]> {
        let Window { log, recording, .. } = self.window();
        recording.then_some(&log.reads[..])
    }

    /// What it has written so far, and whether that is only for its commit.
    pub fn writes(&mut self) -> impl ExactSizeIterator<Item = (&Write<L, V>, bool)> {
        let Log { writes, write_marks, .. } = &*self.window().log;
        writes.iter().zip(write_marks.iter().map(|mark| mark.at_commit))
    }

    /// Supposes that the world is another one, from now on. Before the first access of an attempt.
    pub fn suppose(&mut self, world: Arc<dyn Counterfactual<L, V>>) {
        self.window().counterfactual = Some(world);
    }

    /// A view on `memory`, between attempts.
    pub(crate) fn new(memory: Arc<Memory<L, V>>) -> Self {
        Self(Some(Box::new(Window {
            memory,
            reader: TxIndex(0),
            recording: true,
            log: Box::default(),
            read: Positions::default(),
            written: Positions::default(),
            reads: 0,
            blocked: None,
            counterfactual: None,
        })))
    }

    /// Begins an attempt of `reader`.
    pub(crate) fn begin(&mut self, reader: TxIndex, recording: bool) {
        let window = self.window();
        window.reader = reader;
        window.recording = recording;
        window.blocked = None;
        window.reads = 0;
        window.log.clear();
        window.read.clear();
        window.written.clear();
    }

    /// How many locations the attempt has read so far.
    pub(crate) fn reads(&mut self) -> usize {
        self.window().reads
    }

    /// Ends the attempt: where it was blocked, or its log, in whose place a `spare` one comes.
    pub(crate) fn end(
        &mut self,
        spare: impl FnOnce() -> Option<Box<Log<L, V>>>,
    ) -> Result<Box<Log<L, V>>, Met<L>> {
        let window = self.0.as_mut().expect("the virtual machine has moved its view back");
        match window.blocked.take() {
            Some(met) => Err(met),
            None => {
                window.log.guards.sort_unstable_by_key(|&(position, _)| position);
                let next = spare().unwrap_or_else(|| Box::new(window.log.as_large()));
                Ok(std::mem::replace(&mut window.log, next))
            }
        }
    }

    fn window(&mut self) -> &mut Window<L, V> {
        self.0.as_mut().expect("a view is used only during an attempt")
    }
}

impl<L: Location, V: Value> Window<L, V> {
    fn read(&mut self, family: Family, location: &L) -> Result<V, Blocked> {
        if let Some(met) = &self.blocked {
            return Err(Blocked { on: met.on });
        }
        if let Some(world) = &self.counterfactual
            && let Some(value) = world.found(self.reader, location)
        {
            self.reads += 1;
            return Ok(value);
        }
        let Log { reads, marks, .. } = &*self.log;
        let same = |at: usize| reads[at].location == *location;
        if let Some(at) = self.read.find(marks.len(), family, |at| marks[at].family, same) {
            return Ok(reads[at].value.clone());
        }
        match self.memory.read(location, family, self.reader.0) {
            Ok(found) => {
                self.record(family, location.clone(), &found);
                Ok(found.value)
            }
            Err(on) => self.block(on, location),
        }
    }

    fn read_each<const N: usize>(
        &mut self,
        family: Family,
        locations: [L; N],
        base: impl FnOnce() -> [V; N],
    ) -> Result<[V; N], Blocked> {
        let alone = self.blocked.is_none() && self.counterfactual.is_none();
        if !alone || self.read.may_have(family) {
            // Some of them may have been read before.
            let mut values = base();
            for (value, location) in values.iter_mut().zip(&locations) {
                *value = self.read(family, location)?;
            }
            return Ok(values);
        }
        match self.memory.read_each(&locations, family, self.reader.0, base) {
            Ok(found) => {
                for (location, found) in locations.into_iter().zip(&found) {
                    self.record(family, location, found);
                }
                Ok(found.map(|found| found.value))
            }
            Err((position, on)) => {
                // As many as if they had been read one by one: what an attempt costs must not depend on which of the two
                // it was, which depends on the hash's seed.
                self.reads += position;
                self.block(on, &locations[position])
            }
        }
    }

    fn record(&mut self, family: Family, location: L, found: &Found<V>) {
        self.reads += 1;
        if !self.recording {
            return;
        }
        let Found { slot, value, source: Source { from, folded } } = found;
        let Log { reads, marks, .. } = &mut *self.log;
        reads.push(Read { location, value: value.clone(), from: *from });
        marks.push(Mark { family, slot: *slot, folded: *folded });
        self.read.grown(marks.len(), |at| marks[at].family);
    }

    fn guard(&mut self, family: Family, location: &L, guard: Guard<V>) {
        let Log { reads, marks, guards, .. } = &mut *self.log;
        let same = |at: usize| reads[at].location == *location;
        // What was not recorded is not there.
        if let Some(at) = self.read.find(marks.len(), family, |at| marks[at].family, same) {
            debug_assert!(
                guard.holds(&reads[at].value),
                "{guard:?} is not true of {:?}",
                reads[at]
            );
            guards.push((at as u32, guard));
        }
    }

    fn block<T>(&mut self, on: TxIndex, location: &L) -> Result<T, Blocked> {
        self.blocked = Some(Met { on, location: location.clone() });
        Err(Blocked { on })
    }

    fn change(&mut self, family: Family, location: L, mut kind: WriteKind<V>, at_commit: bool) {
        if let Some(world) = &self.counterfactual {
            match world.left(self.reader, &location, kind) {
                Some(left) => kind = left,
                None => return,
            }
        }
        let Log { reads, marks, writes, write_marks, .. } = &mut *self.log;
        let same = |at: usize| writes[at].location == location;
        match self.written.find(writes.len(), family, |at| write_marks[at].family, same) {
            Some(at) => {
                write_marks[at].at_commit &= at_commit;
                let old = &mut writes[at].kind;
                *old = match (&*old, kind) {
                    (_, WriteKind::Set(value)) => WriteKind::Set(value),
                    (WriteKind::Set(value), WriteKind::Add(amount)) => {
                        WriteKind::Set(value.plus(&amount))
                    }
                    (WriteKind::Add(value), WriteKind::Add(amount)) => {
                        WriteKind::Add(value.plus(&amount))
                    }
                };
            }
            None => {
                let same = |at: usize| reads[at].location == location;
                // Without a record it is taken to have been read, as most are.
                let has_read = matches!(kind, WriteKind::Set(_))
                    && (!self.recording
                        || self
                            .read
                            .find(reads.len(), family, |at| marks[at].family, same)
                            .is_some());
                writes.push(Write { location, kind });
                write_marks.push(WriteMark { family, has_read, at_commit });
                self.written.grown(writes.len(), |at| write_marks[at].family);
            }
        }
    }
}
