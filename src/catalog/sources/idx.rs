//! `idx`: a pair of files of numbers, as MNIST's are.

use super::{DataSource, Form, Named, Source, Topic};
use crate::catalog::bind::Arguments;
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Signature};
use crate::diagnostic::Diagnostic;

/// The names of its parameters.
mod key {
    use crate::catalog::signature::Key;

    pub(super) const INPUTS: Key<String> = Key::new("inputs");
    pub(super) const TARGETS: Key<String> = Key::new("targets");
}

/// A pair of files, the one named source that generates nothing.
pub(super) static IDX: Source = Source {
    named: Some(Named {
        signature: Signature {
            name: "idx",
            family: Family::Source,
            summary: "a pair of IDX files, plain or gzip, of whole numbers, f32 or f64: inputs, then labels (whole numbers from 0: classes) or values (floats)",
            formula: "",
            range: "",
            parameters: &[
                Parameter::positional(
                    key::INPUTS,
                    Kind::Text,
                    DefaultValue::Required,
                    "path of the inputs, relative to the program",
                ),
                Parameter::positional(key::TARGETS, Kind::Text, DefaultValue::Required, "path of the labels or values"),
            ],
            example: "data idx(\"images.idx\", \"labels.idx\") { }",
            source: "LeCun, Cortes and Burges, the MNIST files",
            foreign: Foreign::NONE,
        },
        remarks: &[
            ("columns", "none: inputs are called by their place, and the target is `label` or `value`"),
            (
                "held out",
                "`validation` and `test` take a share of the rows, or a pair of files as well: `test = idx(\"INPUTS\", \"TARGETS\")`",
            ),
        ],
        configure,
    }),
    called: "IDX data",
    form: Form::Block,
    accepts: &[Topic::Rows],
    has_own_target: true,
    is_held_out: true,
    held_out_as: "idx(\"INPUTS\", \"TARGETS\")",
};

#[expect(clippy::unnecessary_wraps, reason = "as sources are configured")]
fn configure(arguments: &Arguments) -> Result<DataSource, Box<Diagnostic>> {
    let text = |name| arguments.text(name).map(|text| text.value.clone()).unwrap_or_default();
    Ok(DataSource::Idx { inputs: text(key::INPUTS), targets: text(key::TARGETS) })
}
