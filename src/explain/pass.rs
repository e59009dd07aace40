//! [`Pass`]: one row's way through the network, node by node, with everything kept. Made from the layers' own kernels,
//! one row at a time, and apart from the machine, whose passes it is compared with.

use crate::catalog::Precision;
use crate::catalog::layers::{Backward, Forward, Gradients, Layer, Mode};
use crate::engine::Machine;
use crate::tensor::{Arena, Team};

/// What one row became in each node.
#[derive(Debug)]
pub struct Pass<'m, 'a> {
    pub(super) machine: &'m Machine<'a, f64>,
    team: Team,
    /// Every node's values.
    values: Arena<f64>,
    /// Weighted sums of the nodes that have an activation.
    sums: Vec<Option<Vec<f64>>>,
    /// What each layer kept for its backward pass, of the batch and of the row.
    kept: Vec<(Vec<f64>, Vec<f64>)>,
}

impl<'m, 'a> Pass<'m, 'a> {
    /// Sends a row through the network with the machine's weights.
    pub fn new(machine: &'m Machine<'a, f64>, inputs: &[f64]) -> Self {
        let widths = machine.plan().places.iter().map(|p| p.width);
        let mut pass = Self {
            machine,
            team: Team::solo(),
            values: Arena::new(widths, 1),
            sums: vec![None],
            kept: vec![(Vec::new(), Vec::new())],
        };
        pass.values.matrix_mut(0, 1).copy_from_slice(inputs);
        for node in 1..machine.network().nodes.len() {
            pass.forward(node);
        }
        pass
    }

    /// A node's values: activated, where it has an activation.
    pub fn values(&self, node: usize) -> &[f64] {
        self.values.matrix(node, 1)
    }

    /// A node's weighted sums, where it has an activation that changes them.
    pub fn sums(&self, node: usize) -> Option<&[f64]> {
        self.sums[node].as_deref()
    }

    pub(super) fn layer(&self, node: usize) -> Option<&'a dyn Layer> {
        self.machine.network().nodes[node].layer.as_deref()
    }

    fn forward(&mut self, node: usize) {
        let place = &self.machine.plan().places[node];
        let (mut fixed, mut saved) = (vec![0.0; place.fixed.len()], vec![0.0; place.saved]);
        let mut sums = None;
        if let Some(layer) = self.layer(node) {
            let mut rows = self.values.all(1);
            let (y, x) = rows.write(node, &place.inputs);
            let mut state = self.machine.state[place.state.clone()].to_vec();
            f64::kernel(layer).forward(&mut Forward {
                team: &self.team,
                mode: Mode::Inference,
                batch: 1,
                x,
                y: &mut *y,
                parameters: &self.machine.parameters[place.parameters.clone()],
                state: &mut state,
                fixed: &mut fixed,
                saved: &mut saved,
                random: None,
            });
            if let Some(activation) = layer.activation().filter(|a| !a.is_linear()) {
                sums = Some(y.to_vec());
                f64::compute(activation).forward(y, place.width);
            }
        }
        self.sums.push(sums);
        self.kept.push((fixed, saved));
    }

    /// ∂L/∂x of one of the node's inputs from ∂L/∂y (before its activation).
    pub(super) fn input_gradient(&self, node: usize, input: usize, dy: &[f64]) -> Vec<f64> {
        let place = &self.machine.plan().places[node];
        let x = self.values.inputs(&place.inputs, 1);
        let mut dx = vec![0.0; x.get(input).len()];
        if let Some(layer) = self.layer(node) {
            let (fixed, saved) = &self.kept[node];
            f64::kernel(layer).backward(&mut Backward {
                team: &self.team,
                mode: Mode::Inference,
                batch: 1,
                input,
                x,
                dy,
                dx: &mut dx,
                parameters: &self.machine.parameters[place.parameters.clone()],
                gradients: &self.parameter_gradient(node, dy),
                fixed,
                saved,
            });
        }
        dx
    }

    /// ∂L/∂parameters of the node from ∂L/∂y (before its activation).
    pub(super) fn parameter_gradient(&self, node: usize, dy: &[f64]) -> Vec<f64> {
        let place = &self.machine.plan().places[node];
        let mut gradients = vec![0.0; place.parameters.len()];
        if let Some(layer) = self.layer(node) {
            let (x, saved) = (self.values.inputs(&place.inputs, 1), self.kept[node].1.as_slice());
            let layer = f64::kernel(layer);
            let (team, columns) = (&self.team, 0..layer.columns(1).count);
            layer.gradients(&mut Gradients { team, batch: 1, x, dy, saved, columns, gradients: &mut gradients });
        }
        gradients
    }
}
