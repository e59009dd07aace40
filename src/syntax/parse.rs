//! From text to the tree: by the grammar alone where the file is well formed, by recovery where it is not.

use super::build::Builder;
use super::grammar::{self, Rule};
use super::lexeme::{self, Kind, Lexeme};
use super::outline::DEEPEST;
use super::recover;
use super::reports::Reports;
use super::tree::File;
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Source;

/// The longest file that is read, in bytes.
const LONGEST: usize = 16 << 20;

/// Reads a whole file. Never fails: what could not be read is reported and left as a gap.
pub fn parse(source: &Source) -> (File, Vec<Diagnostic>) {
    let text = source.text();
    if text.len() > LONGEST {
        let megabytes = text.len().div_ceil(1 << 20);
        let report = Diagnostic::error(codes::SYNTAX, format!("the file has {megabytes} MiB; at most 16 MiB are read"))
            .help("keep large tables in a file of their own: `data \"rows.csv\" { … }`");
        return (File::default(), vec![report]);
    }
    let lexemes = lexeme::lex(text);
    let mut reports = Reports::default();
    let whole = if is_shallow(&lexemes) { grammar::read(Rule::file, text) } else { None };
    let items = match whole {
        Some(node) => Builder { base: 0, reports: &mut reports }.items(node),
        None => recover::items(text, &lexemes, &mut reports),
    };
    let comments = lexemes.iter().filter(|l| l.kind == Kind::Comment).map(|l| l.span).collect();
    (File { items, comments }, reports.into_sorted())
}

/// Whether brackets and braces, counted crudely, nest no deeper than reading by recursion can bear.
fn is_shallow(lexemes: &[Lexeme]) -> bool {
    let mut depth = 0_usize;
    for lexeme in lexemes {
        match lexeme.kind {
            Kind::Mark(b'(' | b'[' | b'{') => depth += 1,
            Kind::Mark(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    fn show(t: &str) {
        use std::fmt::Write as _;
        let s = Source::new("x.nn", t);
        let (f, r) = parse(&s);
        let mut o = String::new();
        for d in &r {
            let l = d.primary.as_ref().map(|l| {
                let p = s.position(l.span.start);
                format!("{}:{} «{}» {}", p.line, p.column, s.slice(l.span), l.text)
            });
            writeln!(o, "{} {}\n     at {}", d.code, d.message, l.unwrap_or_default()).unwrap();
            for l in &d.labels {
                let p = s.position(l.span.start);
                writeln!(o, "    and {}:{} «{}» {}", p.line, p.column, s.slice(l.span), l.text).unwrap();
            }
            for n in &d.notes {
                writeln!(o, "   note {n}").unwrap();
            }
            if let Some(h) = &d.help {
                writeln!(o, "   help {h}").unwrap();
            }
            for f in &d.fixes {
                let mut t = t.to_string();
                for e in f.edits.iter().rev() {
                    t.replace_range(e.span.range(), &e.text);
                }
                writeln!(o, "    fix {:?} {}: {}", f.applicability, f.title, t.lines().collect::<Vec<_>>().join("⏎"))
                    .unwrap();
            }
        }
        eprintln!("==== {t}\n{o}");
        if std::env::var("TREE").is_ok() {
            eprintln!("{f:?}");
        }
    }
    #[test]
    fn look() {
        if let Ok(f) = std::env::var("NNF") {
            for t in std::fs::read_to_string(f).unwrap().split("----\n") {
                show(t);
            }
        }
        for t in std::env::var("NN").unwrap_or_default().split("|||") {
            show(t);
        }
    }
}
