//! The rates of every schedule at known steps, by the formulas of the reference, worked out elsewhere.

use nn::catalog::schedules::{Moment, ScheduleState};
use nn::check::{Depth, Options, check_with};
use nn::data::Memory;
use nn::source::Source;

/// Steps of a run of ten epochs of four steps: the first, in the second epoch, in the seventh, and two of the last.
const STEPS: [u64; 5] = [0, 7, 25, 37, 39];

#[test]
fn rates_are_those_of_the_formulas() {
    let cases = [
        ("0.1", [0.1; 5]),
        ("step(0.1, every=3)", [0.1, 0.1, 0.025, 0.0125, 0.0125]),
        (
            "exponential(0.1, factor=0.9)",
            [
                0.1,
                0.083_161_897_782_507_63,
                0.051_762_552_500_400_63,
                0.037_734_900_772_792_06,
                0.035_798_470_116_741_25,
            ],
        ),
        (
            "cosine(0.1, to=0.001)",
            [
                0.1,
                0.092_705_688_135_527_57,
                0.031_557_170_097_928_06,
                0.002_367_688_940_315_01,
                0.001_152_591_980_210_166,
            ],
        ),
        ("one_cycle(0.1)", [0.01, 0.045, 0.065, 0.007_525, 0.002_575]),
        ("plateau(0.1)", [0.1; 5]),
        // A rise over two epochs, which are eight steps.
        ("warmup(0.1, 2)", [0.0125, 0.1, 0.1, 0.1, 0.1]),
        ("step(0.1, every=3, warmup=5)", [0.005, 0.04, 0.025, 0.0125, 0.0125]),
    ];
    for (rate, expected) in cases {
        let text = format!(
            "data moons(samples=40) {{\n  missing = error\n}}\nnetwork {{\n  dense 1 sigmoid\n}}\ntrain {{\n  loss = \
             binary_cross_entropy\n  optimizer = sgd\n  learning_rate = {rate}\n  epochs = 10\n}}\n"
        );
        let options = Options { depth: Depth::Language, ..Options::default() };
        let source = Source::new("test.nn", text.as_str());
        let checked = check_with(&source, &[], &Memory::new(), options).expect("no override");
        let program = checked.program.unwrap_or_else(|| panic!("{text}\n{:#?}", checked.diagnostics));
        for (step, expected) in STEPS.into_iter().zip(expected) {
            let moment = Moment { step, steps_per_epoch: 4, epochs: 10 };
            let found = program.training.schedule.rate(&ScheduleState::START, moment);
            assert!((found - expected).abs() < 1e-15, "{rate} at {step}: {found} and not {expected}");
            let halved = ScheduleState { scale: 0.5, ..ScheduleState::START };
            assert_eq!(program.training.schedule.rate(&halved, moment), found * 0.5, "{rate} at {step}");
        }
    }
}
