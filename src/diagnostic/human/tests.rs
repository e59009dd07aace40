//! What reports look like, and that no source or span upsets them.
use super::*;
use crate::diagnostic::{Applicability, EvidenceKind, Excerpt, codes};
use crate::source::Span;

const PROGRAM: &str = "\
data \"house.csv\" {
  target = price
  scale  = standard
}

network {
  hidden: dense 5 tanh
  out:    dense 1 sigmoid
}

train {
  loss      = mse
  optimiser = sgd
}
";

fn span(word: &str) -> Span {
    let at = PROGRAM.find(word).unwrap_or_default();
    Span::new(at, at + word.len())
}

fn source() -> Source {
    Source::new("house.nn", PROGRAM)
}

fn samples() -> Vec<Diagnostic> {
    vec![
        Diagnostic::error(codes::OUTPUT_WIDTH, "the output cannot reach `price`: it is at most 1, the target is 3 to 103")
            .at(span("sigmoid"), "outputs 0 to 1")
            .and(span("price"), "ranges from 3 to 103")
            .note_that("the loss cannot go below 2178.8, 2.4 times what predicting the mean of the target for every row would give")
            .help("write `linear`")
            .fix(Applicability::Unsafe, "replace `sigmoid` by `linear`", span("sigmoid"), "linear")
            .resting_on(EvidenceKind::Proof, "range", vec![("floor", 2178.8), ("variance", 906.712_345)]),
        Diagnostic::error(codes::UNKNOWN, "no setting of `train` is called `optimiser`")
            .at(span("optimiser"), "")
            .help("write `optimizer`")
            .fix(Applicability::Safe, "rename to `optimizer`", span("optimiser"), "optimizer"),
        Diagnostic::error(codes::DATA_VALUE, "`12,5` is not a number").at(span("\"house.csv\""), "read here").quoting(
            Excerpt {
                path: "house.csv".into(),
                line: 1207,
                column: 6,
                text: "3;4;\"12,5\";green".into(),
                start: 5,
                end: 9,
                label: "expected a number in column `price`".into(),
            },
        ),
        Diagnostic::warning(codes::DATA_FORMAT, "the file ends early").quoting(Excerpt {
            path: "x.idx".into(),
            line: 0,
            column: 0,
            text: String::new(),
            start: 0,
            end: 0,
            label: "4 of 784 bytes of row 12".into(),
        }),
    ]
}

fn shown(text: &str, diagnostics: &[Diagnostic], look: Look) -> String {
    render(&Source::new("a.nn", text), diagnostics, &look, None)
}

const UNICODE: Look = Look { color: false, unicode: true, width: 80 };

#[test]
fn frames_facts_and_fixes() {
    let expected = "\
error[NN202] output-width: the output cannot reach `price`: it is at most 1, the
    target is 3 to 103
   ╭─[house.nn:8:19]
 2 │   target = price
   ·            ──┬──
   ·              ╰── ranges from 3 to 103
   ⋮
 8 │   out:    dense 1 sigmoid
   ·                   ───┬───
   ·                      ╰── outputs 0 to 1
   ╰────
   = note: the loss cannot go below 2178.8, 2.4 times what predicting the mean
           of the target for every row would give
   = help: write `linear`
   = fix (unsafe): replace `sigmoid` by `linear`
 8 -   out:    dense 1 sigmoid
 8 +   out:    dense 1 linear
   = proof: range (floor 2178.8, variance 906.71)

error[NN103] unknown-name: no setting of `train` is called `optimiser`
    ╭─[house.nn:13:3]
 13 │   optimiser = sgd
    ·   ─────────
    ╰────
    = help: write `optimizer`
 13 -   optimiser = sgd
 13 +   optimizer = sgd

error[NN112] data-value: `12,5` is not a number
      ╭─[house.nn:1:6]
    1 │ data \"house.csv\" {
      ·      ─────┬─────
      ·           ╰── read here
      ├─[house.csv:1207:6]
 1207 │ 3;4;\"12,5\";green
      ·      ──┬─
      ·        ╰── expected a number in column `price`
      ╰────

warning[NN111] data-format: the file ends early
   ╭─[x.idx]
   │ 4 of 784 bytes of row 12
   ╰────

3 errors, 1 warning
";
    assert_eq!(render(&source(), &samples(), &UNICODE, None), expected);
}

#[test]
fn ascii_has_the_same_form() {
    let expected = "\
error[NN202] output-width: the output cannot reach `price`: it is at most 1, the
    target is 3 to 103
  --> house.nn:8:19
   |
 2 |   target = price
   |            ^^^^^
   |              `-- ranges from 3 to 103
...
 8 |   out:    dense 1 sigmoid
   |                   ^^^^^^^
   |                      `-- outputs 0 to 1
   |
   = note: the loss cannot go below 2178.8, 2.4 times what predicting the mean
           of the target for every row would give
   = help: write `linear`
   = fix (unsafe): replace `sigmoid` by `linear`
 8 -   out:    dense 1 sigmoid
 8 +   out:    dense 1 linear
   = proof: range (floor 2178.8, variance 906.71)

error[NN103] unknown-name: no setting of `train` is called `optimiser`
   --> house.nn:13:3
    |
 13 |   optimiser = sgd
    |   ^^^^^^^^^
    |
    = help: write `optimizer`
 13 -   optimiser = sgd
 13 +   optimizer = sgd

2 errors
";
    assert_eq!(render(&source(), &samples()[..2], &Look::PLAIN, None), expected);
}

#[test]
fn colour_changes_nothing_but_colour() {
    let colored = render(&source(), &samples(), &Look { color: true, ..UNICODE }, None);
    assert!(colored.starts_with("\u{1b}[1m\u{1b}[31merror[NN202]\u{1b}[0m output-width: "));
    let mut plain = String::new();
    for piece in colored.split("\u{1b}[") {
        plain.push_str(if plain.is_empty() && piece.is_empty() {
            ""
        } else {
            piece.split_once('m').map_or(piece, |p| p.1)
        });
    }
    let trimmed: Vec<&str> = plain.lines().map(str::trim_end).collect();
    assert_eq!(trimmed, render(&source(), &samples(), &UNICODE, None).lines().collect::<Vec<_>>());
}

#[test]
fn places_of_one_finding_are_folded_and_capped() {
    let text = "a\n".repeat(12);
    let found: Vec<_> =
        (0..12).map(|i| Diagnostic::error(codes::RANK, "same").at(Span::new(2 * i, 2 * i + 1), "")).collect();
    let report = shown(&text, &found, UNICODE);
    assert_eq!(report.matches("error[NN203]").count(), 1);
    assert_eq!(report.matches(" │ a").count(), 8);
    assert!(report.contains("= note: 4 more places are not shown"));
    assert!(report.ends_with("\n1 error\n"));
    let found: Vec<_> = (0..12)
        .map(|i| Diagnostic::error(codes::RANK, format!("at {i}")).at(Span::new(2 * i, 2 * i + 1), ""))
        .collect();
    let report = render(&Source::new("a.nn", &*text), &found, &UNICODE, Some(5));
    assert_eq!(report.matches("error[NN203]").count(), 5);
    assert!(report.ends_with("\nand 7 more\n\n12 errors\n"));
}

#[test]
fn a_cap_keeps_errors_before_warnings() {
    let found = [Diagnostic::warning(codes::UNUSED, "w"), Diagnostic::error(codes::RANK, "e")];
    let report = render(&Source::new("a.nn", ""), &found, &UNICODE, Some(1));
    assert_eq!(report, "error[NN203] rank: e\n\nand 1 more\n\n1 error, 1 warning\n");
    assert_eq!(render(&Source::new("a.nn", ""), &[], &UNICODE, None), "");
}

/// The rows of one error at `start..end`, without frame.
fn rows(text: &str, start: usize, end: usize) -> Vec<String> {
    let report = shown(text, &[Diagnostic::error(codes::SYNTAX, "m").at(Span::new(start, end), "here")], UNICODE);
    report.lines().skip(2).take_while(|l| !l.contains('╰') || l.contains("here")).map(str::to_owned).collect()
}

#[test]
fn odd_sources_are_drawn_true() {
    assert_eq!(rows("", 0, 0), [" 1 │", "   · ▲", "   · ╰── here"], "an empty file");
    assert_eq!(rows("ab", 2, 2), [" 1 │ ab", "   ·   ▲", "   ·   ╰── here"], "the end without a line break");
    assert_eq!(rows("ab\r\ncd\r\n", 4, 6), [" 2 │ cd", "   · ─┬", "   ·  ╰── here"], "CRLF");
    assert_eq!(rows("\tab", 1, 3), [" 1 │     ab", "   ·     ─┬", "   ·      ╰── here"], "a tab");
    assert_eq!(rows("日本x", 6, 7), [" 1 │ 日本x", "   ·     ┬", "   ·     ╰── here"], "wide characters");
    assert_eq!(rows("日本x", 1, 5), [" 1 │ 日本x", "   · ─┬", "   ·  ╰── here"], "inside characters");
    assert_eq!(rows("ab\ncd\n", 1, 5), [" 1 │ ab", "   ·  ┬", "   ·  ╰── here"], "several lines: the first");
    assert_eq!(rows("ab\n", 90, 99), [" 2 │", "   · ▲", "   · ╰── here"], "past the end");
    assert_eq!(rows("a\u{1b}[31m", 0, 1)[0], " 1 │ a\u{fffd}[31m", "control characters");
}

#[test]
fn long_lines_are_cut_around_the_mark() {
    let text = format!("{}X{}", "a".repeat(1000), "b".repeat(1000));
    let rows = rows(&text, 1000, 1001);
    assert!(rows[0].chars().count() <= 80 && rows[0].contains("aX"), "{rows:?}");
    let column = |row: &str, c: char| row.chars().position(|x| x == c);
    assert_eq!(column(&rows[0], 'X'), column(&rows[1], '┬'));
}

#[test]
fn overlapping_marks_do_not_collide() {
    let text = "init = uniform(1, 0)";
    let found =
        Diagnostic::error(codes::DOMAIN, "m").at(Span::new(15, 19), "low 1, high 0").and(Span::new(7, 20), "a call");
    let report = shown(text, &[found], UNICODE);
    assert!(report.contains(" 1 │ init = uniform(1, 0)\n   ·        ────┬─────┬─\n"), "{report}");
    let same = Diagnostic::error(codes::DOMAIN, "m").at(Span::new(0, 4), "one").and(Span::new(0, 4), "two");
    assert!(shown(text, &[same], UNICODE).contains("── one; two\n"));
}

#[test]
fn numbers_are_brief() {
    let all = [0.0, 2178.8, 906.712_345, 0.05, 1e-9, 123_456_789.0, 1.0 / 3.0, f64::NAN, -2.5e20].map(brief);
    assert_eq!(all, ["0", "2178.8", "906.71", "0.05", "1e-9", "123456789", "0.33333", "NaN", "-2.5e20"]);
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_and_no_span_upsets_a_report(
        text in "(\\PC|[\t\r\n\u{1b}\u{202e}]|日|abc ){0,60}",
        spans in proptest::collection::vec((0_u32..200, 0_u32..200, "\\PC{0,5}"), 0..6),
        unicode: bool,
        width in 0_usize..200,
        line in 0_usize..3,
    ) {
        let mut found = Diagnostic::error(codes::SYNTAX, text.clone()).note_that(text.clone());
        for (i, (start, end, label)) in spans.into_iter().enumerate() {
            let span = Span { start, end };
            found = match i {
                0 => found.at(span, label),
                1 => found.fix(Applicability::Safe, "t", span, label),
                2 => found.quoting(Excerpt { path: text.clone(), line, column: 1, text: text.clone(), start: start as usize, end: end as usize, label }),
                _ => found.and(span, label),
            };
        }
        let report = render(&Source::new("a.nn", text), &[found], &Look { color: false, unicode, width }, None);
        proptest::prop_assert!(!report.contains(|c: char| c != '\n' && c.is_control()), "{report:?}");
        proptest::prop_assert!(report.ends_with("1 error\n"));
        proptest::prop_assert!(report.lines().all(|l| l == l.trim_end()), "{report:?}");
    }
}
