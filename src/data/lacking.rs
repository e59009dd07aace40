//! [`Lacking`]: of the rows that are left out, how many lack a cell of each column.

/// Counts by column: the inputs in order, then the targets.
#[derive(Default)]
pub(super) struct Lacking(Vec<usize>);

impl Lacking {
    /// Counts one more row that lacks a cell of a column, and passes on what becomes of the row.
    pub(super) fn add<T>(&mut self, column: usize, outcome: T) -> T {
        if self.0.len() <= column {
            self.0.resize(column + 1, 0);
        }
        self.0[column] += 1;
        outcome
    }

    /// The columns that any row lacks, with how many do.
    pub(super) fn named<'a>(&self, columns: impl Iterator<Item = &'a str>) -> Vec<(String, usize)> {
        let counted = columns.zip(&self.0).filter(|(_, count)| **count > 0);
        counted.map(|(name, count)| (name.to_owned(), *count)).collect()
    }

    /// Whether any row lacks a cell of a column behind the first `inputs`.
    pub(super) fn is_beyond(&self, inputs: usize) -> bool {
        self.0.len() > inputs
    }
}
