//! Learning rates at points where they can be worked out by hand.

use super::programs::{Target, case, program, table};
use crate::catalog::schedules::{Moment, SCHEDULES, Schedule, ScheduleState};

/// The schedule of a program, 10 epochs long.
fn schedule(text: &str) -> Schedule {
    let train = format!("  loss = mse\n  learning_rate = {text}");
    case(&program(&table(2, 3, Target::Values(1)), "dense 1", &train)).program.training.schedule
}

/// η after so many of 4 steps an epoch.
fn rate(schedule: &Schedule, state: &ScheduleState, step: u64) -> f64 {
    schedule.rate(state, Moment { step, steps_per_epoch: 4, epochs: 10 })
}

#[test]
fn rates_at_known_points() {
    let cosine_8 = 0.01 + 0.09 * (1.0 + (std::f64::consts::PI * 0.8).cos()) / 2.0;
    let cases: &[(&str, &[(u64, f64)])] = &[
        ("0.1", &[(0, 0.1), (39, 0.1)]),
        ("step(0.1, factor=0.5, every=2)", &[(0, 0.1), (7, 0.1), (8, 0.05), (15, 0.05), (16, 0.025), (39, 0.00625)]),
        ("exponential(0.1, factor=0.81)", &[(0, 0.1), (2, 0.09), (4, 0.081), (8, 0.06561)]),
        ("cosine(0.1)", &[(0, 0.1), (20, 0.05), (40, 0.0)]),
        ("cosine(0.1, to=0.01)", &[(0, 0.1), (20, 0.055), (32, cosine_8), (40, 0.01)]),
        (
            "one_cycle(0.1)",
            &[(0, 0.01), (9, 0.055), (18, 0.1), (19, 0.095), (27, 0.055), (36, 0.01), (38, 0.00505), (40, 0.0001)],
        ),
        ("plateau(0.1)", &[(0, 0.1), (39, 0.1)]),
        ("warmup(0.1, 2)", &[(0, 0.0125), (3, 0.05), (7, 0.1), (39, 0.1)]),
        (
            "exponential(0.1, factor=0.81, warmup=1)",
            &[(0, 0.025), (2, 0.0675), (3, 0.1 * 0.81f64.powf(0.75)), (4, 0.081)],
        ),
        ("step(0.1, factor=0.5, every=1, warmup=0.5)", &[(0, 0.05), (1, 0.1), (4, 0.05)]),
        ("cosine(0.1, warmup=2)", &[(0, 0.1 / 8.0), (20, 0.05)]),
    ];
    for (text, points) in cases {
        let schedule = schedule(text);
        for &(step, truth) in *points {
            let rate = rate(&schedule, &ScheduleState::START, step);
            assert!((rate - truth).abs() < 1e-15, "{text} after {step} steps: {rate}, by hand {truth}");
        }
    }
    for kind in SCHEDULES {
        let name = kind.signature.name;
        assert!(cases.iter().any(|(text, _)| text.starts_with(name)), "no known point of `{name}`");
    }
}

#[test]
fn plateau_falls_when_the_loss_has_not() {
    let schedule = schedule("plateau(0.1, factor=0.5, patience=2)");
    let mut state = ScheduleState::START;
    let mut rates = Vec::new();
    for loss in [1.0, 0.9, 0.95, 0.9, 0.8, 0.85, 0.81, 0.82, f64::NAN, 0.7, 0.71, 0.72] {
        schedule.observe(&mut state, loss);
        rates.push(rate(&schedule, &state, 0));
    }
    assert_eq!(rates, [0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125, 0.0125, 0.00625]);
}

#[test]
fn no_other_schedule_watches_a_loss() {
    for kind in SCHEDULES.iter().filter(|k| k.signature.name != "plateau") {
        let (_, text) = kind.signature.example.split_once("= ").expect("a setting");
        let (schedule, mut state) = (schedule(text), ScheduleState::START);
        for _ in 0..20 {
            schedule.observe(&mut state, 1.0);
        }
        assert_eq!(state, ScheduleState::START, "{text}");
    }
}
