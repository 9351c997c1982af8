//! Hashes that were computed lately.

use revm::primitives::{U256, keccak256};

/// The hashes of the last few preimages of two words. Solidity computes where a mapping has a key as the hash of the key
/// and the mapping's place, usually once to read and once more to write.
///
/// Measured by callgrind on a thousand swaps: hashing was 37 % of stock revm's instructions, 52 million, and is 22 million.
#[derive(Debug)]
pub(super) struct Hashes(Box<[Hashed]>);

#[derive(Clone, Debug)]
struct Hashed {
    preimage: [u8; 64],
    hash: U256,
}

/// 96 bytes each, one set for each worker.
const PLACES: usize = 1 << 9;

impl Hashes {
    pub(super) fn new() -> Self {
        let preimage = [0; 64];
        let hashed = Hashed { preimage, hash: keccak256(preimage).into() };
        Self(vec![hashed; PLACES].into_boxed_slice())
    }

    /// Keccak-256 of `preimage`.
    pub(super) fn of(&mut self, preimage: &[u8; 64]) -> U256 {
        let place = place(preimage);
        let hashed = &mut self.0[place];
        if hashed.preimage != *preimage {
            *hashed = Hashed { preimage: *preimage, hash: keccak256(preimage).into() };
        }
        hashed.hash
    }
}

/// The one place where the hash of `preimage` can be. Who makes two preimages meet makes them slow, as slow as they were.
fn place(preimage: &[u8; 64]) -> usize {
    let [.., a, b, c, d, e, f, g, h] = preimage;
    let mapping = u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
    let [key, _] = preimage.as_chunks::<32>().0 else { unreachable!("two words") };
    let [.., a, b, c, d, e, f, g, h] = key;
    let key = u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
    let mixed = (key ^ mapping.rotate_left(23)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> (u64::BITS - PLACES.ilog2())) as usize
}
