//! A path in quotes: a file of lines, a row each, plain or gzip.

use super::{Form, Source, Topic};

/// A file of lines.
pub(super) static DELIMITED: Source = Source {
    named: None,
    called: "a table",
    form: Form::Columns,
    accepts: &Topic::ALL,
    has_own_target: false,
    is_held_out: true,
    held_out_as: "\"FILE.csv\"",
};

/// Endings of the names of such files, before that of gzip.
const ENDINGS: &[&str] = &["csv", "tsv", "txt", "data"];

/// Whether a path ends as those of such files do; else how it ends.
pub fn is_table(path: &str) -> Result<(), Option<String>> {
    let lower = path.to_ascii_lowercase();
    let ending = lower.strip_suffix(".gz").unwrap_or(&lower).rsplit_once('.').map(|(_, ending)| ending.to_owned());
    if ending.as_deref().is_some_and(|ending| ENDINGS.contains(&ending)) { Ok(()) } else { Err(ending) }
}
