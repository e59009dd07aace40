//! One cause, one report: what follows from a fault that is found is not reported beside it. The table is all there is
//! to it.

use crate::diagnostic::codes::{
    ASYMPTOTE, BIAS_INIT, COLLAPSE, CONSTANT, CONTRADICTION, Code, DEAD_UNITS, DEEP_SIGMOID, DOUBLE_ACTIVATION,
    DOUBLE_SOFTMAX, DROPOUT_NORM, DROPOUT_OUTPUT, DROPOUT_RATE, IDENTIFIER, IMBALANCE, INIT_CENTER, INIT_NARROW,
    INIT_SCHEME, INIT_WIDE, INITIAL_LOSS, LAYER_GRADIENT, LOG_DOMAIN, LOSS_FAMILY, LOST_DIGITS, NO_GRADIENT,
    NORM_BATCH, NORM_BIAS, OUTPUT_LABELS, PENALTY, RATE_HIGH, RATE_LOW, RELU_OUTPUT, SATURATED, SOFTMAX_ONE, STEPS,
    SYMMETRY, TARGET_RANGE, TARGET_SCALE, UNNORMALISED, UNSCALED,
};
use crate::diagnostic::{Diagnostic, Level};

/// `cause` silences `consequences` where it is at least a `least`, and they are not more severe.
struct Fold {
    cause: Code,
    least: Level,
    consequences: &'static [Code],
}

const fn proved(cause: Code, consequences: &'static [Code]) -> Fold {
    Fold { cause, least: Level::Error, consequences }
}

const fn likely(cause: Code, consequences: &'static [Code]) -> Fold {
    Fold { cause, least: Level::Warning, consequences }
}

/// What follows from what.
static FOLDS: &[Fold] = &[
    // An output that cannot move: its loss, its gradients, its starts and its rates are as they are because of it.
    proved(
        SOFTMAX_ONE,
        &[
            TARGET_RANGE,
            LOSS_FAMILY,
            OUTPUT_LABELS,
            RELU_OUTPUT,
            ASYMPTOTE,
            INIT_NARROW,
            SATURATED,
            INITIAL_LOSS,
            LAYER_GRADIENT,
            TARGET_SCALE,
            RATE_HIGH,
            RATE_LOW,
            STEPS,
            PENALTY,
        ],
    ),
    // Logits that are confined: the loss starts and ends high.
    proved(DOUBLE_SOFTMAX, &[LOSS_FAMILY, INITIAL_LOSS, RATE_LOW, DOUBLE_ACTIVATION]),
    // A logarithm of what is no probability: NaN before any rate matters.
    proved(
        LOG_DOMAIN,
        &[LOSS_FAMILY, OUTPUT_LABELS, INITIAL_LOSS, LAYER_GRADIENT, RATE_HIGH, RATE_LOW, DOUBLE_ACTIVATION],
    ),
    // Targets out of reach: the first loss is far off and targets look large; any start saturates.
    proved(TARGET_RANGE, &[LOSS_FAMILY, ASYMPTOTE, SATURATED, INITIAL_LOSS, TARGET_SCALE, RATE_LOW, DOUBLE_ACTIVATION]),
    proved(RELU_OUTPUT, &[TARGET_RANGE, LOSS_FAMILY, INITIAL_LOSS, TARGET_SCALE]),
    proved(OUTPUT_LABELS, &[LOSS_FAMILY, INITIAL_LOSS]),
    proved(UNNORMALISED, &[LOSS_FAMILY, OUTPUT_LABELS, INITIAL_LOSS]),
    // Both losses are changed by one edit.
    likely(OUTPUT_LABELS, &[LOSS_FAMILY]),
    // A network that starts alike, too near or too far: what one batch shows of it follows.
    proved(SYMMETRY, &[INIT_NARROW, INIT_CENTER, INIT_SCHEME, BIAS_INIT, INITIAL_LOSS, LAYER_GRADIENT]),
    likely(INIT_NARROW, &[INIT_SCHEME, INITIAL_LOSS, LAYER_GRADIENT, RATE_LOW]),
    likely(INIT_WIDE, &[INIT_SCHEME, SATURATED, INITIAL_LOSS, LAYER_GRADIENT]),
    likely(INIT_CENTER, &[INIT_SCHEME, SATURATED, DEAD_UNITS, INITIAL_LOSS, LAYER_GRADIENT]),
    // Columns far from 1 raise the first loss, whatever the start. That they saturate units is said: a run shows it.
    likely(UNSCALED, &[INIT_WIDE, DEAD_UNITS, INITIAL_LOSS, LAYER_GRADIENT, STEPS]),
    // Numbers that are rounded into one another: rows look equal, and columns are far from 0, so that units saturate.
    likely(
        LOST_DIGITS,
        &[
            INIT_WIDE,
            SATURATED,
            DEAD_UNITS,
            INITIAL_LOSS,
            LAYER_GRADIENT,
            UNSCALED,
            CONSTANT,
            TARGET_SCALE,
            CONTRADICTION,
            IDENTIFIER,
            RATE_LOW,
            STEPS,
        ],
    ),
    // Targets far from 0 make the first loss large.
    likely(TARGET_SCALE, &[INITIAL_LOSS, RATE_LOW, STEPS]),
    // One class only: there is nothing to tell apart.
    proved(IMBALANCE, &[BIAS_INIT, INITIAL_LOSS, CONTRADICTION]),
    // A rate that diverges, or never moves, explains itself, and what one batch shows besides.
    proved(RATE_HIGH, &[INITIAL_LOSS, STEPS, PENALTY]),
    likely(RATE_HIGH, &[INITIAL_LOSS, LAYER_GRADIENT]),
    likely(RATE_LOW, &[STEPS]),
    // Layers that act as one start as one.
    likely(COLLAPSE, &[INIT_SCHEME]),
    // The slope of the outer activation is the inner one's doing.
    likely(DOUBLE_ACTIVATION, &[SATURATED]),
    proved(DROPOUT_OUTPUT, &[DROPOUT_RATE, INITIAL_LOSS]),
    proved(
        NORM_BATCH,
        &[INIT_NARROW, SATURATED, DEAD_UNITS, INITIAL_LOSS, LAYER_GRADIENT, RATE_LOW, NORM_BIAS, DROPOUT_NORM],
    ),
    likely(DROPOUT_NORM, &[NORM_BIAS]),
    // Weights that no gradient comes to: whatever is seen of their training follows.
    proved(
        NO_GRADIENT,
        &[
            TARGET_RANGE,
            LOSS_FAMILY,
            RELU_OUTPUT,
            INIT_NARROW,
            INIT_WIDE,
            INIT_CENTER,
            INIT_SCHEME,
            SATURATED,
            DEAD_UNITS,
            INITIAL_LOSS,
            LAYER_GRADIENT,
            TARGET_SCALE,
            RATE_HIGH,
            RATE_LOW,
            STEPS,
            PENALTY,
            DOUBLE_ACTIVATION,
        ],
    ),
    likely(DEEP_SIGMOID, &[INIT_NARROW, INIT_SCHEME, LAYER_GRADIENT, RATE_LOW, STEPS]),
];

/// What is named as a cause under another finding, both being kept.
static CAUSES: &[(Code, Code, &str)] = &[
    (UNSCALED, RATE_HIGH, "NN501 says why the limit is so low: the columns are not scaled"),
    (TARGET_SCALE, RATE_HIGH, "NN505 is part of it: the targets are large, and so are the gradients"),
    (UNSCALED, RATE_LOW, "NN501 is part of it: columns of different scales allow no rate that suits them all"),
];

/// Takes consequences out, and names causes that stay.
pub(super) fn fold(found: &mut Vec<Diagnostic>) {
    let present: Vec<(Code, Level)> = found.iter().map(|d| (d.code, d.level)).collect();
    found.retain(|d| {
        let follows = |fold: &Fold| {
            let causes = present.iter().filter(|(code, level)| *code == fold.cause && *level >= fold.least);
            fold.consequences.contains(&d.code) && causes.into_iter().any(|(_, level)| *level >= d.level)
        };
        !FOLDS.iter().any(follows)
    });
    for (cause, under, note) in CAUSES {
        let is_there = found.iter().any(|d| d.code == *cause && d.level >= Level::Warning);
        for diagnostic in found.iter_mut().filter(|d| is_there && d.code == *under) {
            diagnostic.notes.push((*note).to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(found: &[(u16, Level)]) -> Vec<u16> {
        let mut all = found.iter().map(|&(code, level)| Diagnostic::new(Code(code), level, "")).collect();
        fold(&mut all);
        all.iter().map(|d| d.code.0).collect()
    }

    #[test]
    fn consequences_go_and_causes_stay() {
        assert_eq!(
            codes(&[(301, Level::Error), (305, Level::Warning), (409, Level::Warning), (601, Level::Warning)]),
            [301]
        );
        assert_eq!(codes(&[(305, Level::Warning), (409, Level::Warning)]), [305, 409]);
        assert_eq!(codes(&[(403, Level::Note), (409, Level::Warning)]), [403, 409], "a note silences nothing");
        assert_eq!(codes(&[(501, Level::Warning), (601, Level::Error)]), [501, 601]);
    }

    #[test]
    fn a_proof_is_never_silenced_by_less() {
        assert_eq!(codes(&[(501, Level::Warning), (401, Level::Error)]), [501, 401]);
        for fold in FOLDS {
            assert!(!fold.consequences.contains(&fold.cause) && fold.least > Level::Note, "{}", fold.cause);
        }
    }
}
