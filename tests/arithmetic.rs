//! Numbers that a program computes: what arithmetic and names of numbers come to, and what is said of those that come
//! to nothing.

use nn::check::{Checked, Depth, Options, check_with};
use nn::data::Memory;
use nn::diagnostic::Diagnostic;
use nn::source::Source;

/// A program with these bindings before it, and these words in places of its own.
fn checked(lets: &str, layer: &str, rate: &str) -> (String, Checked) {
    let text = format!(
        "{lets}\ndata moons(samples=40) {{\n  missing = error\n}}\nnetwork {{\n  {layer}\n  dense 1 sigmoid\n}}\ntrain \
         {{\n  loss = binary_cross_entropy\n  optimizer = sgd\n  learning_rate = {rate}\n  epochs = 2\n}}\n"
    );
    let options = Options { depth: Depth::Language, ..Options::default() };
    let checked = check_with(&Source::new("test.nn", text.as_str()), &[], &Memory::new(), options);
    (text, checked.expect("no override"))
}

#[test]
fn arithmetic_comes_to_what_it_does_on_paper() {
    let cases = [
        ("", "(0.5 - 0.25)", 0.25),
        ("", "(0.5 - 0.125 - 0.125)", 0.25),
        ("", "(3 * 0.125)", 0.375),
        ("", "(3 / 8)", 0.375),
        ("", "(8 / 4 / 4)", 0.5),
        ("", "(1 + 2 * 3 - 4 / 8)", 6.5),
        ("", "(-(2) + 3)", 1.0),
        ("", "(-(-2))", 2.0),
        ("", "(50% * 3)", 1.5),
        ("let a = 25%", "(a + 1)", 1.25),
        ("let a = 6\nlet b = (a * 2 / 4)", "(b - a + 4)", 1.0),
    ];
    for (lets, rate, value) in cases {
        let (text, checked) = checked(lets, "dense 4 relu", rate);
        let program = checked.program.unwrap_or_else(|| panic!("{text}\n{:#?}", checked.diagnostics));
        assert_eq!(program.training.learning_rate.value, value, "{text}");
    }
}

/// The one error: the marked texts with what is said of each, and the help.
fn error(text: &str, found: &[Diagnostic]) -> (String, Vec<(String, String)>, Option<String>) {
    let errors: Vec<_> = found.iter().filter(|d| d.level == nn::diagnostic::Level::Error).collect();
    let [error] = errors[..] else { panic!("{text}\n{found:#?}") };
    let labels = error.primary.iter().chain(&error.labels);
    let marked = labels.map(|l| (text[l.span.range()].to_owned(), l.text.clone())).collect();
    (error.message.clone(), marked, error.help.clone())
}

#[test]
fn what_comes_to_no_number_is_marked() {
    let cases = [
        ("", "dense 4 relu", "(1 / (2 - 2))", "division by zero", vec![("/", "1 / 0")]),
        (
            "let w = 4\nlet r = -1",
            "dense w relu",
            "r",
            "outside its range",
            vec![("r", "must be above 0"), ("r", "`r` is bound here")],
        ),
    ];
    for (lets, layer, rate, message, marks) in cases {
        let (text, checked) = checked(lets, layer, rate);
        let (said, marked, _) = error(&text, &checked.diagnostics);
        assert!(said.contains(message), "{said}");
        assert_eq!(marked.len(), marks.len(), "{text}\n{marked:?}");
        for ((at, what), (expected, says)) in marked.iter().zip(marks) {
            assert!(at.contains(expected) && what.contains(says), "{text}\n{marked:?}");
        }
    }
}

#[test]
fn a_value_too_many_is_offered_to_the_option_that_takes_it() {
    let cases = [
        ("dense 4 relu he_uniform", "0.1", "write `init=…` to give it by name"),
        ("dense 4 relu uniform(-1, 1)", "0.1", "write `init=…` to give it by name"),
        ("dense 4 relu false", "0.1", "write `bias=…` to give it by name"),
        ("dense 4 relu", "cosine(0.1, 0.001)", "write `to=…` to give it by name"),
        ("dense 4 relu", "cosine(0.1, 1%)", "write `to=…` to give it by name"),
    ];
    for (layer, rate, help) in cases {
        let (text, checked) = checked("", layer, rate);
        let (_, _, said) = error(&text, &checked.diagnostics);
        assert_eq!(said.as_deref(), Some(help), "{text}");
    }
}
