//! What other programs read: the promised fields, escapes, and SARIF's required properties.
use serde_json::Value;

use super::*;
use crate::diagnostic::codes::RULES;
use crate::diagnostic::{Applicability, EvidenceKind, codes};

fn source() -> Source {
    Source::new("nets/a b.nn", "# é𝄞\nlet 𝄞x = 1\r\nout\n")
}

fn excerpt(line: usize) -> Excerpt {
    let text = if line == 0 { "" } else { "3,x\u{1}" };
    Excerpt { path: "d.csv".into(), line, column: 3, text: text.into(), start: 2, end: 3, label: "not a number".into() }
}

fn full() -> Diagnostic {
    Diagnostic::error(codes::OUTPUT_WIDTH, "2 classes, {1} output\u{1}")
        .at(Span::new(17, 18), "here")
        .and(Span::new(24, 27), "there")
        .quoting(excerpt(7))
        .note_that("a fact")
        .help("write `x`")
        .fix(Applicability::Safe, "rename", Span::new(17, 18), "y")
        .resting_on(EvidenceKind::Proof, "range", vec![("z", 2.5), ("a", f64::NAN)])
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_default()).collect()
}

#[test]
fn json_has_what_is_promised() {
    let expected = concat!(
        r#"{"code":"NN202","name":"output-width","level":"error","message":"2 classes, {1} output\u0001","#,
        r#""file":"nets/a b.nn","spans":["#,
        r#"{"start":17,"end":18,"line":2,"column":6,"end_line":2,"end_column":7,"utf16_column":7,"label":"here","primary":true},"#,
        r#"{"start":24,"end":27,"line":3,"column":1,"end_line":3,"end_column":4,"utf16_column":1,"label":"there","primary":false},"#,
        r#"{"file":"d.csv","start":null,"end":null,"line":7,"column":3,"end_line":7,"end_column":4,"text":"3,x\u0001","label":"not a number","primary":false}],"#,
        r#""notes":["a fact"],"help":"write `x`","#,
        r#""fixes":[{"title":"rename","applicability":"safe","edits":[{"start":17,"end":18,"text":"y"}]}],"#,
        r#""evidence":{"kind":"proof","basis":"range","values":{"z":2.5,"a":null}}}"#,
        "\n",
    );
    assert_eq!(json(&source(), &[full()]), expected);
}

#[test]
fn json_without_a_place_and_with_wild_spans() {
    let bare = Diagnostic::note(codes::UNUSED, "m");
    let data = Diagnostic::warning(codes::DATA_FORMAT, "m").quoting(excerpt(0));
    let wild = Diagnostic::error(codes::SYNTAX, "m").at(Span { start: 900, end: 3 }, "");
    let found = lines(&json(&source(), &[bare, data, wild]));
    assert_eq!(found[0]["spans"], serde_json::json!([]));
    assert_eq!(found[0]["help"], Value::Null);
    assert_eq!((&found[1]["spans"][0]["line"], &found[1]["spans"][0]["primary"]), (&Value::Null, &Value::Bool(true)));
    assert_eq!((&found[2]["spans"][0]["start"], &found[2]["spans"][0]["end"]), (&28.into(), &28.into()));
}

#[test]
fn github_escapes_and_places() {
    let several = Diagnostic::warning(codes::UNUSED, "50% of a, b: c").at(Span::new(0, 17), "");
    let data = Diagnostic::note(codes::DATA_VALUE, "m").quoting(excerpt(7));
    let expected = "\
::error file=nets/a b.nn,line=2,endLine=2,col=6,endColumn=7,title=NN202 output-width::2 classes, {1} output\\u{1}%0Anote: a fact%0Ahelp: write `x`
::warning file=nets/a b.nn,line=1,endLine=2,title=NN108 unused::50%25 of a, b: c
::notice file=d.csv,line=7,endLine=7,col=3,endColumn=4,title=NN112 data-value::m
";
    assert_eq!(github(&source(), &[full(), several, data]), expected);
    let named = Source::new("a,b:c\n", "");
    assert!(github(&named, &[Diagnostic::error(codes::SYNTAX, "m")]).starts_with("::error file=a%2Cb%3Ac%0A,title="));
}

#[test]
fn sarif_has_all_rules_and_stable_results() {
    let twice = vec![full(), full(), Diagnostic::note(codes::UNUSED, "m")];
    let log: Value = serde_json::from_str(&sarif(&[(source(), twice)])).unwrap_or_default();
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().map_or(0, Vec::len);
    assert_eq!(rules, RULES.len());
    let results = &run["results"];
    for result in results.as_array().into_iter().flatten() {
        let index = result["ruleIndex"].as_u64().unwrap_or(u64::MAX) as usize;
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        assert!(result["message"]["text"].is_string() && result["locations"][0]["physicalLocation"].is_object());
    }
    assert_eq!(results[0]["message"]["text"], "2 classes, {{1}} output\u{1}\nnote: a fact\nhelp: write `x`");
    let place = &results[0]["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"], serde_json::json!({"uri": "nets/a%20b.nn", "uriBaseId": "%SRCROOT%"}));
    assert_eq!(place["region"], serde_json::json!({"startLine": 2, "startColumn": 6, "endLine": 2, "endColumn": 7}));
    assert_eq!(results[0]["relatedLocations"][1]["message"]["text"], "not a number");
    assert_eq!(results[0]["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"]["text"], "y");
    let print = |i: usize| results[i]["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap_or_default();
    assert_eq!(print(0).strip_suffix(":1"), print(1).strip_suffix(":2"));
    assert!(print(0).ends_with(":1"));
}

#[test]
fn a_fingerprint_moves_with_its_line() {
    let print = |text: &str, at: usize| {
        let found = Diagnostic::error(codes::SYNTAX, "m").at(Span::new(at, at + 1), "");
        let log: Value = serde_json::from_str(&sarif(&[(Source::new("a.nn", text), vec![found])])).unwrap_or_default();
        log["runs"][0]["results"][0]["partialFingerprints"].to_string()
    };
    assert_eq!(print("a = b", 0), print("\n\n  a  = b", 4));
    assert_ne!(print("a = b", 0), print("a = c", 0));
}

#[test]
fn addresses_are_uris() {
    let uri = |name: &str| {
        let log = sarif(&[(Source::new(name, ""), vec![Diagnostic::error(codes::SYNTAX, "m")])]);
        let log: Value = serde_json::from_str(&log).unwrap_or_default();
        let place = &log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"];
        place["uri"].as_str().map(str::to_owned).unwrap_or_default()
    };
    assert_eq!(uri("./nets/é.nn"), "nets/%C3%A9.nn");
    assert_eq!(uri("/tmp/a.nn"), "file:///tmp/a.nn");
    assert_eq!(uri(r"nets\a.nn"), "nets/a.nn");
    assert_eq!(uri(r"C:\a.nn"), "file:///C%3A/a.nn");
}
