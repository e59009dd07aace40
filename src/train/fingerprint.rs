//! [`fingerprint`]: one number that stands for all weights of a machine. A model keeps that of each epoch, so that
//! `nn verify` can say in which one a second training went another way.

use crate::catalog::Precision;
use crate::engine::Machine;
use crate::tensor::{GOLDEN, scramble};

/// Of trained tensors and running statistics, to the bit. Another place of a number is another fingerprint.
pub fn fingerprint<R: Precision>(machine: &Machine<'_, R>) -> u64 {
    let numbers = machine.parameters.iter().chain(&machine.state).zip(1u64..);
    numbers.fold(0, |sum, (number, place)| sum.wrapping_add(scramble(number.bits() ^ GOLDEN.wrapping_mul(place))))
}

/// Fingerprints in one text.
pub(super) mod text {
    use crate::train::hex;
    use serde::de::Error;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(values: &[u64], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::written(values.iter().copied(), 16))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u64>, D::Error> {
        hex::read(&String::deserialize(from)?, 16).map_err(D::Error::custom)
    }
}
