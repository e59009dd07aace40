//! The names that other tools use for our kinds and settings. A name on which the field agrees is taken, with a
//! note; one on which it disagrees is an error that gives its meanings; one that has no counterpart gets a hint.

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

/// Foreign names of kinds. Compared without regard to case and underscores.
static KINDS: &[(Family, &str, Meaning)] = &[
    (Family::Layer, "linear_layer", Same("dense")),
    (Family::Layer, "fully_connected", Same("dense")),
    (Family::Layer, "fc", Same("dense")),
    (Family::Layer, "batch_normalization", Same("batch_norm")),
    (Family::Layer, "batch_norm1d", Same("batch_norm")),
    (Family::Layer, "layer_normalization", Same("layer_norm")),
    (Family::Layer, "drop_out", Same("dropout")),
    (Family::Layer, "flat", Same("flatten")),
    (Family::Layer, "skip", Same("residual")),
    (Family::Layer, "concatenate", Same("concat")),
    (Family::Layer, "cat", Same("concat")),
    (Family::Layer, "sum", Same("add")),
    (Family::Layer, "mul", Same("multiply")),
    (Family::Activation, "identity", Same("linear")),
    (Family::Activation, "logistic", Same("sigmoid")),
    (Family::Activation, "swish", Same("silu")),
    (Family::Activation, "lrelu", Same("leaky_relu")),
    (Family::Activation, "none", Same("linear")),
    (Family::Initializer, "kaiming_uniform", Same("he_uniform")),
    (Family::Initializer, "kaiming_normal", Same("he_normal")),
    (Family::Initializer, "xavier_uniform", Same("glorot_uniform")),
    (Family::Initializer, "xavier_normal", Same("glorot_normal")),
    (Family::Initializer, "gaussian", Same("normal")),
    (Family::Initializer, "zero", Same("zeros")),
    (Family::Initializer, "one", Same("ones")),
    (Family::Initializer, "xavier", Ambiguous(&["glorot_uniform", "glorot_normal"])),
    (Family::Initializer, "glorot", Ambiguous(&["glorot_uniform", "glorot_normal"])),
    (Family::Initializer, "kaiming", Ambiguous(&["he_uniform", "he_normal"])),
    (Family::Initializer, "he", Ambiguous(&["he_uniform", "he_normal"])),
    (Family::Initializer, "lecun", Ambiguous(&["lecun_uniform", "lecun_normal"])),
    (Family::Initializer, "random", Ambiguous(&["uniform(low, high)", "normal(mean, std)"])),
    (Family::Loss, "mean_squared_error", Same("mse")),
    (Family::Loss, "l2_loss", Hint("half the sum of the squares in some tools: write `mse` for their mean")),
    (Family::Loss, "squared_error", Hint("half the square in some tools: write `mse` for the mean of the squares")),
    (Family::Loss, "mean_absolute_error", Same("mae")),
    (Family::Loss, "l1_loss", Same("mae")),
    (Family::Loss, "categorical_crossentropy", Same("cross_entropy")),
    (Family::Loss, "sparse_categorical_crossentropy", Same("cross_entropy")),
    (Family::Loss, "cross_entropy_loss", Same("cross_entropy")),
    (Family::Loss, "crossentropy", Same("cross_entropy")),
    (Family::Loss, "ce", Same("cross_entropy")),
    (Family::Loss, "binary_crossentropy", Same("binary_cross_entropy")),
    (Family::Loss, "bce", Same("binary_cross_entropy")),
    (Family::Loss, "smooth_l1", Ambiguous(&["huber(delta=1)"])),
    (Family::Loss, "nll_loss", Hint("write `cross_entropy` after a `softmax` output")),
    (
        Family::Loss,
        "bce_with_logits",
        Hint("write `sigmoid` on the output and `binary_cross_entropy`: nn computes the two from logits together"),
    ),
    (Family::Loss, "rmse", Hint("write `mse`: the same weights minimise it; `rmse` is a metric")),
    (Family::Optimizer, "stochastic_gradient_descent", Same("sgd")),
    (Family::Optimizer, "gradient_descent", Same("sgd")),
    (Family::Optimizer, "momentum", Hint("write `sgd(momentum=0.9)`")),
    (Family::Optimizer, "nesterov", Hint("write `sgd(momentum=0.9, nesterov=true)`")),
    (Family::Optimizer, "rms_prop", Same("rmsprop")),
    (Family::Schedule, "step_lr", Same("step")),
    (Family::Schedule, "exponential_lr", Same("exponential")),
    (Family::Schedule, "cosine_annealing", Same("cosine")),
    (Family::Schedule, "reduce_on_plateau", Same("plateau")),
    (Family::Schedule, "onecycle", Same("one_cycle")),
    (Family::Metric, "acc", Same("accuracy")),
    (Family::Metric, "confusion_matrix", Same("confusion")),
    (Family::Metric, "f1_score", Same("f1")),
    (Family::Metric, "r2_score", Same("r2")),
    (Family::Metric, "mean_squared_error", Same("mse")),
    (Family::Metric, "mean_absolute_error", Same("mae")),
    (Family::Metric, "root_mean_squared_error", Same("rmse")),
    (Family::Stop, "early_stopping", Same("early")),
    (Family::Source, "xor_data", Same("xor")),
    (Family::Source, "two_moons", Same("moons")),
    (Family::Source, "spirals", Same("spiral")),
    (Family::Source, "csv", Hint("write the path itself: `data \"file.csv\" { … }`")),
    (Family::Block, "model", Same("network")),
    (Family::Block, "net", Same("network")),
    (Family::Block, "training", Same("train")),
    (Family::Block, "dataset", Same("data")),
];

/// Foreign names of parameters and settings: (kind, foreign name, ours).
static PARAMETERS: &[(&str, &str, &str)] = &[
    ("train", "lr", "learning_rate"),
    ("train", "eta", "learning_rate"),
    ("train", "rate", "learning_rate"),
    ("train", "batch_size", "batch"),
    ("train", "minibatch", "batch"),
    ("train", "epoch", "epochs"),
    ("train", "num_epochs", "epochs"),
    ("train", "max_epochs", "epochs"),
    ("train", "optimiser", "optimizer"),
    ("train", "optim", "optimizer"),
    ("train", "criterion", "loss"),
    ("train", "objective", "loss"),
    ("train", "cost", "loss"),
    ("train", "metric", "metrics"),
    ("train", "random_state", "seed"),
    ("train", "random_seed", "seed"),
    ("train", "class_weight", "class_weights"),
    ("train", "clipnorm", "clip_norm"),
    ("train", "grad_clip", "clip_norm"),
    ("train", "max_grad_norm", "clip_norm"),
    ("train", "dtype", "precision"),
    ("data", "normalise", "scale"),
    ("data", "normalize", "scale"),
    ("data", "scaling", "scale"),
    ("data", "label", "target"),
    ("data", "labels", "target"),
    ("data", "targets", "target"),
    ("data", "output", "target"),
    ("data", "features", "inputs"),
    ("data", "input", "inputs"),
    ("data", "columns", "inputs"),
    ("data", "categories", "category"),
    ("data", "categorical", "category"),
    ("data", "drop", "ignore"),
    ("data", "exclude", "ignore"),
    ("data", "validation_split", "validation"),
    ("data", "val", "validation"),
    ("data", "test_split", "test"),
    ("data", "test_size", "test"),
    ("data", "na", "missing"),
    ("data", "stratified", "stratify"),
    ("data", "sep", "separator"),
    ("data", "delimiter", "separator"),
    ("data", "thousands_separator", "thousands"),
    ("data", "decimal_separator", "decimal"),
    ("data", "na_values", "missing_values"),
    ("data", "missing_value", "missing_values"),
    ("data", "skiprows", "skip_lines"),
    ("data", "skip_rows", "skip_lines"),
    ("data", "skip", "skip_lines"),
    ("data", "parse_dates", "date"),
    ("data", "dates", "date"),
    ("data", "handle_unknown", "unseen"),
    ("dense", "kernel_initializer", "init"),
    ("dense", "weight_init", "init"),
    ("dense", "initializer", "init"),
    ("dense", "initialiser", "init"),
    ("dense", "bias_initializer", "bias_init"),
    ("dense", "use_bias", "bias"),
    ("dense", "width", "units"),
    ("dense", "neurons", "units"),
    ("network", "initializer", "init"),
    ("network", "initialiser", "init"),
    ("network", "kernel_initializer", "init"),
    ("network", "weight_init", "init"),
    ("network", "bias_initializer", "bias_init"),
    ("dropout", "p", "rate"),
    ("batch_norm", "eps", "epsilon"),
    ("layer_norm", "eps", "epsilon"),
    ("rmsprop", "eps", "epsilon"),
    ("rmsprop", "alpha", "rho"),
    ("normal", "stddev", "std"),
    ("normal", "sigma", "std"),
    ("normal", "mu", "mean"),
    ("uniform", "minval", "low"),
    ("uniform", "maxval", "high"),
    ("uniform", "min", "low"),
    ("uniform", "max", "high"),
    ("leaky_relu", "negative_slope", "slope"),
    ("leaky_relu", "alpha", "slope"),
];

/// Foreign words for what a setting takes: (setting, foreign word, ours).
static CHOICES: &[(&str, &str, &str)] = &[
    ("scale", "z_score", "standard"),
    ("scale", "standardize", "standard"),
    ("scale", "standardise", "standard"),
    ("scale", "standard_scaler", "standard"),
    ("scale", "min_max_scaler", "minmax"),
    ("target_scale", "z_score", "standard"),
    ("target_scale", "standardize", "standard"),
    ("target_scale", "standardise", "standard"),
    ("target_scale", "standard_scaler", "standard"),
    ("target_scale", "min_max_scaler", "minmax"),
    ("missing", "most_frequent", "mode"),
    ("missing", "average", "mean"),
    ("missing", "raise", "error"),
    ("missing", "drop_rows", "drop"),
    ("missing", "dropna", "drop"),
    ("precision", "float32", "f32"),
    ("precision", "fp32", "f32"),
    ("precision", "single", "f32"),
    ("precision", "float64", "f64"),
    ("precision", "fp64", "f64"),
    ("precision", "double", "f64"),
    ("batch", "full", "all"),
    ("batch", "full_batch", "all"),
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

/// Hints for parameters that have no counterpart: (kind, foreign name, what to do).
static HINTS: &[(&str, &str, &str)] = &[
    (
        "train",
        "weight_decay",
        "write `l2 = …` for a penalty, or `optimizer = adamw(weight_decay=…)` for decoupled decay",
    ),
    ("train", "momentum", "momentum belongs to the optimizer: `optimizer = sgd(momentum=0.9)`"),
    ("train", "nesterov", "it belongs to the optimizer: `optimizer = sgd(momentum=0.9, nesterov=true)`"),
    ("train", "beta1", "it belongs to the optimizer: `optimizer = adam(beta1=0.9)`"),
    ("train", "beta2", "it belongs to the optimizer: `optimizer = adam(beta2=0.999)`"),
    ("train", "schedule", "a schedule is the learning rate: `learning_rate = cosine(0.1)`"),
    ("train", "scheduler", "a schedule is the learning rate: `learning_rate = cosine(0.1)`"),
    ("train", "patience", "write `stop = early(patience=10)`"),
    ("train", "early_stopping", "write `stop = early(patience=10)`"),
    ("train", "validation_split", "held-out rows are the data's: `validation = 15%` in `data`"),
    ("train", "validation", "held-out rows are the data's: `validation = 15%` in `data`"),
    ("train", "init", "weights start in the network: `init = …` in `network`"),
    ("train", "activation", "activations stand on their layers: `dense 16 tanh`"),
    ("train", "label_smoothing", "it belongs to the loss: `loss = cross_entropy(label_smoothing=0.1)`"),
    ("train", "dropout", "dropout is a layer: `dropout 0.5` in `network`"),
    ("data", "batch", "`batch` stands in `train`"),
    ("data", "batch_size", "`batch = …` stands in `train`"),
    ("data", "shuffle", "`shuffle` stands in `train`"),
    ("data", "seed", "`seed` stands in `train`"),
    ("data", "header", "a file's first line is its header"),
    ("network", "loss", "`loss` stands in `train`"),
    ("network", "optimizer", "`optimizer` stands in `train`"),
    ("network", "learning_rate", "`learning_rate` stands in `train`"),
    ("network", "lr", "`learning_rate = …` stands in `train`"),
    ("network", "activation", "activations stand on their layers: `dense 16 tanh`"),
    ("network", "layers", "each layer is a line of its own: `dense 16 tanh`"),
    ("dense", "input_shape", "the width of the input is inferred; `input 4` states it"),
    ("dense", "input_dim", "the width of the input is inferred; `input 4` states it"),
    ("dense", "in_features", "the width of the input is inferred"),
    ("dense", "out_features", "the width stands first: `dense 16`"),
    ("dense", "kernel_regularizer", "write `l2 = …` in `train`"),
    ("dense", "name", "a label stands before the layer: `hidden: dense 16`"),
    ("dropout", "keep_prob", "the share that is dropped stands first: `dropout 20%` keeps 80%"),
    ("dropout", "inplace", "nn places its values itself: leave it out"),
    ("sgd", "dampening", "not in this version: momentum is not damped"),
    ("rmsprop", "momentum", "not in this version: `sgd(momentum=0.9)` and `adam` have momentum"),
    ("rmsprop", "centered", "not in this version: `adam` subtracts no mean either"),
    ("dense", "label", "a label stands before the layer: `hidden: dense 16`"),
];

/// Whether two names differ in capitals and underscores alone.
pub fn same(a: &str, b: &str) -> bool {
    let plain = |s: &str| s.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect::<String>();
    plain(a) == plain(b)
}

/// What a foreign name of a kind means here.
pub fn kind(family: Family, name: &str) -> Option<Meaning> {
    let ours = super::kinds(family).into_iter().find(|s| same(s.name, name));
    let theirs = || super::kinds(family).into_iter().find(|s| s.foreign.names.iter().any(|alias| same(alias, name)));
    // `ReLU`, `BatchNorm`, `SGD`: our own names in another tool's capitals.
    ours.or_else(theirs)
        .map(|s| Same(s.name))
        .or_else(|| KINDS.iter().find(|(f, alias, _)| *f == family && same(alias, name)).map(|(_, _, m)| *m))
}

/// Classes of other libraries whose names are not merely ours in capitals.
static CLASSES: &[(&str, &str)] =
    &[("Linear", "dense"), ("MSELoss", "mse"), ("L1Loss", "mae"), ("BCELoss", "binary_cross_entropy")];

/// What a class of another tool (`Linear`, `ReLU`, `BatchNorm1d`) is called here, where nothing else could be meant.
pub fn class(name: &str) -> Option<&'static str> {
    let own = super::all().into_iter().find(|s| s.foreign.classes.contains(&name)).map(|s| s.name);
    let listed = own.or_else(|| CLASSES.iter().find(|(foreign, _)| *foreign == name).map(|(_, ours)| *ours));
    // Layers before the activations among them: `Dropout`, `Flatten`.
    let families = [Family::Layer, Family::Activation, Family::Optimizer, Family::Loss, Family::Initializer];
    let rest = [Family::Schedule, Family::Stop, Family::Metric, Family::Source, Family::Block];
    listed.or_else(|| {
        families.into_iter().chain(rest).find_map(|family| match kind(family, name) {
            Some(Same(ours)) => Some(ours),
            Some(Ambiguous(_) | Hint(_)) | None => None,
        })
    })
}

/// Our name for a foreign parameter of a kind.
pub fn parameter(signature: &Signature, name: &str) -> Option<&'static str> {
    let ours = signature.parameters.iter().find(|p| same(p.name, name)).map(|p| p.name);
    let theirs = || signature.foreign.parameters.iter().find(|(alias, _)| same(alias, name)).map(|(_, ours)| *ours);
    ours.or_else(theirs).or_else(|| {
        PARAMETERS
            .iter()
            .find(|(kind, alias, _)| *kind == signature.name && same(alias, name))
            .map(|(_, _, ours)| *ours)
    })
}

/// Our word for a foreign one that a setting of this name takes.
pub fn choice(setting: &str, name: &str, words: &[&'static str]) -> Option<&'static str> {
    let ours = words.iter().copied().find(|word| same(word, name));
    let foreign = || CHOICES.iter().find(|(s, alias, _)| *s == setting && same(alias, name)).map(|(_, _, ours)| *ours);
    ours.or_else(|| foreign().filter(|word| words.contains(word)))
}

/// What to do about a foreign parameter that has no counterpart.
pub fn hint(signature: &Signature, name: &str) -> Option<&'static str> {
    let theirs = || signature.foreign.hints.iter().find(|(alias, _)| same(alias, name)).map(|(_, hint)| *hint);
    let own = HINTS.iter().find(|(kind, alias, _)| *kind == signature.name && same(alias, name));
    let of_family = || OPTIONS.iter().find(|(family, alias, _)| *family == signature.family && same(alias, name));
    theirs().or_else(|| own.map(|(_, _, hint)| *hint)).or_else(|| of_family().map(|(_, _, hint)| *hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alias_points_at_a_kind_or_parameter_that_exists() {
        for (family, alias, meaning) in KINDS {
            if let Same(ours) = meaning {
                assert!(crate::catalog::find(*family, ours).is_some(), "{alias} → {ours}");
            }
            assert!(crate::catalog::find(*family, alias).is_none(), "{alias} is a kind of its own");
        }
        for signature in crate::catalog::all() {
            for alias in signature.foreign.names {
                assert!(crate::catalog::find(signature.family, alias).is_none(), "{alias} is a kind of its own");
                assert_eq!(kind(signature.family, alias), Some(Same(signature.name)), "{alias} stands twice");
            }
            for (alias, ours) in signature.foreign.parameters {
                assert!(signature.parameters.iter().any(|p| p.name == *ours), "{}: {alias} → {ours}", signature.name);
                assert!(!signature.parameters.iter().any(|p| p.name == *alias), "{} has {alias}", signature.name);
            }
        }
        for (kind, alias, ours) in PARAMETERS {
            let signature =
                crate::catalog::all().into_iter().find(|s| s.name == *kind).unwrap_or_else(|| panic!("{kind}"));
            assert!(signature.parameters.iter().any(|p| p.name == *ours), "{kind}: {alias} → {ours}");
            assert!(!signature.parameters.iter().any(|p| p.name == *alias), "{kind} has {alias} itself");
        }
    }
}
