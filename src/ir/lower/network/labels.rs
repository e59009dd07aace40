//! Labels: which output each stands for, where it can be seen, and what nothing takes.
//!
//! A label is seen by what stands behind it, in its own block and the blocks inside that. In each turn of a `repeat` it
//! stands for that turn's layer, whose name is `LABEL` in the first turn, `LABEL_2` in the second.

use super::{Lost, Lowering, Output, Taken};
use crate::catalog::layers;
use crate::diagnostic::{Diagnostic, codes, suggest};
use crate::ir::network::NodeId;
use crate::source::Span;
use crate::syntax::tree::{Item, Name, Setting, Statement, Value, ValueKind};
use std::collections::HashMap;

/// The option of every layer that says which output it takes.
pub(super) const FROM: &str = "from";

/// The labels of a network.
#[derive(Debug)]
pub(super) struct Labels {
    /// What can be seen, the innermost block last.
    scopes: Vec<HashMap<String, Output>>,
    /// What could be seen in blocks that have ended, and the block's keyword.
    ended: HashMap<String, String>,
    /// Every label that is written, with its place.
    written: Vec<(String, Span)>,
    /// The names of the nodes so far, and where each was given.
    names: HashMap<String, Span>,
    /// How often a written label has become a node.
    turns: HashMap<Span, usize>,
}

impl Labels {
    pub(super) fn new(items: &[Item]) -> Self {
        let mut written = Vec::new();
        collect(items, &mut written);
        Self {
            scopes: vec![HashMap::new()],
            ended: HashMap::new(),
            written,
            names: HashMap::new(),
            turns: HashMap::new(),
        }
    }

    /// A block begins.
    pub(super) fn enter(&mut self) {
        self.scopes.push(HashMap::new());
    }

    /// The block with this keyword ends.
    pub(super) fn leave(&mut self, keyword: &str) {
        let ended = self.scopes.pop().unwrap_or_default();
        self.ended.extend(ended.into_keys().map(|label| (label, keyword.to_owned())));
    }

    /// From here on `label` stands for this.
    pub(super) fn define(&mut self, label: &str, output: Output) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(label.to_owned(), output);
        }
    }

    /// The name of the node that a label becomes this time.
    pub(super) fn turn(&mut self, label: &Name) -> String {
        let turn = self.turns.entry(label.span).or_insert(0);
        *turn += 1;
        if *turn == 1 { label.text.clone() } else { format!("{}_{turn}", label.text) }
    }

    /// Gives a node its name; a report where another has it.
    pub(super) fn take(&mut self, name: &str, span: Span) -> Option<Diagnostic> {
        if name == layers::input() {
            let message = format!("`{name}` is what the data gives");
            let report = Diagnostic::error(codes::DUPLICATE, message).at(span, "names a layer");
            return Some(report.help("give the layer another label"));
        }
        let earlier = self.names.insert(name.to_owned(), span).filter(|earlier| *earlier != span)?;
        let report = Diagnostic::error(codes::DUPLICATE, format!("two layers are called `{name}`"));
        Some(report.at(span, "again here").and(earlier, "first here").help("give each a label of its own"))
    }

    /// What a label stands for.
    fn find(&self, label: &str) -> Option<Output> {
        self.scopes.iter().rev().find_map(|scope| scope.get(label)).copied()
    }

    /// The report on a label that stands for nothing where it is named.
    fn unknown(&self, label: &Name) -> Diagnostic {
        let Name { text, span } = label;
        let report = Diagnostic::error(codes::UNKNOWN, format!("no earlier layer is called `{text}`"));
        let written = self.written.iter().find(|(written, _)| written == text);
        if let Some(block) = self.ended.get(text) {
            return report
                .at(*span, format!("inside `{block}`, and not seen from outside"))
                .and_if(written.map(|(_, place)| *place), "labelled here")
                .help(format!("take what the `{block}` gives: it is what the layer behind its braces takes"));
        }
        match written {
            Some((_, place)) if place.start > span.start => report
                .at(*span, "comes later")
                .and(*place, "labelled here")
                .help("move that line up: a layer takes what stands above it, so there are no cycles"),
            Some((_, place)) => report
                .at(*span, "still unfinished here")
                .and(*place, "labelled here")
                .help("a layer takes what stands above it, never its own output"),
            None => {
                let mut report = report.at(*span, "not a label above");
                let mut seen: Vec<&str> = self.scopes.iter().flat_map(HashMap::keys).map(String::as_str).collect();
                seen.push(layers::input());
                seen.sort_unstable();
                if !suggest::offer(&mut report, (text, *span), seen.iter().copied(), false, str::to_owned) {
                    let seen: Vec<String> = seen.iter().map(|label| format!("`{label}`")).collect();
                    report = report.help(format!("there are {}", seen.join(", ")));
                }
                report
            }
        }
    }
}

/// Every label in some items and the blocks among them.
fn collect(items: &[Item], written: &mut Vec<(String, Span)>) {
    let mut add = |label: &Option<Name>| written.extend(label.iter().map(|name| (name.text.clone(), name.span)));
    for item in items {
        match item {
            Item::Statement(statement) => add(&statement.label),
            Item::Block(block) => add(&block.label),
            Item::Setting(_) | Item::Let(_) | Item::Table(_) | Item::Broken(_) => {}
        }
    }
    for item in items {
        if let Item::Block(block) = item {
            collect(&block.items, written);
        }
    }
}

impl Lowering<'_> {
    /// What a statement's `from` names: nothing where it has none; an output that is not known where it is wrong.
    pub(super) fn from(&mut self, statement: &Statement) -> Option<Taken> {
        let mut all = statement.options.iter().filter(|option| option.key.text == FROM);
        let from = all.next()?;
        if let Some(again) = all.next() {
            self.mentioned(&again.value);
            self.out.push(
                Diagnostic::error(codes::DUPLICATE, format!("`{FROM}` is given twice"))
                    .at(again.key.span, "given again")
                    .and(from.key.span, "first given here")
                    .help(format!("a layer takes one output; {} joins several", layers::joins())),
            );
        }
        let Setting { value, .. } = from;
        let span = value.span;
        let output = if let ValueKind::Name(text) = &value.kind {
            self.resolve(&Name { text: text.clone(), span })
        } else {
            let what = value.kind.describe();
            let report = Diagnostic::error(codes::DOMAIN, format!("`{FROM}` takes a label, not {what}"));
            let report = report.at(span, what).help("write the label of an earlier layer, or `input`");
            self.out.extend((value.kind != ValueKind::Invalid).then_some(report));
            None
        };
        Some((output.unwrap_or(self.current.lost()), Some(span)))
    }

    /// The output that a label stands for; reported where it stands for none.
    pub(super) fn resolve(&mut self, label: &Name) -> Option<Output> {
        let input = || (label.text == layers::input()).then(|| self.data());
        let Some(output) = self.labels.find(&label.text).or_else(input) else {
            self.out.push(self.labels.unknown(label));
            self.lost = self.lost.max(Lost::Label);
            return None;
        };
        self.is_used[output.node.0] = true;
        Some(output)
    }

    /// Takes note that a faulty line names a label: somebody meant to take it.
    pub(super) fn mentioned(&mut self, value: &Value) {
        if let ValueKind::Name(text) = &value.kind
            && let Some(output) = self.labels.find(text)
        {
            self.is_used[output.node.0] = true;
        }
    }

    /// What the data gives.
    fn data(&self) -> Output {
        Output { node: NodeId(0), known: self.facts.is_some_and(|f| f.input.size() == self.nodes[0].shape.size()) }
    }

    /// Reports each node whose output nothing takes, the network's own output aside.
    pub(super) fn unused(&mut self) {
        // A line that could not be read, or a name that stands for nothing, may be the one that takes it.
        if self.lost != Lost::Nothing || self.overfull {
            return;
        }
        let mut reported: Vec<Span> = Vec::new();
        for (id, node) in self.nodes.iter().enumerate().skip(1) {
            if self.is_used[id] || NodeId(id) == self.current.node || reported.contains(&node.span) {
                continue;
            }
            reported.push(node.span);
            let report = Diagnostic::error(codes::UNUSED, format!("nothing takes what `{}` gives", node.label))
                .at(node.span, "used nowhere")
                .help(format!("name it after {}, or behind `{FROM}=`; or leave the line out", layers::joins()));
            self.out.push(report);
        }
    }
}
