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
        let (mut dx, _) = self.backward(node, dy);
        dx.swap_remove(input)
    }

    /// The layer's backward pass from ∂L/∂y (before its activation): ∂L/∂x of each input, and ∂L/∂parameters.
    pub(super) fn backward(&self, node: usize, dy: &[f64]) -> (Vec<Vec<f64>>, Vec<f64>) {
        let place = &self.machine.plan().places[node];
        let x = self.values.inputs(&place.inputs, 1);
        let mut dx: Vec<Vec<f64>> = x.iter().map(|x| vec![0.0; x.len()]).collect();
        let mut gradients = vec![0.0; place.parameters.len()];
        if let Some(layer) = self.layer(node) {
            let (fixed, saved) = &self.kept[node];
            let layer = f64::kernel(layer);
            let columns = 0..layer.columns(1).count;
            let team = &self.team;
            layer.gradients(&mut Gradients { team, batch: 1, x, dy, saved, columns, gradients: &mut gradients });
            for (input, dx) in dx.iter_mut().enumerate() {
                layer.backward(&mut Backward {
                    team: &self.team,
                    mode: Mode::Inference,
                    batch: 1,
                    input,
                    x,
                    dy,
                    dx,
                    parameters: &self.machine.parameters[place.parameters.clone()],
                    gradients: &gradients,
                    fixed,
                    saved,
                });
            }
        }
        (dx, gradients)
    }
}
