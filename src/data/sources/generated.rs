//! Rows that a generator makes up.

use super::Reader;
use crate::catalog::sources::Generator;
use crate::data::dataset::Dataset;
use crate::data::loading::Loading;
use crate::data::rows::{RowPlace, Rows};
use crate::diagnostic::Diagnostic;
use crate::ir::spec::{ColumnName, DataSpec};
use crate::source::Span;
use crate::tensor::Real;

/// What is to be drawn.
pub(super) struct Drawn {
    pub(super) generator: &'static Generator,
    pub(super) samples: usize,
    pub(super) noise: f64,
    pub(super) seed: u64,
}

impl Reader for Drawn {
    fn load<R: Real>(self, loading: &mut Loading<'_>) -> Option<Dataset<R>> {
        let Self { generator, samples, noise, seed } = self;
        let remake = move || Box::new(generator.rows(samples, noise, seed)) as Box<dyn Iterator<Item = Vec<f64>>>;
        let rows = Generated {
            generator,
            rows: remake(),
            remake: Box::new(remake),
            headed: false,
            cells: Vec::new(),
            span: loading.spec.source_span,
        };
        loading.table(rows, &format!("`{}`", generator.name()), &completed(loading.spec, generator))
    }
}

/// The block with what the generator itself says: its target, and that classes are classes.
fn completed(spec: &DataSpec, generator: &Generator) -> DataSpec {
    let mut spec = spec.clone();
    if let (true, Some(&target)) = (spec.target.is_empty(), generator.columns.last()) {
        spec.target = vec![ColumnName { name: target.to_owned(), span: spec.source_span }];
    }
    if generator.classes > 2 && spec.category.iter().all(|c| c.name != "label") {
        spec.category.push(ColumnName { name: "label".to_owned(), span: spec.source_span });
    }
    spec
}

/// Generated rows as texts, so that they go the way of every other row. Numbers survive: a text in shortest
/// form reads back to the same bits.
struct Generated {
    generator: &'static Generator,
    rows: Box<dyn Iterator<Item = Vec<f64>>>,
    remake: Box<dyn Fn() -> Box<dyn Iterator<Item = Vec<f64>>>>,
    headed: bool,
    cells: Vec<String>,
    span: Span,
}

impl Rows for Generated {
    fn advance(&mut self) -> Result<bool, Box<Diagnostic>> {
        if !std::mem::replace(&mut self.headed, true) {
            self.cells = self.generator.columns.iter().map(|&c| c.to_owned()).collect();
            return Ok(true);
        }
        let row = self.rows.next();
        self.cells = row.iter().flatten().map(f64::to_string).collect();
        Ok(row.is_some())
    }

    fn width(&self) -> usize {
        self.cells.len()
    }

    fn cell(&self, column: usize) -> &[u8] {
        self.cells[column].as_bytes()
    }

    fn place(&self, _: Option<usize>, label: String) -> RowPlace {
        RowPlace::Program(self.span, label)
    }

    fn hold(&mut self) {}

    fn is_full(&self) -> bool {
        false
    }

    /// To the first row: nothing else is ever held.
    fn rewind(&mut self) {
        self.rows = (self.remake)();
    }
}

#[cfg(test)]
mod tests;
