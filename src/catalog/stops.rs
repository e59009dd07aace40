//! Stopping rules: when training ends before its epochs.

use super::signature::{Default, Family, Kind, Parameter, Range, Signature};

/// Every stopping rule.
pub static STOPS: &[&Signature] = &[&EARLY];

/// Stops when the watched loss no longer falls; the best weights are restored.
static EARLY: Signature = Signature {
    name: "early",
    family: Family::Stop,
    summary: "stops when the validation loss (without one, the training loss) has not fallen for `patience` epochs; the best weights come back",
    formula: "",
    range: "",
    parameters: &[
        Parameter::positional("patience", Kind::Count(1), Default::Number(10.0), "epochs to wait"),
        Parameter::named(
            "delta",
            Kind::Number(Range::NON_NEGATIVE),
            Default::Number(0.0),
            "a smaller fall does not count",
        ),
    ],
    example: "stop = early(patience=10)",
    source: "Prechelt 1998",
};
