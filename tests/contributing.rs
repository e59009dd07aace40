//! CONTRIBUTING shows code of this repository and names its files: both are as they stand.

use crate::common::root;
use std::fs;

fn page() -> String {
    fs::read_to_string(root().join("CONTRIBUTING.md")).expect("CONTRIBUTING")
}

/// Pieces of code with the file that each is of, its lines in groups between which something is left out.
fn excerpts(page: &str) -> Vec<(String, Vec<Vec<String>>)> {
    let blocks = page.split("```rust\n").skip(1).map(|rest| rest.split("```").next().unwrap_or(""));
    blocks
        .map(|block| {
            let (first, rest) = block.split_once('\n').expect("a first line that names the file");
            let groups = rest.split("// …\n").map(|group| group.lines().map(|l| l.trim().to_owned()).collect());
            (first.trim_start_matches("// ").to_owned(), groups.collect())
        })
        .collect()
}

#[test]
fn the_code_that_contributing_shows_stands_in_the_files() {
    let excerpts = excerpts(&page());
    assert!(excerpts.len() >= 8, "{}", excerpts.len());
    for (file, groups) in excerpts {
        let text = fs::read_to_string(root().join(&file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let mut from = 0;
        for group in groups.iter().filter(|g| !g.is_empty()) {
            let found = lines[from..].windows(group.len()).position(|window| window == group.as_slice());
            let at =
                found.unwrap_or_else(|| panic!("{file} has no such lines after line {from}:\n{}", group.join("\n")));
            from += at + group.len();
        }
    }
}

#[test]
fn the_files_that_contributing_names_are_there() {
    let page = page();
    let paths =
        page.split('`').skip(1).step_by(2).filter(|p| {
            ["src/", "tests/", "docs/", ".ci/"].iter().any(|folder| p.starts_with(folder)) && !p.contains(' ')
        });
    let missing: Vec<&str> = paths.filter(|p| !root().join(p).exists()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// A word of the glossary that no code uses any more is no help.
#[test]
fn the_words_of_the_glossary_are_the_code_s() {
    let page = page();
    let glossary = page.split("## Words of the code").nth(1).expect("a glossary");
    let words: Vec<String> = glossary
        .lines()
        .filter(|l| l.starts_with("| ") && !l.starts_with("| word"))
        .flat_map(|l| l.split('|').nth(1).unwrap_or("").split(',').map(|w| w.trim().to_lowercase().replace(' ', "_")))
        .filter(|w| !w.is_empty())
        .collect();
    assert!(words.len() > 20, "{words:?}");
    let mut code = String::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).expect("src").map(|e| e.expect("an entry").path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                code += &fs::read_to_string(path).unwrap_or_default().to_lowercase();
            }
        }
    }
    let named = |word: &str| code.contains(word) || code.contains(&word.replace('_', ""));
    let gone: Vec<&String> = words.iter().filter(|w| !named(w)).collect();
    assert!(gone.is_empty(), "{gone:?}");
}
