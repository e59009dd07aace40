//! SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), as code hosts and editors read it.
//!
//! Every rule is listed, so that an alert that no longer occurs is closed; rule ids, addresses and fingerprints stay
//! the same from run to run, so that none is opened twice.

use std::collections::HashMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Ground, JsonPlace, full_text};
use crate::diagnostic::codes::RULES;
use crate::diagnostic::{Diagnostic, Fix};
use crate::source::Source;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// All findings of all files as one SARIF log with one run.
///
/// A file's name becomes its address: give names relative to the repository.
pub fn sarif(files: &[(Source, Vec<Diagnostic>)]) -> String {
    let rules: Vec<Value> = RULES
        .iter()
        .map(|rule| {
            json!({
                "id": rule.code.to_string(),
                "name": rule.name,
                "shortDescription": {"text": message(rule.summary)},
                "help": {"text": rule.page, "markdown": rule.page},
            })
        })
        .collect();
    let mut seen = HashMap::new();
    let results: Vec<Value> = files
        .iter()
        .flat_map(|(source, found)| found.iter().map(move |diagnostic| (source, diagnostic)))
        .map(|(source, diagnostic)| result(source, diagnostic, &mut seen))
        .collect();
    let log = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {"name": "nn", "semanticVersion": env!("CARGO_PKG_VERSION"), "rules": rules}},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

/// One finding. `seen` counts equal fingerprints, so that each result has its own.
fn result(source: &Source, diagnostic: &Diagnostic, seen: &mut HashMap<u64, usize>) -> Value {
    let hash = fingerprint(source, diagnostic);
    let count = seen.entry(hash).and_modify(|n| *n += 1).or_insert(1);
    let mut result = json!({
        "ruleId": diagnostic.code.to_string(),
        "level": diagnostic.level.name(),
        "message": {"text": message(&full_text(diagnostic))},
        "locations": [location(&JsonPlace::primary(source, diagnostic), None)],
        "partialFingerprints": {"primaryLocationLineHash": format!("{hash:016x}:{count}")},
    });
    if let Some(index) = RULES.iter().position(|rule| rule.code == diagnostic.code) {
        result["ruleIndex"] = json!(index);
    }
    let others = diagnostic.labels.iter().map(|l| (JsonPlace::of_span(source, l.span), &l.text));
    let skipped = usize::from(diagnostic.primary.is_none());
    let data = diagnostic.excerpts.iter().skip(skipped).map(|e| (JsonPlace::of_excerpt(e), &e.label));
    let mut related: Vec<Value> = Vec::new();
    for (place, label) in others.chain(data) {
        // A layer that is repeated has one place: the list is a set (section 3.27.22).
        let location = location(&place, Some(label));
        if !related.contains(&location) {
            related.push(location);
        }
    }
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    let fixes: Vec<Value> = diagnostic.fixes.iter().filter(|f| !f.edits.is_empty()).map(|f| fix(source, f)).collect();
    if !fixes.is_empty() {
        result["fixes"] = json!(fixes);
    }
    if let Some(evidence) = &diagnostic.evidence {
        result["properties"] = json!({"evidence": Ground::new(evidence)});
    }
    result
}

fn location(place: &JsonPlace, label: Option<&str>) -> Value {
    let mut location = json!({"physicalLocation": {"artifactLocation": artifact(place.file)}});
    if let Some(region) = region(place) {
        location["physicalLocation"]["region"] = region;
    }
    if let Some(label) = label.filter(|label| !label.is_empty()) {
        location["message"] = json!({"text": message(label)});
    }
    location
}

fn region(place: &JsonPlace) -> Option<Value> {
    let (start, end) = place.region?;
    Some(json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }))
}

fn fix(source: &Source, fix: &Fix) -> Value {
    let replacements: Vec<Value> = fix
        .edits
        .iter()
        .map(|edit| {
            let deleted = region(&JsonPlace::of_span(source, edit.span));
            json!({"deletedRegion": deleted, "insertedContent": {"text": edit.text}})
        })
        .collect();
    json!({
        "description": {"text": message(&format!("{} ({})", fix.title, fix.applicability.name()))},
        "artifactChanges": [{"artifactLocation": artifact(source.name()), "replacements": replacements}],
    })
}

/// Braces stand for placeholders in messages (section 3.11.5): literal ones are doubled. Rules' pages keep theirs:
/// they take no arguments, and readers show them as they are.
fn message(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

/// A path as a URI reference: relative ones to the repository's root, absolute ones as `file:`.
fn artifact(path: &str) -> Value {
    let path = path.replace('\\', "/");
    let relative = path.trim_start_matches("./");
    let bytes = relative.as_bytes();
    let drive = bytes.len() > 2 && bytes[0].is_ascii_alphabetic() && bytes[1] == b':' && bytes[2] == b'/';
    if drive || path.starts_with('/') {
        let root = if drive { "file:///" } else { "file://" };
        return json!({"uri": format!("{root}{}", encoded(&path))});
    }
    json!({"uri": encoded(relative), "uriBaseId": "%SRCROOT%"})
}

/// RFC 3986: unreserved characters and slashes stay, every other byte becomes `%XX`.
fn encoded(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

/// The rule and the line it is about, blanks apart: moves with the line when others are put in above. FNV-1a, 64 bits.
fn fingerprint(source: &Source, diagnostic: &Diagnostic) -> u64 {
    let line = match (&diagnostic.primary, diagnostic.excerpts.first()) {
        (Some(label), _) => source.slice(source.line_span(source.position(label.span.start).line)),
        (None, Some(excerpt)) => &excerpt.text,
        (None, None) => "",
    };
    let place = JsonPlace::primary(source, diagnostic);
    let code = diagnostic.code.to_string();
    let words = [code.as_str(), place.file].into_iter().chain(line.split_whitespace());
    words
        .flat_map(|word| word.bytes().chain([0]))
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
