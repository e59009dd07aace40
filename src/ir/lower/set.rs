//! `--set NAME=VALUE`: a value put into the tree in place of what the file says, before anything is lowered.
//!
//! Such a value has spans of its own: the command line's settings stand behind the file's text as it were, one after
//! the other. What is reported about them is then told of the command line ([`located`]), and no fix of the file
//! follows from it.

mod unlabelled;

use crate::catalog::bind::alias_note;
use crate::catalog::{Family, Signature, aliases, find};
use crate::diagnostic::{COMMAND_LINE, Diagnostic, Excerpt, Label, suggest};
use crate::source::{Source, Span};
use crate::syntax::tree::{Argument, Arithmetic, Block, File, Item, Name, Setting, Statement, Value, ValueKind};
use serde::{Deserialize, Serialize};

/// A value put in place of what the file says: `train.epochs`, `5`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// What is replaced.
    pub name: String,
    /// The value, as it would stand in the file.
    pub value: String,
}

/// What stands before a name on the command line.
const OPTION: &str = "--set ";

impl Override {
    /// As the command line has it, on one line.
    fn text(&self) -> String {
        format!("{OPTION}{}={}", self.name, self.value).replace(['\n', '\r'], " ")
    }
}

/// Where each setting of the command line begins, behind the file's text.
fn starts<'a>(source: &Source, overrides: &'a [Override]) -> impl Iterator<Item = (usize, &'a Override)> {
    let mut next = source.text().len() + 1;
    overrides.iter().map(move |over| {
        let start = next;
        next += over.text().len() + 1;
        (start, over)
    })
}

/// Puts each value in its place: a `let` (`width`), a setting (`train.epochs`) or a layer's option (`hidden.init`,
/// `hidden.units`). Names may be aliases, as in the file.
///
/// # Errors
/// A sentence for the user, where there is no such name or the value does not parse.
pub fn set(source: &Source, file: &mut File, overrides: &[Override], out: &mut Vec<Diagnostic>) -> Result<(), String> {
    for (start, over) in starts(source, overrides) {
        let name = start + OPTION.len();
        let value = parse(&over.name, &over.value, name + over.name.len() + 1)?;
        Setter { file, out }.set(&over.name, name, value)?;
    }
    Ok(())
}

/// Tells what was found about settings of the command line at their place there, and takes out the fixes that follow
/// from them: the file does not say what is wrong.
pub fn located(source: &Source, overrides: &[Override], found: &mut [Diagnostic]) {
    let end = source.text().len() as u32;
    let excerpt = |label: Label| {
        let (start, over) =
            starts(source, overrides).take_while(|(start, _)| *start <= label.span.start as usize).last()?;
        let text = over.text();
        let within = |at: u32| text.floor_char_boundary((at as usize - start).min(text.len()));
        let range = within(label.span.start)..within(label.span.end.max(label.span.start));
        let column = text[..range.start].chars().count() + 1;
        let (path, label) = (COMMAND_LINE.to_owned(), label.text);
        Some(Excerpt { path, line: 1, column, text, start: range.start, end: range.end, label })
    };
    for diagnostic in found {
        let is_beyond = |label: &Label| label.span.start > end;
        let labels = diagnostic.labels.extract_if(.., |l| is_beyond(l));
        let labels: Vec<Label> = diagnostic.primary.take_if(|l| is_beyond(l)).into_iter().chain(labels).collect();
        diagnostic.excerpts.splice(0..0, labels.into_iter().filter_map(excerpt));
        diagnostic.fixes.retain(|fix| fix.edits.iter().all(|edit| edit.span.end <= end));
    }
}

/// Reads a value that stands at byte `at`.
fn parse(name: &str, text: &str, at: usize) -> Result<Value, String> {
    const LEAD: &str = "let x = ";
    let source = Source::new("", format!("{LEAD}{text}"));
    let (file, diagnostics) = crate::syntax::parse(&source);
    match (file.items.as_slice(), diagnostics.is_empty()) {
        ([Item::Let(binding)], true) => {
            let mut value = binding.value.clone();
            let moved = |at_lead: u32| at_lead as usize - LEAD.len() + at;
            each_span(&mut value, &|span| *span = Span::new(moved(span.start), moved(span.end)));
            Ok(value)
        }
        _ => Err(format!("`{text}` is not a value that `{name}` could take")),
    }
}

/// Puts values into a file.
struct Setter<'a> {
    file: &'a mut File,
    out: &'a mut Vec<Diagnostic>,
}

impl Setter<'_> {
    /// Puts `value` in the place of `name`, which stands at byte `at`.
    fn set(&mut self, name: &str, at: usize, value: Value) -> Result<(), String> {
        if let Some((owner, key)) = name.split_once('.') {
            let owner = Name { text: owner.to_owned(), span: Span::new(at, at + owner.len()) };
            let key_at = owner.span.end as usize + 1;
            let key = Name { text: key.to_owned(), span: Span::new(key_at, key_at + key.len()) };
            return self.set_in(&owner, key, value);
        }
        let bindings = self.file.items.iter_mut().filter_map(|i| if let Item::Let(b) = i { Some(b) } else { None });
        let mut names = Vec::new();
        for binding in bindings {
            if binding.key.text == name {
                binding.value = value;
                return Ok(());
            }
            names.push(binding.key.text.as_str());
        }
        let home = crate::catalog::kinds(Family::Block).into_iter().find(|b| aliases::parameter(b, name).is_some());
        Err(match (suggest::nearest(name, names), home) {
            (Some(near), _) => format!("the file has no `let {name}`; a name that is near: `{near}`"),
            (None, Some(block)) => {
                let key = aliases::parameter(block, name).unwrap_or(name);
                format!("the file has no `let {name}`; the setting is `{}.{key}`", block.name)
            }
            (None, None) => {
                format!("the file has no `let {name}`; a setting is named by its block: `train.epochs`")
            }
        })
    }

    fn set_in(&mut self, owner: &Name, key: Name, value: Value) -> Result<(), String> {
        // A label is called as it stands; what it is called may be a block's name elsewhere.
        let mut labels_of =
            self.file.items.iter().map(|i| if let Item::Block(b) = i { labels(&b.items) } else { vec![] });
        let is_label = labels_of.any(|labels| labels.contains(&owner.text.as_str()));
        let ours = own_kind(Family::Block, &owner.text).filter(|_| !is_label);
        for item in &mut self.file.items {
            let Item::Block(block) = item else { continue };
            let kind = own_kind(Family::Block, &block.keyword.text);
            if block.keyword.text == owner.text || ours.is_some() && kind == ours {
                if let Some(kind) = kind.filter(|kind| kind.name != owner.text) {
                    self.out.push(alias_note(owner, kind.name));
                }
                set_setting(block, kind, key, value, self.out);
                return Ok(());
            }
            if let Some(statement) = labelled(&mut block.items, &owner.text) {
                set_option(statement, key, value, self.out);
                return Ok(());
            }
        }
        if let Some(statement) = unlabelled::find(self.file, &owner.text)? {
            set_option(statement, key, value, self.out);
            return Ok(());
        }
        let labels =
            self.file.items.iter().flat_map(|i| if let Item::Block(b) = i { labels(&b.items) } else { vec![] });
        let names: Vec<&str> = super::blocks::BLOCKS.iter().map(|b| b.name).chain(labels).collect();
        Err(match suggest::nearest(&owner.text, names) {
            Some(near) if near != owner.text => {
                format!("the file has no block or label `{}`; one that is near: `{near}`", owner.text)
            }
            Some(_) | None => format!("the file has no block or label `{}`", owner.text),
        })
    }
}

/// Our kind of this name, or of the name that it is an alias of.
fn own_kind(family: Family, name: &str) -> Option<&'static Signature> {
    find(family, name).or_else(|| match aliases::kind(family, name)? {
        aliases::Meaning::Same(ours) => find(family, ours),
        _ => None,
    })
}

/// Our name of a parameter, aliases resolved.
fn own_name<'a>(kind: Option<&Signature>, key: &'a str) -> &'a str {
    kind.and_then(|kind| aliases::parameter(kind, key)).unwrap_or(key)
}

/// Replaces the setting of a block that `key` means, or adds it.
fn set_setting(
    block: &mut Block,
    kind: Option<&'static Signature>,
    key: Name,
    value: Value,
    out: &mut Vec<Diagnostic>,
) {
    let ours = own_name(kind, &key.text).to_owned();
    let mut settings = block.items.iter_mut().filter_map(|i| if let Item::Setting(s) = i { Some(s) } else { None });
    if let Some(setting) = settings.find(|s| own_name(kind, &s.key.text) == ours) {
        setting.value = value;
        note(&key, &ours, out);
    } else {
        block.items.insert(0, Item::Setting(setting(key, value)));
    }
}

/// The note on an alias, where `key` is one.
fn note(key: &Name, ours: &str, out: &mut Vec<Diagnostic>) {
    if key.text != ours {
        out.push(alias_note(key, ours));
    }
}

fn labelled<'a>(items: &'a mut [Item], label: &str) -> Option<&'a mut Statement> {
    items.iter_mut().find_map(|item| match item {
        Item::Statement(statement) if statement.label.as_ref().is_some_and(|l| l.text == label) => Some(statement),
        Item::Block(block) => labelled(&mut block.items, label),
        _ => None,
    })
}

/// The labels of all statements.
fn labels(items: &[Item]) -> Vec<&str> {
    items
        .iter()
        .flat_map(|item| match item {
            Item::Statement(statement) => statement.label.iter().map(|l| l.text.as_str()).collect(),
            Item::Block(block) => labels(&block.items),
            _ => Vec::new(),
        })
        .collect()
}

/// Replaces an option, or the positional value that stands for it, or adds it.
fn set_option(statement: &mut Statement, key: Name, value: Value, out: &mut Vec<Diagnostic>) {
    let kind = own_kind(Family::Layer, &statement.kind.text);
    let ours = own_name(kind, &key.text).to_owned();
    if let Some(option) = statement.options.iter_mut().find(|o| own_name(kind, &o.key.text) == ours) {
        option.value = value;
        return note(&key, &ours, out);
    }
    let positional = kind.and_then(|kind| kind.parameters.iter().filter(|p| p.positional).position(|p| p.name == ours));
    if let Some(place) = positional.and_then(|i| statement.values.get_mut(i)) {
        *place = value;
        note(&key, &ours, out);
    } else {
        statement.options.push(setting(key, value));
    }
}

fn setting(key: Name, value: Value) -> Setting {
    let span = key.span.to(value.span);
    Setting { key, value, span }
}

/// Changes each span of a value.
fn each_span(value: &mut Value, change: &impl Fn(&mut Span)) {
    change(&mut value.span);
    match &mut value.kind {
        ValueKind::Call(call) => {
            change(&mut call.name.span);
            for Argument { key, value, span } in &mut call.arguments {
                change(span);
                if let Some(key) = key {
                    change(&mut key.span);
                }
                each_span(value, change);
            }
        }
        ValueKind::List(items) | ValueKind::Shape(items) => items.iter_mut().for_each(|v| each_span(v, change)),
        ValueKind::Arithmetic(arithmetic) => each_span_within(arithmetic, change),
        ValueKind::Number(_)
        | ValueKind::Percent(_)
        | ValueKind::Text(_)
        | ValueKind::Name(_)
        | ValueKind::Bool(_)
        | ValueKind::Invalid => {}
    }
}

fn each_span_within(arithmetic: &mut Arithmetic, change: &impl Fn(&mut Span)) {
    match arithmetic {
        Arithmetic::Leaf(value) => each_span(value, change),
        Arithmetic::Negate(inner) => each_span_within(inner, change),
        Arithmetic::Binary { operator_span, left, right, .. } => {
            change(operator_span);
            each_span_within(left, change);
            each_span_within(right, change);
        }
    }
}
