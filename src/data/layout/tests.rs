//! Names of columns looked up in the header.

use crate::data::tests::{bad, columns, csv, good, only, share, text};
use crate::diagnostic::codes;
use crate::source::Span;

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
    spec.inputs = Some(columns(&["petal"]));
    assert_eq!(good::<f32>(&spec, &text(table)).inputs, [2.0, 4.0]);
    (spec.target, spec.lacks_target) = (Vec::new(), true);
    only(&bad(&spec, &text(table)), codes::MISSING, "which column is the target");
    let unread: Vec<_> = bad(&spec, &text("")).into_iter().map(|r| (r.code, r.help)).collect();
    let help = |text: &str| Some(text.to_owned());
    assert_eq!(unread, [(codes::DATA_FORMAT, None), (codes::MISSING, help("write `target = COLUMN` in its braces"))]);
    let mut spec = csv("species");
    spec.ignore = columns(&["sepal", "petal"]);
    only(&bad(&spec, &text(table)), codes::MISSING, "no column left to learn from");
    let report = only(&bad(&csv("species"), &text("1,2\n3,4\n")), codes::UNKNOWN, "no column named `species`");
    assert!(report.help.is_some_and(|h| h.contains("the first line holds numbers only")));
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
