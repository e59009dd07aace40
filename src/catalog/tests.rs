//! Kinds that only tests know, found by name as the catalog's own are: what is proved of them holds for a kind that is
//! not written yet. They stand in no list, so neither the reference nor did-you-mean has them.

use super::signature::Foreign;
use super::{Family, Signature, activations, layers, losses, optimizers};

/// The signatures of a family's test kinds.
pub(super) fn signatures(family: Family) -> Vec<&'static Signature> {
    match family {
        Family::Activation => activations::tests::ACTIVATIONS.iter().map(|a| &a.signature).collect(),
        Family::Layer => layers::tests::LAYERS.iter().map(|l| l.signature()).collect(),
        Family::Loss => losses::tests::LOSSES.iter().map(|l| &l.signature).collect(),
        Family::Optimizer => optimizers::tests::OPTIMIZERS.iter().map(|o| &o.signature).collect(),
        Family::Block | Family::Initializer | Family::Schedule | Family::Stop | Family::Metric | Family::Source => {
            Vec::new()
        }
    }
}

/// The signature of a test kind: no more of it is read.
pub(super) const fn signature(
    name: &'static str,
    family: Family,
    parameters: &'static [super::Parameter],
) -> Signature {
    let summary = "known to tests alone";
    Signature {
        name,
        family,
        summary,
        formula: "",
        range: "",
        parameters,
        example: "",
        source: "",
        foreign: Foreign::NONE,
    }
}
