//! From the grammar's nodes to the tree. What a form alone cannot settle is settled here: numbers that are
//! too large, escapes that do not exist, arithmetic that could be two values. Not for recovery.

use super::grammar::{Node, Rule};
use super::reports::Reports;
use super::rows::report_commas;
use super::tree::{
    Argument, Arithmetic, Block, Call, Cell, Item, Name, Operator, Setting, Statement, Table, Value, ValueKind,
};
use crate::diagnostic::{Applicability, Diagnostic, codes};
use crate::source::Span;
use crate::text::shorten;

/// Arithmetic is a tree as deep as it has operators; this bounds it.
const MOST_OPERATORS: usize = 256;

/// Turns nodes that were read from a piece of the file into tree.
pub(super) struct Builder<'a> {
    /// Where the piece starts in the file.
    pub base: usize,
    /// Where reports go.
    pub reports: &'a mut Reports,
}

impl Builder<'_> {
    /// The items of a `file` node.
    pub(super) fn items(&mut self, node: Node<'_>) -> Vec<Item> {
        node.into_inner().filter_map(|n| self.item(n)).collect()
    }

    /// The one item of a `line` node.
    pub(super) fn line(&mut self, node: Node<'_>) -> Option<Item> {
        node.into_inner().find_map(|n| self.item(n))
    }

    /// Label, keyword and values of a `header` node.
    pub(super) fn header(&mut self, node: Node<'_>) -> Option<(Option<Name>, Name, Vec<Value>)> {
        let heading = node.into_inner().find(|n| n.as_rule() == Rule::heading)?;
        self.heading(heading)
    }

    /// The cells of a `cells` node.
    pub(super) fn cells(&mut self, node: Node<'_>) -> Vec<Cell> {
        node.into_inner().find(|n| n.as_rule() == Rule::row).map_or_else(Vec::new, |row| self.row(row))
    }

    fn item(&mut self, node: Node<'_>) -> Option<Item> {
        match node.as_rule() {
            Rule::block => self.block(node).map(Item::Block),
            Rule::table => Some(Item::Table(self.table(node))),
            Rule::binding => self.setting(node).map(Item::Let),
            Rule::setting => self.setting(node).map(Item::Setting),
            Rule::statement => self.statement(node).map(Item::Statement),
            _ => None,
        }
    }

    fn block(&mut self, node: Node<'_>) -> Option<Block> {
        let span = self.span(&node);
        let mut inner = node.into_inner();
        let (label, keyword, values) = self.heading(inner.next()?)?;
        let open = self.span(&inner.next()?);
        let (mut items, mut close) = (Vec::new(), None);
        for node in inner {
            if node.as_rule() == Rule::close {
                close = Some(self.span(&node));
            } else {
                items.extend(self.item(node));
            }
        }
        Some(Block { label, keyword, values, items, span, open, close })
    }

    fn heading(&mut self, node: Node<'_>) -> Option<(Option<Name>, Name, Vec<Value>)> {
        let mut inner = node.into_inner().peekable();
        let label = self.label(&mut inner);
        let keyword = self.kind(inner.next()?)?;
        Some((label, keyword, inner.map(|n| self.value(n)).collect()))
    }

    fn table(&mut self, node: Node<'_>) -> Table {
        let span = self.span(&node);
        let (mut keyword, mut rows) = (span, Vec::new());
        for node in node.into_inner() {
            if node.as_rule() == Rule::row {
                rows.push(self.row(node));
            } else {
                keyword = self.span(&node);
            }
        }
        report_commas(&rows, self.reports);
        Table { rows, keyword, span }
    }

    fn row(&mut self, node: Node<'_>) -> Vec<Cell> {
        node.into_inner().filter_map(|cell| self.cell(cell)).collect()
    }

    fn cell(&mut self, node: Node<'_>) -> Option<Cell> {
        let span = self.span(&node);
        let content = node.into_inner().next()?;
        let text = if content.as_rule() == Rule::text { self.text(content) } else { content.as_str().to_owned() };
        Some(Cell { text, span })
    }

    fn setting(&mut self, node: Node<'_>) -> Option<Setting> {
        let span = self.span(&node);
        let mut inner = node.into_inner().filter(|n| n.as_rule() != Rule::let_word);
        let key = self.name(&inner.next()?);
        let value = self.value(inner.next()?);
        Some(Setting { key, value: self.not_foreign(value), span })
    }

    fn statement(&mut self, node: Node<'_>) -> Option<Statement> {
        let span = self.span(&node);
        let mut inner = node.into_inner().peekable();
        let label = self.label(&mut inner);
        let kind = self.kind(inner.next()?)?;
        let (mut values, mut options) = (Vec::new(), Vec::new());
        for node in inner {
            if node.as_rule() == Rule::option {
                options.extend(self.setting(node));
            } else {
                values.push(self.value(node));
            }
        }
        Some(Statement { label, kind, values, options, span })
    }

    fn label<'n>(&self, nodes: &mut std::iter::Peekable<impl Iterator<Item = Node<'n>>>) -> Option<Name> {
        let label = nodes.next_if(|n| n.as_rule() == Rule::label)?;
        label.into_inner().next().map(|n| self.name(&n))
    }

    fn kind(&self, node: Node<'_>) -> Option<Name> {
        node.into_inner().next().map(|n| self.name(&n))
    }

    /// A `value`, `sum` or the node of one form.
    fn value(&mut self, node: Node<'_>) -> Value {
        let span = self.span(&node);
        let kind = match node.as_rule() {
            Rule::value => return node.into_inner().next().map_or_else(|| invalid(span), |n| self.value(n)),
            Rule::text => ValueKind::Text(self.text(node)),
            Rule::list => ValueKind::List(self.elements(node)),
            Rule::call => self.call(node),
            Rule::shape => ValueKind::Shape(node.into_inner().map(|n| self.value(n)).collect()),
            Rule::percent | Rule::share => self.number(&node, ValueKind::Percent),
            Rule::number | Rule::unsigned | Rule::size => self.number(&node, ValueKind::Number),
            Rule::paren => self.paren(node),
            Rule::group => self.group(node),
            Rule::sum => {
                self.uneven(&node);
                self.arithmetic(node)
            }
            _ => word(node.as_str()),
        };
        Value { kind, span }
    }

    fn elements(&mut self, node: Node<'_>) -> Vec<Value> {
        node.into_inner().map(|n| self.value(n)).collect()
    }

    fn call(&mut self, node: Node<'_>) -> ValueKind {
        let mut inner = node.into_inner();
        let Some(callee) = inner.next() else { return ValueKind::Invalid };
        let name = self.name(&callee);
        let arguments = inner.filter_map(|n| self.argument(n)).collect();
        ValueKind::Call(Call { name, arguments })
    }

    fn argument(&mut self, node: Node<'_>) -> Option<Argument> {
        let span = self.span(&node);
        let inner = node.into_inner().next()?;
        if inner.as_rule() != Rule::keyed {
            return Some(Argument { key: None, value: self.value(inner), span });
        }
        let mut inner = inner.into_inner();
        let key = Some(self.name(&inner.next()?));
        let value = self.value(inner.next()?);
        Some(Argument { key, value: self.not_foreign(value), span })
    }

    fn group(&mut self, node: Node<'_>) -> ValueKind {
        let mut dimensions: Vec<Value> = node.into_inner().map(|n| self.value(n)).collect();
        match dimensions.pop() {
            Some(only) if dimensions.is_empty() => only.kind,
            Some(last) => ValueKind::Shape(dimensions.into_iter().chain([last]).collect()),
            None => ValueKind::Invalid,
        }
    }

    fn paren(&mut self, node: Node<'_>) -> ValueKind {
        node.into_inner().next().map_or(ValueKind::Invalid, |sum| self.arithmetic(sum))
    }

    fn arithmetic(&mut self, sum: Node<'_>) -> ValueKind {
        let operators = sum.as_str().bytes().filter(|b| b"+-*/".contains(b)).count();
        if operators > MOST_OPERATORS {
            let report = Diagnostic::error(codes::SYNTAX, format!("{operators} operators in one value"))
                .at(self.span(&sum), format!("more than {MOST_OPERATORS}"))
                .help("name parts of it by `let`");
            self.reports.push(report);
            return ValueKind::Invalid;
        }
        self.sum(sum).map_or(ValueKind::Invalid, |a| ValueKind::Arithmetic(Box::new(a)))
    }

    /// `sum` and `product`: operands with operators between them, from the left.
    fn sum(&mut self, node: Node<'_>) -> Option<Arithmetic> {
        let mut inner = node.into_inner();
        let mut left = self.operand(inner.next()?)?;
        while let (Some(sign), Some(right)) = (inner.next(), inner.next()) {
            left = Arithmetic::Binary {
                operator: operator(sign.as_str()),
                operator_span: self.span(&sign),
                left: Box::new(left),
                right: Box::new(self.operand(right)?),
            };
        }
        Some(left)
    }

    fn operand(&mut self, node: Node<'_>) -> Option<Arithmetic> {
        if node.as_rule() == Rule::product {
            return self.sum(node);
        }
        let mut inner = node.into_inner().peekable();
        let minus = inner.next_if(|n| n.as_rule() == Rule::minus);
        let atom = inner.next()?;
        let atom = if atom.as_rule() == Rule::atom { atom.into_inner().next()? } else { atom };
        let positive = match atom.as_rule() {
            Rule::paren => self.sum(atom.into_inner().next()?)?,
            _ => Arithmetic::Leaf(self.value(atom)),
        };
        Some(if minus.is_some() { Arithmetic::Negate(Box::new(positive)) } else { positive })
    }

    fn number(&mut self, node: &Node<'_>, form: fn(f64) -> ValueKind) -> ValueKind {
        let digits: String = node.as_str().chars().filter(|&c| c != '_' && c != '%').collect();
        match digits.parse::<f64>() {
            Ok(number) if number.is_finite() => form(number),
            _ => {
                let report =
                    Diagnostic::error(codes::DOMAIN, format!("`{}` is too large a number", shorten(node.as_str(), 24)))
                        .at(self.span(node), "too large")
                        .note_that("the largest number is about 1.8e308");
                self.reports.push(report);
                ValueKind::Invalid
            }
        }
    }

    /// The text between quotes, escapes resolved. Escapes that do not exist are reported and kept as written.
    fn text(&mut self, node: Node<'_>) -> String {
        let Some(inner) = node.into_inner().next() else { return String::new() };
        let start = self.span(&inner).start as usize;
        let mut text = String::with_capacity(inner.as_str().len());
        let mut letters = inner.as_str().char_indices();
        while let Some((at, letter)) = letters.next() {
            if letter != '\\' {
                text.push(letter);
                continue;
            }
            match letters.next() {
                Some((_, 'n')) => text.push('\n'),
                Some((_, 't')) => text.push('\t'),
                Some((_, quoted @ ('"' | '\\'))) => text.push(quoted),
                Some((_, other)) => {
                    text.extend(['\\', other]);
                    let span = Span::new(start + at, start + at + 1 + other.len_utf8());
                    self.reports.push(unknown_escape(other, span));
                }
                None => text.push('\\'),
            }
        }
        text
    }

    /// Inside brackets `a -1` may be a subtraction or two values without a comma between them.
    fn uneven(&mut self, sum: &Node<'_>) {
        let (text, base) = (sum.as_str(), sum.as_span().start());
        for sign in sum.clone().into_inner().filter(|n| n.as_rule() == Rule::additive) {
            let at = sign.as_span().start() - base;
            let blank_before = text[..at].ends_with([' ', '\t', '\n']);
            let blank_after = text[at + 1..].starts_with([' ', '\t', '\n', '\r', '#']);
            if blank_before && !blank_after {
                let span = self.span(&sign);
                let report = Diagnostic::error(
                    codes::SYNTAX,
                    format!("`{}` may be an operator or the sign of another value", sign.as_str()),
                )
                .at(span, "a blank before, none after")
                .help("write a comma between two values, or a blank on both sides of an operator");
                self.reports.push(report);
            }
        }
    }

    /// Words for values that other languages write: `True`, `None`.
    fn not_foreign(&mut self, mut value: Value) -> Value {
        let ValueKind::Name(word) = &value.kind else { return value };
        let own = match word.as_str() {
            "True" | "TRUE" => "true",
            "False" | "FALSE" => "false",
            "None" | "null" | "nil" | "NULL" => "",
            _ => return value,
        };
        let report = Diagnostic::error(codes::SYNTAX, format!("`{word}` is not a value of this language"))
            .at(value.span, "a word of another language");
        self.reports.push(if own.is_empty() {
            report.help("leave the setting out to have its default, or write `none` where it takes that word")
        } else {
            report.help(format!("write `{own}`")).fix(Applicability::Safe, format!("write {own}"), value.span, own)
        });
        value.kind = match own {
            "" => ValueKind::Invalid,
            own => ValueKind::Bool(own == "true"),
        };
        value
    }

    fn name(&self, node: &Node<'_>) -> Name {
        Name { text: node.as_str().to_owned(), span: self.span(node) }
    }

    fn span(&self, node: &Node<'_>) -> Span {
        let text = node.as_str();
        let start = self.base + node.as_span().start();
        // A rule that ends in an optional part has skipped the blanks and comments before it.
        Span::new(start, start + text.len())
    }
}

fn word(text: &str) -> ValueKind {
    match text {
        "true" => ValueKind::Bool(true),
        "false" => ValueKind::Bool(false),
        name => ValueKind::Name(name.to_owned()),
    }
}

fn operator(sign: &str) -> Operator {
    match sign {
        "+" => Operator::Add,
        "-" => Operator::Subtract,
        "*" => Operator::Multiply,
        _ => Operator::Divide,
    }
}

const fn invalid(span: Span) -> Value {
    Value { kind: ValueKind::Invalid, span }
}

fn unknown_escape(letter: char, span: Span) -> Diagnostic {
    Diagnostic::error(codes::SYNTAX, format!("`\\{letter}` is not an escape"))
        .at(span, "not an escape")
        .note_that("the escapes are `\\\"`, `\\\\`, `\\n` and `\\t`")
        .help("write `\\\\` for a backslash; in a path `/` works everywhere")
        .fix(
            Applicability::Safe,
            "double the backslash",
            Span::new(span.start as usize, span.start as usize + 1),
            "\\\\",
        )
}
