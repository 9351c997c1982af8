//! Who conflicts with whom, found by walking a block's accesses in order.

use super::LISTED;
use super::touches::{Reading, Touches, Wrote};

/// The earlier transaction, the later one, and where: so that sorting brings an edge's locations together.
pub(super) type Conflict = (u32, u32, u32);

/// A block's conflicts.
pub(super) struct Conflicts<'a> {
    pub(super) read_after_write: Vec<Conflict>,
    pub(super) write_after_write: Vec<Conflict>,
    pub(super) write_after_read: Vec<Conflict>,
    /// Of the transactions, by reads after writes.
    pub(super) components: DisjointSets,
    touches: &'a Touches,
    places: Vec<Place>,
    /// For each write, whether it is known to be in one component with those before it in the sum it leaves.
    joined: Vec<bool>,
}

/// What stands at one location. Writes are indices into [`Touches::writes`].
#[derive(Clone, Default)]
struct Place {
    /// The last replacement.
    set: Option<u32>,
    /// Who has read the very value since the last write.
    readers: Vec<u32>,
}

impl<'a> Conflicts<'a> {
    /// Those of a block that touches so many locations.
    pub(super) fn new(touches: &'a Touches, locations: usize) -> Self {
        let mut conflicts = Self {
            read_after_write: Vec::new(),
            write_after_write: Vec::new(),
            write_after_read: Vec::new(),
            components: DisjointSets::new(touches.transactions.len()),
            touches,
            places: vec![Place::default(); locations],
            joined: vec![false; touches.writes.len()],
        };
        for (tx, touched) in (0..).zip(&touches.transactions) {
            for &reading in &touched.readings {
                conflicts.read(tx, reading);
            }
            for write in touched.writes.clone() {
                conflicts.write(write as u32);
            }
        }
        conflicts
    }

    fn read(&mut self, reader: u32, Reading { location, needs, exact }: Reading) {
        if exact {
            self.places[location as usize].readers.push(reader);
        }
        let Some(needs) = needs else { return };
        let touches = self.touches;
        let conflict = |write| (touches.writer(write), reader, location);
        self.read_after_write.extend(touches.sum(needs).take(LISTED).map(conflict));

        self.components.join(touches.writer(needs), reader);
        let mut above = needs;
        for write in touches.sum(needs).skip(1) {
            if std::mem::replace(&mut self.joined[above as usize], true) {
                break;
            }
            self.components.join(touches.writer(write), reader);
            above = write;
        }
    }

    fn write(&mut self, write: u32) {
        let touches = self.touches;
        let Wrote { tx, location, adds, before, .. } = touches.writes[write as usize];
        let place = &mut self.places[location as usize];
        let readers = place.readers.drain(..).filter(|&reader| reader != tx);
        self.write_after_read.extend(readers.map(|reader| (reader, tx, location)));
        let conflict = |write| (touches.writer(write), tx, location);
        if adds {
            self.write_after_write.extend(place.set.map(conflict));
        } else {
            place.set = Some(write);
            let added = |&write: &u32| touches.writes[write as usize].adds;
            match before {
                Some(before) if added(&before) => {
                    let all = touches.back(before).take_while(added);
                    self.write_after_write.extend(all.map(conflict));
                }
                before => self.write_after_write.extend(before.map(conflict)),
            }
        }
    }
}

/// Union by smallest member, with path halving.
pub(super) struct DisjointSets {
    parent: Vec<u32>,
}

impl DisjointSets {
    fn new(members: usize) -> Self {
        Self { parent: (0..members as u32).collect() }
    }

    fn root(&mut self, mut member: u32) -> u32 {
        while self.parent[member as usize] != member {
            let above = self.parent[self.parent[member as usize] as usize];
            self.parent[member as usize] = above;
            member = above;
        }
        member
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b) as usize] = a.min(b);
    }

    /// Every member's set, numbered in order of the sets' first members.
    pub(super) fn numbered(mut self) -> Vec<u32> {
        let mut sets = 0;
        let mut numbers = vec![0; self.parent.len()];
        for member in 0..self.parent.len() as u32 {
            let root = self.root(member);
            if root == member {
                numbers[member as usize] = sets;
                sets += 1;
            } else {
                numbers[member as usize] = numbers[root as usize];
            }
        }
        numbers
    }
}
