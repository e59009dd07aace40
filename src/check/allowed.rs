//! What `# nn: allow(…)` comments silence, and which of them are not needed.
//!
//! Warnings and notes of any rule, and errors of rules of design, can be allowed; an error only with a reason. An error
//! of language cannot: without a meaning there is nothing to run.

use crate::diagnostic::codes::{self, Code};
use crate::diagnostic::{Applicability, Diagnostic, Level, suggest};
use crate::source::{Source, Span};
use crate::syntax::tree::{File, Name};
use crate::syntax::{Allow, allows};

/// Takes out what the file allows, and reports allowances that are unknown or silence nothing. `looked` says whether a
/// rule had its chance to report.
pub(super) fn silence(source: &Source, file: &File, looked: impl Fn(Code) -> bool, found: &mut Vec<Diagnostic>) {
    let (allows, mut reports) = allows(source, file);
    for allow in &allows {
        for (at, name) in allow.codes.iter().enumerate() {
            let Some(rule) = codes::find(&name.text) else {
                reports.push(unknown(source, allow, at));
                continue;
            };
            let mut used = false;
            let mut unreasoned = false;
            found.retain(|d| {
                let meant = d.code == rule.code && allow.scope.covers(d.primary.as_ref().map(|l| l.span));
                if !meant || d.level == Level::Error && !d.code.is_of_design() {
                    return true;
                }
                used = true;
                unreasoned |= d.level == Level::Error && allow.reason.is_empty();
                d.level == Level::Error && allow.reason.is_empty()
            });
            if unreasoned {
                reports.push(
                    Diagnostic::warning(
                        codes::ALLOW,
                        format!("`{}` is an error here, and is allowed without a reason", name.text),
                    )
                    .at(name.span, "silences nothing")
                    .help(format!("write why: `# nn: allow({}) REASON`", name.text)),
                );
            } else if !used && looked(rule.code) {
                reports.push(unused(source, allow, at, rule.code));
            }
        }
    }
    found.extend(reports);
}

fn unknown(source: &Source, allow: &Allow, at: usize) -> Diagnostic {
    let name = &allow.codes[at];
    let mut diagnostic =
        Diagnostic::warning(codes::ALLOW, format!("no rule is called `{}`", name.text)).at(name.span, "allows nothing");
    let names = codes::RULES.iter().map(|r| r.name);
    if suggest::offer(&mut diagnostic, (&name.text, name.span), names, false, str::to_owned) {
        diagnostic
    } else {
        without(source, allow, at, diagnostic)
    }
}

fn unused(source: &Source, allow: &Allow, at: usize, code: Code) -> Diagnostic {
    let name = &allow.codes[at];
    let diagnostic = Diagnostic::warning(codes::ALLOW, allowed(&name.text, code)).at(name.span, "silences nothing");
    without(source, allow, at, diagnostic)
}

/// What is said of an allowance that is not needed: by its code too, where the rule was called by its name.
fn allowed(text: &str, code: Code) -> String {
    if text.eq_ignore_ascii_case(&code.to_string()) {
        format!("`{text}` is allowed, and finds nothing here")
    } else {
        format!("`{text}` is allowed, and {code} finds nothing here")
    }
}

/// Offers to take one code out of the comment, or the whole comment where it has no other.
fn without(source: &Source, allow: &Allow, at: usize, diagnostic: Diagnostic) -> Diagnostic {
    let Name { span, .. } = allow.codes[at];
    if allow.codes.len() == 1 {
        let line = source.line_span(source.position(allow.span.start).line);
        let before = source.slice(Span::new(line.start as usize, allow.span.start as usize));
        // A comment behind a statement goes with the blanks before it; one of its own goes with its line.
        let start = allow.span.start as usize - (before.len() - before.trim_end().len());
        let whole = before.trim().is_empty();
        let rest = &source.text()[line.end as usize..];
        let ending = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
        let span = if whole {
            Span::new(line.start as usize, line.end as usize + ending)
        } else {
            Span::new(start, allow.span.end as usize)
        };
        return diagnostic.help("remove the comment").fix(Applicability::Safe, "remove the comment", span, "");
    }
    // With the comma that parts it from a neighbour.
    let span = match allow.codes.get(at + 1) {
        Some(next) => Span::new(span.start as usize, next.span.start as usize),
        None => Span::new(allow.codes[at - 1].span.end as usize, span.end as usize),
    };
    diagnostic.help("take the code out").fix(Applicability::Safe, "take the code out", span, "")
}
