//! The codes and what is fixed about each: number, name, summary, page. `nn explain` and `nn doc --rules` read this
//! table.

use std::fmt;

/// The number of a rule: `Code(304)` is written `NN304`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(pub u16);

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NN{:03}", self.0)
    }
}

impl Code {
    /// Whether it is a rule of design: what is wrong with a network that reads well. The others are of language, files,
    /// data and shapes, without which there is nothing to run.
    pub const fn is_of_design(self) -> bool {
        self.0 >= 300
    }

    /// Where its family stands from cause to consequence, the least first: what cannot be read; outputs and their loss;
    /// data; layers; how weights start; how they are moved.
    pub const fn rank(self) -> u16 {
        match self.0 / 100 {
            3 => 1,
            5 => 2,
            7 => 3,
            4 => 4,
            6 => 5,
            8.. => 6,
            _ => 0,
        }
    }
}

/// One rule.
#[derive(Debug)]
pub struct Rule {
    /// Its number, never used for another rule.
    pub code: Code,
    /// Its name: `target-range`.
    pub name: &'static str,
    /// One line.
    pub summary: &'static str,
    /// The page in Markdown.
    pub page: &'static str,
}

macro_rules! rules {
    ($($constant:ident = $number:literal $name:literal $summary:literal;)*) => {
        $(#[doc = $summary] pub const $constant: Code = Code($number);)*

        /// Every rule, by number.
        pub static RULES: &[Rule] = &[$(Rule {
            code: $constant,
            name: $name,
            summary: $summary,
            page: include_str!(concat!("pages/NN", stringify!($number), ".md")),
        }),*];
    };
}

/// Rules that tools for other languages have and that nothing written in this one can break: the number, and why.
pub static IMPOSSIBLE: &[(Code, &str)] = &[
    (
        Code(310),
        "a loss summed over the batch makes the usable learning rate fall with the batch's size; here every loss is the mean over the rows of its batch",
    ),
    (
        Code(607),
        "a layer updated before the layers below it have had their gradients follows the gradient of no loss; here every weight of a step moves by gradients taken at the same, old weights",
    ),
];

/// Why nothing can break the rule that `text` names: `NN310` or `310`.
pub fn impossible(text: &str) -> Option<(Code, &'static str)> {
    let number = text.strip_prefix("NN").or_else(|| text.strip_prefix("nn")).unwrap_or(text);
    IMPOSSIBLE.iter().find(|(code, _)| number.parse() == Ok(code.0)).copied()
}

// 204 is kept for windows larger than what they slide over, which come with convolutions.
rules! {
    SYNTAX = 101 "syntax" "a line that the grammar cannot read";
    UNCLOSED = 102 "unclosed" "a block, parenthesis, bracket or text that is never closed";
    UNKNOWN = 103 "unknown-name" "a name that the catalog, the program or the data does not have";
    DUPLICATE = 104 "duplicate" "a setting, label, block or binding given twice";
    DOMAIN = 105 "value-domain" "a value of the wrong kind or outside what its place allows";
    MISSING = 106 "missing" "a block, setting or value that is required";
    EXCLUSIVE = 107 "exclusive" "settings that exclude each other";
    UNUSED = 108 "unused" "something defined that nothing uses";
    ALLOW = 109 "allow" "an `allow` comment that names no rule or silences nothing";
    DATA_FILE = 110 "data-file" "a data file that cannot be opened or read";
    DATA_FORMAT = 111 "data-format" "a data file whose structure is broken";
    DATA_VALUE = 112 "data-value" "a cell that is not what its column holds";
    DATA_SPLIT = 113 "data-split" "a split that leaves no rows to train on, or no row of a class to judge by";
    DATA_FIT = 114 "data-fit" "data whose columns do not fit the model";
    MODEL_FILE = 115 "model-file" "a model or weights file that cannot be used";
    ALIAS = 116 "alias" "a name that the field uses, written in the language's own words";
    NUMBER_FORM = 117 "number-form" "numbers, dates or missing cells in a form that is not read";
    DATA_CHANGED = 118 "data-changed" "data that is not what the model was trained on";
    LOOK_ALIKE = 119 "look-alike" "values of a text column that differ by case, blanks or composition alone";
    INPUT_WIDTH = 201 "input-width" "a declared input that is not what the data has";
    OUTPUT_WIDTH = 202 "output-width" "an output as wide as neither the classes nor the targets";
    RANK = 203 "rank" "a layer given an input of the wrong rank";
    RESHAPE = 205 "reshape" "a reshape that changes the number of values";
    LABEL_DOMAIN = 206 "label-domain" "targets that the loss cannot take as labels";
    JOIN = 207 "join" "layers joined whose shapes do not fit";
    SOFTMAX_ONE = 301 "softmax-one" "a softmax over one unit, which gives 1 for every row";
    DOUBLE_SOFTMAX = 302 "double-softmax" "an activation that confines the logits of the loss's softmax or sigmoid";
    LOG_DOMAIN = 303 "log-domain" "a loss that takes the logarithm of outputs that are no probabilities";
    TARGET_RANGE = 304 "target-range" "targets beyond what the output's activation can give";
    LOSS_FAMILY = 305 "loss-family" "a loss for numbers on classes, or a loss for classes on numbers";
    OUTPUT_LABELS = 306 "output-labels" "outputs free of each other for exclusive classes, or tied for free labels";
    UNNORMALISED = 307 "unnormalised-cross-entropy" "cross-entropy of outputs that are no distribution";
    RELU_OUTPUT = 308 "relu-output" "relu as the output's activation";
    METRIC = 309 "metric" "a metric that says nothing of such a target";
    ASYMPTOTE = 311 "asymptote-target" "targets that the output comes to only for infinite weights";
    SYMMETRY = 401 "symmetry" "units of a layer that start equal and stay equal";
    INIT_NARROW = 402 "init-narrow" "weights that start so near 0 that the output does not depend on the input";
    INIT_WIDE = 403 "init-wide" "weights that start so wide that units saturate or the first loss is huge";
    INIT_CENTER = 404 "init-off-centre" "weights that start around a number other than 0, so that units are alike";
    INIT_SCHEME = 405 "init-scheme" "weights that start off the width that their activation suits";
    BIAS_INIT = 406 "bias-init" "biases that start where they do no good";
    SATURATED = 407 "saturated" "units that start where their slope is nearly 0";
    DEAD_UNITS = 408 "dead-units" "relu units that are 0 for every row at the start";
    INITIAL_LOSS = 409 "initial-loss" "a first loss far above that of a constant output";
    LAYER_GRADIENT = 410 "layer-gradient" "layers whose gradients differ by orders of magnitude";
    UNSCALED = 501 "unscaled" "input columns on scales far from each other or from 1";
    CONSTANT = 502 "constant-column" "an input or a target that is the same in every training row";
    NON_FINITE = 503 "non-finite" "a missing, NaN or infinite value in the data";
    IMBALANCE = 504 "imbalance" "a class so rare that predicting the others is nearly always right";
    TARGET_SCALE = 505 "target-scale" "targets of a size that the optimizer takes long to reach, or never does";
    CONTRADICTION = 506 "contradictory-rows" "equal inputs with different targets";
    LEAKAGE = 507 "leakage" "held-out rows that were trained on, or an input that is the target";
    IDENTIFIER = 508 "id-as-number" "a number that names a row instead of measuring it";
    LOST_DIGITS = 509 "lost-digits" "numbers so far from 0 that f32 does not tell them apart";
    LEFT_OUT = 510 "rows-left-out" "rows of the data that are left out for a missing cell";
    RATE_HIGH = 601 "learning-rate-high" "a learning rate above what the curvature of the loss allows";
    RATE_LOW = 602 "learning-rate-low" "a learning rate so low that training ends before anything has happened";
    RATE_RANGE = 603 "learning-rate-range" "a learning rate outside 1e-7…1e-2, whatever the network (pedantic)";
    STEPS = 604 "steps" "too few steps, or a batch larger than the data";
    EPSILON = 605 "epsilon" "an epsilon that drowns the gradients or that the precision cannot hold";
    PENALTY = 606 "penalty" "a penalty on the weights that outweighs the loss";
    UNTRIED = 608 "untried" "a network so large that trials are left out";
    COLLAPSE = 701 "collapses-to-linear" "layers with nothing between them that bends, which act as one";
    DOUBLE_ACTIVATION = 702 "double-activation" "two activations in a row";
    NORM_BIAS = 703 "norm-bias" "a bias that the norm after it takes off again";
    DROPOUT_NORM = 704 "dropout-before-norm" "dropout right before a batch norm";
    DROPOUT_OUTPUT = 705 "dropout-on-output" "dropout after the last layer with weights";
    DROPOUT_RATE = 706 "dropout-rate" "dropout that leaves out too much of a layer";
    NORM_BATCH = 708 "norm-batch-one" "a batch norm over batches of one row";
    DEEP_SIGMOID = 710 "deep-saturating" "sigmoid layers so deep that the gradient fades";
    NO_GRADIENT = 711 "no-gradient" "weights before an activation whose slope is 0 everywhere";
    NARROW = 712 "narrow" "so few units that it hangs on the seed whether the network learns";
    FIRST_NON_FINITE = 801 "first-non-finite" "the loss or a value became NaN or infinite during training";
}

/// The rule of a code.
pub fn rule(code: Code) -> Option<&'static Rule> {
    RULES.iter().find(|r| r.code == code)
}

/// The rule that `text` names: `NN304`, `304` or `target-range`.
pub fn find(text: &str) -> Option<&'static Rule> {
    let number = text.strip_prefix("NN").or_else(|| text.strip_prefix("nn")).unwrap_or(text);
    RULES.iter().find(|r| r.name == text || number.parse() == Ok(r.code.0))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn what_cannot_happen_is_no_rule() {
        for (code, _) in IMPOSSIBLE {
            assert!(rule(*code).is_none() && impossible(&code.to_string()).is_some(), "{code}");
        }
        assert!(impossible("NN304").is_none() && impossible("").is_none());
    }

    const SECTIONS: [&str; 5] = ["Why", "Rule", "Wrong", "Right", "Mend"];

    #[test]
    fn codes_ascend_and_names_are_kebab_case_and_unique() {
        assert!(RULES.windows(2).all(|pair| pair[0].code < pair[1].code));
        let mut names = HashSet::new();
        for rule in RULES {
            let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
            assert!(rule.name.split('-').all(word), "{}", rule.name);
            assert!(names.insert(rule.name), "{} twice", rule.name);
        }
    }

    #[test]
    fn rules_are_found_by_number_and_name() {
        for rule in RULES {
            for text in [rule.code.to_string(), rule.code.0.to_string(), rule.name.to_owned()] {
                assert_eq!(find(&text).map(|r| r.code), Some(rule.code), "{text}");
            }
        }
        assert!(find("NN999").is_none() && find("").is_none());
    }

    #[test]
    fn summaries_are_facts_in_lower_case() {
        for Rule { code, summary, .. } in RULES {
            assert!(summary.starts_with(|c: char| c.is_lowercase()) && !summary.ends_with('.'), "{code}: {summary}");
        }
    }

    #[test]
    fn pages_keep_to_their_form() {
        for rule in RULES {
            let Rule { code, name, page, .. } = rule;
            assert!(page.starts_with(&format!("# {code} {name}\n\n")), "{code}: its heading");
            assert!(page.ends_with('\n') && !page.ends_with("\n\n"), "{code}: its end");
            assert!(page.lines().all(|l| l.chars().count() <= 120 && l == l.trim_end()), "{code}: its lines");
            let headings: Vec<&str> = page.lines().filter_map(|l| l.strip_prefix("## ")).collect();
            assert_eq!(headings, SECTIONS, "{code}");
            for heading in SECTIONS {
                assert!(!section(page, heading).trim().is_empty(), "{code}: {heading} is empty");
            }
        }
    }

    #[test]
    fn pages_show_one_program_or_one_session_on_each_side() {
        for Rule { code, page, .. } in RULES {
            let sides = ["Wrong", "Right"].map(|heading| blocks(section(page, heading)));
            for side in &sides {
                let first = side.first().map(|block| block.0);
                assert!(matches!(first, Some("nn" | "nn run" | "nn pedantic" | "sh")), "{code}: {first:?}");
                assert!(side[1..].iter().all(|(info, _)| info.contains(" file=")), "{code}: further blocks are files");
                assert!(side.iter().all(|(_, text)| !text.trim().is_empty()), "{code}: an empty block");
            }
            assert_ne!(sides[0], sides[1], "{code}: right is wrong");
        }
    }

    /// What stands below `## heading`.
    fn section<'a>(page: &'a str, heading: &str) -> &'a str {
        let Some((_, rest)) = page.split_once(&format!("\n## {heading}\n")) else { return "" };
        rest.split("\n## ").next().unwrap_or(rest)
    }

    /// The fenced blocks of a section: what stands behind the fence, and the text.
    fn blocks(section: &str) -> Vec<(&str, &str)> {
        let mut pieces = section.split("```");
        let mut blocks = Vec::new();
        pieces.next();
        while let (Some(block), Some(_)) = (pieces.next(), pieces.next()) {
            blocks.extend(block.split_once('\n'));
        }
        blocks
    }
}
