//! Every command on the lesson's page prints what the page shows. `NN_BLESS=1` writes the page's outputs anew.

use crate::bless;
use crate::common::{Folder, nn, root};
use crate::readme::{alike, copy, shown};
use std::fs;

/// The words of a command line, with what stands in single quotes kept whole.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('\'').enumerate();
    parts
        .flat_map(
            |(k, part)| {
                if k % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
            },
        )
        .collect()
}

/// What both streams hold, times taken out: they are another each time.
fn printed(folder: &Folder, command: &str) -> String {
    let args = words(command);
    assert_eq!(args[0], "nn", "{command}");
    let output = nn().current_dir(folder.path("lesson")).args(&args[1..]).output().expect("the binary runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    let mut lines = Vec::new();
    let mut column = None;
    for line in text.lines() {
        let line: Vec<char> = line.chars().collect();
        let head: String = line.iter().collect();
        if let Some(at) = head.find("seconds   ") {
            column = Some(at..at + "seconds   ".len());
        } else if line.is_empty() {
            column = None;
        }
        let keep = |k: &usize| column.as_ref().is_none_or(|c| !c.contains(k));
        let kept: String = (0..line.len()).filter(keep).map(|k| line[k]).collect();
        lines.push(kept.trim_end().to_owned());
    }
    lines.join("\n")
}

#[test]
fn the_lesson_shows_what_happens() {
    let path = root().join("examples/lesson/README.md");
    let page = fs::read_to_string(&path).expect("the page");
    let folder = Folder::new();
    copy(&root().join("examples/lesson"), &folder.path("lesson"));
    let (mut fresh, mut rest) = (String::new(), page.as_str());
    let mut wrong = Vec::new();
    let all = shown(&page);
    assert!(all.len() >= 8, "{} commands", all.len());
    for command in &all {
        let found = printed(&folder, &command.command);
        let lines: Vec<&str> = found.lines().collect();
        let same = lines.len() == command.output.len() && lines.iter().zip(&command.output).all(|(a, b)| alike(b, a));
        if !same {
            wrong.push(format!("$ {}\nshown:\n{}\nfound:\n{found}", command.command, command.output.join("\n")));
        }
        let line = format!("$ {}\n", command.command);
        let (before, after) = rest.split_once(&line).expect("the command is on the page");
        let shown: usize = after.lines().take_while(|l| !l.starts_with("$ ") && *l != "```").map(|l| l.len() + 1).sum();
        fresh.extend([before, &line, &found, "\n"]);
        rest = &after[shown..];
    }
    fresh += rest;
    if std::env::var_os("NN_BLESS").is_some_and(|v| v == "1") {
        assert_eq!(bless::compare(&path, &fresh).expect("the page is written"), None);
        return;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
