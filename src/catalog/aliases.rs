//! What a name of another tool means here. A name on which the field agrees is taken, with a note: it stands with its
//! kind (`Signature::foreign`). Here stand the names that are of no one kind: those on which the field disagrees, an
//! error that gives the meanings, and those without a counterpart, which get a hint.

use super::signature::{Family, Signature};

/// What becomes of a foreign name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// The field agrees: taken, with a note.
    Same(&'static str),
    /// The field disagrees: an error that names the meanings.
    Ambiguous(&'static [&'static str]),
    /// Not here; what to do instead.
    Hint(&'static str),
}
use Meaning::{Ambiguous, Hint, Same};

/// Names of the field that are no kind here, or more than one. Compared without regard to case and underscores.
static UNDECIDED: &[(Family, &str, Meaning)] = &[
    (Family::Initializer, "xavier", Ambiguous(&["glorot_uniform", "glorot_normal"])),
    (Family::Initializer, "glorot", Ambiguous(&["glorot_uniform", "glorot_normal"])),
    (Family::Initializer, "kaiming", Ambiguous(&["he_uniform", "he_normal"])),
    (Family::Initializer, "he", Ambiguous(&["he_uniform", "he_normal"])),
    (Family::Initializer, "lecun", Ambiguous(&["lecun_uniform", "lecun_normal"])),
    (Family::Initializer, "random", Ambiguous(&["uniform(low, high)", "normal(mean, std)"])),
    (Family::Loss, "l2_loss", Hint("half the sum of the squares in some tools: write `mse` for their mean")),
    (Family::Loss, "squared_error", Hint("half the square in some tools: write `mse` for the mean of the squares")),
    (Family::Loss, "smooth_l1", Ambiguous(&["huber(delta=1)"])),
    (Family::Loss, "nll_loss", Hint("write `cross_entropy` after a `softmax` output")),
    (
        Family::Loss,
        "bce_with_logits",
        Hint("write `sigmoid` on the output and `binary_cross_entropy`: nn computes the two from logits together"),
    ),
    (Family::Loss, "rmse", Hint("write `mse`: the same weights minimise it; `rmse` is a metric")),
    (Family::Optimizer, "momentum", Hint("write `sgd(momentum=0.9)`")),
    (Family::Optimizer, "nesterov", Hint("write `sgd(momentum=0.9, nesterov=true)`")),
    (Family::Source, "csv", Hint("write the path itself: `data \"file.csv\" { … }`")),
];

/// Hints for options that no kind of a family has: (family, foreign name, what to do).
static OPTIONS: &[(Family, &str, &str)] = &[
    (Family::Optimizer, "lr", "the learning rate is a setting of its own: `learning_rate = 0.01` in `train`"),
    (Family::Optimizer, "eta", "the learning rate is a setting of its own: `learning_rate = 0.01` in `train`"),
    (Family::Optimizer, "rate", "the learning rate is a setting of its own: `learning_rate = 0.01` in `train`"),
    (Family::Optimizer, "learning_rate", "it is a setting of its own: `learning_rate = 0.01` in `train`"),
    (
        Family::Optimizer,
        "weight_decay",
        "write `optimizer = adamw(weight_decay=0.01)` for decoupled decay, or `l2 = …` in `train`:          PyTorch's `weight_decay=c` of this optimizer adds the gradients of `l2 = c/2`",
    ),
    (Family::Optimizer, "decay", "write a schedule for a rate that falls: `learning_rate = exponential(0.1)`"),
    (Family::Optimizer, "clipnorm", "write `clip_norm = 1` in `train`"),
    (Family::Optimizer, "global_clipnorm", "write `clip_norm = 1` in `train`"),
    (Family::Optimizer, "betas", "each by its name: `beta1=0.9, beta2=0.999`"),
    (Family::Optimizer, "params", "every weight of the network is trained: leave it out"),
    (Family::Loss, "weight", "classes are weighed by `class_weights = balanced` in `train`"),
    (Family::Loss, "class_weight", "classes are weighed by `class_weights = balanced` in `train`"),
    (Family::Loss, "class_weights", "classes are weighed by `class_weights = balanced` in `train`"),
    (Family::Loss, "reduction", "a loss is the mean over the rows of a batch: leave it out"),
    (Family::Loss, "size_average", "a loss is the mean over the rows of a batch: leave it out"),
    (
        Family::Loss,
        "from_logits",
        "write `softmax` or `sigmoid` on the output: nn computes the two from logits together",
    ),
    (Family::Activation, "inplace", "nn places its values itself: leave it out"),
    (Family::Activation, "dim", "`softmax` is over the units of a layer: leave it out"),
    (Family::Activation, "axis", "`softmax` is over the units of a layer: leave it out"),
    (Family::Initializer, "seed", "`seed` stands in `train`"),
    (Family::Schedule, "last_epoch", "a run goes on from its own epoch: leave it out"),
    (Family::Schedule, "verbose", "the log has the rate of every epoch: leave it out"),
    (Family::Source, "random_state", "write `seed=0`"),
    (Family::Source, "n_samples", "write `samples=200`"),
];

/// Whether two names differ in capitals and underscores alone.
pub fn same(a: &str, b: &str) -> bool {
    // Nothing is collected: most names differ in their first character, and a misspelt word is held against all.
    plain(a).eq(plain(b))
}

fn plain(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase)
}

/// What a foreign name of a kind means here.
pub fn kind(family: Family, name: &str) -> Option<Meaning> {
    let kinds = super::kinds(family);
    // `ReLU`, `BatchNorm`, `SGD`: our own names in another tool's capitals.
    let ours = kinds.iter().find(|s| same(s.name, name));
    let theirs = || kinds.iter().find(|s| s.foreign.names.iter().any(|alias| same(alias, name)));
    let undecided = || UNDECIDED.iter().find(|(f, alias, _)| *f == family && same(alias, name));
    ours.or_else(theirs).map(|s| Same(s.name)).or_else(|| undecided().map(|(_, _, meaning)| *meaning))
}

/// What a class of another tool (`Linear`, `ReLU`, `BatchNorm1d`) is called here, where nothing else could be meant.
pub fn class(name: &str) -> Option<&'static str> {
    let own = super::all().into_iter().find(|s| s.foreign.classes.contains(&name)).map(|s| s.name);
    // Layers before the activations among them: `Dropout`, `Flatten`.
    let families = [Family::Layer, Family::Activation, Family::Optimizer, Family::Loss, Family::Initializer];
    let rest = [Family::Schedule, Family::Stop, Family::Metric, Family::Source, Family::Block];
    own.or_else(|| {
        families.into_iter().chain(rest).find_map(|family| match kind(family, name) {
            Some(Same(ours)) => Some(ours),
            Some(Ambiguous(_) | Hint(_)) | None => None,
        })
    })
}

/// Our name for a foreign parameter of a kind.
pub fn parameter(signature: &Signature, name: &str) -> Option<&'static str> {
    let ours = signature.parameters.iter().find(|p| same(p.name, name)).map(|p| p.name);
    ours.or_else(|| signature.foreign.parameters.iter().find(|(alias, _)| same(alias, name)).map(|(_, ours)| *ours))
}

/// Our word for a foreign one that a parameter of a kind takes.
pub fn choice(signature: &Signature, parameter: &str, name: &str, words: &[&'static str]) -> Option<&'static str> {
    let ours = words.iter().copied().find(|word| same(word, name));
    let theirs = |&&(of, alias, _): &&(&str, &str, &str)| of == parameter && same(alias, name);
    ours.or_else(|| signature.foreign.words.iter().find(theirs).map(|(_, _, ours)| *ours))
}

/// What to do about a foreign parameter that has no counterpart.
pub fn hint(signature: &Signature, name: &str) -> Option<&'static str> {
    let own = signature.foreign.hints.iter().find(|(alias, _)| same(alias, name)).map(|(_, hint)| *hint);
    let of_family = || OPTIONS.iter().find(|(family, alias, _)| *family == signature.family && same(alias, name));
    own.or_else(|| of_family().map(|(_, _, hint)| *hint))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::signature::Kind;

    #[test]
    fn every_alias_points_at_a_kind_parameter_or_word_that_exists() {
        for (family, alias, _) in UNDECIDED {
            assert!(crate::catalog::find(*family, alias).is_none(), "{alias} is a kind of its own");
        }
        for signature in crate::catalog::all() {
            let has = |name: &str| signature.parameters.iter().any(|p| p.name == name);
            for alias in signature.foreign.names {
                assert!(crate::catalog::find(signature.family, alias).is_none(), "{alias} is a kind of its own");
                assert_eq!(kind(signature.family, alias), Some(Same(signature.name)), "{alias} stands twice");
            }
            for (alias, ours) in signature.foreign.parameters {
                assert!(has(ours), "{}: {alias} → {ours}", signature.name);
                assert!(!has(alias), "{} has {alias}", signature.name);
            }
            for (of, alias, ours) in signature.foreign.words {
                let parameter = signature.parameters.iter().find(|p| p.name == *of).expect("a parameter of this name");
                let words = match parameter.kind {
                    Kind::Word(words) | Kind::WordOrConstant(words) | Kind::CountOr(_, words) => words,
                    _ => &[],
                };
                assert!(words.contains(ours) && !words.contains(alias), "{}: {of} = {alias}", signature.name);
            }
            for (alias, _) in signature.foreign.hints {
                assert!(!has(alias), "{} has {alias}", signature.name);
            }
        }
    }
}
