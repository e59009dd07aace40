//! How targets meet outputs: the output's width against the classes or targets, and what the loss takes for labels.

use crate::catalog::activations::Activation;
use crate::catalog::losses::{Loss, Targets};
use crate::catalog::range::Values;
use crate::catalog::suited;
use crate::diagnostic::{Applicability, Diagnostic, Edit, EvidenceKind, codes};
use crate::ir::network::{Network, Node};
use crate::ir::spec::{DataSpec, Facts, Statistics, TargetFacts};
use crate::ir::training::TargetUse;
use crate::source::Span;
use crate::syntax::spell;
use crate::text;

/// Decides how targets meet outputs; `None` after a report.
pub(super) fn fit(
    network: &Network,
    loss: &dyn Loss,
    loss_span: Option<Span>,
    data: Option<&DataSpec>,
    facts: &Facts,
    out: &mut Vec<Diagnostic>,
) -> Option<TargetUse> {
    let output = network.output();
    let place = Context {
        columns: columns(data),
        output,
        loss,
        loss_span,
        target_span: data.map(|d| d.target_span.unwrap_or(d.source_span)),
    };
    if output.shape.rank() != 1 {
        out.push(
            Diagnostic::error(codes::RANK, format!("the output is {}, and targets are vectors", output.shape))
                .at(output.span, format!("gives {}", output.shape))
                .help("end the network with `flatten` and a `dense` layer"),
        );
        return None;
    }
    match &facts.target {
        TargetFacts::Classes { name, names, binary_numbers, .. } => place.classes(name, names, *binary_numbers, out),
        TargetFacts::Values { names, whole: Some(count), .. }
            if let Some(category) = as_classes(data)
                && place.wants_classes(*count) =>
        {
            out.push(place.whole_numbers(&named(names), *count, category));
            None
        }
        TargetFacts::Values { names, statistics, distribution, binary, .. } => {
            let low = statistics.iter().map(|s| s.min).fold(f64::INFINITY, f64::min);
            let high = statistics.iter().map(|s| s.max).fold(f64::NEG_INFINITY, f64::max);
            place.values(names, statistics, (low, high), *distribution, *binary, out)
        }
    }
}

struct Context<'a> {
    /// The target's columns as they would be listed, where the data has columns that may be taken as classes.
    columns: Option<String>,
    output: &'a Node,
    loss: &'a dyn Loss,
    loss_span: Option<Span>,
    target_span: Option<Span>,
}

impl Context<'_> {
    fn classes(
        &self,
        name: &str,
        names: &[String],
        binary_numbers: bool,
        out: &mut Vec<Diagnostic>,
    ) -> Option<TargetUse> {
        let (width, classes) = (self.output.shape.size(), names.len());
        let activation = self.output.activation();
        if width == 1 && classes == 2 {
            return match self.loss.targets() {
                Targets::Distribution => {
                    let shared = activation.filter(|a| a.gives_distribution());
                    out.push(shared.map_or_else(|| self.one_output(), |a| self.distribution_of_one(a.name(), name)));
                    None
                }
                Targets::Values | Targets::Amounts if binary_numbers && !activation.is_some_and(gives_probability) => {
                    Some(TargetUse::Values)
                }
                Targets::Values | Targets::Amounts | Targets::Labels | Targets::Signs | Targets::ClassOrLabel => {
                    Some(TargetUse::Binary)
                }
            };
        }
        if width == classes {
            return Some(TargetUse::OneHot);
        }
        let listed = if classes <= 6 { format!(": {}", names.join(", ")) } else { String::new() };
        let units = text::plural(width, "unit");
        let diagnostic = Diagnostic::error(
            codes::OUTPUT_WIDTH,
            format!("the output has {width} {units}, and `{name}` has {classes} classes"),
        )
        .at(self.width_span(), format!("{width} {units}"))
        .and_if(self.target_span, format!("{classes} classes{listed}"));
        out.push(match self.width_edit() {
            Some(span) => diagnostic.help("write `classes` for the width: the data gives it").fix(
                Applicability::Unsafe,
                "write `classes`",
                span,
                "classes",
            ),
            None => diagnostic.help("end the network with `dense classes softmax`"),
        });
        None
    }

    /// Whether the output and the loss ask for `count` classes.
    fn wants_classes(&self, count: usize) -> bool {
        let width = self.output.shape.size();
        let couples = self.output.activation().is_some_and(Activation::couples);
        let takes_classes = match self.loss.targets() {
            Targets::Distribution => true,
            Targets::ClassOrLabel => width > 1 || count == 2,
            Targets::Values | Targets::Amounts | Targets::Labels | Targets::Signs => false,
        };
        count > 1 && (takes_classes || couples && width > 1 && width == count)
    }

    /// Whole numbers that were to be classes.
    fn whole_numbers(&self, name: &str, count: usize, category: Edit) -> Diagnostic {
        let wanted = if self.loss.targets() == Targets::Distribution { self.loss_span } else { None };
        let mut diagnostic = Diagnostic::error(
            codes::LABEL_DOMAIN,
            format!("{name} holds {count} different whole numbers, and they are read as values, not as classes"),
        )
        .at(wanted.unwrap_or(self.output.span), "takes classes")
        .and_if(self.target_span, format!("{count} different whole numbers"));
        if self.output.shape.size() != count {
            diagnostic = diagnostic.note_that(format!("{count} classes take `dense classes softmax` for the output"));
        }
        let written = category.text.trim().to_owned();
        diagnostic
            .help(format!("write `{written}` in `data` to take them as classes, or `loss = mse` to predict numbers"))
            .fix(Applicability::Unsafe, format!("write `{written}`"), category.span, category.text)
    }

    /// Where the output's width is written.
    fn width_edit(&self) -> Option<Span> {
        self.output.width_span()
    }

    /// The width, or the layer where none is written.
    fn width_span(&self) -> Span {
        self.width_edit().unwrap_or(self.output.statement)
    }

    /// One softmax unit for two classes: the softmax itself is what is wrong.
    fn distribution_of_one(&self, activation: &str, name: &str) -> Diagnostic {
        let message = format!("`{activation}` over one unit gives 1 for every row");
        let diagnostic = Diagnostic::error(codes::SOFTMAX_ONE, message)
            .at(self.width_span(), "1 unit: 1 of 1")
            .and_if(self.target_span, format!("`{name}` has 2 classes"))
            .note_that("its slope is 0, so nothing before it learns")
            .resting_on(EvidenceKind::Proof, "range", vec![])
            .help("write `classes` for the width");
        match self.width_edit() {
            Some(span) => diagnostic.fix(Applicability::Unsafe, "write `classes`", span, "classes"),
            None => diagnostic,
        }
    }

    /// One output for a loss that takes one for each class.
    fn one_output(&self) -> Diagnostic {
        let message =
            format!("`{}` takes an output for each of the 2 classes, and the network has 1", self.loss.name());
        let diagnostic = Diagnostic::error(codes::OUTPUT_WIDTH, message)
            .at(self.width_span(), "1 unit")
            .and_if(self.loss_span, "takes a distribution over the classes");
        let (wanted, one, many) = (suited::LABELS.loss(), suited::LABELS.activation(), suited::CLASSES.activation());
        match self.loss_span.filter(|_| self.output.activation().is_some_and(gives_probability)) {
            Some(span) => diagnostic.help(format!("write `loss = {wanted}`")).fix(
                Applicability::Unsafe,
                format!("write `{wanted}`"),
                span,
                wanted,
            ),
            None => diagnostic
                .help(format!("end the network with `dense classes {many}`, or with `dense 1 {one}` under `{wanted}`")),
        }
    }

    fn values(
        &self,
        names: &[String],
        statistics: &[Statistics],
        (low, high): (f64, f64),
        distribution: bool,
        binary: bool,
        out: &mut Vec<Diagnostic>,
    ) -> Option<TargetUse> {
        let (width, targets) = (self.output.shape.size(), names.len());
        if width != targets {
            let (units, columns) = (text::count(width, "unit"), text::count(targets, "target"));
            let diagnostic =
                Diagnostic::error(codes::OUTPUT_WIDTH, format!("the output has {units}, and the data has {columns}"))
                    .at(self.width_span(), units)
                    .and_if(self.target_span, columns);
            out.push(match self.width_edit() {
                Some(span) => diagnostic.help(format!("write `{targets}` for the width")).fix(
                    Applicability::Unsafe,
                    format!("write `{targets}`"),
                    span,
                    targets.to_string(),
                ),
                None => diagnostic.help(format!("end the network with `dense {targets}`")),
            });
            return None;
        }
        match self.loss.targets() {
            Targets::Values => Some(TargetUse::Values),
            Targets::Distribution if distribution => Some(TargetUse::Distribution),
            Targets::ClassOrLabel if distribution && width > 1 => Some(TargetUse::Distribution),
            Targets::Labels | Targets::Signs if binary => Some(TargetUse::Labels),
            Targets::ClassOrLabel if binary && width == 1 => Some(TargetUse::Labels),
            Targets::Labels if low >= 0.0 && high <= 1.0 => Some(TargetUse::Values),
            Targets::ClassOrLabel if width == 1 && low >= 0.0 && high <= 1.0 => Some(TargetUse::Values),
            Targets::Amounts if low >= 0.0 => Some(TargetUse::Values),
            Targets::Signs if statistics.iter().all(are_signs) => Some(TargetUse::Values),
            Targets::Distribution | Targets::ClassOrLabel
                if binary
                    && width > 1
                    && self.output.activation().is_some_and(<dyn Activation>::gives_distribution) =>
            {
                out.push(self.labels_share(names, statistics));
                None
            }
            wants @ (Targets::Distribution
            | Targets::ClassOrLabel
            | Targets::Labels
            | Targets::Signs
            | Targets::Amounts) => {
                let (loss, target) = (self.loss.name(), named(names));
                let takes = match wants {
                    Targets::Distribution => "classes or a distribution, and",
                    Targets::ClassOrLabel if width > 1 => "classes or a distribution, and",
                    Targets::Labels | Targets::ClassOrLabel => "labels from 0 to 1, and",
                    Targets::Signs => "classes, or labels of −1 and 1, and",
                    Targets::Amounts | Targets::Values => "numbers of 0 or more, and",
                };
                let is = if takes.starts_with("classes") { "is neither" } else { "is not" };
                out.push(self.no_labels(format!("`{loss}` takes {takes} {target} {is}"), low, high));
                None
            }
        }
    }

    /// Labels that a softmax makes share one row's mass: the loss has a floor.
    fn labels_share(&self, names: &[String], statistics: &[Statistics]) -> Diagnostic {
        let labels: f64 = statistics.iter().map(|s| s.mean).sum();
        let floor = self.loss.least_of_labels(labels).unwrap_or(0.0);
        let (loss, activation) = (self.loss.name(), self.output.activation().map_or("", |a| a.name()));
        let diagnostic = Diagnostic::error(
            codes::OUTPUT_LABELS,
            format!("`{activation}` outputs sum to 1, and the labels of {} sum to {labels:.2} a row", named(names)),
        )
        .at(self.output.span, "shares 1 among the labels")
        .and_if(self.target_span, format!("{} labels, free of each other", names.len()))
        .and_if(self.loss_span, "takes a distribution");
        let diagnostic = if floor > 0.0 {
            diagnostic.note_that(format!("`{loss}` of such rows cannot go below {floor:.4}"))
        } else {
            diagnostic
        };
        diagnostic.resting_on(EvidenceKind::Proof, "distributions", vec![("labels", labels), ("floor", floor)]).help(
            format!(
                "write `{}` for the output's activation and `loss = {}`",
                suited::LABELS.activation(),
                suited::LABELS.loss()
            ),
        )
    }

    fn no_labels(&self, message: String, low: f64, high: f64) -> Diagnostic {
        let wanted = suited::VALUES.loss();
        let several = self.output.shape.size() > 1;
        let (what, compares) = match self.loss.targets() {
            Targets::ClassOrLabel if !several => ("outside 0…1", "this loss compares probabilities"),
            Targets::Distribution | Targets::ClassOrLabel => {
                ("rows do not sum to 1", "this loss compares probabilities")
            }
            Targets::Signs => ("not −1 and 1 alone", "this loss takes the sides of a line"),
            Targets::Amounts => ("some below 0", "this loss takes counts"),
            Targets::Labels | Targets::Values => ("outside 0…1", "this loss compares probabilities"),
        };
        // Whole numbers in a small span are labels of some kind; others are measured.
        let labels = low.fract() == 0.0 && high.fract() == 0.0 && high - low <= 100.0;
        let code = if labels { codes::LABEL_DOMAIN } else { codes::LOSS_FAMILY };
        Diagnostic::error(code, message)
            .at(self.loss_span.unwrap_or(self.output.span), compares)
            .and_if(self.target_span, format!("values from {} to {}, {what}", text::short(low, 4), text::short(high, 4)))
            .help(match self.columns.as_ref().filter(|_| self.loss.targets() != Targets::Amounts) {
                Some(columns) => {
                    format!("write `loss = {wanted}` to predict numbers, or `category = {columns}` in `data` to take them as classes")
                }
                None => format!("write `loss = {wanted}` to predict numbers"),
            })
    }
}

/// Whether each of a column's values is −1 or 1: none is larger, and their mean square is 1.
fn are_signs(column: &Statistics) -> bool {
    let square = column.mean * column.mean + column.std * column.std;
    column.min >= -1.0 && column.max <= 1.0 && (square - 1.0).abs() < 1e-9
}

/// Whether an activation's values are each a probability of its own.
fn gives_probability(activation: &dyn Activation) -> bool {
    !activation.couples() && activation.range(Values::ANY).lies_within(0.0, 1.0)
}

/// The one target's column as a list would have it, where it may be taken as classes.
fn columns(data: Option<&DataSpec>) -> Option<String> {
    let data = data?;
    match data.target.as_slice() {
        [one] if !data.source.kind().has_own_target => Some(spell::name(&one.name)),
        _ => None,
    }
}

/// The line that takes the one target's numbers as classes, to be put behind the target.
pub(super) fn as_classes(data: Option<&DataSpec>) -> Option<Edit> {
    let column = columns(data).filter(|_| data.is_some_and(|d| d.category.is_empty()))?;
    let at = data?.target_span?.end as usize;
    Some(Edit { span: Span::at(at), text: format!("\n  category = {column}") })
}

fn named(names: &[String]) -> String {
    match names {
        [one] => format!("`{one}`"),
        _ => format!("the target ({})", names.join(", ")),
    }
}
