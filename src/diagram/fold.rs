//! What of a network is one thing to a reader: the turns of a `repeat`, a `residual` block with its sum.

use crate::ir::network::Network;
use crate::picture::Group;
use crate::source::Span;
use std::ops::Range;

/// More layers than this are not listed one by one.
const MOST_LISTED: usize = 3;

/// One layer, or several that are shown as one.
#[derive(Clone, Debug)]
struct Part {
    nodes: Range<usize>,
    /// Where its layers were written: the turns of a `repeat` are written once.
    written: Vec<Span>,
    label: String,
    kind: String,
}

/// The groups of a network, in order: its blocks and repeats, the outermost of those inside each other.
pub(super) fn groups(network: &Network) -> Vec<Group> {
    let mut parts: Vec<Part> = Vec::new();
    for (id, node) in network.nodes.iter().enumerate().skip(1) {
        let own =
            Part { nodes: id..id + 1, written: vec![node.span], label: node.label.clone(), kind: node.describe() };
        // A sum takes the end of its branch and what the branch began from.
        let from = node.inputs.iter().map(|i| i.0).min().filter(|from| node.closes_block() && from + 1 < id);
        let Some(from) = from else {
            parts.push(own);
            continue;
        };
        let inner = parts.iter().position(|p| p.nodes.start > from).unwrap_or(parts.len());
        let branch = turns(parts.split_off(inner));
        let whole = branch.first().map_or(id, |p| p.nodes.start);
        let written = branch.iter().flat_map(|p| p.written.clone()).chain(own.written).collect();
        let kind = format!("{} {}", own.kind, several(&branch));
        parts.push(Part { nodes: whole..id + 1, written, label: own.label, kind });
    }
    let folded = turns(parts).into_iter().filter(|p| p.nodes.len() > 1);
    folded.map(|p| Group { nodes: p.nodes, label: p.label, kind: p.kind }).collect()
}

/// Puts the turns of each repeat together; repeats of repeats too.
fn turns(mut parts: Vec<Part>) -> Vec<Part> {
    loop {
        let before = parts.len();
        parts = once(&parts);
        if parts.len() == before {
            return parts;
        }
    }
}

fn once(parts: &[Part]) -> Vec<Part> {
    let mut folded = Vec::new();
    let mut rest = parts;
    while let Some(first) = rest.first() {
        let same = |a: &[Part], b: &[Part]| a.iter().map(|p| &p.written).eq(b.iter().map(|p| &p.written));
        let length = (1..=rest.len() / 2).find(|&n| same(&rest[..n], &rest[n..2 * n]));
        let Some(length) = length else {
            folded.push(first.clone());
            rest = &rest[1..];
            continue;
        };
        let count = rest.chunks_exact(length).take_while(|turn| same(&rest[..length], turn)).count();
        let (all, after) = rest.split_at(count * length);
        folded.push(repeated(all, length, count));
        rest = after;
    }
    folded
}

fn repeated(all: &[Part], length: usize, count: usize) -> Part {
    let (first, last) = (&all[0], &all[all.len() - 1]);
    let turn = if length == 1 { first.kind.clone() } else { several(&all[..length]) };
    Part {
        nodes: first.nodes.start..last.nodes.end,
        // As one turn was written: turns of an outer repeat are alike again.
        written: all[..length].iter().flat_map(|p| p.written.clone()).collect(),
        label: format!("{} … {}", first.label, last.label),
        kind: format!("{count} × {turn}"),
    }
}

/// `(dense 16 relu → dropout)`, or how many they are.
fn several(parts: &[Part]) -> String {
    if parts.len() > MOST_LISTED {
        return format!("({} layers)", parts.iter().map(|p| p.nodes.len()).sum::<usize>());
    }
    format!("({})", parts.iter().map(|p| p.kind.as_str()).collect::<Vec<_>>().join(" → "))
}
