//! The four forms of reports say the same, and the SARIF one is valid: over all faulty programs.
//!
//! SARIF's own schema (OASIS, sarif-schema-2.1.0.json) closes every object to properties it does not name. Of it this
//! file holds the part that is written here, as types: [`LOG`] and what it is made of. A property that is not listed
//! fails; before one is added it is looked up in the standard.

use crate::common::root;
use nn::check::check;
use nn::data::Files;
use nn::diagnostic::human::{Look, render};
use nn::diagnostic::{Diagnostic, codes, machine_readable};
use nn::source::Source;
use serde_json::Value;

/// A form of a value.
enum Form {
    Text,
    /// A URI, or a reference to one (RFC 3986): no blank, no character beyond ASCII.
    Uri,
    OneOf(&'static [&'static str]),
    /// A whole number from this on.
    Whole(i64),
    /// This many at least.
    List(usize, &'static Form),
    /// The same, no two alike.
    Set(usize, &'static Form),
    /// These properties and no others: a name, whether it is required, its form.
    Object(&'static [(&'static str, bool, &'static Form)]),
    /// Texts by any names.
    Texts,
    /// An object of anything.
    Bag,
}

use Form::{Bag, List, Object, OneOf, Set, Text, Texts, Uri, Whole};

/// Section 3.13
static LOG: Form =
    Object(&[("$schema", false, &Uri), ("version", true, &OneOf(&["2.1.0"])), ("runs", true, &List(1, &RUN))]);
/// Section 3.14
static RUN: Form = Object(&[
    ("tool", true, &Object(&[("driver", true, &DRIVER)])),
    ("columnKind", false, &OneOf(&["utf16CodeUnits", "unicodeCodePoints"])),
    ("results", false, &List(0, &RESULT)),
]);
/// Section 3.19
static DRIVER: Form =
    Object(&[("name", true, &Text), ("semanticVersion", false, &Text), ("rules", false, &Set(0, &RULE))]);
/// Section 3.49
static RULE: Form = Object(&[
    ("id", true, &Text),
    ("name", false, &Text),
    ("shortDescription", false, &MARKED),
    ("help", false, &MARKED),
]);
/// Section 3.12
static MARKED: Form = Object(&[("text", true, &Text), ("markdown", false, &Text)]);
/// Section 3.11: a text, where there is no id.
static MESSAGE: Form = Object(&[("text", true, &Text)]);
/// Section 3.27
static RESULT: Form = Object(&[
    ("ruleId", false, &Text),
    ("ruleIndex", false, &Whole(-1)),
    ("level", false, &OneOf(&["none", "note", "warning", "error"])),
    ("message", true, &MESSAGE),
    ("locations", false, &List(0, &LOCATION)),
    ("relatedLocations", false, &Set(0, &LOCATION)),
    ("partialFingerprints", false, &Texts),
    ("fixes", false, &Set(0, &FIX)),
    ("properties", false, &Bag),
]);
/// Sections 3.28 and 3.29: a place has an artifact, where it has no address.
static LOCATION: Form = Object(&[
    ("physicalLocation", false, &Object(&[("artifactLocation", true, &ARTIFACT), ("region", false, &REGION)])),
    ("message", false, &MESSAGE),
]);
/// Section 3.4
static ARTIFACT: Form = Object(&[("uri", false, &Uri), ("uriBaseId", false, &Text)]);
/// Section 3.30: by lines, where it is not by offsets.
static REGION: Form = Object(&[
    ("startLine", true, &Whole(1)),
    ("startColumn", false, &Whole(1)),
    ("endLine", false, &Whole(1)),
    ("endColumn", false, &Whole(1)),
]);
/// Sections 3.55 and 3.56
static FIX: Form = Object(&[("description", false, &MESSAGE), ("artifactChanges", true, &Set(1, &CHANGE))]);
static CHANGE: Form = Object(&[("artifactLocation", true, &ARTIFACT), ("replacements", true, &List(1, &REPLACEMENT))]);
/// Section 3.57
static REPLACEMENT: Form =
    Object(&[("deletedRegion", true, &REGION), ("insertedContent", false, &Object(&[("text", false, &Text)]))]);

/// What is wrong with a value of a form.
fn faults(form: &Form, value: &Value, path: &str, found: &mut Vec<String>) {
    let mut say = |what: &str| found.push(format!("{path}: {what}: {value:.80}"));
    match form {
        Text if !value.is_string() => say("no text"),
        Uri if !value.as_str().is_some_and(|t| !t.is_empty() && t.bytes().all(|b| b.is_ascii_graphic())) => {
            say("no URI");
        }
        OneOf(names) if !value.as_str().is_some_and(|t| names.contains(&t)) => say("none of the names"),
        Whole(least) if value.as_i64().is_none_or(|n| n < *least) => say("no such number"),
        Texts if !value.as_object().is_some_and(|o| o.values().all(Value::is_string)) => say("no texts"),
        Bag if !value.is_object() => say("no object"),
        Text | Uri | OneOf(_) | Whole(_) | Texts | Bag => {}
        List(least, item) | Set(least, item) => match value.as_array() {
            Some(items) if items.len() >= *least => {
                if matches!(form, Set(..)) && items.iter().enumerate().any(|(i, a)| items[..i].contains(a)) {
                    say("two alike");
                }
                items.iter().enumerate().for_each(|(i, v)| faults(item, v, &format!("{path}/{i}"), found));
            }
            _ => say("no list, or too short"),
        },
        Object(properties) => {
            let Some(object) = value.as_object() else { return say("no object") };
            for (name, value) in object {
                match properties.iter().find(|p| p.0 == name) {
                    Some((_, _, form)) => faults(form, value, &format!("{path}/{name}"), found),
                    None => found.push(format!("{path}: `{name}` is not in the schema")),
                }
            }
            for (name, required, _) in *properties {
                if *required && !object.contains_key(*name) {
                    found.push(format!("{path}: no `{name}`"));
                }
            }
        }
    }
}

#[test]
fn every_sarif_log_is_valid() {
    let mut wrong = Vec::new();
    let mut fixed = 0;
    for (source, found) in checked() {
        let name = source.name().to_owned();
        let log = sarif(&source, &found);
        faults(&LOG, &log, &name, &mut wrong);
        let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
        let ids: Vec<&str> = rules.iter().filter_map(|r| r["id"].as_str()).collect();
        assert_eq!(ids, codes::RULES.iter().map(|r| r.code.to_string()).collect::<Vec<_>>());
        let results = log["runs"][0]["results"].as_array().expect("results");
        assert_eq!(results.len(), found.len(), "{name}");
        let mut prints = Vec::new();
        for (result, diagnostic) in results.iter().zip(&found) {
            let index = result["ruleIndex"].as_u64().expect("an index") as usize;
            assert_eq!(rules[index]["id"], result["ruleId"], "{name}");
            assert_eq!(result["level"], diagnostic.level.name(), "{name}");
            let print = result["partialFingerprints"]["primaryLocationLineHash"].as_str().expect("a fingerprint");
            assert!(!prints.contains(&print), "{name}: {print} twice");
            prints.push(print);
            let fixes = diagnostic.fixes.iter().filter(|f| !f.edits.is_empty());
            assert_eq!(result["fixes"].as_array().map_or(0, Vec::len), fixes.count(), "{name}");
            fixed += usize::from(result.get("fixes").is_some());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(fixed > 50, "{fixed} results with fixes");
}

/// What the check of validity does not let pass.
#[test]
fn an_invalid_sarif_log_is_told() {
    let (source, found) = checked().into_iter().find(|(s, _)| s.name().starts_with("403_")).expect("a program");
    let sound = sarif(&source, &found);
    let of = |change: &dyn Fn(&mut Value)| {
        let mut log = sound.clone();
        change(&mut log["runs"][0]["results"][0]);
        let mut wrong = Vec::new();
        faults(&LOG, &log, "log", &mut wrong);
        wrong
    };
    assert!(of(&|_| ()).is_empty());
    let changes: [&dyn Fn(&mut Value); 6] = [
        &|r| r["level"] = "fatal".into(),
        &|r| r["hint"] = "x".into(),
        &|r| drop(r.as_object_mut().and_then(|o| o.remove("message"))),
        &|r| r["locations"][0]["physicalLocation"]["region"]["startLine"] = 0.into(),
        &|r| r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = "a b".into(),
        &|r| r["relatedLocations"] = Value::Array(vec![r["relatedLocations"][0].clone(); 2]),
    ];
    for (at, change) in changes.iter().enumerate() {
        assert_eq!(of(change).len(), 1, "change {at}");
    }
}

/// A finding as any form tells it: its code; file, line and column of its place; the line and column of that place's
/// end, where the form has them.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    code: String,
    place: Option<At>,
    end: Option<(u64, u64)>,
}

#[test]
fn all_forms_tell_the_same_findings_at_the_same_places_in_the_same_order() {
    let mut findings = 0;
    for (source, found) in checked() {
        let name = source.name();
        let json = of_json(&source, &found);
        let sarif = of_sarif(&source, &found);
        assert_eq!(
            json.iter().map(|t| &t.0).collect::<Vec<_>>(),
            sarif.iter().map(|t| &t.0).collect::<Vec<_>>(),
            "{name}"
        );
        // The other places too: in SARIF those that are alike stand once.
        for ((told, others), (_, related)) in json.iter().zip(&sarif) {
            let mut others = others.clone();
            let mut seen = Vec::new();
            others.retain(|o| {
                !seen.contains(o) && {
                    seen.push(o.clone());
                    true
                }
            });
            assert_eq!(&others, related, "{name}: {}", told.code);
        }
        let all: Vec<Told> = json.into_iter().map(|t| t.0).collect();
        findings += all.len();
        assert_eq!(of_github(&source, &found), all.iter().map(as_github).collect::<Vec<_>>(), "{name}");
        let human = of_human(&source, &found);
        assert_eq!(
            human.iter().map(|h| &h.0).collect::<Vec<_>>(),
            all.iter().map(|t| &t.code).collect::<Vec<_>>(),
            "{name}"
        );
        for (told, (_, places)) in all.iter().zip(&human) {
            // The program is quoted before the data, whichever of the two the finding is about.
            let of_program = told.place.as_ref().is_some_and(|p| p.0 == name);
            let shown = if of_program { &places[..1] } else { &places[..] };
            assert!(told.place.as_ref().is_none_or(|p| shown.contains(p)), "{name}: {told:?} in {places:?}");
        }
    }
    assert!(findings > 150, "{findings}");
}

/// File, line and column.
type At = (String, u64, u64);
/// The places of a finding besides its own, with what stands there.
type Others = Vec<(String, u64, u64, String)>;

fn of_json(source: &Source, found: &[Diagnostic]) -> Vec<(Told, Others)> {
    let text = machine_readable::json(source, found);
    text.lines()
        .map(|line| {
            let value: Value = serde_json::from_str(line).expect("JSON");
            let number = |span: &Value, key: &str| span[key].as_u64();
            let file = |span: &Value| span["file"].as_str().unwrap_or(source.name()).to_owned();
            let place = |span: &Value| Some((file(span), number(span, "line")?, number(span, "column")?));
            let end = |span: &Value| Some((number(span, "end_line")?, number(span, "end_column")?));
            let spans = value["spans"].as_array().expect("spans");
            let primary = spans.iter().find(|s| s["primary"] == true);
            let other = |span: &Value| {
                let (file, line, column) = place(span).unwrap_or((file(span), 0, 0));
                (file, line, column, span["label"].as_str().unwrap_or_default().to_owned())
            };
            let told = Told {
                code: value["code"].as_str().unwrap_or_default().to_owned(),
                place: primary.and_then(place),
                end: primary.and_then(end),
            };
            (told, spans.iter().filter(|s| s["primary"] != true).map(other).collect())
        })
        .collect()
}

fn of_sarif(source: &Source, found: &[Diagnostic]) -> Vec<(Told, Others)> {
    let log = sarif(source, found);
    let results = log["runs"][0]["results"].as_array().expect("results");
    let place = |location: &Value| {
        let physical = &location["physicalLocation"];
        let region = &physical["region"];
        let number = |key: &str| region[key].as_u64();
        let file = physical["artifactLocation"]["uri"].as_str().unwrap_or_default().to_owned();
        let end = number("endLine").zip(number("endColumn"));
        (file, number("startLine").zip(number("startColumn")), end)
    };
    let told = |result: &Value| {
        let (file, start, end) = place(&result["locations"][0]);
        let code = result["ruleId"].as_str().unwrap_or_default().to_owned();
        let others = result["relatedLocations"].as_array().into_iter().flatten().map(|l| {
            let (file, start, _) = place(l);
            let (line, column) = start.unwrap_or((0, 0));
            let label = l["message"]["text"].as_str().unwrap_or_default().replace("{{", "{").replace("}}", "}");
            (file, line, column, label)
        });
        (Told { code, place: start.map(|(line, column)| (file, line, column)), end }, others.collect())
    };
    results.iter().map(told).collect()
}

/// GitHub takes no columns on a range of several lines.
fn as_github(told: &Told) -> Told {
    let one_line = told.place.as_ref().zip(told.end).is_some_and(|(place, end)| place.1 == end.0);
    match &told.place {
        Some((file, line, _)) if !one_line => {
            Told { place: Some((file.clone(), *line, 0)), end: told.end.map(|e| (e.0, 0)), ..told.clone() }
        }
        _ => told.clone(),
    }
}

fn of_github(source: &Source, found: &[Diagnostic]) -> Vec<Told> {
    let text = machine_readable::github(source, found);
    let told = |line: &str| {
        let (head, _) = line.trim_start_matches("::").split_once("::").expect("a command");
        let (_, properties) = head.split_once(' ').expect("properties");
        let of = |key: &str| properties.split(',').find_map(|p| p.strip_prefix(key)?.strip_prefix('='));
        let number = |key: &str| of(key).and_then(|n| n.parse::<u64>().ok());
        let code = of("title").and_then(|t| t.split(' ').next()).unwrap_or_default().to_owned();
        let file = of("file").unwrap_or_default().to_owned();
        Told {
            code,
            place: number("line").map(|line| (file, line, number("col").unwrap_or(0))),
            end: number("endLine").map(|line| (line, number("endColumn").unwrap_or(0))),
        }
    };
    text.lines().map(told).collect()
}

/// Codes, and all places that are quoted below each.
fn of_human(source: &Source, found: &[Diagnostic]) -> Vec<(String, Vec<At>)> {
    let text = render(source, found, &Look::PLAIN, Some(usize::MAX));
    let mut all: Vec<(String, Vec<At>)> = Vec::new();
    for line in text.lines() {
        let head = ["error[", "warning[", "note["].iter().find_map(|level| line.strip_prefix(level));
        if let Some((code, _)) = head.and_then(|rest| rest.split_once(']')) {
            all.push((code.to_owned(), Vec::new()));
        } else if let (Some(place), Some(last)) = (line.trim_start().strip_prefix("--> "), all.last_mut()) {
            let mut parts = place.rsplitn(3, ':');
            let (column, line) = (parts.next(), parts.next());
            let number = |text: Option<&str>| text.and_then(|t| t.parse::<u64>().ok());
            last.1.extend(parts.next().zip(number(line)).zip(number(column)).map(|((f, l), c)| (f.to_owned(), l, c)));
        }
    }
    all
}

fn sarif(source: &Source, found: &[Diagnostic]) -> Value {
    serde_json::from_str(&machine_readable::sarif(&[(source.clone(), found.to_vec())])).expect("JSON")
}

/// The faulty programs with their reports.
fn checked() -> Vec<(Source, Vec<Diagnostic>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(root().join("tests/programs")).expect("the programs") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.extension().is_some_and(|e| e == "nn") && !name.ends_with(".good.nn") {
            let source = Source::new(name, std::fs::read_to_string(&path).expect("the program"));
            let found = check(&source, &[], &Beside).expect("no overrides").diagnostics;
            all.push((source, found));
        }
    }
    all.sort_by(|a, b| a.0.name().cmp(b.0.name()));
    assert!(all.len() > 150, "{} programs", all.len());
    all
}

/// The data files beside the faulty programs.
struct Beside;

impl Files for Beside {
    fn open(&self, path: &str) -> std::io::Result<Box<dyn std::io::Read>> {
        Ok(Box::new(std::fs::File::open(root().join("tests/programs").join(path))?))
    }
}
