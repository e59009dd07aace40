//! The `train` block.

use super::search::Search;
use super::{bind_block, metrics, positive, targets};
use crate::catalog::bind::{Arguments, Bound};
use crate::catalog::blocks::key;
use crate::catalog::schedules::Schedule;
use crate::catalog::scope::Scope;
use crate::catalog::{blocks, losses, optimizers, schedules, stops};
use crate::diagnostic::{Diagnostic, codes};
use crate::ir::network::Network;
use crate::ir::spec::{DataSpec, Facts, TargetFacts};
use crate::ir::training::{Stop, TargetUse, Training};
use crate::source::{Span, Spanned};
use crate::syntax::tree::Block;
use crate::tensor::Dtype;

/// Looks up the settings' names and checks their numbers.
pub(super) fn bind_settings(block: &Block, scope: &Scope, out: &mut Vec<Diagnostic>) -> Arguments {
    bind_block(block, &blocks::TRAIN, scope, out, |_, _| false)
}

/// The training that the settings describe, fitted to the network and the data.
pub(super) fn lower(
    block: &Block,
    settings: &Arguments,
    network: &Network,
    data: Option<&DataSpec>,
    facts: Option<&Facts>,
    out: &mut Vec<Diagnostic>,
) -> Option<Training> {
    let loss_choice = settings.one(key::LOSS)?.clone();
    let loss = (losses::find(loss_choice.kind.name)?.configure)(&loss_choice.arguments);
    let facts = facts?;
    let positive = positive::lower(data, facts, out);
    let target = targets::fit(network, loss.as_ref(), loss_choice.span, data, facts, out)?;
    let optimizer_choice = settings.one(key::OPTIMIZER)?.clone();
    let optimizer = (optimizers::find(optimizer_choice.kind.name)?.configure)(&optimizer_choice.arguments);
    if optimizer.searches() {
        let (name, span) = (optimizer.name(), optimizer_choice.span);
        Search { name, span, block, settings, network }.check(out);
    }
    let (schedule, schedule_choice, learning_rate) = schedule(settings)?;
    let fuses = loss.fuses(network.output().shape.size());
    let fused =
        fuses.is_some() && fuses == network.output().activation().map(crate::catalog::activations::Activation::name);
    let (metrics, top) = metrics::lower(settings, target, network, out);
    Some(Training {
        fused,
        metrics,
        top,
        positive: positive::fit(positive, target, data, out),
        class_weights: class_weights(settings, target, facts, out),
        stop: stop(settings),
        batch: batch(settings),
        epochs: settings.count(key::EPOCHS)?,
        seed: settings.count(key::SEED)?.value,
        shuffle: settings.flag(key::SHUFFLE).is_none_or(|s| s.value),
        precision: precision(settings),
        l1: settings.number(key::L1)?,
        l2: settings.number(key::L2)?,
        clip_norm: settings.number(key::CLIP_NORM),
        loss,
        loss_choice,
        optimizer,
        optimizer_choice,
        schedule,
        schedule_choice,
        learning_rate,
        target,
        span: block.keyword.span,
    })
}

fn schedule(settings: &Arguments) -> Option<(Schedule, Option<crate::catalog::Chosen>, Spanned<f64>)> {
    match settings.get(key::LEARNING_RATE) {
        Bound::Number(rate) => Some((Schedule::constant(rate.value), None, *rate)),
        Bound::One(chosen) => {
            let schedule = Schedule::new(chosen.kind.name, &chosen.arguments)?;
            Some((schedule, Some((**chosen).clone()), chosen.arguments.number(schedules::key::RATE)?))
        }
        _ => None,
    }
}

/// The precision of a program's numbers.
pub(super) fn precision(settings: &Arguments) -> Dtype {
    let chosen = settings.word(key::PRECISION).map(|word| word.value);
    [Dtype::F32, Dtype::F64].into_iter().find(|dtype| chosen == Some(dtype.name())).unwrap_or(Dtype::F32)
}

fn batch(settings: &Arguments) -> Spanned<Option<u64>> {
    match settings.get(key::BATCH) {
        Bound::Count(rows) => Spanned { value: Some(rows.value), span: rows.span },
        other => Spanned { value: None, span: other.span() },
    }
}

fn stop(settings: &Arguments) -> Option<Stop> {
    let chosen = settings.one(key::STOP)?;
    let patience = chosen.arguments.count(stops::key::PATIENCE)?.value;
    Some(Stop { patience, delta: chosen.arguments.value(stops::key::DELTA), span: chosen.span })
}

fn class_weights(
    settings: &Arguments,
    target: TargetUse,
    facts: &Facts,
    out: &mut Vec<Diagnostic>,
) -> Option<Spanned<Vec<f64>>> {
    let span = settings.get(key::CLASS_WEIGHTS).span()?;
    let TargetFacts::Classes { names, counts, .. } = &facts.target else {
        out.push(no_classes(span));
        return None;
    };
    if !target.is_classes() {
        out.push(no_classes(span));
        return None;
    }
    match settings.get(key::CLASS_WEIGHTS) {
        Bound::Numbers(weights, _) if weights.len() != names.len() => {
            out.push(
                Diagnostic::error(
                    codes::DOMAIN,
                    format!("{} class weights, and the data has {} classes", weights.len(), names.len()),
                )
                .at(span, format!("one for each of {}", names.join(", "))),
            );
            None
        }
        Bound::Numbers(weights, _) => Some(Spanned::written(weights.iter().map(|w| w.value).collect(), span)),
        _ => {
            // balanced: n / (C · rows of the class), over the training rows.
            let all: usize = counts.iter().sum();
            let weight = |&count: &usize| all as f64 / (names.len() as f64 * count.max(1) as f64);
            Some(Spanned::written(counts.iter().map(weight).collect(), span))
        }
    }
}

fn no_classes(span: Span) -> Diagnostic {
    Diagnostic::error(codes::EXCLUSIVE, "`class_weights` needs a target of classes")
        .at(span, "the target has no classes")
        .help("remove the line")
}
