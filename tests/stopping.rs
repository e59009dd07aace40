//! Early stopping and `plateau` against what they are to do, worked out here from the losses of a run that goes on:
//! when a run ends, which weights come back, and when the rate falls.

use std::io::Write;

use nn::check::{Depth, Loaded, Options, check_with};
use nn::data::{Dataset, Memory};
use nn::ir::Program;
use nn::ir::training::Stop;
use nn::source::Source;
use nn::tensor::Team;
use nn::train::machines::trainer;
use nn::train::stopping::{Stopping, Watch};
use nn::train::{Control, Ended, Event, Run};
use serde_json::Value;

use crate::common::{Done, Folder, run};

/// 14 rows of a bent line.
fn rows(from: usize) -> String {
    let mut text = "x,y\n".to_owned();
    for row in from..from + 14 {
        let x = row as f64 / 7.0 - 1.0;
        text += &format!("{x:.3},{:.3}\n", x * x * x - 0.4 * x + 0.2 * (5.0 * x).sin());
    }
    text
}

const PLAIN: &str = "dense 6 tanh\n dense 1";
const DROPPING: &str = "dense 8 tanh\n dropout 25%\n dense 1";
const NORMED: &str = "dense 8 tanh\n batch_norm\n dense 1";

/// A program whose rate makes its losses rise now and then.
fn text(held: &str, network: &str, train: &str) -> String {
    format!(
        "data \"rows.csv\" {{\n target = y\n{held}\n}}\nnetwork {{\n {network}\n}}\ntrain {{\n loss = mse\n optimizer = adam\n \
         seed = 3\n precision = f64\n{train}\n}}\n"
    )
}

fn program(held: &str, network: &str, train: &str) -> (Program, Dataset<f64>) {
    let files = Memory::new()
        .with("rows.csv", rows(0))
        .with("more.csv", rows(3))
        .with("huge.csv", "x,y\n0.5,1e300\n0.25,-1e300\n");
    let options = Options { depth: Depth::Language, ..Options::default() };
    let source = Source::new("test.nn", text(held, network, train));
    let checked = check_with(&source, &[], &files, options).expect("no override");
    match (checked.program, checked.data) {
        (Some(program), Some(Loaded::F64(data))) => (program, data),
        _ => panic!("{:#?}", checked.diagnostics),
    }
}

/// What is watched, and whether the weights that a loss is of are those before its epoch's step.
struct Case {
    name: &'static str,
    held: &'static str,
    network: &'static str,
    batch: &'static str,
    is_before: bool,
}

const fn case(
    name: &'static str,
    held: &'static str,
    network: &'static str,
    batch: &'static str,
    is_before: bool,
) -> Case {
    Case { name, held, network, batch, is_before }
}

const CASES: &[Case] = &[
    case("validation rows", " validation = \"more.csv\"", PLAIN, "all", false),
    case("validation rows, some steps", " validation = \"more.csv\"", DROPPING, "4", false),
    case("one step an epoch", "", PLAIN, "all", true),
    case("as many rows in a batch as there are", "", PLAIN, "14", true),
    case("one step with layers that draw", "", DROPPING, "all", false),
    case("one step with layers that couple rows", "", NORMED, "all", false),
    case("some steps", "", PLAIN, "5", false),
    case("some steps with running statistics", "", NORMED, "7", false),
];

impl Case {
    fn program(&self, train: &str) -> (Program, Dataset<f64>) {
        program(self.held, self.network, &format!(" learning_rate = 0.3\n batch = {}\n{train}", self.batch))
    }
}

/// Weights and running statistics.
type Weights = (Vec<f64>, Vec<f64>);

fn weights(run: &Run<'_, f64>) -> Weights {
    (run.machine().parameters.clone(), run.machine().state.clone())
}

/// A run that never stops early: what it watches in each epoch, and the weights before the first and after each.
fn series(case: &Case, epochs: u64) -> (Vec<f64>, Vec<Weights>) {
    let (program, data) = case.program(&format!(" stop = early(patience=10_000)\n epochs = {epochs}"));
    let mut run = Run::new(&program, &data, Team::solo());
    let (mut losses, mut all) = (Vec::new(), vec![weights(&run)]);
    while let Some(event) = run.advance(u64::MAX) {
        let Event::Epoch(epoch) = event else { continue };
        // One of the three, as the log has them.
        let watched = match (&epoch.validation, epoch.evaluated_loss) {
            (Some((loss, _)), None) => *loss,
            (None, Some(loss)) => loss,
            (None, None) => epoch.train_loss,
            (Some(_), Some(_)) => panic!("{}: two losses to watch", case.name),
        };
        assert_eq!(watched, epoch.watched());
        losses.push(watched);
        all.push(weights(&run));
    }
    assert!(matches!(run.ended(), Some(Ended::Epochs)));
    (losses, all)
}

/// The epoch, from 1, after which such losses end a run.
fn end(losses: &[f64], patience: usize, delta: f64) -> Option<usize> {
    let (mut lowest, mut since) = (f64::INFINITY, 0);
    for (k, loss) in losses.iter().enumerate() {
        if *loss < lowest - delta {
            (lowest, since) = (*loss, 0);
        } else {
            since += 1;
        }
        if since == patience {
            return Some(k + 1);
        }
    }
    None
}

/// The first epoch, from 1, of the least loss.
fn least(losses: &[f64]) -> usize {
    (0..losses.len()).fold(0, |best, k| if losses[k] < losses[best] { k } else { best }) + 1
}

#[test]
fn a_run_ends_when_it_should_and_the_weights_of_its_least_loss_come_back() {
    const EPOCHS: usize = 40;
    let (mut early, mut by_delta, mut within_delta) = (0, 0, 0);
    for case in CASES {
        let (losses, all) = series(case, EPOCHS as u64);
        for patience in [1, 2, 3, 5, 8] {
            for delta in [0.0, 0.004, 0.05] {
                let name = format!("{}, patience {patience}, delta {delta}", case.name);
                let ends = end(&losses, patience, delta);
                let last = ends.unwrap_or(EPOCHS);
                let best = least(&losses[..last]);
                let (program, data) =
                    case.program(&format!(" stop = early({patience}, delta={delta})\n epochs = {EPOCHS}"));
                let mut run = Run::new(&program, &data, Team::solo());
                let mut epochs = 0;
                let ended = run.run(|event| {
                    epochs += usize::from(matches!(event, Event::Epoch(_)));
                    Control::Continue
                });
                assert_eq!(epochs, last, "{name}: {losses:?}");
                let says = if ends.is_some() { "early_stop" } else { "epochs" };
                assert_eq!(ended.reason(), says, "{name}");
                if let Ended::Early { best: said } = ended {
                    assert_eq!(said, best as u64, "{name}");
                }
                assert_eq!(run.best(), Some(best as u64), "{name}");
                assert!(weights(&run) == all[best - usize::from(case.is_before)], "{name}: other weights came back");
                // The value named as best is what the weights are worth.
                let rows = if data.validation.is_empty() { &data.train } else { &data.validation };
                let (worth, named) = (run.evaluate(rows).loss, losses[best - 1]);
                assert!((worth - named).abs() < 1e-12 * named, "{name}: {worth} for {named}");
                early += usize::from(ends.is_some());
                by_delta += usize::from(ends != end(&losses, patience, 0.0));
                // The best is better than what the waiting is counted from.
                within_delta += usize::from(delta > 0.0 && best + patience != last);
            }
        }
    }
    // Both at once: the last epoch is the one that has waited long enough.
    let (losses, _) = series(&CASES[2], EPOCHS as u64);
    let ends = end(&losses, 2, 0.0).expect("it rises");
    let (program, data) = CASES[2].program(&format!(" stop = early(2)\n epochs = {ends}"));
    assert_eq!(Run::new(&program, &data, Team::solo()).run(|_| Control::Continue).reason(), "early_stop");
    assert!(early > 60 && by_delta > 5 && within_delta > 5, "cases of each kind: {early} {by_delta} {within_delta}");
}

#[test]
fn the_best_weights_come_back_from_an_interrupt() {
    for case in CASES {
        let (losses, all) = series(case, 20);
        for stop in [1, 4, 9, 15] {
            let (program, data) = case.program(" stop = early(patience=100)\n epochs = 20");
            let mut run = Run::new(&program, &data, Team::solo());
            let ended = run.run(|event| match event {
                Event::Epoch(epoch) if epoch.epoch == stop => Control::Stop,
                Event::Epoch(_) | Event::Progress { .. } => Control::Continue,
            });
            assert!(matches!(ended, Ended::Interrupted), "{}", case.name);
            // The epoch that was just told counts.
            let best = least(&losses[..stop as usize]);
            assert_eq!(run.best(), Some(best as u64), "{}", case.name);
            assert!(weights(&run) == all[best - usize::from(case.is_before)], "{} at {stop}", case.name);
        }
    }
    // Without a stopping rule, or before an epoch is done, what was reached stays.
    let (program, data) = program("", PLAIN, " learning_rate = 0.3\n batch = 4\n epochs = 20");
    let mut run = Run::new(&program, &data, Team::solo());
    run.advance(2);
    let reached = weights(&run);
    assert!(matches!(run.interrupt(), Ended::Interrupted) && run.best().is_none());
    assert!(weights(&run) == reached);
}

#[test]
fn a_loss_that_is_no_number_is_never_a_fall() {
    let train = " learning_rate = 0.01\n batch = all\n stop = early(patience=3)\n epochs = 50";
    let (program, data) = program(" validation = \"huge.csv\"", PLAIN, train);
    let mut run = Run::new(&program, &data, Team::solo());
    let mut losses = Vec::new();
    let ended = run.run(|event| {
        if let Event::Epoch(epoch) = event {
            losses.push(epoch.watched());
        }
        Control::Continue
    });
    assert!(losses.iter().all(|l| !l.is_finite()), "{losses:?}");
    assert!(matches!(ended, Ended::Early { best: 1 }) && losses.len() == 3, "{ended:?} {losses:?}");
}

/// Of losses that are no numbers and equal ones the first are kept; any number is better than none.
#[test]
fn the_first_of_the_least_losses_is_the_best() {
    let (program, data) = program("", PLAIN, " learning_rate = 0.3\n batch = all\n epochs = 2");
    let machine = trainer::<f64>(&program, data.train.len(), Team::solo());
    let rule = Stop { patience: 3, delta: 1.0, span: None };
    let mut stopping = Stopping::new(rule, Watch::Validation);
    let told = [
        (f64::NAN, 1),
        (f64::NAN, 1),
        (f64::INFINITY, 3),
        (f64::INFINITY, 3),
        (5.0, 5),
        (f64::NAN, 5),
        (5.0, 5),
        (4.5, 8),
        (4.5, 8),
    ];
    for (epoch, (loss, best)) in (1..).zip(told) {
        stopping.observe(&machine, epoch, loss);
        assert_eq!(stopping.best(), Some(best), "after epoch {epoch}");
    }
}

/// The rates that a `plateau` gives, from the losses it watched.
fn plateau(losses: &[f64], rate: f64, factor: f64, patience: usize) -> Vec<f64> {
    let (mut lowest, mut since, mut falls) = (f64::INFINITY, 0, 0);
    losses
        .iter()
        .map(|loss| {
            let now = rate * factor.powi(falls);
            if *loss < lowest {
                (lowest, since) = (*loss, 0);
            } else {
                since += 1;
            }
            if since == patience {
                (since, falls) = (0, falls + 1);
            }
            now
        })
        .collect()
}

#[test]
fn plateau_lowers_the_rate_when_the_loss_has_not_fallen() {
    let mut falls = 0;
    for case in CASES {
        for patience in [1, 2, 4] {
            // What early stopping watches is not always what the schedule does.
            for stop in ["", " stop = early(patience=1000)\n"] {
                let train = format!(
                    " learning_rate = plateau(0.4, factor=0.5, patience={patience})\n batch = {}\n{stop} epochs = 25",
                    case.batch
                );
                let (program, data) = program(case.held, case.network, &train);
                let mut run = Run::new(&program, &data, Team::solo());
                let (mut losses, mut rates) = (Vec::new(), Vec::new());
                run.run(|event| {
                    if let Event::Epoch(epoch) = event {
                        losses.push(epoch.validation.as_ref().map_or(epoch.train_loss, |v| v.0));
                        rates.push(epoch.learning_rate);
                    }
                    Control::Continue
                });
                assert_eq!(rates, plateau(&losses, 0.4, 0.5, patience), "{}, patience {patience}", case.name);
                falls += usize::from(rates[24] < rates[0]);
            }
        }
    }
    assert!(falls > 24, "the rate falls in {falls} runs");
}

/// Trains in a folder; gives what was said and the log.
fn trained(folder: &Folder, train: &str, held: &str) -> (Done, Vec<Value>) {
    let mut file = std::fs::File::create(folder.path("a.nn")).expect("a file");
    file.write_all(text(held, PLAIN, train).as_bytes()).expect("written");
    let done = run(&["train", &folder.text("a.nn"), "-q", "--log", &folder.text("log.jsonl")]);
    assert_eq!(done.code, 0, "{}", done.err);
    let log = std::fs::read_to_string(folder.path("log.jsonl")).expect("a log");
    (done, log.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect())
}

/// As users see it: the epoch that is named has the least loss in the log, and `nn eval` gives it for the model.
#[test]
fn the_loss_named_as_best_is_what_eval_gives_for_the_model() {
    let folder = Folder::new().with("rows.csv", rows(0)).with("more.csv", rows(3));
    for (key, held, file, batch) in [
        ("train_loss", "", "rows.csv", "all"),
        ("evaluated_loss", "", "rows.csv", "4"),
        ("validation_loss", " validation = \"more.csv\"", "more.csv", "4"),
    ] {
        for (patience, epochs, reason) in [(3, 300, "early_stop"), (1000, 30, "epochs")] {
            let train =
                format!(" learning_rate = 0.3\n batch = {batch}\n epochs = {epochs}\n stop = early({patience})");
            let (done, log) = trained(&folder, &train, held);
            let (last, lines) = log.split_last().expect("lines");
            assert_eq!(last["reason"], reason, "{key}");
            let losses: Vec<f64> = lines.iter().map(|line| line[key].as_f64().expect("a loss")).collect();
            for other in ["evaluated_loss", "validation_loss"] {
                assert!(key == other || lines[0].get(other).is_none(), "{key}: {other} is in the log");
            }
            let best = least(&losses);
            let says = format!("the weights of epoch {best} are back\n");
            assert_eq!(done.out.contains(&says), best < losses.len(), "{key} {losses:?}: {}", done.out);
            assert_eq!(done.out.contains("stopped early; "), reason == "early_stop", "{key}: {}", done.out);
            if reason == "early_stop" {
                assert_eq!(losses.len(), best + patience, "{key}: {losses:?}");
            }
            let eval = run(&["eval", &folder.text("a.safetensors"), &folder.text(file), "--format", "json"]);
            let eval: Value = serde_json::from_str(&eval.out).expect("JSON");
            let (worth, named) = (eval["loss"].as_f64().expect("a loss"), losses[best - 1]);
            assert!((worth - named).abs() < 1e-12 * named, "{key}, {reason}: {worth} for {named}");
        }
    }
}
