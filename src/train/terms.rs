//! [`Terms`]: what the numbers of an evaluation speak of: the names of classes, labels or targets, and which of them a
//! metric's one number is of. Whatever shows a metric asks here how to call it.

use crate::catalog::metrics;
use crate::ir::spec::TargetFacts;
use crate::ir::{Program, TargetUse};

/// What numbers speak of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The classes, labels or value targets, in order.
    pub names: Vec<String>,
    /// What the names are of.
    pub parts: Parts,
    /// Of which of them one number is.
    pub of: Of,
    /// Whether a metric that the program asks for is such a number.
    pub asked: bool,
}

/// What an evaluation falls into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    /// Classes that exclude each other.
    Classes,
    /// Yes-or-no answers free of each other.
    Labels,
    /// Numbers.
    Targets,
}

impl Parts {
    /// One of them.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Classes => "class",
            Self::Labels => "label",
            Self::Targets => "target",
        }
    }

    /// The key of JSON under which each is told of by its name.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Classes => "per_class",
            Self::Labels => "per_label",
            Self::Targets => "per_target",
        }
    }
}

/// What one number is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The positive one of two classes.
    Positive(usize),
    /// The one label or target there is.
    Whole,
    /// The mean over classes or labels, each weighing the same.
    Macro,
    /// The mean over targets.
    Mean,
}

impl Terms {
    /// Those of a program.
    pub fn of(program: &Program) -> Self {
        let training = &program.training;
        let parts = match training.target {
            TargetUse::OneHot | TargetUse::Binary => Parts::Classes,
            TargetUse::Labels => Parts::Labels,
            TargetUse::Distribution | TargetUse::Values => Parts::Targets,
        };
        let names = match &program.facts.target {
            TargetFacts::Classes { name, .. } if parts != Parts::Classes => vec![name.clone()],
            TargetFacts::Classes { names, .. } | TargetFacts::Values { names, .. } => names.clone(),
        };
        let of = match (parts, training.positive) {
            (Parts::Classes, Some(positive)) => Of::Positive(positive),
            (Parts::Classes, None) => Of::Macro,
            (Parts::Labels | Parts::Targets, _) if names.len() == 1 => Of::Whole,
            (Parts::Labels, _) => Of::Macro,
            (Parts::Targets, _) => Of::Mean,
        };
        Self { names, parts, of, asked: training.metrics.iter().any(|m| m.averaged) }
    }

    /// A metric as tables call it: `precision (fraud)`, `f1 (macro)`, `rmse (mean)`.
    pub fn title(&self, metric: &str) -> String {
        if !metrics::find(metric).is_some_and(|m| m.averaged) {
            return metric.to_owned();
        }
        match self.of {
            Of::Positive(class) => format!("{metric} ({})", self.name(class)),
            Of::Whole => metric.to_owned(),
            Of::Macro => format!("{metric} (macro)"),
            Of::Mean => format!("{metric} (mean)"),
        }
    }

    /// What stands beside the metrics in JSON, where it says something of one of them: the positive class, or how
    /// they are averaged.
    pub fn key(&self) -> Option<(&'static str, &str)> {
        if !self.asked {
            return None;
        }
        match self.of {
            Of::Positive(class) => Some(("positive", self.name(class))),
            Of::Whole => None,
            Of::Macro => Some(("average", "macro")),
            Of::Mean => Some(("average", "mean")),
        }
    }

    /// The name of a class, label or target.
    pub fn name(&self, part: usize) -> &str {
        self.names.get(part).map_or("", String::as_str)
    }
}
