//! From the `data` block to a [`Dataset`]: opens the source, reads it, splits it, learns from the training rows,
//! and adds the rows of split files.

use super::batches::{NewData, Use};
use super::dataset::{Dataset, Targets};
use super::delimited::Delimited;
use super::faults::Faults;
use super::files::Files;
use super::fit;
use super::generators::{self, Generated};
use super::header;
use super::idx;
use super::layout::{self, Layout};
use super::names;
use super::preparation::{Preparation, TargetRule};
use super::reader::{MOST_VALUES, Reader, too_many_values};
use super::rows::{Inline, Rows};
use super::split::{Split, split};
use super::survey::Survey;
use super::target::{self, Answers};
use super::view::View;
use super::weights;
use crate::diagnostic::{Diagnostic, codes, has_errors};
use crate::ir::dialect::Dialect;
use crate::ir::spec::{ColumnName, DataSource, DataSpec, Facts, Holdout, TargetFacts};
use crate::source::{Span, Spanned};
use crate::tensor::Real;

/// Rows prepared at a time when a split has a file of its own.
const BATCH: usize = 4096;

/// Reads the data of a program. `seed` is the training's: it decides which rows are held out.
///
/// Gives every fault that was found; without an error among them, there is a dataset.
pub fn load<R: Real>(spec: &DataSpec, files: &dyn Files, seed: u64) -> (Option<Dataset<R>>, Vec<Diagnostic>) {
    let mut reports = Vec::new();
    let dataset = Load { spec, files, seed, reports: &mut reports }.source();
    let dataset = dataset.filter(|_| !has_errors(&reports));
    (dataset, reports)
}

/// One load under way.
pub(super) struct Load<'a> {
    pub(super) spec: &'a DataSpec,
    pub(super) files: &'a dyn Files,
    pub(super) seed: u64,
    pub(super) reports: &'a mut Vec<Diagnostic>,
}

impl Load<'_> {
    fn source<R: Real>(&mut self) -> Option<Dataset<R>> {
        let spec = self.spec;
        match &spec.source {
            DataSource::Delimited { path } => match Delimited::open(path, self.files, &spec.dialect) {
                Ok(rows) => self.table(rows, &format!("`{path}`"), spec),
                Err(report) => self.fail(report),
            },
            DataSource::Inline(table) => self.table(Inline::new(table), "the table", spec),
            DataSource::Generator { name, samples, noise, seed } => {
                let generator = generators::generator(name)?;
                match Generated::new(generator, (*samples, *noise, *seed), spec.source_span) {
                    Ok(rows) => self.table(rows, &format!("`{name}`"), &generated(spec, generator)),
                    Err(report) => self.fail(report),
                }
            }
            DataSource::Idx { inputs, targets } => match idx::pair(inputs, targets, self.files) {
                Ok((inputs, targets)) => self.idx(inputs, targets),
                Err(reports) => {
                    for report in reports {
                        self.fail::<()>(report);
                    }
                    None
                }
            },
        }
    }

    /// Reports what ended the reading, at the source where no other place of the program is marked.
    pub(super) fn fail<T>(&mut self, report: impl Into<Box<Diagnostic>>) -> Option<T> {
        self.reports.push(located(*report.into(), self.spec.source_span));
        None
    }

    /// Rows with a header.
    fn table<R: Real>(&mut self, rows: impl Rows, what: &str, spec: &DataSpec) -> Option<Dataset<R>> {
        let mut rows = View::new(rows, &spec.dialect);
        let header = match header::names(&mut rows, what, spec) {
            Ok(header) => header,
            Err(reports) => {
                self.reports.extend(reports.into_iter().map(|r| located(r, spec.source_span)));
                return None;
            }
        };
        let header = match rows.settle(header, &spec.dialect.dates) {
            Ok((header, reports)) => {
                self.reports.extend(reports.into_iter().map(|r| located(r, spec.source_span)));
                header
            }
            Err(report) => return self.fail(report),
        };
        let layout = layout::resolve(spec, header, what, self.reports);
        let reader = match self.read(&mut rows, &layout, spec) {
            Ok(reader) => reader,
            Err(report) => return self.fail(report),
        };
        if has_errors(self.reports) {
            return None;
        }
        if reader.rows == 0 {
            let text = match reader.dropped {
                0 => format!("{what} has a header and no rows"),
                dropped => format!("each of the {dropped} rows of {what} has a missing cell and is left out"),
            };
            return self.fail(Diagnostic::error(codes::DATA_FORMAT, text));
        }
        let dialect = Dialect { dates: rows.dates(), ..spec.dialect.clone() };
        self.learn(reader, spec, dialect)
    }

    /// Reads all rows and reports their faults.
    fn read<R: Real>(
        &mut self,
        rows: &mut View<impl Rows>,
        layout: &Layout,
        spec: &DataSpec,
    ) -> Result<Reader<R>, Box<Diagnostic>> {
        let width = layout.header.len() - rows.made();
        let mut survey = Survey::of(rows, &layout.undeclared())?;
        let (told, spoken_of) = survey.report(&layout.header, spec, self.reports);
        let mut numeric = survey.numeric;
        (0..numeric.len()).filter(|&at| rows.is_date(at)).for_each(|at| numeric[at] = true);
        let target = layout.target(spec, &numeric, self.reports);
        let mut reader = Reader::new(layout.columns(&numeric), target, width, spec.missing.value);
        let classes = spec.classes.as_ref().and_then(|c| c.span);
        let mut faults = Faults::new(classes).without(told);
        let read = reader.read(rows, usize::MAX, &mut faults);
        if let Some(listed) = &spec.classes {
            let met: std::collections::HashSet<u32> = reader.classes.iter().copied().collect();
            faults.unmet(&listed.value, |class| met.contains(&(class as u32)));
        }
        self.reports.extend(faults.finish());
        names::report(&reader, spec, &spoken_of, self.reports);
        read.map(|()| reader)
    }

    /// Splits the rows, learns from those to train on, and prepares all.
    fn learn<R: Real>(&mut self, reader: Reader<R>, spec: &DataSpec, dialect: Dialect) -> Option<Dataset<R>> {
        let Reader { mut columns, target, mut inputs, classes, values, rows, dropped, missing, .. } = reader;
        let answers = target::answers(target, classes, values, spec, self.reports)?;
        let mut split = self.split(rows, &answers)?;
        let mut weights = None;
        if let Some(name) = &spec.weight {
            let taken = weights::take(&mut columns, &mut inputs, name);
            let settled = taken.and_then(|mut all| weights::settle(&mut all, &mut split.train, name).map(|()| all));
            match settled {
                Ok(all) => weights = Some(all),
                Err(report) => return self.fail(report),
            }
        }
        let (rule, targets, facts) = self.answer(answers, &split)?;
        let inputs_rule =
            fit::columns(columns, &mut inputs, &split.train, spec.scale.value, (missing, spec.unseen), self.reports)?;
        let preparation = Preparation { inputs: inputs_rule, target: rule, missing, dialect };
        Some(self.finish(preparation, inputs, targets, weights, split, facts, dropped))
    }

    /// Which rows are held out; what leaves nothing is reported.
    pub(super) fn split<R>(&mut self, rows: usize, answers: &Answers<R>) -> Option<Split> {
        let share = |holdout: &Option<Spanned<Holdout>>| match holdout {
            Some(Spanned { value: Holdout::Share(share), .. }) => *share,
            Some(Spanned { value: Holdout::File(_), .. }) | None => 0.0,
        };
        let (validation, test) = (share(&self.spec.validation), share(&self.spec.test));
        let place = |holdout: &Option<Spanned<Holdout>>| holdout.as_ref().and_then(|h| h.span);
        let (at_validation, at_test) = (place(&self.spec.validation), place(&self.spec.test));
        if validation + test >= 1.0 {
            let text =
                format!("the held-out shares sum to {} and leave no row to train on", percent(validation + test));
            let mut report = Diagnostic::error(codes::DATA_SPLIT, text);
            if let Some(span) = at_validation.or(at_test) {
                report = report.at(span, "held out").and_if(at_test.filter(|&s| s != span), "held out");
            }
            return self.fail(report);
        }
        let classes = match answers {
            Answers::Classes { ids, .. } if self.spec.stratify.value => Some(&ids[..]),
            Answers::Classes { .. } | Answers::Values { .. } => None,
        };
        let split = split(rows, classes, validation, test, self.seed);
        let empty =
            [("validation", validation, at_validation, &split.validation), ("test", test, at_test, &split.test)];
        for (name, share, span, held) in empty {
            if share > 0.0 && held.is_empty() {
                let text =
                    format!("no row is left for `{name}`: {rows} rows are too few to hold out {}", percent(share));
                let report = Diagnostic::error(codes::DATA_SPLIT, text);
                let span = span.unwrap_or(self.spec.source_span);
                return self.fail(report.at(span, "holds out nothing"));
            }
        }
        Some(split)
    }

    /// Learns what there is to learn of the targets.
    pub(super) fn answer<R: Real>(
        &mut self,
        answers: Answers<R>,
        split: &Split,
    ) -> Option<(TargetRule, Targets<R>, TargetFacts)> {
        let learnt = target::learn(answers, &split.train, self.spec, self.reports);
        learnt.filter(|_| !has_errors(self.reports))
    }

    /// Adds the rows of split files and puts everything together.
    pub(super) fn finish<R: Real>(
        &mut self,
        preparation: Preparation,
        inputs: Vec<R>,
        targets: Targets<R>,
        weights: Option<Vec<R>>,
        split: Split,
        target: TargetFacts,
        dropped: usize,
    ) -> Dataset<R> {
        let input = preparation.inputs.shape();
        let facts = Facts {
            input_names: preparation.inputs.names(),
            target,
            training_rows: split.train.len(),
            validation_rows: 0,
            test_rows: 0,
            input,
        };
        let features = facts.input.size();
        let Split { train, validation, test } = split;
        let mut dataset =
            Dataset { inputs, features, targets, weights, train, validation, test, dropped, facts, preparation };
        if let Some(rows) = self.own_file(self.spec.validation.as_ref(), &mut dataset) {
            dataset.validation = rows;
        }
        if let Some(rows) = self.own_file(self.spec.test.as_ref(), &mut dataset) {
            dataset.test = rows;
        }
        let rows = dataset.rows();
        if let Some(weights) = &mut dataset.weights {
            weights.resize(rows, R::ONE);
        }
        dataset.facts.validation_rows = dataset.validation.len();
        dataset.facts.test_rows = dataset.test.len();
        dataset
    }

    /// Appends the rows of a split's own file, where it has one; which rows they became.
    fn own_file<R: Real>(&mut self, holdout: Option<&Spanned<Holdout>>, dataset: &mut Dataset<R>) -> Option<Vec<u32>> {
        let Some(Spanned { value: Holdout::File(path), span }) = holdout else { return None };
        let first = dataset.rows() as u32;
        let reports = match append(path, self.files, dataset) {
            Ok(reports) | Err(reports) => reports,
        };
        let span = span.unwrap_or(self.spec.source_span);
        self.reports.extend(reports.into_iter().map(|r| located(r, span)));
        let rows: Vec<u32> = (first..dataset.rows() as u32).collect();
        if rows.is_empty() && !has_errors(self.reports) {
            let report = Diagnostic::error(codes::DATA_SPLIT, format!("`{path}` has no rows"));
            self.reports.push(report.at(span, "holds out nothing"));
        }
        Some(rows)
    }
}

/// A share as it is written in a program.
fn percent(share: f64) -> String {
    format!("{}%", (share * 1e8).round() / 1e6)
}

/// Marks the program's own words for a file, unless a place is marked already.
fn located(mut report: Diagnostic, span: Span) -> Diagnostic {
    if report.primary.is_none() {
        report = report.at(span, "");
    }
    report
}

/// Reads a file of held-out rows; its warnings.
fn append<R: Real>(
    path: &str,
    files: &dyn Files,
    dataset: &mut Dataset<R>,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let Dataset { preparation, inputs, targets, dropped, .. } = dataset;
    let mut batches = preparation.open::<R>(NewData::Delimited(path), files, Use::HoldOut)?;
    while let Some(batch) = batches.read(BATCH)? {
        inputs.extend_from_slice(&batch.inputs);
        if inputs.len() > MOST_VALUES {
            return Err(vec![*too_many_values()]);
        }
        match (&mut *targets, batch.targets) {
            (Targets::Classes(all), Some(Targets::Classes(new))) => all.extend(new),
            (Targets::Values { values, .. }, Some(Targets::Values { values: new, .. })) => values.extend(new),
            (Targets::Classes(_) | Targets::Values { .. }, _) => {}
        }
    }
    *dropped += batches.dropped();
    Ok(batches.warnings())
}

/// The block with what the generator itself says: its target, and that classes are classes.
fn generated(spec: &DataSpec, generator: &generators::Generator) -> DataSpec {
    let mut spec = spec.clone();
    if let (true, Some(&target)) = (spec.target.is_empty(), generator.columns.last()) {
        spec.target = vec![ColumnName { name: target.to_owned(), span: spec.source_span }];
    }
    if generator.classes > 2 && spec.category.iter().all(|c| c.name != "label") {
        spec.category.push(ColumnName { name: "label".to_owned(), span: spec.source_span });
    }
    spec
}
