//! Groups of nodes folded to one node each: the turns of a repeat, a branch with its sum.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Edge, Graph, Node};

/// Nodes that follow each other and are one thing to a reader.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// Their places in [`Graph::nodes`].
    pub nodes: Range<usize>,
    /// What they are called together, such as `dense1 … dense3`.
    pub label: String,
    /// What they are together, such as `3 × dense 32 gelu`.
    pub kind: String,
}

impl Graph {
    /// The graph with each group as one node: what comes out of it is what comes out of its last node, and it holds the
    /// parameters of all. Groups that overlap one before, or go beyond the nodes, are left as they are.
    pub(super) fn folded(&self) -> Self {
        let mut nodes: Vec<Node> = Vec::new();
        // Where each node has gone.
        let mut place = Vec::with_capacity(self.nodes.len());
        // Which of the new nodes are groups.
        let mut whole = BTreeSet::new();
        let mut groups = self.groups.iter().peekable();
        let mut next = 0;
        while next < self.nodes.len() {
            while groups
                .next_if(|g| g.nodes.start < next || g.nodes.len() < 2 || g.nodes.end > self.nodes.len())
                .is_some()
            {}
            let group = groups.next_if(|g| g.nodes.start == next);
            let end = group.map_or(next + 1, |g| g.nodes.end);
            nodes.push(match group {
                Some(group) => one(group, &self.nodes[group.nodes.clone()]),
                None => self.nodes[next].clone(),
            });
            if group.is_some() {
                whole.insert(nodes.len() - 1);
            }
            place.resize(end, nodes.len() - 1);
            next = end;
        }
        let outside = |e: &&Edge| place[e.from] != place[e.to];
        let moved = |e: &Edge| Edge { from: place[e.from], to: place[e.to], wiring: e.wiring.clone() };
        let mut edges: Vec<Edge> = self.edges().filter(outside).map(moved).collect();
        // A branch and its skip both enter a folded block: one line is enough.
        let mut seen = BTreeSet::new();
        edges.retain(|e| {
            let is_new = seen.insert((e.from, e.to));
            is_new || !(whole.contains(&e.from) || whole.contains(&e.to))
        });
        Self { title: self.title.clone(), nodes, edges, groups: Vec::new() }
    }
}

fn one(group: &Group, nodes: &[Node]) -> Node {
    let last = nodes.last().cloned().unwrap_or_default();
    let parameters = nodes.iter().fold(0u64, |sum, n| sum.saturating_add(n.parameters));
    Node { label: group.label.clone(), kind: group.kind.clone(), parameters, ..last }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::network::Wiring;

    fn graph(count: usize, skips: &[(usize, usize)], groups: &[(Range<usize>, &str)]) -> Graph {
        let node = |n: usize| Node { label: format!("n{n}"), width: n, parameters: 10, ..Node::default() };
        let chain = (1..count).map(|to| Edge { from: to - 1, to, wiring: Wiring::Dense(None) });
        let skips = skips.iter().map(|&(from, to)| Edge { from, to, wiring: Wiring::Skip });
        let group = |(nodes, label): &(Range<usize>, &str)| Group {
            nodes: nodes.clone(),
            label: (*label).into(),
            kind: String::new(),
        };
        Graph {
            title: String::new(),
            nodes: (0..count).map(node).collect(),
            edges: chain.chain(skips).collect(),
            groups: groups.iter().map(group).collect(),
        }
    }

    /// Label, width and parameters of each node, then the edges.
    fn shape(graph: &Graph) -> String {
        let nodes: Vec<_> = graph.nodes.iter().map(|n| (n.label.as_str(), n.width, n.parameters)).collect();
        let edges: Vec<_> = graph.edges.iter().map(|e| (e.from, e.to)).collect();
        format!("{nodes:?} {edges:?}")
    }

    #[test]
    fn a_group_becomes_one_node_with_all_parameters() {
        let folded = graph(6, &[(1, 4)], &[(2..5, "block")]).folded();
        let nodes = [("n0", 0, 10), ("n1", 1, 10), ("block", 4, 30), ("n5", 5, 10)];
        assert_eq!(shape(&folded), format!("{nodes:?} {:?}", [(0, 1), (1, 2), (2, 3)]));
    }

    #[test]
    fn groups_that_make_no_sense_are_left() {
        let whole = graph(4, &[], &[]);
        #[allow(clippy::reversed_empty_ranges, reason = "nonsense on purpose")]
        let nonsense = graph(4, &[], &[(1..1, "empty"), (1..2, "one"), (3..9, "beyond"), (3..2, "turned")]);
        assert_eq!(shape(&nonsense.folded()), shape(&whole));
        let overlap = graph(6, &[], &[(1..4, "a"), (2..5, "b")]).folded();
        assert_eq!(overlap.nodes.iter().map(|n| n.label.as_str()).collect::<Vec<_>>(), ["n0", "a", "n4", "n5"]);
    }
}
