//! Where bad cells and rows are shown.

use crate::data::tests::{bad, columns, csv, only, place, text};
use crate::diagnostic::codes;

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
