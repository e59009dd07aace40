//! [`Dialect`]: how a table of text is written. What the `data` block says of it, and what a model keeps of it, so that
//! new files are read as the training file was. Not for reading.

use crate::syntax::spell;
use serde::{Deserialize, Serialize};

/// How a table is written. The default is a header, then rows, numbers with decimal points.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dialect {
    /// What stands between cells; `None`: a tab in files that are called so (`.tsv`), else a comma.
    pub separator: Option<u8>,
    /// How numbers are written.
    pub numbers: Numbers,
    /// The texts that mean that a cell holds nothing, beside the usual ones.
    pub missing_values: Vec<String>,
    /// Where the columns' names stand.
    pub header: Header,
    /// Lines of the file before the header.
    pub skip_lines: usize,
    /// Columns whose cells are dates.
    pub dates: Vec<DateColumn>,
}

/// How numbers are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Numbers {
    /// What stands before the fraction.
    pub decimal: Decimal,
    /// What stands between groups of three digits.
    pub thousands: Option<char>,
}

/// What stands before a fraction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decimal {
    /// `0.5`
    #[default]
    Point,
    /// `0,5`
    Comma,
}

/// Where the columns' names stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Header {
    /// Nothing is said: in the first line.
    #[default]
    Unsaid,
    /// In the first line, whatever it looks like.
    First,
    /// Nowhere: the columns are `c0`, `c1`, and so on.
    None,
    /// In the program.
    Names(Vec<String>),
}

/// A column of dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateColumn {
    /// The column.
    pub name: String,
    /// Whether its year, month, weekday and hour are columns too.
    pub parts: bool,
    /// What comes first in `03/04/2021`; settled by the training file where the program does not say.
    pub order: Option<DateOrder>,
}

/// What comes first in a date such as `03/04/2021`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateOrder {
    /// The day.
    Day,
    /// The month.
    Month,
}

impl Dialect {
    /// What a program says of it, setting by setting, as it would be written.
    pub fn settings(&self) -> Vec<(&'static str, String)> {
        let list = |names: &[String]| spell::list(names.iter().map(String::as_str));
        let header = match &self.header {
            Header::Unsaid => None,
            Header::First => Some("true".to_owned()),
            Header::None => Some("false".to_owned()),
            Header::Names(names) => Some(list(names)),
        };
        let dates: Vec<String> = self.dates.iter().map(DateColumn::written).collect();
        let comma = self.numbers.decimal == Decimal::Comma;
        let all = [
            ("separator", self.separator.map(|s| spell::quoted(&char::from(s).to_string()))),
            ("decimal", comma.then(|| spell::quoted(","))),
            ("thousands", self.numbers.thousands.map(|mark| spell::quoted(&mark.to_string()))),
            ("missing_values", (!self.missing_values.is_empty()).then(|| list(&self.missing_values))),
            ("header", header),
            ("skip_lines", (self.skip_lines > 0).then(|| self.skip_lines.to_string())),
            ("date", (!dates.is_empty()).then(|| format!("[{}]", dates.join(", ")))),
        ];
        all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
    }

    /// Whether a character may stand between cells.
    pub fn may_separate(mark: char) -> bool {
        mark == '\t' || (mark.is_ascii() && !mark.is_ascii_alphanumeric() && !mark.is_control() && mark != '"')
    }

    /// Whether cells are read as they stand: no marks, markers or dates of the file's own.
    pub fn is_plain(&self) -> bool {
        self.numbers == Numbers::default() && self.missing_values.is_empty() && self.dates.is_empty()
    }
}

impl Numbers {
    /// Whether a character may stand between groups of digits.
    pub fn may_group(mark: char) -> bool {
        !mark.is_alphanumeric() && !mark.is_control() && !matches!(mark, '"' | '+' | '-')
    }
}

impl DateColumn {
    fn written(&self) -> String {
        let name = spell::name(&self.name);
        let ordered = match self.order {
            Some(DateOrder::Day) => format!("day_first({name})"),
            Some(DateOrder::Month) => format!("month_first({name})"),
            None => name,
        };
        if self.parts { format!("parts({ordered})") } else { ordered }
    }
}

impl Decimal {
    /// The mark itself.
    pub const fn mark(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }
}
