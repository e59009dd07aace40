//! Whole programs' data: the files of the examples, and files that are not what they should be.

use crate::data::tests::{SOURCE, bad, block, columns, csv, file, good, only, place, share, text};
use crate::data::{Files, Memory, Original, Targets, load};
use crate::diagnostic::{Level, codes};
use crate::ir::spec::{DataSource, Missing, Scale, TargetFacts};
use crate::source::Spanned;
use std::io::{Error, ErrorKind, Read};

#[test]
fn the_example_files_load() {
    let read = |name: &str| {
        let path = format!("{}/examples/{name}", env!("CARGO_MANIFEST_DIR"));
        std::fs::read(path).expect("an example file")
    };
    for (name, target, features, rows) in [
        ("iris.csv", "species", 4, 150),
        ("breast_cancer.csv", "diagnosis", 30, 569),
        ("digits.csv", "digit", 64, 1797),
        ("diabetes.csv", "progression", 10, 442),
        ("penguins.csv", "species", 9, 333),
    ] {
        let mut spec = csv(target);
        spec.category = if name == "digits.csv" { columns(&["digit"]) } else { Vec::new() };
        spec.missing = Spanned::default(Missing::Drop);
        spec.scale = Spanned::default(Scale::Standard);
        (spec.validation, spec.test) = (share(0.15), share(0.15));
        let d = good::<f32>(&spec, &text(read(name)));
        assert_eq!((d.features, d.rows()), (features, rows), "{name}");
        let held = (rows as f64 * 0.15).round() as usize;
        assert_eq!((d.facts.validation_rows, d.facts.test_rows), (held, held), "{name}");
        for (name, s) in d.facts.input_names.iter().zip(d.input_statistics()) {
            let one_hot = name.contains('=');
            assert!(one_hot || s.std == 0.0 || (s.mean.abs() < 1e-5 && (s.std - 1.0).abs() < 1e-5), "{name} {s:?}");
        }
    }
}

#[test]
fn everything_learnt_comes_from_training_rows() {
    // The held-out file has other means, another category and the classes in another order.
    let train = "x,c,y\n1,p,b\n2,q,a\n3,q,b\n";
    let mut spec = csv("y");
    spec.scale = Spanned::default(Scale::Standard);
    spec.test = file("t.csv");
    let files = Memory::new().with("a.csv", train).with("t.csv", "y,extra,c,x\nb,9,zz,100\na,9,p,2\n");
    let (d, reports) = load::<f64>(&spec, &files, None);
    let d = d.expect("a dataset");
    let warning = only(&reports, codes::DATA_VALUE, "`zz` in column `c` is in no training row");
    assert_eq!((warning.level, place(&warning)), (Level::Warning, (2, 5, "zz")));
    let std = (2.0f64 / 3.0).sqrt();
    assert_eq!(d.row(3), [98.0 / std, 0.0, 0.0]);
    assert_eq!(d.row(4), [0.0, 1.0, 0.0]);
    assert_eq!(d.targets, Targets::Classes(vec![1, 0, 1, 1, 0]), "a is 0, b is 1");
    assert_eq!((d.train, d.test, d.facts.test_rows), (vec![0, 1, 2], vec![3, 4], 2));
    assert_eq!(d.facts.input_names, ["x", "c=p", "c=q"]);
}

#[test]
fn bad_files_are_said_to_be_so() {
    /// A file system where every file fails in one way, when opened or when read.
    struct Failing(ErrorKind, bool);
    impl Files for Failing {
        fn open(&self, _: &str) -> std::io::Result<Box<dyn Read>> {
            if self.1 { Err(Error::from(self.0)) } else { Ok(Box::new(Self(self.0, true))) }
        }
    }
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(Error::from(self.0))
        }
    }
    for (kind, early, says) in [
        (ErrorKind::NotFound, true, "does not exist"),
        (ErrorKind::PermissionDenied, true, "permission denied"),
        (ErrorKind::IsADirectory, false, "is a directory"),
        (ErrorKind::TimedOut, false, "cannot be read"),
    ] {
        let report = only(&bad(&csv("y"), &Failing(kind, early)), codes::DATA_FILE, says);
        assert_eq!(report.primary.map(|l| l.span), Some(SOURCE));
    }
    for (table, says) in [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("\u{feff}", "is empty"),
        ("x,y\n", "a header and no rows"),
        ("x,x,y\n1,2,3\n", "two columns named `x`"),
        (",y\n1,2\n", "column 1 of `a.csv` has no name"),
        ("x;y\n1;2\n", "separated by semicolons"),
        ("x\ty\n1\t2\n", "separated by tabs"),
        ("\"a;b\";y\n\"1;2\";2\n", "separated by semicolons"),
        ("x y\n1  2\n 3 4 \n", "separated by blanks"),
        ("x,y\r1,2\r", "carriage return alone"),
        ("x,y\n1,\"2\n", "never closed"),
    ] {
        only(&bad(&csv("y"), &text(table)), codes::DATA_FORMAT, says);
    }
    let tabs = Memory::new().with("a.tsv", "x\ty\r\n1\ta\r\n2\tb\r\n");
    let mut spec = csv("y");
    spec.source = DataSource::Delimited { path: "a.tsv".into() };
    assert_eq!(good::<f32>(&spec, &tabs).inputs, [1.0, 2.0]);
}

#[test]
fn numbers_are_exact_until_they_are_scaled() {
    // A hundred seconds of a clock, and a target far from 0 beside its spread: f32 holds neither.
    let rows: String =
        (0..100).map(|k| format!("{},{}\n", 1_700_000_000 + k, 100_000_000.0 + 0.25 * f64::from(k))).collect();
    let mut spec = csv("y");
    spec.scale = Spanned::default(Scale::Standard);
    spec.target_scale = Spanned::default(Scale::Minmax);
    let d = good::<f32>(&spec, &text(format!("t,y\n{rows}")));
    let Targets::Values { values, .. } = &d.targets else { panic!("values") };
    let std = ((100.0f64 * 100.0 - 1.0) / 12.0).sqrt();
    for k in 0..100u32 {
        assert!((f64::from(d.row(k)[0]) - (f64::from(k) - 49.5) / std).abs() < 1e-6);
        assert!((f64::from(values[k as usize]) - f64::from(k) / 99.0).abs() < 1e-7);
        assert_eq!(d.exact[k as usize], 100_000_000.0 + 0.25 * f64::from(k));
        let originals = d.preparation.inputs.original(d.row(k));
        assert_eq!(originals[0].1, Original::Number(f64::from(1_700_000_000 + k)));
    }
    // Names are what the file writes.
    let mut spec = csv("y");
    spec.category = columns(&["y"]);
    let d = good::<f32>(&spec, &text("x,y\n1,007\n2,7\n3,9007199254740993\n4,9007199254740992\n5,7.0\n"));
    let TargetFacts::Classes { names, counts, .. } = &d.facts.target else { panic!("classes") };
    assert_eq!(names, &["7", "007", "9007199254740992", "9007199254740993"]);
    assert_eq!(counts, &[2, 1, 1, 1]);
}

/// A number that the precision of the run holds, and not after it was scaled by rows that lie close together.
#[test]
fn held_out_values_that_cannot_be_scaled_are_reported() {
    let train = "x,y\n1,2\n1.0001,2.0001\n1.0002,2.0003\n";
    let mut spec = csv("y");
    spec.scale = Spanned::default(Scale::Standard);
    spec.target_scale = Spanned::default(Scale::Standard);
    spec.test = file("b.csv");
    let files = |held: &str| text(train).with("b.csv", held.to_owned());
    assert_eq!(good::<f32>(&spec, &files("x,y\n3e30,3\n")).test, [3]);
    only(&bad(&spec, &files("x,y\n1,3\n3e38,3\n")), codes::NON_FINITE, "row 1: a value of `x` is too far");
    let mut spec = csv("y");
    spec.target_scale = Spanned::default(Scale::Standard);
    spec.test = file("b.csv");
    only(&bad(&spec, &files("x,y\n1,3e38\n")), codes::NON_FINITE, "row 0: a value of `y` is too far");
}

#[test]
fn no_bytes_make_it_panic() {
    use proptest::prelude::*;
    let pieces = proptest::sample::select(vec![&b"x"[..], b"y", b",", b"\n", b"\"", b"1", b"NA", b"\xff", b"\r"]);
    proptest!(|(parts in proptest::collection::vec(pieces, 0..40), validation in 0.0f64..1.0)| {
        let mut spec = csv("y");
        spec.missing = Spanned::default(Missing::Mode);
        spec.scale = Spanned::default(Scale::Standard);
        spec.validation = share(validation);
        let bytes = [&b"x,y\n"[..], &parts.concat()].concat();
        let (dataset, reports) = load::<f32>(&spec, &text(bytes), None);
        prop_assert_eq!(dataset.is_none(), crate::diagnostic::has_errors(&reports));
    });
    proptest!(|(bytes in proptest::collection::vec(any::<u8>(), 0..40))| {
        let x = [&[0, 0, 8][..], &bytes].concat();
        let files = Memory::new().with("x", x).with("y", bytes);
        let spec = block(DataSource::Idx { inputs: "x".into(), targets: "y".into() });
        prop_assert!(load::<f32>(&spec, &files, None).0.is_none());
    });
}
