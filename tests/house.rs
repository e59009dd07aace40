//! The house: modules import downward alone, libraries are named where the map says, and kinds in the catalog alone.

mod imports;

use imports::{Imports, Module};
use nn::catalog::Family;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The floors of `src/lib.rs`. A module may import from lower floors and from itself.
const FLOORS: &[(&str, u32)] = &[
    ("source", 0),
    ("tensor", 0),
    ("text", 0),
    ("picture", 1),
    ("diagnostic", 1),
    ("syntax", 2),
    ("catalog", 3),
    ("ir", 4),
    ("data", 5),
    ("engine", 5),
    ("train", 6),
    ("check", 7),
    ("explain", 7),
    ("diagram", 5),
    ("cli", 8),
];

/// Libraries and the one place that may name them.
const ALONE: &[(&str, &str)] =
    &[("nalgebra", "tensor"), ("pulp::", "tensor"), ("pest", "syntax"), ("miette", "diagnostic"), ("clap", "cli")];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("src is there");
    for entry in entries.map(|e| e.expect("an entry").path()) {
        if entry.is_dir() {
            sources(&entry, found);
        } else if entry.extension().is_some_and(|e| e == "rs") {
            found.push(entry);
        }
    }
}

/// Each file of `src` with the module it belongs to and its code, comments left out.
fn files() -> Vec<(PathBuf, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    sources(&root, &mut paths);
    paths.sort();
    let module = |path: &Path| {
        let first = path.strip_prefix(&root).ok().and_then(|p| p.components().next());
        first.map(|c| c.as_os_str().to_string_lossy().trim_end_matches(".rs").to_owned()).unwrap_or_default()
    };
    paths
        .into_iter()
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a source file");
            let code: Vec<&str> = text.lines().map(|l| l.split("//").next().unwrap_or("")).collect();
            (path.clone(), module(&path), code.join("\n"))
        })
        .collect()
}

/// Whether a file of `src` holds tests alone.
fn is_test(path: &Path) -> bool {
    let inside = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(path);
    inside.components().any(|c| matches!(c.as_os_str().to_str(), Some("tests" | "tests.rs")))
}

/// What the modules name of one another, tests left out: a module's tests may build whole programs.
fn imports() -> Imports {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let module = |path: &Path| -> Module {
        let inside = path.strip_prefix(&root).unwrap_or(path).with_extension("");
        let segments = inside.components().map(|c| c.as_os_str().to_string_lossy().into_owned());
        segments.filter(|s| s != "lib").collect()
    };
    let own = |code: String| code.split("#[cfg(test)]\nmod tests {").next().unwrap_or("").to_owned();
    let sources = files().into_iter().filter(|(path, ..)| !is_test(path) && !path.ends_with("main.rs"));
    Imports::of(sources.map(|(path, _, code)| (module(&path), own(code))))
}

#[test]
fn modules_import_downward_alone() {
    let floors: BTreeMap<&str, u32> = FLOORS.iter().copied().collect();
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for (module, targets) in imports().edges() {
        let Some(room) = module.first() else { continue };
        let own = floors.get(room.as_str()).unwrap_or_else(|| panic!("`{room}` is on no floor: add it to the map"));
        for target in targets {
            let Some((used, floor)) = target.first().and_then(|used| Some((used, floors.get(used.as_str())?))) else {
                continue;
            };
            looked_at += 1;
            if used != room && floor >= own {
                wrong.push(format!("{} (floor {own}) uses {used} (floor {floor})", module.join("::")));
            }
        }
    }
    assert!(looked_at > 1000, "the scan found only {looked_at} imports");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn modules_side_by_side_import_in_one_direction() {
    let circles = imports().circles();
    assert!(circles.is_empty(), "these lie on circles:\n{}", circles.join("\n"));
}

#[test]
fn paths_climb_one_module_at_most() {
    let climbs =
        |(path, _, code): &(PathBuf, String, String)| code.contains("super::super").then(|| path.display().to_string());
    let wrong: Vec<String> = files().iter().filter_map(climbs).collect();
    assert!(wrong.is_empty(), "write `crate::…` instead of `super::super::…` in {}", wrong.join(", "));
}

/// The most lines of a file, its tests aside, without a reason in CONTRIBUTING.
const MOST_LINES: usize = 450;

#[test]
fn long_files_have_their_reason() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let said = std::fs::read_to_string(root.join("CONTRIBUTING.md")).expect("CONTRIBUTING");
    let section = said.split("## Long files").nth(1).and_then(|rest| rest.split("\n## ").next()).expect("a section");
    let listed: BTreeSet<&str> = section.split('`').filter(|part| part.starts_with("src/")).collect();
    let is_long = |(path, _, code): &(PathBuf, String, String)| {
        !is_test(path) && code.split("#[cfg(test)]\nmod tests {").next().unwrap_or("").lines().count() > MOST_LINES
    };
    let long = files().into_iter().filter(is_long);
    let long: BTreeSet<String> =
        long.map(|(path, ..)| path.strip_prefix(root).unwrap_or(&path).display().to_string()).collect();
    assert_eq!(long.iter().map(String::as_str).collect::<BTreeSet<_>>(), listed, "long files, and those with a reason");
}

/// What `rustfmt.toml` asks of code holds for comments, which rustfmt leaves alone.
#[test]
fn comments_are_no_longer_than_lines_of_code() {
    let mut wrong = Vec::new();
    for (path, ..) in files() {
        let text = std::fs::read_to_string(&path).expect("a source file");
        let long =
            |line: &str| line.trim_start().starts_with("//") && line.chars().count() > 120 && !line.contains('|');
        wrong.extend(
            text.lines().zip(1..).filter(|(line, _)| long(line)).map(|(_, n)| format!("{}:{n}", path.display())),
        );
    }
    assert!(wrong.is_empty(), "comments of more than 120 characters:\n{}", wrong.join("\n"));
}

#[test]
fn libraries_are_named_in_one_place() {
    let wrong: Vec<String> = files()
        .into_iter()
        .flat_map(|(path, module, code)| {
            ALONE
                .iter()
                .filter(|(library, place)| module != *place && code.contains(library))
                .map(|(library, place)| format!("{}: names {library}, which is `{place}`'s", path.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_says_what_it_is() {
    let silent: Vec<String> = files()
        .into_iter()
        .map(|(path, ..)| path)
        .filter(|path| !std::fs::read_to_string(path).expect("a source file").starts_with("//!"))
        .map(|path| path.display().to_string())
        .collect();
    assert!(silent.is_empty(), "without `//!` at its head: {}", silent.join(", "));
}

/// Words that are also the name of a kind and mean something else in this file, or stand there on purpose: the file,
/// the literal, and why.
const OTHER_MEANINGS: &[(&str, &[&str], &str)] = &[
    ("syntax/foreign.rs", &[], "translates other tools' words"),
    ("syntax/mistakes/separators.rs", &[], "translates other tools' words"),
    ("check/rules/columns/identifier.rs", &["idx"], "the name of a column"),
    ("check/rules/columns/reach.rs", &["step"], "a step of training"),
    ("cli/train/keeper.rs", &["step"], "how often a run is kept"),
    ("check/rules/rates/steps.rs", &["step"], "a step of training"),
    ("check/rules/changes.rs", &["step"], "a step of training"),
    ("train/divergence.rs", &["step"], "a step of training"),
    ("ir/print/text.rs", &["step", "precision", "network", "data"], "a step of training, a setting and two headings"),
    ("check/rules/outputs.rs", &["constant"], "the key of a number in the evidence"),
    ("cli/profile.rs", &["precision"], "a key of the JSON output"),
    ("cli/sweep.rs", &["train"], "a command"),
    ("cli/sweep/grid.rs", &["linear"], "how a range is stepped through"),
    ("cli/trace.rs", &["input", "data"], "headings"),
    (
        "ir/lower/set/unlabelled.rs",
        &["network", "input", "repeat"],
        "a block, and forms that are no layers of their own",
    ),
];

/// Texts that name a kind on purpose: the file, the names, and why no fact gives them.
const ADVICE: &[(&str, &[&str], &str)] = &[
    ("check/rules/columns/classes.rs", &["f1"], "the metric for rare classes"),
    ("check/rules/columns/answer.rs", &["r2"], "the metric that compares with a constant"),
    ("check/rules/columns/digits.rs", &["precision"], "the setting of `train`, not the metric"),
    ("cli/train/closing.rs", &["early"], "the stop that keeps the best weights"),
    ("ir/lower/set/unlabelled.rs", &["repeat"], "the block that has turns"),
    ("check/rules/columns/scale.rs", &["mse"], "the loss under which a linear layer's limit has a formula"),
    ("check/rules/starts/bias.rs", &["constant"], "what a bias of the log-odds is written with"),
    (
        "check/rules/starts/pass.rs",
        &["leaky_relu", "glorot_uniform", "batch_norm"],
        "what helps units that are dead or slow",
    ),
    (
        "check/rules/structure.rs",
        &["layer_norm", "batch_norm", "dropout", "tanh"],
        "what the rule's own subject is exchanged for",
    ),
    ("ir/lower/network.rs", &["dense", "softmax"], "an example of an output layer"),
    ("ir/lower/network/blocks.rs", &["repeat", "residual"], "the forms that it lowers"),
    ("ir/lower/network/shapes.rs", &["input"], "the form that it lowers"),
    ("ir/lower/network/labels.rs", &["input"], "what the data gives, as a label"),
    ("cli/check.rs", &["select"], "the option of the command, not the layer"),
    (
        "ir/lower/targets.rs",
        &["flatten", "dense", "softmax", "mse"],
        "an output layer where there is none to mend, and the loss of numbers",
    ),
    ("ir/lower/data.rs", &["idx"], "an example of a source"),
    ("syntax/foreign.rs", &["dense", "relu"], "an example of a layer"),
];

/// The string literals of some code.
fn literals(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code.replace("'\"'", "' '");
    while let Some(at) = rest.find('"') {
        let raw = rest[..at].ends_with("r#");
        let text = &rest[at + 1..];
        let end = if raw {
            text.find("\"#")
        } else {
            let mut escaped = false;
            text.find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            })
        };
        let Some(end) = end else { break };
        found.push(text[..end].to_owned());
        rest = text[end + 1..].to_owned();
    }
    found
}

/// The words that a text has in backquotes, places for arguments left out.
fn quoted(text: &str) -> Vec<String> {
    let inside: String = text.split('`').skip(1).step_by(2).flat_map(|part| [part, " "]).collect();
    let fixed = inside
        .split('{')
        .enumerate()
        .map(|(k, part)| if k == 0 { part } else { part.split_once('}').map_or("", |(_, rest)| rest) });
    let words = fixed.flat_map(|part| part.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
    words.map(str::to_owned).collect()
}

/// Whether a list lets a file have a word; an entry without words lets it have all.
fn is_listed(list: &[(&str, &[&str], &str)], file: &str, word: &str) -> bool {
    list.iter().any(|(path, words, _)| file.ends_with(path) && (words.is_empty() || words.contains(&word)))
}

/// What a kind is and does is asked of the kind: a rule that compares names is silent about the next kind that is
/// written.
#[test]
fn kinds_are_named_in_the_catalog_alone() {
    let kinds = |blocks: bool| -> BTreeSet<&str> {
        let all = nn::catalog::all().into_iter();
        all.filter(|s| blocks || s.family != Family::Block).map(|s| s.name).collect()
    };
    let (names, spoken) = (kinds(true), kinds(false));
    assert!(names.contains("tanh") && names.len() > 50, "{names:?}");
    let mut wrong = Vec::new();
    let mut used = BTreeSet::new();
    for (path, module, code) in files() {
        if module == "catalog" || is_test(&path) {
            continue;
        }
        let file = path.display().to_string();
        let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap_or("");
        for literal in literals(code) {
            let named = names.get(literal.as_str()).map(|name| (*name, OTHER_MEANINGS));
            let advised = quoted(&literal).into_iter().filter_map(|word| Some((*spoken.get(word.as_str())?, ADVICE)));
            for (name, list) in named.into_iter().chain(advised) {
                used.insert((file.clone(), name.to_owned()));
                if !is_listed(list, &file, name) {
                    wrong.push(format!("{file}: names the kind {name} in {literal:?}"));
                }
            }
        }
    }
    // An exception that is not needed any more goes.
    for (path, words, _) in OTHER_MEANINGS.iter().chain(ADVICE) {
        for word in words.iter().filter(|w| !used.iter().any(|(file, name)| file.ends_with(path) && name == *w)) {
            wrong.push(format!("{path}: the exception for {word} is not needed"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
