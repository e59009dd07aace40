//! The seeds and findings of the fuzz targets of `fuzz/`, each done with as the fuzzer does; and their dictionary, with
//! every word of the catalog. `NN_BLESS=1` writes the seeds and the dictionary anew.

#[path = "../fuzz/src/lib.rs"]
#[expect(unreachable_pub, reason = "a crate of its own, where the targets of libFuzzer reach it")]
mod targets;

use crate::bless::compare;
use crate::common::root;
use nn::catalog;
use nn::catalog::signature::Kind;
use nn::tensor::{Purpose, Stream};
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use targets::container::{CHECKPOINT, Form, MODEL, joined, mutated, parts};
use targets::given::{LABELS, PROGRAMS, READY, pictures, table, trained};

/// A target with the seeds that are written for it.
type Target = (&'static str, Read, fn() -> Vec<Seed>);
type Read = fn(&[u8]) -> bool;
type Seed = (String, Vec<u8>);

const TARGETS: [Target; 5] = [
    ("program", targets::program::read, programs),
    ("table", targets::table::read, tables),
    ("pair", targets::pair::read, pairs),
    ("model", targets::model::read, models),
    ("checkpoint", targets::checkpoint::read, checkpoints),
];

/// The examples, and of the faulty programs one for each code.
fn programs() -> Vec<Seed> {
    let of = |folder: &str| {
        let entries = fs::read_dir(root().join(folder)).expect("a folder").map(|e| e.expect("an entry").path());
        let mut paths: Vec<_> = entries.filter(|path| path.extension().is_some_and(|e| e == "nn")).collect();
        paths.sort();
        paths
    };
    let code =
        |path: &std::path::Path| path.file_name().and_then(|name| name.to_str()).map(|name| name[..3].to_owned());
    let mut faulty = of("tests/programs");
    faulty.dedup_by_key(|path| code(path));
    let named = |path: &std::path::PathBuf| {
        (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), fs::read(path).expect("a program"))
    };
    let mut all: Vec<Seed> = of("examples").iter().chain(&faulty).map(named).collect();
    all.extend(PROGRAMS.iter().map(|given| (format!("{}.nn", given.name), given.text.into())));
    let set = format!(
        "#set train.epochs=5\n#set width=3\nlet width = 2\n{}",
        PROGRAMS[0].text.replace("dense 3", "dense width")
    );
    all.push(("set.nn".to_owned(), set.into_bytes()));
    all
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("to memory");
    encoder.finish().expect("to memory")
}

/// A table in each way of reading one, and some that are written otherwise.
fn tables() -> Vec<Seed> {
    const PLAIN: &str =
        "a,b,kind\n0.5,red,x\n1.5,green,y\n,red,x\n-2e3,blue,y\n0.25,green,x\n\"7\",red,\"y\"\n3,blue,x\n4,red,y\n";
    const DATES: &str = "a,b,date,kind\n2020-01-02,1,1/2/21,x\n03.04.2021,2,2020-05-06,y\n5/6/22 07:08,3,,x\n\
                         2020-01-05T10:00,4,31.12.1999,y\n";
    const FORMS: &str = "p,q,kind\n15%,$5,x\n1,234.5,7 kg,y\n(3),0x1F,x\n−4,1 000,y\n\"1,234\",€2,x\n";
    let mut all: Vec<(u8, String, Vec<u8>)> = Vec::new();
    let mut add = |first: u8, name: &str, text: &str| all.push((first, name.to_owned(), text.as_bytes().to_vec()));
    for first in 0..3 {
        add(first, "plain", PLAIN);
    }
    add(3, "german", &PLAIN.replace(',', ";").replace('.', ","));
    add(4, "blanks", &PLAIN.replace(",red", " red").replace(',', "  "));
    add(5, "tabs", &PLAIN.replace(',', "\t"));
    add(133, "tabs", &PLAIN.replace(',', "\t"));
    add(6, "bare", PLAIN.split_once('\n').map_or("", |(_, rest)| rest));
    add(7, "dates", DATES);
    add(8, "dates", DATES);
    add(9, "numbers", &PLAIN.replace("red", "1").replace("green", "2").replace("blue", "3"));
    add(10, "numbers", &PLAIN.replace("red", "1").replace("green", "2").replace("blue", "3"));
    add(11, "gaps", &PLAIN.replace("-2e3", "NA").replace("0.5", "?"));
    add(12, "headed", &format!("# a line before\n{PLAIN}"));
    add(13, "held", PLAIN);
    add(14, "thousands", "a,b,kind\n1 000,2 500.5,x\n1,12 000,y\n3,4,x\n5,6,y\n");
    add(15, "pipes", &PLAIN.replace(',', "|"));
    add(0, "forms", FORMS);
    add(1, "windows", &PLAIN.replace('\n', "\r\n"));
    add(0, "marked", &format!("\u{feff}{PLAIN}"));
    add(0, "semicolons", &PLAIN.replace(',', ";"));
    add(0, "ragged", &PLAIN.replace("red,x", "red"));
    add(0, "own", &table());
    add(1, "quoted", "\"a\"\"b\",b,kind\n\"x\ny\",1,u\n\"\",2,v\n'q',3,u\n");
    all.push((1, "zipped".to_owned(), gzip(PLAIN.as_bytes())));
    all.push((0, "latin".to_owned(), PLAIN.replace("red", "r\u{e9}d").chars().map(|c| c as u8).collect()));
    all.push((0, "wide".to_owned(), PLAIN.encode_utf16().flat_map(u16::to_le_bytes).collect()));
    let seed =
        |(first, name, bytes): (u8, String, Vec<u8>)| (format!("{first:03}_{name}"), [vec![first], bytes].concat());
    all.into_iter().map(seed).collect()
}

/// Inputs, targets and both, in each element type.
fn pairs() -> Vec<Seed> {
    let both = |x: &[u8], y: &[u8]| [&(x.len() as u16).to_le_bytes()[..], x, y].concat();
    let mut all =
        vec![(0, "inputs", pictures()), (0x10, "labels", LABELS.to_vec()), (0x20, "both", both(&pictures(), LABELS))];
    all.push((0x22, "held", both(&pictures(), LABELS)));
    all.push((0x23, "itself", both(&pictures(), LABELS)));
    all.push((0x21, "zipped", both(&gzip(&pictures()), &gzip(LABELS))));
    let elements: [(u8, &[u8]); 6] = [
        (0x08, &[7]),
        (0x09, &[0xf0]),
        (0x0b, &[1, 2]),
        (0x0c, &[0, 0, 1, 2]),
        (0x0d, &[0x3f, 0x80, 0, 0]),
        (0x0e, &[0x3f, 0xf0, 0, 0, 0, 0, 0, 0]),
    ];
    for (element, bytes) in elements {
        let vector = [&[0, 0, element, 1, 0, 0, 0, 6][..], &bytes.repeat(6)].concat();
        let matrix = [&[0, 0, element, 2, 0, 0, 0, 6, 0, 0, 0, 2][..], &bytes.repeat(12)].concat();
        all.push((0xa8, "values", both(&matrix, &vector)));
        all.push((0x28 | element & 7, "matrix", both(&vector, &matrix)));
    }
    let seed = |(number, (first, name, bytes)): (usize, (u8, &str, Vec<u8>))| {
        (format!("{number:02}_{name}"), [vec![first], bytes].concat())
    };
    all.into_iter().enumerate().map(seed).collect()
}

fn models() -> Vec<Seed> {
    let model = |(ready, given): (_, &targets::given::Given)| (format!("{}.model", given.name), trained(ready).0);
    READY.iter().zip(PROGRAMS).map(model).collect()
}

fn checkpoints() -> Vec<Seed> {
    let kept = |(ready, given): (_, &targets::given::Given)| {
        let all = trained(ready).1.into_iter().enumerate();
        all.map(|(step, bytes)| (format!("{}_{step:02}.checkpoint", given.name), bytes)).collect::<Vec<_>>()
    };
    READY.iter().zip(PROGRAMS).flat_map(kept).collect()
}

/// Findings are called `found_…`; all else was written to be taken.
#[test]
fn seeds_and_findings_are_read_or_reported() {
    for (name, read, seeds) in TARGETS {
        let folder = root().join("fuzz/corpus").join(name);
        if std::env::var_os("NN_BLESS").is_some_and(|v| v == "1") {
            fs::create_dir_all(&folder).expect("a folder");
            for (name, bytes) in seeds() {
                fs::write(folder.join(name), bytes).expect("a seed");
            }
        }
        let mut taken = 0;
        for entry in fs::read_dir(&folder).expect("seeds") {
            let path = entry.expect("an entry").path();
            let done = read(&fs::read(&path).expect("a seed"));
            taken += usize::from(done);
            let stem = path.file_name().unwrap_or_default().to_string_lossy();
            let is_written = matches!(path.extension().and_then(|e| e.to_str()), Some("model" | "checkpoint"));
            assert!(done || !is_written || stem.starts_with("found_"), "{} is not taken", path.display());
        }
        assert!(taken >= 4, "{name}: {taken} seeds are sound");
    }
}

/// Every kind, every parameter, every word that one takes, and what the syntax itself has.
#[test]
fn the_dictionary_has_every_word() -> std::io::Result<()> {
    let mut words: BTreeSet<&str> = BTreeSet::new();
    for signature in catalog::all() {
        words.insert(signature.name);
        for parameter in signature.parameters {
            words.insert(parameter.name);
            if let Kind::Word(some) | Kind::WordOrConstant(some) | Kind::CountOr(_, some) | Kind::NumbersOr(_, some) =
                parameter.kind
            {
                words.extend(some);
            }
        }
    }
    words.extend([
        "let",
        "table",
        "true",
        "false",
        "from",
        "input",
        "classes",
        "targets",
        "allow",
        "#set ",
        "# nn: allow(",
    ]);
    words.extend([
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        " = ",
        "%",
        "x",
        ": ",
        "\\x0a",
        "\\x0d\\x0a",
        "\\\"",
        "*",
        "/",
        "1e-3",
    ]);
    let lines: String = words.iter().map(|word| format!("\"{word}\"\n")).collect();
    let text = format!("# The words of nn, for libFuzzer. Written by `tests/fuzzed.rs`.\n{lines}");
    assert_eq!(compare(&root().join("fuzz/program.dict"), &text)?, None);
    Ok(())
}

/// One to three bytes turned, put in or taken out.
fn shaken(bytes: &mut Vec<u8>, most: usize, draws: &mut Stream) {
    for _ in 0..=draws.below(3) {
        let at = draws.below(bytes.len() as u64 + 1) as usize;
        match draws.below(3) {
            0 if bytes.len() < most => bytes.insert(at, draws.below(256) as u8),
            1 if at < bytes.len() => drop(bytes.remove(at)),
            _ if at < bytes.len() => bytes[at] ^= 1 << draws.below(8),
            _ => {}
        }
    }
}

/// What the mutators of models and checkpoints make keeps their form, and is read or reported.
#[test]
fn crafted_files_are_read_or_reported() {
    const COUNT: usize = 500;
    let made: [(Form, Read, Vec<Seed>); 2] =
        [(MODEL, targets::model::read, models()), (CHECKPOINT, targets::checkpoint::read, checkpoints())];
    let mut draws = Stream::new(1, Purpose::Generate);
    for (form, read, seeds) in made {
        for (name, seed) in &seeds {
            let own = parts(seed, form).expect("a file of that form");
            assert!(read(&joined(&own, form)), "{name}, put together again");
        }
        let (mut whole, mut taken) = (0, 0);
        for number in 0..COUNT {
            let (_, seed) = &seeds[number % seeds.len()];
            let number = draws.below(u64::from(u32::MAX)) as u32;
            let mut bytewise = |bytes: &mut Vec<u8>, most: usize| shaken(bytes, most, &mut draws);
            let bytes = mutated(seed, form, number, 1 << 16, &mut bytewise).expect("a file of that form");
            whole += usize::from(parts(&bytes, form).is_some());
            taken += usize::from(read(&bytes));
        }
        assert!(whole > COUNT * 4 / 5 && taken > COUNT / 50, "{whole} of {COUNT} keep their form, {taken} are taken");
    }
}
