//! Random streams: one per purpose, derived from the program's seed, so that adding dropout to a network
//! does not change how its weights start. Xoshiro256++ by name: its values are fixed across versions and machines.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, SeedableRng};

/// What a stream is for. Each gives a stream of its own for the same seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The start of the n-th parameter tensor.
    Init(usize),
    /// The order of rows.
    Shuffle,
    /// The mask of the n-th node's dropout.
    Dropout(usize),
    /// Which rows are held out.
    Split,
    /// A generator's rows.
    Generate,
}

impl Purpose {
    const fn tag(self) -> u64 {
        match self {
            Self::Init(n) => 1 << 56 | n as u64,
            Self::Shuffle => 2 << 56,
            Self::Dropout(n) => 3 << 56 | n as u64,
            Self::Split => 4 << 56,
            Self::Generate => 5 << 56,
        }
    }
}

/// A reproducible stream of random numbers. Its state can be written down and taken up again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stream(Xoshiro256PlusPlus);

/// 2⁶⁴ over the golden ratio, odd: by what `SplitMix64` goes on.
pub const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// `SplitMix64`'s finalizer: each bit of the result hangs on all bits of `z`, and no two numbers come to the same.
#[inline]
pub const fn scramble(z: u64) -> u64 {
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Stream {
    /// The stream of `seed` for `purpose`.
    pub fn new(seed: u64, purpose: Purpose) -> Self {
        // The tag is spread over the seed; the generator's own seeding does the rest.
        let tag = scramble(purpose.tag().wrapping_mul(GOLDEN));
        Self(Xoshiro256PlusPlus::seed_from_u64(seed ^ tag))
    }

    /// Where the stream stands, for [`Self::restore`].
    pub fn save(&self) -> [u64; 4] {
        #[derive(serde::Deserialize)]
        struct Words {
            s: [u64; 4],
        }
        // The generator shows its state through serde alone; four words are always whole.
        let words = serde_json::to_value(&self.0).and_then(serde_json::from_value);
        words.map_or([0; 4], |Words { s }| s)
    }

    /// The stream that stands where [`Self::save`] found it; `None` for all zeros, where none ever stands.
    pub fn restore(words: [u64; 4]) -> Option<Self> {
        let mut seed = [0; 32];
        for (bytes, word) in seed.chunks_exact_mut(8).zip(words) {
            bytes.copy_from_slice(&word.to_le_bytes());
        }
        (words != [0; 4]).then(|| Self(Xoshiro256PlusPlus::from_seed(seed)))
    }

    /// The next 64 bits.
    #[inline]
    pub fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// Uniform in [0, 1), a multiple of 2⁻⁵³.
    #[inline]
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform in [low, high).
    #[inline]
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Standard normal, by Marsaglia's polar method (one of its two values, so that the state stays four words).
    pub fn normal(&mut self) -> f64 {
        loop {
            let (u, v) = (self.uniform(-1.0, 1.0), self.uniform(-1.0, 1.0));
            let s = u * u + v * v;
            if s > 0.0 && s < 1.0 {
                return u * (-2.0 * s.ln() / s).sqrt();
            }
        }
    }

    /// Uniform in 0..bound (Lemire's multiply, with rejection: exactly uniform).
    pub fn below(&mut self, bound: u64) -> u64 {
        debug_assert!(bound > 0);
        loop {
            let product = u128::from(self.bits()) * u128::from(bound);
            if product as u64 >= bound.wrapping_neg() % bound {
                return (product >> 64) as u64;
            }
        }
    }

    /// Puts `items` in a random order (Fisher and Yates).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i as u64 + 1) as usize);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first draws of a seed never change: programs are reproducible across versions and machines. The values
    /// come from the published generators (Blackman and Vigna's xoshiro256++, seeded by `SplitMix64`), written anew
    /// in Python.
    #[test]
    fn the_first_draws_of_a_seed_are_pinned() {
        let draws = |purpose| {
            let mut stream = Stream::new(7, purpose);
            [stream.bits(), stream.bits()]
        };
        assert_eq!(draws(Purpose::Init(0)), [0xbaf8_1081_2564_fa23, 0x6cdd_2347_087f_0f9a]);
        assert_eq!(draws(Purpose::Init(1)), [0xe0b9_0d89_6314_0618, 0x555e_4748_0a3a_bb55]);
        assert_eq!(draws(Purpose::Shuffle), [0xb339_b56a_4038_04fb, 0x9110_26d5_2f69_a3e4]);
        let mut stream = Stream::new(7, Purpose::Split);
        assert_eq!(stream.unit(), 0.883_283_371_573_756_4);
        assert!((stream.normal() + 0.992_037_377_255_023).abs() < 1e-15);
        assert_eq!(stream.below(10), 2);
        let mut order = [0, 1, 2, 3, 4, 5, 6, 7];
        stream.shuffle(&mut order);
        assert_eq!(order, [6, 5, 7, 0, 3, 2, 1, 4]);
    }

    #[test]
    fn a_stream_goes_on_from_where_it_was_saved() {
        let mut stream = Stream::new(3, Purpose::Dropout(2));
        for _ in 0..5 {
            stream.normal();
        }
        let mut other = Stream::restore(stream.save()).expect("not all zeros");
        assert_eq!([other.bits(), other.bits()], [stream.bits(), stream.bits()]);
        assert_eq!(other, stream);
        assert_eq!(Stream::restore([0; 4]), None, "it would draw 0 for ever");
    }

    #[test]
    fn below_is_uniform() {
        let mut stream = Stream::new(1, Purpose::Generate);
        let mut counts = [0; 7];
        for _ in 0..70_000 {
            counts[stream.below(7) as usize] += 1;
        }
        // Five standard deviations of a binomial count are 463.
        assert!(counts.iter().all(|c| (9_500..10_500).contains(c)), "{counts:?}");
    }
}
