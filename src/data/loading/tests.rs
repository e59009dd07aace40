//! From rows to sides, and what is learnt of those to train on.

use crate::data::tests::{bad, csv, file, good, only, place, share, text};
use crate::data::{Dataset, InputKind, Inputs, Memory, Prior, TargetRule, load};
use crate::diagnostic::codes;
use crate::ir::spec::{DataSpec, LeftOut, Missing, Scale, Statistics};
use crate::source::{Span, Spanned};

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
    assert!(report.help.is_some_and(|help| help.contains("rows that lack an input as well")));
    only(&bad(&with(Missing::Mean), &text("x,z,y\n1,,a\n2,,b\n")), codes::NON_FINITE, "`z` has no value");
    only(&bad(&with(Missing::Drop), &text("x,y\n,a\n,b\n")), codes::DATA_FORMAT, "each of the 2 rows");
}

#[test]
fn rows_left_out_are_counted_by_the_columns_that_they_lack() {
    let mut spec = csv("y");
    spec.missing = Spanned::default(Missing::Drop);
    spec.test = file("b.csv");
    let files = text("a,b,y\n1,,1\n,q,2\n3,q,3\n,,4\n4,q,\n5,q,5\n").with("b.csv", "b,a,y\nq,4,1\n,5,2\n");
    let d = good::<f64>(&spec, &files);
    let lacking = [("a", 2), ("b", 2), ("y", 1)].map(|(name, rows)| (name.to_owned(), rows)).to_vec();
    let left_out = LeftOut { source: 4, validation: 0, test: 1, lacking, lacks_target: true };
    assert_eq!((d.facts.left_out, d.facts.training_rows, d.facts.test_rows, d.dropped), (left_out, 2, 1, 5));
    let d = good::<f64>(&csv("y"), &text("a,y\n1,1\n2,2\n"));
    assert_eq!(d.facts.left_out, LeftOut::default());
}

#[test]
fn dates_too_many_to_be_categories_are_one_error_with_their_fix() {
    let rows: String =
        (0..1200).map(|r| format!("{}-{:02}-{:02},{r}\n", 1900 + r / 300, 1 + r / 25 % 12, 1 + r % 25)).collect();
    let reports = bad(&csv("y"), &text(format!("time,y\n{rows}")));
    let report = only(&reports, codes::NUMBER_FORM, "`time`");
    assert!(report.help.as_ref().is_some_and(|help| help.contains("`date = time`")), "{report:?}");
    assert!(report.notes.iter().any(|note| note.contains("more than 1000 different ones")), "{report:?}");
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
fn splits_that_leave_nothing_are_errors() {
    let table = "x,y\n1,a\n2,b\n3,a\n4,b\n";
    let mut spec = csv("y");
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

/// What the rows on one side of a split say.
fn said(d: &Dataset<f64>, rows: &[u32]) -> Vec<String> {
    let mut said: Vec<_> = rows.iter().map(|&r| format!("{:?}", d.preparation.inputs.original(d.row(r)))).collect();
    said.sort();
    said
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
