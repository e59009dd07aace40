//! The three blocks and their settings.

use super::signature::{Default, Family, Foreign, Kind, Parameter, Range, Signature};

/// Every block, in the order of a program.
pub static BLOCKS: &[&Signature] = &[&DATA, &NETWORK, &TRAIN];

/// `data SOURCE { … }`
pub static DATA: Signature = Signature {
    name: "data",
    family: Family::Block,
    summary: "where rows come from and what is made of them",
    formula: "",
    range: "",
    parameters: &[
        Parameter::named(
            "target",
            Kind::Columns,
            Default::Absent("the source's own, where it has one"),
            "the column to predict, or a list",
        ),
        Parameter::named("inputs", Kind::Columns, Default::Absent("every other column"), "the columns to learn from"),
        Parameter::named("ignore", Kind::Columns, Default::Absent("none"), "columns to leave out"),
        Parameter::named(
            "category",
            Kind::Columns,
            Default::Absent("text columns alone"),
            "numeric columns to take as classes",
        ),
        Parameter::named(
            "scale",
            Kind::Word(&["none", "standard", "minmax"]),
            Default::Word("none"),
            "how inputs are scaled, by statistics of the training rows",
        ),
        Parameter::named(
            "target_scale",
            Kind::Word(&["none", "standard", "minmax"]),
            Default::Word("none"),
            "how value targets are scaled",
        ),
        Parameter::named(
            "missing",
            Kind::WordOrConstant(&["error", "drop", "mean", "median", "mode"]),
            Default::Word("error"),
            "what becomes of missing cells",
        ),
        Parameter::named(
            "unseen",
            Kind::Word(&["error", "unknown"]),
            Default::Word("error"),
            "what becomes of a category that no training row has",
        ),
        Parameter::named(
            "validation",
            Kind::Share,
            Default::Absent("none"),
            "rows held out to watch training: a share, or files of their own",
        ),
        Parameter::named(
            "test",
            Kind::Share,
            Default::Absent("none"),
            "rows held out to judge the result: a share, or files of their own",
        ),
        Parameter::named(
            "split_seed",
            Kind::Count(0),
            Default::Number(0.0),
            "decides, with the rows themselves, which of them are held out",
        ),
        Parameter::named(
            "weight",
            Kind::Column,
            Default::Absent("all 1"),
            "a column that multiplies the loss of its row in training",
        ),
        Parameter::named("stratify", Kind::Bool, Default::Word("true"), "whether splits keep the classes' shares"),
        Parameter::named("classes", Kind::Names, Default::Absent("sorted"), "the order of the classes"),
        Parameter::named(
            "positive",
            Kind::Name,
            Default::Absent("the second of two classes"),
            "of two classes the one that precision, recall and f1 speak of",
        ),
        Parameter::named(
            "separator",
            Kind::Text,
            Default::Absent("a tab in `.tsv` files, else a comma"),
            "what stands between the cells of a file; \" \" is any number of blanks",
        ),
        Parameter::named(
            "decimal",
            Kind::Text,
            Default::Absent("\".\""),
            "what stands before a fraction: \".\" or \",\"",
        ),
        Parameter::named(
            "thousands",
            Kind::Text,
            Default::Absent("none"),
            "what stands between groups of three digits, such as \".\" or \" \"",
        ),
        Parameter::named(
            "missing_values",
            Kind::Names,
            Default::Absent("none"),
            "texts and numbers that mean a missing cell, beside the usual ones",
        ),
        Parameter::named(
            "header",
            Kind::BoolOrNames,
            Default::Absent("the file's first line"),
            "the columns' names where the file has none: false (c0, c1, …) or a list",
        ),
        Parameter::named(
            "date",
            Kind::Dates,
            Default::Absent("none"),
            "columns of dates: days since 1970; parts(day) gives year to hour too",
        ),
        Parameter::named("skip_lines", Kind::Count(0), Default::Number(0.0), "lines of the file before its header"),
    ],
    example: "data \"iris.csv\" { target = species }",
    source: "",
    foreign: Foreign::NONE,
};

/// `network { … }`
pub static NETWORK: Signature = Signature {
    name: "network",
    family: Family::Block,
    summary: "the layers, in order",
    formula: "",
    range: "",
    parameters: &[
        Parameter::named(
            "init",
            Kind::One(Family::Initializer),
            Default::Absent("by the activation"),
            "how the weights of the layers after it start",
        ),
        Parameter::named(
            "bias_init",
            Kind::One(Family::Initializer),
            Default::Absent("zeros"),
            "how the biases of the layers after it start",
        ),
    ],
    example: "network { dense 16 tanh }",
    source: "",
    foreign: Foreign::NONE,
};

/// `train { … }`
pub static TRAIN: Signature = Signature {
    name: "train",
    family: Family::Block,
    summary: "what is minimised, and how",
    formula: "",
    range: "",
    parameters: &[
        Parameter::named("loss", Kind::One(Family::Loss), Default::Required, "what is minimised"),
        Parameter::named("optimizer", Kind::One(Family::Optimizer), Default::Word("sgd"), "how weights move"),
        Parameter::named(
            "learning_rate",
            Kind::NumberOr(Range::POSITIVE, Family::Schedule),
            Default::Required,
            "how far they move: a number, or a schedule",
        ),
        Parameter::named("epochs", Kind::Count(1), Default::Required, "how often every row is seen"),
        Parameter::named("batch", Kind::CountOr(1, &["all"]), Default::Number(32.0), "rows for each step"),
        Parameter::named("seed", Kind::Count(0), Default::Number(0.0), "of every random stream"),
        Parameter::named("shuffle", Kind::Bool, Default::Word("true"), "whether rows come in a new order each epoch"),
        Parameter::named("precision", Kind::Word(&["f32", "f64"]), Default::Word("f32"), "of the numbers"),
        Parameter::named("l1", Kind::Number(Range::NON_NEGATIVE), Default::Number(0.0), "adds l1·Σ|w| over weights"),
        Parameter::named("l2", Kind::Number(Range::NON_NEGATIVE), Default::Number(0.0), "adds l2·Σw² over weights"),
        Parameter::named(
            "clip_norm",
            Kind::Number(Range::POSITIVE),
            Default::Absent("no bound"),
            "bounds the norm of all gradients together",
        ),
        Parameter::named(
            "class_weights",
            Kind::NumbersOr(Range::POSITIVE, &["balanced"]),
            Default::Absent("all 1"),
            "multiplies a row's loss by its class's weight",
        ),
        Parameter::named(
            "stop",
            Kind::One(Family::Stop),
            Default::Absent("after all epochs"),
            "when training ends early",
        ),
        Parameter::named(
            "metrics",
            Kind::Many(Family::Metric),
            Default::Absent("accuracy for classes; rmse, mae and r2 for values"),
            "what is reported beside the loss",
        ),
    ],
    example: "train {\n  loss          = cross_entropy\n  learning_rate = 0.01\n  epochs        = 100\n}",
    source: "",
    foreign: Foreign::NONE,
};
