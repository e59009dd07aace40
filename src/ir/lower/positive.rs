//! `positive`: of two classes the one that precision, recall and f1 speak of. Training knows nothing of it.

use crate::diagnostic::{Applicability, Diagnostic, codes, suggest};
use crate::ir::spec::{ColumnName, DataSpec, Facts, TargetFacts};
use crate::ir::training::TargetUse;

/// More classes are not listed.
const MOST_LISTED: usize = 8;

/// The number of the positive class: the one that is named, else the second of two.
pub(super) fn lower(data: Option<&DataSpec>, facts: &Facts, out: &mut Vec<Diagnostic>) -> Option<usize> {
    let usual = facts.target_is_binary().then_some(1);
    let Some(written) = data.and_then(|d| d.positive.as_ref()) else { return usual };
    let TargetFacts::Classes { names, .. } = &facts.target else {
        out.push(speaks_of_none(written, data, "`positive` names a class, and the target is numbers"));
        return None;
    };
    match find(names, &written.name) {
        Some(_) if names.len() != 2 => {
            out.push(several(written, names));
            None
        }
        Some(found) => Some(found),
        None => {
            out.push(unknown(written, names));
            usual
        }
    }
}

/// The same once it is known how targets meet outputs: a loss may take two classes as numbers.
pub(super) fn fit(
    positive: Option<usize>,
    target: TargetUse,
    data: Option<&DataSpec>,
    out: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let positive = positive?;
    if target.is_classes() {
        return Some(positive);
    }
    if let Some(written) = data.and_then(|d| d.positive.as_ref()) {
        let message = "`positive` names a class, and this loss takes the classes as numbers";
        out.push(speaks_of_none(written, data, message));
    }
    None
}

/// By its name, or as the same number: `1.0` for `1`.
fn find(names: &[String], name: &str) -> Option<usize> {
    let number = |text: &str| text.parse::<f64>().ok();
    let exact = names.iter().position(|n| n == name);
    exact.or_else(|| number(name).and_then(|value| names.iter().position(|n| number(n) == Some(value))))
}

fn unknown(written: &ColumnName, names: &[String]) -> Diagnostic {
    let mut listed: Vec<String> = names.iter().take(MOST_LISTED).map(|n| format!("`{n}`")).collect();
    if names.len() > MOST_LISTED {
        listed.push(format!("{} more", names.len() - MOST_LISTED));
    }
    let diagnostic = Diagnostic::error(codes::UNKNOWN, format!("no class is called `{}`", written.name))
        .at(written.span, "no such class")
        .note_that(format!("the classes are {}", listed.join(", ")));
    match suggest::nearest(&written.name, names.iter().map(String::as_str)) {
        Some(near) => {
            let text = class(near);
            diagnostic.help(format!("write `{text}`")).fix(
                Applicability::Unsafe,
                format!("write `{text}`"),
                written.span,
                text,
            )
        }
        None => diagnostic,
    }
}

/// A class as a program names it.
fn class(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && !matches!(name, "true" | "false" | "let");
    let escaped = || name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
    if plain { name.to_owned() } else { format!("\"{}\"", escaped()) }
}

fn several(written: &ColumnName, names: &[String]) -> Diagnostic {
    Diagnostic::error(codes::EXCLUSIVE, format!("one of {} classes cannot be the positive one", names.len()))
        .at(written.span, "one against one is for two classes")
        .note_that("precision, recall and f1 of several classes are means over them; `nn eval` lists each class")
        .help("remove the line")
}

fn speaks_of_none(written: &ColumnName, data: Option<&DataSpec>, message: &str) -> Diagnostic {
    Diagnostic::error(codes::EXCLUSIVE, message)
        .at(written.span, "no metric speaks of it")
        .and_if(data.and_then(|d| d.target_span), "the target")
        .help("remove the line")
}
