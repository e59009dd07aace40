//! Data sources: what may stand between `data` and `{`. Paths and inline tables have no name; the rest do.

use super::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};

/// Every named source, in the order of the reference.
pub static SOURCES: &[&Signature] = &[&IDX, &XOR, &CIRCLE, &MOONS, &SPIRAL, &BLOBS, &SINE];

/// A pair of files, the one named source that generates nothing.
pub static IDX: Signature = Signature {
    name: "idx",
    family: Family::Source,
    summary: "a pair of IDX files, plain or gzip, of whole numbers, f32 or f64: inputs, then labels (whole numbers from 0: classes) or values (floats)",
    formula: "",
    range: "",
    parameters: &[
        Parameter::positional(
            "inputs",
            Kind::Text,
            DefaultValue::Required,
            "path of the inputs, relative to the program",
        ),
        Parameter::positional("targets", Kind::Text, DefaultValue::Required, "path of the labels or values"),
    ],
    example: "data idx(\"images.idx\", \"labels.idx\") { }",
    source: "LeCun, Cortes and Burges, the MNIST files",
    foreign: Foreign::NONE,
};

/// What else holds of a source.
pub fn remarks(source: &Signature) -> &'static [(&'static str, &'static str)] {
    match source.name {
        "idx" => &[("columns", "none: inputs are called by their place, and the target is `label` or `value`")],
        "sine" => &[("columns", "`x`, and the target `y`")],
        _ => &[("columns", "`x` and `y`, and the target `label`, whose classes are numbers from 0")],
    }
}

const SAMPLES: Parameter =
    Parameter::positional("samples", Kind::Count(1), DefaultValue::Number(200.0), "how many rows");
const SEED: Parameter =
    Parameter::named("seed", Kind::Count(0), DefaultValue::Number(0.0), "seed of its own random stream");

const fn noise(default: f64) -> Parameter {
    Parameter::named(
        "noise",
        Kind::Number(Range::NON_NEGATIVE),
        DefaultValue::Number(default),
        "standard deviation of the noise",
    )
}

const fn generator(
    name: &'static str,
    summary: &'static str,
    formula: &'static str,
    parameters: &'static [Parameter],
    example: &'static str,
) -> Signature {
    Signature {
        name,
        family: Family::Source,
        summary,
        formula,
        range: "",
        parameters,
        example,
        source: "",
        foreign: Foreign::NONE,
    }
}

static XOR: Signature = generator(
    "xor",
    "two classes: the signs of two coordinates differ, or agree",
    "x₀, x₁ in ±1, label = [x₀x₁ < 0]",
    &[SAMPLES, noise(0.0), SEED],
    "data xor(samples=200, noise=0.1) { }",
);
static CIRCLE: Signature = generator(
    "circle",
    "two classes: a disc, and the ring around it",
    "radius below ½ of the ring's, or on it",
    &[SAMPLES, noise(0.1), SEED],
    "data circle(samples=300, noise=0.1) { }",
);
static MOONS: Signature = generator(
    "moons",
    "two classes: two interleaved half circles",
    "(cos t, sin t) and (1 − cos t, ½ − sin t), 0 ≤ t ≤ π",
    &[SAMPLES, noise(0.1), SEED],
    "data moons(samples=300, noise=0.1) { }",
);
static SPIRAL: Signature = generator(
    "spiral",
    "two classes: two interleaved spirals",
    "r(cos t, sin t), t growing with r; the second turned by π",
    &[SAMPLES, noise(0.0), SEED],
    "data spiral(samples=300, noise=0.05) { }",
);
static BLOBS: Signature = generator(
    "blobs",
    "three classes: three clouds",
    "N(centre, noise²) around three centres",
    &[SAMPLES, noise(0.5), SEED],
    "data blobs(samples=300) { }",
);
static SINE: Signature = generator(
    "sine",
    "one value: a sine of one input",
    "y = sin x + noise, x over −π…π",
    &[SAMPLES, noise(0.0), SEED],
    "data sine(samples=200, noise=0.1) { }",
);
