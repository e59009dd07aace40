//! NN401–NN410: how weights start. One cause is reported once: equal units explain every other oddity of the start, a
//! start far too wide explains saturation and a large first loss, one far too narrow the vanished gradients.

mod bias;
mod center;
mod layers;
mod pass;
mod scale;
mod symmetry;

use super::outputs::PROVED as OUTPUT;
use super::{Cause, Check, Needs};
use crate::diagnostic::{Code, codes};
pub(super) use layers::{Weighted, weighted};

/// Units that are proved equal explain every other oddity of the start.
const EQUAL: Cause = Cause::proved(&[codes::SYMMETRY]);
/// What is wrong with the distributions that weights start from.
const DISTRIBUTION: &[Code] = &[codes::INIT_WIDE, codes::INIT_NARROW, codes::INIT_CENTER];

/// The family's checks.
pub(super) static CHECKS: &[Check] = &[
    Check {
        reports: &[codes::SYMMETRY],
        needs: Needs::Program,
        silenced_by: &[],
        look: |all, out| symmetry::run(all.subject, all.layers(), out),
    },
    Check {
        reports: &[codes::INIT_WIDE],
        needs: Needs::Trial,
        silenced_by: &[EQUAL],
        look: |all, out| scale::wide(all.subject, all.layers(), OUTPUT.is_among(out), out),
    },
    Check {
        reports: &[codes::INIT_NARROW],
        needs: Needs::Trial,
        silenced_by: &[EQUAL, Cause::any(&[codes::INIT_WIDE])],
        look: |all, out| scale::narrow(all.subject, all.layers(), OUTPUT.is_among(out), out),
    },
    Check {
        reports: &[codes::INIT_CENTER],
        needs: Needs::Trial,
        silenced_by: &[EQUAL, Cause::any(&[codes::INIT_WIDE, codes::INIT_NARROW])],
        look: |all, out| center::run(all.subject, all.layers(), OUTPUT.is_among(out), out),
    },
    Check {
        reports: &[codes::DEAD_UNITS],
        needs: Needs::Trial,
        silenced_by: &[OUTPUT, EQUAL, Cause::likely(DISTRIBUTION)],
        look: |all, out| pass::dead(all.subject, out),
    },
    Check {
        reports: &[codes::SATURATED],
        needs: Needs::Trial,
        silenced_by: &[OUTPUT, EQUAL, Cause::likely(DISTRIBUTION), Cause::likely(&[codes::DEAD_UNITS])],
        look: |all, out| pass::saturated(all.subject, out),
    },
    Check {
        reports: &[codes::LAYER_GRADIENT],
        needs: Needs::Trial,
        silenced_by: &[OUTPUT, EQUAL, Cause::likely(DISTRIBUTION), Cause::any(&[codes::DEAD_UNITS, codes::SATURATED])],
        look: |all, out| pass::uneven(all.subject, out),
    },
    Check {
        reports: &[codes::INITIAL_LOSS],
        needs: Needs::Trial,
        silenced_by: &[
            OUTPUT,
            EQUAL,
            Cause::likely(DISTRIBUTION),
            Cause::any(&[codes::DEAD_UNITS, codes::SATURATED, codes::LAYER_GRADIENT]),
        ],
        look: |all, out| pass::first_loss(all.subject, out),
    },
    Check {
        reports: &[codes::INIT_SCHEME],
        needs: Needs::Trial,
        silenced_by: &[
            EQUAL,
            Cause::any(DISTRIBUTION),
            Cause::any(&[codes::DEAD_UNITS, codes::SATURATED, codes::LAYER_GRADIENT, codes::INITIAL_LOSS]),
        ],
        look: |all, out| scale::scheme(all.subject, all.layers(), out),
    },
    Check {
        reports: &[codes::BIAS_INIT],
        needs: Needs::Program,
        silenced_by: &[EQUAL],
        look: |all, out| bias::run(all.subject, out),
    },
];

/// A start that is proved wrong: no run of it shows anything else.
pub(super) const PROVED: Cause = Cause::proved(&[
    codes::SYMMETRY,
    codes::INIT_NARROW,
    codes::INIT_WIDE,
    codes::INIT_CENTER,
    codes::INIT_SCHEME,
    codes::BIAS_INIT,
    codes::SATURATED,
    codes::DEAD_UNITS,
    codes::INITIAL_LOSS,
    codes::LAYER_GRADIENT,
]);
