//! What one change would do: where a run learns little and no rule has said why, the changes that people are advised to
//! make are tried on the program itself, one at a time, and the one that helps far more than any other is reported.
//! What is tried is the edit that is offered.

use super::columns::scaled;
use super::outputs::PROVED as OUTPUT;
use super::starts::PROVED as START;
use super::{Cause, Check, Needs, Shared, Subject, edits, say};
use crate::catalog::layers::LayerRole;
use crate::check::evidence::{Evidence, LEARNT, Probe, neat, short};
use crate::diagnostic::{Applicability, Code, Diagnostic, Edit, EvidenceKind, Fix, codes};
use crate::ir::spec::Scale;
use crate::source::Span;

/// Of a run whose network cannot know its rows by heart, so much of a constant output's loss is worth a look.
const LITTLE: f64 = 0.1;
/// Of one that can: more rate or time would fit its noise.
const MUCH: f64 = 0.9;
/// The same for changes that take away what holds a network back.
const HELD_BACK: f64 = 0.6;
/// The first of the changes whose share is near that of the best, or as good as none, is reported.
const NEAR: f64 = 1.5;
/// Other seeds that are tried where units are few.
const SEEDS: u64 = 4;
/// A batch's loss so many times the first has risen.
const RISEN: f64 = 1.3;
/// As good as none.
const NONE: f64 = 0.04;
/// Units of a hidden layer with which exclusive or and its like hang on the draw of the weights no more.
const UNITS: usize = 8;

/// What explains a run that learns little, besides its output and its start.
const EXPLAINED: Cause = Cause::likely(&[
    codes::UNSCALED,
    codes::TARGET_SCALE,
    codes::RATE_HIGH,
    codes::RATE_LOW,
    codes::STEPS,
    codes::PENALTY,
    codes::COLLAPSE,
    codes::DOUBLE_ACTIVATION,
    codes::NORM_BATCH,
    codes::DROPOUT_OUTPUT,
    codes::DROPOUT_RATE,
    codes::DEEP_SIGMOID,
    codes::NO_GRADIENT,
]);

pub(super) static CHECKS: &[Check] = &[Check {
    reports: &[codes::UNSCALED, codes::PENALTY, codes::DROPOUT_RATE, codes::RATE_LOW, codes::NARROW],
    needs: Needs::Trial,
    silenced_by: &[OUTPUT.or_likely(), START.or_likely(), EXPLAINED],
    look: run,
}];

/// A change that may help.
struct Change {
    code: Code,
    /// What is at fault, and what is said of it there.
    place: (Span, String),
    /// How the program with the change is spoken of: `without dropout`.
    with: String,
    help: String,
    /// The share of a constant output's loss from which on it is tried, of a network that can know its rows by heart.
    bound: f64,
    edits: Vec<Edit>,
}

fn run(shared: &Shared<'_>, out: &mut Vec<Diagnostic>) {
    let subject = shared.subject;
    let Some(run) = subject.evidence.run() else { return };
    let (facts, parameters) = (&subject.program.facts, subject.program.network.parameter_count());
    let by_heart = parameters >= facts.training_rows;
    let bound = |change: &Change| if by_heart { change.bound } else { LITTLE };
    // Of a long run's beginning only that is telling which shows nothing at all.
    let is_seen = run.is_whole() || run.share() > MUCH;
    if run.base <= run.least || run.share() <= LITTLE || !is_seen {
        return;
    }
    let helpful = |changes: Vec<Change>| -> Vec<(Change, Probe)> {
        let mut changes = changes;
        changes.retain(|change| run.share() > bound(change) && change.edits.iter().all(|e| subject.is_of_file(e.span)));
        let tried =
            changes.into_iter().filter_map(|change| (subject.trial)(&change.edits).map(|probe| (change, probe)));
        // A rate that throws the loss up at first would be the next thing to be told of.
        let is_calm = |probe: &Probe| !probe.is_beyond(probe.highest, RISEN) || probe.highest <= run.highest;
        tried.filter(|(_, probe)| Evidence::outdoes(probe, run) && is_calm(probe)).collect()
    };
    let mut tried = helpful(wider(subject).into_iter().collect());
    if tried.is_empty() || !subject.evidence.is_luck_among(SEEDS) {
        tried = if subject.evidence.is_luck() { Vec::new() } else { helpful(changes(shared)) };
    }
    let best = tried.iter().map(|(_, probe)| probe.share()).fold(f64::INFINITY, f64::min);
    let first = tried.into_iter().find(|(_, probe)| probe.share() <= (NEAR * best).max(NONE));
    if let Some((change, probe)) = first {
        out.push(report(run, change, &probe));
    }
}

fn report(run: &Probe, change: Change, other: &Probe) -> Diagnostic {
    let (span, label) = change.place;
    let whole = if run.is_whole() { "all " } else { "the first " };
    let message = format!("{whole}{} end at a loss of {}", say::count(run.steps as usize, "step"), short(run.last));
    let mut report = Diagnostic::warning(change.code, message)
        .at(span, label)
        .note_that(format!(
            "{} {} end at {}; the best constant output has {}",
            change.with,
            say::count(other.steps as usize, "step"),
            short(other.last),
            short(other.base)
        ))
        .help(change.help.clone())
        .resting_on(
            EvidenceKind::Probe,
            other.basis(),
            vec![("last_loss", run.last), ("changed_loss", other.last), ("base_loss", run.base)],
        );
    report.fixes.push(Fix { title: change.help, applicability: Applicability::Unsafe, edits: change.edits });
    report
}

/// In the order of what is more likely meant.
fn changes(shared: &Shared<'_>) -> Vec<Change> {
    let subject = shared.subject;
    let mut all = Vec::new();
    all.extend(scale(shared));
    all.extend(penalty(subject));
    all.extend(dropout(subject));
    all.extend(schedule(subject));
    all.extend(rates(subject));
    all
}

/// Where the run hangs on the draw of the weights: so many units that one of them lies right.
fn wider(subject: &Subject<'_>) -> Option<Change> {
    let mut narrow: Vec<_> = super::starts::weighted(&subject.program.network)
        .into_iter()
        .filter(|l| l.hidden && l.node.shape.size() < UNITS)
        .filter_map(|l| Some((l.node.shape.size(), l.node.width_span()?)))
        .collect();
    narrow.dedup();
    let (units, span) = *narrow.first()?;
    Some(Change {
        code: codes::NARROW,
        place: (span, say::count(units, "unit")),
        with: format!("with another seed a run ends far lower, and with {UNITS} units"),
        help: format!("write `{UNITS}`"),
        bound: LITTLE,
        edits: narrow.into_iter().map(|(_, span)| Edit { span, text: UNITS.to_string() }).collect(),
    })
}

fn scale(all: &Shared<'_>) -> Option<Change> {
    let subject = all.subject;
    let data = &subject.program.data;
    if data.scale.value != Scale::None || !all.features().is_far_from_one() {
        return None;
    }
    Some(Change {
        code: codes::UNSCALED,
        place: (data.scale.span.unwrap_or(data.source_span), "inputs as they are measured".to_owned()),
        with: "with standardised inputs".to_owned(),
        help: "write `scale = standard` in `data`".to_owned(),
        bound: LEARNT,
        edits: scaled(subject)?.edits,
    })
}

fn penalty(subject: &Subject<'_>) -> Option<Change> {
    let training = &subject.program.training;
    let (name, setting) = if training.l2.value > 0.0 { ("l2", training.l2) } else { ("l1", training.l1) };
    let span = setting.span.filter(|_| setting.value > 0.0)?;
    let less = neat(0.01 * setting.value);
    Some(Change {
        code: codes::PENALTY,
        place: (span, "holds the weights near 0".to_owned()),
        with: format!("with {less}"),
        help: format!("write `{name} = {less}`"),
        bound: HELD_BACK,
        edits: vec![Edit { span, text: less }],
    })
}

fn dropout(subject: &Subject<'_>) -> Option<Change> {
    let drops = |role: LayerRole| matches!(role, LayerRole::Drop { rate } if rate > 0.0);
    let nodes = &subject.program.network.nodes;
    let dropping: Vec<_> = nodes.iter().filter(|n| n.role().is_some_and(drops)).collect();
    let first = dropping.first()?;
    let mut edits: Vec<Edit> = Vec::new();
    for node in &dropping {
        let edit = edits::remove(subject.source, node.statement);
        if !edits.contains(&edit) {
            edits.push(edit);
        }
    }
    let layers = say::count(dropping.len(), "layer");
    Some(Change {
        code: codes::DROPOUT_RATE,
        place: (first.span, format!("{layers} of the network drop values")),
        with: "without dropout".to_owned(),
        help: "leave the dropout out".to_owned(),
        bound: HELD_BACK,
        edits,
    })
}

fn schedule(subject: &Subject<'_>) -> Option<Change> {
    let training = &subject.program.training;
    let span = training.schedule_choice.as_ref()?.span?;
    let rate = format!("{}", training.learning_rate.value);
    Some(Change {
        code: codes::RATE_LOW,
        place: (span, "takes the rate away too soon".to_owned()),
        with: format!("at an unchanging rate of {rate}"),
        help: format!("write `{rate}`"),
        bound: HELD_BACK,
        edits: vec![Edit { span, text: rate }],
    })
}

/// Larger rates, alone and for more epochs: on a plateau neither helps without the other.
fn rates(subject: &Subject<'_>) -> Vec<Change> {
    let training = &subject.program.training;
    let Some(span) = training.learning_rate.span else { return Vec::new() };
    let epochs = training.epochs.span.map(|span| (span, training.epochs.value.saturating_mul(10)));
    let change = |factor: f64, epochs: Option<(Span, u64)>| {
        let rate = neat(factor * training.learning_rate.value);
        let mut edits = vec![Edit { span, text: rate.clone() }];
        let longer = epochs.map(|(span, epochs)| {
            edits.push(Edit { span, text: epochs.to_string() });
            format!(" and `epochs = {epochs}`")
        });
        let longer = longer.unwrap_or_default();
        Change {
            code: codes::RATE_LOW,
            place: (span, "too small a step".to_owned()),
            with: format!("with {rate}{}", if longer.is_empty() { "" } else { " and ten times the epochs" }),
            help: format!("write `{rate}`{longer}"),
            bound: MUCH,
            edits,
        }
    };
    let alone = [10.0, 100.0, 1000.0].map(|factor| change(factor, None));
    let both = epochs.map(|epochs| [10.0, 100.0].map(|factor| change(factor, Some(epochs))));
    alone.into_iter().chain(both.into_iter().flatten()).collect()
}
