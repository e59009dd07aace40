//! Which `{` belongs to which `}` in a file that has faults. Where the braces do not balance, the layout
//! says where one is missing or one too many. Not used for a well-formed file.

use super::DEEPEST;
use super::lexeme::{Kind, Lexeme};
use super::pieces::{Boundary, Piece, Section, indent, is_table};
use super::reports::Reports;
use crate::diagnostic::{Applicability, Diagnostic, codes};
use crate::source::Span;
use std::ops::Range;

/// Puts the steps into blocks.
pub(super) fn matched(text: &str, lexemes: &[Lexeme], steps: Vec<Boundary>, reports: &mut Reports) -> Vec<Piece> {
    let (missing, surplus) = balance(&steps);
    let mut matcher = Matcher { text, lexemes, reports, missing, surplus, stack: Vec::new(), root: Vec::new() };
    for step in steps {
        match step {
            Boundary::Line(range) => matcher.line(range.clone(), Piece::Line(range)),
            Boundary::Broken(range) => matcher.line(range.clone(), Piece::Broken(range)),
            Boundary::Open { header, brace, reported } => matcher.open(header, brace, reported),
            Boundary::Close(at) => matcher.close(at),
        }
    }
    while !matcher.stack.is_empty() {
        matcher.close_missing(lexemes.len());
    }
    matcher.root
}

/// How many `}` are missing, and how many close nothing.
fn balance(steps: &[Boundary]) -> (usize, usize) {
    let (mut open, mut surplus) = (0_usize, 0_usize);
    for step in steps {
        match step {
            Boundary::Open { .. } => open += 1,
            Boundary::Close(_) if open == 0 => surplus += 1,
            Boundary::Close(_) => open -= 1,
            Boundary::Line(_) | Boundary::Broken(_) => {}
        }
    }
    (open, surplus)
}

/// A block that is still open.
struct Frame {
    section: Section,
    /// First lexeme of its header.
    start: usize,
    /// Blanks before its header.
    indent: usize,
    /// Whether something in it is indented deeper than it is.
    indented: bool,
    recovery: Recovery,
}

/// What becomes of a block once closed.
#[derive(Clone, Copy, PartialEq)]
enum Recovery {
    /// It is a block.
    Block,
    /// Its `{` has no name: its lines go to the block around it.
    Inserted,
    /// It is nested too deep: it is dropped.
    Dropped,
}

struct Matcher<'a> {
    text: &'a str,
    lexemes: &'a [Lexeme],
    reports: &'a mut Reports,
    missing: usize,
    surplus: usize,
    stack: Vec<Frame>,
    root: Vec<Piece>,
}

impl Matcher<'_> {
    fn line(&mut self, range: Range<usize>, piece: Piece) {
        self.resolve_pending(range.start);
        self.body().push(piece);
    }

    fn open(&mut self, header: Range<usize>, brace: usize, reported: bool) {
        let start = header.start.min(brace);
        self.resolve_pending(start);
        if header.is_empty() {
            return self.open_without_name(brace);
        }
        self.push(header, brace, reported, Recovery::Block);
    }

    fn push(&mut self, header: Range<usize>, brace: usize, reported: bool, recovery: Recovery) {
        let start = header.start.min(brace);
        let table = is_table(self.text, self.lexemes, &header);
        let recovery = if self.stack.len() < DEEPEST { recovery } else { Recovery::Dropped };
        if self.stack.len() == DEEPEST {
            let report = Diagnostic::error(codes::SYNTAX, format!("blocks nest deeper than {DEEPEST}"))
                .at(self.lexemes[brace].span, "one too many");
            self.reports.push(report);
        }
        let section = Section { header, open: Some(brace), close: None, body: Vec::new(), table, reported };
        self.stack.push(Frame { section, start, indent: indent(self.lexemes, start), indented: false, recovery });
    }

    /// A `{` with nothing before it on its line, or right after another.
    fn open_without_name(&mut self, brace: usize) {
        let span = self.lexemes[brace].span;
        let body = self.stack.last().map_or(&self.root, |frame| &frame.section.body);
        if let Some(Piece::Line(range)) = body.last()
            && self.could_be_header(range)
            && self.is_next_line(range.end - 1, brace)
        {
            let range = range.clone();
            let end = self.lexemes[range.end - 1].span.end as usize;
            let name = self.lexemes[range.start].span;
            let report = Diagnostic::error(codes::SYNTAX, "`{` stands on a line of its own")
                .at(span, "belongs to the line above")
                .and(name, "the block that it opens")
                .help(format!("write `{} {{` on one line", &self.text[name.start as usize..end]))
                .fix(Applicability::Safe, "join the lines", Span::new(end, span.end as usize), " {");
            self.reports.push(report);
            self.body().pop();
            return self.push(range, brace, false, Recovery::Block);
        }
        let report = Diagnostic::error(codes::SYNTAX, "`{` without the name of a block")
            .at(span, "opens nothing")
            .help("write the block's name before it, as in `train {`, or leave it out");
        self.reports.push(report);
        if self.missing > 0 {
            self.missing -= 1;
        } else {
            self.push(brace..brace, brace, true, Recovery::Inserted);
        }
    }

    fn close(&mut self, at: usize) {
        let first_on_line = self.is_first_on_line(at);
        let depth = indent(self.lexemes, at);
        if first_on_line {
            while self.missing > 0
                && self
                    .stack
                    .last()
                    .is_some_and(|top| depth < top.indent && top.indented && !self.same_line(top.start, at))
                && self.stack.iter().rev().take(DEEPEST).any(|frame| frame.indent == depth)
            {
                self.close_missing(at);
            }
        }
        if self.surplus > 0 {
            let own = self.stack.last().is_some_and(|top| top.indent == depth || self.same_line(top.start, at));
            if first_on_line && !own && self.take_as_body(at, depth) {
                return;
            }
            let beyond = self.stack.last().is_none_or(|top| first_on_line && depth > top.indent);
            let doubled = !first_on_line && !own && at > 0 && self.previous_token(at).is_some_and(|l| l.is(b'}'));
            let early = !first_on_line && !own && self.goes_on_after(at);
            if beyond || doubled || early {
                return self.stray(at);
            }
        }
        match self.stack.pop() {
            Some(frame) => self.finish(frame, Some(at)),
            None => self.stray(at),
        }
    }

    /// Whether the line after the `}` at `at` is still within the innermost block by its depth.
    fn goes_on_after(&self, at: usize) -> bool {
        let next = self.lexemes[at + 1..].iter().position(Lexeme::is_significant).map(|i| at + 1 + i);
        let Some((top, next)) = self.stack.last().zip(next) else { return false };
        !self.same_line(at, next) && !self.lexemes[next].is(b'}') && indent(self.lexemes, next) > top.indent
    }

    fn stray(&mut self, at: usize) {
        self.surplus = self.surplus.saturating_sub(1);
        let span = self.lexemes[at].span;
        let report = Diagnostic::error(codes::UNCLOSED, "`}` closes nothing")
            .at(span, "no block is open here")
            .help("leave it out")
            .fix(Applicability::Unsafe, "remove it", span, "");
        self.reports.push(report);
    }

    /// A `}` whose block lacks its `{`: a line at the same depth with deeper lines below it.
    fn take_as_body(&mut self, at: usize, depth: usize) -> bool {
        if self.reports.full() {
            return false;
        }
        let body = self.stack.last().map_or(&self.root, |frame| &frame.section.body);
        let below = body.iter().rev().take_while(|piece| indent(self.lexemes, start(piece)) > depth).count();
        if below == 0 || below == body.len() {
            return false;
        }
        let place = body.len() - below - 1;
        let Piece::Line(range) = &body[place] else { return false };
        if indent(self.lexemes, range.start) != depth || !self.could_be_header(range) {
            return false;
        }
        let header = range.clone();
        let end = self.lexemes[header.end - 1].span.end as usize;
        let name = &self.text[self.lexemes[header.start].span.range()];
        let table = is_table(self.text, self.lexemes, &header);
        let report = Diagnostic::error(codes::UNCLOSED, format!("`{name}` is closed but never opened"))
            .at(Span::at(end), "`{` expected here")
            .and(self.lexemes[at].span, "closed here")
            .fix(Applicability::Safe, "open the block", Span::at(end), " {");
        self.reports.push(report);
        self.surplus -= 1;
        let inner = self.body().split_off(place + 1);
        self.body().pop();
        let section = Section { header, open: None, close: Some(at), body: inner, table, reported: false };
        self.body().push(Piece::Block(section));
        true
    }

    /// Before a line at `at`: closes the blocks that its depth says have ended.
    fn resolve_pending(&mut self, at: usize) {
        if !self.is_first_on_line(at) {
            return;
        }
        let depth = indent(self.lexemes, at);
        while self.missing > 0
            && self
                .stack
                .last()
                .is_some_and(|top| top.indented && depth <= top.indent && !self.same_line(top.start, at))
        {
            self.close_missing(at);
        }
        if let Some(top) = self.stack.last_mut() {
            top.indented |= depth > top.indent;
        }
    }

    /// Closes the innermost block, whose `}` is missing, before `at`.
    fn close_missing(&mut self, at: usize) {
        self.missing = self.missing.saturating_sub(1);
        let Some(frame) = self.stack.pop() else { return };
        if frame.recovery == Recovery::Block {
            let header = &frame.section.header;
            let name = header.clone().find(|&i| self.lexemes[i].kind == Kind::Word).unwrap_or(header.start);
            let place = self.previous_token(at).map_or(0, |l| l.span.end as usize);
            let opened = self.lexemes[frame.start].span.to(self.lexemes[header.end - 1].span);
            let opened = frame.section.open.map_or(opened, |brace| opened.to(self.lexemes[brace].span));
            let name = &self.text[self.lexemes[name].span.range()];
            let mut report = Diagnostic::error(codes::UNCLOSED, format!("`{name}` is never closed"))
                .at(Span::at(place), "`}` expected after this")
                .and(opened, "opened here");
            if frame.indented {
                let closing = format!("\n{}}}", " ".repeat(frame.indent));
                report = report.fix(Applicability::Safe, "close the block", Span::at(self.line_end(place)), closing);
            }
            self.reports.push(report);
        }
        self.finish(frame, None);
    }

    /// The end of the line that byte `at` stands on, comments included.
    fn line_end(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        at + rest[..rest.find('\n').unwrap_or(rest.len())].trim_end().len()
    }

    fn finish(&mut self, mut frame: Frame, close: Option<usize>) {
        frame.section.close = close;
        match frame.recovery {
            Recovery::Block => self.body().push(Piece::Block(frame.section)),
            Recovery::Inserted => self.body().append(&mut frame.section.body),
            Recovery::Dropped => {
                let end = close.map_or(frame.start, |at| at) + 1;
                self.body().push(Piece::Broken(frame.start..end));
            }
        }
    }

    fn body(&mut self) -> &mut Vec<Piece> {
        self.stack.last_mut().map_or(&mut self.root, |frame| &mut frame.section.body)
    }

    /// Words only, no `=`: `train`, `repeat 3`, `data "a.csv"`.
    fn could_be_header(&self, range: &Range<usize>) -> bool {
        self.lexemes[range.start].kind == Kind::Word && !self.lexemes[range.clone()].iter().any(|l| l.is(b'='))
    }

    fn is_next_line(&self, before: usize, at: usize) -> bool {
        self.lexemes[before..at].iter().filter(|l| l.kind == Kind::Newline).count() == 1
    }

    fn is_first_on_line(&self, at: usize) -> bool {
        !self.lexemes[self.lexemes[at].line..at].iter().any(Lexeme::is_significant)
    }

    fn same_line(&self, a: usize, b: usize) -> bool {
        self.lexemes[a].line == self.lexemes[b].line
    }

    fn previous_token(&self, at: usize) -> Option<&Lexeme> {
        self.lexemes[..at].iter().rev().find(|l| l.is_significant())
    }
}

fn start(piece: &Piece) -> usize {
    match piece {
        Piece::Line(range) | Piece::Broken(range) => range.start,
        Piece::Block(section) => section.header.start,
    }
}
