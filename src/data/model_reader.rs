//! How a model reads the columns of a table: those that it knows, found by name, each as its training rows had it.

use super::categories::Categories;
use super::excerpt::listed;
use super::faults::Fault;
use super::preparation::{InputKind, Inputs, Preparation, TargetRule};
use super::reader::{Column, Kind, Reader, Target, Unseen};
use crate::diagnostic::{Diagnostic, codes, suggest};
use crate::ir::spec::Missing;
use crate::tensor::Real;
use std::collections::HashMap;

/// What rows are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// To predict: no target is needed, and no row may be left out.
    Predict,
    /// To judge: targets are needed; rows with missing cells are left out if the model says so.
    Evaluate,
    /// As [`Self::Evaluate`], for held-out rows of the program itself: a category that no training row has
    /// is a warning, and is taken as none of the known ones.
    HoldOut,
}

impl Preparation {
    /// How the columns of a new file are read.
    pub(super) fn reader(
        &self,
        what: &str,
        header: &[String],
        width: usize,
        purpose: Use,
        largest: f64,
    ) -> Result<Reader, Vec<Diagnostic>> {
        let Inputs::Columns(inputs) = &self.inputs else { return Err(Vec::new()) };
        let mut lacking = Vec::new();
        // Of columns of one name the first.
        let named = header.iter().enumerate().rev().map(|(at, name)| (name.as_str(), at));
        let places: HashMap<&str, usize> = named.collect();
        let mut find = |name: &str, kind| {
            let at = places.get(name).copied();
            if at.is_none() {
                lacking.push(name.to_owned());
            }
            at.map(|at| Column { at, name: name.to_owned(), kind })
        };
        let unseen = if purpose == Use::HoldOut { Unseen::Warn } else { Unseen::Refuse(Fault::Category) };
        let columns = inputs.iter().filter_map(|column| {
            let kind = match &column.kind {
                InputKind::Number { .. } => Kind::Number,
                InputKind::Category { names, numeric, unknown, .. } => {
                    let unseen = if *unknown { Unseen::Take } else { unseen };
                    Kind::Category(Categories::known(names, *numeric), unseen)
                }
            };
            find(&column.name, kind)
        });
        let columns: Vec<_> = columns.collect();
        let target = match &self.target {
            _ if purpose == Use::Predict => Target::None,
            TargetRule::Classes { column, names, numeric, .. } => {
                let kind = Kind::Category(Categories::known(names, *numeric), Unseen::Refuse(Fault::Class));
                find(column, kind).map_or(Target::None, Target::Class)
            }
            TargetRule::Values(columns) => {
                Target::Values(columns.iter().filter_map(|c| find(&c.name, Kind::Number)).collect())
            }
        };
        if !lacking.is_empty() {
            return Err(vec![lacks(what, header, &lacking)]);
        }
        let missing = match self.missing {
            Missing::Drop if purpose == Use::Predict => Missing::Error,
            Missing::Error | Missing::Drop | Missing::Mean | Missing::Mode | Missing::Median | Missing::Constant(_) => {
                self.missing
            }
        };
        Ok(Reader::new(columns, target, width, missing, largest))
    }
}

fn lacks(what: &str, header: &[String], lacking: &[String]) -> Diagnostic {
    let columns = if lacking.len() == 1 { "the column" } else { "the columns" };
    let text = format!("{what} lacks {columns} {}", listed(lacking));
    let mut report = Diagnostic::error(codes::DATA_FIT, text).note_that(format!("it has {}", listed(header)));
    for name in lacking.iter().take(8) {
        if let Some(near) = suggest::nearest(name, header.iter().map(String::as_str)) {
            report = report.note_that(format!("`{near}` is near `{name}`"));
        }
    }
    report
}

impl TargetRule {
    /// Value targets as the network is to give them. exact: targets × rows.
    pub(super) fn scale<R: Real>(&self, exact: &[f64]) -> Vec<R> {
        let Self::Values(columns) = self else { return Vec::new() };
        let scaled = exact.iter().zip(columns.iter().cycle());
        scaled.map(|(&value, column)| R::of(column.scaling.apply(value))).collect()
    }
}
