//! The house: modules import downward alone, and libraries are named where the map says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The floors of `src/lib.rs`. A module may import from lower floors and from itself.
const FLOORS: &[(&str, u32)] = &[
    ("source", 0),
    ("tensor", 0),
    ("picture", 0),
    ("diagnostic", 1),
    ("syntax", 2),
    ("catalog", 3),
    ("ir", 4),
    ("data", 5),
    ("engine", 5),
    ("train", 6),
    ("check", 7),
    ("explain", 7),
    ("export", 7),
    ("cli", 8),
];

/// Libraries and the one place that may name them.
const ALONE: &[(&str, &str)] = &[
    ("nalgebra", "tensor"),
    ("gemm::", "tensor"),
    ("pulp::", "tensor"),
    ("pest", "syntax"),
    ("miette", "diagnostic"),
    ("clap", "cli"),
];

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

#[test]
fn modules_import_downward_alone() {
    let floors: BTreeMap<&str, u32> = FLOORS.iter().copied().collect();
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for (path, module, code) in files() {
        // A module's tests may build whole programs.
        let inside = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(&path);
        let is_test = inside.components().any(|c| matches!(c.as_os_str().to_str(), Some("tests" | "tests.rs")));
        if is_test || matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let own = floors.get(module.as_str()).unwrap_or_else(|| panic!("`{module}` is on no floor: add it to the map"));
        for part in code.split("crate::").skip(1) {
            let used: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let Some(floor) = floors.get(used.as_str()) else { continue };
            looked_at += 1;
            if used != module && floor >= own {
                wrong.push(format!("{}: {module} (floor {own}) uses {used} (floor {floor})", path.display()));
            }
        }
    }
    assert!(looked_at > 100, "the scan found only {looked_at} imports");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
