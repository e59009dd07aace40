//! What the norms share: a scale and a shift for each unit, and their gradients. Not what they bring to mean 0 and
//! variance 1: that is each norm's own.

use super::{Role, Tensor};
use crate::catalog::initializers::{Fans, InitializerKind, ONES, Start, ZEROS};
use crate::tensor::{Real, Shape};

/// `weight` (starts at 1) and `bias` (starts at 0), one of each for every unit.
pub(super) fn tensors(size: usize) -> Vec<Tensor> {
    let fans = Fans { into: 1, out: 1 };
    let tensor = |name, kind: &'static InitializerKind| Tensor {
        name,
        shape: Shape::vector(size),
        role: Role::Norm,
        fans,
        start: Start::plain(kind, fans),
        option: None,
    };
    vec![tensor("weight", &ONES), tensor("bias", &ZEROS)]
}

/// dw ← Σ dy·x̂, db ← Σ dy over the rows. dy: size × batch; x̂: as dy, but with rows `stride` apart.
pub(super) fn gradients<R: Real>(dw: &mut [R], db: &mut [R], normed: &[R], stride: usize, dy: &[R]) {
    let size = dw.len();
    dw.fill(R::ZERO);
    db.fill(R::ZERO);
    for (normed, dy) in normed.chunks_exact(stride).zip(dy.chunks_exact(size)) {
        for i in 0..size {
            dw[i] += dy[i] * normed[i];
            db[i] += dy[i];
        }
    }
}
