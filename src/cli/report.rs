//! The closing report of a run: splits side by side, the confusion matrix, the predictions of a small table.

use crate::catalog::metrics::{Counts, Outcome, Tally};
use crate::source::visible;
use crate::text;
use crate::train::{Evaluation, Terms};

/// A number that is undefined, as tables show it.
pub(crate) const UNDEFINED: &str = "-";

/// One split's line.
pub(crate) struct Line<'a> {
    /// `training`, `validation`, `test`
    pub name: &'static str,
    /// What it came to.
    pub evaluation: &'a Evaluation,
    /// Its metrics.
    pub metrics: &'a [(&'static str, Outcome)],
}

/// A number of a table: four significant digits, plain unless very large or small.
pub(crate) fn short(value: f64) -> String {
    text::fixed(value, 4)
}

/// Columns aligned, the first to the left, the others to the right; names that came from data without what a terminal
/// would obey.
pub(crate) fn aligned(rows: &[Vec<String>]) -> String {
    let shown = |row: &Vec<String>| row.iter().map(|cell| visible(cell).into_owned()).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = rows.iter().map(shown).collect();
    text::aligned(&rows)
}

/// Rows, loss and metrics of each split; a metric of one class and a mean over several are called so.
pub(crate) fn splits(lines: &[Line<'_>], terms: &Terms) -> String {
    let numbers = |metrics: &[(&'static str, Outcome)]| -> Vec<(&'static str, String)> {
        let number = |(name, outcome): &(&'static str, Outcome)| match outcome {
            Outcome::Number(value) | Outcome::Without(value, _) => Some((*name, short(*value))),
            Outcome::Undefined => Some((*name, UNDEFINED.to_owned())),
            Outcome::Counts(_) | Outcome::Tables(_) => None,
        };
        metrics.iter().filter_map(number).collect()
    };
    let mut head = vec![String::new(), "rows".to_owned(), "loss".to_owned()];
    if let Some(line) = lines.first() {
        head.extend(numbers(line.metrics).iter().map(|(name, _)| terms.title(name)));
    }
    let mut rows = vec![head];
    for line in lines {
        let mut row = vec![line.name.to_owned(), line.evaluation.rows.to_string(), short(line.evaluation.loss)];
        row.extend(numbers(line.metrics).into_iter().map(|(_, value)| value));
        rows.push(row);
    }
    aligned(&rows)
}

/// More classes or labels have no tables of their own.
const MOST_CLASSES: usize = 20;

/// Rows by true and predicted class; of labels, a table for each.
pub(crate) fn confusion(split: &str, tally: &Tally, terms: &Terms) -> Option<String> {
    if terms.names.len() > MOST_CLASSES {
        return None;
    }
    match &tally.counts {
        Counts::Classes(counts) => {
            let counts: Vec<&[u64]> = counts.iter().map(Vec::as_slice).collect();
            let head = format!("{split} rows: true class, then predicted as");
            let names: Vec<&str> = terms.names.iter().map(String::as_str).collect();
            (counts.len() == names.len()).then(|| counted(head, &names, &counts))
        }
        Counts::Labels(hits) => {
            let table = |(k, table): (usize, [[u64; 2]; 2])| {
                let head = format!("{split} rows: true `{}`, then predicted", terms.name(k));
                counted(head, &["no", "yes"], &[&table[0], &table[1]])
            };
            let tables: Vec<String> = hits.iter().map(|h| h.table()).enumerate().map(table).collect();
            Some(tables.join("\n"))
        }
        Counts::Values(_) => None,
    }
}

fn counted(head: String, names: &[&str], counts: &[&[u64]]) -> String {
    let mut rows = vec![std::iter::once(head).chain(names.iter().map(|n| (*n).to_owned())).collect::<Vec<_>>()];
    for (name, counts) in names.iter().zip(counts) {
        rows.push(std::iter::once((*name).to_owned()).chain(counts.iter().map(ToString::to_string)).collect());
    }
    aligned(&rows)
}
