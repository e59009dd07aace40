//! From text to a checked program: parse, lower, read the data, lower the rest, and look for faults of design.
//! Not for printing: what was found comes back as diagnostics.

mod advice;
mod allowed;
mod evidence;
mod limited_files;
mod mend;
mod rules;
#[cfg(test)]
mod tests;

use crate::data::Sides;
use crate::data::{Dataset, Files, Prior, load};
use crate::diagnostic::{Code, Diagnostic, Edit, codes, has_errors, sort};
use crate::ir::Program;
pub use crate::ir::lower::{Override, located};
use crate::ir::lower::{begin, set};
use crate::ir::spec::{DataSpec, Facts};
use crate::source::Source;
use crate::syntax;
use crate::tensor::Dtype;
use crate::train::model::Model;
use advice::Looked;
use evidence::Probe;
use limited_files::LimitedFiles;
pub use mend::{Mended, mend};

/// How far checking goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Depth {
    /// Language, shapes and data, no rules of design.
    Language,
    /// Rules of design that need no batch and no probe; data files are read where they are small.
    Quick,
    /// Everything before a run: all the data is read, and the network tried where that costs limited beside the run.
    Training,
    /// Everything.
    #[default]
    Full,
}

/// How to check.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'a> {
    /// How far.
    pub depth: Depth,
    /// Rules of taste too.
    pub pedantic: bool,
    /// The model that the program is of, where it is one's.
    pub model: Option<OfModel<'a>>,
}

/// What a model learnt from its data, and by which `data` block.
#[derive(Clone, Copy, Debug)]
pub struct OfModel<'a> {
    /// The block.
    pub spec: &'a DataSpec,
    /// What was learnt. Rows are prepared by it and divided as they were, so long as the block is the same.
    pub prior: Prior<'a>,
    /// What the rows were, where a share of them was held out.
    pub sides: Option<&'a Sides>,
}

impl<'a> From<&'a Model> for OfModel<'a> {
    fn from(model: &'a Model) -> Self {
        Self { spec: &model.program.data, prior: model.record.prior(), sides: model.record.data.sides.as_ref() }
    }
}

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
    /// Single precision.
    F32(Dataset<f32>),
    /// Double precision.
    F64(Dataset<f64>),
}

/// An expression over the rows of a [`Loaded`], whichever their precision.
macro_rules! with_rows {
    ($loaded:expr, $data:ident => $body:expr) => {
        match $loaded {
            $crate::check::Loaded::F32($data) => $body,
            $crate::check::Loaded::F64($data) => $body,
        }
    };
}
pub(crate) use with_rows;

impl Loaded {
    /// How its rows are divided, where a share of them is held out; and how many there are.
    pub fn sides(&self) -> (Option<&Sides>, usize) {
        with_rows!(self, data => (data.sides.as_ref(), data.rows()))
    }

    /// What the data turned out to be.
    pub fn facts(&self) -> &Facts {
        with_rows!(self, data => &data.facts)
    }
}

/// Checks a program whose data `files` can open, in full.
///
/// # Errors
/// A sentence about an override that names nothing or does not parse.
pub fn check(source: &Source, overrides: &[Override], files: &dyn Files) -> Result<Checked, String> {
    check_with(source, overrides, files, Options::default())
}

/// Checks a program as far as `options` say.
///
/// # Errors
/// A sentence about an override that names nothing or does not parse.
pub fn check_with(
    source: &Source,
    overrides: &[Override],
    files: &dyn Files,
    options: Options<'_>,
) -> Result<Checked, String> {
    if options.depth != Depth::Full {
        return Ok(examine(source, overrides, files, options, |_| false)?.0);
    }
    let (mut checked, run) =
        examine(source, overrides, files, options, |found| found.iter().any(|d| !d.fixes.is_empty()))?;
    let mut first = Looked { found: std::mem::take(&mut checked.diagnostics), run };
    advice::judge(source, &mut first, |text, depth| {
        let (checked, run) = examine(text, overrides, files, Options { depth, ..options }, |_| true).ok()?;
        Some(Looked { found: checked.diagnostics, run })
    });
    checked.diagnostics = first.found;
    Ok(checked)
}

/// How a run of a program went that was tried, as far as that is cheap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trial {
    /// Steps taken.
    pub steps: u64,
    /// Whether they are the whole training.
    pub is_whole: bool,
    /// The loss over the rows, as a prediction has it; infinite where the run diverged.
    pub loss: f64,
    /// The least loss that a constant output has over them.
    pub constant: f64,
    /// What is left of that, both above the least loss that there can be.
    pub left: f64,
}

/// Tries a program out; `None` where it has errors that leave nothing to run, or costs too much.
pub fn trial(source: &Source, overrides: &[Override], files: &dyn Files) -> Option<Trial> {
    let probe = run_of(source, overrides, files, Options::default())?;
    Some(Trial {
        steps: probe.steps,
        is_whole: probe.is_whole(),
        loss: probe.last,
        constant: probe.base,
        left: probe.share(),
    })
}

/// How a run of a program goes, whatever the rules of design would say of it.
fn run_of(source: &Source, overrides: &[Override], files: &dyn Files, options: Options<'_>) -> Option<Probe> {
    let options = Options { depth: Depth::Language, ..options };
    examine(source, overrides, files, options, |_| true).ok()?.1
}

/// Checks a program; and how a run of it went, where what was found asks for one.
fn examine(
    source: &Source,
    overrides: &[Override],
    files: &dyn Files,
    options: Options<'_>,
    is_tried: fn(&[Diagnostic]) -> bool,
) -> Result<(Checked, Option<Probe>), String> {
    let (mut file, mut diagnostics) = syntax::parse_with(source, crate::catalog::aliases::class);
    set(source, &mut file, overrides, &mut diagnostics)?;
    let begun = begin(&file, &mut diagnostics);
    let limited = LimitedFiles::new(files);
    let files: &dyn Files = if options.depth == Depth::Quick { &limited } else { files };
    let data = begun.data.as_ref().and_then(|spec| {
        let prior = options.model.filter(|model| model.spec == spec).map(|model| model.prior);
        let (data, mut found) = read(spec, begun.precision, files, prior);
        found.extend(options.model.and_then(|model| seen_before(model, spec, data.as_ref()?)));
        if limited.is_exceeded() {
            // Of a file that is too large to wait for, its head alone is known: a column that it has, or lacks.
            diagnostics.extend(found.into_iter().filter(|d| d.code == codes::MISSING));
            return None;
        }
        // Columns whose names have one near enough are taken for it, so that the rest of the program is checked too.
        let data = data.or_else(|| read(&mended(spec, &found)?, begun.precision, files, None).0);
        diagnostics.append(&mut found);
        data
    });
    let spec = begun.data.clone();
    let lowered = begun.finish(data.as_ref().map(Loaded::facts), &mut diagnostics);
    let mut program = match (spec, lowered, &data) {
        (Some(spec), Some((network, training)), Some(data)) if !has_errors(&diagnostics) => {
            Some(Program { data: spec, facts: data.facts().clone(), network, training })
        }
        _ => None,
    };
    let (mut quick, mut run) = (true, None);
    if let (Some(program), Some(data)) = (&program, &data) {
        quick = match options.depth {
            Depth::Quick => true,
            Depth::Training => !is_worth_a_probe(program),
            Depth::Language | Depth::Full => false,
        };
        let evidence = evidence::Evidence::new(program, data, quick);
        let pedantic = options.pedantic;
        let trial = |edits: &[Edit]| {
            let text = Source::new(source.name(), mend::apply(source.text(), edits.iter()));
            run_of(&text, overrides, files, options)
        };
        let subject = rules::Subject { source, program, data, quick, pedantic, evidence, trial: &trial };
        if options.depth == Depth::Language {
            quick = true;
        } else {
            diagnostics.extend(rules::run(&subject));
        }
        if is_tried(&diagnostics) {
            run = subject.evidence.run().cloned();
        }
    }
    located(source, overrides, &mut diagnostics);
    // A rule that was not asked says nothing of whether it is needed.
    let looked = |code: Code| program.is_some() && rules::is_asked(code, quick) || !code.is_of_design();
    allowed::silence(source, &file, looked, &mut diagnostics);
    sort(&mut diagnostics);
    program = program.filter(|_| !has_errors(&diagnostics));
    Ok((Checked { program, data, diagnostics }, run))
}

/// The learning rate above which the program's first steps cannot settle: 2/λ, and its kin for momentum, λ being the
/// largest curvature of the loss where the weights start. `None` where that is not measured: for optimizers that scale
/// their steps, and where it would take long.
pub fn stability_limit(program: &Program, data: &Loaded) -> Option<f64> {
    evidence::Evidence::new(program, data, false).limit()
}

/// The least mean loss that a constant output has on the training rows: class entropy, variance, mean absolute
/// deviation. `None` where that is not measured.
pub fn constant_loss(program: &Program, data: &Loaded) -> Option<f64> {
    evidence::Evidence::new(program, data, false).start().map(|s| s.base)
}

/// Whether a run is long enough, and its data small enough, that trying the network first costs limited beside it.
fn is_worth_a_probe(program: &Program) -> bool {
    const LONG: u64 = 20_000_000_000;
    const LARGE: usize = 2_000_000;
    let (facts, training) = (&program.facts, &program.training);
    let work: u64 = program.network.nodes.iter().map(|n| n.layer.as_ref().map_or(0, |l| l.multiply_adds())).sum();
    let run = work.saturating_mul(3).saturating_mul(facts.training_rows as u64).saturating_mul(training.epochs.value);
    run >= LONG && facts.training_rows.saturating_mul(facts.input.size()) <= LARGE
}

fn read(
    spec: &DataSpec,
    precision: Dtype,
    files: &dyn Files,
    prior: Option<Prior<'_>>,
) -> (Option<Loaded>, Vec<Diagnostic>) {
    match precision {
        Dtype::F32 => {
            let (data, found) = load::<f32>(spec, files, prior);
            (data.map(Loaded::F32), found)
        }
        Dtype::F64 => {
            let (data, found) = load::<f64>(spec, files, prior);
            (data.map(Loaded::F64), found)
        }
    }
}

/// NN118: rows that a model has seen in training must not judge it, nor may there be none to train on.
fn seen_before(model: OfModel<'_>, spec: &DataSpec, data: &Loaded) -> Option<Diagnostic> {
    let ((sides, _), facts) = (data.sides(), data.facts());
    if facts.training_rows == 0 {
        let text = "none of the rows is on the side of the model's split that is trained on";
        return Some(Diagnostic::error(codes::DATA_CHANGED, text).at(spec.source_span, "what is left of its data"));
    }
    let holds_out_seen = sides.is_some_and(|sides| !sides.keep_apart_what(model.sides));
    holds_out_seen.then(|| {
        let place = spec.split_seed.span.or(spec.test.as_ref().or(spec.validation.as_ref()).and_then(|h| h.span));
        let text = "rows that the model was trained on would be held out by this split";
        Diagnostic::error(codes::DATA_CHANGED, text)
            .at(place.unwrap_or(spec.source_span), "another split than the model's")
            .help("leave `data` as the model has it, or train anew from the program")
    })
}

/// The `data` block with the fixes of its reports applied to its columns' names; `None` where there are none.
fn mended(spec: &DataSpec, found: &[Diagnostic]) -> Option<DataSpec> {
    let edits: Vec<&Edit> = found.iter().flat_map(|d| &d.fixes).flat_map(|f| &f.edits).collect();
    let mut mended = spec.clone();
    let lists = [&mut mended.target, &mut mended.ignore, &mut mended.category];
    let mut any = false;
    for column in lists.into_iter().chain(mended.inputs.as_mut()).flatten() {
        if let Some(name) = edits.iter().find(|e| e.span == column.span).and_then(|e| syntax::parse_name(&e.text)) {
            column.name = name;
            any = true;
        }
    }
    any.then_some(mended)
}
