//! Every number that a report of the rules of design rests on, against a value that is come by otherwise: a closed form
//! here, or one of `evidence/goldens.json`, which `evidence/make.py` computes with `NumPy` and JAX in f64. A rule that
//! prints a number without a case here fails.

use crate::common::root;
use nn::check::{Checked, check};
use nn::data::Files;
use nn::diagnostic::{Diagnostic, codes};
use nn::ir::spec::TargetFacts;
use nn::source::Source;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::f64::consts::{E, LN_2, PI};
use std::path::{Path, PathBuf};

/// What a number should be.
#[derive(Clone, Copy)]
enum Known {
    /// A closed form.
    Is(fn() -> f64),
    /// A closed form of the classes' training rows.
    Of(fn(&[f64]) -> f64),
    /// The golden of this name.
    Golden,
    /// The golden of this name, found by an iteration that stops at 1 in 1000: within 1 %.
    Iterated,
    /// The golden of this name after steps that double every difference: its logarithm, within 1 %.
    Grown,
    /// No finite number.
    Infinite,
}

use Known::{Golden, Grown, Infinite, Is, Iterated, Of};

/// Floors, statistics and sums are held to this, of themselves.
const EXACT: f64 = 1e-6;
const LOOSE: f64 = 1e-2;

/// A number's name, and what it should be.
type Number = (&'static str, Known);
/// A program, its rule, and all numbers of the report.
type Case = (&'static str, &'static str, &'static [Number]);

static CASES: &[Case] = &[
    // Outputs and floors.
    ("301_softmax_one", "NN301", &[("floor", Of(|n| share(n, 0))), ("constant", Of(|n| share(n, 0) * share(n, 1)))]),
    ("301_hidden", "NN301", &[]),
    // Logits of 0…1 at their best: 1 for the true class, 0 for the others.
    ("302_double_softmax", "NN302", &[("floor", Is(|| (1.0 + 2.0 / E).ln())), ("constant", Of(entropy))]),
    // The sigmoid of 0…1 is ½ at its least and e/(1 + e) at its most.
    (
        "302_double_sigmoid",
        "NN302",
        &[("floor", Of(|n| share(n, 0) * LN_2 + share(n, 1) * (1.0 + 1.0 / E).ln())), ("constant", Of(entropy))],
    ),
    ("302_relu_logits", "NN302", &[]),
    // Smoothing keeps the loss from 0 whatever the logits are: that is no floor of theirs.
    ("302_smoothed_logits", "NN302", &[]),
    ("303_log_domain", "NN303", &[("low", Infinite), ("high", Infinite)]),
    ("303_above_one", "NN303", &[("low", Is(|| 0.0)), ("high", Infinite)]),
    ("304_target_range", "NN304", &[("floor", Golden), ("constant", Golden)]),
    ("304_a_hair", "NN304", &[("floor", Golden), ("constant", Golden)]),
    ("304_distribution", "NN304", &[("floor", Golden), ("constant", Golden)]),
    ("305_loss_family", "NN305", &[("classes", Of(|n| n.len() as f64))]),
    ("305_absolute", "NN305", &[("classes", Is(|| 2.0))]),
    ("305_number", "NN305", &[("classes", Is(|| 2.0))]),
    ("306_output_labels", "NN306", &[("classes", Of(|n| n.len() as f64))]),
    // Rows of 0, 1, 2 and 3 labels of 3: 1, 3, 3 and 1 of them. None: ⅓ each, −ln ⅔; k: 1/k each, k ln k.
    (
        "306_tied_labels",
        "NN306",
        &[("floor", Is(|| (3.0 * 1.5f64.ln() + 3.0 * 2.0 * LN_2 + 3.0 * 3f64.ln()) / 24.0)), ("constant", Is(|| LN_2))],
    ),
    // The same in squares: ⅓², 2·½², 3·(⅔)².
    (
        "306_tied_squares",
        "NN306",
        &[("floor", Is(|| (3.0 / 9.0 + 3.0 * 2.0 / 4.0 + 3.0 * 4.0 / 9.0) / 24.0)), ("constant", Is(|| 0.25))],
    ),
    ("307_unnormalised_cross_entropy", "NN307", &[("low", Is(|| 0.0)), ("high", Is(|| 1.0))]),
    ("308_relu_output", "NN308", &[("floor", Golden), ("constant", Golden)]),
    ("308_reached", "NN308", &[("low", Golden), ("high", Golden)]),
    ("311_asymptote_target", "NN311", &[("share", Is(|| 1.0))]),
    ("311_ends_of_tanh", "NN311", &[("share", Is(|| 4.0 / 6.0))]),
    // Starts.
    ("401_symmetry", "NN401", &[("units", Is(|| 4.0)), ("weight", Is(|| 0.5))]),
    ("401_still", "NN401", &[("units", Is(|| 4.0)), ("weight", Is(|| 0.0))]),
    ("401_dropout", "NN401", &[("units", Is(|| 8.0)), ("weight", Is(|| 0.1))]),
    ("402_init_narrow", "NN402", &[("gain", Golden), ("linear_fit", Golden), ("output_std", Golden)]),
    ("402_deep", "NN402", &[("gain", Golden), ("output_std", Golden)]),
    ("403_init_wide", "NN403", WIDE),
    ("403_learns", "NN403", WIDE),
    // Uniform between 0 and 1: the strength of what is shared, (2/π)·n·m²/σ², is that of 64 inputs, and of 2.
    (
        "404_init_off_centre",
        "NN404",
        &[
            ("mean", Is(|| 0.5)),
            ("std", Is(|| 12f64.sqrt().recip())),
            ("ratio", Is(|| 2.0 / PI * 64.0 * 0.25 * 12.0)),
            ("correlation", Golden),
        ],
    ),
    (
        "404_learns",
        "NN404",
        &[
            ("mean", Is(|| 0.5)),
            ("std", Is(|| 12f64.sqrt().recip())),
            ("ratio", Is(|| 2.0 / PI * 2.0 * 0.25 * 12.0)),
            ("correlation", Golden),
        ],
    ),
    // Uniform between −2 and 2, and Glorot's for 2 inputs and 4 units.
    (
        "405_init_scheme",
        "NN405",
        &[("std", Is(|| 2.0 / 3f64.sqrt())), ("scheme_std", Is(|| (2.0 / (2.0 + 4.0f64)).sqrt()))],
    ),
    // 2·2500 + 2500² + 2500 weights, and a bias for each unit.
    (
        "608_untried",
        "NN608",
        &[
            ("parameters", Is(|| 3.0 * 2500.0 + 2500.0 * 2500.0 + 5001.0)),
            ("multiply_adds", Is(|| 3.0 * 2500.0 + 2500.0 * 2500.0)),
        ],
    ),
    ("602_fades", "NN602", CHANGED),
    ("602_plateau", "NN602", CHANGED),
    // A thousand steps of adam make of the last digits of a tanh some of the loss.
    ("606_wins", "NN606", &[("last_loss", Golden), ("changed_loss", Iterated), ("base_loss", Golden)]),
    ("712_narrow", "NN712", &[("last_loss", Golden), ("changed_loss", Iterated), ("base_loss", Golden)]),
    ("406_bias_init", "NN406", &[]),
    ("406_rare_class", "NN406", RARE),
    ("504_imbalance", "NN406", RARE),
    ("407_saturated", "NN407", &[("saturated", Golden), ("input_rms", Golden)]),
    ("408_dead_units", "NN408", &[("dead", Golden), ("units", Is(|| 8.0))]),
    ("409_initial_loss", "NN409", &[("first_loss", Golden), ("base_loss", Golden)]),
    ("410_layer_gradient", "NN410", &[("slowest", Golden), ("fastest", Golden), ("ratio", Golden)]),
    // Columns.
    (
        "501_unscaled",
        "NN501",
        &[("largest_std", Golden), ("smallest_std", Golden), ("limit", Golden), ("limit_scaled", Golden)],
    ),
    ("501_size", "NN501", &[("min", Golden), ("max", Golden), ("limit", Golden), ("limit_scaled", Golden)]),
    ("501_offset", "NN501", &[("mean", Golden), ("std", Golden), ("limit", Golden), ("limit_scaled", Golden)]),
    ("502_constant_column", "NN502", &[("std", Is(|| 0.0))]),
    ("502_category", "NN502", &[("std", Is(|| 0.0))]),
    ("502_constant_target", "NN502", &[("std", Is(|| 0.0))]),
    ("502_nearly_constant_target", "NN502", &[("largest_share", Is(|| 24.0 / 25.0))]),
    ("504_imbalance", "NN504", SHARES),
    ("504_three_classes", "NN504", SHARES),
    // Adam's reach: |w| ≤ 2σ + η·steps through both layers; a tanh unit comes to 1 at most.
    (
        "505_target_scale",
        "NN505",
        &[("needed", Golden), ("reach", Is(|| 16.0 * (2.0 * (2.0f64 / 17.0).sqrt() + 0.3) + 0.3))],
    ),
    ("505_large", "NN505", &[("share", Golden), ("share_scaled", Iterated)]),
    ("../cases/d2", "NN505", &[("mean", Golden), ("std", Golden)]),
    // Two pairs of rows, one of each class: ln 2 for each of 4 rows of 22.
    ("506_contradictory_rows", "NN506", &[("rows", Is(|| 4.0)), ("floor", Is(|| 4.0 * LN_2 / 22.0))]),
    ("506_values", "NN506", &[("rows", Golden), ("floor", Golden)]),
    ("507_leakage", "NN507", &[("rows", Is(|| 30.0))]),
    ("507_validation_file", "NN507", &[("shared", Is(|| 10.0)), ("rows", Is(|| 12.0))]),
    ("507_test_file", "NN507", &[("shared", Is(|| 10.0)), ("rows", Is(|| 12.0))]),
    ("507_same_file", "NN507", &[("shared", Is(|| 10.0)), ("rows", Is(|| 10.0))]),
    // Twelve patients of five rows each; twelve rows held out.
    ("507_patients", "NN507", &[("shared", Is(|| 12.0)), ("rows", Is(|| 12.0)), ("distinct", Is(|| 12.0))]),
    // f32 has every 128th number from 2³⁰ on, and every 8th from 2²⁶ on.
    ("509_clock", "NN509", &[("min", Is(|| 1.7e9)), ("max", Is(|| 1.7e9 + 133.0)), ("steps", Is(|| 2.0))]),
    ("509_target", "NN509", &[("min", Is(|| 1e8)), ("max", Is(|| 1e8 + 117.0)), ("steps", Is(|| 15.0))]),
    // Rows with a hole, of 24: every third; and with the one without a target and the two of the other file.
    ("510_holes", "NN510", &[("left_out", Is(|| 8.0)), ("rows", Is(|| 24.0))]),
    ("510_target", "NN510", &[("left_out", Is(|| 11.0)), ("rows", Is(|| 28.0))]),
    ("508_id_as_number", "NN508", &[("distinct", Is(|| 30.0)), ("rows", Is(|| 30.0))]),
    ("508_huge", "NN508", &[("distinct", Is(|| 30.0)), ("rows", Is(|| 30.0))]),
    ("508_texts", "NN508", &[("distinct", Is(|| 24.0)), ("rows", Is(|| 30.0))]),
    // Rates and steps. The Hessian of a line's squares is twice [[E x², E x], [E x, 1]], of x = −8, −5, … 7.
    (
        "601_learning_rate_high",
        "NN601",
        &[
            ("largest_eigenvalue", Is(|| 2.0 * largest(26.5, -0.5, 1.0))),
            ("limit", Is(|| 1.0 / largest(26.5, -0.5, 1.0))),
            ("learning_rate", Is(|| 0.1)),
        ],
    ),
    (
        "601_risen",
        "NN601",
        &[
            ("learning_rate", Golden),
            ("first_loss", Golden),
            ("last_loss", Grown),
            ("base_loss", Golden),
            ("largest_eigenvalue", Iterated),
            ("limit", Iterated),
        ],
    ),
    (
        "601_broken",
        "NN601",
        &[
            ("learning_rate", Golden),
            ("first_loss", Golden),
            ("last_loss", Infinite),
            ("base_loss", Golden),
            ("largest_eigenvalue", Iterated),
            ("limit", Iterated),
        ],
    ),
    ("601_adam", "NN601", RUN),
    (
        "602_learning_rate_low",
        "NN602",
        &[
            ("learning_rate", Golden),
            ("first_loss", Golden),
            ("last_loss", Golden),
            ("base_loss", Golden),
            ("largest_eigenvalue", Iterated),
            ("limit", Iterated),
        ],
    ),
    ("602_adam", "NN602", RUN),
    ("604_steps", "NN604", &[("last_loss", Golden), ("longer_loss", Golden), ("base_loss", Golden)]),
    ("604_few", "NN604", &[("last_loss", Golden), ("longer_loss", Golden), ("base_loss", Golden)]),
    ("604_large_batch", "NN604", &[]),
    ("605_epsilon", "NN605", &[("epsilon", Is(|| 1e-60))]),
    ("605_drowns", "NN605", &[("epsilon", Is(|| 0.5)), ("gradient_median", Golden)]),
    ("606_penalty", "NN606", &[("penalty_gradient", Golden), ("loss_gradient", Golden)]),
    ("606_l1", "NN606", &[("penalty_gradient", Golden), ("loss_gradient", Golden)]),
    // Structure.
    ("701_collapses_to_linear", "NN701", &[("units", Is(|| 8.0))]),
    ("701_linear_target", "NN701", &[("units", Is(|| 4.0))]),
    ("702_double_activation", "NN702", &[("low", Is(|| 0.0)), ("high", Is(|| 1f64.tanh()))]),
    ("703_norm_bias", "NN703", &[("biases", Is(|| 8.0))]),
    ("703_default_bias", "NN703", &[("biases", Is(|| 8.0))]),
    ("711_no_gradient", "NN711", &[("weights", Is(|| 8.0 * 2.0 + 8.0))]),
    ("704_dropout_before_norm", "NN704", &[("rate", Is(|| 0.2))]),
    ("705_dropout_on_output", "NN705", &[("rate", Is(|| 0.2))]),
    ("706_dropout_rate", "NN706", &[("rate", Is(|| 0.5)), ("all", Is(|| 0.25))]),
    ("706_high_rate", "NN706", &[("rate", Is(|| 0.6))]),
    ("708_norm_batch_one", "NN708", &[("batch", Is(|| 1.0))]),
    ("708_last_row", "NN708", &[("batch", Is(|| 16.0)), ("rows", Is(|| 145.0))]),
    // √(n·σ²)/4 a layer: Glorot's σ² is 2/32 between layers of 16, and 2/17 before the last unit.
    (
        "710_deep_saturating",
        "NN710",
        &[("kept", Is(|| 0.25f64.powi(3) * (2.0f64 / 17.0).sqrt() / 4.0)), ("layers", Is(|| 4.0))],
    ),
];

const WIDE: &[Number] = &[("gain", Golden), ("saturated", Golden), ("first_loss", Golden), ("base_loss", Golden)];
/// A run, and the run with one thing changed.
const CHANGED: &[Number] = &[("last_loss", Golden), ("changed_loss", Golden), ("base_loss", Golden)];
const RARE: &[Number] = &[("share", Of(|n| share(n, 1))), ("log_odds", Of(|n| (n[1] / n[0]).ln()))];
const SHARES: &[Number] = &[
    ("largest_share", Of(|n| n.iter().fold(0.0f64, |a, &b| a.max(b)) / total(n))),
    ("smallest_share", Of(|n| n.iter().fold(f64::INFINITY, |a, &b| a.min(b)) / total(n))),
    ("effective_classes", Of(|n| entropy(n).exp())),
];
const RUN: &[Number] =
    &[("learning_rate", Golden), ("first_loss", Golden), ("last_loss", Golden), ("base_loss", Golden)];

/// Rules of design whose reports rest on no number, and one for the pedantic that says nothing unless asked.
const WORDS_ALONE: &[&str] = &["NN309", "NN503", "NN603"];

fn total(counts: &[f64]) -> f64 {
    counts.iter().sum()
}

fn share(counts: &[f64], class: usize) -> f64 {
    counts[class] / total(counts)
}

fn entropy(counts: &[f64]) -> f64 {
    counts.iter().map(|n| -n / total(counts) * (n / total(counts)).ln()).sum()
}

/// The larger eigenvalue of [[a, b], [b, d]].
fn largest(a: f64, b: f64, d: f64) -> f64 {
    f64::midpoint(a, d) + ((a - d).powi(2) / 4.0 + b * b).sqrt()
}

#[test]
fn every_number_is_what_it_is_otherwise_known_to_be() {
    let goldens = goldens();
    let mut wrong = Vec::new();
    for &(program, code, numbers) in CASES {
        let (found, counts) = checked(&format!("{program}.nn"));
        let Some(report) = found.iter().find(|d| d.code.to_string() == code) else {
            wrong.push(format!("{program}: no {code}"));
            continue;
        };
        let values = values(report);
        if values.keys().copied().collect::<BTreeSet<_>>() != numbers.iter().map(|n| n.0).collect() {
            wrong.push(format!("{program}: {code} prints {values:?}"));
            continue;
        }
        for &(name, known) in numbers {
            let golden = || {
                let value = goldens["programs"][program][name].as_f64();
                value.unwrap_or_else(|| panic!("no golden of {program}: {name}; evidence/make.py writes it"))
            };
            let value = values[name];
            let (expected, within) = match known {
                Is(form) => (form(), EXACT),
                Of(form) => (form(&counts), EXACT),
                Golden => (golden(), EXACT),
                Iterated => (golden(), LOOSE),
                Grown => (golden(), LOOSE),
                Infinite if value.is_infinite() => continue,
                Infinite => (f64::INFINITY, 0.0),
            };
            let (value, expected) =
                if matches!(known, Grown) { (value.ln(), expected.ln()) } else { (value, expected) };
            // Below, what rounding leaves of an exact 0. Written so that NaN fails.
            let near = (value - expected).abs() <= within * expected.abs().max(1e-9);
            if !near {
                wrong.push(format!("{program}: {code} {name} is {value}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Reports of all faulty programs, of the cases and of the rules' pages: each number of each is in the table.
#[test]
fn no_rule_prints_a_number_that_is_not_proved() {
    let mut proved: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (_, code, numbers) in CASES {
        proved.entry(code).or_default().extend(numbers.iter().map(|n| n.0));
    }
    let mut missing = BTreeSet::new();
    let mut printed: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for source in programs() {
        for report in check(&source, &[], &Beside).expect("no overrides").diagnostics {
            let code = report.code.to_string();
            for (name, _) in values(&report) {
                if !proved.get(code.as_str()).is_some_and(|names| names.contains(name)) {
                    missing.insert(format!("{code} {name} ({})", source.name()));
                }
                printed.entry(code.clone()).or_default().insert(name);
            }
        }
    }
    assert!(missing.is_empty(), "no evidence case for {missing:?}");
    let of_design = codes::RULES.iter().map(|r| r.code).filter(|c| (300..800).contains(&c.0)).map(|c| c.to_string());
    let (silent, spoken): (Vec<_>, Vec<_>) = of_design.partition(|c| printed.get(c).is_none_or(BTreeSet::is_empty));
    assert_eq!(silent, WORDS_ALONE, "rules that print no number");
    assert!(spoken.len() > 35, "{spoken:?}");
}

/// The number in a floor's message is the floor, to the digits that it is said with.
#[test]
fn messages_say_the_floor_that_they_rest_on() {
    let mut said = 0;
    for source in programs() {
        for report in check(&source, &[], &Beside).expect("no overrides").diagnostics {
            let Some(&floor) = values(&report).get("floor") else { continue };
            let text = format!("{} {}", report.message, report.notes.join(" "));
            let near = |word: &str| {
                let word = word.trim_matches(|c: char| !c.is_ascii_digit());
                word.parse::<f64>().is_ok_and(|n| (n - floor).abs() <= 5e-5 * floor)
            };
            assert!(!floor.is_finite() || text.split([' ', ':', ';']).any(near), "{floor}: {text}");
            said += usize::from(floor.is_finite());
        }
    }
    assert!(said >= 10, "{said}");
}

/// Mean-field gains and saturation against networks that were drawn and measured, for wide layers and inputs of ±1.
/// Width 64 and the drawing leave a few per cent.
#[test]
fn gains_and_saturation_are_those_of_drawn_networks() {
    let drawn = &goldens()["drawn"];
    for (name, layers, code) in [
        ("tanh_wide", "init = normal(0, 2.5)\n  repeat 2 { dense 64 tanh }", "NN403"),
        ("tanh_narrow", "init = normal(0, 0.005)\n  repeat 3 { dense 64 tanh }", "NN402"),
        ("sigmoid_wide", "init = normal(0, 5)\n  repeat 2 { dense 64 sigmoid }", "NN403"),
    ] {
        let text = format!(
            "data {{\n  target = y\n  table {{\n{}  }}\n}}\n\nnetwork {{\n  {layers}\n  dense 1 sigmoid\n}}\n\ntrain {{\n  \
             loss = binary_cross_entropy\n  optimizer = sgd\n  learning_rate = 0.01\n  epochs = 50\n  batch = all\n}}\n",
            orthogonal()
        );
        let found = check(&Source::new(name, text), &[], &Beside).expect("no overrides").diagnostics;
        let report = found.iter().find(|d| d.code.to_string() == code);
        let values = values(report.unwrap_or_else(|| panic!("{name}: {found:?}")));
        let of = |key: &str| drawn[name][key].as_f64().expect("a golden");
        let (gain, error) = (values["gain"], of("gain_error"));
        assert!((gain / of("gain") - 1.0).abs() <= 0.03 + 3.0 * error, "{name}: a gain of {gain}, not {}", of("gain"));
        if let Some(saturated) = values.get("saturated") {
            assert!((saturated - of("saturated")).abs() <= 0.01, "{name}: {saturated} saturated");
        }
    }
}

/// 64 rows of 64 inputs of ±1, each at right angles to all others, and labels of no pattern.
fn orthogonal() -> String {
    let names: Vec<String> = (0..64).map(|j| format!("x{j}")).collect();
    let mut table = format!("    {} y\n", names.join(" "));
    for i in 0..64u32 {
        let row: Vec<&str> = (0..64u32).map(|j| if (i & j).count_ones() % 2 == 0 { "1" } else { "-1" }).collect();
        table += &format!("    {} {}\n", row.join(" "), i * i % 7 % 2);
    }
    table
}

fn goldens() -> Value {
    let text = std::fs::read_to_string(root().join("tests/evidence/goldens.json")).expect("the goldens");
    serde_json::from_str(&text).expect("JSON")
}

fn values(report: &Diagnostic) -> BTreeMap<&'static str, f64> {
    report.evidence.iter().flat_map(|e| e.values.iter().copied()).collect()
}

/// The reports of a faulty program, and the training rows of each class of its target.
fn checked(program: &str) -> (Vec<Diagnostic>, Vec<f64>) {
    let path = root().join("tests/programs").join(program);
    let source = Source::new(program, std::fs::read_to_string(path).expect("the program"));
    let Checked { data, diagnostics, .. } = check(&source, &[], &Beside).expect("no overrides");
    let counts = match data.as_ref().map(|d| &d.facts().target) {
        Some(TargetFacts::Classes { counts, .. }) => counts.iter().map(|n| *n as f64).collect(),
        _ => Vec::new(),
    };
    (diagnostics, counts)
}

/// The faulty programs, the cases, and what the rules' pages show as wrong.
fn programs() -> Vec<Source> {
    let mut programs = Vec::new();
    for folder in ["tests/programs", "tests/cases"] {
        for entry in std::fs::read_dir(root().join(folder)).expect("the folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|e| e == "nn") && !path.display().to_string().ends_with(".good.nn") {
                let text = std::fs::read_to_string(&path).expect("the program");
                programs.push(Source::new(path.display().to_string(), text));
            }
        }
    }
    for rule in codes::RULES {
        let wrong = rule.page.split_once("\n## Wrong\n").and_then(|p| p.1.split_once("```nn\n"));
        if let Some((text, _)) = wrong.and_then(|p| p.1.split_once("```")) {
            programs.push(Source::new(rule.name, text));
        }
    }
    programs
}

/// The data files beside the faulty programs and the cases.
struct Beside;

impl Files for Beside {
    fn open(&self, path: &str) -> std::io::Result<Box<dyn std::io::Read>> {
        let beside: PathBuf = root().join("tests/programs").join(path);
        let path = if beside.exists() { beside } else { Path::new("tests/cases").join(path) };
        Ok(Box::new(std::fs::File::open(root().join(path))?))
    }
}
