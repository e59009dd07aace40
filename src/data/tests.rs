//! What the tests of readers share: `data` blocks, files in memory, and what became of them.

use super::*;
use crate::diagnostic::{Code, Diagnostic, Level};
use crate::ir::dialect::Dialect;
use crate::ir::spec::{ColumnName, DataSource, DataSpec, Holdout, Missing, Places, Scale};
use crate::source::{Span, Spanned};

pub(super) const SOURCE: Span = Span::new(5, 11);

/// A data block with nothing set but its source.
pub(super) fn block(source: DataSource) -> DataSpec {
    DataSpec {
        source,
        source_span: SOURCE,
        target: Vec::new(),
        target_span: None,
        lacks_target: false,
        inputs: None,
        ignore: Vec::new(),
        category: Vec::new(),
        scale: Spanned::default(Scale::None),
        target_scale: Spanned::default(Scale::None),
        missing: Spanned::default(Missing::Error),
        unseen: false,
        weight: None,
        validation: None,
        test: None,
        split_seed: Spanned::default(0),
        stratify: Spanned::default(true),
        positive: None,
        classes: None,
        dates: Vec::new(),
        dialect: Dialect::default(),
        places: Places::default(),
    }
}

/// One whose source is `a.csv`.
pub(super) fn csv(target: &str) -> DataSpec {
    let mut spec = block(DataSource::Delimited { path: "a.csv".into() });
    spec.target = columns(&[target]);
    spec
}

/// Names at made-up places, the n-th at 100 + 10n.
pub(super) fn columns(names: &[&str]) -> Vec<ColumnName> {
    let place = |n: usize, name: &str| Span::new(100 + 10 * n, 100 + 10 * n + name.len());
    names.iter().enumerate().map(|(n, name)| ColumnName { name: (*name).into(), span: place(n, name) }).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "as it stands in the block")]
pub(super) fn share(share: f64) -> Option<Spanned<Holdout>> {
    Some(Spanned::written(Holdout::Share(share), Span::new(200, 203)))
}

#[expect(clippy::unnecessary_wraps, reason = "as it stands in the block")]
pub(super) fn file(path: &str) -> Option<Spanned<Holdout>> {
    Some(Spanned::written(Holdout::Source(DataSource::Delimited { path: path.into() }), Span::new(210, 217)))
}

/// The rows, of which nothing is said.
pub(super) fn good<R: crate::tensor::Real>(spec: &DataSpec, files: &Memory) -> Dataset<R> {
    let (dataset, reports) = load(spec, files, None);
    assert!(reports.is_empty(), "{reports:#?}");
    dataset.expect("a dataset")
}

/// `a.csv` alone.
pub(super) fn text(text: impl Into<Vec<u8>>) -> Memory {
    Memory::new().with("a.csv", text)
}

/// The reports on rows that are not to be had.
pub(super) fn bad(spec: &DataSpec, files: &dyn Files) -> Vec<Diagnostic> {
    let (dataset, reports) = load::<f32>(spec, files, None);
    assert!(dataset.is_none(), "a dataset in spite of {reports:#?}");
    assert!(reports.iter().any(|r| r.level == Level::Error), "{reports:#?}");
    reports
}

/// The one report there is, of this code, its message holding `says`.
pub(super) fn only(reports: &[Diagnostic], code: Code, says: &str) -> Diagnostic {
    assert_eq!(reports.len(), 1, "{reports:#?}");
    assert_eq!(reports[0].code, code, "{reports:#?}");
    assert!(reports[0].message.contains(says), "{}", reports[0].message);
    reports[0].clone()
}

/// Line, column and marked text of a report's first excerpt.
pub(super) fn place(report: &Diagnostic) -> (usize, usize, &str) {
    let e = &report.excerpts[0];
    (e.line, e.column, &e.text[e.start..e.end])
}
