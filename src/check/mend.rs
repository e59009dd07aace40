//! [`mend`]: applies the fixes of a program's findings until none is left to apply. Pure: text in, text out.

use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, Level};
use crate::source::Source;
use std::borrow::Cow;
use std::collections::HashSet;

/// Rounds of checking that leave as many findings as before, at the most. A round mends all that does not overlap;
/// fixes that stand at one place take a round each, as many as there are.
const MOST_IDLE: usize = 32;

/// A program after its fixes.
#[derive(Clone, Debug)]
pub struct Mended {
    /// The text.
    pub source: Source,
    /// What was done, in order.
    pub applied: Vec<String>,
    /// What is still found.
    pub left: Vec<Diagnostic>,
    /// Whether there were further fixes, which changed the text again and again and mended nothing: they are left out.
    pub gave_up: bool,
}

/// Applies fixes of the findings that `check` gives: safe ones, and with `all` the others that need no filling in. A
/// fix that would leave more errors than before is passed over. Mending what is mended changes nothing.
///
/// # Errors
/// What `check` fails with.
pub fn mend<E>(
    source: Source,
    all: bool,
    mut check: impl FnMut(&Source) -> Result<Vec<Diagnostic>, E>,
) -> Result<Mended, E> {
    let left = check(&source)?;
    let mut mended = Mended { source, applied: Vec::new(), left, gave_up: false };
    // As it was when a round last left less to find.
    let mut reached = mended.clone();
    let mut refused: HashSet<(u32, String)> = HashSet::new();
    let mut seen = HashSet::from([mended.source.text().to_owned()]);
    let (mut single, mut idle) = (false, 0);
    // Whether the text is another than that in which the first of them was refused.
    let mut is_other = false;
    loop {
        let round = choose(&mended.left, all, &refused, if single { 1 } else { usize::MAX });
        if round.is_empty() {
            if !is_other || idle + refused.len() > MOST_IDLE {
                return Ok(mended);
            }
            // What was no good there may be good here.
            refused.clear();
            is_other = false;
            continue;
        }
        if idle == MOST_IDLE {
            return Ok(Mended { gave_up: true, ..reached });
        }
        let text = apply(mended.source.text(), round.iter().flat_map(|fix| &fix.edits));
        let next = Source::new(mended.source.name(), text);
        let found = check(&next)?;
        let fewer = found.len() < mended.left.len();
        idle = if fewer { 0 } else { idle + 1 };
        if errors(&found) > errors(&mended.left) || seen.contains(next.text()) {
            if round.len() == 1 {
                refused.insert(key(round[0]));
            }
            // One at a time: the others may be sound.
            single = true;
            continue;
        }
        seen.insert(next.text().to_owned());
        let titles: Vec<String> = round.iter().map(|fix| fix.title.clone()).collect();
        mended.applied.extend(titles);
        (mended.source, mended.left, single) = (next, found, false);
        is_other = !refused.is_empty();
        if fewer {
            reached = mended.clone();
        }
    }
}

fn errors(found: &[Diagnostic]) -> usize {
    found.iter().filter(|d| d.level == Level::Error).count()
}

fn key(fix: &Fix) -> (u32, String) {
    (fix.edits.first().map_or(0, |e| e.span.start), fix.title.clone())
}

/// The first fix of each finding that may be applied, as far as they do not overlap.
pub(super) fn choose<'a>(
    found: &'a [Diagnostic],
    all: bool,
    refused: &HashSet<(u32, String)>,
    most: usize,
) -> Vec<&'a Fix> {
    let mut chosen: Vec<&Fix> = Vec::new();
    for diagnostic in found {
        let may = |fix: &&Fix| {
            let trusted = match fix.applicability {
                Applicability::Safe => true,
                Applicability::Unsafe => all,
                Applicability::Placeholder => false,
            };
            trusted && !refused.contains(&key(fix))
        };
        let Some(fix) = diagnostic.fixes.iter().find(may) else { continue };
        let apart = |taken: &&Fix| taken.edits.iter().all(|a| fix.edits.iter().all(|b| !touch(a, b)));
        if chosen.len() < most && chosen.iter().all(apart) {
            chosen.push(fix);
        }
    }
    chosen
}

/// Whether two edits overlap or stand at the same place.
fn touch(a: &Edit, b: &Edit) -> bool {
    a.span.start <= b.span.end && b.span.start <= a.span.end
}

pub(super) fn apply<'a>(text: &str, edits: impl Iterator<Item = &'a Edit>) -> String {
    let mut edits: Vec<&Edit> = edits.collect();
    edits.sort_by_key(|e| (e.span.start, e.span.end));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let (start, end) = (edit.span.start as usize, edit.span.end as usize);
        // An edit out of place changes nothing rather than anything.
        let Some(kept) = text.get(at..start).filter(|_| end >= start && text.is_char_boundary(end)) else { continue };
        out.push_str(kept);
        out.push_str(&with_ends_of(text, &edit.text));
        at = end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

/// What is put in, its lines ended as those of the text are.
fn with_ends_of<'e>(text: &str, edit: &'e str) -> Cow<'e, str> {
    let ends_in_two = text.find('\n').is_some_and(|at| text[..at].ends_with('\r'));
    if ends_in_two && edit.contains('\n') {
        edit.replace("\r\n", "\n").replace('\n', "\r\n").into()
    } else {
        edit.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes;
    use crate::source::Span;

    fn swap(from: &str, to: &str, applicability: Applicability, source: &Source) -> Option<Diagnostic> {
        let at = source.text().find(from)?;
        let span = Span::new(at, at + from.len());
        Some(Diagnostic::warning(codes::UNKNOWN, from).at(span, "").fix(
            applicability,
            format!("{from} to {to}"),
            span,
            to,
        ))
    }

    #[test]
    fn safe_fixes_alone_unless_asked_and_idempotent() {
        let check = |source: &Source| {
            let found = [("one", "two", Applicability::Safe), ("three", "four", Applicability::Unsafe)];
            Ok::<_, ()>(found.into_iter().filter_map(|(a, b, c)| swap(a, b, c, source)).collect())
        };
        let text = |all| mend(Source::new("a", "one # kept\nthree\n"), all, check).map(|m| m.source.text().to_owned());
        assert_eq!(text(false), Ok("two # kept\nthree\n".to_owned()));
        assert_eq!(text(true), Ok("two # kept\nfour\n".to_owned()));
    }

    #[test]
    fn fixes_at_one_place_are_all_applied_and_keep_the_ends_of_lines() {
        // One more `}` is asked for until there are as many as `{`.
        let check = |source: &Source| {
            let count = |c| source.text().matches(c).count();
            let end = Span::new(source.text().len(), source.text().len());
            let close = |_| {
                let report = Diagnostic::error(codes::UNCLOSED, "open").at(end, "");
                report.fix(Applicability::Safe, "close", end, "}\n")
            };
            Ok::<_, ()>((count('}')..count('{')).map(close).collect::<Vec<_>>())
        };
        let mended = mend(Source::new("a", "{\r\n".repeat(100)), false, check);
        let mended = mended.map(|m| (m.source.text().to_owned(), m.applied.len(), m.left.len()));
        assert_eq!(mended, Ok(("{\r\n".repeat(100) + &"}\r\n".repeat(100), 100, 0)));
    }

    #[test]
    fn fixes_that_undo_each_other_end() {
        let check = |source: &Source| {
            let found = [("one", "two"), ("two", "one")];
            Ok::<_, ()>(
                found.into_iter().filter_map(|(a, b)| swap(a, b, Applicability::Safe, source)).collect::<Vec<_>>(),
            )
        };
        let mended = mend(Source::new("a", "one"), false, check).map(|m| m.source.text().to_owned());
        assert_eq!(mended, Ok("two".to_owned()));
    }

    #[test]
    fn a_fix_that_another_one_makes_sound_is_applied_after_it() {
        // They touch, so that each has a round of its own.
        let check = |source: &Source| {
            let found = [("one", "1"), ("two", "2")].into_iter();
            let mut found: Vec<Diagnostic> =
                found.filter_map(|(a, b)| swap(a, b, Applicability::Safe, source)).collect();
            if source.text().contains("1two") {
                found.push(Diagnostic::error(codes::SYNTAX, ""));
            }
            Ok::<_, ()>(found)
        };
        let mended = mend(Source::new("a", "onetwo"), false, check).map(|m| m.source.text().to_owned());
        assert_eq!(mended, Ok("12".to_owned()));
    }

    #[test]
    fn a_fix_that_breaks_the_program_is_passed_over_and_the_others_are_not() {
        let check = |source: &Source| {
            let mut found: Vec<Diagnostic> = [("bad", "worse"), ("one", "two")]
                .into_iter()
                .filter_map(|(a, b)| swap(a, b, Applicability::Safe, source))
                .collect();
            if source.text().contains("worse") {
                found.push(Diagnostic::error(codes::SYNTAX, ""));
            }
            Ok::<_, ()>(found)
        };
        let mended = mend(Source::new("a", "bad one"), false, check).map(|m| m.source.text().to_owned());
        assert_eq!(mended, Ok("bad two".to_owned()));
    }
}
