//! [`Topic`]: what a setting of `data` speaks of. A source that has no such thing does not take the setting.

/// What a setting speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Rows, whatever they hold.
    Rows,
    /// Columns, by their names.
    Columns,
    /// Classes, by their names.
    Classes,
    /// Cells that are missing, or that training has not seen.
    Cells,
    /// How the text of cells is read.
    Text,
    /// How a file's lines are read.
    File,
}

impl Topic {
    /// Every topic.
    pub const ALL: [Self; 6] = [Self::Rows, Self::Columns, Self::Classes, Self::Cells, Self::Text, Self::File];

    /// The settings that speak of it.
    pub const fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Rows => &["scale", "target_scale", "validation", "test", "split_seed", "stratify", "positive"],
            Self::Columns => &["target", "inputs", "ignore", "category", "weight"],
            Self::Classes => &["classes"],
            Self::Cells => &["missing", "unseen"],
            Self::Text => &["decimal", "missing_values", "date"],
            Self::File => &["separator", "header", "skip_lines", "thousands"],
        }
    }

    /// Why a source called so does not take `setting`, as a sentence.
    pub fn refusal(self, setting: &str, called: &str) -> String {
        match self {
            Self::Rows => format!("`{setting}` speaks of rows, and {called} has none"),
            Self::Columns => format!("{called} has no columns, so `{setting}` means nothing"),
            Self::Classes => format!("the classes of {called} are numbers from 0, so `{setting}` means nothing"),
            Self::Cells => format!("{called} has no missing cells and no texts, so `{setting}` means nothing"),
            Self::Text | Self::File => format!("`{setting}` speaks of a file's text, and {called} has none"),
        }
    }

    /// What is marked in such a report.
    pub const fn lacking(self) -> &'static str {
        match self {
            Self::Rows => "of no rows",
            Self::Columns => "no such column",
            Self::Classes => "no names of classes",
            Self::Cells => "of no cells",
            Self::Text | Self::File => "of no file",
        }
    }
}
