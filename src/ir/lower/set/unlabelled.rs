//! Layers without a label, by the names that `show` prints: a kind and its count (`dense1`), counted as lowering does.

use crate::catalog::bind::{Written, bind};
use crate::catalog::scope::Scope;
use crate::catalog::{Family, Signature, aliases, layers};
use crate::syntax::tree::{Block, File, Item, Statement};
use std::collections::HashMap;

/// No network has more layers: counting stops there.
const MOST_LAYERS: usize = 4096;

/// The statement of the layer that is called `name`, where there is one.
///
/// # Errors
/// A sentence for the user, where the name is that of one turn of a `repeat`: all turns are one statement.
pub(super) fn find<'f>(file: &'f mut File, name: &str) -> Result<Option<&'f mut Statement>, String> {
    let mut scope = Scope::default();
    for item in &file.items {
        if let Item::Let(binding) = item {
            scope.bind(binding, &mut Vec::new());
        }
    }
    let network = |item: &Item| matches!(item, Item::Block(block) if block.keyword.text == "network");
    let Some(place) = file.items.iter().position(network) else { return Ok(None) };
    let Item::Block(block) = &mut file.items[place] else { return Ok(None) };
    let mut count = Count { sought: name, scope, kinds: HashMap::new(), layers: 0, turns: 1, found: None };
    count.items(&block.items, &mut Vec::new());
    match count.found {
        None => Ok(None),
        Some((_, turns)) if turns > 1 => Err(format!(
            "`{name}` is one of {turns} turns of a `repeat`, which are one line of the file: give that line a label, and the label stands for all of them"
        )),
        Some((path, _)) => Ok(descend(&mut block.items, &path)),
    }
}

fn descend<'i>(items: &'i mut [Item], path: &[usize]) -> Option<&'i mut Statement> {
    let (first, rest) = path.split_first()?;
    match items.get_mut(*first)? {
        Item::Statement(statement) => Some(statement),
        Item::Block(block) => descend(&mut block.items, rest),
        Item::Let(_) | Item::Setting(_) | Item::Table(_) | Item::Broken(_) => None,
    }
}

/// Layers counted so far.
struct Count<'a> {
    sought: &'a str,
    scope: Scope,
    kinds: HashMap<&'static str, usize>,
    layers: usize,
    /// Turns of the repeats around the layer in hand.
    turns: u64,
    /// Where the sought layer stands: its place in each block from the outermost in; and in how many turns.
    found: Option<(Vec<usize>, u64)>,
}

impl Count<'_> {
    fn items(&mut self, items: &[Item], path: &mut Vec<usize>) {
        for (at, item) in items.iter().enumerate() {
            if self.found.is_some() || self.layers > MOST_LAYERS {
                return;
            }
            path.push(at);
            match item {
                Item::Statement(statement) => self.statement(statement, path),
                Item::Block(block) => self.block(block, path),
                Item::Let(_) | Item::Setting(_) | Item::Table(_) | Item::Broken(_) => {}
            }
            path.pop();
        }
    }

    fn statement(&mut self, statement: &Statement, path: &[usize]) {
        let Some(kind) = kind(&statement.kind.text) else { return };
        // The first `input` states the data's shape, and is no layer.
        if kind.name == "input" && self.layers == 0 {
            return;
        }
        let name = self.count(kind.name);
        if statement.label.is_none() && name == self.sought {
            self.found = Some((path.to_vec(), self.turns));
        }
    }

    fn count(&mut self, kind: &'static str) -> String {
        self.layers += 1;
        let count = self.kinds.entry(kind).or_insert(0);
        *count += 1;
        format!("{kind}{count}")
    }

    fn block(&mut self, block: &Block, path: &mut Vec<usize>) {
        let Some(kind) = kind(&block.keyword.text) else { return };
        if kind.name != "repeat" {
            self.items(&block.items, path);
            self.count(kind.name);
            return;
        }
        let written = Written { at: block.keyword.span, positional: block.values.iter().collect(), named: vec![] };
        let arguments = bind(kind, &written, &self.scope, &mut Vec::new());
        let Some(times) = arguments.count(layers::TIMES) else { return };
        let outer = self.turns;
        self.turns = outer.saturating_mul(times.value);
        for _ in 0..times.value {
            let before = self.layers;
            self.items(&block.items, path);
            if self.layers == before || self.found.is_some() || self.layers > MOST_LAYERS {
                break;
            }
        }
        self.turns = outer;
    }
}

/// The layer, or the activation as a layer of its own, of this name or alias.
fn kind(name: &str) -> Option<&'static Signature> {
    let of = |family: Family| {
        let found = crate::catalog::find(family, name);
        found.or_else(|| match aliases::kind(family, name)? {
            aliases::Meaning::Same(ours) => crate::catalog::find(family, ours),
            aliases::Meaning::Ambiguous(_) | aliases::Meaning::Hint(_) => None,
        })
    };
    of(Family::Layer).or_else(|| of(Family::Activation))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Source;

    fn found(network: &str, name: &str) -> Result<Option<String>, String> {
        let source = Source::new("t.nn", format!("let depth = 2\nnetwork {{\n{network}\n}}\n"));
        let (mut file, faults) = crate::syntax::parse(&source);
        assert!(faults.is_empty(), "{faults:?}");
        let text = |s: &mut Statement| source.text()[s.span.start as usize..s.span.end as usize].trim().to_owned();
        find(&mut file, name).map(|statement| statement.map(text))
    }

    #[test]
    fn layers_are_counted_by_their_kind() {
        let network = "input 4\ndense 8 relu\nout: dense 4\nrelu\nresidual { dense 4 tanh\nrelu }\ndense 3";
        for (name, line) in [
            ("dense1", Some("dense 8 relu")),
            // The second has a label, which is its name.
            ("dense2", None),
            ("relu1", Some("relu")),
            ("dense3", Some("dense 4 tanh")),
            ("dense4", Some("dense 3")),
            ("dense5", None),
            ("residual1", None),
            ("input1", None),
        ] {
            assert_eq!(found(network, name), Ok(line.map(str::to_owned)), "{name}");
        }
    }

    #[test]
    fn turns_are_counted_and_not_told_apart() {
        let network =
            "repeat depth { dense 8 relu }\nrepeat 1 { dense 7 }\nrepeat (1 + depth) { dropout 0.1 }\ndense 3";
        assert_eq!(found(network, "dense3"), Ok(Some("dense 7".to_owned())));
        assert_eq!(found(network, "dense4"), Ok(Some("dense 3".to_owned())));
        let refused = found(network, "dense2").expect_err("a turn");
        assert!(refused.contains("one of 2 turns of a `repeat`"), "{refused}");
        assert!(found(network, "dropout3").is_err());
        assert_eq!(found("repeat 100000 { repeat 100000 { dense 1 } }", "dense9999999"), Ok(None));
    }
}
