//! `# nn: allow(NN501, lr-high) reason` comments: which rules they name and how far they reach. Whether the
//! rules exist and were needed is for the checker.

use super::tree::{File, Item, Name};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::{Source, Span};

/// One comment that allows findings.
#[derive(Clone, Debug, PartialEq)]
pub struct Allow {
    /// The whole comment.
    pub span: Span,
    /// The codes or names of rules, as written.
    pub codes: Vec<Name>,
    /// What stands after the parenthesis; empty when nothing does.
    pub reason: String,
    /// How far it reaches.
    pub scope: Scope,
}

/// What an allow comment covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole file: it stands above everything, and a blank line follows.
    File,
    /// A line (a comment at a line's end), or the item that follows (a comment on a line of its own).
    Part(Span),
    /// Nothing: no item follows it in its block.
    Nothing,
}

impl Scope {
    /// Whether a finding at `span` is covered; a finding without a place only by the whole file.
    pub fn covers(self, span: Option<Span>) -> bool {
        match self {
            Self::File => true,
            Self::Part(part) => span.is_some_and(|span| part.contains(span)),
            Self::Nothing => false,
        }
    }
}

/// The allow comments of a parsed file in order, and reports of those that cannot be read.
pub fn allows(source: &Source, file: &File) -> (Vec<Allow>, Vec<Diagnostic>) {
    let (mut allows, mut reports) = (Vec::new(), Vec::new());
    let head = head(source.text(), file);
    for &comment in &file.comments {
        match read(source.slice(comment), comment.start as usize) {
            Form::Other => {}
            Form::Broken => reports.push(
                Diagnostic::warning(codes::ALLOW, "an `nn:` comment that cannot be read")
                    .at(comment, "allows nothing")
                    .help("write `# nn: allow(NN501) reason`, or leave out `nn:`"),
            ),
            Form::Allow(codes, reason) => {
                allows.push(Allow { span: comment, codes, reason, scope: scope(source, file, head, comment) });
            }
        }
    }
    (allows, reports)
}

/// What a comment is.
enum Form {
    Other,
    Broken,
    Allow(Vec<Name>, String),
}

fn read(comment: &str, start: usize) -> Form {
    let text = comment.trim_start_matches('#').trim_start();
    let Some(text) = text.strip_prefix("nn:") else { return Form::Other };
    let rest = text.trim_start().strip_prefix("allow").map(str::trim_start);
    let Some((codes, reason)) = rest.and_then(|rest| rest.strip_prefix('(')).and_then(|rest| rest.split_once(')'))
    else {
        return Form::Broken;
    };
    // What is left of the comment tells where in it the codes begin.
    let mut at = start + comment.len() - reason.len() - 1 - codes.len();
    let mut names = Vec::new();
    for part in codes.split(',') {
        let name = part.trim();
        let from = at + part.len() - part.trim_start().len();
        if !name.is_empty() {
            names.push(Name { text: name.to_owned(), span: Span::new(from, from + name.len()) });
        }
        at += part.len() + 1;
    }
    if names.is_empty() { Form::Broken } else { Form::Allow(names, reason.trim().to_owned()) }
}

fn scope(source: &Source, file: &File, head: usize, comment: Span) -> Scope {
    let line = source.line_span(source.position(comment.start).line);
    let before = source.slice(Span::new(line.start as usize, comment.start as usize));
    if !before.trim_start_matches('\u{FEFF}').trim().is_empty() {
        return Scope::Part(line);
    }
    if (comment.start as usize) < head {
        return Scope::File;
    }
    following(&file.items, comment).map_or(Scope::Nothing, Scope::Part)
}

/// Where the file's head ends: comments above its last blank line speak of the whole file.
fn head(text: &str, file: &File) -> usize {
    let Some(first) = file.items.first().map(|item| span(item).start as usize) else { return text.len() };
    let (mut at, mut head) = (0, 0);
    for line in text[..first].split_inclusive('\n') {
        at += line.len();
        if line.ends_with('\n') && line.trim_start_matches('\u{FEFF}').trim().is_empty() {
            head = at;
        }
    }
    head
}

/// The first item or row after `comment` in the innermost block around it.
fn following(items: &[Item], comment: Span) -> Option<Span> {
    let next = items.partition_point(|item| span(item).end <= comment.start);
    let item = items.get(next)?;
    if span(item).start > comment.start {
        return Some(span(item));
    }
    match item {
        Item::Block(block) => following(&block.items, comment),
        Item::Table(table) => {
            let next = table.rows.partition_point(|row| row.first().is_none_or(|cell| cell.span.start < comment.start));
            let row = table.rows.get(next)?;
            Some(row.first()?.span.to(row.last()?.span))
        }
        Item::Setting(_) | Item::Statement(_) | Item::Let(_) | Item::Broken(_) => None,
    }
}

fn span(item: &Item) -> Span {
    match item {
        Item::Block(block) => block.span,
        Item::Setting(setting) | Item::Let(setting) => setting.span,
        Item::Statement(statement) => statement.span,
        Item::Table(table) => table.span,
        Item::Broken(span) => *span,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# nn: allow(NN108) all of it

train {
  seed = 3  # nn: allow( lr-high ,NN602)  why not
  # nn: allow(NN601)
  repeat 3 {
    dense 4
    # nn: allow(NN777)
  }
  table {
    a b
    # nn: allow(x)
    1 2
  }
}
# nn: allow NN501
# nn allow(NN501)
";

    fn read_all() -> (Source, Vec<Allow>, Vec<Diagnostic>) {
        let source = Source::new("a.nn", TEXT);
        let (file, reports) = crate::syntax::parse(&source);
        assert_eq!(reports, []);
        let (list, reports) = allows(&source, &file);
        (source, list, reports)
    }

    fn reach(source: &Source, allow: &Allow) -> String {
        match allow.scope {
            Scope::File => "file".into(),
            Scope::Part(span) => source.slice(span).into(),
            Scope::Nothing => "nothing".into(),
        }
    }

    #[test]
    fn each_reaches_as_far_as_it_stands() {
        let (source, list, _) = read_all();
        let reached: Vec<String> = list.iter().map(|allow| reach(&source, allow)).collect();
        assert_eq!(reached.len(), 5);
        assert_eq!(reached[0], "file");
        assert_eq!(reached[1], "  seed = 3  # nn: allow( lr-high ,NN602)  why not");
        assert!(reached[2].starts_with("repeat 3 {") && reached[2].ends_with('}'));
        assert_eq!(reached[3], "nothing");
        assert_eq!(reached[4], "1 2");
    }

    #[test]
    fn codes_have_their_places_and_the_reason_is_kept() {
        let (source, list, _) = read_all();
        let codes: Vec<&str> = list[1].codes.iter().map(|name| source.slice(name.span)).collect();
        assert_eq!(codes, ["lr-high", "NN602"]);
        assert_eq!(list[1].reason, "why not");
        assert!(list[0].scope.covers(None) && !list[1].scope.covers(None));
    }

    #[test]
    fn one_that_cannot_be_read_is_reported() {
        let (source, _, reports) = read_all();
        let marked: Vec<&str> =
            reports.iter().filter_map(|r| r.primary.as_ref()).map(|label| source.slice(label.span)).collect();
        assert_eq!(marked, ["# nn: allow NN501"], "and a comment without `nn:` is a comment");
    }
}
