//! Faulty programs and their reports. `programs/NAME.nn` is at fault, `NAME.txt` is the report for people (80
//! columns, plain), `NAME.json` the one for programs, and `NAME.good.nn` its twin that gives nothing. A name begins
//! with the code that the program is there for (`103_activation`), or with none where it shows several at once.
//!
//! `NN_BLESS=1 cargo test` writes the reports anew: read each of them before it is kept.

use std::collections::BTreeSet;
use std::error::Error;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use nn::check::{Options, check_with};
use nn::data::Files;
use nn::diagnostic::human::{Look, render};
use nn::diagnostic::{Diagnostic, codes, machine_readable};
use nn::source::Source;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Rules that checking a program cannot break: they speak of saved models and of training.
const ELSEWHERE: [codes::Code; 4] = [codes::DATA_FIT, codes::MODEL_FILE, codes::DATA_CHANGED, codes::FIRST_NON_FINITE];

#[test]
fn every_faulty_program_gives_its_reports() -> Outcome {
    let mut wrong = Vec::new();
    for path in programs(false)? {
        let (source, found) = checked(&path)?;
        let human = render(&source, &found, &Look::PLAIN, Some(usize::MAX));
        for (extension, text) in [("txt", human), ("json", machine_readable::json(&source, &found))] {
            wrong.extend(crate::bless::compare(&path.with_extension(extension), &text)?);
        }
        if let Some(code) = code(&path)
            && !found.iter().any(|d| d.code == code)
        {
            wrong.push(format!("{}: no {code}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn every_faulty_program_has_a_twin_that_gives_nothing() -> Outcome {
    for path in programs(false)? {
        let twin = path.with_extension("good.nn");
        let (source, found) = checked(&twin)?;
        assert!(found.is_empty(), "{}\n{}", twin.display(), render(&source, &found, &Look::PLAIN, None));
    }
    for twin in programs(true)? {
        let bad = PathBuf::from(twin.display().to_string().replace(".good.nn", ".nn"));
        assert!(bad.exists(), "{} is a twin of nothing", twin.display());
    }
    Ok(())
}

#[test]
fn every_rule_of_programs_has_a_faulty_one() -> Outcome {
    let shown: BTreeSet<_> = programs(false)?.iter().filter_map(|p| code(p)).collect();
    let rules = codes::RULES.iter().map(|r| r.code).filter(|c| !ELSEWHERE.contains(c));
    let missing: Vec<_> = rules.filter(|c| !shown.contains(c)).map(|c| c.to_string()).collect();
    assert!(missing.is_empty(), "no faulty program for {}", missing.join(", "));
    Ok(())
}

#[test]
fn five_faults_of_five_kinds_are_reported_each_at_its_place() -> Outcome {
    let (source, found) = checked(&folder().join("five_at_once.nn"))?;
    let place = |d: &Diagnostic| d.primary.as_ref().map(|p| (d.code.0, source.position(p.span.start).line));
    let places: Vec<_> = found.iter().filter_map(place).collect();
    assert_eq!(places, [(103, 5), (103, 12), (202, 14), (101, 19), (105, 21)]);
    Ok(())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs")
}

/// The programs in name order: the faulty ones, or their twins.
fn programs(good: bool) -> Outcome<Vec<PathBuf>> {
    let paths: Vec<PathBuf> = fs::read_dir(folder())?.map(|e| Ok(e?.path())).collect::<Outcome<_>>()?;
    let is = |p: &PathBuf, ending: &str| p.display().to_string().ends_with(ending);
    let mut paths: Vec<_> = paths.into_iter().filter(|p| is(p, ".nn") && is(p, ".good.nn") == good).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no programs");
    Ok(paths)
}

/// The code that a program's name begins with.
fn code(path: &Path) -> Option<codes::Code> {
    let name = path.file_name()?.to_str()?;
    Some(codes::Code(name.split_once('_')?.0.parse().ok()?))
}

fn checked(path: &Path) -> Outcome<(Source, Vec<Diagnostic>)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let source = Source::new(name, fs::read_to_string(path)?);
    // A rule of taste is asked for in the programs that are there for it.
    let pedantic = code(path) == Some(codes::RATE_RANGE);
    let options = Options { pedantic, ..Options::default() };
    let diagnostics = check_with(&source, &[], &Beside, options)?.diagnostics;
    Ok((source, diagnostics))
}

/// The data files beside the programs.
struct Beside;

impl Files for Beside {
    fn open(&self, path: &str) -> std::io::Result<Box<dyn Read>> {
        Ok(Box::new(File::open(folder().join(path))?))
    }
}
