//! The tree of a file that has faults: its outline, each line read by the grammar on its own, each line
//! that cannot be read reported and left as a gap.

use super::Words;
use super::build::Builder;
use super::grammar::{self, Rule};
use super::lexeme::{Kind, Lexeme};
use super::outline;
use super::pieces::{Piece, Section};
use super::refuse;
use super::reports::Reports;
use super::rows::report_commas;
use super::tree::{Block, Item, Name, Table, Value};
use crate::diagnostic::{Applicability, Diagnostic, codes};
use crate::source::Span;
use std::ops::Range;

/// The items of `text`, as far as they can be read.
pub(super) fn items(text: &str, lexemes: &[Lexeme], words: Words, reports: &mut Reports) -> Vec<Item> {
    let pieces = outline::outline(text, lexemes, reports);
    Reader { text, lexemes, words, reports }.items(pieces)
}

struct Reader<'a> {
    text: &'a str,
    lexemes: &'a [Lexeme],
    words: Words,
    reports: &'a mut Reports,
}

impl Reader<'_> {
    fn items(&mut self, pieces: Vec<Piece>) -> Vec<Item> {
        pieces.into_iter().map(|piece| self.item(piece)).collect()
    }

    fn item(&mut self, piece: Piece) -> Item {
        match piece {
            Piece::Broken(range) => Item::Broken(self.span(&range)),
            Piece::Line(range) => self.line(&range),
            Piece::Block(section) if section.table => Item::Table(self.table(section)),
            Piece::Block(section) => self.block(section),
        }
    }

    fn line(&mut self, range: &Range<usize>) -> Item {
        let span = self.span(range);
        let line = &self.text[span.range()];
        if let Some(node) = grammar::read(Rule::line, line)
            && let Some(item) = self.builder(span).line(node)
        {
            return item;
        }
        self.refuse(Rule::line, range);
        Item::Broken(span)
    }

    fn block(&mut self, section: Section) -> Item {
        let (label, keyword, values) = self.header(&section);
        let Some(keyword) = keyword else {
            // A block without a readable name is dropped with all that is in it; the faults within are still told.
            let span = self.section_span(&section);
            self.items(section.body);
            return Item::Broken(span);
        };
        let span = self.section_span(&section);
        let end = self.span(&section.header).end as usize;
        let open = section.open.map_or(Span::at(end), |at| self.lexemes[at].span);
        let close = section.close.map(|at| self.lexemes[at].span);
        let body = self.without_rows(&keyword, open, section.body);
        let items = self.items(body);
        Item::Block(Block { label, keyword, values, items, span, open, close })
    }

    /// Lines of nothing but numbers are rows whose table has lost its name; they are reported once.
    fn without_rows(&mut self, keyword: &Name, open: Span, body: Vec<Piece>) -> Vec<Piece> {
        let numbers = |range: &Range<usize>| {
            range.len() > 1 && self.lexemes[range.clone()].iter().all(|l| matches!(l.kind, Kind::Number | Kind::Blank))
        };
        let row = |piece: &Piece| matches!(piece, Piece::Line(range) if numbers(range));
        // Above the rows of a table stands its header, and nothing else.
        let Some(Piece::Line(range)) = body.iter().take(2).find(|piece| row(piece)) else { return body };
        let report = Diagnostic::error(codes::SYNTAX, format!("`{}` is no table and has rows", keyword.text))
            .at(keyword.span.to(open), "rows stand in `table { … }`")
            .and(self.span(range), "the first row");
        let as_broken = |piece: Piece| match piece {
            Piece::Line(range) if numbers(&range) => Piece::Broken(range),
            Piece::Line(_) | Piece::Broken(_) | Piece::Block(_) => piece,
        };
        let body = body.into_iter().map(as_broken).collect();
        self.reports.push(report);
        body
    }

    fn header(&mut self, section: &Section) -> (Option<Name>, Option<Name>, Vec<Value>) {
        let span = self.span(&section.header);
        if !section.reported {
            if let Some(node) = grammar::read(Rule::header, &self.text[span.range()])
                && let Some((label, keyword, values)) = self.builder(span).header(node)
            {
                return (label, Some(keyword), values);
            }
            self.refuse(Rule::header, &section.header);
        }
        // The longest beginning that can be read says at least which block it is.
        let word = section.header.clone().map(|i| self.lexemes[i]).find(Lexeme::is_significant);
        let name = word.map(|l| l.span).and_then(|span| {
            let node = grammar::read(Rule::header, &self.text[span.range()])?;
            self.builder(span).header(node)
        });
        let unreadable = super::tree::Value { kind: super::tree::ValueKind::Invalid, span };
        (None, name.map(|(_, keyword, _)| keyword), vec![unreadable])
    }

    fn table(&mut self, section: Section) -> Table {
        let span = self.section_span(&section);
        let keyword = self.lexemes[section.header.start].span;
        if section.header.len() > 1 && !section.reported {
            let header = self.span(&section.header);
            let rest = Span::new(keyword.end as usize, header.end as usize);
            let report = Diagnostic::error(codes::SYNTAX, "`table` stands alone before its `{`")
                .at(self.span(&(section.header.start + 1..section.header.end)), "not expected")
                .help("write `table {`")
                .fix(Applicability::Safe, "leave it out", rest, "");
            self.reports.push(report);
        }
        let mut rows = Vec::new();
        for piece in section.body {
            match piece {
                Piece::Line(range) => {
                    let span = self.span(&range);
                    match grammar::read(Rule::cells, &self.text[span.range()]) {
                        Some(node) => rows.push(self.builder(span).cells(node)),
                        None => self.refuse(Rule::cells, &range),
                    }
                }
                Piece::Broken(_) => {}
                Piece::Block(inner) => {
                    let header = inner.open.unwrap_or(inner.header.start);
                    self.reports.push(refuse::block_in_table(self.lexemes[header].span));
                    self.items(inner.body);
                }
            }
        }
        report_commas(&rows, self.reports);
        Table { rows, keyword, span }
    }

    /// Reports the line `range`, which is not what `rule` says.
    fn refuse(&mut self, rule: Rule, range: &Range<usize>) {
        if self.reports.full() {
            return;
        }
        for report in refuse::reports(rule, self.text, &self.lexemes[range.clone()], self.words) {
            self.reports.push(report);
        }
    }

    fn builder(&mut self, span: Span) -> Builder<'_> {
        Builder { base: span.start as usize, reports: self.reports }
    }

    fn span(&self, range: &Range<usize>) -> Span {
        match range.clone().next_back() {
            Some(last) => self.lexemes[range.start].span.to(self.lexemes[last].span),
            None => {
                self.lexemes.get(range.start).map_or(Span::at(self.text.len()), |l| Span::at(l.span.start as usize))
            }
        }
    }

    fn section_span(&self, section: &Section) -> Span {
        let start = self.span(&section.header);
        let end = section.close.or(section.open).map_or(start, |at| self.lexemes[at].span);
        section.body.last().map_or(start.to(end), |piece| start.to(end).to(self.piece_span(piece)))
    }

    fn piece_span(&self, piece: &Piece) -> Span {
        match piece {
            Piece::Line(range) | Piece::Broken(range) => self.span(range),
            Piece::Block(section) => self.section_span(section),
        }
    }
}
