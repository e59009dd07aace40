//! The README's commands do what it shows. Numbers may differ in their last digits between processors, whose vectors
//! add up in different orders; everything else is compared to the letter.

use crate::common::{Folder, nn, root};
use std::fs;
use std::path::Path;

/// A command and what the page shows of its output.
pub(crate) struct Shown {
    pub(crate) command: String,
    pub(crate) output: Vec<String>,
}

pub(crate) fn shown(page: &str) -> Vec<Shown> {
    let mut found: Vec<Shown> = Vec::new();
    let mut inside = false;
    for line in page.lines() {
        match (inside, line.strip_prefix("$ ")) {
            (false, _) => inside = line == "```console",
            (true, _) if line == "```" => inside = false,
            (true, Some(command)) => found.push(Shown { command: command.to_owned(), output: Vec::new() }),
            (true, None) => {
                if let Some(last) = found.last_mut() {
                    last.output.push(line.to_owned());
                }
            }
        }
    }
    found
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder").map(|e| e.expect("an entry").path()) {
        let target = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() {
            copy(&entry, &target);
        } else {
            fs::copy(&entry, target).expect("a copy");
        }
    }
}

/// The same words, and numbers within two per cent or two units of each other.
pub(crate) fn alike(shown: &str, found: &str) -> bool {
    let (shown, found): (Vec<_>, Vec<_>) = (shown.split_whitespace().collect(), found.split_whitespace().collect());
    let near = |a: &str, b: &str| match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => (a - b).abs() <= 0.02 * a.abs() || (a.fract() == 0.0 && (a - b).abs() <= 2.0),
        _ => a == b,
    };
    shown.len() == found.len() && shown.iter().zip(&found).all(|(a, b)| near(a, b))
}

#[test]
fn the_readme_shows_what_happens() {
    let page = fs::read_to_string(root().join("README.md")).expect("the README");
    let folder = Folder::new();
    copy(&root().join("examples"), &folder.path("examples"));
    copy(&root().join("tests/programs"), &folder.path("tests/programs"));
    copy(&root().join("docs"), &folder.path("docs"));
    let ci = fs::read_to_string(root().join(".ci/run")).expect("the CI script");
    let commands = shown(&page);
    assert!(commands.len() >= 4, "the README shows only {} commands", commands.len());
    for Shown { command, output } in commands {
        let Some(arguments) = command.strip_prefix("nn ").or_else(|| command.strip_prefix("cargo run --release -- "))
        else {
            let run_by_ci = command == "cargo test --release" && ci.contains("cargo test --locked --release");
            assert!(run_by_ci, "`{command}` is run by nothing");
            continue;
        };
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        let done = nn().current_dir(folder.path(".")).args(&arguments).output().expect("the binary runs");
        let (out, err) = (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        let found = if out.trim().is_empty() { err } else { out };
        let (mut shown, mut lines): (Vec<&str>, Vec<&str>) =
            (output.iter().map(String::as_str).collect(), found.lines().collect());
        shown.retain(|l| !l.trim().is_empty());
        lines.retain(|l| !l.trim().is_empty());
        if shown.is_empty() {
            assert!(done.status.success(), "`{command}` failed: {found}");
            continue;
        }
        assert_eq!(shown.len(), lines.len(), "`{command}` prints\n{found}");
        for (shown, found) in shown.iter().zip(&lines) {
            assert!(alike(shown, found), "`{command}`: the README shows\n{shown}\nand it prints\n{found}");
        }
    }
}
