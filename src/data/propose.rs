//! Settings of `data` that would have a file read as it is meant: said as help, and offered as edits of the program.

use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use crate::ir::spec::{ColumnName, DataSpec};
use crate::source::Span;
use crate::syntax::spell;

/// A setting with its value as it is written.
pub(super) type Setting = (&'static str, String);

/// The list of names with one more.
pub(super) fn list_with(before: &[ColumnName], more: &str) -> String {
    let names: Vec<String> = before.iter().map(|n| spell::name(&n.name)).chain([spell::name(more)]).collect();
    if let [only] = &names[..] { only.clone() } else { format!("[{}]", names.join(", ")) }
}

/// The missing markers with more of them.
pub(super) fn markers_with(before: &[String], more: &[String]) -> String {
    let marker = |text: &String| if text.parse::<f64>().is_ok() { text.clone() } else { spell::quoted(text) };
    format!("[{}]", before.iter().chain(more).map(marker).collect::<Vec<_>>().join(", "))
}

/// The settings in words: `` `separator = ";"` and `decimal = ","` ``.
pub(super) fn in_words(settings: &[Setting]) -> String {
    let each: Vec<String> = settings.iter().map(|(name, value)| format!("`{name} = {value}`")).collect();
    each.join(" and ")
}

/// Says which settings to write, and offers to write them.
pub(super) fn propose(report: Diagnostic, spec: &DataSpec, settings: &[Setting]) -> Diagnostic {
    let words = in_words(settings);
    fix(report.help(format!("write {words} in `data`")), spec, settings)
}

/// Offers to write settings, where the block has a place for them. What a file means is for its owner to say: the fix
/// is never taken for safe.
pub(super) fn fix(mut report: Diagnostic, spec: &DataSpec, settings: &[Setting]) -> Diagnostic {
    let mut edits: Vec<Edit> = Vec::new();
    let mut added = String::new();
    for (name, value) in settings {
        match spec.places.given.iter().find(|(given, _)| given == name) {
            Some((_, span)) => edits.push(Edit { span: *span, text: value.clone() }),
            None => added.push_str(&format!("\n  {name} = {value}")),
        }
    }
    if !added.is_empty() {
        let Some(end) = spec.places.end else { return report };
        edits.push(Edit { span: Span::at(end), text: added });
    }
    let title = format!("write {}", in_words(settings));
    report.fixes.push(Fix { title, applicability: Applicability::Unsafe, edits });
    report
}
