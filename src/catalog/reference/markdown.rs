//! The whole reference as Markdown: `docs/reference.md`.

use std::fmt::Write as _;

use super::remarks;
use super::words::{call, default, takes};
use crate::catalog::kinds;
use crate::catalog::scope::QUANTITIES;
use crate::catalog::signature::{Family, Parameter, Signature};

/// Every kind there is: a section for each family, a table of its kinds, a table of their parameters.
pub fn markdown() -> String {
    let mut text = String::from(
        "# Reference\n\nEvery name there is, written by `nn doc --markdown`; `nn doc NAME` shows one in the terminal.\n\n",
    );
    text.push_str(include_str!("language.md"));
    for family in Family::ALL {
        let _ = write!(text, "\n## {}\n", family.heading());
        if family == Family::Layer {
            text.push_str(LAYERS);
        }
        if family == Family::Block { blocks(&mut text) } else { table(&mut text, family) }
    }
    text.push_str("\n## Numbers that the data gives\n\n| name | what |\n|---|---|\n");
    for (name, summary) in QUANTITIES {
        row(&mut text, &[format!("`{name}`"), (*summary).to_owned()]);
    }
    text
}

/// What holds for all layers.
const LAYERS: &str = "
A layer takes the one before it, or what `from=LABEL` names: any earlier layer, or `input`. A layer without a label is called by
its kind and its count: `dense1`. Labels inside `repeat` and `residual` are seen there alone; each turn of a `repeat` has layers
of its own, `NAME`, `NAME_2`, …. What nothing takes is an error, the last layer aside.
";

fn blocks(text: &mut String) {
    for block in kinds(Family::Block) {
        let _ = write!(text, "\n### {}\n\n{}.\n\n```nn\n{}\n```\n", block.name, capital(block.summary), block.example);
        text.push_str("\n| setting | what | takes | default |\n|---|---|---|---|\n");
        for parameter in block.parameters {
            row(text, &described(parameter));
        }
    }
}

/// What stands in a column of one kind.
type Cell = fn(&Signature) -> String;

fn table(text: &mut String, family: Family) {
    let kinds = kinds(family);
    // A column that says nothing of any kind is left out.
    let columns: [(&str, Cell); 6] = [
        ("kind", |s| format!("`{}`", call(s))),
        ("what", |s| s.summary.to_owned()),
        ("formula", |s| s.formula.to_owned()),
        ("range", |s| s.range.to_owned()),
        ("example", |s| format!("`{}`", s.example.lines().next().unwrap_or(""))),
        ("source", |s| s.source.to_owned()),
    ];
    let columns = columns.map(|(heading, of)| (heading, kinds.iter().map(|s| of(s)).collect::<Vec<_>>()));
    let columns: Vec<_> = columns.into_iter().filter(|(_, cells)| cells.iter().any(|c| !c.is_empty())).collect();
    text.push('\n');
    row(text, &columns.iter().map(|(heading, _)| (*heading).to_owned()).collect::<Vec<_>>());
    let _ = writeln!(text, "|{}", "---|".repeat(columns.len()));
    for i in 0..kinds.len() {
        row(text, &columns.iter().map(|(_, cells)| cells[i].clone()).collect::<Vec<_>>());
    }
    let remarks: Vec<_> = kinds.iter().flat_map(|s| remarks(s).iter().map(|r| (s.name, r))).collect();
    if !remarks.is_empty() {
        text.push_str("\n| of | where | what holds |\n|---|---|---|\n");
        for (name, (heading, what)) in remarks {
            row(text, &[format!("`{name}`"), (*heading).to_owned(), (*what).to_owned()]);
        }
    }
    if kinds.iter().all(|s| s.parameters.is_empty()) {
        return;
    }
    text.push_str("\n| of | parameter | what | takes | default |\n|---|---|---|---|---|\n");
    for kind in &kinds {
        for parameter in kind.parameters {
            let [name, summary, takes, default] = described(parameter);
            row(text, &[format!("`{}`", kind.name), name, summary, takes, default]);
        }
    }
}

/// Name, summary, what it takes, default.
fn described(parameter: &Parameter) -> [String; 4] {
    [format!("`{}`", parameter.name), parameter.summary.to_owned(), takes(parameter.kind), default(parameter)]
}

/// One row; nothing in a cell can end it.
fn row(text: &mut String, cells: &[String]) {
    for cell in cells {
        let _ = write!(text, "| {} ", cell.replace('|', "\\|"));
    }
    text.push_str("|\n");
}

fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
