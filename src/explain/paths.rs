//! Paths from a weight to the loss: how many there are, what they sum to, and the largest of them. Counts and sums come
//! from one sweep backward over the units; the largest are searched best first, the sweep's greatest products being
//! exact bounds on what a path begun can still become. Neither enumerates what is not asked for.

use super::jacobian::{self, Jacobian};
use super::pass::Pass;
use super::stages::{StageKind, Stages};
use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap};

/// The units behind a weight, and how each stage moves with the ones before it.
pub(super) struct Graph<'m> {
    widths: Vec<usize>,
    /// For each stage, the later stages that take its units.
    links: Vec<Vec<(usize, Jacobian<'m>)>>,
    /// The first stage that the weight moves.
    first: usize,
    /// ∂L/∂(units of the last stage).
    ends: Vec<f64>,
}

impl<'m> Graph<'m> {
    /// The part of the network from `node` on.
    ///
    /// # Errors
    /// A sentence, where two layers' coupling would be too large to write out.
    pub(super) fn new(pass: &Pass<'m, '_>, stages: &Stages<'_>, node: usize, ends: Vec<f64>) -> Result<Self, String> {
        let nodes = &pass.machine.network().nodes;
        let mut links: Vec<Vec<(usize, Jacobian<'m>)>> = stages.all.iter().map(|_| Vec::new()).collect();
        for (later, own_node) in nodes.iter().enumerate().skip(node) {
            let own = stages.of_node[later].clone();
            // The weight's own node is entered past its inputs.
            if later > node && own_node.inputs.iter().any(|i| i.0 >= node) {
                for (input, jacobian) in own_node.inputs.iter().zip(jacobian::of_layer(pass, later)?) {
                    if input.0 >= node {
                        links[stages.of_node[input.0].end - 1].push((own.start, jacobian));
                    }
                }
            }
            if own.len() == 2
                && let (Some(z), Some(activation)) = (pass.sums(later), own_node.activation())
            {
                let jacobian = jacobian::of_activation(&own_node.label, activation, z, pass.values(later))?;
                links[own.start].push((own.start + 1, jacobian));
            }
        }
        let widths = stages.all.iter().map(|s| s.width).collect();
        Ok(Self { widths, links, first: stages.of_node[node].start, ends })
    }

    fn last(&self) -> usize {
        self.widths.len() - 1
    }

    /// Every unit downstream of `starts`, by stage: whether the weight can move it.
    pub(super) fn moved(&self, starts: &[(usize, f64)]) -> Vec<Vec<bool>> {
        let mut moved: Vec<Vec<bool>> = self.widths.iter().map(|&w| vec![false; w]).collect();
        for &(unit, factor) in starts {
            moved[self.first][unit] = factor != 0.0;
        }
        for stage in self.first..self.widths.len() {
            let from: Vec<usize> = (0..self.widths[stage]).filter(|&u| moved[stage][u]).collect();
            for (to, jacobian) in &self.links[stage] {
                for &unit in &from {
                    for (i, _) in jacobian.column(unit, self.widths[*to]) {
                        moved[*to][i] = true;
                    }
                }
            }
        }
        moved
    }
}

/// What the paths from each unit to the loss come to.
pub(super) struct Reach {
    /// The sum of their products: ∂L/∂unit.
    sum: Vec<Vec<f64>>,
    /// How many there are; stays at the largest number there is.
    count: Vec<Vec<u128>>,
    /// The greatest of their products, by magnitude.
    most: Vec<Vec<f64>>,
}

impl Reach {
    /// Sweeps from the loss back to the weight's stage.
    pub(super) fn new(graph: &Graph<'_>) -> Self {
        let mut reach = Self { sum: Vec::new(), count: Vec::new(), most: Vec::new() };
        for &width in &graph.widths {
            reach.sum.push(vec![0.0; width]);
            reach.count.push(vec![0; width]);
            reach.most.push(vec![0.0; width]);
        }
        let last = graph.last();
        for (unit, &end) in graph.ends.iter().enumerate() {
            (reach.sum[last][unit], reach.count[last][unit], reach.most[last][unit]) = (end, 1, end.abs());
        }
        for stage in (graph.first..last).rev() {
            for unit in 0..graph.widths[stage] {
                reach.gather(graph, stage, unit);
            }
        }
        reach
    }

    fn gather(&mut self, graph: &Graph<'_>, stage: usize, unit: usize) {
        let (mut sum, mut count, mut most) = (0.0, 0u128, 0.0f64);
        for (to, jacobian) in &graph.links[stage] {
            for (i, factor) in jacobian.column(unit, graph.widths[*to]) {
                sum += factor * self.sum[*to][i];
                count = count.saturating_add(self.count[*to][i]);
                most = most.max(factor.abs() * self.most[*to][i]);
            }
        }
        (self.sum[stage][unit], self.count[stage][unit], self.most[stage][unit]) = (sum, count, most);
    }

    /// The sum over all paths that begin with one of `starts`.
    pub(super) fn sum(&self, graph: &Graph<'_>, starts: &[(usize, f64)]) -> f64 {
        starts.iter().map(|&(unit, factor)| factor * self.sum[graph.first][unit]).sum()
    }

    /// How many there are.
    pub(super) fn count(&self, graph: &Graph<'_>, starts: &[(usize, f64)]) -> u128 {
        starts.iter().fold(0, |n, &(unit, _)| n.saturating_add(self.count[graph.first][unit]))
    }
}

/// One path.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    /// The product of all its factors.
    pub(super) product: f64,
    /// The units it goes through, each with the factor that leads to it: (stage, unit, factor).
    pub(super) steps: Vec<(usize, usize, f64)>,
    /// Its last factor: ∂L/∂(its last unit).
    pub(super) end: f64,
}

/// One way on from a unit.
struct Way {
    /// `None` for the loss.
    to: Option<(usize, usize)>,
    factor: f64,
    /// The greatest magnitude that the rest of a path this way comes to, this factor included.
    most: f64,
}

/// A path begun: what it came to, and which way on it takes, of the ways in falling order.
struct Begun {
    bound: f64,
    order: usize,
    product: f64,
    parent: Option<usize>,
    ways: usize,
    rank: usize,
}

impl Ord for Begun {
    fn cmp(&self, other: &Self) -> Ordering {
        self.bound.total_cmp(&other.bound).then(other.order.cmp(&self.order))
    }
}
impl PartialOrd for Begun {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl PartialEq for Begun {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}
impl Eq for Begun {}

/// A step taken: the step before it, and (stage, unit, factor).
type Taken = (Option<usize>, (usize, usize, f64));

/// A search for the largest paths.
struct Search<'g, 'm> {
    graph: &'g Graph<'m>,
    reach: &'g Reach,
    /// The ways on from a unit, in falling order, once they were asked for.
    ways: Vec<Vec<Way>>,
    known: HashMap<(usize, usize), usize>,
    begun: BinaryHeap<Begun>,
    taken: Vec<Taken>,
    order: usize,
}

/// The `top` largest paths by magnitude among those that begin with one of `starts`, largest first, of those whose
/// magnitude is at least `least`; all products are multiplied by `share`.
pub(super) fn largest(
    graph: &Graph<'_>,
    reach: &Reach,
    starts: &[(usize, f64)],
    share: f64,
    top: usize,
    least: f64,
) -> Vec<Found> {
    let first = graph.first;
    let entry = starts.iter().map(|&(unit, factor)| Way {
        to: Some((first, unit)),
        factor,
        most: factor.abs() * reach.most[first][unit],
    });
    let mut search = Search {
        graph,
        reach,
        ways: vec![falling(entry.filter(|w| w.to.is_some_and(|(s, u)| reach.count[s][u] > 0)).collect())],
        known: HashMap::new(),
        begun: BinaryHeap::new(),
        taken: Vec::new(),
        order: 0,
    };
    search.begin(share, None, 0, 0);
    let mut found = Vec::new();
    while found.len() < top
        && let Some(begun) = search.begun.pop()
        && begun.bound >= least
    {
        found.extend(search.advance(&begun));
    }
    found
}

fn falling(mut ways: Vec<Way>) -> Vec<Way> {
    ways.sort_by(|a, b| b.most.total_cmp(&a.most));
    ways
}

impl Search<'_, '_> {
    fn begin(&mut self, product: f64, parent: Option<usize>, ways: usize, rank: usize) {
        if let Some(way) = self.ways[ways].get(rank) {
            self.order += 1;
            self.begun.push(Begun { bound: product.abs() * way.most, order: self.order, product, parent, ways, rank });
        }
    }

    /// Takes a path one step on, and gives it where that step reaches the loss.
    fn advance(&mut self, begun: &Begun) -> Option<Found> {
        self.begin(begun.product, begun.parent, begun.ways, begun.rank + 1);
        let Way { to, factor, .. } = self.ways[begun.ways][begun.rank];
        let product = begun.product * factor;
        let Some((stage, unit)) = to else {
            return Some(Found { product, steps: self.steps(begun.parent), end: factor });
        };
        self.taken.push((begun.parent, (stage, unit, factor)));
        let here = self.taken.len() - 1;
        let ways = self.ways_from(stage, unit);
        self.begin(product, Some(here), ways, 0);
        None
    }

    fn steps(&self, mut at: Option<usize>) -> Vec<(usize, usize, f64)> {
        let mut steps = Vec::new();
        while let Some(index) = at {
            let (before, step) = self.taken[index];
            steps.push(step);
            at = before;
        }
        steps.reverse();
        steps
    }

    fn ways_from(&mut self, stage: usize, unit: usize) -> usize {
        if let Some(&known) = self.known.get(&(stage, unit)) {
            return known;
        }
        let mut ways = Vec::new();
        if stage == self.graph.last() {
            let end = self.graph.ends[unit];
            ways.push(Way { to: None, factor: end, most: end.abs() });
        }
        for (to, jacobian) in &self.graph.links[stage] {
            for (i, factor) in jacobian.column(unit, self.graph.widths[*to]) {
                if self.reach.count[*to][i] > 0 {
                    ways.push(Way { to: Some((*to, i)), factor, most: factor.abs() * self.reach.most[*to][i] });
                }
            }
        }
        self.ways.push(falling(ways));
        self.known.insert((stage, unit), self.ways.len() - 1);
        self.ways.len() - 1
    }
}

/// Whether a stage's units are weighted sums that an activation follows.
pub(super) fn is_sums(stages: &Stages<'_>, stage: usize) -> bool {
    stages.all[stage].kind == StageKind::Sums
}
