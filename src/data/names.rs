//! What the values of a text column say once all rows are read: values that differ by case, blanks or composition alone
//! (NN119), and numbers among texts that came after the first rows (NN117).

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::excerpt::shown;
use super::forms;
use super::propose;
use super::reader::{Column, Kind, Reader, Target};
use crate::diagnostic::{Diagnostic, codes};
use crate::ir::spec::DataSpec;
use crate::text;

/// Groups of values shown.
const SHOWN: usize = 5;
/// Of fewer values than one in so many, that they are numbers is chance.
const SHARE: usize = 20;

/// Reports what the values of text columns say. `told`: columns of which NN117 has spoken.
pub(super) fn report(reader: &Reader, spec: &DataSpec, told: &[bool], reports: &mut Vec<Diagnostic>) {
    for (place, column) in reader.columns.iter().enumerate() {
        let ids = reader.inputs.column(place);
        look(column, ids, spec, told, reports);
    }
    if let Target::Class(column) = &reader.target {
        look(column, reader.classes.iter().map(|&id| f64::from(id)), spec, told, reports);
    }
}

/// Looks at one column. ids: the number of each row's value, below 0 or not finite where it has none.
fn look(
    column: &Column,
    ids: impl Iterator<Item = f64>,
    spec: &DataSpec,
    told: &[bool],
    reports: &mut Vec<Diagnostic>,
) {
    let Kind::Category(known, _) = &column.kind else { return };
    let mut counts = vec![0usize; known.names.len()];
    for id in ids.filter(|id| *id >= 0.0) {
        if let Some(count) = counts.get_mut(id as usize) {
            *count += 1;
        }
    }
    let values: Vec<(&str, usize)> = known.names.iter().map(String::as_str).zip(counts).collect();
    let name = text::shorten(&shown(column.name.as_bytes()), 60);
    reports.extend(alike(&name, &values).map(|report| report.at(spec.source_span, "")));
    let declared = spec.category.iter().any(|c| c.name == column.name);
    let is_told = told.get(column.at).copied().unwrap_or(false);
    if !declared && !is_told && spec.classes.is_none() && !known.is_numeric() {
        reports.extend(numbers(&name, column, &values, spec).map(|report| report.at(spec.source_span, "")));
    }
}

/// NN119: values that a person takes for one.
fn alike(name: &str, values: &[(&str, usize)]) -> Option<Diagnostic> {
    let mut groups: BTreeMap<String, Vec<(&str, usize)>> = BTreeMap::new();
    for &(value, count) in values {
        groups.entry(folded(value)).or_default().push((value, count));
    }
    let mut groups: Vec<_> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.iter().map(|(_, count)| count).sum::<usize>()));
    let first = groups.first()?;
    let what = difference(&groups.iter().flatten().map(|(value, _)| *value).collect::<Vec<_>>());
    let text = format!("column `{name}` has values that differ by {what} alone: {}", in_words(first));
    let mut report = Diagnostic::warning(codes::LOOK_ALIKE, text);
    for group in &groups[1..groups.len().min(SHOWN)] {
        report = report.note_that(in_words(group));
    }
    if groups.len() > SHOWN {
        report = report.note_that(format!("and {} more such groups", groups.len() - SHOWN));
    }
    Some(report.note_that("each is a category of its own").help("write them alike in the file if they mean one thing"))
}

/// Without what tells look-alikes apart: case, blanks, composition.
fn folded(value: &str) -> String {
    let mut folded = String::new();
    for word in value.split(forms::is_invisible).filter(|word| !word.is_empty()) {
        folded.extend(word.nfkc().flat_map(char::to_lowercase).nfkc());
    }
    folded
}

/// What such values differ by.
fn difference(values: &[&str]) -> &'static str {
    let distinct = |of: &dyn Fn(&str) -> String| {
        let mut all: Vec<String> = values.iter().map(|value| of(value)).collect();
        all.sort_unstable();
        all.dedup();
        all.len()
    };
    let groups = distinct(&folded);
    if distinct(&str::to_lowercase) == groups {
        "letter case"
    } else if distinct(&|v| v.replace(forms::is_invisible, "")) == groups {
        "blanks"
    } else if distinct(&|v| v.nfkc().collect()) == groups {
        "the composition of their characters"
    } else {
        "letter case, blanks or composition"
    }
}

/// `` `Red` in 12 rows and `red` in 3 ``.
fn in_words(group: &[(&str, usize)]) -> String {
    let each: Vec<String> = group
        .iter()
        .take(SHOWN)
        .enumerate()
        .map(|(at, (value, count))| {
            let rows = if at == 0 { text::count(*count, "row") } else { count.to_string() };
            format!("`{}` in {rows}", visible(value))
        })
        .collect();
    match &each[..] {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => each.concat(),
    }
}

/// A value with what cannot be seen in it written out.
fn visible(value: &str) -> String {
    let mut text = String::new();
    for c in text::shorten(value, 40).chars() {
        let unseen = c != ' ' && forms::is_invisible(c) || ('\u{300}'..='\u{36f}').contains(&c);
        if unseen { text.push_str(&format!("\\u{{{:x}}}", u32::from(c))) } else { text.push(c) }
    }
    text
}

/// NN117: numbers among texts, of which the first rows showed nothing.
fn numbers(name: &str, column: &Column, values: &[(&str, usize)], spec: &DataSpec) -> Option<Diagnostic> {
    let is_number =
        |value: &str| forms::is_plain(value) || forms::look(value).is_some_and(|w| w.form != forms::Form::Suffix);
    let all: usize = values.iter().map(|(_, count)| count).sum();
    let (numbers, texts): (Vec<_>, Vec<_>) = values.iter().copied().partition(|(value, _)| is_number(value));
    let count: usize = numbers.iter().map(|(_, count)| count).sum();
    let few = texts.len() <= 2 || texts.iter().all(|(value, _)| forms::is_marker(value));
    if count == 0 || (count * SHARE < all && !few) {
        return None;
    }
    let listed = super::excerpt::listed(&numbers.iter().map(|(value, _)| *value).collect::<Vec<_>>());
    let text =
        format!("{count} of {all} cells of column `{name}` are numbers, and the first rows hold texts: {listed}");
    let report = Diagnostic::warning(codes::NUMBER_FORM, text)
        .note_that("each different number is taken as a category of its own");
    let category = format!("`category = {}`", propose::list_with(&spec.category, &column.name));
    if few && !texts.is_empty() {
        let words: Vec<String> = texts.iter().map(|(value, _)| (*value).to_owned()).collect();
        let settings = [("missing_values", propose::markers_with(&spec.dialect.missing_values, &words))];
        let help = format!(
            "write {} in `data` if nothing is known there, or {category} if its cells are names",
            propose::in_words(&settings)
        );
        return Some(propose::fix(report.help(help), spec, &settings));
    }
    Some(report.help(format!("write {category} in `data` if its cells are names; mend the texts if they are numbers")))
}
