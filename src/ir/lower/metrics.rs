//! `metrics`: those asked for, or the usual ones. One that cannot be read off such a target or such outputs is reported
//! and left out.

use crate::catalog::bind::{Arguments, Bound, Chosen};
use crate::catalog::blocks::key;
use crate::catalog::metrics::K;
use crate::catalog::metrics::{self, Asks, MetricKind, Needs};
use crate::diagnostic::{Applicability, Diagnostic, codes};
use crate::ir::network::Network;
use crate::ir::training::TargetUse;
use crate::source::Span;

/// The metrics, and how many of the greatest outputs `top_k` looks at.
pub(super) fn lower(
    settings: &Arguments,
    target: TargetUse,
    network: &Network,
    out: &mut Vec<Diagnostic>,
) -> (Vec<&'static MetricKind>, Option<usize>) {
    let (has, needs) = match target {
        TargetUse::OneHot | TargetUse::Binary => ("classes", Needs::Classes),
        TargetUse::Labels => ("labels", Needs::Classes),
        TargetUse::Distribution | TargetUse::Values => ("numbers", Needs::Values),
    };
    let Bound::Many(chosen, list) = settings.get(key::METRICS) else {
        return (metrics::usual(needs).collect(), None);
    };
    let range = network.output().range;
    let are_probabilities = if target == TargetUse::OneHot { range.simplex } else { range.lies_within(0.0, 1.0) };
    let reads = |metric: &MetricKind| match metric.needs {
        Needs::Classes => has != "numbers",
        Needs::Exclusive => has == "classes",
        Needs::Values => has == "numbers",
    };
    let fits = |metric: &MetricKind| reads(metric) && (are_probabilities || metric.asks != Asks::Probabilities);
    let found = |c: &'_ Chosen| Some((metrics::find(c.kind.name)?, c.span, c.to_string()));
    let (fit, unfit): (Vec<_>, Vec<_>) = chosen.iter().filter_map(found).partition(|(m, ..)| fits(m));
    let kept: Vec<&str> = fit.iter().map(|(.., written)| written.as_str()).collect();
    // With none left another is asked for than was reported so far.
    let applicability = if kept.is_empty() { Applicability::Unsafe } else { Applicability::Safe };
    let usual = metrics::usual(needs).next().map_or("", |metric| metric.signature.name);
    let kept = if kept.is_empty() { usual.to_owned() } else { kept.join(", ") };
    for (metric, span, _) in &unfit {
        let (message, label) = why_not(metric, reads(metric), has);
        out.push(
            Diagnostic::warning(codes::METRIC, message)
                .at(span.unwrap_or(*list), label)
                .help(format!("write `metrics = [{kept}]`"))
                .fix(applicability, "keep what can be measured", *list, format!("[{kept}]")),
        );
    }
    repeated(chosen, *list, out);
    let top =
        chosen.iter().find(|c| c.kind.parameters.iter().any(|p| p.name == K.name())).and_then(|c| c.arguments.count(K));
    (fit.into_iter().map(|(metric, ..)| metric).collect(), top.map(|k| k.value as usize))
}

/// Why a metric is left out, and what is marked.
fn why_not(metric: &MetricKind, reads: bool, has: &str) -> (String, String) {
    let name = metric.signature.name;
    if reads {
        (format!("`{name}` needs probabilities, and is left out"), "the outputs are no probabilities".to_owned())
    } else {
        (format!("`{name}` says nothing of a target of {has}, and is left out"), format!("the target is {has}"))
    }
}

/// A metric has one name in every table and in JSON, so it stands once.
fn repeated(chosen: &[Chosen], list: Span, out: &mut Vec<Diagnostic>) {
    for (at, second) in chosen.iter().enumerate() {
        if let Some(first) = chosen[..at].iter().find(|c| c.kind.name == second.kind.name) {
            out.push(
                Diagnostic::error(codes::DUPLICATE, format!("`{}` stands twice in `metrics`", second.kind.name))
                    .at(second.span.unwrap_or(list), "again")
                    .and_if(first.span, "first here")
                    .help("keep one of the two"),
            );
        }
    }
}
