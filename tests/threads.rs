//! Programs with the faults of real networks, written after public threads (`threads/threads.json` names each). What
//! `nn check` says of them is what docs/threads.md says: `benches/threads.py` writes its tables and trains what the fixes
//! make of the programs.

use crate::common::root;
use nn::check::check;
use nn::data::Files;
use nn::diagnostic::Level;
use nn::source::Source;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::PathBuf;

fn folder() -> PathBuf {
    root().join("tests/threads")
}

struct Beside;

impl Files for Beside {
    fn open(&self, path: &str) -> std::io::Result<Box<dyn Read>> {
        Ok(Box::new(File::open(folder().join(path))?))
    }
}

fn threads() -> Vec<Value> {
    let text = fs::read_to_string(folder().join("threads.json")).expect("the list is there");
    serde_json::from_str(&text).expect("a list")
}

/// The errors and warnings on each program, in order.
fn loud(name: &str) -> Vec<(String, Level)> {
    let text = fs::read_to_string(folder().join(format!("{name}.nn"))).expect("the program is there");
    let found = check(&Source::new("program.nn", text), &[], &Beside).expect("no overrides").diagnostics;
    found.iter().filter(|d| d.level >= Level::Warning).map(|d| (d.code.to_string(), d.level)).collect()
}

/// By program, the second column of the tables in docs/threads.md.
fn documented() -> BTreeMap<String, String> {
    let text = fs::read_to_string(root().join("docs/threads.md")).expect("the page is there");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| "));
    rows.filter_map(|row| {
        let mut cells = row.split(" | ");
        Some((cells.next()?.to_owned(), cells.next()?.to_owned()))
    })
    .collect()
}

#[test]
fn what_is_said_of_real_faults_is_what_is_documented() {
    let documented = documented();
    let mut wrong = Vec::new();
    for thread in threads() {
        let name = thread["name"].as_str().expect("a name");
        let found = loud(name);
        let codes: Vec<&str> = found.iter().map(|(code, _)| code.as_str()).collect();
        let said = if codes.is_empty() { "-".to_owned() } else { codes.join(" ") };
        if documented.get(name) != Some(&said) {
            wrong.push(format!("{name}: {said}, documented {:?}", documented.get(name)));
        }
        if thread["sound"] == true && found.iter().any(|(_, level)| *level == Level::Error) {
            wrong.push(format!("{name}: an error on a sound program"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_thread_is_named_and_has_its_programs() {
    let threads = threads();
    assert!(threads.iter().filter(|t| t["sound"] == false).count() >= 60 && threads.len() >= 90);
    for thread in threads {
        let name = thread["name"].as_str().expect("a name");
        assert!(thread["source"].as_str().is_some_and(|s| s.starts_with("http")), "{name}: its source");
        assert!(folder().join(format!("{name}.nn")).exists(), "{name}");
        let mended = folder().join(format!("{name}.mended.nn")).exists();
        assert_eq!(mended, thread["sound"] == false, "{name}: its mend");
    }
}
