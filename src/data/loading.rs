//! [`Loading`]: from a source that is opened to a [`Dataset`]: its rows are read, divided into sides, and prepared by
//! what those to train on say. Not for opening: see [`super::sources`].

use super::dataset::{Dataset, Sides};
use super::excerpt::listed;
use super::faults::Faults;
use super::files::Files;
use super::filled::Filled;
use super::fit;
use super::groups::Groups;
use super::header;
use super::keys;
use super::layout::{self, Layout};
use super::model_reader::Use;
use super::names;
use super::preparation::{Inputs, Preparation};
use super::reader::{Column, Kind, MOST_CATEGORIES, Reader, Target, Unseen};
use super::rows::Rows;
use super::size::Room;
use super::split::{Classes, Split, SplitRule, split};
use super::survey::Survey;
use super::target::{self, Answers, Learnt};
use super::view::View;
use super::weights;
use crate::diagnostic::{Diagnostic, Level, codes, has_errors};
use crate::ir::dialect::Dialect;
use crate::ir::spec::{ColumnName, DataSpec, Facts, Holdout, LeftOut, Missing};
use crate::source::{Span, Spanned};
use crate::tensor::Real;
use crate::text;

/// What a model learnt from its data. Rows that are read by it are prepared as its training rows were, and each is on
/// the side of the split that it was on then, whatever has become of the data.
#[derive(Clone, Copy, Debug)]
pub struct Prior<'a> {
    /// How rows are prepared.
    pub preparation: &'a Preparation,
    /// How they are divided; `None` where no share of them was held out.
    pub split: Option<&'a SplitRule>,
}

/// Rows by their sides, and how that came about where a share of them is held out.
pub(super) type Divided = (Split, Option<Sides>);

/// What goes beside inputs and targets.
pub(super) struct Beside<R> {
    pub(super) weights: Option<Vec<R>>,
    pub(super) groups: Option<Groups>,
    pub(super) filled: Filled,
    pub(super) left_out: LeftOut,
}

/// One load under way.
pub(super) struct Loading<'a> {
    pub(super) spec: &'a DataSpec,
    pub(super) files: &'a dyn Files,
    pub(super) prior: Option<Prior<'a>>,
    /// Whether it is still to be told that no target is named.
    pub(super) lacks_target: bool,
    pub(super) reports: &'a mut Vec<Diagnostic>,
}

impl<'a> Loading<'a> {
    /// Reports what ended the reading, at the source where no other place of the program is marked.
    pub(super) fn fail<T>(&mut self, report: impl Into<Box<Diagnostic>>) -> Option<T> {
        self.reports.push(located(*report.into(), self.spec.source_span));
        None
    }

    /// Rows with a header.
    pub(super) fn table<R: Real>(&mut self, rows: impl Rows, what: &str, spec: &DataSpec) -> Option<Dataset<R>> {
        let dialect = self.dialect();
        let mut rows = View::new(rows, dialect);
        let header = match self.prior {
            None => header::names(&mut rows, what, spec),
            Some(_) => header::of_new_file(&mut rows, what, &dialect.header),
        };
        let header = match header {
            Ok(header) => header,
            Err(reports) => {
                self.reports.extend(reports.into_iter().map(|r| located(r, spec.source_span)));
                return None;
            }
        };
        let header = match rows.settle(header, &dialect.dates) {
            Ok((header, reports)) => {
                self.reports.extend(reports.into_iter().map(|r| located(r, spec.source_span)));
                header
            }
            Err(report) => return self.fail(report),
        };
        let read = match self.prior {
            None => {
                let layout = layout::resolve(spec, header, what, self.reports);
                self.lacks_target = false;
                self.read(&mut rows, &layout, spec, R::LARGEST.f64())
            }
            Some(prior) => match by_model(prior.preparation, (what, &header), rows.made(), spec, R::LARGEST.f64()) {
                Ok(reader) => self.read_by(&mut rows, reader),
                Err(reports) => {
                    self.reports.extend(reports.into_iter().map(|r| located(r, spec.source_span)));
                    return None;
                }
            },
        };
        let reader = match read {
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
        let dialect = match self.prior {
            None => Dialect { dates: rows.dates(), ..dialect.clone() },
            Some(_) => dialect.clone(),
        };
        self.learn(reader, spec, dialect)
    }

    /// How the table is written: as the model has it that reads it, else as the program says.
    pub(super) fn dialect(&self) -> &'a Dialect {
        self.prior.map_or(&self.spec.dialect, |prior| &prior.preparation.dialect)
    }

    /// Reads all rows and reports their faults.
    fn read(
        &mut self,
        rows: &mut View<impl Rows>,
        layout: &Layout,
        spec: &DataSpec,
        largest: f64,
    ) -> Result<Reader, Box<Diagnostic>> {
        let width = layout.header.len() - rows.made();
        let mut survey = Survey::of(rows, &layout.undeclared())?;
        let (told, spoken_of, mut surveyed) = survey.report(&layout.header, spec);
        let mut numeric = survey.numeric;
        (0..numeric.len()).filter(|&at| rows.is_date(at)).for_each(|at| numeric[at] = true);
        let target = layout.target(spec, &numeric, self.reports);
        let mut reader = Reader::new(layout.columns(&numeric), target, width, spec.missing.value, largest);
        if self.holds_out() {
            reader.group = layout.group(width);
        }
        let classes = spec.classes.as_ref().and_then(|c| c.span);
        let mut faults = Faults::new(classes).without(told);
        let read = reader.read(rows, usize::MAX, &mut faults, &Room::of(self.files));
        if let Some(listed) = &spec.classes {
            let met: std::collections::HashSet<u32> = reader.classes.iter().copied().collect();
            faults.unmet(&listed.value, |class| met.contains(&(class as u32)));
        }
        for (at, report) in &mut surveyed {
            if reader.columns.iter().any(|c| c.at == *at && matches!(c.kind, Kind::Category(_, Unseen::Overflowed))) {
                refuse(report);
            }
        }
        self.reports.extend(surveyed.into_iter().map(|(_, report)| report));
        self.reports.extend(faults.finish());
        names::report(&reader, spec, &spoken_of, self.reports);
        read.map(|()| reader)
    }

    /// Reads all rows as a model takes them. The names of categories that it does not know are kept, for a row's side
    /// hangs on them.
    fn read_by(&mut self, rows: &mut impl Rows, mut reader: Reader) -> Result<Reader, Box<Diagnostic>> {
        let mut faults = Faults::default();
        for column in &mut reader.columns {
            if let Kind::Category(_, unseen) = &mut column.kind {
                *unseen = Unseen::Learn(MOST_CATEGORIES);
            }
        }
        let read = reader.read(rows, usize::MAX, &mut faults, &Room::of(self.files));
        self.reports.extend(faults.finish());
        read.map(|()| reader)
    }

    /// Splits the rows, learns from those to train on, and prepares all.
    fn learn<R: Real>(&mut self, mut reader: Reader, spec: &DataSpec, dialect: Dialect) -> Option<Dataset<R>> {
        let left_out = left_out(&reader);
        // What a row weighs is nothing that it says: it is taken out before the rows get their keys.
        let weights = match &spec.weight {
            None => None,
            Some(name) => match weights::take::<R>(&mut reader, name) {
                Ok(weights) => Some((weights, name)),
                Err(report) => return self.fail(report),
            },
        };
        reader.done();
        let keys = self.holds_out().then(|| keys::of_table(&reader));
        let filled = if reader.missing.fills() { Filled::of(&reader.inputs) } else { Filled::default() };
        let groups = std::mem::take(&mut reader.group)
            .map(|(_, column)| Groups { column, keys: std::mem::take(&mut reader.groups) });
        let Reader { columns, target, inputs: mut raw, classes, values, rows, missing, .. } = reader;
        let beside = |weights| Beside { weights, groups, filled, left_out };
        if let Some(Prior { preparation, .. }) = self.prior {
            let answers = target::known(&preparation.target, classes, values);
            let mut split = self.split(rows, keys, &answers)?;
            let weights = self.weigh(weights, &mut split.0)?;
            let target = target::by_rule(preparation.target.clone(), answers, &split.0.train);
            let mut found = Vec::new();
            fit::forget_unseen(&columns, &preparation.inputs, &mut raw, &mut found);
            let inputs = fit::encode(&preparation.inputs, raw, &Room::of(self.files), &mut found);
            self.tell(found);
            let inputs = (preparation.inputs.clone(), inputs?);
            return Some(finish(inputs, target, (missing, dialect), split, beside(weights)));
        }
        let answers = target::answers(target, classes, values, spec, self.reports)?;
        let mut split = self.split(rows, keys, &answers)?;
        let weights = self.weigh(weights, &mut split.0)?;
        let target = self.answer(answers, &split.0)?;
        let how = fit::How { missing, unseen: spec.unseen, room: &Room::of(self.files) };
        let mut found = Vec::new();
        let inputs = fit::columns(columns, raw, &split.0.train, spec.scale.value, how, &mut found);
        self.tell(found);
        Some(finish(inputs?, target, (missing, dialect), split, beside(weights)))
    }

    /// Reports, at the source where no other place of the program is marked.
    fn tell(&mut self, found: Vec<Diagnostic>) {
        self.reports.extend(found.into_iter().map(|report| located(report, self.spec.source_span)));
    }

    /// Settles what rows weigh once it is known which are trained on; `None` where that is a fault.
    #[allow(clippy::option_option, reason = "a fault, and no weights")]
    fn weigh<R: Real>(&mut self, weights: Option<(Vec<R>, &ColumnName)>, split: &mut Split) -> Option<Option<Vec<R>>> {
        let Some((mut weights, name)) = weights else { return Some(None) };
        match weights::settle(&mut weights, &mut split.train, name) {
            Ok(()) => Some(Some(weights)),
            Err(report) => self.fail(report),
        }
    }

    /// The shares of rows that are held out: to watch training, and to judge the result.
    fn shares(&self) -> (f64, f64) {
        let share = |holdout: &Option<Spanned<Holdout>>| match holdout {
            Some(Spanned { value: Holdout::Share(share), .. }) => *share,
            Some(Spanned { value: Holdout::Source(_), .. }) | None => 0.0,
        };
        (share(&self.spec.validation), share(&self.spec.test))
    }

    /// Whether rows of the source itself are held out, so that their keys are asked for.
    pub(super) fn holds_out(&self) -> bool {
        self.shares() != (0.0, 0.0) || self.prior.is_some_and(|prior| prior.split.is_some())
    }

    /// Which rows are held out; what leaves nothing is reported. `keys` are those of [`super::keys`], where rows are.
    pub(super) fn split(&mut self, rows: usize, keys: Option<Vec<u64>>, answers: &Answers) -> Option<Divided> {
        let Some(keys) = keys else {
            let split = Split { train: (0..rows as u32).collect(), ..Split::default() };
            return Some((split, None));
        };
        let content = keys::content(&keys);
        let classes = match answers {
            Answers::Classes { ids, names, .. } => Some(Classes { ids, names }),
            Answers::Values { .. } => None,
        };
        if let Some(rule) = self.prior.and_then(|prior| prior.split) {
            let ranks = keys::ranks(keys, rule.seed);
            let split = rule.divide(&ranks, classes.filter(|_| rule.is_stratified()));
            return Some((split, Some(Sides { rule: rule.clone(), content })));
        }
        let (validation, test) = self.shares();
        let place = |holdout: &Option<Spanned<Holdout>>| holdout.as_ref().and_then(|h| h.span);
        let (at_validation, at_test) = (place(&self.spec.validation), place(&self.spec.test));
        let seed = self.spec.split_seed.value;
        let ranks = keys::ranks(keys, seed);
        let classes = classes.filter(|_| self.spec.stratify.value);
        let (split, rule) = split(&ranks, classes, (validation, test), seed);
        let empty =
            [("validation", validation, at_validation, &split.validation), ("test", test, at_test, &split.test)];
        for (name, share, span, held) in empty {
            if share > 0.0 && held.is_empty() {
                let text = format!(
                    "no row is left for `{name}`: {rows} rows are too few to hold out {}",
                    text::percent(share)
                );
                let report = Diagnostic::error(codes::DATA_SPLIT, text);
                let span = span.unwrap_or(self.spec.source_span);
                return self.fail(report.at(span, "holds out nothing"));
            }
        }
        Some((split, Some(Sides { rule, content })))
    }

    /// Learns what there is to learn of the targets.
    pub(super) fn answer<R: Real>(&mut self, answers: Answers, split: &Split) -> Option<Learnt<R>> {
        let learnt = target::learn(answers, &split.train, self.spec, self.reports);
        learnt.filter(|_| !has_errors(self.reports))
    }
}

/// Puts everything together.
pub(super) fn finish<R: Real>(
    (rule, inputs): (Inputs, Vec<R>),
    target: Learnt<R>,
    (missing, dialect): (Missing, Dialect),
    (split, sides): Divided,
    Beside { weights, groups, filled, left_out }: Beside<R>,
) -> Dataset<R> {
    let Learnt { rule: target_rule, targets, exact, facts: target } = target;
    let preparation = Preparation { inputs: rule, target: target_rule, missing, dialect };
    let input = preparation.inputs.shape();
    let facts = Facts {
        input_names: preparation.inputs.names(),
        input_columns: preparation.inputs.widths(),
        target,
        training_rows: split.train.len(),
        validation_rows: 0,
        test_rows: 0,
        left_out,
        input,
    };
    let features = facts.input.size();
    let Split { train, validation, test } = split;
    Dataset {
        inputs,
        features,
        targets,
        exact,
        weights,
        train,
        validation,
        test,
        sides,
        groups,
        dropped: facts.left_out.source,
        filled,
        facts,
        preparation,
    }
}

/// The rows that were left out.
fn left_out(reader: &Reader) -> LeftOut {
    let targets = match &reader.target {
        Target::None => &[],
        Target::Class(column) => std::slice::from_ref(column),
        Target::Values(columns) => &columns[..],
    };
    LeftOut {
        source: reader.dropped,
        lacking: reader.lacking.named(reader.columns.iter().chain(targets).map(|column| column.name.as_str())),
        lacks_target: reader.lacking.is_beyond(reader.columns.len()),
        ..LeftOut::default()
    }
}

/// Of a column that a report speaks of, the cells are too many to be taken as they are: with what the report proposes
/// undone, there is no reading it.
fn refuse(report: &mut Diagnostic) {
    report.level = Level::Error;
    let note =
        format!("as they are they would be categories, and more than {MOST_CATEGORIES} different ones are not read");
    report.notes.push(note);
}

/// How a model reads a table that it was trained on: as it reads any other, and behind the inputs the column of
/// weights.
fn by_model(
    preparation: &Preparation,
    (what, header): (&str, &[String]),
    made: usize,
    spec: &DataSpec,
    largest: f64,
) -> Result<Reader, Vec<Diagnostic>> {
    let mut reader = preparation.reader(what, header, header.len() - made, Use::HoldOut, largest)?;
    let Some(name) = &spec.weight else { return Ok(reader) };
    let Some(at) = header.iter().position(|h| *h == name.name) else {
        let text = format!("{what} has no column named `{}`", name.name);
        let report = Diagnostic::error(codes::UNKNOWN, text).at(name.span, "no such column");
        return Err(vec![report.note_that(format!("its columns are {}", listed(header)))]);
    };
    reader.add(Column { at, name: name.name.clone(), kind: Kind::Number });
    Ok(reader)
}

/// Marks the program's own words for a file, unless a place is marked already.
pub(super) fn located(mut report: Diagnostic, span: Span) -> Diagnostic {
    if report.primary.is_none() {
        report = report.at(span, "");
    }
    report
}

#[cfg(test)]
mod tests;
