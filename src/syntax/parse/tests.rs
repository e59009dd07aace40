//! Forms, faults and habits, each by what the tree or the report says of them; then properties over edited programs.

use super::*;
use crate::source::Span;
use crate::syntax::tree::{Arithmetic, Block, Item, Setting, Statement, Table, ValueKind};

mod faults;
mod forms;
mod properties;

/// The two programs of the language's description.
const PROGRAMS: [&str; 2] = [
    r#"# iris.nn: which iris is it?

data "iris.csv" {
  target     = species        # text column: its distinct values are the classes
  scale      = standard       # statistics from the training rows only
  validation = 15%
  test       = 15%
}

network {
  init = glorot_uniform

  dense 16 tanh
  dense classes softmax init=uniform(-0.1, 0.1)
}

train {
  loss          = cross_entropy
  optimizer     = adam
  learning_rate = 0.01
  epochs        = 100
  batch         = 16
  seed          = 7
}
"#,
    r"data {
  target = y
  table {
    a  b  y
    0  0  0
    0  1  1
    1  0  1
    1  1  0
  }
}

network {
  init = uniform(-1, 1)
  hidden: dense 2 tanh
  out:    dense 1 sigmoid
}

train {
  loss          = mse
  optimizer     = sgd
  learning_rate = 0.5
  epochs        = 5000
  batch         = all
  seed          = 3
}
",
];

fn read(text: &str) -> (File, Vec<Diagnostic>) {
    parse_with(&Source::new("a.nn", text), crate::catalog::aliases::class)
}

/// The tree of a text without faults.
fn sound(text: &str) -> File {
    let (file, reports) = read(text);
    assert_eq!(reports, [], "{text}");
    file
}

fn marked<'a>(text: &'a str, report: &Diagnostic) -> &'a str {
    report.primary.as_ref().map_or("", |label| &text[label.span.range()])
}

/// Messages and marked texts.
fn said(text: &str) -> Vec<(String, String)> {
    read(text).1.iter().map(|report| (report.message.clone(), marked(text, report).to_owned())).collect()
}

/// The text with all fixes of all reports applied.
fn fixed(text: &str) -> String {
    let mut edits: Vec<_> = read(text).1.into_iter().flat_map(|r| r.fixes).flat_map(|f| f.edits).collect();
    edits.sort_by_key(|edit| edit.span);
    let mut text = text.to_owned();
    for edit in edits.iter().rev() {
        text.replace_range(edit.span.range(), &edit.text);
    }
    text
}

fn settings(items: &[Item]) -> Vec<&Setting> {
    items.iter().filter_map(|item| if let Item::Setting(setting) = item { Some(setting) } else { None }).collect()
}

fn statements(items: &[Item]) -> Vec<&Statement> {
    items.iter().filter_map(|item| if let Item::Statement(statement) = item { Some(statement) } else { None }).collect()
}

fn blocks(items: &[Item]) -> Vec<&Block> {
    items.iter().filter_map(|item| if let Item::Block(block) = item { Some(block) } else { None }).collect()
}

fn tables(items: &[Item]) -> Vec<&Table> {
    items.iter().filter_map(|item| if let Item::Table(table) = item { Some(table) } else { None }).collect()
}

/// The value of `a = …`.
fn value(text: &str) -> ValueKind {
    let file = sound(&format!("a = {text}"));
    let [Item::Setting(setting)] = &file.items[..] else { panic!("{text}: {:?}", file.items) };
    setting.value.kind.clone()
}

/// Where everything in the tree stands.
fn spans(file: &File) -> Vec<Span> {
    let mut spans = file.comments.clone();
    // The derived form prints each span as `start..end`, whatever holds it.
    let tree = format!("{:?}", file.items);
    for (at, _) in tree.match_indices("..") {
        let before = tree[..at].rfind(|c: char| !c.is_ascii_digit()).map_or(0, |i| i + 1);
        let after = tree[at + 2..].find(|c: char| !c.is_ascii_digit()).map_or(tree.len(), |i| at + 2 + i);
        if let (Ok(start), Ok(end)) = (tree[before..at].parse(), tree[at + 2..after].parse()) {
            spans.push(Span::new(start, end));
        }
    }
    spans
}
