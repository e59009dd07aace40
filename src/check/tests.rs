//! Rules ask kinds for facts, not for their names: kinds that no rule has heard of get every report that theirs earn.

use super::{Checked, Depth, Options, check_with};
use crate::data::Memory;
use crate::diagnostic::{Diagnostic, Level};
use crate::source::Source;

/// A program of one input x and a target y, whose rows are given.
fn program(rows: &str, network: &str, train: &str) -> Source {
    let rows = rows.replace(';', "\n");
    let text = format!(
        "data {{\n target = y\n table {{\n x y\n {rows}\n }}\n}}\nnetwork {{\n{network}\n}}\n\
         train {{\n{train}\n seed = 1\n}}\n"
    );
    Source::new("test.nn", text)
}

fn checked(rows: &str, network: &str, train: &str, depth: Depth) -> Checked {
    let options = Options { depth, ..Options::default() };
    check_with(&program(rows, network, train), &[], &Memory::new(), options).expect("no override")
}

/// What is found without running anything.
fn found(rows: &str, network: &str, train: &str) -> Vec<Diagnostic> {
    checked(rows, network, train, Depth::Quick).diagnostics
}

fn report<'a>(found: &'a [Diagnostic], code: &str) -> &'a Diagnostic {
    found.iter().find(|d| d.code.to_string() == code).unwrap_or_else(|| panic!("no {code} among {found:#?}"))
}

fn fixes(report: &Diagnostic) -> Vec<&str> {
    report.fixes.iter().flat_map(|f| &f.edits).map(|e| e.text.as_str()).collect()
}

const LINE: &str = "-1 -1.5; -0.5 -1; 0 0; 0.3 0.4; 0.5 1; 1 1.5";
const HIGH: &str = "-1 5; -0.5 4; 0 3; 0.5 4; 1 5; 2 9";
const CLASSES: &str = "-1 a; -0.5 a; 0 b; 0.5 b; 1 c; 2 c; 3 a; 4 b";
const QUARTIC: &str = "loss = quartic\n learning_rate = 0.01\n epochs = 20";
const SURPRISE: &str = "loss = surprise\n learning_rate = 0.01\n epochs = 20";

#[test]
fn an_unknown_loss_has_its_floor() {
    let found = found(HIGH, "dense 4 tanh\n dense 1 sigmoid", QUARTIC);
    let report = report(&found, "NN304");
    assert_eq!(report.level, Level::Error);
    // Each target is 1 at the nearest: the mean of (t − 1)⁴.
    let floor = [5.0, 4.0, 3.0, 4.0, 5.0, 9.0f64].iter().map(|t| (t - 1.0).powi(4)).sum::<f64>() / 6.0;
    let evidence = report.evidence.as_ref().expect("a proof");
    let stated = evidence.values.iter().find(|v| v.0 == "floor").expect("a floor").1;
    assert!((stated - floor).abs() < 1e-9 * floor, "{stated}, not {floor}");
    assert!(fixes(report).contains(&"linear"));
}

#[test]
fn an_unknown_loss_of_distances_is_told_from_one_of_classes() {
    let distances = found(CLASSES, "dense 4 tanh\n dense classes softmax", QUARTIC);
    assert!(fixes(report(&distances, "NN305")).contains(&"cross_entropy"));
    let chances = found(CLASSES, "dense 4 tanh\n dense classes softmax", SURPRISE);
    assert!(!chances.iter().any(|d| d.code.to_string() == "NN305"), "{chances:#?}");
}

#[test]
fn an_unknown_loss_of_probabilities_takes_no_others() {
    let any = found(CLASSES, "dense 4 tanh\n dense classes", SURPRISE);
    assert_eq!(fixes(report(&any, "NN303")), [" softmax"]);
    let free = found(CLASSES, "dense 4 tanh\n dense classes sigmoid", SURPRISE);
    let report = report(&free, "NN307");
    assert!(report.message.starts_with("`surprise` of 3 free `sigmoid` outputs"), "{}", report.message);
}

#[test]
fn an_unknown_loss_has_a_dead_output_and_one_sure_thing() {
    report(&found(LINE, "dense 4 tanh\n dense 1 relu", QUARTIC), "NN308");
    report(&found(LINE, "dense 4 tanh\n dense 1 softmax", QUARTIC), "NN301");
}

#[test]
fn an_unknown_layers_own_start_is_honoured_and_told() {
    let start = |options: &str, setting: &str| {
        let network = format!("{setting}\n mix: blend 3 tanh {options}\n dense 1");
        let checked = checked(LINE, &network, "loss = mse\n learning_rate = 0.01\n epochs = 2", Depth::Language);
        let program = checked.program.unwrap_or_else(|| panic!("{:#?}", checked.diagnostics));
        let (_, tensor) = program.network.tensors().next().expect("weights");
        format!("{} ~ {} {}", tensor.name, tensor.initializer, tensor.start)
    };
    assert_eq!(start("begin=constant(0.25)", ""), "mixture ~ constant 0.25");
    assert_eq!(start("begin=constant(0.25)", "init = zeros"), "mixture ~ constant 0.25");
    assert_eq!(start("", "init = zeros"), "mixture ~ zeros 0");
    assert_eq!(start("", ""), "mixture ~ uniform U(±0.05)");
}

#[test]
fn an_unknown_layers_faults_of_start_are_found_and_mended_by_its_own_start() {
    let symmetric = found(LINE, "blend 3 tanh begin=ones\n dense 1 init=ones", QUARTIC);
    assert_eq!(fixes(report(&symmetric, "NN401")), ["uniform(-0.05, 0.05)"], "its usual start");
    let wrong = found(LINE, "blend 3 tanh begin=uniform(1, -1)\n dense 1", QUARTIC);
    assert_eq!(fixes(report(&wrong, "NN105")), ["uniform(-1, 1)"]);
}

#[test]
fn an_unknown_layer_is_known_to_be_linear() {
    let two = found(LINE, "blend 3\n blend 4 tanh\n dense 1", QUARTIC);
    assert_eq!(fixes(report(&two, "NN701")), [" relu"], "behind its width");
    // Its width alone tells its shape, so that what follows is checked.
    let wide = found(CLASSES, "blend 3 tanh nonsense=1\n dense 7 softmax", SURPRISE);
    report(&wide, "NN202");
    let output = found(CLASSES, "dense 4 tanh\n blend 7 softmax", SURPRISE);
    assert_eq!(fixes(report(&output, "NN202")), ["classes"], "its width is found");
}

#[test]
fn an_unknown_optimizer_is_adaptive_to_every_rule() {
    let train = "loss = mse\n optimizer = signed\n learning_rate = 0.0001\n epochs = 3";
    let far = "0 500; 0.5 501; 1 507; 1.5 512; 2 514; 2.5 521";
    let checked = checked(far, "dense 4 tanh\n dense 1", train, Depth::Training);
    let reach = report(&checked.diagnostics, "NN505");
    assert!(reach.notes.iter().any(|n| n.contains("`signed` moves each weight by about the learning rate")));
    let program = checked.program.expect("warnings alone");
    assert_eq!(super::evidence::stability(&program), None);
    assert_eq!(super::stability_limit(&program, checked.data.as_ref().expect("rows")), None);
}

#[test]
fn an_unknown_activation_fades_saturates_and_reaches_its_ends() {
    let deep = "dense 4 ramp init=normal(0, 0.2)\n".repeat(6) + "dense 1";
    let faded = found(LINE, &deep, "loss = mse\n learning_rate = 0.01\n epochs = 20");
    let report_of_depth = report(&faded, "NN710");
    assert!(report_of_depth.message.starts_with("6 `ramp` layers"), "{}", report_of_depth.message);
    let out = found(HIGH, "dense 4 tanh\n dense 1 ramp", "loss = mse\n learning_rate = 0.01\n epochs = 20");
    report(&out, "NN304");
    // It has its ends: no target there is beyond reach.
    let ends = "-1 0; 0 1; 0.5 0.5; 1 1; 1.5 0.2";
    let reached = found(ends, "dense 4 tanh\n dense 1 ramp", "loss = mse\n learning_rate = 0.01\n epochs = 20");
    assert!(!reached.iter().any(|d| d.code.to_string() == "NN311"), "{reached:#?}");
}

/// What moves each weight by the same amount has no limit by curvature.
#[test]
fn bounded_steps_are_adaptive() {
    use crate::catalog::bind::Chosen;
    for kind in crate::catalog::optimizers::OPTIMIZERS {
        let optimizer = (kind.configure)(&Chosen::default(&kind.signature).arguments);
        assert!(!optimizer.is_bounded() || optimizer.stability().is_none(), "{}", kind.signature.name);
    }
}
