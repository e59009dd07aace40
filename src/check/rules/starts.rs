//! NN401–NN410: how weights start. One cause is reported once: equal units explain every other oddity of the start, a
//! start far too wide explains saturation and a large first loss, one far too narrow the vanished gradients.

mod bias;
mod center;
mod layers;
mod pass;
mod scale;
mod symmetry;

use super::Subject;
use crate::diagnostic::{Diagnostic, Level};

/// Runs the family.
pub(super) fn run(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    // What the output proves wrong spoils whatever a pass or a run would show.
    let spoiled = out.iter().any(|d| d.level == Level::Error && (300..400).contains(&d.code.0));
    let layers = layers::weighted(&subject.program.network);
    if symmetry::run(subject, &layers, out) {
        return;
    }
    let reported = out.len();
    scale::wide(subject, &layers, spoiled, out);
    if out.len() == reported {
        scale::narrow(subject, &layers, spoiled, out);
    }
    if out.len() == reported {
        center::run(subject, &layers, spoiled, out);
    }
    let explained = out[reported..].iter().any(|d| d.level >= Level::Warning);
    if !explained && !spoiled {
        pass::run(subject, out);
    }
    if out.len() == reported {
        scale::scheme(subject, &layers, out);
    }
    bias::run(subject, out);
}
