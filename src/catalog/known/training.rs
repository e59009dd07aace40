//! Optimizers, schedules, stopping rules, data sources and choices of settings that this version lacks.

use super::{Known, known};

/// Optimizers.
pub(super) static OPTIMIZERS: &[Known] = &[
    known(&["radam"], "`adam` that rectifies its first steps", "adam"),
    known(&["amsgrad"], "`adam` whose second moment never falls", "adam"),
    known(&["adabelief"], "`adam` by the gradient's deviation from its mean", "adam"),
    known(&["adabound", "amsbound"], "`adam` with bounded rates", "adam"),
    known(&["adan"], "`adam` with Nesterov momentum of differences", "adam"),
    known(&["adamp", "adams", "adamod", "adai", "eadam", "padam", "qhadam", "diffgrad"], "a variant of `adam`", "adam"),
    known(&["sparse_adam", "lazy_adam"], "`adam` for sparse gradients", "adam"),
    known(&["adam_mini", "adam8bit", "adamw8bit"], "`adam` with less memory", "adam"),
    known(&["nadamw", "radamw", "adamwr"], "a variant of `adamw`", "adamw"),
    known(&["yogi"], "`adam` with an additive second moment", "adam"),
    known(&["novograd"], "`adam` with a moment for each layer", "adam"),
    known(&["lamb"], "`adam` with a rate for each layer", "adamw"),
    known(&["lars"], "`sgd` with a rate for each layer", "sgd"),
    known(&["sophia"], "`adam` by an estimate of the curvature", "adamw"),
    known(&["muon"], "orthogonalised momentum", ""),
    known(&["adafactor"], "`adam` with factored moments", "adam"),
    known(&["ftrl"], "follow the regularised leader", ""),
    known(&["rprop", "irprop"], "steps by the gradient's sign alone", "rmsprop"),
    known(&["sgdw", "sgdp", "sgdm"], "a variant of `sgd`", "sgd(momentum=0.9)"),
    known(&["nag", "nesterov_momentum"], "`sgd` with Nesterov's momentum", "sgd(momentum=0.9, nesterov=true)"),
    known(&["asgd", "averaged_sgd", "swa"], "`sgd` with averaged weights", "sgd"),
    known(&["heavy_ball"], "`sgd` with momentum", "sgd(momentum=0.9)"),
    known(&["lookahead", "ranger"], "slow weights that follow fast ones", "adam"),
    known(&["sam"], "steps by the gradient where the loss nearby is largest", "sgd"),
    known(&["bfgs"], "a quasi-Newton method with a whole matrix", "lbfgs"),
    known(&["newton", "gauss_newton", "levenberg_marquardt", "lm"], "a method of second order", "lbfgs"),
    known(&["conjugate_gradient", "cg"], "conjugate directions on all rows", "lbfgs"),
    known(&["shampoo", "kfac", "soap"], "a preconditioner for each layer", ""),
    known(&["schedule_free", "prodigy", "dadaptation"], "a method that sets its own rate", "adamw"),
];

/// Schedules.
pub(super) static SCHEDULES: &[Known] = &[
    known(&["multistep", "multi_step_lr", "piecewise", "piecewise_constant"], "falls at given epochs", "step"),
    known(
        &["cosine_restarts", "cosine_warm_restarts", "cosine_annealing_warm_restarts", "sgdr"],
        "a cosine that starts again",
        "cosine",
    ),
    known(&["cosine_decay_restarts"], "a cosine that starts again", "cosine"),
    known(&["warmup_cosine", "cosine_with_warmup"], "a cosine after a rise: `cosine(…, warmup=5)`", "cosine"),
    known(&["polynomial", "polynomial_lr", "polynomial_decay"], "a power of the epochs left", "cosine"),
    known(&["linear", "linear_lr", "linear_decay"], "a straight line", "cosine"),
    known(&["cyclic", "cyclic_lr", "triangular"], "up and down again and again", "one_cycle"),
    known(&["inverse_sqrt", "noam", "rsqrt"], "divided by the root of the steps", "exponential"),
    known(&["inverse_time", "inverse_time_decay", "time_decay"], "divided by the steps", "exponential"),
    known(&["constant", "constant_lr", "fixed"], "a rate that stays: write the number itself", ""),
    known(&["lambda", "lambda_lr"], "a function of one's own", ""),
    known(&["wsd", "trapezoidal"], "a rise, a plateau and a fall", "one_cycle"),
    known(&["lr_finder", "auto"], "a rate that is searched for", ""),
];

/// Stopping rules.
pub(super) static STOPS: &[Known] = &[
    known(&["patience"], "an argument of the rule: `early(patience=10)`", "early"),
    known(&["never", "none"], "what a run does without `stop`", ""),
    known(&["time", "timeout", "max_time"], "after a given time", ""),
    known(&["threshold", "target_loss"], "at a given loss", ""),
    known(&["nan", "terminate_on_nan"], "at a number that is not finite: every run does", ""),
];

/// Data sources.
pub(super) static SOURCES: &[Known] = &[
    known(&["images", "image_folder"], "a folder of pictures", ""),
    known(&["parquet", "arrow", "feather"], "a table in columns: save it as CSV", ""),
    known(&["json", "jsonl", "ndjson"], "records: save them as CSV", ""),
    known(&["excel", "xlsx", "xls", "ods"], "a spreadsheet: save it as CSV", ""),
    known(&["sql", "sqlite", "database"], "a database: save the table as CSV", ""),
    known(&["npy", "npz", "numpy", "hdf5", "h5"], "arrays: save them as CSV or IDX", ""),
    known(&["libsvm", "svmlight", "arff"], "a table of numbers: save it as CSV", ""),
    known(
        &["mnist", "fashion_mnist", "emnist"],
        "pictures in IDX files: `data idx(\"images.idx\", \"labels.idx\")`",
        "",
    ),
    known(&["cifar10", "cifar100", "imagenet"], "a set of pictures that nn does not bring along", ""),
    known(
        &["iris", "wine", "titanic", "boston", "california_housing", "digits", "adult"],
        "a set that nn does not bring along: write its file's path in quotes",
        "",
    ),
    known(&["circles", "rings"], "two rings, one in the other", "circle"),
    known(&["checkerboard"], "two classes in squares", "xor"),
    known(&["swiss_roll", "s_curve"], "a rolled surface in three dimensions", "spiral"),
    known(&["linear", "regression"], "a weighted sum with noise", "sine"),
    known(&["classification", "gaussian_quantiles"], "random classes", "blobs"),
    known(&["random", "noise"], "rows without a rule", ""),
];

/// What `missing` may be elsewhere.
pub(super) static MISSING: &[Known] = &[
    known(&["zero", "zeros", "fill"], "a fixed value", "constant(0)"),
    known(&["ffill", "forward_fill", "pad", "locf"], "the value of the row before", ""),
    known(&["bfill", "backward_fill"], "the value of the row after", ""),
    known(&["interpolate", "linear"], "a value between the rows around it", "mean"),
    known(&["knn", "nearest"], "the mean of rows that are like it", "mean"),
    known(&["iterative", "mice", "regression"], "what a model of the other columns says", "mean"),
    known(&["indicator", "flag"], "a column of its own that says what is missing", ""),
    known(&["ignore", "keep", "allow"], "nothing: an input without a value has no output", "drop"),
    known(&["min", "max"], "the smallest or largest value of the training rows", ""),
];

/// What `scale` may be elsewhere.
pub(super) static SCALES: &[Known] = &[
    known(&["robust"], "by the median and the quartiles", "standard"),
    known(&["max_abs"], "divided by the largest absolute value", "minmax"),
    known(&["quantile", "rank", "uniform"], "to equal shares of the rows", "minmax"),
    known(&["power", "box_cox", "yeo_johnson"], "by a power that makes it normal", "standard"),
    known(&["log", "log1p"], "the logarithm", ""),
    known(&["center", "centre", "mean"], "less the mean, without a division", "standard"),
    known(&["unit", "norm", "l1", "l2"], "each row divided by its norm", ""),
    known(&["normal", "normalize", "normalise"], "means different things: `standard` or `minmax`", ""),
    known(&["whiten", "pca"], "by the covariance of the columns", "standard"),
];

/// What `precision` may be elsewhere.
pub(super) static PRECISIONS: &[Known] = &[
    known(&["f16", "float16", "half", "fp16"], "16 bits", "f32"),
    known(&["bf16", "bfloat16"], "16 bits with the range of `f32`", "f32"),
    known(&["f8", "fp8", "float8"], "8 bits", "f32"),
    known(&["int8", "i8"], "whole numbers of 8 bits", "f32"),
    known(&["tf32"], "`f32` with a short mantissa", "f32"),
    known(&["mixed", "mixed_float16", "amp"], "products of 16 bits, sums of 32", "f32"),
    known(&["f128", "float128"], "128 bits", "f64"),
];

/// What `class_weights` may be elsewhere.
pub(super) static CLASS_WEIGHTS: &[Known] = &[
    known(&["balanced_subsample"], "`balanced` by each batch", "balanced"),
    known(&["inverse", "inverse_frequency"], "1 divided by each class's count", "balanced"),
    known(&["effective", "effective_number"], "by the effective number of rows", "balanced"),
    known(&["sqrt", "inverse_sqrt"], "1 divided by the root of each class's count", "balanced"),
    known(&["none", "uniform", "equal"], "all 1: leave the setting out", ""),
];
