//! NN701–NN711: layers that undo each other, or the signal. Each rule reads the list of nodes alone.

mod flat;

use super::outputs::{Head, has_effect, name};
use super::{Check, Needs, Shared, Subject, columns, edits, say};
use crate::catalog::layers::{LayerRole, Role};
use crate::catalog::suited;
use crate::diagnostic::{Applicability, Code, Diagnostic, Edit, EvidenceKind, Fix, codes};
use crate::ir::{Network, Node, NodeId};

/// The family's checks.
pub(super) static CHECKS: &[Check] = &[
    check(&[codes::COLLAPSE], |all, out| at_each(all.subject, out, Site::collapse)),
    check(&[codes::DOUBLE_ACTIVATION], |all, out| at_each(all.subject, out, Site::double_activation)),
    check(&[codes::NORM_BIAS, codes::DROPOUT_NORM, codes::NORM_BATCH], |all, out| {
        at_each(all.subject, out, Site::norm);
    }),
    check(&[codes::DROPOUT_OUTPUT, codes::DROPOUT_RATE], |all, out| at_each(all.subject, out, Site::dropout)),
    Check {
        reports: &[codes::DEEP_SIGMOID],
        needs: Needs::Trial,
        silenced_by: &[],
        look: |all, out| deep(all.subject, out),
    },
    check(&[codes::NO_GRADIENT], |all, out| flat::run(all.subject, out)),
];

const fn check(reports: &'static [Code], look: fn(&Shared<'_>, &mut Vec<Diagnostic>)) -> Check {
    Check { reports, needs: Needs::Program, silenced_by: &[], look }
}

fn at_each<'a>(subject: &'a Subject<'a>, out: &mut Vec<Diagnostic>, look: fn(&Site<'a>, &mut Vec<Diagnostic>)) {
    let network = &subject.program.network;
    for id in (0..network.nodes.len()).map(NodeId) {
        look(&Site { subject, network, id, node: &network.nodes[id.0] }, out);
    }
}

/// A node in its network.
struct Site<'a> {
    subject: &'a Subject<'a>,
    network: &'a Network,
    id: NodeId,
    node: &'a Node,
}

impl<'a> Site<'a> {
    /// Earlier nodes along the single inputs, nearest first, the input node last; ends at a residual sum, and where a
    /// value is used more than once.
    fn before(&self) -> impl Iterator<Item = &'a Node> {
        let network = self.network;
        let step = move |id: NodeId| match network.nodes[id.0].inputs[..] {
            [before] if uses(network, before) == 1 => Some(before),
            _ => None,
        };
        std::iter::successors(step(self.id), move |&id| step(id)).map(|id| &network.nodes[id.0])
    }

    /// NN701: two linear layers with nothing between them that bends.
    fn collapse(&self, out: &mut Vec<Diagnostic>) {
        if !self.node.is_linear() {
            return;
        }
        let Some(first) = self.before().find(|n| !is_pass_through(n)).filter(|n| n.is_linear() && !has_effect(n))
        else {
            return;
        };
        let (middle, hidden) = (first.shape.size(), suited::hidden());
        let least = fan_in(first).min(self.node.shape.size());
        let fit = self.subject.evidence.linear_fit().filter(|fit| *fit > LINEAR);
        // Fewer units than on either side are a factorisation that says something a single layer does not.
        let make = if fit.is_some() || middle < least { Diagnostic::note } else { Diagnostic::warning };
        let mut diagnostic = make(
            codes::COLLAPSE,
            format!("`{}` and `{}` act as one layer: no activation stands between them", first.label, self.node.label),
        )
        .at(first.span, "weighted sums alone")
        .and(self.node.span, "weighted sums of weighted sums")
        .note_that(format!("W₂(W₁x + b₁) + b₂ is one matrix and one shift, of rank {} at most", middle.min(least)));
        if let Some(fit) = fit {
            diagnostic =
                diagnostic.note_that(format!("a linear fit explains {} of this target already", say::percent(fit)));
        }
        diagnostic = diagnostic
            .resting_on(EvidenceKind::Proof, "layers", vec![("units", middle as f64)])
            .help(format!("write an activation after its width, such as `{} {middle} {hidden}`", first.kind()));
        let edit = edits::set_activation(first, hidden).filter(|_| first.width_span().is_some());
        diagnostic.fixes.extend(edit.map(|edit| Fix {
            title: format!("write `{hidden}`"),
            applicability: Applicability::Unsafe,
            edits: vec![edit],
        }));
        out.push(diagnostic);
    }

    /// NN702: an activation of an activation.
    fn double_activation(&self, out: &mut Vec<Diagnostic>) {
        if !has_effect(self.node) || !self.node.tensors.is_empty() {
            return;
        }
        let Some(inner) = self.before().find(|n| has_effect(n) || !is_pass_through(n)).filter(|n| has_effect(n)) else {
            return;
        };
        let training = &self.subject.program.training;
        let head = Head::of(self.network);
        let is_last = head.last().is_some_and(|last| std::ptr::eq(last, self.node));
        if is_last && training.loss.fuses(self.node.shape.size()) == Some(name(self.node)) {
            return; // NN302 says it with its floor.
        }
        let (first, second) = (name(inner), name(self.node));
        let mut diagnostic = Diagnostic::warning(
            codes::DOUBLE_ACTIVATION,
            format!("`{second}` is applied to what `{first}` gives: {}", self.node.range),
        )
        .at(edits::activation_span(self.node), format!("gives {}", self.node.range))
        .and(edits::activation_span(inner), format!("gives {}", inner.range))
        .resting_on(EvidenceKind::Proof, "range", vec![("low", self.node.range.low), ("high", self.node.range.high)])
        .help("leave one of the two out");
        if self.node.kind() == second {
            diagnostic.fixes.push(Fix {
                title: format!("leave `{second}` out"),
                applicability: Applicability::Unsafe,
                edits: vec![edits::remove(self.subject.source, self.node.statement)],
            });
        }
        out.push(diagnostic);
    }

    /// NN703, NN704 and NN708: what stands before a batch norm, and how many rows it sees.
    fn norm(&self, out: &mut Vec<Diagnostic>) {
        let over_rows = self.node.layer.as_ref().is_some_and(|l| l.couples_rows());
        if !matches!(self.node.role(), Some(LayerRole::Normalise { .. })) || !over_rows {
            return;
        }
        if let Some(linear) = self.before().find(|n| !is_pass_through(n) || drops(n))
            && linear.is_linear()
            && !has_effect(linear)
        {
            self.norm_bias(linear, out);
        }
        if let Some(dropout) = self.before().find(|n| drops(n) || !n.tensors.is_empty()).filter(|n| drops(n)) {
            self.dropout_norm(dropout, out);
        }
        let training = &self.subject.program.training;
        let rows = self.subject.program.facts.training_rows;
        let batch = training.batch_rows(rows);
        if batch == 1 {
            let at = training.batch.span.unwrap_or(training.span);
            let more = 32.min(rows);
            let mut report = Diagnostic::error(
                codes::NORM_BATCH,
                format!("`{}` gives its bias for every row: each batch is one row", self.node.label),
            )
            .at(self.node.span, "mean of one row is the row")
            .and(at, "1 row a batch")
            .note_that("(x − mean)/√(0 + epsilon) is 0, so nothing before the norm learns")
            .resting_on(EvidenceKind::Proof, "batch", vec![("batch", 1.0)])
            .help("write a `batch` of 16 or more, or `layer_norm` for `batch_norm`");
            if let Some(span) = training.batch.span.filter(|_| more > 1) {
                report = report.fix(Applicability::Unsafe, format!("write `batch = {more}`"), span, more.to_string());
            }
            out.push(report);
        } else if rows % batch == 1 {
            out.push(
                Diagnostic::note(
                    codes::NORM_BATCH,
                    format!("the last batch of each epoch is one row, for which `{}` gives its bias", self.node.label),
                )
                .at(self.node.span, "mean of one row is the row")
                .and_if(training.batch.span, format!("{rows} rows in batches of {batch}"))
                .resting_on(
                    EvidenceKind::Proof,
                    "batch",
                    vec![("batch", batch as f64), ("rows", rows as f64)],
                ),
            );
        }
    }

    fn norm_bias(&self, dense: &Node, out: &mut Vec<Diagnostic>) {
        let (Some(arguments), Some(option)) = (dense.arguments.as_ref(), dense.options().bias) else { return };
        if !dense.tensors.iter().any(|t| t.role == Role::Bias) {
            return;
        }
        let written = arguments.flag(option).and_then(|b| b.span);
        let make = if written.is_some() { Diagnostic::warning } else { Diagnostic::note };
        let edit = match written {
            Some(span) => Edit { span, text: "false".to_owned() },
            None => Edit {
                span: crate::source::Span::at(dense.statement.end as usize),
                text: format!(" {}=false", option.name()),
            },
        };
        let mut diagnostic =
            make(codes::NORM_BIAS, format!("`{}` takes off the bias that `{}` adds", self.node.label, dense.label))
                .at(written.unwrap_or(dense.span), "a bias")
                .and(self.node.span, "subtracts the mean, and adds a bias of its own")
                .resting_on(EvidenceKind::Proof, "layers", vec![("biases", dense.shape.size() as f64)])
                .help(format!("write `{}=false` behind the layer", option.name()));
        diagnostic.fixes.push(Fix {
            title: "leave the bias out".to_owned(),
            applicability: Applicability::Safe,
            edits: vec![edit],
        });
        out.push(diagnostic);
    }

    fn dropout_norm(&self, dropout: &Node, out: &mut Vec<Diagnostic>) {
        let rate = rate(dropout);
        if rate == 0.0 {
            return;
        }
        out.push(
            Diagnostic::warning(
                codes::DROPOUT_NORM,
                format!(
                    "`{}` learns a variance that dropout has raised, and predicts without dropout",
                    self.node.label
                ),
            )
            .at(dropout.span, format!("variance × {} in training alone", say::number(1.0 / (1.0 - rate))))
            .and(self.node.span, "keeps the training's variance for predictions")
            .note_that("the variance shifts between training and inference (Li et al., CVPR 2019)")
            .resting_on(EvidenceKind::Proof, "layers", vec![("rate", rate)])
            .help("move `dropout` behind the norm and its activation"),
        );
    }

    /// NN705 and NN706: where dropout stands, and how much it takes.
    fn dropout(&self, out: &mut Vec<Diagnostic>) {
        let rate = rate(self.node);
        if rate == 0.0 {
            return;
        }
        let percent = say::percent(rate);
        if !self.network.nodes[self.id.0 + 1..].iter().any(|n| n.tensors.iter().any(|t| t.role != Role::Norm)) {
            let mut diagnostic = Diagnostic::error(
                codes::DROPOUT_OUTPUT,
                format!("{percent} of the predictions are replaced by 0 in training: no layer with weights follows the dropout"),
            )
            .at(self.node.span, "drops outputs")
            .and_if(self.subject.program.training.loss_choice.span, "sees zeros in place of predictions")
            .resting_on(EvidenceKind::Proof, "layers", vec![("rate", rate)])
            .help("leave the line out, or move it before the last layer with weights");
            diagnostic.fixes.push(Fix {
                title: "leave the dropout out".to_owned(),
                applicability: Applicability::Unsafe,
                edits: vec![edits::remove(self.subject.source, self.node.statement)],
            });
            out.push(diagnostic);
            return;
        }
        let width = self.node.shape.size();
        let all = rate.powi(width as i32);
        if all > 0.01 {
            out.push(
                Diagnostic::warning(
                    codes::DROPOUT_RATE,
                    format!("dropout leaves nothing at all of {} of the rows in training", say::percent(all)),
                )
                .at(self.node.span, format!("each of {} left out with {percent}", say::count(width, "value")))
                .and_if(self.before().find(|n| !n.tensors.is_empty()).map(|n| n.span), say::count(width, "unit"))
                .note_that(format!("{}^{width} = {}", say::number(rate), say::number(all)))
                .resting_on(EvidenceKind::Proof, "layers", vec![("rate", rate), ("all", all)])
                .help("write a smaller rate, or more units before it"),
            );
        } else if rate > 0.5 {
            out.push(
                Diagnostic::note(
                    codes::DROPOUT_RATE,
                    format!("dropout leaves {} of a layer's values", say::percent(1.0 - rate)),
                )
                .at(self.node.span, format!("{percent} left out"))
                .resting_on(EvidenceKind::Proof, "layers", vec![("rate", rate)])
                .help("write a rate up to 50%"),
            );
        }
    }
}

/// R² of a linear fit above which a linear network is what the data asks for.
const LINEAR: f64 = 0.99;

/// Activations that are never steeper fade the gradient layer by layer.
const FLAT: f64 = 0.5;

/// NN710: layers in a row whose activation is never steep: each fades the gradient, a sigmoid to a quarter or less.
fn deep(subject: &Subject<'_>, out: &mut Vec<Diagnostic>) {
    let network = &subject.program.network;
    let last = Head::of(network).last().map(std::ptr::from_ref);
    let is_norm = |n: &&Node| n.inputs.len() > 1 || n.tensors.iter().any(|t| t.role == Role::Norm);
    if network.nodes.iter().any(|n| is_norm(&n)) {
        return;
    }
    let max_slope = |n: &Node| n.activation().map_or(1.0, |a| a.traits().max_slope);
    let sigmoids: Vec<(&Node, f64)> = network
        .nodes
        .iter()
        .filter(|n| max_slope(n) > 0.0 && max_slope(n) <= FLAT && Some(std::ptr::from_ref(*n)) != last)
        .filter_map(|n| Some((n, gain(network, n, max_slope(n))?)))
        .collect();
    // χ² is what the squared gradient keeps.
    let kept: f64 = sigmoids.iter().map(|(_, squared)| squared.sqrt()).product();
    let Some((first, _)) = sigmoids.first().filter(|_| sigmoids.len() >= 3 && kept < 0.05) else { return };
    let adaptive = subject.program.training.optimizer.stability().is_none();
    let hidden = suited::hidden();
    // What the program's own run shows, as far as it is cheap, settles it.
    if (adaptive && sigmoids.len() < 5 && subject.quick) || columns::trains(subject) {
        return;
    }
    let mut names: Vec<&str> = sigmoids.iter().map(|(n, _)| name(n)).collect();
    names.dedup();
    let names = say::names(names.into_iter());
    let at_most = |n: &Node| format!("slope 1/{} at most", say::number(1.0 / max_slope(n)));
    let mut diagnostic = Diagnostic::warning(
        codes::DEEP_SIGMOID,
        format!(
            "{} {names} layers leave at most {} of the gradient to the first one",
            sigmoids.len(),
            say::number(kept)
        ),
    )
    .at(edits::activation_span(first), at_most(first));
    for (node, _) in &sigmoids[1..] {
        diagnostic = diagnostic.and(edits::activation_span(node), at_most(node));
    }
    diagnostic = diagnostic
        .note_that(format!(
            "each layer keeps √(n·σ²)/{} of it, for n units and weights of variance σ² (Glorot and Bengio 2010)",
            say::number(1.0 / max_slope(first))
        ))
        .resting_on(
            EvidenceKind::Estimate,
            "variances at the start",
            vec![("kept", kept), ("layers", sigmoids.len() as f64)],
        )
        .help(format!("write `{hidden}` for the hidden layers, or `tanh` for a few of them"));
    let edits: Option<Vec<Edit>> = sigmoids.iter().map(|(n, _)| edits::set_activation(n, hidden)).collect();
    diagnostic.fixes.extend(edits.map(|mut edits| {
        edits.dedup();
        Fix { title: format!("write `{hidden}` for the hidden layers"), applicability: Applicability::Unsafe, edits }
    }));
    out.push(diagnostic);
}

/// χ ≤ n σ² s²: the most that a layer of slope s leaves of the squared gradient through the weights above it.
fn gain(network: &Network, node: &Node, max_slope: f64) -> Option<f64> {
    let at = network.nodes.iter().position(|n| std::ptr::eq(n, node))?;
    let above = network.nodes[at + 1..].iter().find_map(|n| n.tensors.iter().find(|t| t.role == Role::Weight))?;
    let (mean, variance) = (above.start.mean(), above.start.variance());
    Some(above.fan_out as f64 * (variance + mean * mean) * max_slope * max_slope)
}

/// Whether a node hands numbers on without weights and without bending them.
fn is_pass_through(node: &Node) -> bool {
    node.tensors.is_empty() && !has_effect(node) && node.inputs.len() == 1
}

fn uses(network: &Network, id: NodeId) -> usize {
    network.nodes.iter().flat_map(|n| &n.inputs).filter(|&&input| input == id).count()
}

fn fan_in(node: &Node) -> usize {
    node.tensors.iter().find(|t| t.role == Role::Weight).map_or(0, |t| t.fan_in)
}

/// Whether a node leaves values out.
fn drops(node: &Node) -> bool {
    matches!(node.role(), Some(LayerRole::Drop { .. }))
}

/// The share of values that a node leaves out.
fn rate(node: &Node) -> f64 {
    if let Some(LayerRole::Drop { rate }) = node.role() { rate } else { 0.0 }
}
