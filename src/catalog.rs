//! The vocabulary: every layer, activation, initializer, loss, optimizer, schedule, metric, generator and
//! setting there is. One folder or file per family, one row or file per kind.
//!
//! The checker, did-you-mean, `nn doc`, the reference tables and the table-driven tests are loops over this.

pub mod activations;
pub mod aliases;
pub mod bind;
pub mod blocks;
pub mod initializers;
pub mod known;
pub mod layers;
pub mod losses;
pub mod metrics;
pub mod op;
pub mod optimizers;
pub mod precision;
pub mod range;
pub mod reference;
pub mod schedules;
pub mod scope;
pub mod signature;
pub mod sources;
pub mod stops;
pub mod suited;
#[cfg(test)]
mod tests;

pub use bind::{Arguments, Chosen};
pub use precision::Precision;
pub use signature::{Family, Parameter, Signature};

/// The most values one row may have on an edge of the network: far above what fits the work, far below what exhausts
/// memory.
pub const MOST_UNITS: usize = 1 << 24;

/// Every kind of a family, in the order of the reference.
pub fn kinds(family: Family) -> Vec<&'static Signature> {
    match family {
        Family::Block => blocks::BLOCKS.to_vec(),
        Family::Layer => layers::LAYERS.iter().map(|l| l.signature()).collect(),
        Family::Activation => activations::ACTIVATIONS.iter().map(|a| &a.signature).collect(),
        Family::Initializer => initializers::INITIALIZERS.iter().map(|i| &i.signature).collect(),
        Family::Loss => losses::LOSSES.iter().map(|l| &l.signature).collect(),
        Family::Optimizer => optimizers::OPTIMIZERS.iter().map(|o| &o.signature).collect(),
        Family::Schedule => schedules::SCHEDULES.iter().map(|s| &s.signature).collect(),
        Family::Stop => stops::STOPS.to_vec(),
        Family::Metric => metrics::METRICS.iter().map(|m| &m.signature).collect(),
        Family::Source => sources::signatures(),
    }
}

/// Every kind of every family.
pub fn all() -> Vec<&'static Signature> {
    Family::ALL.into_iter().flat_map(kinds).collect()
}

/// The kind of a family with this name.
pub fn find(family: Family, name: &str) -> Option<&'static Signature> {
    let known = kinds(family);
    #[cfg(test)]
    let known = [known, tests::signatures(family)].concat();
    known.into_iter().find(|s| s.name == name)
}
