//! Stopping rules: when training ends before its epochs.

use super::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};

/// The names of its parameters.
pub(crate) mod key {
    use crate::catalog::signature::Key;

    pub(crate) const PATIENCE: Key<u64> = Key::new("patience");
    pub(crate) const DELTA: Key<f64> = Key::new("delta");
}

/// Every stopping rule.
pub static STOPS: &[&Signature] = &[&EARLY];

/// Stops when the watched loss no longer falls; the weights of its least value are restored, however the run ends.
/// What is watched where there are no validation rows is `train::stopping`'s.
static EARLY: Signature = Signature {
    name: "early",
    family: Family::Stop,
    summary: "stops when the validation loss (without one, the training loss) has not fallen for `patience` epochs; however the run ends, the weights of the least loss come back",
    formula: "the first epoch e of least Lₑ. With validation rows Lₑ is their loss after e. Without: where an epoch is one step, and layers act in training as in prediction, `train_loss`, whose weights are those before the step; else the loss of the training rows after e (`evaluated_loss` in the log)",
    range: "",
    parameters: &[
        Parameter::positional(key::PATIENCE, Kind::Count(1), DefaultValue::Number(10.0), "epochs to wait"),
        Parameter::named(
            key::DELTA,
            Kind::Number(Range::NON_NEGATIVE),
            DefaultValue::Number(0.0),
            "falls of this much or less do not end the waiting; the best epoch is the one of the least loss all the same",
        ),
    ],
    example: "stop = early(patience=10)",
    source: "Prechelt 1998",
    foreign: Foreign { names: &["early_stopping"], parameters: &[("min_delta", "delta")], ..Foreign::NONE },
};
