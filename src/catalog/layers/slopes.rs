//! [`Slopes`]: hands on what is above 0 and multiplies the rest by trained slopes. What `prelu` becomes, on a line of
//! its own and behind a layer that names it.

use super::{Backward, Coupling, Forward, Gradients, Kernel, Layer, LayerRole, Role, Tensor};
use crate::catalog::activations::Activation;
use crate::catalog::initializers::{Fans, constant};
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::tensor::{Real, Shape};

/// A slope for each unit of a vector, each channel of a picture and each feature of a sequence.
#[derive(Debug)]
pub struct Slopes {
    activation: Box<dyn Activation>,
    shape: Shape,
    /// What every slope starts at.
    start: f64,
    /// How many slopes.
    count: usize,
    /// Values in a row that stand together under one slope.
    together: usize,
}

impl Slopes {
    /// An activation over values of a shape, where its slopes are trained.
    pub fn new(activation: Box<dyn Activation>, shape: Shape) -> Option<Self> {
        let start = activation.trained_slope()?;
        let (count, together) = match shape.dimensions() {
            &[channels, height, width] => (channels, height * width),
            // Features come last.
            dimensions => (dimensions.last().copied().unwrap_or(1), 1),
        };
        Some(Self { activation, shape, start, count, together })
    }

    /// Which slope a value of a row is under.
    fn of(&self, at: usize) -> usize {
        at / self.together % self.count
    }
}

impl Layer for Slopes {
    fn kind(&self) -> &'static str {
        self.activation.name()
    }

    fn role(&self) -> LayerRole {
        LayerRole::Rectify { slope: self.start }
    }

    fn output(&self) -> Shape {
        self.shape.clone()
    }

    fn range(&self, inputs: &[Values]) -> Values {
        inputs.first().map_or(Values::ANY, |&input| self.activation.range(input))
    }

    fn tensors(&self) -> Vec<Tensor> {
        vec![Tensor {
            name: "slope",
            shape: Shape::vector(self.count),
            role: Role::Slope,
            fans: Fans { into: 1, out: 1 },
            start: constant(self.start),
            option: None,
        }]
    }

    fn multiply_adds(&self) -> u64 {
        self.shape.size() as u64
    }

    fn op(&self) -> Op {
        Op::PRelu
    }

    fn coupling(&self, _input: usize) -> Coupling {
        Coupling::Each
    }
}

impl<R: Real> Kernel<R> for Slopes {
    fn forward(&self, pass: &mut Forward<'_, R>) {
        let size = self.shape.size();
        for (y, x) in pass.y.chunks_exact_mut(size).zip(pass.x.first().chunks_exact(size)) {
            for (i, (y, &x)) in y.iter_mut().zip(x).enumerate() {
                // A NaN is on neither side of 0 and stays what it is.
                *y = if x < R::ZERO { pass.parameters[self.of(i)] * x } else { x };
            }
        }
    }

    fn gradients(&self, pass: &mut Gradients<'_, R>) {
        let size = self.shape.size();
        pass.gradients.fill(R::ZERO);
        for (dy, x) in pass.dy.chunks_exact(size).zip(pass.x.first().chunks_exact(size)) {
            for (i, (&dy, &x)) in dy.iter().zip(x).enumerate() {
                if x < R::ZERO {
                    pass.gradients[self.of(i)] += dy * x;
                }
            }
        }
    }

    fn backward(&self, pass: &mut Backward<'_, R>) {
        let size = self.shape.size();
        let rows = pass.dx.chunks_exact_mut(size).zip(pass.dy.chunks_exact(size));
        for ((dx, dy), x) in rows.zip(pass.x.first().chunks_exact(size)) {
            for (i, ((dx, &dy), &x)) in dx.iter_mut().zip(dy).zip(x).enumerate() {
                *dx = if x > R::ZERO { dy } else { pass.parameters[self.of(i)] * dy };
            }
        }
    }
}
