//! NN402, NN403 and NN405: weights that start much narrower or wider than their layer's fan asks for.

use super::layers::{Weighted, sharing};
use crate::check::evidence::{LEARNT, short};
use crate::check::rules::Subject;
use crate::diagnostic::{Applicability, Code, Diagnostic, EvidenceKind, Level, codes};

/// A start is called off where its variance is this many times its scheme's, or that share of it.
const OFF: f64 = 7.0;
/// `TheDeepChecker`'s bound for notes.
const NOTED: f64 = 2.706;
/// Hidden layers from which on small factors multiply to large ones.
const MANY: usize = 3;
/// G above which values and gradients blow up.
const WIDE_GAIN: f64 = 100.0;
/// The share of saturated units that is too much: by the weights' distributions alone, and measured where a run goes
/// nowhere.
const SATURATED: (f64, f64) = (0.7, 0.5);
/// The first loss over the loss of the best constant.
const FIRST_LOSS: f64 = 10.0;

/// NN403: a start so wide that units saturate or the first loss is huge, where a run does not get over it.
pub(super) fn wide(subject: &Subject<'_>, layers: &[Weighted<'_>], spoiled: bool, out: &mut Vec<Diagnostic>) {
    let Some(layer) = layers.iter().find(|l| l.weight.written.is_some() && l.excess() > OFF) else { return };
    let propagated = subject.evidence.propagated();
    let saturated = layers.iter().filter(|l| l.hidden).map(|l| propagated.stages[l.at].saturated).fold(0.0, f64::max);
    let start = subject.evidence.start().filter(|s| s.base > s.least);
    let ratio = start.map(crate::check::evidence::Start::ratio);
    let large = ratio.is_some_and(|r| r > FIRST_LOSS || r.is_nan());
    // Half of the values suffice where a run is seen to go nowhere.
    let measured = start.map_or(0.0, |s| {
        let of = |l: &&Weighted<'_>| s.layers.iter().find(|k| k.node == l.at)?.saturated;
        layers.iter().filter(|l| l.hidden).filter_map(|l| of(&l)).fold(0.0, f64::max)
    });
    let stuck = || !spoiled && subject.evidence.learns() == Some(false);
    let is_saturated = saturated > SATURATED.0 || measured > SATURATED.1 && stuck();
    let saturated = saturated.max(measured);
    let signs = [propagated.gain > WIDE_GAIN, is_saturated, large].into_iter().filter(|s| *s).count();
    let blamed = !spoiled && subject.evidence.restarted().is_some();
    // A lone sign is weak evidence: wide networks learn small data by heart from saturated features.
    let level = match signs {
        _ if blamed => Level::Warning,
        0 => return,
        1 if !stuck() => Level::Note,
        _ => Level::Warning,
    };
    let mut facts = Vec::new();
    let mut values = vec![("gain", propagated.gain), ("saturated", saturated)];
    if is_saturated {
        facts.push(format!(
            "{}% of hidden values are where the slope is below 7% of its maximum",
            short(100.0 * saturated)
        ));
    }
    if propagated.gain > WIDE_GAIN {
        facts.push(format!(
            "a change of the first layer's sums is {} times as large at the output",
            short(propagated.gain)
        ));
    }
    if let (Some(ratio), Some(start)) = (ratio, start) {
        values.extend([("first_loss", start.loss), ("base_loss", start.base)]);
        if ratio > FIRST_LOSS || !ratio.is_finite() {
            facts.push(format!(
                "the first loss is {}, {} times that of the best constant output ({})",
                short(start.loss),
                short(ratio),
                short(start.base)
            ));
        }
    }
    let what = format!(
        "the weights of `{}` start {} times as wide as suits its inputs",
        layer.node.label,
        short(layer.excess().sqrt())
    );
    out.push(report(subject, layers, layer, (codes::INIT_WIDE, level, what), facts, values));
}

/// NN402: a start so narrow that the output does not depend on the input.
pub(super) fn narrow(subject: &Subject<'_>, layers: &[Weighted<'_>], spoiled: bool, out: &mut Vec<Diagnostic>) {
    let Some(layer) = layers.iter().find(|l| l.weight.written.is_some() && l.excess() < 1.0 / OFF) else { return };
    let propagated = subject.evidence.propagated();
    let (gain, hidden) = (propagated.gain, propagated.hidden);
    let smooth = layers.iter().filter(|l| l.hidden).all(Weighted::is_straight);
    let fit = if hidden == 1 { subject.evidence.linear_fit() } else { None };
    let blamed = !spoiled && subject.evidence.restarted().is_some();
    let level = match hidden {
        1.. if blamed => Level::Warning,
        1 if smooth && gain < 1e-2 && fit.is_some_and(|r| r < 0.1) => Level::Warning,
        0 | 1 => return,
        _ if gain < 1e-4 => Level::Warning,
        _ if gain < 1e-3 => Level::Note,
        _ => return,
    };
    let learns = !spoiled && !blamed && subject.evidence.learns() == Some(true);
    let level = if learns { Level::Note } else { level };
    let mut facts = vec![format!("a change of the first layer's sums is {} times as large at the output", short(gain))];
    let mut values = vec![("gain", gain)];
    if let Some(fit) = fit {
        facts.push(format!(
            "near 0 the network is linear, and the best linear fit explains {}% of the target: there is no slope to follow",
            short(100.0 * fit)
        ));
        values.push(("linear_fit", fit));
    }
    if let Some(start) = subject.evidence.start() {
        values.push(("output_std", start.output_std));
        facts.push(format!("over the rows the output varies by {}", short(start.output_std)));
    }
    let share = (1.0 / layer.excess().sqrt()).min(1e12);
    let label = &layer.node.label;
    let what = format!("the weights of `{label}` start {} times as narrow as suits its inputs", short(share));
    out.push(report(subject, layers, layer, (codes::INIT_NARROW, level, what), facts, values));
}

/// NN405: off the scheme by a factor that is worth knowing: where factors of several layers multiply, or one is large.
/// Starts that follow the fans by another rule, such as Glorot's before relu, do well in networks of few layers.
pub(super) fn scheme(subject: &Subject<'_>, layers: &[Weighted<'_>], out: &mut Vec<Diagnostic>) {
    let hidden = layers.iter().filter(|l| l.hidden).count();
    let most = if hidden == 1 { OFF } else { NOTED };
    let off = |l: &&Weighted<'_>| {
        let excess = l.excess();
        let is_off = excess > 0.0 && !(1.0 / most..=most).contains(&excess);
        l.hidden && l.weight.written.is_some() && is_off && !(hidden < MANY && l.follows_fans())
    };
    let Some(layer) = layers.iter().find(off) else { return };
    let (scheme, variance) = layer.scheme();
    let std = layer.weight.start.variance().sqrt();
    let what = format!(
        "the weights of `{}` start with a standard deviation of {}, and `{scheme}` has {}",
        layer.node.label,
        short(std),
        short(variance.sqrt())
    );
    let values = vec![("std", std), ("scheme_std", variance.sqrt())];
    out.push(report(subject, layers, layer, (codes::INIT_SCHEME, Level::Note, what), Vec::new(), values));
}

fn report(
    subject: &Subject<'_>,
    layers: &[Weighted<'_>],
    layer: &Weighted<'_>,
    (code, level, message): (Code, Level, String),
    facts: Vec<String>,
    values: Vec<(&'static str, f64)>,
) -> Diagnostic {
    let sharing = sharing(layers, layer);
    let alone = sharing.len() < 2;
    let repair = layer.repair(alone);
    let mut report = Diagnostic::new(code, level, message)
        .at(layer.span(), format!("standard deviation {}", short(layer.weight.start.variance().sqrt())))
        .and(layer.node.span, format!("{} inputs to each unit", layer.weight.fan_in));
    for fact in facts {
        report = report.note_that(fact);
    }
    let whole = subject.evidence.run().filter(|r| r.is_whole() && r.share() > LEARNT);
    if let (Some(run), Some(start)) = (whole, subject.evidence.start())
        && level == Level::Warning
    {
        report = report.note_that(format!(
            "a run of all {} steps ends at a loss of {}; the best constant output has {}",
            run.steps,
            short(run.last),
            short(start.base)
        ));
    }
    if let Some(other) = subject.evidence.restarted().filter(|_| level == Level::Warning) {
        report = report.note_that(format!("with the usual start {} steps end at {}", other.steps, short(other.last)));
    }
    report
        .help(format!("write `{repair}`, which suits {} inputs", layer.weight.fan_in))
        .fix(Applicability::Unsafe, format!("write `{repair}`"), layer.span(), repair)
        .resting_on(EvidenceKind::Estimate, subject.evidence.batch_basis(), values)
}
