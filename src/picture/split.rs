//! What rows of data are for: each split has a colour and a shape of its own in every picture.

/// What rows are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Split {
    /// To train on: a disc.
    #[default]
    Training,
    /// To watch training: a diamond.
    Validation,
    /// To judge the result: a triangle.
    Test,
}

impl Split {
    /// All of them, in the order of a legend.
    pub const ALL: [Self; 3] = [Self::Training, Self::Validation, Self::Test];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Training => "training",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }
}
