//! One step of training (rows in, forward, backward, update) of four networks that are common in size, from a table of
//! inputs and targets of two neurons to 60,000 pictures. `cargo bench --bench step`; quote ratios within one run.

use std::fmt::Write;
use std::hint::black_box;

use divan::Bencher;
use nn::check::{Loaded, check};
use nn::data::{Dataset, Memory};
use nn::ir::Program;
use nn::source::Source;
use nn::tensor::{Purpose, Stream, Team};
use nn::train::machines::trainer;
use nn::train::stepper::{Course, DataFeed, Stepper};

fn main() {
    divan::main();
}

/// A lowered program with rows for a few batches.
struct Workload {
    program: Program,
    data: Dataset<f32>,
}

/// 2-4-1 on the four rows of exclusive or.
fn xor() -> Workload {
    let train = "loss = mse\n optimizer = sgd\n learning_rate = 0.5\n batch = all";
    lowered("a,b,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0\n", "dense 4 tanh\n dense 1 sigmoid", train)
}

/// 4-16-3 on 150 flowers, 16 at a time.
fn flowers() -> Workload {
    let train = "loss = cross_entropy\n optimizer = adam\n learning_rate = 0.01\n batch = 16";
    lowered(&rows(4, 150, 3), "dense 16 relu\n dense classes softmax", train)
}

/// 64-128-64-10 on digits of 8×8, 64 at a time.
fn digits() -> Workload {
    let train = "loss = cross_entropy\n optimizer = adam\n learning_rate = 0.001\n batch = 64";
    lowered(&rows(64, 640, 10), "dense 128 relu\n dense 64 relu\n dense classes softmax", train)
}

/// 784-256-128-10 on pictures of 28×28, 128 at a time. An epoch of 60,000 is 469 steps.
fn pictures(optimizer: &str) -> Workload {
    let train = format!("loss = cross_entropy\n optimizer = {optimizer}\n learning_rate = 0.001\n batch = 128");
    lowered(&rows(784, 1280, 10), "dense 256 relu\n dense 128 relu\n dense classes softmax", &train)
}

/// Random rows, each of one of so many classes.
fn rows(width: usize, count: usize, classes: usize) -> String {
    let mut stream = Stream::new(1, Purpose::Generate);
    let mut text: String = (0..width).map(|x| format!("x{x},")).collect();
    text.push_str("y\n");
    for row in 0..count {
        for _ in 0..width {
            // Half of them 0, as in pictures.
            let _ = write!(text, "{:.2},", stream.uniform(-1.0, 1.0).max(0.0));
        }
        let _ = writeln!(text, "c{}", row % classes);
    }
    text
}

fn lowered(csv: &str, network: &str, train: &str) -> Workload {
    let text = format!(
        "data \"rows.csv\" {{\n target = y\n}}\nnetwork {{\n {network}\n}}\ntrain {{\n {train}\n epochs = 1\n seed = 3\n}}\n"
    );
    let checked = check(&Source::new("bench.nn", text), &[], &Memory::new().with("rows.csv", csv));
    let checked = checked.unwrap_or_else(|sentence| panic!("{sentence}"));
    match (checked.program, checked.data) {
        (Some(program), Some(Loaded::F32(data))) => Workload { program, data },
        _ => panic!("{:#?}", checked.diagnostics),
    }
}

/// Steps over the batches, again and again.
fn steps(bencher: Bencher<'_, '_>, workload: &Workload, threads: usize) {
    let Workload { program, data } = workload;
    let batch = program.training.batch_rows(data.train.len());
    let order = data.train[..data.train.len() / batch * batch].to_vec();
    let course = Course { batch, shuffle: false, ..Course::of(&program.training, order.len()) };
    let machine = trainer(program, batch, Team::new(threads));
    let mut stepper = Stepper::new(program, machine, DataFeed::new(program, data), order, course);
    bencher.bench_local(|| black_box(stepper.step().losses.mean));
}

/// What it costs to hand pieces to a team and to wait for them.
#[divan::bench(args = [1, 2])]
fn team(bencher: Bencher<'_, '_>, threads: usize) {
    let team = Team::new(threads);
    bencher.bench_local(|| {
        team.run(4, |i| {
            black_box(i);
        });
    });
}

#[divan::bench]
fn w1_xor(bencher: Bencher<'_, '_>) {
    steps(bencher, &xor(), 1);
}

#[divan::bench]
fn w2_flowers(bencher: Bencher<'_, '_>) {
    steps(bencher, &flowers(), 1);
}

#[divan::bench(args = [1, 2])]
fn w3_digits(bencher: Bencher<'_, '_>, threads: usize) {
    steps(bencher, &digits(), threads);
}

#[divan::bench(args = [1, 2])]
fn w4_pictures(bencher: Bencher<'_, '_>, threads: usize) {
    steps(bencher, &pictures("adam"), threads);
}

#[divan::bench(args = [1, 2])]
fn w4_pictures_sgd(bencher: Bencher<'_, '_>, threads: usize) {
    steps(bencher, &pictures("sgd"), threads);
}
