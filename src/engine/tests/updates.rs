//! Optimizers against their formulas, written here number by number as the reference has them.

use super::programs::{Target, case, program, table};
use crate::catalog::Precision;
use crate::catalog::bind::Chosen;
use crate::catalog::optimizers::{OPTIMIZERS, OptimizerKind, Step};
use crate::engine::{Clipped, UpdateRule};
use crate::tensor::{Purpose, Stream, Team};

/// One weight and what the optimizer remembers of it.
#[derive(Clone, Copy, Default)]
struct Weight {
    w: f64,
    m: f64,
    v: f64,
    /// Σ ln μ of nadam.
    log: f64,
}

type Formula = fn(&mut Weight, g: f64, rate: f64, t: i32);

fn adam(x: &mut Weight, g: f64, rate: f64, t: i32, (beta1, beta2, epsilon, decay): (f64, f64, f64, f64)) {
    x.w -= rate * decay * x.w;
    x.m = beta1 * x.m + (1.0 - beta1) * g;
    x.v = beta2 * x.v + (1.0 - beta2) * g * g;
    let (m, v) = (x.m / (1.0 - beta1.powi(t)), x.v / (1.0 - beta2.powi(t)));
    x.w -= rate * m / (v.sqrt() + epsilon);
}

fn nadam(x: &mut Weight, g: f64, rate: f64, t: i32, (beta1, beta2, epsilon, decay): (f64, f64, f64, f64)) {
    let momentum = |t: i32| beta1 * (1.0 - 0.5 * 0.96f64.powf(f64::from(t) * decay));
    let (now, next) = (momentum(t), momentum(t + 1));
    x.log += now.ln();
    x.m = beta1 * x.m + (1.0 - beta1) * g;
    x.v = beta2 * x.v + (1.0 - beta2) * g * g;
    let root = (x.v / (1.0 - beta2.powi(t))).sqrt() + epsilon;
    x.w -= rate * (1.0 - now) / (1.0 - x.log.exp()) * g / root;
    x.w -= rate * next / (1.0 - x.log.exp() * next) * x.m / root;
}

fn adamax(x: &mut Weight, g: f64, rate: f64, t: i32, (beta1, beta2, epsilon): (f64, f64, f64)) {
    x.m = beta1 * x.m + (1.0 - beta1) * g;
    x.v = (beta2 * x.v).max(g.abs() + epsilon);
    x.w -= rate / (1.0 - beta1.powi(t)) * x.m / x.v;
}

fn adadelta(x: &mut Weight, g: f64, rate: f64, (rho, epsilon): (f64, f64)) {
    x.v = rho * x.v + (1.0 - rho) * g * g;
    let step = ((x.m + epsilon) / (x.v + epsilon)).sqrt() * g;
    x.m = rho * x.m + (1.0 - rho) * step * step;
    x.w -= rate * step;
}

fn lion(x: &mut Weight, g: f64, rate: f64, (beta1, beta2, decay): (f64, f64, f64)) {
    let mixed = beta1 * x.m + (1.0 - beta1) * g;
    x.w -= rate * decay * x.w;
    x.w -= rate * if mixed == 0.0 { 0.0 } else { mixed.signum() };
    x.m = beta2 * x.m + (1.0 - beta2) * g;
}

fn formulas() -> Vec<(&'static str, Formula)> {
    vec![
        ("sgd", |x, g, rate, _| x.w -= rate * g),
        ("sgd(momentum=0.9)", |x, g, rate, _| {
            x.v = 0.9 * x.v + g;
            x.w -= rate * x.v;
        }),
        ("sgd(momentum=0.8, nesterov=true)", |x, g, rate, _| {
            x.v = 0.8 * x.v + g;
            x.w -= rate * (g + 0.8 * x.v);
        }),
        ("adam", |x, g, rate, t| adam(x, g, rate, t, (0.9, 0.999, 1e-8, 0.0))),
        ("adam(beta1=0.5, beta2=0.75, epsilon=0.1)", |x, g, rate, t| adam(x, g, rate, t, (0.5, 0.75, 0.1, 0.0))),
        ("adam(beta1=0)", |x, g, rate, t| adam(x, g, rate, t, (0.0, 0.999, 1e-8, 0.0))),
        ("adamw", |x, g, rate, t| adam(x, g, rate, t, (0.9, 0.999, 1e-8, 0.01))),
        ("adamw(weight_decay=0.3)", |x, g, rate, t| adam(x, g, rate, t, (0.9, 0.999, 1e-8, 0.3))),
        ("rmsprop", |x, g, rate, _| {
            x.v = 0.9 * x.v + 0.1 * g * g;
            x.w -= rate * g / (x.v.sqrt() + 1e-8);
        }),
        ("rmsprop(rho=0.5, epsilon=0.01)", |x, g, rate, _| {
            x.v = 0.5 * x.v + 0.5 * g * g;
            x.w -= rate * g / (x.v.sqrt() + 0.01);
        }),
        ("adagrad", |x, g, rate, _| {
            x.v += g * g;
            x.w -= rate * g / (x.v.sqrt() + 1e-10);
        }),
        ("adagrad(epsilon=0.01)", |x, g, rate, _| {
            x.v += g * g;
            x.w -= rate * g / (x.v.sqrt() + 0.01);
        }),
        ("adadelta", |x, g, rate, _| adadelta(x, g, rate, (0.9, 1e-6))),
        ("adadelta(rho=0.5, epsilon=0.01)", |x, g, rate, _| adadelta(x, g, rate, (0.5, 0.01))),
        ("nadam", |x, g, rate, t| nadam(x, g, rate, t, (0.9, 0.999, 1e-8, 0.004))),
        ("nadam(beta1=0.5, beta2=0.75, epsilon=0.1, momentum_decay=0.2)", |x, g, rate, t| {
            nadam(x, g, rate, t, (0.5, 0.75, 0.1, 0.2));
        }),
        ("nadam(momentum_decay=0)", |x, g, rate, t| nadam(x, g, rate, t, (0.9, 0.999, 1e-8, 0.0))),
        ("adamax", |x, g, rate, t| adamax(x, g, rate, t, (0.9, 0.999, 1e-8))),
        ("adamax(beta1=0.5, beta2=0.75, epsilon=0.1)", |x, g, rate, t| adamax(x, g, rate, t, (0.5, 0.75, 0.1))),
        ("lion", |x, g, rate, _| lion(x, g, rate, (0.9, 0.99, 0.0))),
        ("lion(beta1=0.5, beta2=0.75, weight_decay=0.3)", |x, g, rate, _| lion(x, g, rate, (0.5, 0.75, 0.3))),
    ]
}

/// Twenty steps over weights of every remainder of a vector's length, some gradients 0.
fn compare<R: Precision>(text: &str, formula: Formula, bound: f64) {
    let train = format!("  loss = mse\n  optimizer = {text}");
    let case = case(&program(&table(2, 3, Target::Values(1)), "dense 1", &train));
    let optimizer = case.program.training.optimizer.as_ref();
    assert_eq!(optimizer.slots(), optimizer.slot_names().len(), "{text}");
    for count in [1, 3, 16, 37] {
        let mut stream = Stream::new(9, Purpose::Generate);
        let mut truth: Vec<_> =
            (0..count).map(|_| Weight { w: R::of(stream.uniform(-1.0, 1.0)).f64(), ..Weight::default() }).collect();
        let mut weights: Vec<R> = truth.iter().map(|x| R::of(x.w)).collect();
        let mut slots = vec![R::ZERO; optimizer.slots() * count];
        for done in 0..20 {
            let rate = 0.1 / (1.0 + done as f64);
            let scale = if done % 5 == 4 { 0.0 } else { 1.0 };
            let gradient: Vec<R> = (0..count).map(|_| R::of(scale * stream.uniform(-1.0, 1.0))).collect();
            let mut stretches = slots.chunks_exact_mut(count);
            let slots = std::array::from_fn(|_| stretches.next().unwrap_or_default());
            R::update(optimizer).update(&mut weights, &gradient, slots, Step { learning_rate: rate, done });
            for (x, g) in truth.iter_mut().zip(&gradient) {
                formula(x, g.f64(), rate, done as i32 + 1);
            }
        }
        for (x, w) in truth.iter().zip(&weights) {
            assert!((x.w - w.f64()).abs() <= bound, "{text}: {w}, by hand {}", x.w);
        }
    }
}

#[test]
fn every_optimizer_follows_its_formula() {
    for (text, formula) in formulas() {
        compare::<f64>(text, formula, 1e-13);
        compare::<f32>(text, formula, 1e-5);
    }
    // Who looks along a line has no formula for a weight: `tests/lbfgs.rs` holds it to what it minimises.
    let searches =
        |kind: &'static OptimizerKind| (kind.configure)(&Chosen::default(&kind.signature).arguments).searches();
    for kind in OPTIMIZERS.iter().filter(|kind| !searches(kind)) {
        let name = kind.signature.name;
        assert!(formulas().iter().any(|(text, _)| text.split('(').next() == Some(name)), "no formula for `{name}`");
    }
}

#[test]
fn clipping_bounds_the_norm_of_all_gradients_together() {
    let case = case(&program(&table(2, 3, Target::Values(1)), "dense 1", "  loss = mse"));
    let mut machine = case.machine::<f64>(3, Team::solo());
    machine.gradients.copy_from_slice(&[3.0, 0.0, -4.0]);
    let within = |bound: Option<f64>| UpdateRule { clip_norm: bound, ..UpdateRule::of(&case.program.training, 0.1, 0) };
    assert_eq!(machine.bound(&within(None)), None);
    assert_eq!(machine.bound(&within(Some(5.0))), Some(Clipped { norm: 5.0, factor: 1.0 }));
    assert_eq!(machine.gradients, [3.0, 0.0, -4.0]);
    assert_eq!(machine.bound(&within(Some(2.5))), Some(Clipped { norm: 5.0, factor: 0.5 }));
    assert_eq!(machine.gradients, [1.5, 0.0, -2.0]);
    assert_eq!(machine.gradient_norm(), 2.5);
}
