//! What generated data sets have in common: points in the plane and their class, or a curve. Classes take turns, so
//! that they are balanced to within one row. `noise` is a standard deviation.

use super::{DataSource, Form, Named, Source, Topic};
use crate::catalog::bind::Arguments;
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Range, Signature};
use crate::diagnostic::{Diagnostic, codes};
use crate::tensor::{Purpose, Stream};

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const SAMPLES: Key<u64> = Key::new("samples");
    pub(super) const SEED: Key<u64> = Key::new("seed");
    pub(super) const NOISE: Key<f64> = Key::new("noise");
}

/// The most rows that are generated.
const MOST_SAMPLES: usize = 10_000_000;

/// One generated data set.
#[derive(Debug)]
pub struct Generator {
    /// What holds of it as of any source.
    pub source: Source,
    /// Its columns; the last is the target.
    pub columns: &'static [&'static str],
    /// How many classes it has; 0 where its target is a value.
    pub classes: usize,
    /// One row: its number, how many there are, the standard deviation of the noise.
    pub(super) point: fn(usize, usize, f64, &mut Stream) -> [f64; 3],
}

/// A point and its class.
pub(super) const PLANE: &[&str] = &["x", "y", "label"];
/// What the reference says of those.
pub(super) const OF_PLANE: &[(&str, &str)] =
    &[("columns", "`x` and `y`, and the target `label`, whose classes are numbers from 0")];

/// How many rows.
pub(super) const SAMPLES: Parameter =
    Parameter::positional(key::SAMPLES, Kind::Count(1), DefaultValue::Number(200.0), "how many rows");
/// The seed.
pub(super) const SEED: Parameter =
    Parameter::named(key::SEED, Kind::Count(0), DefaultValue::Number(0.0), "seed of its own random stream");

/// The noise, of so much where it is left out.
pub(super) const fn noise(default: f64) -> Parameter {
    Parameter::named(
        key::NOISE,
        Kind::Number(Range::NON_NEGATIVE),
        DefaultValue::Number(default),
        "standard deviation of the noise",
    )
}

/// What is written down about a generator.
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) summary: &'static str,
    pub(super) formula: &'static str,
    pub(super) parameters: &'static [Parameter],
    pub(super) example: &'static str,
    pub(super) remarks: &'static [(&'static str, &'static str)],
    /// What other tools call it.
    pub(super) names: &'static [&'static str],
}

impl Entry {
    /// The source that it is written down about.
    pub(super) const fn source(self, configure: fn(&Arguments) -> Result<DataSource, Box<Diagnostic>>) -> Source {
        let Self { name, summary, formula, parameters, example, remarks, names } = self;
        let signature = Signature {
            name,
            family: Family::Source,
            summary,
            formula,
            range: "",
            parameters,
            example,
            source: "",
            foreign: Foreign { names, ..Foreign::NONE },
        };
        Source {
            named: Some(Named { signature, remarks, configure }),
            called: "generated data",
            form: Form::Columns,
            accepts: &[Topic::Rows, Topic::Columns, Topic::Classes, Topic::Cells],
            has_own_target: true,
            is_held_out: false,
            held_out_as: "\"FILE.csv\"",
        }
    }
}

impl Generator {
    /// Its name in a program.
    pub fn name(&self) -> &'static str {
        self.source.named.as_ref().map_or("", |named| named.signature.name)
    }

    /// The rows, each as wide as there are columns.
    pub fn rows(&self, samples: usize, noise: f64, seed: u64) -> impl Iterator<Item = Vec<f64>> + use<'_> {
        let mut stream = Stream::new(seed, Purpose::Generate);
        (0..samples).map(move |row| (self.point)(row, samples, noise, &mut stream)[..self.columns.len()].to_vec())
    }

    /// What is drawn by sound arguments.
    pub(super) fn configure(&'static self, arguments: &Arguments) -> Result<DataSource, Box<Diagnostic>> {
        let samples = arguments.count(key::SAMPLES);
        if let Some(asked) = samples.filter(|samples| samples.value > MOST_SAMPLES as u64) {
            let text = format!("`samples` is {}, more than nn generates", asked.value);
            let report = Diagnostic::error(codes::DOMAIN, text);
            return Err(Box::new(match asked.span {
                Some(span) => report.at(span, format!("at most {MOST_SAMPLES}")),
                None => report,
            }));
        }
        Ok(DataSource::Generator {
            generator: self,
            samples: samples.map_or(0, |samples| samples.value as usize),
            noise: arguments.value(key::NOISE),
            seed: arguments.count(key::SEED).map_or(0, |seed| seed.value),
        })
    }
}

impl PartialEq for Generator {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

/// Which class row `row` is of, and how far along that class's own rows it is, in [0, 1].
pub(super) fn turn(row: usize, rows: usize, classes: usize) -> (usize, f64) {
    let (class, place) = (row % classes, row / classes);
    let of_class = (rows - class).div_ceil(classes);
    (class, if of_class < 2 { 0.0 } else { place as f64 / (of_class - 1) as f64 })
}

/// A point moved by the noise.
pub(super) fn noisy(x: f64, y: f64, label: f64, noise: f64, stream: &mut Stream) -> [f64; 3] {
    [x + noise * stream.normal(), y + noise * stream.normal(), label]
}
