//! NN401: units that start equal and stay equal.
//!
//! Units of a layer with the same incoming weights, the same bias and the same outgoing weights have the same values
//! and the same gradients, and every optimizer here moves each weight by its own gradient's history: they stay equal
//! for ever. And where a relu layer starts at 0, or this layer and the next do with f(0) = 0, every gradient but that
//! of the last biases is 0 and stays 0.

use super::layers::{Weighted, sharing};
use crate::catalog::activations::Activation;
use crate::catalog::initializers::{Distribution, GLOROT_UNIFORM};
use crate::catalog::layers::LayerRole;
use crate::check::rules::Subject;
use crate::diagnostic::{Applicability, Diagnostic, EvidenceKind, Level, codes};
use crate::ir::Network;

/// Reports the first such layer.
pub(super) fn run(subject: &Subject<'_>, layers: &[Weighted<'_>], out: &mut Vec<Diagnostic>) {
    let network = &subject.program.network;
    let faulty: Vec<(Weighted<'_>, Weighted<'_>, Fault)> =
        layers.windows(2).filter_map(|pair| Some((pair[0], pair[1], fault(network, &pair[0], &pair[1])?))).collect();
    let Some((layer, next, fault)) = faulty.iter().find(|f| f.2 != Fault::Chance).or(faulty.first()) else {
        return;
    };
    out.push(report(layers, layer, next, *fault, &faulty));
}

#[derive(Clone, Copy, PartialEq)]
enum Fault {
    /// Nothing ever moves.
    Still,
    /// Units move as one.
    Equal,
    /// Units would, did dropout not tell them apart.
    Chance,
}

fn fault(network: &Network, layer: &Weighted<'_>, next: &Weighted<'_>) -> Option<Fault> {
    let weight = constant(layer.weight.start)?;
    let bias = layer.bias.map_or(Some(0.0), |b| constant(b.start))?;
    let activation = layer.node.activation();
    // With every sum at the bias.
    if weight == 0.0 && activation.and_then(|a| a.traits().dies_below).is_some_and(|dead| bias <= dead) {
        return Some(Fault::Still);
    }
    let outgoing = constant(next.weight.start)?;
    let random = stands_before(network, layer.at, next.at)?;
    let zero_at_zero = activation.is_none_or(<dyn Activation>::is_zero_at_zero);
    if weight == 0.0 && outgoing == 0.0 && bias == 0.0 && zero_at_zero {
        return Some(Fault::Still);
    }
    let fault = if random { Fault::Chance } else { Fault::Equal };
    (layer.node.shape.size() >= 2).then_some(fault)
}

fn constant(start: Distribution) -> Option<f64> {
    (start.variance() == 0.0).then(|| start.mean())
}

/// Where `next` takes what `layer` gives, through layers alone that treat all units alike: whether some of them are
/// random, and so treat them alike only on average.
fn stands_before(network: &Network, layer: usize, next: usize) -> Option<bool> {
    let (mut at, mut random) = (next, false);
    loop {
        let [input] = network.nodes[at].inputs.as_slice() else { return None };
        at = input.0;
        if at == layer {
            break;
        }
        let between = network.nodes[at].layer.as_deref()?;
        if at < layer || between.role().is_join() || between.role() == LayerRole::Select {
            return None;
        }
        random |= between.is_random();
    }
    // Its values go nowhere else: a skip would mix them with others that differ.
    let readers = network.nodes.iter().flat_map(|n| &n.inputs).filter(|i| i.0 == layer).count();
    (readers == 1).then_some(random)
}

fn report(
    layers: &[Weighted<'_>],
    layer: &Weighted<'_>,
    next: &Weighted<'_>,
    fault: Fault,
    faulty: &[(Weighted<'_>, Weighted<'_>, Fault)],
) -> Diagnostic {
    let (label, units) = (&layer.node.label, layer.node.shape.size());
    let value = layer.weight.start.mean();
    let message = match fault {
        Fault::Equal => format!("all {units} units of `{label}` start equal and stay equal: they act as one"),
        Fault::Chance => format!("all {units} units of `{label}` start equal, and only dropout tells them apart"),
        Fault::Still => format!("no weight of `{label}` can ever move: every gradient there is 0"),
    };
    let one_place = next.span() == layer.span();
    let level = if fault == Fault::Chance { Level::Warning } else { Level::Error };
    let mut report =
        Diagnostic::new(codes::SYMMETRY, level, message).at(layer.span(), format!("every weight is {value}"));
    if !one_place && fault != Fault::Still {
        report = report
            .and(next.span(), format!("and every weight of `{}` is {}", next.node.label, next.weight.start.mean()));
    }
    for (other, ..) in faulty.iter().skip(1).filter(|(o, ..)| o.span() != layer.span() && o.span() != next.span()) {
        report = report.and(other.span(), format!("so does `{}`", other.node.label));
    }
    let why = match fault {
        Fault::Equal | Fault::Chance => format!(
            "units with equal weights in and out have equal gradients, and after every step equal weights; {units} units compute what 1 would"
        ),
        Fault::Still => {
            "with every weighted sum at 0 the values, or the slopes, behind it are 0, and so is every product with them"
                .to_owned()
        }
    };
    let shared = sharing(layers, layer).len();
    // What one setting says must suit all the layers after it.
    let alike = layers.iter().filter(|l| l.hidden).all(|l| l.scheme().0 == layer.scheme().0);
    let repair = if shared < 2 || alike { layer.repair(false) } else { GLOROT_UNIFORM.signature.name.to_owned() };
    let kind = if fault == Fault::Chance { EvidenceKind::Estimate } else { EvidenceKind::Proof };
    let report = report.note_that(why).resting_on(
        kind,
        "the start of the weights",
        vec![("units", units as f64), ("weight", value)],
    );
    match layer.weight.written {
        Some(written) => report.help(format!("write `{repair}` in its place: weights that differ")).fix(
            Applicability::Unsafe,
            format!("write `{repair}`"),
            written.span,
            repair,
        ),
        None => report,
    }
}
