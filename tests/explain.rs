//! `nn why` and `nn trace` against what they claim: paths against backpropagation and differences over random networks,
//! the largest paths against all of them, traces against numbers of an independent program.

use crate::common::{Folder, done, nn, root, run};
use nn::check::{Checked, Depth, Loaded, Options, check_with};
use nn::data::{Dataset, Memory};
use nn::engine::{Machine, Plan};
use nn::explain::{Question, Row, Weight, Why, why};
use nn::ir::Program;
use nn::source::Source;
use nn::tensor::{Purpose, Stream, Team};
use nn::train::batch::BatchLoader;
use serde_json::Value;

/// A choice among some, from a stream.
fn pick<'t>(random: &mut Stream, of: &[&'t str]) -> &'t str {
    of[random.below(of.len() as u64) as usize]
}

const ACTIVATIONS: &[&str] =
    &["linear", "relu", "sigmoid", "tanh", "softmax", "leaky_relu(slope=0.1)", "elu", "gelu", "silu", "softplus"];

/// A network of 1 to 5 layers with whatever couples units in between, and a loss that fits.
fn random_program(seed: u64) -> String {
    let mut random = Stream::new(seed, Purpose::Generate);
    let depth = 1 + seed % 5;
    let mut lines = Vec::new();
    for layer in 1..depth {
        let width = 2 + random.below(3);
        // The list is gone through in turn, so that no activation is left to chance.
        let activation = ACTIVATIONS[((seed / 5 + layer) % ACTIVATIONS.len() as u64) as usize];
        lines.push(format!("h{layer}: dense {width} {activation} bias_init=uniform(-0.5, 0.5)"));
        match random.below(11) {
            0 => lines.push("layer_norm".to_owned()),
            1 => lines.push("batch_norm".to_owned()),
            2 => lines.push("dropout 30%".to_owned()),
            3 => lines.push(format!("residual {{\n    dense 3 tanh\n    layer_norm\n    dense {width}\n  }}")),
            4 => lines.push(format!(
                "residual {{\n    dense {width} silu\n    residual {{\n      dense {width}\n    }}\n  }}"
            )),
            6 => lines.push(format!("g{layer}: dense {width} sigmoid\n  multiply g{layer} h{layer}")),
            7 => lines.push(format!("s{layer}: dense 2 tanh from=input\n  concat h{layer} s{layer} input")),
            8 => lines.push(format!(
                "p{layer}: select [b] from=input\n  q{layer}: dense {width} silu\n  add h{layer} q{layer} h{layer}"
            )),
            9 => lines.push(format!(
                "r{layer}: tanh\n  m{layer}: multiply h{layer} r{layer} h{layer}\n  concat r{layer} m{layer}"
            )),
            _ => {}
        }
    }
    let bias = "bias_init=uniform(-0.5, 0.5)";
    let (target, out, loss) = match seed % 9 {
        0 => ("u, v", format!("dense 2 {bias}"), "mse"),
        1 => ("u, v", format!("dense 2 tanh {bias}"), "mae"),
        2 => ("u, v", format!("dense 2 softplus {bias}"), "huber(delta=0.3)"),
        3 => ("c", format!("dense classes softmax {bias}"), "cross_entropy"),
        4 => ("c", format!("dense classes {bias}\n  softmax"), "cross_entropy(label_smoothing=0.1)"),
        5 => ("c", format!("dense classes softmax {bias}\n  linear"), "cross_entropy"),
        6 => ("y", format!("dense 1 sigmoid {bias}"), "binary_cross_entropy"),
        7 => ("y", format!("dense 1 sigmoid {bias}"), "mse"),
        _ => ("u, v", format!("dense 2 softmax {bias}"), "mse"),
    };
    let ignore: Vec<&str> = ["u", "v", "c", "y"].into_iter().filter(|n| !target.split(", ").any(|t| t == *n)).collect();
    let weights = if seed % 9 == 3 && seed.is_multiple_of(2) { "  class_weights = [1, 2, 0.5]\n" } else { "" };
    let mut table = String::from("    a b u v c y\n");
    for row in 0..7 {
        let [a, b, u, v] = [0; 4].map(|_| random.uniform(-1.5, 1.5));
        table.push_str("    ");
        table.extend([a, b, u, v].map(|x| format!("{x:.2} ")));
        table.extend([["red", "green", "blue"][row % 3], if row % 2 == 0 { " 0\n" } else { " 1\n" }]);
    }
    format!(
        "data {{\n  target = [{target}]\n  ignore = [{}]\n  table {{\n{table}  }}\n}}\nnetwork {{\n  init = uniform(-1.2, 1.2)\n  {}\n  out: {out}\n}}\n\
         train {{\n  loss = {loss}\n  optimizer = {}\n  learning_rate = 0.1\n  epochs = 1\n  batch = all\n  precision = f64\n  seed = {seed}\n{weights}}}\n",
        ignore.join(", "),
        lines.join("\n  "),
        pick(&mut random, &["sgd", "adam", "adamw", "rmsprop", "sgd(momentum=0.9)"]),
    )
}

/// A program made ready, all weights its own.
struct Ready {
    program: Program,
    data: Dataset<f64>,
}

impl Ready {
    fn new(text: &str) -> Self {
        let source = Source::new("random.nn", text);
        let options = Options { depth: Depth::Language, ..Options::default() };
        let checked = check_with(&source, &[], &Memory::default(), options);
        let Checked { program, data, diagnostics } = checked.expect("no overrides");
        let messages: Vec<_> = diagnostics.iter().map(|d| &d.message).collect();
        let (Some(program), Some(Loaded::F64(data))) = (program, data) else { panic!("{messages:?}\n{text}") };
        Self { program, data }
    }

    fn machine(&self) -> Machine<'_, f64> {
        let training = &self.program.training;
        let plan = Plan::new(&self.program.network, 3, false);
        let mut machine =
            Machine::new(&self.program.network, plan, Some(training.optimizer.as_ref()), training.seed, Team::solo());
        // Norms and running statistics move off 1 and 0, where mistakes would hide.
        let mut random = Stream::new(training.seed, Purpose::Shuffle);
        machine.parameters.iter_mut().for_each(|w| *w += random.uniform(-0.2, 0.2));
        machine.state.iter_mut().for_each(|s| *s += random.uniform(0.0, 0.5));
        machine
    }

    fn rows(&self, machine: &mut Machine<'_, f64>, numbers: &[u32]) -> Vec<Row> {
        let filling = BatchLoader::new(&self.program);
        let row = |&n: &u32| {
            filling.fill(machine, &self.data, &[n]);
            let (inputs, targets) = (machine.input_mut().to_vec(), machine.target_mut().to_vec());
            Row { number: n as usize, inputs, targets, weight: machine.weights_mut()[0] }
        };
        numbers.iter().map(row).collect()
    }

    fn why(&self, name: &str, rows: &[u32], top: usize) -> Why {
        let mut machine = self.machine();
        let rows = self.rows(&mut machine, rows);
        let weight = Weight::find(name, &machine).unwrap_or_else(|e| panic!("{}: {}", e.message, e.help));
        let names = &self.program.facts.input_names;
        let question = Question { program: &self.program, input_names: names, weight: &weight, rows: &rows, top };
        why(&question, &mut machine).expect("an answer")
    }

    /// A weight of every tensor.
    fn weights(&self, random: &mut Stream) -> Vec<String> {
        let weight = |(node, tensor): (&nn::ir::Node, &nn::ir::network::TrainedTensor)| {
            let index: Vec<String> =
                tensor.shape.dimensions().iter().map(|&d| random.below(d as u64).to_string()).collect();
            format!("{}.{}[{}]", node.label, tensor.name, index.join(","))
        };
        self.program.network.tensors().map(weight).collect()
    }
}

/// Up to here all paths are listed.
const FEW: u128 = 3000;

fn near(a: f64, b: f64) -> bool {
    // Below 1e-6 a gradient is compared on the scale of the losses, which are near 1.
    (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1e-5)
}

#[test]
fn paths_backpropagation_and_differences_agree() {
    let (mut weights, mut enumerated, mut kinds) = (0, 0, std::collections::BTreeSet::new());
    for seed in 0..90 {
        let text = random_program(seed);
        let ready = Ready::new(&text);
        kinds.extend(ready.program.network.nodes.iter().map(nn::ir::Node::kind));
        kinds.extend(
            ready
                .program
                .network
                .nodes
                .iter()
                .filter_map(|n| n.activation().map(nn::catalog::activations::Activation::name)),
        );
        for name in ready.weights(&mut Stream::new(seed, Purpose::Split)) {
            let rows: &[u32] = if seed % 4 == 0 { &[0, 1, 2, 3, 4, 5, 6] } else { &[2] };
            let mut why = ready.why(&name, rows, 1);
            weights += 1;
            let countable = why.count <= FEW;
            if countable {
                enumerated += 1;
                why = ready.why(&name, rows, FEW as usize);
            }
            assert!(
                near(why.gradient, why.backpropagation),
                "{name}: {} {}\n{text}",
                why.gradient,
                why.backpropagation
            );
            let agrees = near(why.gradient, why.central_difference);
            assert!(agrees || !why.kinks.is_empty(), "{name}: {} {}\n{text}", why.gradient, why.central_difference);
            for path in &why.paths {
                let product: f64 = path.factors.iter().map(|f| f.value).product();
                assert!((product - path.product).abs() <= 1e-12 * product.abs(), "{name}: {path:?}");
            }
            if countable {
                assert_eq!(why.paths.len() as u128, why.count, "{name}\n{text}");
                let sum: f64 = why.paths.iter().map(|p| p.product).sum();
                assert!(near(sum, why.backpropagation), "{name}: {sum} {}\n{text}", why.backpropagation);
            }
        }
    }
    assert!(weights > 400 && enumerated > 200, "{weights} {enumerated}");
    let wanted = [
        "dense",
        "layer_norm",
        "batch_norm",
        "dropout",
        "residual",
        "relu",
        "sigmoid",
        "tanh",
        "softmax",
        "leaky_relu",
        "elu",
        "gelu",
        "silu",
        "softplus",
    ];
    let missing: Vec<_> = wanted.iter().filter(|k| !kinds.contains(**k)).collect();
    assert!(missing.is_empty(), "never met: {missing:?}");
}

#[test]
fn the_largest_paths_and_the_rest_are_all_paths() {
    for seed in 0..60 {
        let text = random_program(seed);
        let ready = Ready::new(&text);
        let rows: &[u32] = if seed % 3 == 0 { &[0, 1, 4] } else { &[1] };
        // The first weight that few enough paths lead from, so that all of them can be listed.
        let mut names = ready.weights(&mut Stream::new(seed, Purpose::Split)).into_iter();
        let Some(name) = names.find(|name| ready.why(name, rows, 1).count <= FEW) else { continue };
        let all = ready.why(&name, rows, FEW as usize);
        assert_eq!(all.rest.count, 0);
        for top in [1, 3, 10] {
            let some = ready.why(&name, rows, top);
            assert_eq!(some.paths.len(), top.min(all.paths.len()));
            assert_eq!(some.count, all.count);
            assert_eq!(some.rest.count, all.count - some.paths.len() as u128);
            for (a, b) in some.paths.iter().zip(&all.paths) {
                // Equal products may come in either order.
                assert!((a.product.abs() - b.product.abs()).abs() <= 1e-12 * b.product.abs(), "{name}\n{text}");
            }
            let rest: f64 = all.paths[some.paths.len()..].iter().map(|p| p.product).sum();
            assert!((some.rest.sum - rest).abs() <= 1e-12, "{name}: {} {rest}\n{text}", some.rest.sum);
            assert!((some.gradient - all.gradient).abs() <= 1e-12);
        }
        let falling = all.paths.windows(2).all(|p| p[0].product.abs() >= p[1].product.abs() * (1.0 - 1e-12));
        assert!(falling, "{name}\n{text}");
    }
}

/// The `train` block of a plain program, its settings to be put in.
fn xor(settings: &str) -> String {
    format!(
        "data {{\n  target = y\n  table {{\n    a b y\n    0 0 0\n    0 1 1\n    1 0 1\n    1 1 0\n  }}\n}}\n\
         network {{\n  init = uniform(-1, 1)\n  hidden: dense 2 tanh\n  out: dense 1 sigmoid\n}}\n\
         train {{\n  loss = mse\n  learning_rate = 0.5\n  epochs = 1\n  batch = all\n  shuffle = false\n  precision = f64\n  seed = 3\n  {settings}\n}}\n"
    )
}

#[test]
fn the_step_is_the_one_that_training_takes() {
    let cases = [
        "optimizer = sgd",
        "optimizer = sgd(momentum=0.9, nesterov=true)",
        "optimizer = adam",
        "optimizer = adamw(weight_decay=0.1)",
        "optimizer = rmsprop",
        "optimizer = sgd\n  l2 = 0.01\n  l1 = 0.02",
        "optimizer = sgd\n  clip_norm = 0.01\n  l2 = 0.3",
        // The first step of a rise over two epochs takes half the rate.
        "optimizer = sgd\n  learning_rate = warmup(0.5, 2)",
    ];
    for settings in cases {
        let text = xor(settings);
        let text = if settings.contains("rate") { text.replace("  learning_rate = 0.5\n", "") } else { text };
        let folder = Folder::new().with("xor.nn", text);
        let (program, model) = (folder.text("xor.nn"), folder.text("xor.safetensors"));
        assert_eq!(run(&["train", &program, "-o", &model, "--quiet"]).code, 0);
        for weight in ["hidden.weight[1,0]", "out.bias[0]"] {
            let before = object(&["why", &program, weight, "--row", "all"]);
            let after = object(&["why", &model, weight, "--row", "all"]);
            let (new, trained) = (before["update"]["new"].as_f64(), after["update"]["old"].as_f64());
            let off = (new.expect("a number") - trained.expect("a number")).abs();
            assert!(off <= 1e-14, "{settings}, {weight}: {new:?} {trained:?}");
        }
    }
}

/// One JSON object from standard output.
fn object(args: &[&str]) -> Value {
    let done = done(&nn().args(args).args(["--format", "json"]).output().expect("the binary runs"));
    assert_eq!(done.code, 0, "{args:?}: {}", done.err);
    serde_json::from_str(&done.out).unwrap_or_else(|e| panic!("{args:?}: {e}\n{}", done.out))
}

#[test]
fn json_has_what_is_promised() {
    let answer = object(&["why", "examples/xor.nn", "hidden.weight[1,0]", "--row", "2"]);
    for key in ["weight", "row", "loss", "gradient", "backpropagation", "central_difference", "paths", "rest", "update"]
    {
        assert!(!answer[key].is_null(), "{key}: {answer}");
    }
    for (object, keys) in [
        (&answer["paths"][0], ["neurons", "factors", "product"].as_slice()),
        (&answer["paths"][0]["factors"][0], &["name", "value"]),
        (&answer["rest"], &["count", "sum"]),
        (&answer["update"], &["old", "gradient", "learning_rate", "new"]),
    ] {
        assert!(keys.iter().all(|k| !object[*k].is_null()), "{keys:?}: {object}");
    }
    let answer = object(&["trace", "examples/xor.nn", "--row", "2"]);
    for key in ["row", "inputs", "layers", "loss"] {
        assert!(!answer[key].is_null(), "{key}: {answer}");
    }
}

#[test]
fn every_example_explains_its_weights() {
    for entry in std::fs::read_dir(root().join("examples")).expect("the examples") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|e| e != "nn") {
            continue;
        }
        let (file, label) = (path.display().to_string(), if path.ends_with("xor.nn") { "hidden" } else { "dense1" });
        for row in ["1", "all"] {
            let answer = object(&["why", &file, &format!("{label}.bias[1]"), "--row", row]);
            let number = |key: &str| answer[key].as_f64().expect("a number");
            assert!(near(number("gradient"), number("backpropagation")), "{file}: {answer}");
            let smooth = answer["notes"].to_string().find("kink").is_none();
            assert!(!smooth || near(number("gradient"), number("central_difference")), "{file}: {answer}");
        }
        assert_eq!(run(&["trace", &file, "--row", "1"]).code, 0);
    }
}

#[test]
fn traces_are_numpy_s() {
    let golden = std::fs::read_to_string(root().join("tests/traces/golden.json")).expect("the golden file");
    let golden: Value = serde_json::from_str(&golden).expect("JSON");
    let cases = golden.as_object().expect("cases");
    assert!(cases.len() >= 20);
    for (case, rows) in cases {
        let (program, weights) = (format!("tests/goldens/{case}.nn"), format!("tests/goldens/{case}.safetensors"));
        for golden in rows.as_array().expect("rows") {
            let row = golden["row"].to_string();
            let ours = object(&["trace", &program, "--weights", &weights, "--row", &row]);
            // `input` on a line of its own gives the same numbers another shape: it is no layer of NumPy's.
            let layers = ours["layers"].as_array().expect("layers").iter().filter(|l| l["kind"] != "input");
            let (layers, wanted) = (layers.collect::<Vec<_>>(), golden["layers"].as_array().expect("layers"));
            assert_eq!(layers.len(), wanted.len(), "{case}");
            for (ours, wanted) in layers.into_iter().zip(wanted) {
                assert_eq!(ours["name"], wanted["name"], "{case}");
                for key in ["weighted_sum", "activated"] {
                    let Some(wanted) = wanted[key].as_array() else { continue };
                    let ours = ours[key].as_array().unwrap_or_else(|| panic!("{case}: no {key} in {ours}"));
                    assert_eq!(ours.len(), wanted.len(), "{case}");
                    for (a, b) in ours.iter().zip(wanted) {
                        let (a, b) = (a.as_f64().expect("a number"), b.as_f64().expect("a number"));
                        assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{case} row {row} {key}: {a} {b}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_name_that_is_none_is_told_what_there_is() {
    let cases = [
        ("hiden.weight[0,0]", "no layer is called `hiden`", "`hidden`"),
        ("hidden.weight[9,0]", "outside `hidden.weight`, which is 4x2", "TO is 0 to 3, FROM is 0 to 1"),
        ("hidden.weight[1]", "has two indices, not 1", "hidden.weight[TO,FROM]"),
        ("hidden.bias[1,1]", "has one index, not 2", "hidden.bias[UNIT]"),
        ("hidden.scale[1]", "no tensor `scale`", "`weight`, `bias`"),
        ("hidden[1]", "`hidden` is a layer, not one of its weights", "`weight`, `bias`"),
        ("hidden.weight", "is not the name of a weight", "such as hidden.weight[0,0]"),
        ("hidden.weight[-1,0]", "is not the name of a weight", "counted from 0"),
    ];
    for (name, message, help) in cases {
        let done = run(&["why", "examples/xor.nn", name]);
        assert_eq!(done.code, 2, "{name}");
        assert!(done.err.contains(message) && done.err.contains(help), "{name}: {}", done.err);
    }
    let done = run(&["trace", "examples/xor.nn", "--row", "4"]);
    assert!(done.code == 2 && done.err.contains("4 rows, 0 to 3"), "{}", done.err);
}

#[test]
fn a_unit_on_its_kink_is_named() {
    // The biases start at 0 and the row is all zeros: every weighted sum is exactly 0.
    let text = xor("optimizer = sgd").replace("dense 2 tanh", "dense 2 relu");
    let folder = Folder::new().with("kink.nn", text);
    let done = run(&["why", &folder.text("kink.nn"), "hidden.bias[0]"]);
    assert!(done.out.contains("hidden.z[0] is exactly 0") && done.out.contains("kink"), "{}", done.out);
}

#[test]
fn pictures_are_drawn() {
    let folder = Folder::new();
    for (name, args) in [
        ("why.svg", ["why", "examples/digits.nn", "dense1.weight[5,20]"].as_slice()),
        ("trace.svg", &["trace", "examples/xor.nn"]),
    ] {
        let svg = folder.text(name);
        // The older name of `--plot` holds.
        for option in ["--svg", "--plot"] {
            assert_eq!(run(&[args, &[option, &svg]].concat()).code, 0);
            let text = std::fs::read_to_string(&svg).expect("the picture");
            roxmltree::Document::parse(&text).expect("well formed");
            assert!(text.contains("nn-p") && text.contains("nn-n"), "signs have their colours: {name}");
            std::fs::remove_file(&svg).expect("the picture");
        }
    }
}
