//! Every way of a product against the plain triple loop, over random shapes, in both precisions, for 1 to 4 threads
//! and either width of vectors: to the bit, for a number is one chain of fused multiply-adds in the order of the
//! inner side.

use super::*;
use crate::tensor::wide::width::Width;
use crate::tensor::{Purpose, Stream, view, view_mut};

/// c ← a b + bias, each number a chain of fused multiply-adds from its bias on.
fn chains<R: Real>(
    (m, n, k): (usize, usize, usize),
    a: impl Fn(usize, usize) -> R,
    b: impl Fn(usize, usize) -> R,
    bias: impl Fn(usize) -> R,
) -> Vec<R> {
    let number = |i, j| (0..k).fold(bias(i), |sum, p| a(i, p).fused(b(p, j), sum));
    (0..n).flat_map(|j| (0..m).map(move |i| (i, j))).map(|(i, j)| number(i, j)).collect()
}

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
    assert_eq!(one.len(), other.len(), "{what} {shape:?}");
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
    for width in [Width::Narrow, Width::Wide] {
        width.during(compare_with_chains::<R>);
    }
}

fn compare_with_chains<R: Real>() {
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

        let (w_at, x_at) = (|i: usize, p: usize| w[p * out + i], |p: usize, j: usize| x[j * inputs + p]);
        let dy_at = |i: usize, j: usize| dy[j * out + i];
        let y = by_team(out * batch, &|team, y| affine(team, view_mut(y, out, batch), wv, &b, xv));
        same_bits("affine", shape, &y, &chains((out, batch, inputs), w_at, x_at, |i| b[i]));
        let truth = reference((out, batch, inputs), |i, p| w_at(i, p).f64(), |p, j| x_at(p, j).f64(), |i| b[i].f64());
        close("affine", shape, &y, &truth, inputs);

        let y = by_team(out * batch, &|team, y| affine(team, view_mut(y, out, batch), wv, &[], xv));
        same_bits("affine, no bias", shape, &y, &chains((out, batch, inputs), w_at, x_at, |_| R::ZERO));

        let dw = by_team(out * inputs, &|team, dw| weight_gradient(team, view_mut(dw, out, inputs), dyv, xv));
        same_bits("weight gradient", shape, &dw, &chains((out, inputs, batch), dy_at, |j, i| x_at(i, j), |_| R::ZERO));

        let dx = by_team(inputs * batch, &|team, dx| input_gradient(team, view_mut(dx, inputs, batch), wv, dyv));
        same_bits("input gradient", shape, &dx, &chains((inputs, batch, out), |i, o| w_at(o, i), dy_at, |_| R::ZERO));

        let mut db = vec![R::of(f64::NAN); out];
        bias_gradient(&mut db, dyv);
        let truth: Vec<R> = (0..out).map(|i| (0..batch).fold(R::ZERO, |sum, j| sum + dy_at(i, j))).collect();
        same_bits("bias gradient", shape, &db, &truth);
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

/// The packing kernels over shapes that the others would take: every way that either factor may lie, tails of each
/// size, results whose columns lie apart, and inner sides of more than one block.
fn packed_products<R: Real>() {
    let mut stream = Stream::new(4, Purpose::Generate);
    let mut shapes =
        vec![(1, 1, 1), (1, 70, 300), (70, 1, 300), (3, 2, 0), (700, 13, 9), (65, 7, 600), (300, 200, 257)];
    for most in [9, 40, 150] {
        for _ in 0..30 {
            let mut side = || 1 + stream.below(most) as usize;
            shapes.push((side(), side(), side()));
        }
    }
    for (case, shape) in shapes.into_iter().enumerate() {
        let (m, n, k) = shape;
        let (gap, team) = (case % 3, Team::new(1 + case % 3));
        let (a, b) = (random::<R>(&mut stream, (m + gap) * (k + gap)), random::<R>(&mut stream, (n + gap) * (k + gap)));
        let bias = random::<R>(&mut stream, m);
        let (a_side, a_across) = (view(&a, m + gap, k), view(&a, k + gap, m));
        let (b_side, b_across) = (view(&b, k + gap, n), view(&b, n + gap, k));
        let (a_side, a_across) = (a_side.rows(0, m), a_across.rows(0, k));
        let (b_side, b_across) = (b_side.rows(0, k), b_across.rows(0, n));
        for (way, bias) in [(0, &bias[..]), (1, &[]), (2, &bias), (3, &[])] {
            let left = if way & 1 == 0 { Factor::of(&a_side) } else { Factor::of(&a_across).transposed() };
            let right = if way & 2 == 0 { Factor::of(&b_side) } else { Factor::of(&b_across).transposed() };
            let a_at = |i, p| if way & 1 == 0 { a_side[(i, p)] } else { a_across[(p, i)] };
            let b_at = |p, j| if way & 2 == 0 { b_side[(p, j)] } else { b_across[(j, p)] };
            let truth = chains(shape, a_at, b_at, |i| bias.get(i).copied().unwrap_or(R::ZERO));
            let mut c = vec![R::LARGEST; (m + gap) * n];
            packed::product(&team, view_mut(&mut c, m + gap, n).rows_mut(0, m), left, right, bias);
            for (column, truth) in c.chunks(m + gap).zip(truth.chunks(m)) {
                same_bits(&format!("packed, way {way}, gap {gap}"), shape, &column[..m], truth);
                assert!(column[m..].iter().all(|&x| x == R::LARGEST), "{shape:?}: written behind a column");
            }
        }
    }
}

#[test]
fn packed_products_are_chains_however_their_factors_lie() {
    for width in [Width::Narrow, Width::Wide] {
        width.during(packed_products::<f32>);
        width.during(packed_products::<f64>);
    }
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

/// Σ a b over sixteen rows: as many lanes as 32 bytes hold, each a chain over every so manieth row, then halved.
fn across<R: Real>(a: &Abreast<R>, b: &Abreast<R>) -> R {
    let lanes = 32 / size_of::<R>();
    let mut sums: Vec<R> =
        (0..lanes).map(|l| (l..ABREAST).step_by(lanes).fold(R::ZERO, |sum, r| a[r].fused(b[r], sum))).collect();
    while sums.len() > 1 {
        let half = sums.len() / 2;
        sums = (0..half).map(|l| sums[l] + sums[l + half]).collect();
    }
    sums[0]
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
            let bias = |i: usize| b.get(i).copied().unwrap_or(R::ZERO);
            let truth = chains((out, ABREAST, inputs), |i, p| w[p * out + i], |p, j| x[j * inputs + p], bias);
            same_bits("affine interleaved", shape, &in_rows(&y), &truth);
        }
        let mut dx = vec![[R::ONE; ABREAST]; inputs];
        input_gradient_abreast(&mut dx, &w, &interleaved(&dy, out));
        let truth = reference((inputs, ABREAST, out), |i, p| weight(p, i), |p, j| dy[j * out + p].f64(), |_| 0.0);
        close("input gradient interleaved", shape, &in_rows(&dx), &truth, out);
        let truth = chains((inputs, ABREAST, out), |i, p| w[i * out + p], |p, j| dy[j * out + p], |_| R::ZERO);
        same_bits("input gradient interleaved", shape, &in_rows(&dx), &truth);
        for biased in [true, false] {
            let (mut dw, mut db) = (vec![R::ONE; out * inputs], vec![R::ONE; if biased { out } else { 0 }]);
            gradients_abreast(&mut dw, &mut db, &interleaved(&dy, out), &interleaved(&x, inputs));
            let of = |i: usize, p: usize| dy[p * out + i].f64();
            let truth = reference((out, inputs, ABREAST), of, |p, j| x[p * inputs + j].f64(), |_| 1.0);
            close("weight gradient interleaved", shape, &dw, &truth, ABREAST);
            let (lanes, of_x) = (interleaved(&dy, out), interleaved(&x, inputs));
            let truth: Vec<R> = of_x.iter().flat_map(|x| lanes.iter().map(move |d| R::ONE + across(d, x))).collect();
            same_bits("weight gradient interleaved", shape, &dw, &truth);
            let truth: Vec<R> = lanes.iter().take(db.len()).map(|d| R::ONE + across(d, &[R::ONE; ABREAST])).collect();
            same_bits("bias gradient interleaved", shape, &db, &truth);
            let truth = reference((db.len(), 1, ABREAST), of, |_, _| 1.0, |_| 1.0);
            close("bias gradient interleaved", shape, &db, &truth, ABREAST);
        }
    }
}

#[test]
fn products_abreast_are_the_plain_loops() {
    for width in [Width::Narrow, Width::Wide] {
        width.during(products_abreast::<f32>);
        width.during(products_abreast::<f64>);
    }
}
