//! Fixes are tried before they are offered, all of them together: a rate that suits unscaled columns is nonsense once
//! they are scaled, and a fix that is right alone may harm beside another. What a rule proposes is computed anew for
//! the program as the other fixes leave it, and what makes the program's run clearly worse is taken out.

use super::Depth;
use super::evidence::Probe;
use super::mend::{apply, choose};
use crate::diagnostic::codes::{self, Code};
use crate::diagnostic::{Diagnostic, Fix, Level};
use crate::source::Source;
use std::collections::HashSet;

/// Rules whose fixes are measured on a run, and so hang on everything else: they come last.
const LAST: &[Code] = &[codes::RATE_HIGH, codes::RATE_LOW, codes::STEPS, codes::PENALTY];
/// Rules whose fixes are about what a result is worth: a run's loss is no judge of them, and may well end higher.
const UNJUDGED: &[Code] = &[
    codes::CONSTANT,
    codes::IMBALANCE,
    codes::CONTRADICTION,
    codes::LEAKAGE,
    codes::IDENTIFIER,
    codes::LOST_DIGITS,
    codes::LEFT_OUT,
];
/// A run is clearly worse where it leaves this many times as much of a constant output's loss, and this much more.
const WORSE: (f64, f64) = (1.25, 0.02);
/// The same for the fix of a note.
const WORSE_OF_NOTE: (f64, f64) = (1.1, 0.005);
/// Fixes that are left out one after the other in search of the one that harms, at the most.
const MOST_TRIED: usize = 6;

/// A program that was looked at: what was found, and how a run of it went, where it could be tried.
pub(super) struct Looked {
    pub(super) found: Vec<Diagnostic>,
    pub(super) run: Option<Probe>,
}

/// Tries the fixes of what was found together; `look` looks at a changed text, with its rules of design or, to the
/// depth of its language, for its run alone.
pub(super) fn judge(source: &Source, first: &mut Looked, mut look: impl FnMut(&Source, Depth) -> Option<Looked>) {
    if !first.found.iter().any(|d| d.code.is_of_design() && !d.fixes.is_empty()) {
        return;
    }
    let Some(before) = first.run.clone() else { return };
    let (causes, rates): (Vec<usize>, Vec<usize>) =
        fixable(&first.found).partition(|&n| !LAST.contains(&first.found[n].code));
    let mended = with(source, &first.found, &causes);
    if !causes.is_empty() && !rates.is_empty() {
        let Some(next) = look(&mended, Depth::Full) else { return };
        for n in rates {
            recompute(&mut first.found[n], &next.found);
        }
    }
    withhold(source, &mut first.found, &before, |text| look(text, Depth::Language)?.run);
}

/// Findings that have a fix which could be applied.
fn fixable(found: &[Diagnostic]) -> impl Iterator<Item = usize> {
    (0..found.len()).filter(|&n| !choose(std::slice::from_ref(&found[n]), true, &HashSet::default(), 1).is_empty())
}

/// The text with the first fixes of these findings.
fn with(source: &Source, found: &[Diagnostic], these: &[usize]) -> Source {
    let found: Vec<Diagnostic> = these.iter().map(|&n| found[n].clone()).collect();
    let fixes = choose(&found, true, &HashSet::default(), usize::MAX);
    Source::new(source.name(), apply(source.text(), fixes.iter().flat_map(|fix| &fix.edits)))
}

/// Gives a finding the fix that the same rule has for the program without its other faults, or none.
fn recompute(finding: &mut Diagnostic, next: &[Diagnostic]) {
    let again = next.iter().find(|d| d.code == finding.code && !d.fixes.is_empty());
    let one_edit = |fix: &Fix| matches!(fix.edits[..], [_]);
    match again.map(|d| (&d.fixes[0], &d.help)) {
        Some((fix, help)) if one_edit(fix) && finding.fixes.iter().all(one_edit) => {
            let changed = finding.fixes[0].edits[0].text != fix.edits[0].text;
            for own in &mut finding.fixes {
                own.edits[0].text.clone_from(&fix.edits[0].text);
                own.title.clone_from(&fix.title);
            }
            finding.help.clone_from(help);
            if changed {
                finding.notes.push("the fix is the one for the program with the other fixes applied".to_owned());
            }
        }
        _ => {
            finding.fixes.clear();
            finding.help = Some("mend the rest first: with the other fixes applied, this needs no other".to_owned());
        }
    }
}

/// Takes out fixes with which, beside the others, a run ends clearly worse than without any.
fn withhold(source: &Source, found: &mut [Diagnostic], before: &Probe, mut run: impl FnMut(&Source) -> Option<Probe>) {
    let is_judged = |d: &Diagnostic| d.code.is_of_design() && !UNJUDGED.contains(&d.code);
    let (judged, others): (Vec<usize>, Vec<usize>) = fixable(found).partition(|&n| is_judged(&found[n]));
    // A run with these fixes, beside those that no run can judge.
    let mut with_these = |these: &[usize]| {
        let mut all = [these, &others].concat();
        all.sort_unstable();
        if all.is_empty() { Some(before.clone()) } else { run(&with(source, found, &all)) }
    };
    let Some(base) = with_these(&[]).filter(|_| !judged.is_empty()) else { return };
    let Some(mut now) = with_these(&judged) else { return };
    let mut kept = judged.clone();
    while is_worse(&now, &base, WORSE) && !kept.is_empty() {
        let tried = (0..kept.len().min(MOST_TRIED)).filter_map(|k| Some((k, with_these(&without(&kept, k))?)));
        let Some((harmful, left)) = tried.min_by(|a, b| a.1.share().total_cmp(&b.1.share())) else { break };
        kept.remove(harmful);
        now = left;
    }
    // What a note proposes is worth doing only where it does no harm at all.
    for k in (0..kept.len()).rev().filter(|&k| found[kept[k]].level == Level::Note).collect::<Vec<_>>() {
        if let Some(left) = with_these(&without(&kept, k)).filter(|left| is_worse(&now, left, WORSE_OF_NOTE)) {
            kept.remove(k);
            now = left;
        }
    }
    for n in judged.into_iter().filter(|n| !kept.contains(n)) {
        let finding = &mut found[n];
        finding.fixes.clear();
        finding.help = None;
        finding.notes.push("what usually mends it was tried, and a run ended worse with it than without".to_owned());
    }
}

/// By the share of a constant output's loss; where the loss is another one, by the rows whose class is wrong.
fn is_worse(now: &Probe, base: &Probe, (times, more): (f64, f64)) -> bool {
    let is_worse = |now: f64, base: f64| now.is_nan() || now > times * base + more;
    match (now.wrong, base.wrong) {
        (Some(now_wrong), Some(base_wrong)) if (now.base - base.base).abs() > 1e-9 * base.base.abs() => {
            is_worse(now_wrong, base_wrong)
        }
        _ => is_worse(now.share(), base.share()),
    }
}

fn without(these: &[usize], k: usize) -> Vec<usize> {
    [&these[..k], &these[k + 1..]].concat()
}
