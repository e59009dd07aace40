//! Initializers: how a tensor starts. Each is a distribution, given how many connections run into and out of a unit.

mod distribution;
mod matrix;

use super::bind::{Arguments, Chosen};
use super::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::diagnostic::{Applicability, Diagnostic, codes};
pub use distribution::Distribution;
use distribution::LEFT;

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const LOW: Key<f64> = Key::new("low");
    pub(super) const HIGH: Key<f64> = Key::new("high");
    pub(super) const MEAN: Key<f64> = Key::new("mean");
    pub(super) const STD: Key<f64> = Key::new("std");
    pub(super) const VALUE: Key<f64> = Key::new("value");
    pub(super) const GAIN: Key<f64> = Key::new("gain");
}

/// Connections of one unit: `into` from the layer before, `out` to units of this one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fans {
    /// `fan_in`
    pub into: usize,
    /// `fan_out`
    pub out: usize,
}

/// Writes an initializer of mean 0 and a standard deviation; the second argument writes numbers.
pub type Centred = fn(f64, fn(f64) -> String) -> String;

/// One kind of initializer.
#[derive(Debug)]
pub struct InitializerKind {
    /// Its reference entry.
    pub signature: Signature,
    /// The distribution, from sound arguments and the fans.
    pub distribution: fn(&Arguments, Fans) -> Distribution,
    /// How it is written with mean 0 and a standard deviation, where its arguments can say that.
    pub centred: Option<Centred>,
    /// Whether it makes a whole matrix, so that a vector cannot start so.
    pub is_matrix: bool,
    /// What is wrong with arguments each of which is sound.
    pub fault: fn(&Chosen) -> Option<Diagnostic>,
}

impl InitializerKind {
    /// The same, with what other tools call it.
    const fn foreign(mut self, foreign: Foreign) -> Self {
        self.signature.foreign = foreign;
        self
    }
}

impl PartialEq for InitializerKind {
    fn eq(&self, other: &Self) -> bool {
        self.signature.name == other.signature.name
    }
}

/// The kind with this name.
pub fn find(name: &str) -> Option<&'static InitializerKind> {
    INITIALIZERS.iter().find(|i| i.signature.name == name).copied()
}

/// How a tensor starts: an initializer, and what it comes to for this tensor.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Start {
    /// Which one.
    pub kind: &'static InitializerKind,
    /// What each element is drawn from.
    pub distribution: Distribution,
}

impl Start {
    /// An initializer that takes no arguments.
    pub fn plain(kind: &'static InitializerKind, fans: Fans) -> Self {
        Self { kind, distribution: (kind.distribution)(&Chosen::default(&kind.signature).arguments, fans) }
    }

    /// An initializer as the user chose it.
    pub fn chosen(chosen: &Chosen, fans: Fans) -> Option<Self> {
        let kind = find(chosen.kind.name)?;
        Some(Self { kind, distribution: (kind.distribution)(&chosen.arguments, fans) })
    }

    /// As it would be written in a program, by a function that writes numbers.
    pub fn written(&self, number: fn(f64) -> String) -> String {
        let centred = self.kind.centred.map(|written| written(self.distribution.variance().sqrt(), number));
        centred.unwrap_or_else(|| self.name().to_owned())
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.kind.signature.name
    }
}

const fn row(
    name: &'static str,
    summary: &'static str,
    formula: &'static str,
    parameters: &'static [Parameter],
    example: &'static str,
    source: &'static str,
    distribution: fn(&Arguments, Fans) -> Distribution,
) -> InitializerKind {
    let signature = Signature {
        name,
        family: Family::Initializer,
        summary,
        formula,
        range: "",
        parameters,
        example,
        source,
        foreign: Foreign::NONE,
    };
    InitializerKind { signature, distribution, centred: None, is_matrix: false, fault: |_| None }
}

const GLOROT: &str = "Glorot and Bengio 2010";
const HE: &str = "He et al. 2015";
const LECUN: &str = "LeCun et al. 1998; Klambauer et al. 2017";

/// Every initializer, in the order of the reference.
pub static INITIALIZERS: &[&InitializerKind] = &[
    &UNIFORM,
    &NORMAL,
    &ZEROS,
    &ONES,
    &CONSTANT,
    &GLOROT_UNIFORM,
    &GLOROT_NORMAL,
    &HE_UNIFORM,
    &HE_NORMAL,
    &LECUN_UNIFORM,
    &LECUN_NORMAL,
    &TRUNCATED_NORMAL,
    &ORTHOGONAL,
    &IDENTITY,
];

/// Between two numbers.
pub static UNIFORM: InitializerKind = InitializerKind {
    centred: Some(|std, number| {
        let bound = number(3f64.sqrt() * std);
        format!("uniform(-{bound}, {bound})")
    }),
    fault: ends,
    ..row(
        "uniform",
        "uniform between two numbers",
        "w ~ U(low, high)",
        &[
            Parameter::positional(key::LOW, Kind::Number(Range::ANY), DefaultValue::Required, "the lower end"),
            Parameter::positional(key::HIGH, Kind::Number(Range::ANY), DefaultValue::Required, "the upper end"),
        ],
        "init = uniform(-0.1, 0.1)",
        "",
        |a, _| Distribution::Uniform { low: a.value(key::LOW), high: a.value(key::HIGH) },
    )
    .foreign(Foreign {
        parameters: &[("minval", "low"), ("maxval", "high"), ("min", "low"), ("max", "high")],
        ..Foreign::NONE
    })
};
static NORMAL: InitializerKind = InitializerKind {
    centred: Some(|std, number| format!("normal(0, {})", number(std))),
    ..row(
        "normal",
        "normal with a mean and a standard deviation",
        "w ~ N(mean, std²)",
        &[
            Parameter::positional(key::MEAN, Kind::Number(Range::ANY), DefaultValue::Required, "the mean"),
            Parameter::positional(
                key::STD,
                Kind::Number(Range::NON_NEGATIVE),
                DefaultValue::Required,
                "the standard deviation",
            ),
        ],
        "init = normal(0, 0.05)",
        "",
        |a, _| Distribution::Normal { mean: a.value(key::MEAN), std: a.value(key::STD) },
    )
    .foreign(Foreign {
        names: &["gaussian"],
        parameters: &[("stddev", "std"), ("sigma", "std"), ("mu", "mean")],
        ..Foreign::NONE
    })
};
/// What biases start as.
pub static ZEROS: InitializerKind =
    row("zeros", "every weight 0", "w = 0", &[], "bias_init = zeros", "", |_, _| Distribution::Constant(0.0))
        .foreign(Foreign { names: &["zero"], ..Foreign::NONE });
/// What scales start as.
pub static ONES: InitializerKind =
    row("ones", "every weight 1", "w = 1", &[], "bias_init = ones", "", |_, _| Distribution::Constant(1.0))
        .foreign(Foreign { names: &["one"], ..Foreign::NONE });
static CONSTANT: InitializerKind = row(
    "constant",
    "every weight the same number",
    "w = value",
    &[Parameter::positional(key::VALUE, Kind::Number(Range::ANY), DefaultValue::Required, "the number")],
    "bias_init = constant(0.1)",
    "",
    |a, _| Distribution::Constant(a.value(key::VALUE)),
);
/// The same number for all.
pub fn constant(value: f64) -> Start {
    Start { kind: &CONSTANT, distribution: Distribution::Constant(value) }
}
/// What suits units whose slope is largest near 0: the one to choose where nothing else is known.
pub static GLOROT_UNIFORM: InitializerKind = row(
    "glorot_uniform",
    "uniform, for tanh, sigmoid and softmax",
    "w ~ U(±√(6 / (fan_in + fan_out)))",
    &[],
    "init = glorot_uniform",
    GLOROT,
    |_, f| Distribution::symmetric((6.0 / (f.into + f.out) as f64).sqrt()),
)
.foreign(Foreign { names: &["xavier_uniform"], ..Foreign::NONE });
static GLOROT_NORMAL: InitializerKind = row(
    "glorot_normal",
    "normal, for tanh, sigmoid and softmax",
    "w ~ N(0, 2 / (fan_in + fan_out))",
    &[],
    "init = glorot_normal",
    GLOROT,
    |_, f| Distribution::Normal { mean: 0.0, std: (2.0 / (f.into + f.out) as f64).sqrt() },
)
.foreign(Foreign { names: &["xavier_normal"], ..Foreign::NONE });
/// What suits units that cut off half of their inputs.
pub static HE_UNIFORM: InitializerKind = row(
    "he_uniform",
    "uniform, for relu and its kin",
    "w ~ U(±√(6 / fan_in))",
    &[],
    "init = he_uniform",
    HE,
    |_, f| Distribution::symmetric((6.0 / f.into as f64).sqrt()),
)
.foreign(Foreign { names: &["kaiming_uniform"], ..Foreign::NONE });
static HE_NORMAL: InitializerKind =
    row("he_normal", "normal, for relu and its kin", "w ~ N(0, 2 / fan_in)", &[], "init = he_normal", HE, |_, f| {
        Distribution::Normal { mean: 0.0, std: (2.0 / f.into as f64).sqrt() }
    })
    .foreign(Foreign { names: &["kaiming_normal"], ..Foreign::NONE });
static LECUN_UNIFORM: InitializerKind = row(
    "lecun_uniform",
    "uniform, keeping the variance of linear units",
    "w ~ U(±√(3 / fan_in))",
    &[],
    "init = lecun_uniform",
    LECUN,
    |_, f| Distribution::symmetric((3.0 / f.into as f64).sqrt()),
);
/// What suits units that keep the variance of what they take.
pub static LECUN_NORMAL: InitializerKind = row(
    "lecun_normal",
    "normal, keeping the variance of linear units",
    "w ~ N(0, 1 / fan_in)",
    &[],
    "init = lecun_normal",
    LECUN,
    |_, f| Distribution::Normal { mean: 0.0, std: (1.0 / f.into as f64).sqrt() },
);

const TRUNCATED: InitializerKind = row(
    "truncated_normal",
    "normal, redrawn beyond two standard deviations",
    "w ~ N(mean, std²) within mean ± 2·std; its own standard deviation is 0.8796·std",
    &[
        Parameter::positional(key::MEAN, Kind::Number(Range::ANY), DefaultValue::Required, "the mean"),
        Parameter::positional(
            key::STD,
            Kind::Number(Range::NON_NEGATIVE),
            DefaultValue::Required,
            "the standard deviation before the ends are cut off",
        ),
    ],
    "init = truncated_normal(0, 0.05)",
    "",
    |a, _| Distribution::TruncatedNormal { mean: a.value(key::MEAN), std: a.value(key::STD) },
);
static TRUNCATED_NORMAL: InitializerKind = InitializerKind {
    signature: Signature {
        foreign: Foreign {
            names: &["trunc_normal"],
            parameters: &[("stddev", "std"), ("sigma", "std"), ("mu", "mean")],
            hints: &[("a", "the ends are two standard deviations"), ("b", "the ends are two standard deviations")],
            ..Foreign::NONE
        },
        ..TRUNCATED.signature
    },
    centred: Some(|std, number| format!("truncated_normal(0, {})", number(std / LEFT.sqrt()))),
    ..TRUNCATED
};

const GAIN: Parameter =
    Parameter::positional(key::GAIN, Kind::Number(Range::ANY), DefaultValue::Number(1.0), "multiplies all");

static ORTHOGONAL: InitializerKind = InitializerKind {
    is_matrix: true,
    ..row(
        "orthogonal",
        "rows or columns, whichever are fewer, orthogonal and of length gain",
        "w = gain·Q of a QR decomposition of normal draws, R's diagonal positive",
        &[GAIN],
        "init = orthogonal",
        "Saxe, McClelland and Ganguli 2014",
        |a, f| Distribution::Orthogonal { gain: a.value(key::GAIN), rows: f.out, columns: f.into },
    )
};

const EYE: Signature = row(
    "identity",
    "ones on the diagonal: each unit passes on the input of its own number",
    "w = gain on the diagonal, 0 elsewhere",
    &[GAIN],
    "init = identity",
    "Le, Jaitly and Hinton 2015",
    |_, _| Distribution::Constant(0.0),
)
.signature;

static IDENTITY: InitializerKind = InitializerKind {
    signature: Signature { foreign: Foreign { names: &["eye"], ..Foreign::NONE }, ..EYE },
    distribution: |a, f| Distribution::Identity { gain: a.value(key::GAIN), rows: f.out, columns: f.into },
    centred: None,
    is_matrix: true,
    fault: |_| None,
};

/// A start of matrices chosen for what is none.
pub fn not_of_vectors(chosen: &Chosen) -> Option<Diagnostic> {
    let (kind, span) = (find(chosen.kind.name).filter(|kind| kind.is_matrix)?, chosen.span?);
    let (name, zeros) = (kind.signature.name, ZEROS.signature.name);
    let report = Diagnostic::error(codes::DOMAIN, format!("`{name}` makes a matrix, and biases are a vector"));
    Some(report.at(span, "for weights alone").help(format!("write `{zeros}`")).fix(
        Applicability::Unsafe,
        format!("write `{zeros}`"),
        span,
        zeros,
    ))
}

/// Ends of a range in the wrong order, or so far apart that their difference overflows.
fn ends(chosen: &Chosen) -> Option<Diagnostic> {
    let (low, high) = (chosen.arguments.value(key::LOW), chosen.arguments.value(key::HIGH));
    let span = chosen.span?;
    if low > high {
        let message = format!("the range of `uniform` ends below its start: {low} to {high}");
        let report = Diagnostic::error(codes::DOMAIN, message).at(span, format!("{low} is above {high}"));
        return Some(report.help(format!("write `uniform({high}, {low})`")).fix(
            Applicability::Unsafe,
            "swap the two",
            span,
            format!("uniform({high}, {low})"),
        ));
    }
    let message = "the range of `uniform` is wider than a number can be";
    (!(high - low).is_finite()).then(|| Diagnostic::error(codes::DOMAIN, message).at(span, "overflows"))
}

#[cfg(test)]
mod tests;
