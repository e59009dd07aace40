//! `nn explain CODE`: the page of a rule.

use super::shell::{Exit, Shell};
use crate::diagnostic::codes::{self, RULES, Rule};
use crate::diagnostic::{human, suggest};
use std::fmt::Write;

/// Options of `explain`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A rule by its code or name: NN202, output-width; without one, all of them, a line each
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

/// Shows one page.
pub(crate) fn run(args: &Args, shell: &mut Shell) -> Exit {
    let Some(text) = &args.code else {
        shell.out(&list());
        return Exit::Well;
    };
    match codes::find(text) {
        Some(rule) => {
            let page = human::page(rule.page, &shell.out_look);
            shell.out(&page);
            Exit::Well
        }
        None => match codes::impossible(text) {
            Some((code, why)) => {
                shell.out(&format!("{code}: nothing in this language can be so\n\n{why}\n"));
                Exit::Well
            }
            None => shell.usage(&unknown(text)),
        },
    }
}

/// Every rule, a line each.
pub(super) fn list() -> String {
    let width = RULES.iter().map(|r| r.name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for Rule { code, name, summary, .. } in RULES {
        let _ = writeln!(text, "{code}  {name:width$}  {summary}");
    }
    for (code, why) in codes::IMPOSSIBLE {
        let _ = writeln!(text, "{code}  {:width$}  {why}", "(cannot be)");
    }
    text
}

fn unknown(text: &str) -> String {
    let codes: Vec<String> = RULES.iter().map(|r| r.code.to_string()).collect();
    let near = suggest::nearest_all(text, RULES.iter().map(|r| r.name).chain(codes.iter().map(String::as_str)));
    let shown: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    match near.as_slice() {
        [] => format!("no rule is called `{shown}`; `nn explain` lists them all"),
        near => {
            let near: Vec<_> = near.iter().map(|n| format!("`{n}`")).collect();
            format!("no rule is called `{shown}`; near: {}", near.join(", "))
        }
    }
}
