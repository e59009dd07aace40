//! What is said besides of a wrong command line: settings of the program that were given as options.

use crate::catalog::{Family, aliases, kinds};
use clap::error::{ContextKind, ContextValue, Error};

/// How a setting that was given as an option (`--epochs 5`, `--lr=0.1`) is set, where the command takes `--set`.
pub(crate) fn tip(error: &Error, arguments: &[String]) -> Option<String> {
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else { return None };
    let option = option.split([' ', '=']).next().filter(|o| o.starts_with("--"))?;
    let takes_set = |name: &String| {
        let command = super::command();
        let found = command.find_subcommand(name)?;
        Some(found.get_arguments().any(|a| a.get_long() == Some("set")))
    };
    if !arguments.iter().find_map(takes_set)? {
        return None;
    }
    let key = option.trim_start_matches('-').replace('-', "_");
    let (block, name) = kinds(Family::Block).into_iter().rev().find_map(|b| Some((b, aliases::parameter(b, &key)?)))?;
    let at = arguments.iter().position(|a| a.split('=').next() == Some(option))?;
    let value = arguments[at].split_once('=').map(|(_, value)| value).or(arguments.get(at + 1).map(String::as_str));
    let value = value.filter(|v| !v.is_empty() && !v.starts_with("--")).unwrap_or("…");
    let value: String = value.chars().filter(|c| !c.is_control()).take(60).collect();
    Some(format!("  tip: `{name}` is a setting of the program: write `--set {}.{name}={value}`\n", block.name))
}
