//! Eight keccak hashes at once, with the vectors of AVX-512 where the processor has them.
//!
//! A root over a batch takes three permutations a record, which for a hundred thousand records a second is most of what
//! the pipeline does. Eight independent ones side by side take a quarter of the time.

use smartlink_primitives::{hash::keccak, H256};

/// How many go at once.
pub(super) const LANES: usize = 8;

/// Bytes that one permutation takes in: shorter messages than this are hashed here.
pub(super) const RATE: usize = 136;

/// Messages below [`RATE`] bytes, padded.
pub(super) struct Messages {
    words: [[u64; LANES]; RATE / 8],
    bytes: [[u8; RATE]; LANES],
    lengths: [usize; LANES],
    count: usize,
}

impl Messages {
    pub(super) fn new() -> Self {
        Self {
            words: [[0; LANES]; RATE / 8],
            bytes: [[0; RATE]; LANES],
            lengths: [0; LANES],
            count: 0,
        }
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// Adds a message made of parts, which together are shorter than [`RATE`], when there are fewer than [`LANES`].
    pub(super) fn push(&mut self, parts: &[&[u8]]) {
        let message = &mut self.bytes[self.count];
        let mut at = 0;
        for part in parts {
            message[at..at + part.len()].copy_from_slice(part);
            at += part.len();
        }
        self.lengths[self.count] = at;
        self.count += 1;
    }

    /// The hashes of those that were added, in their order; it is empty then. Places beyond their number hold nothing of
    /// meaning.
    pub(super) fn hash(&mut self) -> [H256; LANES] {
        let count = std::mem::take(&mut self.count);
        #[cfg(target_arch = "x86_64")]
        if count > 1 && std::arch::is_x86_feature_detected!("avx512f") {
            self.pad(count);
            // SAFETY: the processor has AVX-512F, which is all that the function needs.
            return unsafe { vector::hash(&self.words) };
        }
        let mut hashes = [H256::zero(); LANES];
        for (lane, hash) in hashes.iter_mut().enumerate().take(count) {
            *hash = keccak(&self.bytes[lane][..self.lengths[lane]]);
        }
        hashes
    }

    /// The padding of Keccak (before FIPS 202), and the words of all lanes side by side.
    #[cfg(target_arch = "x86_64")]
    fn pad(&mut self, count: usize) {
        for lane in 0..count {
            let (message, length) = (&mut self.bytes[lane], self.lengths[lane]);
            message[length..].fill(0);
            message[length] = 1;
            message[RATE - 1] |= 0x80;
            for (words, bytes) in self.words.iter_mut().zip(message.chunks_exact(8)) {
                words[lane] =
                    u64::from_le_bytes(bytes.try_into().expect("a chunk of 8 bytes; qed"));
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
mod vector {
    use super::{LANES, RATE};
    use smartlink_primitives::H256;
    use std::arch::x86_64::{
        __m512i, _mm512_loadu_si512, _mm512_rol_epi64, _mm512_set1_epi64, _mm512_setzero_si512,
        _mm512_storeu_si512, _mm512_ternarylogic_epi64, _mm512_xor_si512,
    };

    /// The constants of iota.
    const ROUNDS: [u64; 24] = [
        0x0000_0000_0000_0001,
        0x0000_0000_0000_8082,
        0x8000_0000_0000_808a,
        0x8000_0000_8000_8000,
        0x0000_0000_0000_808b,
        0x0000_0000_8000_0001,
        0x8000_0000_8000_8081,
        0x8000_0000_0000_8009,
        0x0000_0000_0000_008a,
        0x0000_0000_0000_0088,
        0x0000_0000_8000_8009,
        0x0000_0000_8000_000a,
        0x0000_0000_8000_808b,
        0x8000_0000_0000_008b,
        0x8000_0000_0000_8089,
        0x8000_0000_0000_8003,
        0x8000_0000_0000_8002,
        0x8000_0000_0000_0080,
        0x0000_0000_0000_800a,
        0x8000_0000_8000_000a,
        0x8000_0000_8000_8081,
        0x8000_0000_0000_8080,
        0x0000_0000_8000_0001,
        0x8000_0000_8000_8008,
    ];

    /// Of three bits: their exclusive or.
    const XOR3: i32 = 0x96;
    /// Of three bits: the first, turned when the second is off and the third on.
    const CHI: i32 = 0xd2;

    /// The hashes of eight padded messages, given word by word.
    #[target_feature(enable = "avx512f")]
    pub(super) fn hash(message: &[[u64; LANES]; RATE / 8]) -> [H256; LANES] {
        let mut s = [_mm512_setzero_si512(); 25];
        for (state, words) in s.iter_mut().zip(message) {
            // SAFETY: eight words are the 64 bytes that are read; the address needs no alignment.
            *state = unsafe { _mm512_loadu_si512(words.as_ptr().cast()) };
        }
        permute(&mut s);
        let mut hashes = [H256::zero(); LANES];
        for (word, state) in s.iter().take(4).enumerate() {
            let mut lanes = [0u64; LANES];
            // SAFETY: eight words are the 64 bytes that are written; the address needs no alignment.
            unsafe { _mm512_storeu_si512(lanes.as_mut_ptr().cast(), *state) };
            for (hash, lane) in hashes.iter_mut().zip(lanes) {
                hash.0[word * 8..word * 8 + 8].copy_from_slice(&lane.to_le_bytes());
            }
        }
        hashes
    }

    /// Keccak-f[1600] on eight states (the Keccak reference, version 3.0, section 1.2), unrolled: `c` and `d` are the
    /// columns of theta, `b` the lanes after rho and pi.
    #[target_feature(enable = "avx512f")]
    fn permute(s: &mut [__m512i; 25]) {
        for constant in ROUNDS {
            let c0 = xor3(xor3(s[0], s[5], s[10]), s[15], s[20]);
            let c1 = xor3(xor3(s[1], s[6], s[11]), s[16], s[21]);
            let c2 = xor3(xor3(s[2], s[7], s[12]), s[17], s[22]);
            let c3 = xor3(xor3(s[3], s[8], s[13]), s[18], s[23]);
            let c4 = xor3(xor3(s[4], s[9], s[14]), s[19], s[24]);
            let d0 = _mm512_xor_si512(c4, _mm512_rol_epi64::<1>(c1));
            let d1 = _mm512_xor_si512(c0, _mm512_rol_epi64::<1>(c2));
            let d2 = _mm512_xor_si512(c1, _mm512_rol_epi64::<1>(c3));
            let d3 = _mm512_xor_si512(c2, _mm512_rol_epi64::<1>(c4));
            let d4 = _mm512_xor_si512(c3, _mm512_rol_epi64::<1>(c0));
            let b0 = _mm512_xor_si512(s[0], d0);
            let b10 = _mm512_rol_epi64::<1>(_mm512_xor_si512(s[1], d1));
            let b7 = _mm512_rol_epi64::<3>(_mm512_xor_si512(s[10], d0));
            let b11 = _mm512_rol_epi64::<6>(_mm512_xor_si512(s[7], d2));
            let b17 = _mm512_rol_epi64::<10>(_mm512_xor_si512(s[11], d1));
            let b18 = _mm512_rol_epi64::<15>(_mm512_xor_si512(s[17], d2));
            let b3 = _mm512_rol_epi64::<21>(_mm512_xor_si512(s[18], d3));
            let b5 = _mm512_rol_epi64::<28>(_mm512_xor_si512(s[3], d3));
            let b16 = _mm512_rol_epi64::<36>(_mm512_xor_si512(s[5], d0));
            let b8 = _mm512_rol_epi64::<45>(_mm512_xor_si512(s[16], d1));
            let b21 = _mm512_rol_epi64::<55>(_mm512_xor_si512(s[8], d3));
            let b24 = _mm512_rol_epi64::<2>(_mm512_xor_si512(s[21], d1));
            let b4 = _mm512_rol_epi64::<14>(_mm512_xor_si512(s[24], d4));
            let b15 = _mm512_rol_epi64::<27>(_mm512_xor_si512(s[4], d4));
            let b23 = _mm512_rol_epi64::<41>(_mm512_xor_si512(s[15], d0));
            let b19 = _mm512_rol_epi64::<56>(_mm512_xor_si512(s[23], d3));
            let b13 = _mm512_rol_epi64::<8>(_mm512_xor_si512(s[19], d4));
            let b12 = _mm512_rol_epi64::<25>(_mm512_xor_si512(s[13], d3));
            let b2 = _mm512_rol_epi64::<43>(_mm512_xor_si512(s[12], d2));
            let b20 = _mm512_rol_epi64::<62>(_mm512_xor_si512(s[2], d2));
            let b14 = _mm512_rol_epi64::<18>(_mm512_xor_si512(s[20], d0));
            let b22 = _mm512_rol_epi64::<39>(_mm512_xor_si512(s[14], d4));
            let b9 = _mm512_rol_epi64::<61>(_mm512_xor_si512(s[22], d2));
            let b6 = _mm512_rol_epi64::<20>(_mm512_xor_si512(s[9], d4));
            let b1 = _mm512_rol_epi64::<44>(_mm512_xor_si512(s[6], d1));
            let iota = _mm512_set1_epi64(constant.cast_signed());
            s[0] = _mm512_xor_si512(chi(b0, b1, b2), iota);
            s[1] = chi(b1, b2, b3);
            s[2] = chi(b2, b3, b4);
            s[3] = chi(b3, b4, b0);
            s[4] = chi(b4, b0, b1);
            s[5] = chi(b5, b6, b7);
            s[6] = chi(b6, b7, b8);
            s[7] = chi(b7, b8, b9);
            s[8] = chi(b8, b9, b5);
            s[9] = chi(b9, b5, b6);
            s[10] = chi(b10, b11, b12);
            s[11] = chi(b11, b12, b13);
            s[12] = chi(b12, b13, b14);
            s[13] = chi(b13, b14, b10);
            s[14] = chi(b14, b10, b11);
            s[15] = chi(b15, b16, b17);
            s[16] = chi(b16, b17, b18);
            s[17] = chi(b17, b18, b19);
            s[18] = chi(b18, b19, b15);
            s[19] = chi(b19, b15, b16);
            s[20] = chi(b20, b21, b22);
            s[21] = chi(b21, b22, b23);
            s[22] = chi(b22, b23, b24);
            s[23] = chi(b23, b24, b20);
            s[24] = chi(b24, b20, b21);
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    fn xor3(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
        _mm512_ternarylogic_epi64::<XOR3>(a, b, c)
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    fn chi(a: __m512i, b: __m512i, c: __m512i) -> __m512i {
        _mm512_ternarylogic_epi64::<CHI>(a, b, c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Whatever is hashed, however many, at whatever length: the hash is the one that the chain computes.
        #[test]
        fn hashes_are_those_of_one_at_a_time(
            rounds in proptest::collection::vec(
                proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..RATE), 1..=LANES), 1..4,
            ),
        ) {
            let mut messages = Messages::new();
            for round in rounds {
                for message in &round {
                    let (one, two) = message.split_at(message.len() / 3);
                    messages.push(&[one, two]);
                }
                prop_assert_eq!(messages.count(), round.len());
                let hashes = messages.hash();
                for (hash, message) in hashes.iter().zip(&round) {
                    prop_assert_eq!(*hash, keccak(message));
                }
            }
        }
    }
}
