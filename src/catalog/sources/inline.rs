//! `table { … }`: rows that stand in the program.

use super::{Form, Source, Topic};

/// A table in the program.
pub(super) static INLINE: Source = Source {
    named: None,
    called: "a table in the program",
    form: Form::Columns,
    accepts: &[Topic::Rows, Topic::Columns, Topic::Classes, Topic::Cells, Topic::Text],
    has_own_target: false,
    is_held_out: false,
    held_out_as: "\"FILE.csv\"",
};
