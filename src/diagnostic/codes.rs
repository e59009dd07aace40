//! The codes and what is fixed about each: number, name, summary, page. `nn explain` and `nn doc --rules` read this table.

use std::fmt;

/// The number of a rule: `Code(304)` is written `NN304`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NN{:03}", self.0)
    }
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its number, never used for another rule.
    pub code: Code,
    /// Its name: `target-range`.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    /// The page in Markdown.
    pub page: &'static str,
}

macro_rules! rules {
    ($($constant:ident = $number:literal $name:literal $summary:literal;)*) => {
        $(#[doc = $summary] pub const $constant: Code = Code($number);)*

        /// Every rule, by number.
        pub static RULES: &[Rule] = &[$(Rule {
            code: $constant,
            name: $name,
            summary: $summary,
            page: include_str!(concat!("pages/NN", stringify!($number), ".md")),
        }),*];
    };
}

rules! {
    SYNTAX = 101 "syntax" "a line that the grammar cannot read";
    UNCLOSED = 102 "unclosed" "a block, parenthesis, bracket or text that is never closed";
    UNKNOWN = 103 "unknown-name" "a name that the catalog, the program or the data does not have";
    DUPLICATE = 104 "duplicate" "a setting, label, block or binding given twice";
    DOMAIN = 105 "value-domain" "a value of the wrong kind or outside what its place allows";
    MISSING = 106 "missing" "a block, setting or value that is required";
    EXCLUSIVE = 107 "exclusive" "settings that exclude each other";
    UNUSED = 108 "unused" "something defined that nothing uses";
    ALLOW = 109 "allow" "an `allow` comment that names no rule or silences nothing";
    DATA_FILE = 110 "data-file" "a data file that cannot be opened or read";
    DATA_FORMAT = 111 "data-format" "a data file whose structure is broken";
    DATA_VALUE = 112 "data-value" "a cell that is not what its column holds";
    DATA_SPLIT = 113 "data-split" "a split that leaves no rows to train on";
    DATA_FIT = 114 "data-fit" "data whose columns do not fit the model";
    MODEL_FILE = 115 "model-file" "a model or weights file that cannot be used";
    ALIAS = 116 "alias" "a name that the field uses, written in the language's own words";
    INPUT_WIDTH = 201 "input-width" "a declared input that is not what the data has";
    OUTPUT_WIDTH = 202 "output-width" "an output as wide as neither the classes nor the targets";
    RANK = 203 "rank" "a layer given an input of the wrong rank";
    WINDOW = 204 "window" "a window larger than what it slides over";
    RESHAPE = 205 "reshape" "a reshape that changes the number of values";
    LABEL_DOMAIN = 206 "label-domain" "targets that the loss cannot take as labels";
    METRIC = 309 "metric" "a metric that says nothing of such a target";
    NON_FINITE = 503 "non-finite" "a missing, NaN or infinite value in the data";
    FIRST_NON_FINITE = 801 "first-non-finite" "the loss or a value became NaN or infinite during training";
}

/// The rule of a code.
pub fn rule(code: Code) -> Option<&'static Rule> {
    RULES.iter().find(|r| r.code == code)
}

/// The rule that `text` names: `NN304`, `304` or `target-range`.
pub fn find(text: &str) -> Option<&'static Rule> {
    let number = text.strip_prefix("NN").or_else(|| text.strip_prefix("nn")).unwrap_or(text);
    RULES.iter().find(|r| r.name == text || number.parse() == Ok(r.code.0))
}
