//! Programs and files that ask for more than there is, or more than anyone needs: answered by a report in little
//! time, also where the system grants little memory. Nothing is allocated before it is known to fit.

use crate::common::{Done, Folder, done, nn};
use std::fmt::Write;
use std::process::Command;
use std::time::{Duration, Instant};

/// What no answer takes longer than.
const LONG: Duration = Duration::from_secs(20);

fn program(data: &str, network: &str) -> String {
    format!(
        "data {data} {{\n}}\nnetwork {{\n{network}\n}}\ntrain {{\n  loss = mse\n  learning_rate = 0.1\n  epochs = 1\n}}\n"
    )
}

fn answered(folder: &Folder, args: &[&str]) -> Done {
    let began = Instant::now();
    let done = done(&nn().current_dir(folder.path("")).args(args).output().expect("the binary runs"));
    assert!(began.elapsed() < LONG, "{args:?} took {:?}", began.elapsed());
    done
}

#[test]
fn programs_beyond_all_bounds_are_reported() {
    let deep = format!("{}dense 1\n{}", "residual {\n".repeat(50_000), "}\n".repeat(50_000));
    let lets = (0..100_000).fold(String::new(), |mut text, k| {
        let _ = writeln!(text, "let a{k} = {k}");
        text
    });
    let cases = [
        (program("xor(samples=8)", "dense 1000000000000 relu\ndense 1"), "NN105"),
        (program("xor(samples=8)", "dense 60000 relu\ndense 60000 relu\ndense 1"), "NN105"),
        (program("xor(samples=8)", "repeat 1000 {\nrepeat 1000 {\ndense 4 relu\n}\n}\ndense 1"), "NN105"),
        (program("xor(samples=8)", &deep), "NN101"),
        (program("xor(samples=99999999999)", "dense 1"), "NN105"),
        (format!("let a = {}1{}\n", "(".repeat(50_000), ")".repeat(50_000)), "NN101"),
        (lets, "NN106"),
    ];
    for (text, code) in cases {
        let folder = Folder::new().with("p.nn", &text);
        let done = answered(&folder, &["check", "p.nn"]);
        assert_eq!(done.code, 1, "{}", &text[..text.len().min(300)]);
        let said = done.out + &done.err;
        assert!(said.contains(&format!("error[{code}]")), "{code}: {}", said.chars().take(600).collect::<String>());
    }
}

#[test]
fn tables_beyond_all_bounds_are_reported_or_read() {
    let many: Vec<String> = (0..100_000).map(|k| format!("c{k}")).collect();
    let rows = (0..3).map(|k| format!("{}0.{k}\n", "1,".repeat(100_000)));
    let wide = format!("{},y\n{}", many.join(","), rows.collect::<String>());
    let line = format!("a,y\n1,{}\n", "2".repeat(20_000_000));
    for (table, code, said) in [(wide, 0, ""), (line, 1, "error[")] {
        let text = program("\"t.csv\"", "dense 1").replace("{\n}\nnetwork", "{\n  target = y\n}\nnetwork");
        let folder = Folder::new().with("p.nn", text).with("t.csv", table);
        let done = answered(&folder, &["check", "p.nn"]);
        let answer = done.out + &done.err;
        assert_eq!(done.code, code, "{}", answer.chars().take(600).collect::<String>());
        assert!(answer.contains(said), "{}", answer.chars().take(600).collect::<String>());
    }
}

#[test]
#[cfg(target_os = "linux")]
fn data_that_memory_has_no_room_for_is_refused_before_it_is_taken() {
    let text = program("\"t.csv\"", "dense 1").replace("{\n}\nnetwork", "{\n  target = y\n}\nnetwork");
    let folder = Folder::new().with("p.nn", text).with("t.csv", format!("a,y\n{}", "1,2\n".repeat(12_000_000)));
    for command in ["check", "train"] {
        let limited = format!("ulimit -v 300000; exec \"$0\" {command} p.nn");
        let mut shell = Command::new("sh");
        shell.args(["-c", &limited, env!("CARGO_BIN_EXE_nn")]).current_dir(folder.path(""));
        let done = done(&shell.output().expect("a shell runs"));
        assert_eq!(done.code, 1, "{command}: {}{}", done.out, done.err);
        // However its lines are broken.
        let said = format!("{}{}", done.out, done.err).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains("of memory, and ") && said.contains("were free before them"), "{said}");
    }
}

#[test]
#[cfg(target_os = "linux")]
fn files_without_an_end_are_no_programs_and_no_models() {
    let folder = Folder::new().with("p.nn", program("xor(samples=8)", "dense 1"));
    for args in [&["check", "/dev/zero"][..], &["eval", "/dev/zero"], &["train", "p.nn", "--weights", "/dev/zero"]] {
        assert_eq!(answered(&folder, args).code, 1, "{args:?}");
    }
}
