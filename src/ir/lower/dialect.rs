//! The settings of `data` that say how a table is written.

use crate::catalog::bind::{Arguments, Bound};
use crate::catalog::blocks::key;
use crate::diagnostic::{Applicability, Diagnostic, codes};
use crate::ir::dialect::{DateColumn, DateOrder, Decimal, Dialect, Header, Numbers};
use crate::ir::spec::Places;
use crate::source::{Span, Spanned};
use crate::syntax::tree::{Block, Item};

/// The dialect that the settings describe.
pub(super) fn lower(settings: &Arguments, out: &mut Vec<Diagnostic>) -> Dialect {
    let decimal = settings.text(key::DECIMAL).and_then(|text| decimal(text, out)).unwrap_or_default();
    let thousands = settings.text(key::THOUSANDS).and_then(|text| thousands(text, decimal, out));
    Dialect {
        separator: settings.text(key::SEPARATOR).and_then(|text| separator(text, out)),
        numbers: Numbers { decimal, thousands },
        missing_values: settings
            .names(key::MISSING_VALUES)
            .unwrap_or_default()
            .iter()
            .map(|n| n.text.clone())
            .collect(),
        header: header(settings.get(key::HEADER)),
        skip_lines: settings.count(key::SKIP_LINES).map_or(0, |n| n.value as usize),
        dates: dates(settings, out),
    }
}

/// Where the block has places for more settings.
pub(super) fn places(block: &Block, settings: &Arguments) -> Places {
    let own = |item: &Item| match item {
        // A setting from the command line stands at the block's own name.
        Item::Setting(s) if s.span.start > block.keyword.span.start => Some(s.span.end as usize),
        Item::Setting(_) | Item::Block(_) | Item::Let(_) | Item::Statement(_) | Item::Table(_) | Item::Broken(_) => {
            None
        }
    };
    let in_file = |span: &Span| span.start > block.keyword.span.start;
    let given = settings.iter().filter_map(|(p, bound)| Some((p.name, bound.span().filter(in_file)?)));
    Places { end: block.items.iter().filter_map(own).next_back(), given: given.collect() }
}

/// The columns of dates; one that is named twice, or in two orders, is reported.
fn dates(settings: &Arguments, out: &mut Vec<Diagnostic>) -> Vec<DateColumn> {
    let mut dates: Vec<DateColumn> = Vec::new();
    for date in settings.dates(key::DATE) {
        let has = |word| date.words.contains(&word);
        if has("day_first") && has("month_first") {
            let text = format!("`{}` cannot have the day first and the month first", date.name.text);
            out.push(Diagnostic::error(codes::EXCLUSIVE, text).at(date.name.span, "in two orders"));
        }
        if dates.iter().any(|d| d.name == date.name.text) {
            let text = format!("the column `{}` is named twice in `date`", date.name.text);
            out.push(Diagnostic::error(codes::DUPLICATE, text).at(date.name.span, "named before"));
            continue;
        }
        let order =
            if has("day_first") { Some(DateOrder::Day) } else { has("month_first").then_some(DateOrder::Month) };
        dates.push(DateColumn { name: date.name.text.clone(), parts: has("parts"), order });
    }
    dates
}

fn header(bound: &Bound) -> Header {
    if let Bound::Bool(Spanned { value, .. }) = bound {
        return if *value { Header::First } else { Header::None };
    }
    if let Bound::Names(names, _) = bound {
        return Header::Names(names.iter().map(|n| n.text.clone()).collect());
    }
    Header::Unsaid
}

/// The one character of a text; anything else is reported.
fn one(name: &str, text: &Spanned<String>, allowed: impl Fn(char) -> bool, out: &mut Vec<Diagnostic>) -> Option<char> {
    let mut characters = text.value.chars();
    match (characters.next(), characters.next()) {
        (Some(c), None) if allowed(c) => return Some(c),
        _ => {}
    }
    let at = text.span.unwrap_or(Span::at(0));
    let what = match name {
        "separator" => {
            "one ASCII character that is no letter, digit, quote or line break: \",\", \";\", \"\\t\", \"|\", \" \""
        }
        "decimal" => "\".\" or \",\"",
        _ => "one character that is no digit or letter: \",\", \".\", \" \", \"'\", \"_\"",
    };
    let report = Diagnostic::error(codes::DOMAIN, format!("`{name}` takes {what}")).at(at, "not such a text");
    // What other tools call the marks.
    let meant = match (name, text.value.as_str()) {
        ("separator", "tab" | "\\\\t" | "\\t") => Some("\"\\t\""),
        ("separator", "semicolon") => Some("\";\""),
        ("separator" | "decimal", "comma") => Some("\",\""),
        ("separator", "pipe") => Some("\"|\""),
        ("separator", "space" | "\\s+" | "whitespace") => Some("\" \""),
        ("decimal", "point" | "dot") => Some("\".\""),
        _ => None,
    };
    out.push(match meant {
        Some(meant) => {
            report.help(format!("write `{meant}`")).fix(Applicability::Safe, format!("write `{meant}`"), at, meant)
        }
        None => report,
    });
    None
}

fn separator(text: &Spanned<String>, out: &mut Vec<Diagnostic>) -> Option<u8> {
    one("separator", text, Dialect::may_separate, out).map(|c| c as u8)
}

fn decimal(text: &Spanned<String>, out: &mut Vec<Diagnostic>) -> Option<Decimal> {
    let mark = one("decimal", text, |c| matches!(c, '.' | ','), out)?;
    Some(if mark == ',' { Decimal::Comma } else { Decimal::Point })
}

fn thousands(text: &Spanned<String>, decimal: Decimal, out: &mut Vec<Diagnostic>) -> Option<char> {
    let mark = one("thousands", text, Numbers::may_group, out)?;
    if mark == decimal.mark() {
        let text_of = format!("`{mark}` cannot stand before the fraction and between thousands");
        let help = match decimal {
            Decimal::Point => "if it stands between thousands, write `decimal = \",\"` too",
            Decimal::Comma => "if it stands before the fraction, write `thousands = \".\"`, or none",
        };
        let report = Diagnostic::error(codes::EXCLUSIVE, text_of);
        out.push(report.at(text.span.unwrap_or(Span::at(0)), "is the decimal mark").help(help));
        return None;
    }
    Some(mark)
}
