//! From text to a checked program: parse, lower, read the data, lower the rest, and look for faults of design.
//! Not for printing: what was found comes back as diagnostics.

mod evidence;
mod rules;

use crate::data::{Dataset, Files, load};
use crate::diagnostic::{Diagnostic, Edit, has_errors, sort};
use crate::ir::Program;
pub use crate::ir::lower::Override;
use crate::ir::lower::{begin, set};
use crate::ir::spec::{DataSpec, Facts};
use crate::source::Source;
use crate::syntax;

/// What checking came to.
#[derive(Debug)]
pub struct Checked {
    /// The program; `None` where there is an error.
    pub program: Option<Program>,
    /// Its data, in the program's precision; `None` where it could not be read.
    pub data: Option<Loaded>,
    /// Everything found, in the order of reports.
    pub diagnostics: Vec<Diagnostic>,
}

/// Rows in the program's precision.
#[derive(Debug)]
pub enum Loaded {
    /// f32
    Single(Dataset<f32>),
    /// f64
    Double(Dataset<f64>),
}

impl Loaded {
    /// What the data turned out to be.
    pub fn facts(&self) -> &Facts {
        match self {
            Self::Single(data) => &data.facts,
            Self::Double(data) => &data.facts,
        }
    }
}

/// Checks a program whose data `files` can open.
///
/// # Errors
/// A sentence about an override that names nothing or does not parse.
pub fn check(source: &Source, overrides: &[Override], files: &dyn Files) -> Result<Checked, String> {
    let (mut file, mut diagnostics) = syntax::parse(source);
    for Override { name, value } in overrides {
        set(&mut file, name, value)?;
    }
    let begun = begin(&file, &mut diagnostics);
    let data = begun.data.as_ref().and_then(|spec| {
        let (data, found) = read(spec, begun.double, begun.seed, files);
        // Columns whose names have one near enough are taken for it, so that the rest of the program is checked too.
        let data = data.or_else(|| read(&mended(spec, &found)?, begun.double, begun.seed, files).0);
        add(&mut diagnostics, found);
        data
    });
    let spec = begun.data.clone();
    let lowered = begun.finish(data.as_ref().map(Loaded::facts), &mut diagnostics);
    sort(&mut diagnostics);
    let program = match (spec, lowered, &data) {
        (Some(spec), Some((network, training)), Some(data)) if !has_errors(&diagnostics) => {
            Some(Program { data: spec, facts: data.facts().clone(), network, training })
        }
        _ => None,
    };
    if let (Some(program), Some(data)) = (&program, &data) {
        diagnostics.extend(rules::run(&rules::Subject {
            source,
            program,
            data,
            quick: false,
            evidence: evidence::Evidence::new(program, data, false),
        }));
        sort(&mut diagnostics);
    }
    Ok(Checked { program, data, diagnostics })
}

/// Adds what reading the data found. Where the file alone already told of the same fault at the same place, one of the
/// two reports stays: the data's, which is more exact, unless only the other says what to do.
fn add(diagnostics: &mut Vec<Diagnostic>, mut found: Vec<Diagnostic>) {
    let place = |d: &Diagnostic| (d.code, d.primary.as_ref().map(|p| p.span));
    found.retain(|f| !diagnostics.iter().any(|d| place(d) == place(f) && d.help.is_some() && f.help.is_none()));
    diagnostics.retain(|d| !found.iter().any(|f| place(d) == place(f)));
    diagnostics.append(&mut found);
}

fn read(spec: &DataSpec, double: bool, seed: u64, files: &dyn Files) -> (Option<Loaded>, Vec<Diagnostic>) {
    if double {
        let (data, found) = load::<f64>(spec, files, seed);
        (data.map(Loaded::Double), found)
    } else {
        let (data, found) = load::<f32>(spec, files, seed);
        (data.map(Loaded::Single), found)
    }
}

/// The `data` block with the fixes of its reports applied to its columns' names; `None` where there are none.
fn mended(spec: &DataSpec, found: &[Diagnostic]) -> Option<DataSpec> {
    let edits: Vec<&Edit> = found.iter().flat_map(|d| &d.fixes).flat_map(|f| &f.edits).collect();
    let mut mended = spec.clone();
    let lists = [&mut mended.target, &mut mended.ignore, &mut mended.category];
    let mut any = false;
    for column in lists.into_iter().chain(mended.inputs.as_mut()).flatten() {
        if let Some(edit) = edits.iter().find(|e| e.span == column.span) {
            column.name = edit.text.trim_matches('"').to_owned();
            any = true;
        }
    }
    any.then_some(mended)
}
