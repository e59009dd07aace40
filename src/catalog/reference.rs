//! The catalog as text: `nn doc`, `nn doc NAME` and `nn doc --markdown`, all from the signatures.

use super::signature::{Default, Family, Kind, Parameter, Signature};
use super::{all, kinds};
use std::fmt::Write;

/// Every kind by family, a line each.
pub fn overview() -> String {
    let mut text = String::new();
    let width = all().iter().map(|s| s.name.len()).max().unwrap_or(0);
    for family in Family::ALL {
        let _ = writeln!(text, "{}", family.heading());
        for kind in kinds(family) {
            let _ = writeln!(text, "  {:width$}  {}", kind.name, kind.summary);
        }
        text.push('\n');
    }
    text.push_str("`nn doc NAME` tells all about one.\n");
    text
}

/// All about one name (in every family that has it), or `None`.
pub fn entry(name: &str) -> Option<String> {
    let entries: Vec<_> = all().into_iter().filter(|s| s.name == name).map(page).collect();
    if entries.is_empty() { setting(name) } else { Some(entries.join("\n")) }
}

/// A setting of a block, by its own name.
fn setting(name: &str) -> Option<String> {
    let of = |block: &&'static Signature| block.parameters.iter().find(|p| p.name == name);
    let (block, parameter) = kinds(Family::Block).into_iter().find_map(|b| Some((b, of(&b)?)))?;
    let mut text = format!("{name}, a setting of `{}`\n  {}\n\n", block.name, parameter.summary);
    let _ = writeln!(text, "  takes    {}", takes(parameter.kind));
    let _ = writeln!(text, "  default  {}", default(parameter));
    Some(text)
}

fn page(signature: &'static Signature) -> String {
    let mut text = format!("{}\n  {}, {}\n\n", call(signature), signature.family.a(), signature.summary);
    for (label, value) in [("formula", signature.formula), ("range", signature.range), ("source", signature.source)] {
        if !value.is_empty() {
            let _ = writeln!(text, "  {label:8} {value}");
        }
    }
    let _ = writeln!(text, "  {:8} {}", "example", signature.example.replace('\n', "\n           "));
    if !signature.parameters.is_empty() {
        let width = signature.parameters.iter().map(|p| p.name.len()).max().unwrap_or(0);
        text.push('\n');
        for parameter in signature.parameters {
            let _ = writeln!(
                text,
                "  {:width$}  {}: {}; default {}",
                parameter.name,
                parameter.summary,
                takes(parameter.kind),
                default(parameter)
            );
        }
    }
    text
}

/// How a kind is written, with its parameters.
pub fn call(signature: &Signature) -> String {
    let statement = matches!(signature.family, Family::Layer | Family::Activation);
    let block = signature.family == Family::Block;
    let parameters: Vec<String> = signature
        .parameters
        .iter()
        .map(|p| match p.default {
            Default::Required if p.positional => p.name.to_uppercase(),
            Default::Required => format!("{}=…", p.name),
            Default::Number(n) => format!("{}={n}", p.name),
            Default::Word(w) => format!("{}={w}", p.name),
            Default::Absent(_) => format!("{}=…", p.name),
        })
        .collect();
    match (block, statement, parameters.is_empty()) {
        (true, ..) => format!("{} {{ … }}", signature.name),
        (_, _, true) => signature.name.to_owned(),
        (_, true, _) if signature.family == Family::Layer => format!("{} {}", signature.name, parameters.join(" ")),
        _ => format!("{}({})", signature.name, parameters.join(", ")),
    }
}

/// What a parameter takes, in words.
fn takes(kind: Kind) -> String {
    let words = |words: &[&str]| words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
    match kind {
        Kind::Number(range) => format!("a number, {}", range.describe()),
        Kind::Count(least) => format!("a whole number, {least} or more"),
        Kind::Bool => "`true` or `false`".into(),
        Kind::Share => "a percentage, or a path in quotes".into(),
        Kind::Text => "a text in quotes".into(),
        Kind::Column => "a column's name".into(),
        Kind::Columns => "a column's name or a list of them".into(),
        Kind::Word(list) => format!("one of {}", words(list)),
        Kind::One(family) => family.a().into(),
        Kind::Many(family) => format!("{} or a list", family.a()),
        Kind::NumberOr(range, family) => format!("a number {}, or {}", range.describe(), family.a()),
        Kind::CountOr(least, list) => format!("a whole number, {least} or more, or {}", words(list)),
        Kind::NumbersOr(range, list) => format!("a list of numbers, each {}, or {}", range.describe(), words(list)),
        Kind::Names => "a list of names".into(),
        Kind::Shape => "a shape such as `1x28x28`".into(),
    }
}

fn default(parameter: &Parameter) -> String {
    match parameter.default {
        Default::Required => "none, it must be given".into(),
        Default::Number(n) => n.to_string(),
        Default::Word(w) => w.into(),
        Default::Absent(what) => what.into(),
    }
}

/// The whole reference as Markdown: a section for each family, a table each.
pub fn markdown() -> String {
    let mut text = String::from("# Reference\n\nEvery kind there is. `nn doc NAME` shows one in the terminal.\n");
    for family in Family::ALL {
        let _ = writeln!(text, "\n## {}\n", family.heading());
        if family == Family::Block {
            for block in kinds(family) {
                let _ = writeln!(
                    text,
                    "### {}\n\n{}.\n\n| setting | what | takes | default |\n|---|---|---|---|",
                    block.name, block.summary
                );
                for p in block.parameters {
                    let _ = writeln!(
                        text,
                        "| `{}` | {} | {} | {} |",
                        p.name,
                        cell(p.summary),
                        cell(&takes(p.kind)),
                        cell(&default(p))
                    );
                }
                text.push('\n');
            }
            continue;
        }
        text.push_str("| kind | what | formula | example | source |\n|---|---|---|---|---|\n");
        for s in kinds(family) {
            let example = s.example.lines().next().unwrap_or("");
            let _ = writeln!(
                text,
                "| `{}` | {} | {} | `{}` | {} |",
                call(s),
                cell(s.summary),
                cell(s.formula),
                cell(example),
                cell(s.source)
            );
        }
    }
    text
}

/// Text that cannot end a table's cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
