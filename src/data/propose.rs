//! Settings of `data` that would have a file read as it is meant: said as help, and offered as edits of the program.

use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix};
use crate::ir::spec::{ColumnName, DataSpec};
use crate::source::Span;

/// A setting with its value as it is written.
pub(super) type Setting = (&'static str, String);

/// A text in quotes, as a program has it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// A name as a program has it: plain where it can be, else in quotes.
pub(super) fn name(name: &str) -> String {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_keyword = matches!(name, "true" | "false" | "let" | "table");
    let plain = !name.is_empty() && !is_keyword && name.chars().all(is_word);
    if plain && !name.starts_with(|c: char| c.is_ascii_digit()) { name.to_owned() } else { quoted(name) }
}

/// The list of names with one more.
pub(super) fn list_with(before: &[ColumnName], more: &str) -> String {
    let names: Vec<String> = before.iter().map(|n| name(&n.name)).chain([name(more)]).collect();
    if let [only] = &names[..] { only.clone() } else { format!("[{}]", names.join(", ")) }
}

/// The missing markers with more of them.
pub(super) fn markers_with(before: &[String], more: &[String]) -> String {
    let marker = |text: &String| if text.parse::<f64>().is_ok() { text.clone() } else { quoted(text) };
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

/// Offers to write settings, where the block has a place for them. What a file means is for its owner to say: the fix is
/// never taken for safe.
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
