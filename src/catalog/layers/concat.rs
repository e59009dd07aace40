//! concat: inputs end to end: vectors whole, sequences (steps × features) along their features, pictures
//! (channels × height × width) along their channels.

use super::{Backward, Coupling, Forward, Kernel, Layer, LayerKind, LayerRole, Site, join};
use crate::catalog::bind::Arguments;
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{Family, Foreign, Signature};
use crate::diagnostic::Diagnostic;
use crate::tensor::{Real, Shape};

/// The kind.
pub(super) struct Concat;

static SIGNATURE: Signature = Signature {
    name: "concat",
    family: Family::Layer,
    summary: "several layers end to end: vectors whole, sequences along features, pictures along channels",
    formula: "y = (x₀, x₁, …)",
    range: "all of their ranges",
    parameters: &[join::OPERANDS],
    example: "both: concat left right",
    source: "",
    foreign: Foreign { names: &["concatenate", "cat"], ..Foreign::NONE },
};

impl LayerKind for Concat {
    fn signature(&self) -> &'static Signature {
        &SIGNATURE
    }

    fn configure(&self, _arguments: &Arguments, site: &Site<'_>) -> Result<Box<dyn Layer>, Box<Diagnostic>> {
        // Features are a sequence's last dimension; channels, and a vector's values, the first.
        let axis = usize::from(site.first().shape.rank() == 2);
        let shape = join::along(&SIGNATURE, site, axis)?;
        let blocks = shape.dimensions()[..axis].iter().product();
        let sizes = site.inputs.iter().map(|input| input.shape.size() / blocks).collect();
        Ok(Box::new(Joined { axis, blocks, sizes, shape }))
    }
}

/// A configured concatenation: a row is `blocks` blocks, each of so many values of each input.
#[derive(Debug)]
struct Joined {
    axis: usize,
    blocks: usize,
    sizes: Vec<usize>,
    shape: Shape,
}

impl Joined {
    /// Where the values of an input start in each block, and how many they are.
    fn place(&self, input: usize) -> (usize, usize) {
        (self.sizes[..input].iter().sum(), self.sizes[input])
    }

    /// Values of a block.
    fn block(&self) -> usize {
        self.sizes.iter().sum()
    }
}

impl Layer for Joined {
    fn kind(&self) -> &'static str {
        SIGNATURE.name
    }

    fn role(&self) -> LayerRole {
        LayerRole::Concat
    }

    fn output(&self) -> Shape {
        self.shape.clone()
    }

    fn range(&self, inputs: &[Values]) -> Values {
        inputs[1..].iter().fold(inputs[0], |all, &range| all.or(range))
    }

    fn op(&self) -> Op {
        Op::Concat { axis: self.axis }
    }

    fn coupling(&self, input: usize) -> Coupling {
        let ((start, size), block) = (self.place(input), self.block());
        Coupling::Placed((0..self.blocks * size).map(|unit| Some(unit / size * block + start + unit % size)).collect())
    }
}

impl<R: Real> Kernel<R> for Joined {
    fn forward(&self, pass: &mut Forward<'_, R>) {
        let block = self.block();
        for (input, x) in pass.x.iter().enumerate() {
            let (start, size) = self.place(input);
            for (y, x) in pass.y.chunks_exact_mut(block).zip(x.chunks_exact(size)) {
                y[start..start + size].copy_from_slice(x);
            }
        }
    }

    fn backward(&self, pass: &mut Backward<'_, R>) {
        let (start, size) = self.place(pass.input);
        for (dx, dy) in pass.dx.chunks_exact_mut(size).zip(pass.dy.chunks_exact(self.block())) {
            dx.copy_from_slice(&dy[start..start + size]);
        }
    }
}
