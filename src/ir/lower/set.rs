//! `--set NAME=VALUE`: a value put into the tree in place of what the file says, before anything is lowered.

#![allow(clippy::wildcard_enum_match_arm, reason = "whatever else there is or will be is treated alike here")]

mod unlabelled;

use crate::source::{Source, Span};
use crate::syntax::tree::{Argument, Arithmetic, File, Item, Name, Setting, Statement, Value, ValueKind};
use serde::{Deserialize, Serialize};

/// A value put in place of what the file says: `train.epochs`, `5`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// What is replaced.
    pub name: String,
    /// The value, as it would stand in the file.
    pub value: String,
}

/// Puts `text` in the place of `name`: a `let` (`width`), a setting (`train.epochs`) or a layer's option (`hidden.init`,
/// `hidden.units`; a layer without a label by the name that `show` prints, `dense1.units`). Everything reported about it points at what it replaced.
///
/// # Errors
/// A sentence for the user, where there is no such name or the value does not parse.
pub fn set(file: &mut File, name: &str, text: &str) -> Result<(), String> {
    let value = parse(name, text)?;
    if let Some((owner, key)) = name.split_once('.') {
        return set_in(file, owner, key, value);
    }
    for item in &mut file.items {
        if let Item::Let(binding) = item
            && binding.key.text == name
        {
            replace(&mut binding.value, value);
            return Ok(());
        }
    }
    let names: Vec<_> =
        file.items.iter().filter_map(|i| if let Item::Let(b) = i { Some(b.key.text.as_str()) } else { None }).collect();
    let near = crate::diagnostic::suggest::nearest(name, names);
    Err(match near {
        Some(near) => format!("the file has no `let {name}`; a name that is near: `{near}`"),
        None => format!("the file has no `let {name}`; a setting is named by its block: `train.epochs`"),
    })
}

fn parse(name: &str, text: &str) -> Result<Value, String> {
    let source = Source::new("--set", format!("let x = {text}"));
    let (file, diagnostics) = crate::syntax::parse(&source);
    match (file.items.as_slice(), diagnostics.is_empty()) {
        ([Item::Let(binding)], true) => Ok(binding.value.clone()),
        _ => Err(format!("`{text}` is not a value that `{name}` could take")),
    }
}

fn set_in(file: &mut File, owner: &str, key: &str, value: Value) -> Result<(), String> {
    for item in &mut file.items {
        let Item::Block(block) = item else { continue };
        if block.keyword.text == owner {
            let at = block.keyword.span;
            set_setting(&mut block.items, key, value, at);
            return Ok(());
        }
        if let Some(statement) = labelled(&mut block.items, owner) {
            set_option(statement, key, value);
            return Ok(());
        }
    }
    if let Some(statement) = unlabelled::find(file, owner)? {
        set_option(statement, key, value);
        return Ok(());
    }
    Err(format!("the file has no block or label `{owner}`"))
}

fn set_setting(items: &mut Vec<Item>, key: &str, value: Value, at: Span) {
    for item in items.iter_mut() {
        if let Item::Setting(setting) = item
            && setting.key.text == key
        {
            replace(&mut setting.value, value);
            return;
        }
    }
    items.insert(0, Item::Setting(setting(key, value, at)));
}

fn labelled<'a>(items: &'a mut [Item], label: &str) -> Option<&'a mut Statement> {
    items.iter_mut().find_map(|item| match item {
        Item::Statement(statement) if statement.label.as_ref().is_some_and(|l| l.text == label) => Some(statement),
        Item::Block(block) => labelled(&mut block.items, label),
        _ => None,
    })
}

/// Replaces an option, or the positional value that stands for it, or adds it.
fn set_option(statement: &mut Statement, key: &str, value: Value) {
    if let Some(option) = statement.options.iter_mut().find(|o| o.key.text == key) {
        replace(&mut option.value, value);
        return;
    }
    let positional = crate::catalog::find(crate::catalog::Family::Layer, &statement.kind.text)
        .and_then(|kind| kind.parameters.iter().filter(|p| p.positional).position(|p| p.name == key));
    if let Some(place) = positional.and_then(|i| statement.values.get_mut(i)) {
        replace(place, value);
    } else {
        let at = statement.kind.span;
        statement.options.push(setting(key, value, at));
    }
}

fn setting(key: &str, mut value: Value, at: Span) -> Setting {
    place(&mut value, at);
    Setting { key: Name { text: key.to_owned(), span: at }, value, span: at }
}

fn replace(old: &mut Value, mut value: Value) {
    place(&mut value, old.span);
    *old = value;
}

/// Gives a value and all in it one place.
fn place(value: &mut Value, at: Span) {
    value.span = at;
    match &mut value.kind {
        ValueKind::Call(call) => {
            call.name.span = at;
            for Argument { key, value, span } in &mut call.arguments {
                *span = at;
                if let Some(key) = key {
                    key.span = at;
                }
                place(value, at);
            }
        }
        ValueKind::List(items) | ValueKind::Shape(items) => items.iter_mut().for_each(|v| place(v, at)),
        ValueKind::Arithmetic(arithmetic) => place_arithmetic(arithmetic, at),
        ValueKind::Number(_)
        | ValueKind::Percent(_)
        | ValueKind::Text(_)
        | ValueKind::Name(_)
        | ValueKind::Bool(_)
        | ValueKind::Invalid => {}
    }
}

fn place_arithmetic(arithmetic: &mut Arithmetic, at: Span) {
    match arithmetic {
        Arithmetic::Leaf(value) => place(value, at),
        Arithmetic::Negate(inner) => place_arithmetic(inner, at),
        Arithmetic::Binary { operator_span, left, right, .. } => {
            *operator_span = at;
            place_arithmetic(left, at);
            place_arithmetic(right, at);
        }
    }
}
