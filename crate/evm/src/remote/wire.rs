//! Orders and records as bytes, for workers of one version of this program: nothing here is kept.

use evm_lanes_schedule::remote::Committed;
pub(super) use evm_lanes_schedule::remote::Garbled;
use evm_lanes_schedule::{Access, Guard, Incarnation, Read, TxIndex, Version, Write, WriteKind};
use revm::primitives::{Address, B256, U256};
use revm::state::Bytecode;

use super::{Order, Record, outcome};
use crate::{Code, GasUsed, Location, Value};

pub(super) fn of_order(order: &Order) -> Vec<u8> {
    let mut out = Out::default();
    out.number(order.from.0.into());
    out.list(&order.committed, |out, committed| match committed {
        Committed::Yours => out.byte(0),
        Committed::Writes(writes) => {
            out.byte(1);
            out.list(writes, Out::write);
        }
    });
    out.list(&order.execute, |out, tx| out.number(tx.0.into()));
    out.0
}

pub(super) fn order(bytes: &[u8]) -> Result<Order, Garbled> {
    In::whole(bytes, |of| {
        let from = of.index()?;
        let committed = of.list(|of| match of.byte()? {
            0 => Ok(Committed::Yours),
            1 => Ok(Committed::Writes(of.list(In::write)?)),
            _ => Err(Garbled),
        })?;
        Ok(Order { from, committed, execute: of.list(In::index)? })
    })
}

pub(super) fn of_records(records: &[Record]) -> Vec<u8> {
    let mut out = Out::default();
    out.list(records, |out, record| {
        let Record { tx, access: Access { reads, guards, writes }, output, time } = record;
        out.number(tx.0.into());
        out.list(reads, Out::read);
        out.list(guards, |out, (position, Guard { low, high })| {
            out.number((*position).into());
            out.value(low);
            out.value(high);
        });
        out.list(writes, Out::write);
        match output {
            Some(output) => outcome::write(out, output),
            None => out.byte(0),
        }
        out.number(time.0);
        out.number(time.1);
    });
    out.0
}

pub(super) fn records(bytes: &[u8]) -> Result<Vec<Record>, Garbled> {
    In::whole(bytes, |of| {
        of.list(|of| {
            let tx = of.index()?;
            let reads = of.list(In::read)?;
            let guards = of.list(|of| {
                let position = of.number()?.try_into().map_err(|_| Garbled)?;
                Ok((position, Guard { low: of.value()?, high: of.value()? }))
            })?;
            let access = Access { reads, guards, writes: of.list(In::write)? };
            let output = outcome::read(of)?;
            Ok(Record { tx, access, output, time: (of.number()?, of.number()?) })
        })
    })
}

/// What is being written.
#[derive(Debug, Default)]
pub(super) struct Out(Vec<u8>);

impl Out {
    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    /// Seven bits a byte, the lowest first.
    #[inline(never)]
    pub(super) fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.byte(number as u8 | 0x80);
            number >>= 7;
        }
        self.byte(number as u8);
    }

    #[inline(never)]
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.number(items.len() as u64);
        items.iter().for_each(|item| write(self, item));
    }

    pub(super) fn address(&mut self, address: &Address) {
        self.0.extend_from_slice(address.as_slice());
    }

    pub(super) fn hash(&mut self, hash: &B256) {
        self.0.extend_from_slice(hash.as_slice());
    }

    /// Without leading zeroes.
    #[inline(never)]
    fn word(&mut self, word: &U256) {
        self.bytes(&word.to_be_bytes_trimmed_vec());
    }

    #[inline(never)]
    fn location(&mut self, location: &Location) {
        let (kind, address) = match location {
            Location::Balance(address) => (0, address),
            Location::Nonce(address) => (1, address),
            Location::Code(address) => (2, address),
            Location::Life(address) => (3, address),
            Location::Slot(address, _) => (4, address),
            Location::BlockGas => return self.byte(5),
        };
        self.byte(kind);
        self.address(address);
        if let Location::Slot(_, slot) = location {
            self.word(slot);
        }
    }

    #[inline(never)]
    fn value(&mut self, value: &Value) {
        match value {
            Value::Balance(balance) => {
                self.byte(0);
                self.word(balance);
            }
            Value::Nonce(nonce) => {
                self.byte(1);
                self.number(*nonce);
            }
            Value::Code(Code { hash, bytecode }) => {
                self.byte(if bytecode.is_some() { 3 } else { 2 });
                self.hash(hash);
                bytecode.iter().for_each(|code| self.bytes(code.original_byte_slice()));
            }
            Value::Life { epoch, exists } => {
                self.byte(if *exists { 5 } else { 4 });
                self.number((*epoch).into());
            }
            Value::Slot { epoch, value } => {
                self.byte(6);
                self.number((*epoch).into());
                self.word(value);
            }
            Value::Gas(GasUsed { regular, state, blobs }) => {
                self.byte(7);
                [regular, state, blobs].into_iter().for_each(|gas| self.number(*gas));
            }
        }
    }

    #[inline(never)]
    fn read(&mut self, read: &Read<Location, Value>) {
        let Read { location, value, from } = read;
        self.location(location);
        self.value(value);
        self.number(from.map_or(0, |from| u64::from(from.tx.0) + 1));
        from.iter().for_each(|from| self.number(from.incarnation.0.into()));
    }

    #[inline(never)]
    fn write(&mut self, write: &Write<Location, Value>) {
        self.location(&write.location);
        let (kind, value) = match &write.kind {
            WriteKind::Set(value) => (0, value),
            WriteKind::Add(amount) => (1, amount),
        };
        self.byte(kind);
        self.value(value);
    }
}

/// What is still to be read.
#[derive(Debug)]
pub(super) struct In<'a>(&'a [u8]);

impl<'a> In<'a> {
    fn whole<T>(
        bytes: &'a [u8],
        read: impl FnOnce(&mut Self) -> Result<T, Garbled>,
    ) -> Result<T, Garbled> {
        let mut of = Self(bytes);
        let found = read(&mut of)?;
        of.0.is_empty().then_some(found).ok_or(Garbled)
    }

    fn take(&mut self, length: usize) -> Result<&'a [u8], Garbled> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(Garbled)?;
        self.0 = rest;
        Ok(taken)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Garbled> {
        Ok(self.take(1)?[0])
    }

    #[inline(never)]
    pub(super) fn number(&mut self) -> Result<u64, Garbled> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(Garbled)
    }

    #[inline(never)]
    pub(super) fn bytes(&mut self) -> Result<Vec<u8>, Garbled> {
        let length = self.number()?.try_into().map_err(|_| Garbled)?;
        Ok(self.take(length)?.to_vec())
    }

    pub(super) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, Garbled>,
    ) -> Result<Vec<T>, Garbled> {
        let length = self.number()?;
        // An item has a byte at least; nothing is allocated for those that are not there.
        if length > self.0.len() as u64 {
            return Err(Garbled);
        }
        (0..length).map(|_| read(self)).collect()
    }

    pub(super) fn one_of<T: Clone>(&mut self, list: &[T]) -> Result<T, Garbled> {
        list.get(usize::from(self.byte()?)).cloned().ok_or(Garbled)
    }

    pub(super) fn address(&mut self) -> Result<Address, Garbled> {
        Ok(Address::from_slice(self.take(20)?))
    }

    pub(super) fn hash(&mut self) -> Result<B256, Garbled> {
        Ok(B256::from_slice(self.take(32)?))
    }

    fn index(&mut self) -> Result<TxIndex, Garbled> {
        self.number()?.try_into().map(TxIndex).map_err(|_| Garbled)
    }

    #[inline(never)]
    fn word(&mut self) -> Result<U256, Garbled> {
        let length = usize::from(self.byte()?);
        U256::try_from_be_slice(self.take(length)?).ok_or(Garbled)
    }

    fn small(&mut self) -> Result<u32, Garbled> {
        self.number()?.try_into().map_err(|_| Garbled)
    }

    #[inline(never)]
    fn location(&mut self) -> Result<Location, Garbled> {
        Ok(match self.byte()? {
            0 => Location::Balance(self.address()?),
            1 => Location::Nonce(self.address()?),
            2 => Location::Code(self.address()?),
            3 => Location::Life(self.address()?),
            4 => Location::Slot(self.address()?, self.word()?),
            5 => Location::BlockGas,
            _ => return Err(Garbled),
        })
    }

    #[inline(never)]
    fn value(&mut self) -> Result<Value, Garbled> {
        Ok(match self.byte()? {
            0 => Value::Balance(self.word()?),
            1 => Value::Nonce(self.number()?),
            2 => Value::Code(Code { hash: self.hash()?, bytecode: None }),
            3 => {
                let (hash, code) = (self.hash()?, self.bytes()?);
                let bytecode = Bytecode::new_raw_checked(code.into()).map_err(|_| Garbled)?;
                Value::Code(Code { hash, bytecode: Some(bytecode) })
            }
            4 => Value::Life { epoch: self.small()?, exists: false },
            5 => Value::Life { epoch: self.small()?, exists: true },
            6 => Value::Slot { epoch: self.small()?, value: self.word()? },
            7 => Value::Gas(GasUsed {
                regular: self.number()?,
                state: self.number()?,
                blobs: self.number()?,
            }),
            _ => return Err(Garbled),
        })
    }

    #[inline(never)]
    fn read(&mut self) -> Result<Read<Location, Value>, Garbled> {
        let (location, value) = (self.location()?, self.value()?);
        let from = match self.number()?.checked_sub(1) {
            None => None,
            Some(tx) => Some(Version {
                tx: TxIndex(tx.try_into().map_err(|_| Garbled)?),
                incarnation: Incarnation(self.small()?),
            }),
        };
        Ok(Read { location, value, from })
    }

    #[inline(never)]
    fn write(&mut self) -> Result<Write<Location, Value>, Garbled> {
        let location = self.location()?;
        let kind = match self.byte()? {
            0 => WriteKind::Set(self.value()?),
            1 => WriteKind::Add(self.value()?),
            _ => return Err(Garbled),
        };
        Ok(Write { location, kind })
    }
}
