//! Data sources: what may stand between `data` and `{`. Each is a file that states all there is to say before a row is
//! read: its reference entry, which settings of `data` mean something to it, and what its reader is to open. Paths and
//! tables in the program have no name; the rest do.

mod blobs;
mod circle;
mod delimited;
mod generator;
mod idx;
mod inline;
mod moons;
mod sine;
mod spiral;
#[cfg(test)]
mod tests;
mod topic;
mod xor;

use super::bind::Arguments;
use super::signature::Signature;
use crate::diagnostic::Diagnostic;
use crate::syntax::tree::Table;
pub use delimited::is_table;
pub use generator::Generator;
pub use topic::Topic;

/// One kind of source.
#[derive(Debug)]
pub struct Source {
    /// How it is written in a program, where it has a name.
    pub named: Option<Named>,
    /// What reports call its rows: `IDX data`.
    pub called: &'static str,
    /// What its rows are.
    pub form: Form,
    /// What settings of `data` may speak of.
    pub accepts: &'static [Topic],
    /// Whether it says itself what is predicted; of the others the program does.
    pub has_own_target: bool,
    /// Whether its rows may be held out beside those of another source: `test = …`.
    pub is_held_out: bool,
    /// What a program writes to hold out rows beside its own, as they are.
    pub held_out_as: &'static str,
}

/// A source that is written by its name.
#[derive(Debug)]
pub struct Named {
    /// Its reference entry.
    pub signature: Signature,
    /// What else the reference says of it.
    pub remarks: &'static [(&'static str, &'static str)],
    /// What its reader is to open, by sound arguments.
    pub configure: fn(&Arguments) -> Result<DataSource, Box<Diagnostic>>,
}

/// What rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Cells in columns that have names.
    Columns,
    /// Numbers in a shape, none of which has a name.
    Block,
}

/// Every source, those without a name first, the rest in the order of the reference.
pub static SOURCES: &[&Source] = &[
    &delimited::DELIMITED,
    &inline::INLINE,
    &idx::IDX,
    &xor::XOR.source,
    &circle::CIRCLE.source,
    &moons::MOONS.source,
    &spiral::SPIRAL.source,
    &blobs::BLOBS.source,
    &sine::SINE.source,
];

/// The source with this reference entry.
pub fn of(signature: &Signature) -> Option<&'static Named> {
    SOURCES.iter().filter_map(|source| source.named.as_ref()).find(|named| named.signature.name == signature.name)
}

/// The reference entries of those that have a name.
pub fn signatures() -> Vec<&'static Signature> {
    SOURCES.iter().filter_map(|source| source.named.as_ref()).map(|named| &named.signature).collect()
}

/// The reference entries of those whose rows may be held out.
pub(super) fn held_out() -> impl Iterator<Item = &'static Signature> {
    let held_out = SOURCES.iter().filter(|source| source.is_held_out);
    held_out.filter_map(|source| source.named.as_ref()).map(|named| &named.signature)
}

/// What else holds of a source.
pub fn remarks(signature: &Signature) -> &'static [(&'static str, &'static str)] {
    of(signature).map_or(&[], |named| named.remarks)
}

/// Where rows come from: what a reader opens.
#[derive(Clone, Debug, PartialEq)]
pub enum DataSource {
    /// A `.csv` (comma) or `.tsv` (tab) file, relative to the program.
    Delimited {
        /// The path as written.
        path: String,
    },
    /// A table in the program: a header and rows of cells.
    Inline(Table),
    /// A pair of IDX files, plain or gzip.
    Idx {
        /// Inputs.
        inputs: String,
        /// Labels or values.
        targets: String,
    },
    /// Rows that are made up.
    Generator {
        /// By which rule.
        generator: &'static Generator,
        /// How many.
        samples: usize,
        /// Standard deviation of the noise.
        noise: f64,
        /// Seed of its own stream.
        seed: u64,
    },
}

impl DataSource {
    /// What holds of it.
    pub fn kind(&self) -> &'static Source {
        match self {
            Self::Delimited { .. } => &delimited::DELIMITED,
            Self::Inline(_) => &inline::INLINE,
            Self::Idx { .. } => &idx::IDX,
            Self::Generator { generator, .. } => &generator.source,
        }
    }

    /// The files that it names, as written.
    pub fn files(&self) -> Vec<&str> {
        match self {
            Self::Delimited { path } => vec![path],
            Self::Idx { inputs, targets } => vec![inputs, targets],
            Self::Inline(_) | Self::Generator { .. } => Vec::new(),
        }
    }
}
