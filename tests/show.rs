//! What `nn show` prints: for each `show/NAME.nn` the table (`.txt`), the JSON (`.json`), the nodes (`.ir`) and the
//! graph (`.dot`). `NN_BLESS=1` writes them anew.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use nn::check::check;
use nn::data::Memory;
use nn::diagram;
use nn::engine::Plan;
use nn::ir::Program;
use nn::ir::print::{Sheet, nodes};
use nn::picture::Wiring;
use nn::source::Source;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

#[test]
fn programs_are_shown_as_they_were() -> Outcome {
    let mut wrong = Vec::new();
    for path in programs()? {
        let (source, program) = program(&path)?;
        let sheet = Sheet::new(&program, &source);
        let texts = [
            ("txt", sheet.text(&|heading| heading.to_owned())),
            ("json", sheet.json() + "\n"),
            ("ir", nodes(&program.network, &source)),
            ("dot", diagram::graph(&program, source.name(), &|_| None).dot()),
        ];
        for (extension, text) in texts {
            wrong.extend(crate::bless::compare(&path.with_extension(extension), &text)?);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    Ok(())
}

#[test]
fn tables_are_at_most_100_wide_and_memory_is_the_plan_s() -> Outcome {
    for path in programs()? {
        let (source, program) = program(&path)?;
        let sheet = Sheet::new(&program, &source);
        let text = sheet.text(&|heading| heading.to_owned());
        assert_eq!(text.lines().find(|l| l.chars().count() > 100), None, "{}", path.display());
        let plan = Plan::new(&program.network, sheet.training.batch, false);
        // The plan's scratch is shared by all layers, so it is no layer's own.
        let scratch = plan.scratch * plan.capacity * 4;
        let bytes = plan.bytes(4, program.training.optimizer.slots()) - scratch;
        assert_eq!(sheet.totals.memory_bytes, bytes as u64, "{}", path.display());
    }
    Ok(())
}

#[test]
fn a_model_s_weights_reach_the_lines_and_others_do_not() -> Outcome {
    let (source, program) = program(&folder().join("values.nn"))?;
    let weights = |name: &str| match name {
        "dense1.weight" => Some(vec![0.5; 8]),
        "dense2.weight" => Some(vec![0.5; 3]),
        _ => None,
    };
    let graph = diagram::graph(&program, source.name(), &weights);
    let wiring: Vec<_> = graph.edges.iter().map(|e| e.wiring.clone()).collect();
    assert_eq!(
        wiring,
        [Wiring::Dense(Some(vec![0.5; 8])), Wiring::Dense(None)],
        "a length that does not fit is left out"
    );
    assert_eq!(graph.nodes[0].units.as_deref(), Some(&["x".to_owned()][..]));
    assert_eq!(graph.nodes[2].units.as_deref(), Some(&["y".to_owned()][..]));
    Ok(())
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/show")
}

fn programs() -> Outcome<Vec<PathBuf>> {
    let paths: Vec<PathBuf> = fs::read_dir(folder())?.map(|e| Ok(e?.path())).collect::<Outcome<_>>()?;
    let mut paths: Vec<_> = paths.into_iter().filter(|p| p.extension().is_some_and(|e| e == "nn")).collect();
    paths.sort();
    assert!(!paths.is_empty(), "no programs");
    Ok(paths)
}

fn program(path: &Path) -> Outcome<(Source, Program)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let source = Source::new(name, fs::read_to_string(path)?);
    let program = check(&source, &[], &Memory::new())?.program;
    Ok((source, program.ok_or_else(|| format!("{} has errors", path.display()))?))
}
