//! No form of number becomes a category in silence.

use proptest::prelude::*;

use crate::data::{Dataset, InputKind, Inputs, Memory, load};
use crate::diagnostic::{Code, Diagnostic, Level, codes};
use crate::ir::dialect::Dialect;
use crate::ir::spec::{ColumnName, DataSource, DataSpec, Missing, Places, Scale};
use crate::source::{Span, Spanned};

fn spec(dialect: Dialect) -> DataSpec {
    let column = |name: &str| ColumnName { name: name.into(), span: Span::new(20, 21) };
    DataSpec {
        source: DataSource::Delimited { path: "a.csv".into() },
        source_span: Span::new(5, 12),
        target: vec![column("y")],
        target_span: Some(Span::new(20, 21)),
        lacks_target: false,
        inputs: None,
        ignore: Vec::new(),
        category: Vec::new(),
        scale: Spanned::default(Scale::None),
        target_scale: Spanned::default(Scale::None),
        missing: Spanned::default(Missing::Mean),
        unseen: false,
        weight: None,
        positive: None,
        split_seed: Spanned::default(0),
        validation: None,
        test: None,
        stratify: Spanned::default(true),
        classes: None,
        dates: dialect.dates.iter().map(|d| column(&d.name)).collect(),
        dialect,
        places: Places { end: Some(30), given: Vec::new() },
    }
}

/// A table of the cells as column `x`, with tabs between cells, and a target of two classes.
fn table(cells: &[String]) -> String {
    let row = |(n, cell): (usize, &String)| format!("{cell}\t{}\n", ["a", "b"][n % 2]);
    format!("x\ty\n{}", cells.iter().enumerate().map(row).collect::<String>())
}

fn read(cells: &[String], spec: &DataSpec) -> (Option<Dataset<f64>>, Vec<Diagnostic>) {
    let mut spec = spec.clone();
    spec.dialect.separator = Some(b'\t');
    load::<f64>(&spec, &Memory::new().with("a.csv", table(cells)), None)
}

fn repeated(cells: &[&str], times: usize) -> Vec<String> {
    cells.iter().cycle().take(cells.len() * times).map(|&c| c.to_owned()).collect()
}

/// The one report: code, level, and the settings that it proposes.
fn only(cells: &[String]) -> (Code, Level, String, String) {
    let (_, reports) = read(cells, &spec(Dialect::default()));
    let [report] = &reports[..] else { panic!("{cells:?}: {reports:#?}") };
    let fix = report.fixes.first().map_or(String::new(), |f| f.title.clone());
    (report.code, report.level, report.message.clone(), fix)
}

#[test]
fn columns_of_each_form_are_told_of() {
    for (cells, level, says, fix) in [
        (&["4,7", "0,25"][..], Level::Error, "decimal comma", "write `decimal = \",\"`"),
        (
            &["1.234,5", "2.000,5"],
            Level::Error,
            "points between thousands",
            "write `decimal = \",\"` and `thousands = \".\"`",
        ),
        (&["1,234,567", "2,345"], Level::Error, "commas between thousands", "write `thousands = \",\"`"),
        (&["3,744", "2,345"], Level::Error, "before a fraction or between thousands", ""),
        (&["1 234", "2 345"], Level::Error, "blanks between thousands", "write `thousands = \" \"`"),
        (&["12%", "13 %"], Level::Error, "percentages", ""),
        (&["$5", "$6.5", "-$7"], Level::Error, "currency", ""),
        (&["5 EUR", "6 EUR"], Level::Error, "currency", ""),
        (&["\u{2212}5", "6", "\u{2212}7"], Level::Error, "U+2212", ""),
        (&["(5)", "6", "(7)"], Level::Error, "parentheses", ""),
        (&["5\u{a0}", "\u{a0}6"], Level::Error, "invisible blanks", ""),
        (&["0x1f", "0x2a"], Level::Error, "hexadecimal", ""),
        (&[" 'x5'", "'5'", "'6'", "'7'"], Level::Error, "quotes", ""),
        (&["5kg", "6kg", "500g"], Level::Warning, "with a unit", ""),
        (&["5foo", "6foo"], Level::Warning, "with a unit", ""),
        (&["1/2", "3/4"], Level::Warning, "fractions", ""),
        (&["12:30", "08:15"], Level::Warning, "times of day", ""),
        (&["2021-03-04", "2021-03-05"], Level::Warning, "dates", "write `date = x`"),
        (
            &["unknown", "unknown", "3.5"],
            Level::Warning,
            "are numbers, and the others are texts",
            "write `missing_values = [\"unknown\"]`",
        ),
        (&["-", "2", "3", "4"], Level::Error, "a missing value?", "write `missing_values = [\"-\"]`"),
        (&["<NA>", "2", "3", "4"], Level::Error, "a missing value?", "write `missing_values = [\"<NA>\"]`"),
        (&["-999", "2", "3", "4", "5", "2.5"], Level::Note, "-999 in 4 of 24 cells", "write `missing_values = [-999]`"),
    ] {
        let (code, found, message, proposed) = only(&repeated(cells, 4));
        assert_eq!((code, found), (codes::NUMBER_FORM, level), "{cells:?}: {message}");
        assert!(message.contains(says), "{cells:?}: {message}");
        assert_eq!(proposed, fix, "{cells:?}");
    }
}

#[test]
fn names_are_not_taken_for_numbers() {
    for cells in [
        &["red", "green"][..],
        &["1st", "2nd", "3rd"],
        &["A12", "B7", "C3"],
        &["18-25", "26-40", "41+"],
        &["3a", "3b", "4c"],
        &["10.0.0.1", "10.0.0.2"],
        &["v1.2.3", "v1.2.4"],
        &["yes", "no"],
    ] {
        let (dataset, reports) = read(&repeated(cells, 6), &spec(Dialect::default()));
        assert!(dataset.is_some() && reports.is_empty(), "{cells:?}: {reports:#?}");
    }
}

#[test]
fn a_column_that_is_declared_is_left_alone() {
    let mut spec = spec(Dialect::default());
    spec.category = vec![ColumnName { name: "x".into(), span: Span::new(40, 41) }];
    for cells in [&["4,7", "0,25"][..], &["2021-03-04", "2021-03-05"], &["unknown", "unknown", "3"], &["12%", "5%"]] {
        let (dataset, reports) = read(&repeated(cells, 6), &spec);
        assert!(dataset.is_some() && reports.is_empty(), "{cells:?}: {reports:#?}");
    }
}

#[test]
fn numbers_after_the_first_rows_are_told_of_too() {
    let mut cells = vec!["unknown".to_owned(); 1100];
    cells.extend((0..300).map(|n| format!("{}.5", n % 40)));
    let (_, reports) = read(&cells, &spec(Dialect::default()));
    let found: Vec<_> = reports.iter().map(|r| (r.code, r.level)).collect();
    assert_eq!(found, [(codes::NUMBER_FORM, Level::Warning)], "{reports:#?}");
    assert!(reports[0].message.starts_with("300 of 1400 cells"), "{}", reports[0].message);
}

/// Writes a number as people do.
fn written(value: i32, form: usize) -> String {
    let size = value.unsigned_abs();
    let sign = if value < 0 { "-" } else { "" };
    match form {
        0 => format!("{sign}{},{}", size / 10, size % 10),
        1 => format!("{sign}{size}%"),
        2 => format!("{sign}${size}"),
        3 => format!("{sign}{size} EUR"),
        4 => format!("\u{2212}{size}"),
        5 => format!("({size})"),
        6 => format!("{sign}{size}\u{a0}"),
        7 => format!("0x{size:x}"),
        8 => format!("{sign}{}.{:03},{}", size + 1, size % 1000, size % 10),
        9 => format!("{sign}{} {:03}", size + 1, size % 1000),
        10 => format!("{sign}{},{:03}", size + 1, size % 1000),
        11 => format!("{size}kg"),
        12 => format!("{:02}:{:02}", size % 24, size % 60),
        13 => format!("20{:02}-{:02}-{:02}", size % 100, size % 12 + 1, size % 28 + 1),
        14 => format!("'{sign}{size}'"),
        15 => format!("<{size}"),
        _ => format!("{size}-"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_number_becomes_a_category_in_silence(
        values in proptest::collection::vec((-999i32..1000, any::<bool>()), 4..60),
        form in 0usize..17,
        word in prop_oneof![Just(""), Just("unknown"), Just("-"), Just("NA"), Just("low")],
        share in 0usize..4,
    ) {
        let cell = |(n, &(value, plain)): (usize, &(i32, bool))| {
            if n % 5 < share && !word.is_empty() {
                word.to_owned()
            } else if plain {
                value.to_string()
            } else {
                written(value, form)
            }
        };
        let cells: Vec<String> = values.iter().enumerate().map(cell).collect();
        let (dataset, reports) = read(&cells, &spec(Dialect::default()));
        let Some(dataset) = dataset else { return Ok(()) };
        let Inputs::Columns(columns) = &dataset.preparation.inputs else { panic!("columns") };
        let is_category = matches!(columns[0].kind, InputKind::Category { .. });
        let told = reports.iter().any(|r| r.level >= Level::Warning && r.message.contains("`x`"));
        prop_assert!(!is_category || told, "{cells:?}: {reports:#?}");
    }
}

#[test]
fn a_number_means_nothing_known_where_it_is_far_from_five_others_at_least() {
    for (cells, told) in [
        (&["-999", "-999", "1", "2", "3", "4", "5"][..], true),
        (&["-999", "-999", "1", "2", "3", "4"], false),
        (&["-999", "1", "2", "3", "4", "5"], false),
        (&["-999", "-999", "-5", "-4", "-3", "-2", "-1"], true),
        // Nearer to it than to 0, or halfway.
        (&["-999", "-999", "-600", "-599", "-598", "-597", "-596"], false),
        (&["-999", "-999", "-499.5", "-499.4", "-499.3", "-499.2", "-499.1"], false),
    ] {
        let (_, reports) = read(&repeated(cells, 1), &spec(Dialect::default()));
        assert_eq!(reports.iter().any(|r| r.code == codes::NUMBER_FORM), told, "{cells:?}: {reports:#?}");
    }
}
