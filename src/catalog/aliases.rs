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
    (Family::Activation, "identity", Same("linear")),
    (Family::Activation, "logistic", Same("sigmoid")),
    (Family::Activation, "swish", Same("silu")),
    (Family::Activation, "lrelu", Same("leaky_relu")),
    (Family::Activation, "none", Same("linear")),
    (Family::Activation, "hard_swish", Hint("the nearest kind here is `silu`")),
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
    (Family::Loss, "l2_loss", Same("mse")),
    (Family::Loss, "squared_error", Same("mse")),
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
    ("adam", "eps", "epsilon"),
    ("adam", "beta_1", "beta1"),
    ("adam", "beta_2", "beta2"),
    ("adamw", "eps", "epsilon"),
    ("adamw", "beta_1", "beta1"),
    ("adamw", "beta_2", "beta2"),
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
    ("dense", "label", "a label stands before the layer: `hidden: dense 16`"),
];

fn same(a: &str, b: &str) -> bool {
    let plain = |s: &str| s.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect::<String>();
    plain(a) == plain(b)
}

/// What a foreign name of a kind means here.
pub fn kind(family: Family, name: &str) -> Option<Meaning> {
    let ours = super::kinds(family).into_iter().find(|s| same(s.name, name));
    // `ReLU`, `BatchNorm`, `SGD`: our own names in another tool's capitals.
    ours.map(|s| Same(s.name))
        .or_else(|| KINDS.iter().find(|(f, alias, _)| *f == family && same(alias, name)).map(|(_, _, m)| *m))
}

/// Our name for a foreign parameter of a kind.
pub fn parameter(signature: &Signature, name: &str) -> Option<&'static str> {
    let ours = signature.parameters.iter().find(|p| same(p.name, name)).map(|p| p.name);
    ours.or_else(|| {
        PARAMETERS
            .iter()
            .find(|(kind, alias, _)| *kind == signature.name && same(alias, name))
            .map(|(_, _, ours)| *ours)
    })
}

/// What to do about a foreign parameter that has no counterpart.
pub fn hint(signature: &Signature, name: &str) -> Option<&'static str> {
    HINTS.iter().find(|(kind, alias, _)| *kind == signature.name && same(alias, name)).map(|(_, _, hint)| *hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_alias_points_at_a_kind_or_parameter_that_exists() {
        for (family, alias, meaning) in KINDS {
            if let Same(ours) = meaning {
                assert!(super::super::find(*family, ours).is_some(), "{alias} → {ours}");
            }
            assert!(super::super::find(*family, alias).is_none(), "{alias} is a kind of its own");
        }
        for (kind, alias, ours) in PARAMETERS {
            let signature =
                super::super::all().into_iter().find(|s| s.name == *kind).unwrap_or_else(|| panic!("{kind}"));
            assert!(signature.parameters.iter().any(|p| p.name == *ours), "{kind}: {alias} → {ours}");
            assert!(!signature.parameters.iter().any(|p| p.name == *alias), "{kind} has {alias} itself");
        }
    }
}
