//! Pictures of what was learnt: `nn train --plot fit:FILE`, from the numbers under them to the files, and the README's.

use crate::common::{Folder, nn, root, run};
use crate::readme::copy;
use nn::check::{Loaded, check};
use nn::data::Memory;
use nn::explain::{Axes, Held, Surface};
use nn::source::Source;
use nn::tensor::Team;
use nn::train::Run;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Rows of two numbers, a category and a target; a test row is held out.
const ROWS: &str = "x,size,kind,price\n0,1,a,100\n10,2,b,220\n20,3,b,310\n30,6,a,430\n12,3,b,250\n28,4,b,380\n";

fn program(data: &str, network: &str, training: &str) -> String {
    format!(
        "data {data}\nnetwork {{\n{network}\n}}\ntrain {{\n{training}\noptimizer = adam\nlearning_rate = 0.02\n\
         epochs = 20\nbatch = all\nseed = 1\n}}\n"
    )
}

fn values(inputs: &str, network: &str) -> String {
    let data = format!("\"rows.csv\" {{\ntarget = price\n{inputs}\nscale = standard\ntarget_scale = standard\n}}");
    program(&data, network, "loss = mse")
}

/// What a picture says.
fn texts(path: &Path) -> Vec<String> {
    let svg = fs::read_to_string(path).expect("the picture");
    let tree = roxmltree::Document::parse(&svg).expect("well formed");
    tree.descendants()
        .filter(|n| n.has_tag_name("text") || n.tag_name().name() == "text")
        .filter_map(|n| n.text().map(str::to_owned))
        .collect()
}

#[test]
fn a_surface_is_the_network_over_the_data_s_own_units() {
    let source = Source::new("t.nn", values("", "dense 1"));
    let files = Memory::new().with("rows.csv", ROWS.as_bytes().to_vec());
    let checked = check(&source, &[], &files).expect("no overrides");
    let program = checked.program.expect("a program");
    let Some(Loaded::F32(data)) = checked.data else { panic!("rows in f32: {:?}", checked.diagnostics) };
    let axes = Axes::choose(&data.preparation, &["x".to_owned()]).expect("a column of numbers");
    let mut run = Run::new(&program, &data, Team::solo());
    // y = 2 x + 3 size + 5 [kind = a] + 7 [kind = b] + 11, of scaled x and size.
    run.machine_mut().parameters.copy_from_slice(&[2.0, 3.0, 5.0, 7.0, 11.0]);
    let surface = Surface::new(&axes, &data, run.machine_mut(), 5);
    let xs = [0.0, 10.0, 20.0, 30.0, 12.0, 28.0];
    let mean = xs.iter().sum::<f64>() / 6.0;
    let std = (xs.iter().map(|x: &f64| (x - mean).powi(2)).sum::<f64>() / 6.0).sqrt();
    assert_eq!(surface.axes.len(), 1);
    let (name, low, high) = &surface.axes[0];
    assert_eq!(name, "x");
    assert!((low + 1.5).abs() < 1e-4 && (high - 31.5).abs() < 1e-4, "a twentieth beyond both ends: {low} {high}");
    for (i, place) in surface.places().enumerate() {
        let x = -1.5 + 33.0 * i as f64 / 4.0;
        // `size` is at its mean, which is scaled to 0, `kind` at b, which four of six rows have.
        let y = 2.0 * (x - mean) / std + 7.0 + 11.0;
        assert!((place[0] - y).abs() < 1e-4, "{x}: {} for {y}", place[0]);
    }
    let [(size, Held::Mean(mean)), (kind, Held::Category(most))] = surface.held.as_slice() else {
        panic!("{:?}", surface.held)
    };
    assert_eq!((size.as_str(), kind.as_str(), most.as_str()), ("size", "kind", "b"));
    assert!((mean - 19.0 / 6.0).abs() < 1e-5, "{mean}");
}

#[test]
fn two_axes_take_the_middles_of_cells_the_first_axis_first() {
    let source = Source::new("t.nn", values("inputs = [x, size]", "dense 1"));
    let files = Memory::new().with("rows.csv", ROWS.as_bytes().to_vec());
    let checked = check(&source, &[], &files).expect("no overrides");
    let program = checked.program.expect("a program");
    let Some(Loaded::F32(data)) = checked.data else { panic!("rows in f32: {:?}", checked.diagnostics) };
    let axes = Axes::choose(&data.preparation, &["size".to_owned(), "x".to_owned()]).expect("columns of numbers");
    let mut run = Run::new(&program, &data, Team::solo());
    run.machine_mut().parameters.copy_from_slice(&[0.0, 1.0, 0.0]);
    let surface = Surface::new(&axes, &data, run.machine_mut(), 4);
    let sizes: [f64; 6] = [1.0, 2.0, 3.0, 6.0, 3.0, 4.0];
    let mean = sizes.iter().sum::<f64>() / 6.0;
    let std = (sizes.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / 6.0).sqrt();
    assert_eq!((surface.counts.as_slice(), surface.outputs.len()), (&[4, 4][..], 16));
    for (i, place) in surface.places().enumerate() {
        // `size` goes from 0.75 to 6.25.
        let size = 0.75 + 5.5 * ((i % 4) as f64 + 0.5) / 4.0;
        assert!((place[0] - (size - mean) / std).abs() < 1e-4, "{i}: {}", place[0]);
    }
}

/// A program, what to plot, and what the picture says.
type Drawn = (String, &'static str, &'static [&'static str]);

fn drawn() -> Vec<Drawn> {
    let classes = |target: &str, rows: &str, network: &str, loss: &str| {
        program(&format!("{{\ntarget = {target}\ntable {{\n{rows}\n}}\n}}"), network, &format!("loss = {loss}"))
    };
    let three = "x y kind\n0 0 a\n1 0 b\n2 1 c\n0.1 0 a\n1.1 0.2 b\n2.2 1 c\n";
    let two = "a b y\n0 0 0\n0 1 1\n1 0 1\n1 1 0\n0.5 0.2 1\n";
    let one = "hours passed\n1 0\n2 0\n3 1\n4 1\n2.5 1\n";
    vec![
        (
            values("inputs = [x]", "dense 4 tanh\ndense 1"),
            "fit",
            &["x", "price", "the network", "training, 6 rows", "100", "400"],
        ),
        (
            values("", "dense 4 tanh\ndense 1"),
            "fit(size)",
            &["size", "price", "Held still: x at its mean 16.67, kind at its most frequent value b."],
        ),
        (
            values("inputs = [x, size]", "dense 4 tanh\ndense 1"),
            "fit",
            &["x", "size", "price", "m.nn: the fitted value", "300"],
        ),
        (
            values("", "dense 4 tanh\ndense 1"),
            "fit(size,x)",
            &["size", "x", "Held still: kind at its most frequent value b."],
        ),
        (
            classes("kind", three, "dense 4 tanh\ndense classes softmax", "cross_entropy"),
            "fit",
            &["x", "y", "a", "b", "c", "m.nn: decision regions"],
        ),
        (
            classes("kind", three, "dense 4 tanh\ndense classes softmax", "cross_entropy"),
            "fit(x)",
            &["x", "probability", "a", "b", "c"],
        ),
        (
            classes("y", two, "dense 4 tanh\ndense 1 sigmoid", "binary_cross_entropy"),
            "fit",
            &["a", "b", "0", "1", "m.nn: decision regions"],
        ),
        (classes("y", two, "dense 4 tanh\ndense 1 sigmoid", "mse"), "fit", &["a", "b", "m.nn: decision regions"]),
        (
            classes("passed", one, "dense 1 sigmoid", "binary_cross_entropy"),
            "fit",
            &["hours", "probability of 1", "0.5: the decision changes"],
        ),
        (classes("passed", one, "dense classes softmax", "cross_entropy"), "fit", &["hours", "probability of 1"]),
        (classes("[b, y]", two, "dense 4 tanh\ndense 2 sigmoid", "binary_cross_entropy"), "fit", &["a", "b", "y"]),
        (
            classes("[x, y]", "t x y\n0 1 9\n1 2 7\n2 3 6\n", "dense 4 tanh\ndense 2", "mse"),
            "fit",
            &["t", "x", "y", "x, y"],
        ),
    ]
}

#[test]
fn what_was_learnt_is_drawn() {
    for (i, (text, what, said)) in drawn().iter().enumerate() {
        let folder = Folder::new().with("rows.csv", ROWS).with("m.nn", text);
        let (svg, png) = (folder.text("fit.svg"), folder.text("fit.png"));
        let plots = [format!("{what}:{svg}"), format!("{what}:{png}"), folder.text("loss.svg")];
        let done = run(&[
            "train",
            &folder.text("m.nn"),
            "--quiet",
            "--plot",
            &plots[0],
            "--plot",
            &plots[1],
            "--plot",
            &plots[2],
        ]);
        assert_eq!(done.code, 0, "{i}: {}", done.err);
        let found = texts(&folder.path("fit.svg"));
        for words in *said {
            assert!(found.iter().any(|t| t == words), "{i}: `{words}` is not among {found:?}");
        }
        assert!(fs::read(&png).is_ok_and(|bytes| bytes.starts_with(b"\x89PNG")), "{i}");
        assert!(texts(&folder.path("loss.svg")).contains(&"epoch".to_owned()), "{i}");
    }
}

#[test]
fn what_cannot_be_drawn_is_said_before_training() {
    let all = values("", "dense 4 tanh\ndense 1");
    let two = "{\ntarget = [y, z]\ntable {\na b y z\n0 0 1 2\n1 1 3 5\n2 0 4 4\n}\n}";
    let two = program(two, "dense 4 tanh\ndense 2", "loss = mse");
    let cases = [
        (&all, "fit", "3 columns of inputs, not all of numbers: x, size, kind", "'fit(x,size):FILE.svg'"),
        (&all, "fit(kind)", "`kind` holds categories", "'fit(x,size):FILE.svg'"),
        (&all, "fit(szie)", "no input `szie`", "`size`"),
        (&all, "fit(x,x)", "named twice", "fit(x,size)"),
        (&all, "fit(x,size,x)", "3 are named", "fit(x,size)"),
        (&two, "fit", "one output, and the network has 2", "'fit(a):FILE.svg'"),
    ];
    for (text, what, message, help) in cases {
        let folder = Folder::new().with("rows.csv", ROWS).with("m.nn", text);
        let plot = format!("{what}:{}", folder.text("fit.svg"));
        let done = run(&["train", &folder.text("m.nn"), "--quiet", "--plot", &plot]);
        assert_eq!(done.code, 2, "{what}: {}", done.err);
        assert!(done.err.contains(message) && done.err.contains(help), "{what}: {}", done.err);
        assert!(!folder.path("m.safetensors").exists() && !folder.path("fit.svg").exists(), "{what}");
    }
    let folder = Folder::new().with("rows.csv", ROWS).with("m.nn", all);
    let (program, twice) = (folder.text("m.nn"), folder.text("a.svg"));
    let done = run(&["train", &program, "--plot", &twice, "--plot", &format!("fit(x):{twice}")]);
    assert!(done.code == 2 && done.err.contains("are one file"), "{}", done.err);
    let done = run(&["train", &program, "--plot", "fti:a.svg"]);
    assert!(done.code == 2 && done.err.contains("`fit:a.svg`"), "{}", done.err);
}

#[test]
fn a_run_that_diverges_has_fitted_nothing() {
    let text = values("inputs = [x]", "dense 4\ndense 1").replace("adam", "sgd").replace("0.02", "1000");
    let folder = Folder::new().with("rows.csv", ROWS).with("m.nn", text);
    let plot = format!("fit:{}", folder.text("fit.svg"));
    let done = run(&["train", &folder.text("m.nn"), "--quiet", "--plot", &plot, "--plot", &folder.text("loss.svg")]);
    assert_eq!(done.code, 1, "{}", done.err);
    assert!(done.err.contains("is not drawn: a run that diverged has fitted nothing"), "{}", done.err);
    assert!(!folder.path("fit.svg").exists() && folder.path("loss.svg").exists());
}

#[test]
fn pictures_are_the_same_for_any_number_of_threads() {
    let text = values("inputs = [x, size]", "dense 32 tanh\ndense 1");
    let folder = Folder::new().with("rows.csv", ROWS).with("m.nn", text);
    let drawn = |threads: &str, extension: &str| {
        let path = folder.text(&format!("{threads}.{extension}"));
        let done =
            run(&["train", &folder.text("m.nn"), "--quiet", "--threads", threads, "--plot", &format!("fit:{path}")]);
        assert_eq!(done.code, 0, "{}", done.err);
        fs::read(path).expect("the picture")
    };
    for extension in ["svg", "png"] {
        assert!(drawn("1", extension) == drawn("3", extension), "{extension}");
    }
}

#[test]
fn an_unlabelled_layer_is_set_by_the_name_that_show_prints() {
    let folder = Folder::new()
        .with("rows.csv", ROWS)
        .with("m.nn", values("inputs = [x]", "dense 4 tanh\nrepeat 2 { dense 3 relu }\ndense 1"));
    let program = folder.text("m.nn");
    let done = run(&["show", &program, "--set", "dense1.units=9"]);
    assert!(done.code == 0 && done.out.contains("dense 9 tanh"), "{}{}", done.out, done.err);
    let done = run(&["show", &program, "--set", "dense4.init=zeros"]);
    assert!(done.code == 0 && done.out.contains("weight 0"), "{}{}", done.out, done.err);
    let done = run(&["show", &program, "--set", "dense2.units=9"]);
    assert!(done.code == 2 && done.err.contains("one of 2 turns of a `repeat`"), "{}", done.err);
}

/// Which class each pixel of a picture of regions belongs to.
fn classes(svg: &str) -> BTreeMap<(u32, u32), String> {
    let tree = roxmltree::Document::parse(svg).expect("well formed");
    let mut pixels = BTreeMap::new();
    for path in tree.descendants().filter(|n| n.tag_name().name() == "path") {
        let class = path.attribute("class").unwrap_or_default();
        let Some((class, _)) = class.strip_prefix("nn-c").and_then(|c| c.split_once('-')) else { continue };
        for cell in path.attribute("d").unwrap_or_default().split_terminator('z') {
            let numbers: Vec<f64> = cell
                .split(['M', ' ', 'h', 'v'])
                .filter(|n| !n.is_empty())
                .map(|n| n.parse().expect("a number"))
                .collect();
            let [x, y, width, height, _] = numbers.as_slice() else { panic!("{cell}") };
            for column in *x as u32..(x + width) as u32 {
                for row in *y as u32..(y + height) as u32 {
                    pixels.insert((column, row), class.to_owned());
                }
            }
        }
    }
    pixels
}

/// The README's pictures are what its command draws. Processors add up in different orders: on another one than that
/// which drew them they may differ a little.
#[test]
fn the_readme_s_pictures_are_drawn_by_its_command() {
    let page = fs::read_to_string(root().join("README.md")).expect("the README");
    let command =
        page.lines().find_map(|l| l.strip_prefix("$ nn ").filter(|l| l.contains("--plot"))).expect("a command");
    let folder = Folder::new();
    copy(&root().join("examples"), &folder.path("examples"));
    fs::create_dir_all(folder.path("docs")).expect("a folder");
    let done = nn().current_dir(folder.path(".")).args(command.split_whitespace()).output().expect("the binary runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    for name in ["docs/spiral.svg", "docs/spiral-loss.svg"] {
        assert!(page.contains(&format!("]({name})")), "the README shows no {name}");
        let found = fs::read_to_string(folder.path(name)).expect("the picture");
        if std::env::var_os("NN_BLESS").is_some_and(|v| v == "1") {
            fs::write(root().join(name), &found).expect("the picture");
        }
        let kept = fs::read_to_string(root().join(name)).expect("the kept picture");
        if kept == found {
            continue;
        }
        let words =
            |path: &Path| texts(path).into_iter().filter(|t| t.contains(char::is_alphabetic)).collect::<Vec<_>>();
        assert_eq!(words(&root().join(name)), words(&folder.path(name)), "{name}; NN_BLESS=1 draws it anew");
        let (kept, found) = (classes(&kept), classes(&found));
        let same = kept.iter().filter(|(at, class)| found.get(at) == Some(class)).count();
        assert!(
            same as f64 >= 0.97 * kept.len() as f64 && kept.len() == found.len(),
            "{name}: {same} of {}",
            kept.len()
        );
    }
}
