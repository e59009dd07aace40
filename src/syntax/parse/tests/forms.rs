//! Every form of the language, read without a report.

use super::*;
use crate::syntax::tree::Value;

#[test]
fn the_programs_of_the_language_are_read() {
    let iris = sound(PROGRAMS[0]);
    let keywords: Vec<&str> = blocks(&iris.items).iter().map(|block| block.keyword.text.as_str()).collect();
    assert_eq!(keywords, ["data", "network", "train"]);
    assert_eq!(iris.comments.len(), 3);
    let data = blocks(&iris.items)[0];
    assert_eq!(data.values[0].kind, ValueKind::Text("iris.csv".into()));
    assert_eq!(settings(&data.items)[2].value.kind, ValueKind::Percent(15.0));
    let xor = sound(PROGRAMS[1]);
    let table = tables(&blocks(&xor.items)[0].items)[0];
    let row: Vec<&str> = table.rows[2].iter().map(|cell| cell.text.as_str()).collect();
    assert_eq!((table.rows.len(), row), (5, vec!["0", "1", "1"]));
    let hidden = statements(&blocks(&xor.items)[1].items)[0];
    assert_eq!(hidden.label.as_ref().map(|label| label.text.as_str()), Some("hidden"));
    assert_eq!(&PROGRAMS[1][hidden.span.range()], "hidden: dense 2 tanh");
}

#[test]
fn numbers() {
    for (text, number) in [
        ("0.05", 0.05),
        ("1e-3", 1e-3),
        ("1E+3", 1e3),
        (".5", 0.5),
        ("60_000", 60_000.0),
        ("-1", -1.0),
        ("+2", 2.0),
        ("-.5", -0.5),
        ("007", 7.0),
        ("123456789012345678901234567890", 123_456_789_012_345_678_901_234_567_890.0),
    ] {
        assert_eq!(value(text), ValueKind::Number(number), "{text}");
    }
    assert_eq!(value("12.5%"), ValueKind::Percent(12.5));
}

#[test]
fn words_and_texts() {
    assert_eq!(value("true"), ValueKind::Bool(true));
    assert_eq!(value("größe_2"), ValueKind::Name("größe_2".into()));
    assert_eq!(value(r#""a \"b\" \\ \t # {""#), ValueKind::Text("a \"b\" \\ \t # {".into()));
    assert_eq!(value("\"\""), ValueKind::Text(String::new()));
}

#[test]
fn lists_and_calls_run_over_lines() {
    let ValueKind::List(values) = value("[\n a, # one\n \"b\",\n [1, 2],\n]") else { panic!() };
    assert_eq!(values.len(), 3);
    let ValueKind::Call(call) = value("sgd(\n  momentum = 0.9,\n  f(1),\n)") else { panic!() };
    assert_eq!(call.arguments[0].key.as_ref().map(|key| key.text.as_str()), Some("momentum"));
    assert!(matches!(&call.arguments[1].value.kind, ValueKind::Call(inner) if inner.name.text == "f"));
    assert!(matches!(value("f()"), ValueKind::Call(call) if call.arguments.is_empty()));
    assert_eq!(value("[]"), ValueKind::List(vec![]));
}

#[test]
fn shapes() {
    let ValueKind::Shape(shape) = value("1x28x28") else { panic!() };
    assert_eq!(shape[1].kind, ValueKind::Number(28.0));
    for (text, length) in [("1x(h)x(w)", 3), ("(h)x2", 2), ("(a)x(b + 1)", 2)] {
        let ValueKind::Shape(shape) = value(text) else { panic!("{text}") };
        assert_eq!(shape.len(), length, "{text}");
    }
}

/// Arithmetic with all its parentheses written out.
fn written(arithmetic: &Arithmetic) -> String {
    match arithmetic {
        Arithmetic::Leaf(Value { kind: ValueKind::Number(number), .. }) => number.to_string(),
        Arithmetic::Leaf(Value { kind: ValueKind::Percent(share), .. }) => format!("{share}%"),
        Arithmetic::Leaf(Value { kind: ValueKind::Name(name), .. }) => name.clone(),
        Arithmetic::Leaf(other) => panic!("{other:?}"),
        Arithmetic::Negate(inner) => format!("-{}", written(inner)),
        Arithmetic::Binary { operator, left, right, .. } => {
            format!("({}{}{})", written(left), operator.symbol(), written(right))
        }
    }
}

#[test]
fn arithmetic_binds_as_everywhere() {
    for (text, all) in [
        ("(2 * width)", "(2*width)"),
        ("(1 + 2 * 3 - 4)", "((1+(2*3))-4)"),
        ("(a / b / c)", "((a/b)/c)"),
        ("((1 + 2) * -x)", "((1+2)*-x)"),
        ("(-(a + 1))", "-(a+1)"),
        ("(a-1)", "(a-1)"),
        ("(\n a +\n # c\n 15%\n)", "(a+15%)"),
        ("((((a))))", "a"),
    ] {
        let ValueKind::Arithmetic(arithmetic) = value(text) else { panic!("{text}") };
        assert_eq!(written(&arithmetic), all, "{text}");
    }
    let ValueKind::Call(call) = value("uniform(-1/width, high=1 / width)") else { panic!() };
    assert!(call.arguments.iter().all(|argument| matches!(argument.value.kind, ValueKind::Arithmetic(_))));
}

#[test]
fn blocks_on_one_line_and_nested() {
    let file = sound("train { epochs = 5 }\nr: repeat (2 * n) { residual { dense 4 } } let n = 2");
    let repeat = blocks(&file.items)[1];
    assert_eq!(repeat.label.as_ref().map(|label| label.text.as_str()), Some("r"));
    assert_eq!(blocks(&repeat.items)[0].keyword.text, "residual");
    assert!(matches!(&file.items[2], Item::Let(setting) if setting.key.text == "n"));
    let file = sound("data spiral(samples=300, noise=0.1) {}");
    assert!(matches!(blocks(&file.items)[0].values[0].kind, ValueKind::Call(_)));
    assert_eq!(settings(&sound("let = 5\ntable = 3").items).len(), 2, "words of the grammar may be keys");
}

#[test]
fn options_may_have_blanks() {
    let text = "dense 4 relu init = he_uniform bias_init=zeros";
    let file = sound(text);
    let dense = statements(&file.items)[0];
    assert_eq!((dense.values.len(), dense.options.len()), (2, 2));
    assert_eq!(&text[dense.options[0].span.range()], "init = he_uniform");
}

#[test]
fn tables_hold_any_cell() {
    let file = sound("table { a b # names\n (x \"b c\" \n\n 1,5 -\n}");
    let cells: Vec<Vec<&str>> =
        tables(&file.items)[0].rows.iter().map(|row| row.iter().map(|cell| cell.text.as_str()).collect()).collect();
    assert_eq!(cells, [vec!["a", "b"], vec!["(x", "b c"], vec!["1,5", "-"]]);
}

#[test]
fn marks_of_other_editors_are_blanks() {
    let text = "\u{FEFF}train {\r\n\tepochs = 5 # five\r\n}\r\n";
    let file = sound(text);
    assert_eq!(settings(&blocks(&file.items)[0].items)[0].value.kind, ValueKind::Number(5.0));
    assert_eq!(&text[file.comments[0].range()], "# five");
    assert!(sound("").items.is_empty() && sound("\n # c").items.is_empty());
}
