//! Arbitrary text, edited programs and very large ones.

use super::*;
use crate::syntax::lexeme::{self, Kind};
use proptest::prelude::*;

fn check_places(text: &str) -> Result<(), TestCaseError> {
    let source = Source::new("a.nn", text);
    let (file, reports) = parse_with(&source, crate::catalog::aliases::class);
    let mut places = reports.iter().flat_map(|r| r.primary.iter().chain(&r.labels)).map(|l| l.span).collect::<Vec<_>>();
    places.extend(reports.iter().flat_map(|r| &r.fixes).flat_map(|f| &f.edits).map(|e| e.span));
    for span in places {
        prop_assert!(span.start <= span.end && text.get(span.range()).is_some(), "{span:?} in {text:?}");
    }
    for comment in &file.comments {
        prop_assert!(source.slice(*comment).starts_with('#'));
    }
    Ok(())
}

fn check_tree_places(text: &str) -> Result<(), TestCaseError> {
    // A text in quotes could hold what looks like a span; such trees are left out.
    if text.contains("..") || text.contains('"') {
        return Ok(());
    }
    for span in spans(&read(text).0) {
        prop_assert!(span.start <= span.end && text.get(span.range()).is_some(), "{span:?} in {text:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_is_survived(text in any::<String>()) {
        check_places(&text)?;
    }

    #[test]
    fn arbitrary_pieces_are_survived(pieces in prop::collection::vec(prop::sample::select(vec![
        "train", "table", "let", "{", "}", "(", ")", "[", "]", "\n", "\n  ", " ", "=", ":", ",", ";", "\"", "'", "#", "//", "/*",
        "1", "2.", "1e", "0x1", "3x", "x", "%", "+", "-", "*", "a.b", "Dense(", "é", "\r\n", "\r", "\t", "\u{FEFF}", "\\", "×", "“",
        "-> ", "==", ":=", "dense 4 relu", "a = 1", "f(a=1, b)", "True",
    ]), 0..60)) {
        let text = pieces.concat();
        check_places(&text)?;
        check_tree_places(&text)?;
    }
}

/// The program with one token deleted, doubled or swapped with the next, and the lines that were touched.
fn mutants(program: &str) -> Vec<(String, usize, usize)> {
    let tokens: Vec<Span> = lexeme::lex(program)
        .into_iter()
        .filter(|l| !matches!(l.kind, Kind::Blank | Kind::Newline | Kind::Comment))
        .map(|l| l.span)
        .collect();
    let line = |at: u32| program[..at as usize].matches('\n').count() + 1;
    let mut mutants = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let (before, word, after) =
            (&program[..token.start as usize], &program[token.range()], &program[token.end as usize..]);
        mutants.push((format!("{before}{after}"), line(token.start), line(token.start)));
        mutants.push((format!("{before}{word} {word}{after}"), line(token.start), line(token.start)));
        if let Some(next) = tokens.get(i + 1) {
            let between = &program[token.end as usize..next.start as usize];
            let text = format!("{before}{}{between}{word}{}", &program[next.range()], &program[next.end as usize..]);
            mutants.push((text, line(token.start), line(next.start)));
        }
    }
    mutants
}

#[test]
fn a_fault_is_reported_within_a_line_of_the_edit() {
    let mut faults = 0;
    let mut far = Vec::new();
    for program in PROGRAMS {
        for (text, from, to) in mutants(program) {
            let source = Source::new("a.nn", text);
            let (_, reports) = parse_with(&source, crate::catalog::aliases::class);
            let Some(first) = reports.first() else { continue };
            faults += 1;
            let place = first.primary.as_ref().map_or(0, |label| source.position(label.span.start).line);
            if place + 1 < from || place > to + 1 {
                far.push(format!("line {place} for {from}..{to}: {}\n{}", first.message, source.text()));
            }
        }
    }
    assert!(faults > 200, "only {faults} mutants are faulty");
    assert!(far.is_empty(), "{} of {faults} are reported too far away:\n{}", far.len(), far.join("\n"));
}

#[test]
fn a_fault_hides_no_healthy_line() {
    // A block that has lost its name, or a table its word, is reported and left out; nothing else is lost.
    let mut lost = Vec::new();
    for program in PROGRAMS {
        let lines = read_lines(&sound(program).items);
        for (text, ..) in mutants(program) {
            let (file, reports) = read(&text);
            let kept = read_lines(&file.items);
            if !reports.is_empty() && kept + 2 < lines {
                lost.push(format!("{kept} of {lines}: {}\n{text}", reports[0].message));
            }
        }
    }
    assert!(lost.len() <= 5, "{} mutants lose more than two lines:\n{}", lost.len(), lost.join("\n"));
}

/// How many lines of the items were read.
fn read_lines(items: &[Item]) -> usize {
    let lines = |item: &Item| match item {
        Item::Block(block) => 1 + read_lines(&block.items),
        Item::Table(table) => 1 + table.rows.len(),
        Item::Setting(_) | Item::Statement(_) | Item::Let(_) => 1,
        Item::Broken(_) => 0,
    };
    items.iter().map(lines).sum()
}

#[test]
fn recovery_reads_a_sound_file_as_the_grammar_does() {
    for program in PROGRAMS {
        let (whole, broken) = (sound(program), read(&format!("{program}= 1\n")));
        assert_eq!(whole.items, broken.0.items[..whole.items.len()]);
        assert_eq!(broken.1.len(), 1);
    }
}

#[test]
fn large_and_hostile_texts_end() {
    let million = 1 << 18;
    let texts = [
        "(".repeat(million),
        "(\n".repeat(million / 2),
        "f(a,\n".repeat(million / 5),
        "{".repeat(million),
        "a{\n".repeat(million / 3),
        "}".repeat(million),
        "  a\n".repeat(million / 8) + &"}\n".repeat(million / 4),
        "a = ".repeat(million / 4),
        format!("a = {}", "-".repeat(million)),
        format!("a = ({})", "1+".repeat(million / 2)),
        format!("a = ({}1)", "1+".repeat(million / 2)),
        format!("a = [{}]", "1, ".repeat(million / 3)),
        format!("a = [{}", "1,\n".repeat(million / 3)),
        format!("a = {}", "1,".repeat(million / 2)),
        "\"".repeat(million),
        "'".repeat(million),
        "'\n".repeat(million / 2),
        "a.".repeat(million / 2),
        "a;".repeat(million / 2),
        "é$%&\r".repeat(million / 6),
        "\n".repeat(million),
        format!("a = ({}", "\n".repeat(million)),
        "dense 1 a=f(b=1) ".repeat(million / 17) + ")",
        "a{x=}".repeat(million / 5),
        "# nn: allow(a)\n".repeat(million / 15),
    ];
    for text in texts {
        let source = Source::new("a.nn", text);
        let (file, reports) = parse_with(&source, crate::catalog::aliases::class);
        assert!(reports.len() <= 1001);
        let (allows, _) = crate::syntax::allows(&source, &file);
        assert!(allows.len() <= file.comments.len());
    }
}

#[test]
fn a_long_table_is_read_whole() {
    let rows = 100_000;
    let text = format!("data {{\n  table {{\n    a b\n{}  }}\n}}\n", "    0.5 1\n".repeat(rows));
    for text in [text.clone(), text + "= 1\n"] {
        let (file, _) = read(&text);
        assert_eq!(tables(&blocks(&file.items)[0].items)[0].rows.len(), rows + 1);
    }
}
