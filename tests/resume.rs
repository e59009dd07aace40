//! A run that is stopped between any two steps, written out, read back and taken up again ends with the same bits as
//! one that was never stopped: weights, losses, metrics and how it ended.

use nn::catalog::Precision;
use nn::catalog::optimizers::OPTIMIZERS;
use nn::catalog::schedules::SCHEDULES;
use nn::check::{Depth, Loaded, Options, check_with};
use nn::data::{Dataset, Memory};
use nn::engine::Machine;
use nn::ir::Program;
use nn::source::Source;
use nn::tensor::{Purpose, Stream, Team};
use nn::train::machines::trainer;
use nn::train::stepper::{Course, DataFeed, Feed, Stepper};
use nn::train::{Ended, Event, Run, State};

/// A program over 10 rows, those that `data` holds out among them, 4 a step unless `train` says otherwise.
fn program(target: &str, data: &str, network: &str, train: &str) -> (Program, Loaded) {
    let mut text = format!("data {{\n target = y\n{data}\n table {{\n a b y\n");
    for row in 0..10 {
        let (a, b) = (f64::from(row * 7 % 10) / 5.0 - 1.0, f64::from(row * 3 % 10) / 5.0 - 1.0);
        let y = match target {
            "classes" => format!("c{}", row % 3),
            _ => format!("{:.3}", a * b + 0.3 * a),
        };
        text += &format!(" {a} {b} {y}\n");
    }
    let setting = |key: &str, value: &str| {
        if train.contains(key) { String::new() } else { format!(" {key} = {value}\n") }
    };
    let loss = if target == "classes" { "cross_entropy" } else { "mse" };
    text += &format!(" }}\n}}\nnetwork {{\n{network}\n}}\ntrain {{\n{train}\n");
    for (key, value) in [
        ("loss", loss),
        ("optimizer", "adam"),
        ("learning_rate", "0.05"),
        ("epochs", "5"),
        ("batch", "4"),
        ("seed", "3"),
    ] {
        text += &setting(key, value);
    }
    text += "}\n";
    let options = Options { depth: Depth::Language, ..Options::default() };
    let checked =
        check_with(&Source::new("test.nn", text.as_str()), &[], &Memory::new(), options).expect("no override");
    match (checked.program, checked.data) {
        (Some(program), Some(data)) => (program, data),
        _ => panic!("{text}\n{:#?}", checked.diagnostics),
    }
}

/// Everything that a run tells and leaves behind, times left out, as text that shows every bit.
#[derive(Debug, PartialEq)]
struct Told {
    events: Vec<String>,
    weights: Vec<u64>,
    layer_state: Vec<u64>,
    ended: String,
}

fn bits<R: Precision>(values: &[R]) -> Vec<u64> {
    values.iter().map(|v| v.bits()).collect()
}

fn told(event: &Event<'_>) -> String {
    match event {
        Event::Progress { epoch, done, steps } => format!("{epoch}: {done} of {steps}"),
        Event::Epoch(e) => {
            let validation = e.validation.as_ref().map(|v| (v.0.to_bits(), &v.1));
            let (rate, loss, after) = (e.learning_rate, e.train_loss, e.evaluated_loss.map(f64::to_bits));
            // Digits of a finite f64 in Rust's own form read back to it.
            format!("{} {} {rate:?} {loss:?} {after:?} {:?} {validation:?}", e.epoch, e.step, e.metrics)
        }
    }
}

/// Advances step by step to the end.
fn finish<R: Precision>(run: &mut Run<'_, R>, mut events: Vec<String>) -> Told {
    while let Some(event) = run.advance(1) {
        events.push(told(&event));
    }
    let ended = run.ended().expect("it ended");
    let best = run.best();
    Told {
        events,
        weights: bits(&run.machine().parameters),
        layer_state: bits(&run.machine().state),
        ended: format!("{} {best:?} {:?} {:?}", ended.reason(), run.train_loss(), run.validation_loss()),
    }
}

/// Stops the run after every event, and compares its other half with that of the run that was never stopped.
fn stops_anywhere<R: Precision>(name: &str, program: &Program, data: &Dataset<R>, threads: [usize; 2]) -> usize {
    let whole = finish(&mut Run::new(program, data, Team::new(threads[0])), Vec::new());
    assert!(!whole.ended.starts_with("diverged"), "{name}: it is to be a sound run");
    for stop in 0..=whole.events.len() {
        let mut run = Run::new(program, data, Team::new(threads[0]));
        let events = (0..stop).map(|_| told(&run.advance(1).expect("as many events"))).collect();
        let state = run.state().expect("it did not diverge");
        let text = serde_json::to_string(&state).expect("writes");
        let read: State<R> = serde_json::from_str(&text).expect("reads");
        assert_eq!(serde_json::to_string(&read).expect("writes"), text, "{name}, after {stop} events");
        let mut again = Run::resume(program, data, Team::new(threads[1]), read)
            .unwrap_or_else(|e| panic!("{name}, after {stop} events: {e}"));
        assert_eq!(finish(&mut again, events), whole, "{name}, stopped after {stop} events");
        // Where it ended it can still be written out, as the last step left it.
        assert_eq!(again.state().map(|s| s.steps.done), Some(again.steps()), "{name}");
    }
    whole.events.len()
}

fn check(name: &str, program: &Program, data: &Loaded, threads: [usize; 2]) -> usize {
    match data {
        Loaded::F32(data) => stops_anywhere(name, program, data, threads),
        Loaded::F64(data) => stops_anywhere(name, program, data, threads),
    }
}

const PLAIN: &str = "dense 5 tanh\n dense 1";
const MIXED: &str = "dense 6 relu\n batch_norm\n dropout 30%\n residual { dense 6 tanh\n dropout 20% }\n layer_norm";

#[test]
fn with_every_optimizer() {
    for kind in OPTIMIZERS {
        let name = kind.signature.name;
        let mut choices =
            vec![name.to_owned(), kind.signature.example.split_once("= ").expect("a setting").1.to_owned()];
        choices.extend((name == "sgd").then(|| "sgd(momentum=0.9, nesterov=true)".to_owned()));
        for choice in choices {
            for precision in ["f32", "f64"] {
                let all = if choice.starts_with("lbfgs") { "\n batch = all\n epochs = 9" } else { "" };
                let train = format!("optimizer = {choice}\n learning_rate = 0.03\n precision = {precision}{all}");
                let (program, data) = program("values", "", PLAIN, &train);
                assert!(check(&choice, &program, &data, [1, 1]) > 15);
            }
        }
    }
}

#[test]
fn with_every_schedule() {
    for kind in SCHEDULES {
        let example = kind.signature.example;
        let name = kind.signature.name;
        let mut choices = vec![example.to_owned()];
        if name == "plateau" {
            // Falls soon, and more than once.
            choices.push("learning_rate = plateau(0.9, factor=0.5, patience=1, warmup=1)".to_owned());
        }
        for choice in choices {
            for held in ["", " validation = 30%"] {
                let (program, data) = program("values", held, PLAIN, &format!("{choice}\n epochs = 7"));
                check(&choice, &program, &data, [1, 1]);
            }
        }
    }
}

#[test]
fn with_layers_that_draw_and_layers_that_remember() {
    for precision in ["f32", "f64"] {
        for shuffle in ["true", "false"] {
            for batch in ["2", "4", "all", "1"] {
                let last = if batch == "1" { "dense 5 tanh\n dropout 50%" } else { MIXED };
                let network = format!("{last}\n dense classes softmax");
                let train = format!(
                    "precision = {precision}\n shuffle = {shuffle}\n batch = {batch}\n epochs = 3\n l2 = 0.001\n \
                     clip_norm = 0.5\n class_weights = balanced\n metrics = [accuracy, f1, confusion]"
                );
                for held in ["", " validation = 30%\n test = 10%"] {
                    let (program, data) = program("classes", held, &network, &train);
                    check(&train, &program, &data, [1, 2]);
                }
            }
        }
    }
}

#[test]
fn with_early_stopping() {
    let mut early = 0;
    for held in ["", " validation = 30%"] {
        for (batch, steps) in [("all", 1), ("4", if held.is_empty() { 3 } else { 2 })] {
            for network in [PLAIN, "dense 5 relu\n batch_norm\n dropout 20%\n dense 1"] {
                for stop in ["early(patience=1)", "early(patience=3, delta=0.02)", "early(patience=50)"] {
                    // High enough to rise now and then.
                    let train = format!("stop = {stop}\n batch = {batch}\n learning_rate = 0.4\n epochs = 12");
                    let (program, data) = program("values", held, network, &train);
                    early += usize::from(check(&train, &program, &data, [1, 1]) < 12 * (steps + 1));
                }
            }
        }
    }
    assert!(early > 4, "some runs stop early");
}

#[test]
fn on_other_threads() {
    // Large enough that threads share the work.
    for network in ["dense 300 relu\n dense 200 tanh\n dense 1", "dense 300 relu\n batch_norm\n dropout 20%\n dense 1"]
    {
        for precision in ["f32", "f64"] {
            let train = format!("precision = {precision}\n batch = all\n epochs = 2");
            let (program, data) = wide(network, &train);
            for threads in [[1, 2], [2, 1]] {
                check(network, &program, &data, threads);
            }
        }
    }
}

/// A program over 64 rows.
fn wide(network: &str, train: &str) -> (Program, Loaded) {
    let text = format!(
        "data sine(samples=64) {{\n}}\nnetwork {{\n{network}\n}}\ntrain {{\n loss = mse\n optimizer = adam\n \
         learning_rate = 0.01\n seed = 1\n{train}\n}}\n"
    );
    let options = Options { depth: Depth::Language, ..Options::default() };
    let checked =
        check_with(&Source::new("test.nn", text.as_str()), &[], &Memory::new(), options).expect("no override");
    (checked.program.expect("sound"), checked.data.expect("rows"))
}

/// A state as JSON with one change is no state of this run, and says why.
#[test]
fn what_does_not_fit_is_refused() {
    let train = "stop = early(patience=3)\n precision = f64";
    let (here, loaded) = program("values", " validation = 30%", PLAIN, train);
    let Loaded::F64(data) = &loaded else { panic!("f64") };
    let mut run = Run::new(&here, data, Team::solo());
    for _ in 0..4 {
        run.advance(1);
    }
    let state = run.state().expect("sound");
    let good = serde_json::to_value(&state).expect("writes");
    let refused = |value: serde_json::Value| -> String {
        match serde_json::from_value::<State<f64>>(value) {
            Ok(state) => Run::resume(&here, data, Team::solo(), state).expect_err("it does not fit"),
            Err(error) => error.to_string(),
        }
    };
    let zeros = serde_json::json!([0, 0, 0, 0]);
    let cases: &[(&str, serde_json::Value, &str)] = &[
        ("/steps/parameters", "00".into(), "hexadecimal"),
        ("/steps/parameters", "0000000000000000".into(), "1 weights"),
        ("/steps/slots", "".into(), "0 numbers of the optimizer"),
        ("/steps/layer_state", "0000000000000000".into(), "running statistics"),
        ("/steps/streams", serde_json::json!([]), "0 layers"),
        ("/steps/streams/0", zeros.clone(), "all zeros"),
        ("/steps/shuffle", zeros, "all zeros"),
        ("/steps/order/0", 77.into(), "other rows"),
        ("/steps/order", serde_json::json!([0]), "1 training rows"),
        ("/steps/at", 2.into(), "not at a step"),
        ("/steps/done", 9.into(), "not at a step"),
        ("/in_epoch", 3.into(), "not at a step"),
        ("/epoch", u64::MAX.into(), "not at a step"),
        ("/train_loss", "".into(), "losses"),
        ("/validation_loss", "".into(), "losses"),
        ("/sums/score", serde_json::json!([1, 2]), "metrics"),
        ("/sums/score", serde_json::json!([1, 2, 3, 4]), "metrics"),
        ("/sums/score/0", u64::MAX.into(), "metrics"),
        ("/sums/score/3", u64::MAX.into(), "metrics"),
        ("/steps/schedule/waited", u64::MAX.into(), "for longer than it ran"),
        ("/stopping/waiting/waited", u64::MAX.into(), "for longer than it ran"),
        ("/stopping/best/epoch", u64::MAX.into(), "for longer than it ran"),
        ("/stopping", serde_json::Value::Null, "this run stops early"),
        ("/stopping/best/parameters", "".into(), "another network"),
        ("/stopping/best/layer_state", "0000000000000000".into(), "another network"),
    ];
    for (at, value, says) in cases {
        let mut changed = good.clone();
        *changed.pointer_mut(at).unwrap_or_else(|| panic!("{at}")) = value.clone();
        let sentence = refused(changed);
        assert!(sentence.contains(says), "{at}: {sentence}");
    }
    let (other, loaded) = program("values", " validation = 30%", PLAIN, "precision = f64");
    let Loaded::F64(data) = &loaded else { panic!("f64") };
    let sentence = Run::resume(&other, data, Team::solo(), state).expect_err("it does not stop early");
    assert!(sentence.contains("this one does not"), "{sentence}");
}

/// A run that ended is taken up by one with more epochs: as if it had been that long from the start.
#[test]
fn a_longer_run_goes_on_from_where_a_shorter_one_ended() {
    for stop in ["", "stop = early(patience=100)"] {
        for batch in ["4", "all"] {
            let train = |epochs: u64| format!("{stop}\n learning_rate = 0.3\n batch = {batch}\n epochs = {epochs}");
            let network = "dense 5 tanh\n batch_norm\n dense 1";
            let (short, loaded) = program("values", "", network, &train(3));
            let (long, _) = program("values", "", network, &train(9));
            let Loaded::F32(data) = &loaded else { panic!("f32") };
            let mut first = Run::new(&short, data, Team::solo());
            let events = finish(&mut first, Vec::new()).events;
            let state = first.state().expect("sound");
            let mut second = Run::resume(&long, data, Team::solo(), state).expect("it fits");
            let whole = finish(&mut Run::new(&long, data, Team::solo()), Vec::new());
            assert_eq!(finish(&mut second, events), whole, "{stop} {batch}");
        }
    }
}

/// Nothing goes on from weights that are not finite.
#[test]
fn a_run_that_diverged_has_no_state() {
    let train = "optimizer = sgd\n learning_rate = 1e30\n epochs = 50";
    let (diverging, loaded) = program("values", "", PLAIN, train);
    let Loaded::F32(data) = &loaded else { panic!("f32") };
    let mut run = Run::new(&diverging, data, Team::solo());
    while run.advance(u64::MAX).is_some() {}
    assert!(matches!(run.ended(), Some(Ended::Diverged(_))));
    assert!(run.state().is_none() && run.advance(1).is_none());
    assert!(matches!(run.interrupt(), Ended::Diverged(_)), "it stays what it was");
    // The weights of the first step are too large for the second, or no numbers any more.
    for (rate, batch, steps, says) in [
        ("1e30", "all", 1, "the loss is not a finite number at step 2"),
        ("3e38", "all", 1, "are not finite after epoch 1"),
        ("1e30", "5", 1, "the loss is not a finite number at step 2"),
    ] {
        let train = format!("optimizer = sgd\n learning_rate = {rate}\n batch = {batch}\n l2 = 10\n epochs = 50");
        let (program, loaded) = program("values", "", PLAIN, &train);
        let Loaded::F32(data) = &loaded else { panic!("f32") };
        let mut run = Run::new(&program, data, Team::solo());
        let Ended::Diverged(diagnostic) = run.run(|_| nn::train::Control::Continue) else { panic!("{train}") };
        assert_eq!(run.steps(), steps, "{train}");
        assert!(diagnostic.message.contains(says), "{train}: {}", diagnostic.message);
    }
}

/// An epoch's numbers are of its own steps alone: with one step, they are what an evaluation before it gives.
#[test]
fn an_epoch_counts_its_own_rows() {
    let network = "dense 5 tanh\n dense classes softmax";
    let (program, loaded) = program("classes", "", network, "precision = f64\n batch = all\n learning_rate = 0.3");
    let Loaded::F64(data) = &loaded else { panic!("f64") };
    let mut run = Run::new(&program, data, Team::solo());
    for _ in 0..5 {
        let before = run.evaluate(&data.train);
        run.advance(1);
        let Some(Event::Epoch(epoch)) = run.advance(1) else { panic!("an epoch of one step") };
        assert!((epoch.train_loss - before.loss).abs() < 1e-14, "{} for {}", epoch.train_loss, before.loss);
        assert_eq!(epoch.metrics, before.metrics(&program.training.metrics));
    }
}

/// The time of an epoch goes on where it was, and begins anew with the next.
#[test]
fn an_epoch_takes_the_time_of_its_own_steps() {
    let (program, loaded) = program("values", "", PLAIN, "batch = 5");
    let Loaded::F32(data) = &loaded else { panic!("f32") };
    let mut run = Run::new(&program, data, Team::solo());
    run.advance(1);
    let mut state = run.state().expect("sound");
    state.sums.seconds = 1e6;
    let mut run = Run::resume(&program, data, Team::solo(), state).expect("it fits");
    let mut seconds = Vec::new();
    while let Some(event) = run.advance(1) {
        if let Event::Epoch(epoch) = event {
            seconds.push(epoch.seconds);
        }
    }
    assert!(seconds[0] > 1e6 && seconds[1..].iter().all(|s| (0.0..1e6).contains(s)), "{seconds:?}");
}

/// The run between two steps: how far it is, and that nothing but the number of steps at once differs.
#[test]
fn steps_may_be_taken_one_by_one_or_many_at_once() {
    let (program, loaded) =
        program("classes", " validation = 20%", &format!("{MIXED}\n dense classes softmax"), "batch = 2");
    let Loaded::F32(data) = &loaded else { panic!("f32") };
    let one = finish(&mut Run::new(&program, data, Team::solo()), Vec::new());
    let mut run = Run::new(&program, data, Team::solo());
    let mut events = Vec::new();
    let ended = run.run(|event| {
        events.push(told(&event));
        nn::train::Control::Continue
    });
    let epochs: Vec<&String> = one.events.iter().filter(|e| !e.contains(" of ")).collect();
    assert_eq!(events.iter().collect::<Vec<_>>(), epochs, "short epochs have no progress to tell");
    assert_eq!((bits(&run.machine().parameters), ended.reason()), (one.weights, "epochs"));
    let parts: Vec<String> =
        one.events.iter().take(5).map(|e| e.split(':').next_back().unwrap_or("").to_owned()).collect();
    assert_eq!(parts[..4], [" 1 of 4", " 2 of 4", " 3 of 4", " 4 of 4"]);
}

/// Of a long epoch parts are told, fifty at the most and no shorter than eight steps; the last is the epoch itself.
#[test]
fn progress_is_told_in_parts_of_an_epoch() {
    for (batch, told) in [(1, (1..15).map(|k| k * 8).collect()), (4, vec![8, 16, 24])] {
        let text = format!(
            "data sine(samples=120) {{\n}}\nnetwork {{\n dense 1\n}}\ntrain {{\n loss = mse\n learning_rate = 0.01\n \
             epochs = 2\n batch = {batch}\n}}\n"
        );
        assert_eq!(parts(&text), told);
    }
    let long = "data sine(samples=1020) {\n}\nnetwork {\n dense 1\n}\ntrain {\n loss = mse\n learning_rate = 0.01\n epochs = 2\n batch = 2\n}\n";
    assert_eq!(parts(long), (1..47).map(|k| k * 11).collect::<Vec<_>>(), "510 steps, 11 a part");
}

/// Steps done when a run of two like epochs tells its progress.
fn parts(text: &str) -> Vec<u64> {
    let options = Options { depth: Depth::Language, ..Options::default() };
    let checked = check_with(&Source::new("test.nn", text), &[], &Memory::new(), options).expect("no override");
    let (Some(program), Some(Loaded::F32(data))) = (checked.program, checked.data) else { panic!("{text}") };
    let mut parts = [Vec::new(), Vec::new()];
    let mut run = Run::new(&program, &data, Team::solo());
    // Who took some steps before changes nothing.
    run.advance(3);
    run.run(|event| {
        if let Event::Progress { epoch, done, .. } = event {
            parts[epoch as usize - 1].push(done);
        }
        nn::train::Control::Continue
    });
    let [first, second] = parts;
    assert_eq!(first, second);
    first
}

/// Notes the rows of each step.
struct Noting<'a>(DataFeed<'a, f32>, Vec<Vec<u32>>);

impl Feed<f32> for Noting<'_> {
    fn put(&mut self, machine: &mut Machine<'_, f32>, rows: &[u32]) {
        self.1.push(rows.to_vec());
        self.0.put(machine, rows);
    }
}

/// Every epoch sees every row once: in the data's order, or in an order of its own that hangs on the seed alone.
#[test]
fn an_epoch_sees_every_row_once() {
    for shuffle in [true, false] {
        let (program, loaded) =
            program("values", " validation = 20%", PLAIN, &format!("batch = 3\n shuffle = {shuffle}"));
        let Loaded::F32(data) = &loaded else { panic!("f32") };
        let mut order = data.train.clone();
        let mut stream = Stream::new(program.training.seed, Purpose::Shuffle);
        let course = Course::of(&program.training, order.len());
        let mut seen = Vec::new();
        let noting = Noting(DataFeed::new(&program, data), Vec::new());
        let machine = trainer(&program, course.batch, Team::solo());
        let mut stepper = Stepper::new(&program, machine, noting, order.clone(), course);
        for _ in 0..3 {
            for rows in [3, 3, 2] {
                assert_eq!(stepper.step().rows, rows);
            }
            if shuffle {
                stream.shuffle(&mut order);
            }
            assert_eq!(stepper.order(), order);
            seen.extend(order.chunks(3).map(<[u32]>::to_vec));
        }
        assert_eq!(stepper.feed().1, seen, "shuffle = {shuffle}");
    }
}
