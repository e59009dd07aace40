//! Runs that are interrupted, killed and taken up again, as a user meets them: the model's bytes and the log's lines
//! are those of a run that was never stopped, and what would not be that run is refused.

use crate::common::{Folder, done, nn};
use nn::tensor::{Purpose, Stream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// What is trained, how: steps long enough that a moment of the run can be met.
struct Case {
    network: &'static str,
    train: &'static str,
    every: &'static str,
}

const CASES: &[Case] = &[
    Case { network: "dense 24 relu\n dropout 20%", train: "optimizer = adam", every: "7 steps" },
    Case {
        network: "dense 16 tanh\n batch_norm",
        train: "optimizer = rmsprop\n stop = early(patience=9000)",
        every: "3 epochs",
    },
    Case {
        network: "dense 24 relu",
        train: "optimizer = sgd(momentum=0.9)\n precision = f64\n batch = all",
        every: "1s",
    },
    Case {
        network: "dense 16 tanh\n dropout 10%\n layer_norm",
        train: "optimizer = adamw\n stop = early(patience=9000, delta=0.01)\n clip_norm = 1",
        every: "50 steps",
    },
];

impl Case {
    fn program(&self, epochs: u64, rate: &str) -> String {
        let batch = if self.train.contains("batch") { "" } else { " batch = 16\n" };
        format!(
            "data blobs(samples=300) {{\n validation = 20%\n test = 10%\n}}\nnetwork {{\n {}\n dense classes softmax\n}}\n\
             train {{\n loss = cross_entropy\n learning_rate = {rate}\n epochs = {epochs}\n seed = 5\n{batch} {}\n}}\n",
            self.network, self.train
        )
    }

    fn folder(&self, epochs: u64, rate: &str) -> Folder {
        Folder::new().with("run.nn", self.program(epochs, rate))
    }
}

/// `nn train` in a folder; its log beside the program.
fn train(folder: &Folder, options: &[&str]) -> Command {
    let mut command = nn();
    command.current_dir(folder.path("")).args(["train", "run.nn", "--quiet", "--log", "run.jsonl"]).args(options);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// The bytes of the model, and the log but for times and names of files.
fn left(folder: &Folder) -> (Vec<u8>, Vec<String>) {
    let log = std::fs::read_to_string(folder.path("run.jsonl")).expect("a log");
    let line = |line: &str| line.split(",\"seconds\"").next().unwrap_or_default().to_owned();
    (std::fs::read(folder.path("run.safetensors")).expect("a model"), log.lines().map(line).collect())
}

/// Trains without a stop.
fn whole(case: &Case, epochs: u64, rate: &str) -> (Vec<u8>, Vec<String>) {
    let folder = case.folder(epochs, rate);
    let ended = done(&train(&folder, &[]).output().expect("the binary runs"));
    assert_eq!(ended.code, 0, "{}", ended.err);
    left(&folder)
}

fn checkpoint(folder: &Folder) -> std::path::PathBuf {
    folder.path("run.checkpoint")
}

/// Lets a run go on for a while.
fn after(child: &mut Child, time: Duration, signal: &str) {
    std::thread::sleep(time);
    let sent =
        Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).stderr(Stdio::null()).status();
    assert!(sent.is_ok());
}

#[test]
#[cfg(unix)]
fn killed_at_any_moment_it_ends_with_the_same_bits() {
    let mut random = Stream::new(7, Purpose::Generate);
    let mut kills = 0;
    for case in CASES {
        let expected = whole(case, 700, "cosine(0.01, warmup=3)");
        let folder = case.folder(700, "cosine(0.01, warmup=3)");
        for attempt in 0.. {
            let resume: &[&str] = if checkpoint(&folder).exists() { &["--resume"] } else { &[] };
            let options = [&["--checkpoint", case.every], resume].concat();
            let mut child = train(&folder, &options).spawn().expect("the binary runs");
            if attempt < 6 {
                after(&mut child, Duration::from_millis(8 + random.below(60)), "KILL");
            }
            let ended = done(&child.wait_with_output().expect("it ends"));
            if ended.code == 0 {
                break;
            }
            assert_eq!((ended.code, attempt < 6), (-1, true), "{}", ended.err);
            kills += 1;
        }
        assert!(left(&folder) == expected, "{} kept every {}", case.train, case.every);
        let names: Vec<_> =
            std::fs::read_dir(folder.path("")).expect("a folder").flatten().map(|e| e.file_name()).collect();
        let temporary = names.iter().filter(|name| name.to_string_lossy().starts_with(".nn-"));
        assert!(temporary.count() <= 6, "{names:?}");
    }
    assert!(kills >= 8, "{kills} kills");
}

#[test]
#[cfg(unix)]
fn a_signal_keeps_the_run_and_says_how_to_go_on() {
    let case = &CASES[3];
    let expected = whole(case, 4000, "0.01");
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let folder = case.folder(4000, "0.01");
        let mut child = train(&folder, &[]).spawn().expect("the binary runs");
        while !folder.path("run.jsonl").exists() {
            std::thread::sleep(Duration::from_millis(2));
        }
        after(&mut child, Duration::from_millis(30), signal);
        let ended = done(&child.wait_with_output().expect("it ends"));
        assert_eq!(ended.code, code, "{}{}", ended.out, ended.err);
        assert!(ended.out.contains("`nn train run.nn --resume` goes on"), "{}", ended.out);
        let ended = done(&train(&folder, &["--resume"]).output().expect("the binary runs"));
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert!(left(&folder) == expected && !checkpoint(&folder).exists(), "{signal}");
    }
}

#[test]
fn a_longer_run_is_the_same_run() {
    let case = &CASES[0];
    let folder = case.folder(6, "0.01");
    let run = |options: &[&str]| done(&train(&folder, options).output().expect("the binary runs"));
    assert_eq!(run(&["--checkpoint", "1 epoch"]).code, 0);
    std::fs::write(folder.path("run.nn"), case.program(11, "0.01")).expect("a program");
    let refused = run(&["--resume"]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("the program said `epochs = 6` then, and says `epochs = 11` now"), "{}", refused.err);
    assert!(refused.err.contains("--extend"), "{}", refused.err);
    let longer = run(&["--resume", "--extend"]);
    assert_eq!(longer.code, 0, "{}", longer.err);
    assert!(left(&folder) == whole(case, 11, "0.01"));
}

#[test]
fn another_run_is_refused_and_nothing_is_lost() {
    let case = &CASES[1];
    let folder = case.folder(5, "0.01").with("rows.csv", "a,b,y\n1,2,0\n2,3,1\n3,4,0\n4,5,1\n5,6,0\n6,7,1\n");
    let run = |options: &[&str]| done(&train(&folder, options).output().expect("the binary runs"));
    let missing = run(&["--resume"]);
    assert_eq!(missing.code, 1);
    assert!(missing.err.contains("no `run.checkpoint`"), "{}", missing.err);
    let program = case.program(5, "0.01").replace("blobs(samples=300)", "\"rows.csv\"");
    let program = program.replace("validation = 20%\n test = 10%", "target = y\n category = y");
    let program = program.replace(" stop = early(patience=9000)", "");
    std::fs::write(folder.path("run.nn"), &program).expect("a program");
    let first = run(&["--checkpoint", "1 epoch"]);
    assert_eq!(first.code, 0, "{}", first.err);
    let (model, kept) = (std::fs::read(folder.path("run.safetensors")), std::fs::read(checkpoint(&folder)));
    let (model, kept) = (model.expect("a model"), kept.expect("a checkpoint"));
    let refused = |options: &[&str], said: &str| {
        let ended = run(options);
        assert_eq!(ended.code, 1, "{options:?}: {}", ended.err);
        assert!(ended.err.contains(said), "{options:?}: {}", ended.err);
        assert_eq!(std::fs::read(folder.path("run.safetensors")).ok().as_deref(), Some(&model[..]));
    };
    refused(&["--resume", "--set", "train.learning_rate=0.1"], "`--set train.learning_rate=0.1`");
    refused(&["--resume", "--extend", "--set", "train.seed=9"], "`--set train.seed=9`");
    std::fs::write(folder.path("rows.csv"), "a,b,y\n1,2,0\n2,3,1\n3,4,0\n4,5,1\n5,6,0\n6,8,1\n").expect("rows");
    refused(&["--resume"], "`rows.csv` is not the same file as then");
    std::fs::write(folder.path("rows.csv"), "a,b,y\n1,2,0\n2,3,1\n3,4,0\n4,5,1\n5,6,0\n6,7,1\n").expect("rows");
    // A comment is no other program.
    std::fs::write(folder.path("run.nn"), format!("# Again.\n{program}")).expect("a program");
    assert_eq!(run(&["--resume"]).code, 0);
    std::fs::write(folder.path("run.nn"), &program).expect("a program");
    let model = std::fs::read(folder.path("run.safetensors")).expect("a model");
    // Whatever has become of the file: each is answered.
    let mut random = Stream::new(11, Purpose::Generate);
    for round in 0..24 {
        let mut broken = kept.clone();
        match round % 3 {
            0 => broken[random.below(kept.len() as u64) as usize] ^= 1 << random.below(8),
            1 => broken.truncate(random.below(kept.len() as u64) as usize),
            _ => broken.push(0),
        }
        std::fs::write(checkpoint(&folder), &broken).expect("a checkpoint");
        let ended = run(&["--resume"]);
        assert_eq!(ended.code, 1, "round {round}: {}", ended.err);
        assert!(ended.err.contains("`run.checkpoint` is not a"), "round {round}: {}", ended.err);
        assert_eq!(std::fs::read(folder.path("run.safetensors")).ok().as_deref(), Some(&model[..]));
    }
    std::fs::write(checkpoint(&folder), &model).expect("a model");
    assert!(run(&["--resume"]).err.contains("is not a checkpoint of nn"));
}

#[test]
#[cfg(unix)]
fn two_runs_do_not_write_one_model() {
    let case = &CASES[0];
    let folder = case.folder(100_000, "0.01");
    let first = train(&folder, &[]).spawn().expect("the binary runs");
    while !folder.path("run.jsonl").exists() {
        std::thread::sleep(Duration::from_millis(2));
    }
    let second = done(&nn().current_dir(folder.path("")).args(["train", "run.nn"]).output().expect("the binary runs"));
    assert_eq!(second.code, 1);
    assert!(second.err.contains("another `nn train` is writing `run.safetensors`"), "{}", second.err);
    let other = ["train", "run.nn", "-o", "other.safetensors", "--log", "run.jsonl"];
    let third = done(&nn().current_dir(folder.path("")).args(other).output().expect("the binary runs"));
    assert_eq!(third.code, 1);
    assert!(third.err.contains("another `nn train` is writing `run.jsonl`"), "{}", third.err);
    let mut first = first;
    after(&mut first, Duration::ZERO, "TERM");
    assert_eq!(done(&first.wait_with_output().expect("it ends")).code, 143);
    assert!(Path::new(&folder.path("run.safetensors")).exists() && !folder.path(".run.safetensors.lock").exists());
}

#[test]
fn an_interrupted_sweep_shows_the_runs_that_are_done() {
    let folder = CASES[0].folder(1, "0.01");
    let mut command = nn();
    command.current_dir(folder.path("")).stdout(Stdio::piped()).stderr(Stdio::piped());
    command.args(["sweep", "run.nn", "--vary", "train.epochs=1,2,90000000", "--log", "s.jsonl", "--format", "csv"]);
    let mut child = command.spawn().expect("the binary runs");
    after(&mut child, Duration::from_millis(1500), "INT");
    let ended = done(&child.wait_with_output().expect("it ends"));
    assert_eq!(ended.code, 130, "{}", ended.err);
    assert!(ended.err.contains("interrupted: 2 of 3 runs are done"), "{}", ended.err);
    let epochs: Vec<&str> = ended.out.lines().skip(1).map(|line| line.split(',').next().unwrap_or("")).collect();
    assert!(epochs.len() == 2 && epochs.contains(&"1") && epochs.contains(&"2"), "{}", ended.out);
    assert_eq!(std::fs::read_to_string(folder.path("s.jsonl")).expect("a log").lines().count(), 2);
}
