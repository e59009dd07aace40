//! Which settings of `data` each source takes: every setting on every source, told once or not at all.

use nn::catalog::blocks;
use nn::catalog::sources::{DataSource, Source, Topic};
use nn::check::{Depth, Options, check_with};
use nn::data::Memory;
use nn::diagnostic::{Diagnostic, codes};
use nn::ir::lower::begin;
use nn::source;

const REST: &str = "network {\n flatten\n dense 1\n}\ntrain {\n loss = mse\n learning_rate = 0.1\n epochs = 1\n}\n";
const TABLE: &str = " table {\n  x y label\n  1 2 0\n  3 4 1\n }\n";

/// What stands after `data`, and at the end of its block.
const WRITTEN: [(&str, &str); 4] =
    [("\"t.csv\"", ""), ("", TABLE), ("idx(\"x.idx\", \"y.idx\")", ""), ("moons(samples=20)", "")];

/// A value for each setting, other than what it is without one.
fn value(setting: &str) -> &'static str {
    match setting {
        "target" => "label",
        "inputs" => "x",
        "ignore" => "y",
        "category" | "weight" => "x",
        "scale" | "target_scale" => "standard",
        "missing" => "drop",
        "unseen" => "unknown",
        "validation" | "test" => "20%",
        "split_seed" | "skip_lines" => "1",
        "stratify" => "false",
        "classes" => "[0, 1]",
        "positive" => "1",
        "separator" => "\";\"",
        "decimal" => "\",\"",
        "thousands" => "\"_\"",
        "missing_values" => "[\"-\"]",
        "header" => "false",
        "date" => "[y]",
        _ => panic!("a value for `{setting}`"),
    }
}

fn program((source, end): (&str, &str), line: &str) -> source::Source {
    source::Source::new("p.nn", format!("data {source} {{\n {line}\n{end}}}\n{REST}"))
}

fn source_of(text: &source::Source) -> DataSource {
    begin(&nn::syntax::parse(text).0, &mut Vec::new()).data.expect("a data block").source
}

/// The reports of settings that exclude each other, or what the source has not.
fn exclusive(text: &source::Source) -> Vec<Diagnostic> {
    let options = Options { depth: Depth::Language, ..Options::default() };
    let checked = check_with(text, &[], &Memory::new(), options).expect("no overrides");
    checked.diagnostics.into_iter().filter(|d| d.code == codes::EXCLUSIVE).collect()
}

#[test]
fn a_setting_that_means_nothing_to_its_source_is_told_once() {
    for written in WRITTEN {
        for parameter in blocks::DATA.parameters {
            let name = parameter.name;
            let text = program(written, &format!("{name} = {}", value(name)));
            let kind: &Source = source_of(&text).kind();
            let topic = Topic::ALL.into_iter().find(|topic| topic.settings().contains(&name)).expect("a topic");
            // What a setting and the loss say of one another is no matter of the source.
            let mut found = exclusive(&text);
            found.retain(|d| Topic::ALL.iter().any(|topic| d.message == topic.refusal(name, kind.called)));
            let messages: Vec<&str> = found.iter().map(|d| d.message.as_str()).collect();
            let expected = if kind.accepts.contains(&topic) { vec![] } else { vec![topic.refusal(name, kind.called)] };
            assert_eq!(messages, expected, "`{name}` of {}", kind.called);
            assert!(found.iter().all(|d| d.help.as_deref() == Some("remove the line")), "{name}");
        }
    }
}

#[test]
fn what_holds_anyway_may_be_written_with_every_source() {
    for written in WRITTEN {
        for line in ["missing = error", "unseen = error", "skip_lines = 0", "stratify = true", "scale = none"] {
            assert_eq!(exclusive(&program(written, line)), [], "{line} of {written:?}");
        }
    }
}

#[test]
fn columns_that_exclude_each_other_are_told_before_any_data_is_read() {
    let cases = [
        ("target = a\n weight = a", "the column `a` is both to be predicted and the rows' weight"),
        ("target = y\n category = [b, a]\n weight = a", "the column `a` is both of categories and the rows' weight"),
        ("target = y\n inputs = [b, a]\n weight = a", "the column `a` is both an input and the rows' weight"),
        ("target = [y, a]\n ignore = [a]", "the column `a` is both to be predicted and to be ignored"),
        ("target = y\n inputs = [a, y]", "`y` is the target and an input"),
        ("target = y\n inputs = [a, b]\n ignore = [b]", "`b` is an input and ignored"),
    ];
    for (lines, says) in cases {
        // The file is not there; where it is, the same is told, once.
        let missing = exclusive(&program(("\"t.csv\"", ""), lines));
        let table = " table {\n  a b y\n  1 2 0.5\n  3 4 1.5\n  2 2 2.5\n }\n";
        let there = exclusive(&program(("", table), lines));
        for found in [missing, there] {
            let messages: Vec<&str> = found.iter().map(|d| d.message.as_str()).collect();
            assert_eq!(messages, [says], "{lines}");
            assert!(found[0].help.is_some(), "{lines}");
        }
    }
}
