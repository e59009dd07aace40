//! The closing report of a run: splits side by side, the confusion matrix, the predictions of a small table.

use crate::catalog::metrics::{Outcome, Tally};
use crate::source::visible;
use crate::train::Evaluation;

/// One split's line.
pub(crate) struct Line<'a> {
    /// `training`, `validation`, `test`
    pub name: &'static str,
    /// What it came to.
    pub evaluation: &'a Evaluation,
    /// Its metrics.
    pub metrics: &'a [(&'static str, Outcome)],
}

/// A number as people read it: four significant digits, plain unless very large or small.
pub(crate) fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return format!("{value}");
    }
    let magnitude = value.abs().log10().floor() as i32;
    if !(-4..7).contains(&magnitude) {
        return format!("{value:.3e}");
    }
    let decimals = (3 - magnitude).max(0) as usize;
    format!("{value:.decimals$}")
}

/// Columns aligned: the first to the left, the others to the right.
pub(crate) fn aligned(rows: &[Vec<String>]) -> String {
    let shown = |row: &Vec<String>| row.iter().map(|cell| visible(cell).into_owned()).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = rows.iter().map(shown).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|r| r.get(column)).map(|c| c.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
            if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        text.push_str(cells.collect::<Vec<_>>().join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// Rows, loss and metrics of each split.
pub(crate) fn splits(lines: &[Line<'_>]) -> String {
    let numbers = |metrics: &[(&'static str, Outcome)]| -> Vec<(&'static str, f64)> {
        metrics.iter().filter_map(|(n, o)| if let Outcome::Number(v) = o { Some((*n, *v)) } else { None }).collect()
    };
    let mut head = vec![String::new(), "rows".to_owned(), "loss".to_owned()];
    if let Some(line) = lines.first() {
        head.extend(numbers(line.metrics).iter().map(|(name, _)| (*name).to_owned()));
    }
    let mut rows = vec![head];
    for line in lines {
        let mut row = vec![line.name.to_owned(), line.evaluation.rows.to_string(), short(line.evaluation.loss)];
        row.extend(numbers(line.metrics).iter().map(|(_, value)| short(*value)));
        rows.push(row);
    }
    aligned(&rows)
}

/// The most classes whose confusion matrix is printed.
const MOST_CLASSES: usize = 20;

/// Rows by true and predicted class.
pub(crate) fn confusion(split: &str, tally: &Tally, classes: &[String]) -> Option<String> {
    let Tally::Classes(counts) = tally else { return None };
    if counts.len() > MOST_CLASSES || counts.len() != classes.len() {
        return None;
    }
    let mut rows = vec![
        std::iter::once(format!("{split} rows: true class, then predicted as"))
            .chain(classes.iter().cloned())
            .collect::<Vec<_>>(),
    ];
    for (class, counts) in classes.iter().zip(counts) {
        rows.push(std::iter::once(class.clone()).chain(counts.iter().map(ToString::to_string)).collect());
    }
    Some(aligned(&rows))
}
