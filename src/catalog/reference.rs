//! The catalog as text: `nn doc`, `nn doc NAME` and `nn doc --markdown`, all from the signatures. Text is at most 100
//! characters wide and plain; headings go through a function of the caller's, which may make them stand out.

mod markdown;
mod words;

pub use markdown::markdown;
pub use words::call;

use super::aliases::{self, Meaning};
use super::known::{self, Known, Position};
use super::scope::QUANTITIES;
use super::signature::{Family, Parameter, Signature};
use super::{all, kinds, metrics, sources};
use crate::diagnostic::suggest;
use std::fmt::Write;
use words::{default, takes};

/// No line is wider.
const WIDTH: usize = 100;
/// Where what is said of a kind begins.
const MARGIN: usize = 11;

/// Every kind by family, a line each.
pub fn overview(heading: &dyn Fn(&str) -> String) -> String {
    let names = all().into_iter().map(|s| s.name).chain(QUANTITIES.iter().map(|(name, _)| *name));
    let width = names.map(str::len).max().unwrap_or(0);
    let mut text = String::new();
    let mut section = |title: &str, rows: Vec<(&str, &str)>| {
        let _ = writeln!(text, "{}", heading(title));
        for (name, summary) in rows {
            let _ = writeln!(text, "  {name:width$}  {}", hang(summary, width + 4));
        }
        text.push('\n');
    };
    for family in Family::ALL {
        section(family.heading(), kinds(family).into_iter().map(|s| (s.name, s.summary)).collect());
    }
    section("Numbers that the data gives", QUANTITIES.to_vec());
    text.push_str("`nn doc NAME` tells all about one, and about each setting of a block.\n");
    text
}

/// All about one name: every kind that has it, every setting, every parameter of a kind.
///
/// # Errors
/// A sentence with the nearest names, where nothing is called so.
pub fn entry(name: &str, heading: &dyn Fn(&str) -> String) -> Result<String, String> {
    let entries = entries(name, heading);
    if !entries.is_empty() {
        return Ok(entries.join("\n"));
    }
    if let Some((_, text)) = TOPICS.iter().find(|(words, _)| words.iter().any(|w| aliases::same(w, name))) {
        return Ok(format!("{}\n  {}\n", heading(&shown(name)), hang(text, 2)));
    }
    match foreign(name) {
        Some(Meaning::Same(ours)) => {
            Ok(format!("`{}` is `{ours}` here\n\n{}", shown(name), self::entries(ours, heading).join("\n")))
        }
        Some(Meaning::Ambiguous(meanings)) => {
            let listed: Vec<_> = meanings.iter().map(|m| format!("`{m}`")).collect();
            Err(format!("`{}` means different things in different tools: {}", shown(name), listed.join(" or ")))
        }
        Some(Meaning::Hint(hint)) => Err(format!("`{}` is not here: {hint}", shown(name))),
        None => Err(known::anywhere(name).map_or_else(|| unknown(name), |(place, row)| absent(name, place, row))),
    }
}

/// What is said of a word that other tools have.
fn absent(name: &str, place: Position, row: &Known) -> String {
    let text = format!("`{}` is {} that this version lacks: {}", shown(name), place.a(), row.what);
    if row.nearest.is_empty() { text } else { format!("{text}; what comes nearest is `{}`", row.nearest) }
}

/// What is asked for and is no kind: forms of the language, files, and what a program need not say.
static TOPICS: &[(&[&str], &str)] = &[
    (
        &["let"],
        "a name for a value, at the top of the file: `let width = 64`, then `dense width relu`; `--set width=128` replaces it",
    ),
    (
        &["table"],
        "rows in the program itself: `data { target = y table { … } }`, its first line the columns' names, then a row a line",
    ),
    (
        &["csv", "tsv", "file"],
        "a source of rows, named by its path in quotes: `data \"rows.csv\" { target = y }`; `.csv` is parted by commas, `.tsv` by tabs, the first line names the columns",
    ),
    (&["comment", "#"], "`#` begins a comment, to the line's end"),
    (&["list"], "values in brackets: `metrics = [accuracy, f1]`"),
    (&["percent", "%"], "a share: `validation = 15%`, `dropout 20%`"),
    (&["label"], "a name before a layer: `hidden: dense 16 tanh`; its tensors are `hidden.weight` and `hidden.bias`"),
    (
        &["from", "branch", "branches"],
        "a layer takes the one before it, or what `from=LABEL` names: any earlier layer, or `input`; `concat`, `add` and `multiply` make one of several",
    ),
    (
        &["allow"],
        "`# nn: allow(NN501)` in a comment silences a rule for the line, the block or the file that it stands in",
    ),
    (
        &["gpu", "cuda", "device", "tpu", "mps"],
        "nn computes on the processor, on all its cores (`--threads N` for fewer); there is no setting for another device",
    ),
    (
        &["early_stopping", "callback", "callbacks"],
        "`stop = early(patience=10)` in `train` ends a run when the validation loss no longer falls",
    ),
    (&["checkpoint", "save"], "`nn train` saves the model at the end, beside the program or where `-o` says"),
    (&["import", "include"], "a program is one file; there is nothing to import"),
];

/// Every entry under `name`, exactly so spelled.
fn entries(name: &str, heading: &dyn Fn(&str) -> String) -> Vec<String> {
    let mut entries: Vec<_> = all().into_iter().filter(|s| s.name == name).map(|s| page(s, heading)).collect();
    for kind in all() {
        if kind.family == Family::Block
            && let Some(parameter) = kind.parameters.iter().find(|p| p.name == name)
        {
            entries.push(setting(kind, parameter, heading));
        }
    }
    entries.extend(parameters(name, heading));
    if let Some((name, summary)) = QUANTITIES.iter().find(|(n, _)| *n == name) {
        entries.push(format!("{}\n  a number that the data gives: {summary}\n", heading(name)));
    }
    entries
}

/// What else holds of a kind.
fn remarks(signature: &Signature) -> &'static [(&'static str, &'static str)] {
    if signature.family == Family::Source { sources::remarks(signature) } else { metrics::remarks(signature) }
}

/// A setting of a block.
fn setting(block: &Signature, parameter: &Parameter, heading: &dyn Fn(&str) -> String) -> String {
    let mut text = format!("{}\n  a setting of `{}`: {}\n\n", heading(parameter.name), block.name, parameter.summary);
    line(&mut text, "takes", &takes(parameter.kind));
    line(&mut text, "default", &default(parameter));
    text
}

/// The kinds that have a parameter of this name.
fn parameters(name: &str, heading: &dyn Fn(&str) -> String) -> Option<String> {
    let of = |s: &'static Signature| s.parameters.iter().find(|p| p.name == name).map(|p| (s, p));
    let found: Vec<_> = all().into_iter().filter(|s| s.family != Family::Block).filter_map(of).collect();
    if found.is_empty() {
        return None;
    }
    let width = found.iter().map(|(s, _)| s.name.len()).max().unwrap_or(0);
    let mut text = format!("{}\n  a parameter of these kinds\n\n", heading(name));
    for (kind, parameter) in found {
        let said = format!("{}: {}; default {}", parameter.summary, takes(parameter.kind), default(parameter));
        let _ = writeln!(text, "  {:width$}  {}", kind.name, hang(&said, width + 4));
    }
    Some(text)
}

/// One kind.
fn page(signature: &'static Signature, heading: &dyn Fn(&str) -> String) -> String {
    let summary = format!("{}: {}", signature.family.a(), signature.summary);
    let mut text = format!("{}\n  {}\n\n", heading(&call(signature)), hang(&summary, 2));
    for (label, value) in [("formula", signature.formula), ("range", signature.range), ("source", signature.source)] {
        if !value.is_empty() {
            line(&mut text, label, value);
        }
    }
    for (i, example) in signature.example.lines().enumerate() {
        let _ = writeln!(text, "  {:8} {example}", if i == 0 { "example" } else { "" });
    }
    for (label, text_of) in remarks(signature) {
        line(&mut text, label, text_of);
    }
    if !signature.parameters.is_empty() {
        let width = signature.parameters.iter().map(|p| p.name.len()).max().unwrap_or(0);
        text.push('\n');
        for p in signature.parameters {
            let said = format!("{}: {}; default {}", p.summary, takes(p.kind), default(p));
            let _ = writeln!(text, "  {:width$}  {}", p.name, hang(&said, width + 4));
        }
    }
    text
}

fn line(text: &mut String, label: &str, value: &str) {
    let _ = writeln!(text, "  {label:8} {}", hang(value, MARGIN));
}

/// `text` broken between words, every line after the first `indent` blanks in, as the first one already is.
fn hang(text: &str, indent: usize) -> String {
    let mut out = String::new();
    let mut column = indent;
    for word in text.split(' ') {
        let width = word.chars().count();
        if column > indent && column + 1 + width > WIDTH {
            let _ = write!(out, "\n{:indent$}", "");
            column = indent;
        } else if column > indent {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
    }
    out
}

/// What another tool's name means here, in whichever family has it first.
fn foreign(name: &str) -> Option<Meaning> {
    let settings = || {
        let blocks = kinds(Family::Block);
        blocks.into_iter().find_map(|b| aliases::parameter(b, name)).map(Meaning::Same)
    };
    let kind = Family::ALL.into_iter().find_map(|family| aliases::kind(family, name));
    kind.or_else(settings)
        .or_else(|| kinds(Family::Block).into_iter().find_map(|b| aliases::hint(b, name)).map(Meaning::Hint))
}

fn unknown(name: &str) -> String {
    let kinds = all();
    let parameters = kinds.iter().flat_map(|s| s.parameters.iter().map(|p| p.name));
    let names = kinds.iter().map(|s| s.name).chain(parameters).chain(QUANTITIES.iter().map(|(name, _)| *name));
    let near: Vec<_> = suggest::nearest_all(name, names).into_iter().map(|n| format!("`{n}`")).collect();
    match near.as_slice() {
        [] => format!("nothing is called `{}`; `nn doc` lists every name", shown(name)),
        near => format!("nothing is called `{}`; near: {}", shown(name), near.join(", ")),
    }
}

/// What the user wrote, short and without what a terminal would obey.
fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        text.to_owned()
    }

    #[test]
    fn every_name_has_an_entry_within_the_width() {
        for signature in all() {
            let names = std::iter::once(signature.name).chain(signature.parameters.iter().map(|p| p.name));
            for name in names {
                let text = entry(name, &plain).unwrap_or_else(|e| panic!("{name}: {e}"));
                assert!(text.contains(signature.name), "{name}: {text}");
                let wide = text.lines().find(|l| l.chars().count() > WIDTH);
                assert_eq!(wide, None, "{name}");
            }
        }
        let overview = overview(&plain);
        assert!(overview.lines().all(|l| l.chars().count() <= WIDTH));
        for signature in all() {
            assert!(overview.contains(&format!("\n  {} ", signature.name)), "{}", signature.name);
        }
    }

    #[test]
    fn a_page_says_what_there_is_to_say_and_no_more() {
        let page = |name: &str| entry(name, &plain).unwrap_or_default();
        let relu = page("relu");
        assert!(relu.contains("\n  formula  ") && relu.contains("\n  range    "), "{relu}");
        assert!(!relu.ends_with("\n\n"), "{relu}");
        let leaky = page("leaky_relu");
        assert!(leaky.contains("\n\n  slope  ") && leaky.contains("\n  source   Maas"), "{leaky}");
    }

    #[test]
    fn lines_are_filled_to_the_width_and_no_further() {
        let word = |width: usize| "x".repeat(width);
        // 11 blanks, 44 letters, a blank, and 44 letters more are 100.
        for (last, broken) in [(44, false), (45, true)] {
            let text = hang(&format!("{} {}", word(44), word(last)), 11);
            let blanks = if broken { format!("\n{:11}", "") } else { " ".to_owned() };
            assert_eq!(text, format!("{}{blanks}{}", word(44), word(last)));
        }
        assert_eq!((hang(&word(200), 11), hang("a b", 2)), (word(200), "a b".to_owned()));
    }

    #[test]
    fn one_name_in_several_families_is_shown_in_all() {
        let text = entry("init", &plain).unwrap_or_default();
        assert!(text.contains("a setting of `network`") && text.contains("dense"), "{text}");
        let text = entry("classes", &plain).unwrap_or_default();
        assert!(text.contains("a setting of `data`") && text.contains("a number that the data gives"), "{text}");
    }

    #[test]
    fn other_spellings_and_slips_are_answered() {
        assert!(entry("ReLU", &plain).is_ok_and(|t| t.starts_with("`ReLU` is `relu` here\n\nrelu\n")));
        assert!(
            entry("xavier", &plain).is_err_and(|e| e.contains("`glorot_uniform`") && e.contains("`glorot_normal`"))
        );
        assert!(entry("sigmod", &plain).is_err_and(|e| e == "nothing is called `sigmod`; near: `sigmoid`"));
        assert!(entry("qqqqq", &plain).is_err_and(|e| e.ends_with("`nn doc` lists every name")));
        assert!(entry("a\u{1b}[31m", &plain).is_err_and(|e| !e.contains('\u{1b}')));
    }
}
