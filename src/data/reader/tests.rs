//! Cells of every form, and columns of too many texts.

use crate::data::load;
use crate::data::tests::{bad, csv, good, only, text};
use crate::diagnostic::{Level, codes};
use crate::ir::spec::Missing;
use crate::source::Spanned;

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
