//! New files, prepared as the training rows were or refused.

use crate::data::tests::{columns, csv, good, only, place, share, text};
use crate::data::{NewData, Original, Preparation, Targets, Use};
use crate::diagnostic::{Level, codes};
use crate::ir::spec::{Missing, Scale};
use crate::source::Spanned;

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
fn faults_of_a_new_file_are_counted_to_its_end_however_it_is_read() {
    let d = good::<f64>(&csv("y"), &text("c,x,y\np,1,a\nq,2,b\n"));
    // Row r has an unseen value where r is a multiple of 3, and no number where it is one of 50.
    let cell = |r: usize| if r.is_multiple_of(3) { "zz" } else { "p" };
    let number = |r: usize| if r.is_multiple_of(50) { "many".to_owned() } else { r.to_string() };
    let rows: String = (0..300).map(|r| format!("{},{},a\n", cell(r), number(r))).collect();
    let files = text(format!("c,x,y\n{rows}"));
    for (most, purpose) in [(1, Use::Evaluate), (7, Use::Evaluate), (64, Use::Predict), (1000, Use::Evaluate)] {
        let mut batches = d.preparation.open::<f64>(NewData::Delimited("a.csv"), &files, purpose).expect("fits");
        let reports = loop {
            match batches.read(most) {
                Ok(batch) => assert!(batch.is_some(), "the faults are told before the end"),
                Err(reports) => break reports,
            }
        };
        let told: Vec<_> = reports.iter().map(|r| (&r.message[..], r.help.as_deref())).collect();
        let unseen = "leave such rows out, or train again: on rows that have the value, or with `unseen = unknown`, \
                      which takes such cells";
        assert_eq!(
            told,
            [
                ("100 cells of column `c` hold values that are in no training row", Some(unseen)),
                ("6 cells of column `x` are not numbers", None)
            ],
            "{most} rows at a time"
        );
        assert!(reports[0].notes.contains(&"and 95 more".to_owned()), "{:?}", reports[0].notes);
    }
    let mut held = d
        .preparation
        .open::<f64>(NewData::Delimited("a.csv"), &text("c,x,y\nzz,1,a\np,2,b\nzz,3,a\n"), Use::HoldOut)
        .expect("fits");
    while held.read(1).expect("warnings alone").is_some() {}
    let warnings = held.warnings();
    let report = only(&warnings, codes::DATA_VALUE, "2 cells of column `c`");
    assert_eq!(report.level, Level::Warning);
    assert!(report.help.as_ref().is_some_and(|help| help.contains("`unseen = unknown`")), "{report:?}");
}
