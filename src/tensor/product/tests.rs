//! Every way of a product against the plain triple loop, over random shapes, in both precisions, for 1 to 4 threads.

use super::*;
use crate::tensor::{Purpose, Stream, view, view_mut};

/// c ← a b + bias, in f64, as the formula reads. a: m × k by `a(i, p)`, b: k × n by `b(p, j)`.
fn reference(
    (m, n, k): (usize, usize, usize),
    a: impl Fn(usize, usize) -> f64,
    b: impl Fn(usize, usize) -> f64,
    bias: impl Fn(usize) -> f64,
) -> Vec<f64> {
    let mut c = vec![0.0; m * n];
    for j in 0..n {
        for i in 0..m {
            c[j * m + i] = bias(i) + (0..k).map(|p| a(i, p) * b(p, j)).sum::<f64>();
        }
    }
    c
}

fn random<R: Real>(stream: &mut Stream, count: usize) -> Vec<R> {
    (0..count).map(|_| R::of(stream.uniform(-1.0, 1.0))).collect()
}

fn close<R: Real>(what: &str, shape: (usize, usize, usize), got: &[R], truth: &[f64], k: usize) {
    let unit = if size_of::<R>() == 4 { f64::from(f32::EPSILON) } else { f64::EPSILON };
    let bound = unit * (k as f64 + 4.0);
    assert_eq!(got.len(), truth.len());
    for (g, t) in got.iter().zip(truth) {
        assert!((g.f64() - t).abs() <= bound, "{what} {shape:?}: {g} for {t}");
    }
}

fn same_bits<R: Real>(what: &str, shape: (usize, usize, usize), one: &[R], other: &[R]) {
    assert!(one.iter().zip(other).all(|(a, b)| a.f64().to_bits() == b.f64().to_bits()), "{what} {shape:?}");
}

/// out, in, batch.
fn shapes() -> Vec<(usize, usize, usize)> {
    let mut shapes = vec![
        (4, 2, 4),
        (1, 4, 4),
        (16, 4, 16),
        (3, 16, 16),
        (128, 64, 64),
        (64, 128, 64),
        (10, 64, 64),
        (128, 64, 1),
        (10, 600, 1),
        (257, 131, 127),
        (61, 509, 67),
        (300, 520, 40),
        (40, 1100, 300),
        (1, 1, 1),
        (1, 300, 700),
        (700, 1, 300),
        (300, 700, 1),
        (300, 700, 2),
    ];
    for zero in [(0, 3, 4), (3, 0, 4), (3, 4, 0), (0, 0, 0), (80, 0, 90), (0, 300, 300), (300, 300, 0)] {
        shapes.push(zero);
    }
    let mut stream = Stream::new(7, Purpose::Generate);
    for most in [5, 20, 40, 90, 200] {
        for _ in 0..25 {
            let mut side = || 1 + stream.below(most) as usize;
            shapes.push((side(), side(), side()));
        }
    }
    shapes
}

fn compare<R: Real>() {
    let teams: Vec<Team> = (1..=4).map(Team::new).collect();
    let mut stream = Stream::new(1, Purpose::Generate);
    for shape in shapes() {
        let (out, inputs, batch) = shape;
        let w: Vec<R> = random(&mut stream, out * inputs);
        let x: Vec<R> = random(&mut stream, inputs * batch);
        let b: Vec<R> = random(&mut stream, out);
        let dy: Vec<R> = random(&mut stream, out * batch);
        let (wv, xv, dyv) = (view(&w, out, inputs), view(&x, inputs, batch), view(&dy, out, batch));
        let by_team = |count: usize, kernel: &dyn Fn(&Team, &mut [R])| {
            let results = teams.iter().map(|team| {
                let mut result = vec![R::of(f64::NAN); count];
                kernel(team, &mut result);
                result
            });
            let results: Vec<Vec<R>> = results.collect();
            for other in &results[1..] {
                same_bits("threads", shape, &results[0], other);
            }
            results.into_iter().next().unwrap_or_default()
        };

        let y = by_team(out * batch, &|team, y| affine(team, view_mut(y, out, batch), wv, &b, xv));
        let (w_at, x_at) = (|i: usize, p: usize| w[p * out + i].f64(), |p: usize, j: usize| x[j * inputs + p].f64());
        let truth = reference((out, batch, inputs), w_at, x_at, |i| b[i].f64());
        close("affine", shape, &y, &truth, inputs);

        let y = by_team(out * batch, &|team, y| affine(team, view_mut(y, out, batch), wv, &[], xv));
        close("affine, no bias", shape, &y, &reference((out, batch, inputs), w_at, x_at, |_| 0.0), inputs);

        let dy_at = |i: usize, j: usize| dy[j * out + i].f64();
        let dw = by_team(out * inputs, &|team, dw| weight_gradient(team, view_mut(dw, out, inputs), dyv, xv));
        let truth = reference((out, inputs, batch), dy_at, |j, i| x_at(i, j), |_| 0.0);
        close("weight gradient", shape, &dw, &truth, batch);

        let dx = by_team(inputs * batch, &|team, dx| input_gradient(team, view_mut(dx, inputs, batch), wv, dyv));
        let truth = reference((inputs, batch, out), |i, o| w_at(o, i), dy_at, |_| 0.0);
        close("input gradient", shape, &dx, &truth, out);

        let mut db = vec![R::of(f64::NAN); out];
        bias_gradient(&mut db, dyv);
        let truth = reference((out, 1, batch), dy_at, |_, _| 1.0, |_| 0.0);
        close("bias gradient", shape, &db, &truth, batch);
    }
}

#[test]
fn f32_agrees_with_the_plain_loops_for_any_team() {
    compare::<f32>();
}

#[test]
fn f64_agrees_with_the_plain_loops_for_any_team() {
    compare::<f64>();
}

/// Views of part of a matrix, whose columns lie apart, give what compact copies give.
#[test]
fn columns_may_lie_apart() {
    let mut stream = Stream::new(3, Purpose::Generate);
    for (out, inputs, batch) in [(3, 2, 4), (16, 5, 7), (50, 40, 30), (5, 9, 1), (128, 64, 64)] {
        let (w, x): (Vec<f64>, Vec<f64>) =
            (random(&mut stream, (out + 3) * inputs), random(&mut stream, (inputs + 2) * batch));
        let (w, x) = (view(&w, out + 3, inputs), view(&x, inputs + 2, batch));
        let (w, x) = (w.rows(2, out), x.rows(1, inputs));
        let mut y = vec![7.0; (out + 1) * batch];
        let mut whole = view_mut(&mut y, out + 1, batch);
        affine(&Team::solo(), whole.rows_mut(1, out), w, &[], x);
        let truth = reference((out, batch, inputs), |i, p| w[(i, p)], |p, j| x[(p, j)], |_| 0.0);
        for (y, truth) in y.chunks(out + 1).zip(truth.chunks(out)) {
            assert_eq!(y[0], 7.0);
            close("apart", (out, inputs, batch), &y[1..], truth, inputs);
        }
    }
}

/// Rows side by side, as the kernels for sixteen of them take a matrix `width × 16`.
fn interleaved<R: Real>(rows: &[R], width: usize) -> Vec<Abreast<R>> {
    (0..width).map(|unit| std::array::from_fn(|row| rows[row * width + unit])).collect()
}

fn products_abreast<R: Real>() {
    let mut stream = Stream::new(9, Purpose::Generate);
    for (out, inputs) in [(1, 1), (1, 7), (7, 1), (4, 2), (16, 4), (3, 16), (17, 19), (31, 33)] {
        let shape = (out, inputs, ABREAST);
        let (w, b) = (random::<R>(&mut stream, out * inputs), random::<R>(&mut stream, out));
        let (x, dy) = (random::<R>(&mut stream, inputs * ABREAST), random::<R>(&mut stream, out * ABREAST));
        let in_rows = |interleaved: &[Abreast<R>]| -> Vec<R> {
            (0..ABREAST).flat_map(|row| interleaved.iter().map(move |unit| unit[row])).collect()
        };
        let weight = |i: usize, p: usize| w[p * out + i].f64();
        for b in [&b[..], &[]] {
            let mut y = vec![[R::ONE; ABREAST]; out];
            affine_abreast(&mut y, &w, b, &interleaved(&x, inputs));
            let bias = |i: usize| b.get(i).map_or(0.0, |b| b.f64());
            let truth = reference((out, ABREAST, inputs), weight, |p, j| x[j * inputs + p].f64(), bias);
            close("affine interleaved", shape, &in_rows(&y), &truth, inputs);
        }
        let mut dx = vec![[R::ONE; ABREAST]; inputs];
        input_gradient_abreast(&mut dx, &w, &interleaved(&dy, out));
        let truth = reference((inputs, ABREAST, out), |i, p| weight(p, i), |p, j| dy[j * out + p].f64(), |_| 0.0);
        close("input gradient interleaved", shape, &in_rows(&dx), &truth, out);
        for biased in [true, false] {
            let (mut dw, mut db) = (vec![R::ONE; out * inputs], vec![R::ONE; if biased { out } else { 0 }]);
            gradients_abreast(&mut dw, &mut db, &interleaved(&dy, out), &interleaved(&x, inputs));
            let of = |i: usize, p: usize| dy[p * out + i].f64();
            let truth = reference((out, inputs, ABREAST), of, |p, j| x[p * inputs + j].f64(), |_| 1.0);
            close("weight gradient interleaved", shape, &dw, &truth, ABREAST);
            let truth = reference((db.len(), 1, ABREAST), of, |_, _| 1.0, |_| 1.0);
            close("bias gradient interleaved", shape, &db, &truth, ABREAST);
        }
    }
}

#[test]
fn products_abreast_are_the_plain_loops() {
    products_abreast::<f32>();
    products_abreast::<f64>();
}
