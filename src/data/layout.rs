//! Which column of the data is what: the names of the program's settings looked up in the header, and the
//! columns told apart into numbers and texts.

use super::categories::Categories;
use super::excerpt::listed;
use super::faults::Fault;
use super::forms;
use super::groups::speaks_of_entities;
use super::reader::{Column, Kind, MOST_CATEGORIES, MOST_CLASSES, Target, Unseen};
use crate::diagnostic::{Diagnostic, codes, suggest};
use crate::ir::spec::{ColumnName, DataSpec, Scale};
use crate::syntax::spell;

/// The columns by their roles, as places in the header.
pub(super) struct Layout {
    /// The header.
    pub(super) header: Vec<String>,
    /// Columns to learn from, in order.
    pub(super) inputs: Vec<usize>,
    /// Columns to predict, in order.
    pub(super) targets: Vec<usize>,
    /// Whether a column's numbers are taken as categories.
    category: Vec<bool>,
    /// Columns of dates.
    dates: Vec<usize>,
    /// The column of the rows' weights.
    weight: Option<usize>,
}

/// Looks the program's names up in the header. What is not found is reported and left out.
pub(super) fn resolve(spec: &DataSpec, header: Vec<String>, what: &str, faults: &mut Vec<Diagnostic>) -> Layout {
    let find = Names { header: &header, what };
    let targets = find.all(&spec.target, faults);
    let ignored = find.all(&spec.ignore, faults);
    let mut category = vec![false; header.len()];
    for at in find.all(&spec.category, faults) {
        category[at] = true;
    }
    let dates = find.all(&spec.dates, faults);
    let chosen = spec.inputs.as_ref().map(|names| find.all(names, faults));
    let weights: Vec<ColumnName> = spec.weight.iter().cloned().collect();
    let weight = find.all(&weights, faults).pop();
    if spec.lacks_target {
        faults.push(lacks_target(spec, Some((what, &header))));
    }
    // What is made of a column of dates goes with it.
    let parts = |at: &usize| -> Vec<usize> {
        let of = |n: &usize| {
            dates.contains(at) && header[*n].strip_prefix(&header[*at]).is_some_and(|rest| rest.starts_with('.'))
        };
        let named = |n: &usize| spec.inputs.iter().flatten().any(|name| name.name == header[*n]);
        (*at + 1..header.len()).filter(|n| of(n) && !named(n)).collect()
    };
    let chosen = chosen.map(|chosen| chosen.iter().flat_map(|at| [vec![*at], parts(at)].concat()).collect::<Vec<_>>());
    let inputs = chosen.unwrap_or_else(|| {
        (0..header.len()).filter(|at| !targets.contains(at) && !ignored.contains(at) && weight != Some(*at)).collect()
    });
    if inputs.is_empty() && !crate::diagnostic::has_errors(faults) {
        let report = Diagnostic::error(codes::MISSING, format!("{what} has no column left to learn from"));
        faults.push(report.at(spec.source_span, "").note_that(format!("its columns are {}", listed(&header))));
    }
    Layout { header, inputs, targets, category, dates, weight }
}

/// That no target is named, with the columns that there are, where they are known.
pub(super) fn lacks_target(spec: &DataSpec, columns: Option<(&str, &[String])>) -> Diagnostic {
    let Some((what, header)) = columns else {
        return Diagnostic::error(codes::MISSING, "`data` needs `target`: the column to predict")
            .at(spec.source_span, "this data has no target")
            .help("write `target = COLUMN` in its braces");
    };
    let last = header.last().map_or("name", String::as_str);
    Diagnostic::error(codes::MISSING, "the data block does not say which column is the target")
        .at(spec.source_span, "this data has no target")
        .note_that(format!("{what} has the columns {}", listed(header)))
        .help(format!("add `target = {}`, or the column that is meant", spell::name(last)))
}

/// Whether a name is a whole line of names, by the marks that part them in files of other kinds.
fn holds_several(name: &str) -> bool {
    name.contains(['|', ';', ',', '\t'])
}

/// The header's names and how its data is called.
struct Names<'h> {
    header: &'h [String],
    what: &'h str,
}

impl Names<'_> {
    /// The places of all names that there are; each that is not is a fault.
    fn all(&self, names: &[ColumnName], faults: &mut Vec<Diagnostic>) -> Vec<usize> {
        let mut found = Vec::new();
        for name in names {
            match self.header.iter().position(|h| *h == name.name) {
                Some(at) => found.push(at),
                None => faults.push(self.unknown(name)),
            }
        }
        found
    }

    fn unknown(&self, name: &ColumnName) -> Diagnostic {
        let text = format!("{} has no column named `{}`", self.what, name.name);
        let mut report = Diagnostic::error(codes::UNKNOWN, text).at(name.span, "no such column");
        report = report.note_that(format!("its columns are {}", listed(self.header)));
        // The one name of a file that was cut wrongly has every name in it: it is near none.
        let names = self.header.iter().map(String::as_str).filter(|h| !holds_several(h));
        if suggest::offer(&mut report, (&name.name, name.span), names, false, spell::name) {
            // What was meant is said.
        } else if self.header.iter().all(|h| forms::is_plain(h)) {
            report = report.help("the first line holds numbers only: write `header = false` in `data` if it is a row");
        }
        report
    }
}

impl Layout {
    /// The columns whose cells are read, and are not declared to be categories: of these it matters how they are
    /// written.
    pub(super) fn undeclared(&self) -> Vec<bool> {
        let mut undeclared = self.read();
        for (at, undeclared) in undeclared.iter_mut().enumerate() {
            *undeclared &= !self.category[at];
        }
        self.dates.iter().for_each(|&at| undeclared[at] = false);
        undeclared
    }

    /// For each column whether it is read.
    fn read(&self) -> Vec<bool> {
        let mut read = vec![false; self.header.len()];
        self.inputs.iter().chain(&self.targets).chain(&self.weight).for_each(|&at| read[at] = true);
        read
    }

    /// A column of the first `width` that is not read and says of whom or what each row is.
    pub(super) fn group(&self, width: usize) -> Option<(usize, String)> {
        let read = self.read();
        let group = (0..width).filter(|&at| !read[at]).find(|&at| speaks_of_entities(&self.header[at]))?;
        Some((group, self.header[group].clone()))
    }

    /// The columns to learn from, ready to be read, and behind them that of the rows' weights.
    pub(super) fn columns(&self, numeric: &[bool]) -> Vec<Column> {
        let kind = |at: usize| {
            if numeric[at] && !self.category[at] {
                return Kind::Number;
            }
            Kind::Category(Categories::new(numeric[at]), Unseen::Learn(MOST_CATEGORIES))
        };
        let column = |at: usize, kind| Column { at, name: self.header[at].clone(), kind };
        let weight = self.weight.map(|at| column(at, Kind::Number));
        self.inputs.iter().map(|&at| column(at, kind(at))).chain(weight).collect()
    }

    /// What is predicted, ready to be read.
    pub(super) fn target(&self, spec: &DataSpec, numeric: &[bool], faults: &mut Vec<Diagnostic>) -> Target {
        let is_class = |at: usize| !numeric[at] || self.category[at];
        let column = |at: usize, kind| Column { at, name: self.header[at].clone(), kind };
        match self.targets[..] {
            [] => Target::None,
            [at] if is_class(at) || spec.classes.is_some() => {
                if let Some(span) = spec.target_scale.span.filter(|_| spec.target_scale.value != Scale::None) {
                    let text = format!("`target_scale` is given, and the target `{}` is a class", self.header[at]);
                    let report = Diagnostic::error(codes::EXCLUSIVE, text).at(span, "scales values, not classes");
                    faults.push(report.and_if(spec.target_span, "the target"));
                }
                let kind = match &spec.classes {
                    None => Kind::Category(Categories::new(numeric[at]), Unseen::Learn(MOST_CLASSES)),
                    Some(names) => {
                        Kind::Category(Categories::known(&names.value, numeric[at]), Unseen::Refuse(Fault::Class))
                    }
                };
                Target::Class(column(at, kind))
            }
            ref targets => {
                self.check_values(spec, &is_class, faults);
                let values = targets.iter().filter(|&&at| !is_class(at));
                Target::Values(values.map(|&at| column(at, Kind::Number)).collect())
            }
        }
    }

    /// A list of targets must be numbers, and has no classes.
    fn check_values(&self, spec: &DataSpec, is_class: &dyn Fn(usize) -> bool, faults: &mut Vec<Diagnostic>) {
        if self.targets.len() < 2 {
            return;
        }
        if let Some(span) = spec.classes.as_ref().and_then(|c| c.span) {
            let report = Diagnostic::error(codes::EXCLUSIVE, "`classes` is given, and there are many targets");
            faults.push(
                report.at(span, "fixes the order of one target's classes").and_if(spec.target_span, "the targets"),
            );
        }
        for name in &spec.target {
            let class = self.targets.iter().any(|&at| self.header[at] == name.name && is_class(at));
            if class {
                let text = format!("`{}` is one of many targets and does not hold numbers", name.name);
                faults.push(Diagnostic::error(codes::LABEL_DOMAIN, text).at(name.span, "a column of classes"));
            }
        }
    }
}

#[cfg(test)]
mod tests;
