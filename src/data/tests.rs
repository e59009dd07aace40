//! From a data block to rows, and every way in which data can be bad.

use std::io::{Error, ErrorKind, Read, Write};

use super::*;
use crate::diagnostic::{Code, Diagnostic, Level, codes};
use crate::ir::dialect::Dialect;
use crate::ir::spec::{ColumnName, DataSource, DataSpec, Holdout, Missing, Places, Scale, Statistics, TargetFacts};
use crate::source::{Span, Spanned};
use crate::syntax::tree::{Cell, Table};

const SOURCE: Span = Span::new(5, 11);

/// A data block with nothing set but its source.
fn block(source: DataSource) -> DataSpec {
    DataSpec {
        source,
        source_span: SOURCE,
        target: Vec::new(),
        target_span: None,
        inputs: None,
        ignore: Vec::new(),
        category: Vec::new(),
        scale: Spanned::default(Scale::None),
        target_scale: Spanned::default(Scale::None),
        missing: Spanned::default(Missing::Error),
        unseen: false,
        weight: None,
        validation: None,
        test: None,
        split_seed: Spanned::default(0),
        stratify: Spanned::default(true),
        positive: None,
        classes: None,
        dates: Vec::new(),
        dialect: Dialect::default(),
        places: Places::default(),
    }
}

fn csv(target: &str) -> DataSpec {
    let mut spec = block(DataSource::Delimited { path: "a.csv".into() });
    spec.target = columns(&[target]);
    spec
}

/// Names at made-up places, the n-th at 100 + 10n.
fn columns(names: &[&str]) -> Vec<ColumnName> {
    let place = |n: usize, name: &str| Span::new(100 + 10 * n, 100 + 10 * n + name.len());
    names.iter().enumerate().map(|(n, name)| ColumnName { name: (*name).into(), span: place(n, name) }).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "as it stands in the block")]
fn share(share: f64) -> Option<Spanned<Holdout>> {
    Some(Spanned::written(Holdout::Share(share), Span::new(200, 203)))
}

#[expect(clippy::unnecessary_wraps, reason = "as it stands in the block")]
fn file(path: &str) -> Option<Spanned<Holdout>> {
    Some(Spanned::written(Holdout::File(path.into()), Span::new(210, 217)))
}

fn good<R: crate::tensor::Real>(spec: &DataSpec, files: &Memory) -> Dataset<R> {
    let (dataset, reports) = load(spec, files, None);
    assert!(reports.is_empty(), "{reports:#?}");
    dataset.expect("a dataset")
}

fn text(text: impl Into<Vec<u8>>) -> Memory {
    Memory::new().with("a.csv", text)
}

fn bad(spec: &DataSpec, files: &dyn Files) -> Vec<Diagnostic> {
    let (dataset, reports) = load::<f32>(spec, files, None);
    assert!(dataset.is_none(), "a dataset in spite of {reports:#?}");
    assert!(reports.iter().any(|r| r.level == Level::Error), "{reports:#?}");
    reports
}

/// The one report there is, of this code, its message holding `says`.
fn only(reports: &[Diagnostic], code: Code, says: &str) -> Diagnostic {
    assert_eq!(reports.len(), 1, "{reports:#?}");
    assert_eq!(reports[0].code, code, "{reports:#?}");
    assert!(reports[0].message.contains(says), "{}", reports[0].message);
    reports[0].clone()
}

/// Line, column and marked text of a report's first excerpt.
fn place(report: &Diagnostic) -> (usize, usize, &str) {
    let e = &report.excerpts[0];
    (e.line, e.column, &e.text[e.start..e.end])
}

#[test]
fn a_table_in_the_program_becomes_rows() {
    let cells = |row: &str, line: usize| {
        let cell =
            |(n, text): (usize, &str)| Cell { text: text.into(), span: Span::new(line * 10 + n, line * 10 + n + 1) };
        row.split(' ').enumerate().map(cell).collect::<Vec<_>>()
    };
    let table = |rows: &[&str]| {
        let rows = rows.iter().enumerate().map(|(line, row)| cells(row, line)).collect();
        let mut spec = block(DataSource::Inline(Table { rows, keyword: SOURCE, span: SOURCE }));
        spec.target = columns(&["y"]);
        spec
    };
    let xor = table(&["a b y", "0 0 0", "0 1 1", "1 0 1", "1 1 0"]);
    let d = good::<f64>(&xor, &Memory::new());
    assert_eq!((d.features, &d.inputs[..]), (2, &[0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0][..]));
    assert_eq!(d.targets, Targets::Classes(vec![0, 1, 1, 0]));
    assert_eq!(d.train, [0, 1, 2, 3]);
    let facts = TargetFacts::Classes {
        name: "y".into(),
        names: vec!["0".into(), "1".into()],
        counts: vec![2, 2],
        binary_numbers: true,
    };
    assert_eq!((d.facts.target, d.facts.input_names), (facts, vec!["a".to_owned(), "b".to_owned()]));

    let reports = bad(&table(&["a b y", "0 0 0", "0 x 1", "1 0"]), &Memory::new());
    let at: Vec<_> = reports.iter().map(|r| (r.code, r.primary.as_ref().map(|l| l.span))).collect();
    let expected = [(codes::DATA_VALUE, Some(Span::new(21, 22))), (codes::DATA_FORMAT, Some(Span::new(30, 32)))];
    assert_eq!(at, expected, "places are in the program");
    only(&bad(&table(&[]), &Memory::new()), codes::DATA_FORMAT, "the table is empty");
    only(&bad(&table(&["a b y"]), &Memory::new()), codes::DATA_FORMAT, "a header and no rows");
}

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
fn a_new_file_is_prepared_to_the_same_bits() {
    let rows: Vec<String> = (0..60)
        .map(|i| format!("{},{},{}", f64::from(i) * 0.37, ["u", "v", "w"][i as usize % 3], f64::from(i).sin()))
        .collect();
    let table = format!("x,c,y\n{}\n", rows.join("\n"));
    let mut spec = csv("y");
    spec.scale = Spanned::default(Scale::Minmax);
    spec.target_scale = Spanned::default(Scale::Standard);
    spec.test = share(0.3);
    let files = text(table);
    let d = good::<f32>(&spec, &files);
    let json = serde_json::to_string(&d.preparation).expect("to JSON");
    let saved: Preparation = serde_json::from_str(&json).expect("from JSON");
    assert_eq!(saved, d.preparation, "it survives being saved");
    let mut batches = saved.open::<f32>(NewData::Delimited("a.csv"), &files, Use::Evaluate).expect("opens");
    let (mut inputs, mut targets) = (Vec::new(), Vec::new());
    while let Some(batch) = batches.read(7).expect("reads") {
        assert!(batch.rows <= 7);
        inputs.extend(batch.inputs);
        let Some(Targets::Values { width: 1, values }) = batch.targets else { panic!("values") };
        targets.extend(values);
    }
    assert_eq!(inputs, d.inputs);
    assert_eq!(Targets::Values { width: 1, values: targets }, d.targets);
    let original = saved.inputs.original(d.row(5));
    assert_eq!(original, [("x".into(), Original::Number(1.85)), ("c".into(), Original::Category("w"))]);
    let Targets::Values { values, .. } = &d.targets else { panic!("values") };
    assert!((saved.target.undo(0, f64::from(values[5])) - 5f64.sin()).abs() < 1e-6);
}

#[test]
fn a_new_file_that_does_not_fit_is_refused() {
    let mut spec = csv("y");
    spec.ignore = columns(&["id"]);
    let train = "id,width,c,y\n1,1,p,a\n2,2,q,b\n3,3,p,a\n";
    let d = good::<f32>(&spec, &text(train));
    let open = |table: &str, purpose| {
        let files = text(table);
        let mut batches = d.preparation.open::<f32>(NewData::Delimited("a.csv"), &files, purpose)?;
        batches.read(100)
    };
    let batch = open("c,width\nq,5\n", Use::Predict).expect("fits").expect("a row");
    assert_eq!((&batch.inputs[..], batch.targets), (&[5.0, 0.0, 1.0][..], None), "columns are found by name");
    let report =
        only(&open("widht,c\n1,p\n", Use::Predict).expect_err("lacks"), codes::DATA_FIT, "lacks the column `width`");
    assert!(report.notes.iter().any(|n| n.contains("`widht` is near")), "{report:?}");
    only(&open("width,c\n1,p\n", Use::Evaluate).expect_err("lacks"), codes::DATA_FIT, "lacks the column `y`");
    let report = only(&open("width,c\n1,p\n2,zz\n", Use::Predict).expect_err("unseen"), codes::DATA_VALUE, "`zz`");
    assert_eq!((place(&report), report.level), ((3, 3, "zz"), Level::Error));
    let report =
        only(&open("width,c,y\n1,p,zebra\n", Use::Evaluate).expect_err("unseen"), codes::DATA_VALUE, "`zebra`");
    assert_eq!((place(&report), &report.notes[0][..]), ((2, 5, "zebra"), "the classes are `a` and `b`"));
    only(
        &open("width,c\n1,p\n,q\n", Use::Predict).expect_err("missing"),
        codes::NON_FINITE,
        "`width` has a missing cell",
    );
    only(&open("width,c\nwide,p\n", Use::Predict).expect_err("a text"), codes::DATA_VALUE, "`wide`");
    assert_eq!(
        open("width,c\n,p\n", Use::Predict).expect_err("missing")[0].help,
        None,
        "no setting can help a saved model"
    );
    only(&open("", Use::Predict).expect_err("empty"), codes::DATA_FORMAT, "is empty");
    assert_eq!(open("width,c\n", Use::Predict), Ok(None), "no rows are no predictions");
    let idx = NewData::Idx { inputs: "x", targets: None };
    only(
        &d.preparation.open::<f32>(idx, &text(""), Use::Predict).err().expect("a table"),
        codes::DATA_FIT,
        "named columns",
    );
}

#[test]
fn rows_are_dropped_where_they_are_measured_and_never_where_they_are_predicted() {
    let mut spec = csv("y");
    spec.missing = Spanned::default(Missing::Drop);
    let d = good::<f64>(&spec, &text("x,y\n1,a\n2,b\n3,a\n"));
    let holed = text("x,y\n1,a\n,b\n3,b\n");
    let open = |purpose| d.preparation.open::<f64>(NewData::Delimited("a.csv"), &holed, purpose);
    let mut batches = open(Use::Evaluate).expect("fits");
    let batch = batches.read(9).expect("reads").expect("rows");
    assert_eq!((&batch.inputs[..], batch.rows, batches.dropped()), (&[1.0, 3.0][..], 2, 1));
    let reports = open(Use::Predict).and_then(|mut batches| batches.read(9)).expect_err("a prediction for each row");
    only(&reports, codes::NON_FINITE, "`x` has a missing cell");
}

#[test]
fn a_marker_in_quotes_is_a_text_in_columns_of_any_form() {
    let mut spec = csv("y");
    spec.dialect.missing_values = vec!["unknown".into()];
    for decimal in [crate::ir::dialect::Decimal::Point, crate::ir::dialect::Decimal::Comma] {
        spec.dialect.numbers.decimal = decimal;
        spec.missing = Spanned::default(Missing::Mode);
        let d = good::<f64>(&spec, &text("c,y\n\"NA\",a\nq,b\nNA,a\n\"\",b\nq,a\n\"unknown\",b\n"));
        assert_eq!(d.facts.input_names, ["c=NA", "c=q"], "{decimal:?}");
        let filled: Vec<f64> = (0..6).map(|row| d.row(row)[0]).collect();
        assert_eq!(filled, [1.0, 0.0, 0.0, 0.0, 0.0, 0.0], "{decimal:?}");
    }
}

#[test]
fn made_up_rows_have_the_shape_of_the_data_s() {
    let d = good::<f64>(&csv("y"), &text("x,z,y\n1,5,a\n2,6,b\n3,7,c\n"));
    let made = Dataset::<f64>::drawn(&d.facts, &d.preparation, 7);
    assert_eq!((made.rows(), made.inputs.len(), &made.train[..]), (7, 14, &[0, 1, 2, 3, 4, 5, 6][..]));
    assert_eq!(made.targets, Targets::Classes(vec![0, 1, 2, 0, 1, 2, 0]));
    assert!(made.inputs.iter().all(|v| v.abs() <= 1.0));
    assert!(made.inputs.iter().any(|&v| v < -0.1) && made.inputs.iter().any(|&v| v > 0.1));
    let mut spec = csv("y");
    spec.target = columns(&["y", "z"]);
    let d = good::<f64>(&spec, &text("x,z,y\n1,5,0.5\n2,6,0.25\n3,7,2\n"));
    let Targets::Values { width, values } = Dataset::<f64>::drawn(&d.facts, &d.preparation, 5).targets else {
        panic!("values")
    };
    assert_eq!((width, values.len()), (2, 10));
}

#[test]
fn missing_cells_follow_the_policy() {
    let table = "x,c,y\n1,p,a\n,p,a\n3,?,b\n5,q,b\n3,p,b\n";
    let with = |missing| {
        let mut spec = csv("y");
        spec.missing = Spanned::default(missing);
        spec
    };
    let reports = bad(&with(Missing::Error), &text(table));
    let places: Vec<_> = reports.iter().map(|r| (r.code, place(r))).collect();
    assert_eq!(places, [(codes::NON_FINITE, (3, 1, "")), (codes::NON_FINITE, (4, 3, "?"))]);
    let d = good::<f64>(&with(Missing::Drop), &text(table));
    assert_eq!((d.rows(), d.dropped, d.row(1)), (3, 2, &[5.0, 0.0, 1.0][..]));
    let d = good::<f64>(&with(Missing::Mean), &text(table));
    assert_eq!((d.row(1), d.row(2)), (&[3.0, 1.0, 0.0][..], &[3.0, 1.0, 0.0][..]));
    let d = good::<f64>(&with(Missing::Mode), &text("x,c,y\n1,p,a\n,p,a\n9,q,b\n9,q,b\n"));
    assert_eq!(d.row(1), [9.0, 1.0, 0.0]);
    let report = only(&bad(&with(Missing::Mean), &text("x,y\n1,a\n2,\n3,b\n")), codes::NON_FINITE, "the target `y`");
    assert_eq!(report.help.as_deref(), Some("`missing = drop` leaves such rows out"));
    only(&bad(&with(Missing::Mean), &text("x,z,y\n1,,a\n2,,b\n")), codes::NON_FINITE, "`z` has no value");
    only(&bad(&with(Missing::Drop), &text("x,y\n,a\n,b\n")), codes::DATA_FORMAT, "each of the 2 rows");
}

#[test]
fn bad_cells_and_rows_are_shown_where_they_stand() {
    let rows: String = (0..40).flat_map(|i| [format!("{i},\"t, {i}\","), format!("{}\n", i % 2)]).collect();
    let table = format!("x,t,y\n{rows}oops,t,1\n7,t\n8,t,inf\n9,t,1e40\n");
    let mut spec = csv("y");
    spec.ignore = columns(&["t"]);
    let reports = bad(&spec, &text(table));
    let found: Vec<_> = reports.iter().map(|r| (r.code, r.excerpts.len(), place(r))).collect();
    let expected = [
        (codes::DATA_VALUE, 1, (42, 1, "oops")),
        (codes::DATA_FORMAT, 1, (43, 1, "7,t")),
        (codes::NON_FINITE, 2, (44, 5, "inf")),
    ];
    assert_eq!(found, expected);
    assert_eq!(reports[0].message, "`oops` in column `x` is not a number");
    assert_eq!(reports[0].help.as_deref(), Some("`category = [x]` if its values are classes"));
    assert_eq!(reports[1].message, "a row has 2 cells where the header has 3 cells");
    assert_eq!(reports[2].message, "2 cells of column `y` are not finite numbers");

    let bad_rows: String = (0..30).map(|i| format!("bad{i}x,a\n")).collect();
    let many = format!("x,y\n{}{bad_rows}", "1,a\n2,b\n".repeat(90));
    let report = only(&bad(&csv("y"), &text(many)), codes::DATA_VALUE, "30 cells of column `x`");
    assert_eq!((report.excerpts.len(), report.notes.last().map(String::as_str)), (5, Some("and 25 more")));

    let report = only(&bad(&csv("y"), &text(*b"x,y\np,a\n\xff\xfe,b\n")), codes::DATA_FORMAT, "not UTF-8");
    assert_eq!(place(&report).0, 3);
}

#[test]
fn many_faulty_columns_are_told_of_in_part() {
    let header = (0..150).map(|c| format!("c{c}")).collect::<Vec<_>>().join(",");
    let row = |text: &str| format!("{}\n", [text; 150].join(","));
    let table = format!("{header}\n{}{}", row("1").repeat(5), row("x"));
    let reports = bad(&csv("c0"), &text(table));
    assert_eq!(reports.len(), 100);
    assert_eq!(reports[99].notes.last().map(String::as_str), Some("and 50 faults in other columns"));
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
fn names_are_looked_up_in_the_header() {
    let table = "sepal,petal,species\n1,2,a\n3,4,b\n";
    let mut spec = csv("specis");
    spec.ignore = columns(&["nothing_like_it"]);
    let reports = bad(&spec, &text(table));
    assert_eq!(reports.len(), 2, "{reports:#?}");
    assert_eq!((reports[0].code, reports[0].help.as_deref()), (codes::UNKNOWN, Some("write `species`")));
    assert_eq!(reports[0].fixes[0].edits[0].span, Span::new(100, 106));
    assert_eq!((reports[1].code, reports[1].help.as_deref()), (codes::UNKNOWN, None));

    let mut spec = csv("species");
    spec.inputs = Some(columns(&["petal", "species", "petal"]));
    let found: Vec<_> = bad(&spec, &text(table)).iter().map(|r| r.code).collect();
    assert_eq!(found, [codes::DUPLICATE, codes::EXCLUSIVE]);
    spec.inputs = Some(columns(&["petal"]));
    assert_eq!(good::<f32>(&spec, &text(table)).inputs, [2.0, 4.0]);
    spec.target.clear();
    only(&bad(&spec, &text(table)), codes::MISSING, "which column is the target");
    let mut spec = csv("species");
    spec.ignore = columns(&["sepal", "petal"]);
    only(&bad(&spec, &text(table)), codes::MISSING, "no column left to learn from");
    let report = only(&bad(&csv("species"), &text("1,2\n3,4\n")), codes::UNKNOWN, "no column named `species`");
    assert!(report.help.is_some_and(|h| h.contains("the first line holds numbers only")));
}

#[test]
fn targets_are_classes_or_values() {
    let d = good::<f32>(&csv("y"), &text("x,y\n1,10\n2,9\n3,2\n"));
    assert!(matches!(&d.facts.target, TargetFacts::Values { names, binary: false, .. } if names == &["y"]));
    let mut spec = csv("y");
    spec.category = columns(&["y"]);
    let d = good::<f32>(&spec, &text("x,y\n1,10\n2,9.0\n3,2\n4,9\n"));
    let TargetFacts::Classes { names, counts, binary_numbers: false, .. } = &d.facts.target else { panic!("classes") };
    assert_eq!((names, counts), (&vec!["2".into(), "9".into(), "10".into()], &vec![1, 2, 1]));
    assert_eq!(d.targets, Targets::Classes(vec![2, 1, 0, 1]));

    let mut spec = csv("y");
    spec.target_scale = Spanned::written(Scale::Standard, Span::new(300, 308));
    let d = good::<f64>(&spec, &text("x,y\n1,0\n2,1\n"));
    assert_eq!(d.targets, Targets::Values { width: 1, values: vec![-1.0, 1.0] }, "scaled, hence a value");
    only(&bad(&spec, &text("x,y\n1,a\n2,b\n")), codes::EXCLUSIVE, "`target_scale` is given");

    let mut spec = csv("y");
    spec.target = columns(&["p", "q"]);
    let d = good::<f32>(&spec, &text("p,x,q\n0.25,1,0.75\n1,2,0\n"));
    assert_eq!(d.targets, Targets::Values { width: 2, values: vec![0.25, 0.75, 1.0, 0.0] });
    assert!(matches!(d.facts.target, TargetFacts::Values { distribution: true, binary: false, .. }));
    let report = only(&bad(&spec, &text("p,x,q\na,1,2\nb,2,3\n")), codes::LABEL_DOMAIN, "`p` is one of many targets");
    assert_eq!(report.primary.map(|l| l.span), Some(Span::new(100, 101)));

    only(&bad(&csv("y"), &text("x,y\n1,a\n2,a\n")), codes::IMBALANCE, "of one class, `a`");
    only(&bad(&csv("y"), &text("x,y\n1,0\n2,0\n")), codes::IMBALANCE, "of one class, `0`");
}

#[test]
fn classes_fixes_their_order() {
    let mut spec = csv("y");
    let names = |names: &[&str]| Some(Spanned::written(names.iter().map(|&n| n.into()).collect(), Span::new(400, 420)));
    spec.classes = names(&["low", "mid", "high"]);
    let d = good::<f32>(&spec, &text("x,y\n1,high\n2,low\n3,mid\n"));
    assert_eq!(d.targets, Targets::Classes(vec![2, 0, 1]));
    let report = only(&bad(&spec, &text("x,y\n1,high\n2,low\n3,mid\n4,hihg\n")), codes::DATA_VALUE, "`hihg`");
    assert_eq!((place(&report), report.labels[0].span), ((5, 3, "hihg"), Span::new(400, 420)));
    spec.classes = names(&["low", "high", "med"]);
    let report = only(&bad(&spec, &text("x,y\n1,high\n2,low\n")), codes::UNKNOWN, "names `med`");
    assert_eq!(report.primary.map(|l| l.span), Some(Span::new(400, 420)));
    spec.classes = names(&["1", "0"]);
    let d = good::<f32>(&spec, &text("x,y\n1,1\n2,0\n3,1.0\n"));
    assert_eq!(d.targets, Targets::Classes(vec![0, 1, 0]), "numbers are told apart by value");
}

#[test]
fn splits_that_leave_nothing_are_errors() {
    let table = "x,y\n1,a\n2,b\n3,a\n4,b\n";
    let mut spec = csv("y");
    (spec.validation, spec.test) = (share(0.6), share(0.4));
    only(&bad(&spec, &text(table)), codes::DATA_SPLIT, "sum to 100%");
    (spec.validation, spec.test) = (share(0.1), None);
    only(&bad(&spec, &text("x,y\n1,a\n2,b\n")), codes::DATA_SPLIT, "no row is left for `validation`");
    spec.validation = file("v.csv");
    let files = text(table).with("v.csv", "x,y\n");
    only(&bad(&spec, &files), codes::DATA_SPLIT, "`v.csv` has no rows");
    let report = only(&bad(&spec, &text(table).with("v.csv", "x\n1\n")), codes::DATA_FIT, "lacks the column `y`");
    assert_eq!(report.primary.map(|l| l.span), Some(Span::new(210, 217)));
    let report = only(&bad(&spec, &text(table)), codes::DATA_FILE, "`v.csv` does not exist");
    assert_eq!(report.primary.map(|l| l.span), Some(Span::new(210, 217)));
    (spec.validation, spec.stratify) = (share(0.5), Spanned::written(false, Span::new(500, 505)));
    let loads = |seed| {
        let spec = DataSpec { split_seed: Spanned::default(seed), ..spec.clone() };
        load::<f32>(&spec, &text("x,y\n1,a\n2,b\n"), None).0.is_some()
    };
    assert!(!(0..20).any(loads), "one of the two classes is always lost");
}

#[test]
fn too_many_categories_are_an_error_and_identifiers_a_warning() {
    let names = |count: usize| {
        (0..count).flat_map(|i| [format!("{i},id{i}"), [",a\n", ",b\n"][i % 2].to_owned()]).collect::<String>()
    };
    let report = only(&bad(&csv("y"), &text(format!("x,id,y\n{}", names(1001)))), codes::DATA_VALUE, "more than 1000");
    assert_eq!(report.help.as_deref(), Some("leave it out: `ignore = [id]`"));
    let (d, reports) = load::<f32>(&csv("y"), &text(format!("x,id,y\n{}", names(30))), None);
    assert_eq!(d.map(|d| d.features), Some(31));
    assert_eq!(only(&reports, codes::DATA_VALUE, "a value of its own").level, Level::Warning);
}

#[test]
fn generators_load_like_files() {
    for g in &GENERATORS {
        let source = DataSource::Generator { name: g.name, samples: 90, noise: 0.1, seed: 3 };
        let mut spec = block(source);
        spec.test = share(0.2);
        let d = good::<f64>(&spec, &Memory::new());
        assert_eq!((d.rows(), d.test.len(), d.features), (90, 18, g.columns.len() - 1), "{}", g.name);
        match &d.facts.target {
            TargetFacts::Classes { names, counts, .. } => {
                assert_eq!((names.len(), counts.iter().sum::<usize>()), (g.classes, 72), "{}", g.name);
            }
            TargetFacts::Values { names, .. } => assert_eq!((g.classes, &names[..]), (0, &["y".to_owned()][..])),
        }
        let first: Vec<f64> = g.rows(90, 0.1, 3).next().expect("a row");
        assert_eq!(d.row(0), &first[..d.features], "numbers survive to the bit");
    }
    let spec = block(DataSource::Generator { name: "xor", samples: usize::MAX, noise: 0.0, seed: 0 });
    only(&bad(&spec, &Memory::new()), codes::DOMAIN, "more than the 10000000");
    let spec = block(DataSource::Generator { name: "xor", samples: 0, noise: 0.0, seed: 0 });
    only(&bad(&spec, &Memory::new()), codes::DATA_FORMAT, "no rows");
}

fn idx(element: u8, dimensions: &[u32], values: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, element, dimensions.len() as u8];
    bytes.extend(dimensions.iter().flat_map(|d| d.to_be_bytes()));
    bytes.extend(values);
    bytes
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("to memory");
    encoder.finish().expect("to memory")
}

fn idx_spec() -> DataSpec {
    block(DataSource::Idx { inputs: "x".into(), targets: "y".into() })
}

#[test]
fn idx_pictures_and_labels() {
    let pictures = idx(8, &[3, 2, 2], &[0, 255, 0, 255, 0, 0, 0, 0, 255, 255, 255, 255]);
    let labels = idx(8, &[3], &[1, 0, 1]);
    let mut spec = idx_spec();
    for (x, y) in [(pictures.clone(), labels.clone()), (gzip(&pictures), gzip(&labels))] {
        let d = good::<f32>(&spec, &Memory::new().with("x", x).with("y", y));
        assert_eq!((d.facts.input.dimensions(), d.row(0)), (&[2, 2][..], &[0.0, 255.0, 0.0, 255.0][..]));
        assert_eq!(d.targets, Targets::Classes(vec![1, 0, 1]));
        let TargetFacts::Classes { names, counts, .. } = &d.facts.target else { panic!("classes") };
        assert_eq!((names.join(" "), counts), ("0 1".into(), &vec![1, 2]));
    }
    spec.scale = Spanned::default(Scale::Standard);
    let files = Memory::new().with("x", pictures).with("y", labels);
    let d = good::<f64>(&spec, &files);
    let near = |(a, b): (&f64, f64)| (a - b).abs() < 1e-12;
    assert!(d.row(0).iter().zip([-1.0, 1.0, -1.0, 1.0]).all(near), "a picture is scaled as a whole");
    let new = NewData::Idx { inputs: "x", targets: Some("y") };
    let mut batches = d.preparation.open::<f64>(new, &files, Use::Evaluate).expect("fits");
    let batch = batches.read(2).expect("reads").expect("rows");
    assert_eq!((&batch.inputs[..], batch.targets), (&d.inputs[..8], Some(Targets::Classes(vec![1, 0]))));
    assert_eq!(batches.read(2).expect("reads").map(|b| b.rows), Some(1));
    assert_eq!(batches.read(2), Ok(None));
    let other = Memory::new().with("x", idx(8, &[1, 4], &[0; 4]));
    let new = NewData::Idx { inputs: "x", targets: None };
    let refused = d.preparation.open::<f64>(new, &other, Use::Predict).err().expect("another shape");
    only(&refused, codes::DATA_FIT, "have the shape 4, and the model takes 2x2");
}

#[test]
fn idx_numbers_of_every_type_are_read() {
    type Bytes = fn(i32) -> Vec<u8>;
    let all = |values: [i32; 4], bytes: Bytes| values.into_iter().flat_map(bytes).collect::<Vec<u8>>();
    let types: [(u8, Bytes); 6] = [
        (0x08, |v| vec![v as u8]),
        (0x09, |v| (v as i8).to_be_bytes().to_vec()),
        (0x0b, |v| (v as i16).to_be_bytes().to_vec()),
        (0x0c, |v| v.to_be_bytes().to_vec()),
        (0x0d, |v| (v as f32).to_be_bytes().to_vec()),
        (0x0e, |v| f64::from(v).to_be_bytes().to_vec()),
    ];
    for (element, bytes) in types {
        let x = idx(element, &[4, 1], &all([7, 100, 3, 0], bytes));
        let y = idx(element, &[4], &all([2, 0, 1, 2], bytes));
        let files = Memory::new().with("x", x).with("y", y);
        let d = good::<f32>(&idx_spec(), &files);
        assert_eq!(d.inputs, [7.0, 100.0, 3.0, 0.0], "type {element:#x}");
        let expected = match element {
            0x0d | 0x0e => Targets::Values { width: 1, values: vec![2.0, 0.0, 1.0, 2.0] },
            _ => Targets::Classes(vec![2, 0, 1, 2]),
        };
        assert_eq!(d.targets, expected, "type {element:#x}");
        let new = NewData::Idx { inputs: "x", targets: Some("y") };
        let mut batches = d.preparation.open::<f32>(new, &files, Use::Evaluate).expect("fits");
        assert_eq!(batches.read(9).expect("reads").expect("rows").targets, Some(expected));
    }
    let signed = idx(0x0c, &[4, 1], &all([-7, 70_000, -1, 0], types[3].1));
    let labelled =
        |labels: [i32; 4]| Memory::new().with("x", signed.clone()).with("y", idx(0x0c, &[4], &all(labels, types[3].1)));
    assert_eq!(good::<f32>(&idx_spec(), &labelled([0, 1, 0, 1])).inputs, [-7.0, 70_000.0, -1.0, 0.0]);
    for label in [-1, 10_000] {
        let report =
            only(&bad(&idx_spec(), &labelled([0, 1, label, 1])), codes::DATA_VALUE, &format!("label {label}:"));
        assert!(report.help.is_some_and(|help| help.contains("np.unique")));
    }
    // A class that no row is of is an output all the same, and is told of.
    let (dataset, reports) = load::<f32>(&idx_spec(), &labelled([0, 3, 1, 3]), None);
    let report = only(&reports, codes::IMBALANCE, "no row of `y` is of the class `2`");
    assert_eq!((report.level, dataset.map(|d| d.facts.target_is_binary())), (Level::Warning, Some(false)));
    let huge = idx(0x0e, &[2], &[1e300f64.to_be_bytes(), 1f64.to_be_bytes()].concat());
    let files = Memory::new().with("x", idx(8, &[2, 1], &[1, 2])).with("y", huge);
    only(&bad(&idx_spec(), &files), codes::NON_FINITE, "row 0 of `y` holds a value too large");
}

#[test]
fn cells_that_were_missing_are_known_to_be_filled() {
    let mut spec = csv("y");
    spec.missing = Spanned::default(Missing::Mean);
    spec.test = file("b.csv");
    let files = text("a,b,y\n1,,1\n,p,2\n3,q,3\n").with("b.csv", "a,b,y\n4,p,1\n5,,2\n");
    let d = good::<f32>(&spec, &files);
    let filled: Vec<_> =
        (0..5).flat_map(|row| (0..2).map(move |column| (row, column))).filter(|&(r, c)| d.filled.has(r, c)).collect();
    assert_eq!(filled, [(0, 1), (1, 0), (4, 1)]);
    assert!(!d.filled.has(99, 0) && !d.filled.has(0, 9));
}

#[test]
fn of_whom_rows_are_is_known_without_an_input() {
    let table = |rows: u32, quote: &str| {
        let row = |n: u32| format!("{quote}p {}{quote},{n},{}\n", n % 7, n % 2);
        (0..rows).map(row).fold("patient,x,y\n".to_owned(), |all, row| all + &row)
    };
    let mut spec = csv("y");
    spec.ignore = columns(&["patient"]);
    assert_eq!(good::<f32>(&spec, &text(table(50, ""))).groups, None, "no row is held out");
    spec.test = share(0.2);
    // Plain lines and others are known alike.
    let plain = good::<f32>(&spec, &text(table(50, ""))).groups.expect("groups");
    assert_eq!(good::<f32>(&spec, &text(table(50, "\""))).groups.as_ref(), Some(&plain));
    let distinct: std::collections::HashSet<_> = plain.keys.iter().collect();
    assert_eq!((plain.column.as_str(), plain.keys.len(), distinct.len()), ("patient", 50, 7));
    assert!((0..43).all(|row| plain.keys[row] == plain.keys[row + 7]));
}

#[test]
fn idx_floats_are_values() {
    let floats = |values: &[f32]| values.iter().flat_map(|v| v.to_be_bytes()).collect::<Vec<u8>>();
    let mut spec = idx_spec();
    spec.scale = Spanned::default(Scale::Minmax);
    let x = idx(0x0d, &[2, 2], &floats(&[1.0, 10.0, 3.0, 30.0]));
    let y = idx(0x0d, &[2], &floats(&[0.5, -0.5]));
    let d = good::<f64>(&spec, &Memory::new().with("x", x.clone()).with("y", y));
    assert_eq!(d.inputs, [0.0, 0.0, 1.0, 1.0], "a vector is scaled place by place");
    assert_eq!(d.targets, Targets::Values { width: 1, values: vec![0.5, -0.5] });
    let evaluated = |y: Vec<u8>| {
        let files = Memory::new().with("x", x.clone()).with("y", y);
        let new = NewData::Idx { inputs: "x", targets: Some("y") };
        d.preparation.open::<f64>(new, &files, Use::Evaluate).and_then(|mut batches| batches.read(9))
    };
    let batch = evaluated(idx(0x0d, &[2], &floats(&[0.25, 4.0]))).expect("fits").expect("rows");
    assert_eq!(batch.targets, Some(Targets::Values { width: 1, values: vec![0.25, 4.0] }));
    let two = evaluated(idx(0x0d, &[2, 2], &floats(&[0.25, 4.0, 1.0, 2.0]))).expect_err("two values a row");
    only(&two, codes::DATA_FIT, "`y` holds 2 values a row, and the model predicts 1");
    let y = idx(0x0d, &[2], &floats(&[0.5, f32::NAN]));
    only(&bad(&spec, &Memory::new().with("x", x).with("y", y)), codes::NON_FINITE, "row 1 of `y`");
}

#[test]
fn bad_idx_files_are_said_to_be_so() {
    let labels = || idx(8, &[2], &[0, 1]);
    let x = |bytes: Vec<u8>| Memory::new().with("x", bytes).with("y", labels());
    let good_x = || idx(8, &[2, 3], &[0; 6]);
    for (files, says) in [
        (x(vec![]), "`x` is empty"),
        (x(b"PNG".to_vec()), "is not an IDX file: it starts with the bytes 50 4e 47"),
        (x(vec![0, 0, 8]), "is not an IDX file"),
        (x(idx(0x0a, &[2, 3], &[0; 12])), "is not an IDX file: it starts with the bytes 00 00 0a 02"),
        (x(vec![0, 0, 8, 0]), "claims 0 dimensions"),
        (x(vec![0, 0, 8, 200]), "claims 200 dimensions"),
        (x(vec![0, 0, 8, 2, 0, 0]), "ends within its header"),
        (x(idx(8, &[2, u32::MAX, u32::MAX, 9], &[])), "more than can be counted"),
        (x(idx(8, &[2, u32::MAX], &[1, 2, 3])), "claims 2x4294967295 = 8589934590 values, and it holds 3"),
        (x(idx(8, &[2, 3], &[0; 5])), "claims 2x3 = 6 values, and it holds 5"),
        (x(idx(8, &[2, 3], &[0; 7])), "goes on after the 2x3 values"),
        (x(idx(8, &[0, 3], &[])), "it holds no values"),
        (x(idx(8, &[3, 1], &[0; 3])), "`x` holds 3 rows and `y` holds 2"),
        (x(gzip(&good_x())[..24].to_vec()), "`x` is cut short"),
        (Memory::new().with("x", good_x()).with("y", vec![]), "`y` is empty"),
    ] {
        let report = only(&bad(&idx_spec(), &files), codes::DATA_FORMAT, says);
        assert_eq!(report.primary.map(|l| l.span), Some(SOURCE));
    }
    only(&bad(&idx_spec(), &Memory::new().with("x", good_x())), codes::DATA_FILE, "`y` does not exist");
    let mut spec = idx_spec();
    spec.target = columns(&["label"]);
    only(&bad(&spec, &x(good_x())), codes::EXCLUSIVE, "`target` does not go with IDX data");
    let one = Memory::new().with("x", good_x()).with("y", idx(8, &[2], &[4, 4]));
    only(&bad(&idx_spec(), &one), codes::IMBALANCE, "of one class, `4`");
}

#[test]
fn statistics_before_scaling_are_kept() {
    let mut spec = csv("y");
    spec.scale = Spanned::default(Scale::Standard);
    let d = good::<f64>(&spec, &text("x,k,y\n1,5,2\n2,5,4\n3,5,9\n"));
    let Inputs::Columns(columns) = &d.preparation.inputs else { panic!("columns") };
    let InputKind::Number { statistics, .. } = &columns[0].kind else { panic!("numbers") };
    assert_eq!(*statistics, Statistics { min: 1.0, max: 3.0, mean: 2.0, std: (2.0f64 / 3.0).sqrt() });
    assert_eq!(d.input_statistics()[1], Statistics::default(), "a constant column becomes 0");
    let TargetRule::Values(values) = &d.preparation.target else { panic!("values") };
    assert_eq!((values[0].statistics.min, values[0].statistics.max), (2.0, 9.0));
}

#[test]
fn no_bytes_make_it_panic() {
    use proptest::prelude::*;
    let pieces = proptest::sample::select(vec![&b"x"[..], b"y", b",", b"\n", b"\"", b"1", b"NA", b"\xff", b"\r"]);
    proptest!(|(parts in proptest::collection::vec(pieces, 0..40), validation in 0.0f64..1.2)| {
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
        prop_assert!(load::<f32>(&idx_spec(), &files, None).0.is_none());
    });
}

/// What the rows on one side of a split say.
fn said(d: &Dataset<f64>, rows: &[u32]) -> Vec<String> {
    let mut said: Vec<_> = rows.iter().map(|&r| format!("{:?}", d.preparation.inputs.original(d.row(r)))).collect();
    said.sort();
    said
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

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(60))]
    /// Sorting, appending and dropping rows, and columns in another order, never make a held-out row of a trained one.
    #[test]
    fn a_trained_row_stays_one_whatever_becomes_of_the_data(
        numbers in proptest::collection::vec((0u32..40, 0u32..3, 0u32..2), 12..80),
        appended in proptest::collection::vec((100u32..140, 0u32..3, 0u32..2), 0..30),
        order in 0u64..1000,
        kept in 1usize..5,
        stratified: bool,
    ) {
        let line = |&(a, b, y): &(u32, u32, u32)| (format!("{a}"), ["p", "q", "007"][b as usize], ["n", "o"][y as usize]);
        // Each row once, so that what a row says is who it is.
        let mut numbers = numbers;
        numbers.sort_unstable();
        numbers.dedup();
        let table = |rows: &[(u32, u32, u32)]| {
            rows.iter().map(line).fold("a,b,y\n".to_owned(), |t, (a, b, y)| format!("{t}{a},{b},{y}\n"))
        };
        let turned = |rows: &[(u32, u32, u32)]| {
            rows.iter().map(line).fold("y,more,b,a\n".to_owned(), |t, (a, b, y)| format!("{t}{y},1,{b}, {a}.0\n"))
        };
        let mut spec = csv("y");
        spec.scale = Spanned::default(Scale::Standard);
        (spec.validation, spec.test) = (share(0.2), share(0.3));
        spec.stratify = Spanned::default(stratified);
        let (Some(then), _) = load::<f64>(&spec, &text(table(&numbers)), None) else { return Ok(()) };
        let prior = Prior { preparation: &then.preparation, split: then.sides.as_ref().map(|s| &s.rule) };

        let mut rows: Vec<_> = numbers.iter().chain(&appended).copied().collect();
        crate::tensor::Stream::new(order, crate::tensor::Purpose::Shuffle).shuffle(&mut rows);
        rows.truncate(rows.len() * kept / 4);
        let (now, reports) = load::<f64>(&spec, &text(turned(&rows)), Some(prior));
        let Some(now) = now else { panic!("{reports:#?}") };
        let (trained, watched, tested) = (said(&then, &then.train), said(&then, &then.validation), said(&then, &then.test));
        let own = |row: &u32| rows[*row as usize].0 < 100;
        let old = |rows: &[u32]| said(&now, &rows.iter().copied().filter(own).collect::<Vec<_>>());
        proptest::prop_assert!(old(&now.train).iter().all(|r| trained.contains(r)));
        proptest::prop_assert!(old(&now.validation).iter().all(|r| watched.contains(r)));
        proptest::prop_assert!(old(&now.test).iter().all(|r| tested.contains(r)));
        // The same rows again, in any order, are split as they were, and prepared to the same bits.
        let mut again = numbers.clone();
        crate::tensor::Stream::new(order, crate::tensor::Purpose::Shuffle).shuffle(&mut again);
        let same = good_by(&spec, &text(turned(&again)), prior);
        proptest::prop_assert_eq!(said(&same, &same.test), tested);
        proptest::prop_assert_eq!(same.sides.map(|s| s.content), then.sides.as_ref().map(|s| s.content));
    }
}

fn good_by(spec: &DataSpec, files: &Memory, prior: Prior<'_>) -> Dataset<f64> {
    let (dataset, reports) = load(spec, files, Some(prior));
    dataset.unwrap_or_else(|| panic!("{reports:#?}"))
}
