//! Reports for people: each finding with its lines of the program and of the data, the facts, the way out and what
//! it rests on. Text only; where it goes and whether a terminal takes colour is for the caller to know.

mod edits;
mod page;
mod snippet;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::ops::Range;

use anstyle::{AnsiColor, Style};
pub use page::page;
use snippet::{Fit, Snippet, digits_of, printable, shorten};

use super::codes::rule;
use super::{Applicability, Code, Diagnostic, Evidence, Excerpt, Fix, Label, Level};
use crate::source::Source;
use crate::text;

/// How many findings are shown unless the user asks for another number.
pub const CAP: usize = 20;

/// How many places of one finding are quoted.
const PLACES: usize = 8;

/// How many lines of a fix are shown on each side.
const FIX_LINES: usize = 6;

/// How a report looks. Chosen by the caller, never read from the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Whether ANSI colours are used.
    pub color: bool,
    /// Whether frames are drawn with box characters; otherwise with ASCII.
    pub unicode: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Look {
    /// What is read anywhere: no colour, ASCII, 80 columns.
    pub const PLAIN: Self = Self { color: false, unicode: false, width: 80 };

    /// A heading: bold, where colour is.
    pub fn heading(&self, text: &str) -> String {
        self.bold(None, text)
    }

    /// Columns that text is set to: the terminal's, within reason.
    fn columns(&self) -> usize {
        self.width.clamp(40, 120)
    }

    /// How quoted lines are cut: to what the terminal leaves beside the gutter.
    fn fit(&self) -> Fit {
        Fit { room: self.width.clamp(40, 400) - 10, cut: if self.unicode { '…' } else { '~' } }
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    fn bold(&self, color: Option<AnsiColor>, text: &str) -> String {
        self.paint(Style::new().bold().fg_color(color.map(Into::into)), text)
    }
}

/// Every finding in the order given, at most `cap` of them, and a closing line that counts them all; empty without
/// findings.
///
/// Findings that say the same of several places are one. Where some must be left out, errors stay.
pub fn render(source: &Source, diagnostics: &[Diagnostic], look: &Look, cap: Option<usize>) -> String {
    if diagnostics.is_empty() {
        return String::new();
    }
    let folded = fold(diagnostics);
    let shown = most_severe(&folded, cap.unwrap_or(CAP));
    let mut out = String::new();
    for finding in &shown {
        out.push_str(&report(source, finding, look));
        out.push('\n');
    }
    if shown.len() < folded.len() {
        let _ = writeln!(out, "and {} more\n", folded.len() - shown.len());
    }
    let _ = writeln!(out, "{}", tally(&folded, look));
    out
}

/// What a list of findings comes to: `2 errors, 1 warning`; empty for none. Counts as [`render`] does.
pub fn summary(diagnostics: &[Diagnostic], look: &Look) -> String {
    tally(&fold(diagnostics), look)
}

fn tally(folded: &[Finding], look: &Look) -> String {
    let counts = [Level::Error, Level::Warning, Level::Note].map(|level| {
        let count = folded.iter().filter(|f| f.said.level == level).count();
        (level, count)
    });
    let said = counts
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|&(level, count)| look.bold(Some(color(level)), &text::count(count, level.name())));
    said.collect::<Vec<_>>().join(", ")
}

const fn color(level: Level) -> AnsiColor {
    match level {
        Level::Error => AnsiColor::Red,
        Level::Warning => AnsiColor::Yellow,
        Level::Note => AnsiColor::Cyan,
    }
}

/// What is said once, and all the places it is said of.
struct Finding<'a> {
    said: &'a Diagnostic,
    primary: Vec<&'a Label>,
    excerpts: Vec<&'a Excerpt>,
    fixes: Vec<&'a Fix>,
}

/// Puts findings together that differ in their places alone, each where its first one stands.
fn fold(diagnostics: &[Diagnostic]) -> Vec<Finding<'_>> {
    let mut folded: Vec<Finding> = Vec::new();
    let mut places: HashMap<(Code, &str), Vec<usize>> = HashMap::new();
    for new in diagnostics {
        let same = places.entry((new.code, &new.message)).or_default();
        let at = same.iter().copied().find(|&at| alike(folded[at].said, new)).unwrap_or_else(|| {
            same.push(folded.len());
            folded.push(Finding { said: new, primary: Vec::new(), excerpts: Vec::new(), fixes: Vec::new() });
            folded.len() - 1
        });
        let finding = &mut folded[at];
        finding.primary.extend(&new.primary);
        finding.excerpts.extend(&new.excerpts);
        finding.fixes.extend(&new.fixes);
    }
    folded
}

/// Whether one text does for both. Findings that conflict with different places stay apart: which belongs to which
/// would be lost.
fn alike(a: &Diagnostic, b: &Diagnostic) -> bool {
    a.level == b.level
        && a.labels == b.labels
        && a.notes == b.notes
        && a.help == b.help
        && a.evidence == b.evidence
        && a.primary.is_some() == b.primary.is_some()
}

/// At most `cap`, errors before warnings before notes, in the order given.
fn most_severe<'f, 'a>(findings: &'f [Finding<'a>], cap: usize) -> Vec<&'f Finding<'a>> {
    let mut ranked: Vec<usize> = (0..findings.len()).collect();
    ranked.sort_by_key(|&i| std::cmp::Reverse(findings[i].said.level));
    ranked.truncate(cap);
    ranked.sort_unstable();
    ranked.into_iter().map(|i| &findings[i]).collect()
}

/// One finding.
fn report(source: &Source, finding: &Finding, look: &Look) -> String {
    let Finding { said, primary, excerpts, fixes } = finding;
    let fit = look.fit();
    let program =
        Snippet::of_source(source, primary.iter().take(PLACES).copied(), said.labels.iter().take(PLACES), fit);
    let data = excerpts.iter().take(PLACES).filter_map(|excerpt| Snippet::of_excerpt(excerpt, fit));
    let snippets: Vec<Snippet> = program.into_iter().chain(data).collect();
    let binary: Vec<&Excerpt> = excerpts.iter().take(PLACES).copied().filter(|e| e.line == 0).collect();
    let fixes: Vec<(&Fix, Vec<edits::Change>)> =
        fixes.iter().take(PLACES).map(|&fix| (fix, edits::changes(source, fix))).collect();
    let changed = fixes.iter().flat_map(|(_, changes)| changes).map(edits::Change::last_line);
    let last = snippets.iter().map(Snippet::last_line).chain(changed).max().unwrap_or(1);
    let page = Page { look, level: said.level, digits: digits_of(last) };

    let mut out = page.heading(said);
    page.frame(&mut out, &snippets, &binary);
    match [primary.len(), said.labels.len(), excerpts.len()].map(|n| n.saturating_sub(PLACES)).iter().sum() {
        0 => {}
        1 => page.fact(&mut out, "note", "1 more place is not shown"),
        hidden => page.fact(&mut out, "note", &format!("{hidden} more places are not shown")),
    }
    for note in &said.notes {
        page.fact(&mut out, "note", note);
    }
    if let Some(help) = &said.help {
        page.fact(&mut out, "help", help);
    }
    page.fixes(&mut out, &fixes, said.help.is_some());
    if let Some(evidence) = &said.evidence {
        page.fact(&mut out, evidence.kind.name(), &basis(evidence));
    }
    out
}

/// `range (floor 2178.8)`
fn basis(evidence: &Evidence) -> String {
    let values: Vec<String> = evidence.values.iter().map(|(name, value)| format!("{name} {}", brief(*value))).collect();
    match (evidence.basis.as_str(), values.join(", ").as_str()) {
        (basis, "") => basis.to_owned(),
        ("", values) => values.to_owned(),
        (basis, values) => format!("{basis} ({values})"),
    }
}

/// A number to five significant digits; a count has all that it has.
fn brief(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 { text::written(value + 0.0) } else { text::short(value, 5) }
}

/// How one finding is set: all its parts share a gutter.
struct Page<'a> {
    look: &'a Look,
    level: Level,
    digits: usize,
}

impl Page<'_> {
    /// `error[NN304] target-range: …`
    fn heading(&self, diagnostic: &Diagnostic) -> String {
        let name = rule(diagnostic.code).map_or("", |rule| rule.name);
        let label = format!("{}[{}]", self.level.name(), diagnostic.code);
        let lead = format!("{label} {name}: ");
        let message = fill(&printable(&diagnostic.message), lead.chars().count(), 4, self.look.columns());
        let label = self.look.bold(Some(color(self.level)), &label);
        let message = message.lines().map(|line| self.look.bold(None, line)).collect::<Vec<_>>().join("\n    ");
        format!("{}\n", format!("{label} {name}: {message}").trim_end())
    }

    /// The gutter of a line without a number.
    fn margin(&self) -> String {
        " ".repeat(self.digits + 2)
    }

    /// The quoted lines of each file; a binary file is named without one.
    fn frame(&self, out: &mut String, snippets: &[Snippet], binary: &[&Excerpt]) {
        let margin = self.margin();
        let (gap, bar, foot) = if self.look.unicode {
            (format!("{margin}⋮"), '│', "╰────")
        } else {
            ("...".to_owned(), '|', "|")
        };
        for (i, snippet) in snippets.iter().enumerate() {
            self.head(out, &snippet.place(), i == 0);
            out.push_str(&snippet.draw(self.look, self.level, self.digits, &gap));
        }
        for (i, excerpt) in binary.iter().enumerate() {
            self.head(out, &printable(&excerpt.path), snippets.is_empty() && i == 0);
            let _ = writeln!(out, "{}", format!("{margin}{bar} {}", printable(&excerpt.label)).trim_end());
        }
        if !snippets.is_empty() || !binary.is_empty() {
            let _ = writeln!(out, "{margin}{foot}");
        }
    }

    fn head(&self, out: &mut String, place: &str, first: bool) {
        let margin = self.margin();
        let place = self.look.paint(Style::new().fg_color(Some(AnsiColor::Cyan.into())), place);
        let head = match (self.look.unicode, first) {
            (true, true) => format!("{margin}╭─[{place}]"),
            (true, false) => format!("{margin}├─[{place}]"),
            (false, _) => format!("{}--> {place}", &margin[1..]),
        };
        let _ = writeln!(out, "{}", head.trim_end());
        if !self.look.unicode {
            let _ = writeln!(out, "{margin}|");
        }
    }

    /// `   = note: …`, its further lines below its first.
    fn fact(&self, out: &mut String, kind: &str, text: &str) {
        let margin = self.margin();
        let indent = margin.len() + kind.chars().count() + 4;
        let text = fill(&printable(text), indent, indent, self.look.columns());
        let text = text.replace('\n', &format!("\n{}", " ".repeat(indent)));
        let kind = self.look.bold((kind == "help" || kind.starts_with("fix")).then_some(AnsiColor::Green), kind);
        let _ = writeln!(out, "{}", format!("{margin}= {kind}: {text}").trim_end());
    }

    /// The lines that each fix takes out and puts in, below its title. One sure fix stands below the help that it
    /// carries out, and needs no title.
    fn fixes(&self, out: &mut String, fixes: &[(&Fix, Vec<edits::Change>)], helped: bool) {
        let named = |fix: &Fix| (fix.applicability, fix.title.clone());
        let one = fixes.windows(2).all(|pair| named(pair[0].0) == named(pair[1].0));
        for (i, (fix, changes)) in fixes.iter().enumerate() {
            let kind = match fix.applicability {
                Applicability::Safe => "fix",
                Applicability::Unsafe => "fix (unsafe)",
                Applicability::Placeholder => "fix (to fill in)",
            };
            let said = one && (i > 0 || (helped && fix.applicability == Applicability::Safe));
            if !said {
                self.fact(out, kind, &fix.title);
            }
            for change in changes {
                let focus = difference(change);
                self.side(out, change.line, '-', AnsiColor::Red, &change.old, focus.clone());
                self.side(out, change.line, '+', AnsiColor::Green, &change.new, focus);
            }
        }
    }

    fn side(
        &self,
        out: &mut String,
        first: usize,
        sign: char,
        color: AnsiColor,
        lines: &[String],
        focus: Range<usize>,
    ) {
        let digits = self.digits;
        let style = Style::new().fg_color(Some(color.into()));
        for (i, line) in lines.iter().take(FIX_LINES).enumerate() {
            let (line, _) = shorten(line, focus.clone(), self.look.fit());
            let number = self.look.paint(Style::new().dimmed(), &format!("{:digits$}", first + i));
            let line = self.look.paint(style, format!("{sign} {line}").trim_end());
            let _ = writeln!(out, " {number} {line}");
        }
        if lines.len() > FIX_LINES {
            let _ = writeln!(out, "{}{sign} and {} more lines", self.margin(), lines.len() - FIX_LINES);
        }
    }
}

/// Where the first lines of a change begin to differ, in bytes of both.
fn difference(change: &edits::Change) -> Range<usize> {
    let (Some(old), Some(new)) = (change.old.first(), change.new.first()) else { return 0..0 };
    let same = old.chars().zip(new.chars()).take_while(|(o, n)| o == n).map(|(o, _)| o.len_utf8()).sum();
    same..same
}

/// `text` broken between words into lines of at most `columns`, the first one `used` columns in, the others `indent`.
fn fill(text: &str, used: usize, indent: usize, columns: usize) -> String {
    let mut out = String::new();
    let mut column = used;
    let mut fresh = true;
    for word in text.split_whitespace() {
        let width = word.chars().count();
        if !fresh && column + 1 + width > columns {
            out.push('\n');
            column = indent;
            fresh = true;
        }
        if !fresh {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += width;
        fresh = false;
    }
    out
}

#[cfg(test)]
mod tests;
