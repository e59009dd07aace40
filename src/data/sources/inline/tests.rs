//! A table in the program becomes rows.

use crate::data::tests::{SOURCE, bad, block, columns, good, only};
use crate::data::{Memory, Targets};
use crate::diagnostic::codes;
use crate::ir::spec::{DataSource, TargetFacts};
use crate::source::Span;
use crate::syntax::tree::{Cell, Table};

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
