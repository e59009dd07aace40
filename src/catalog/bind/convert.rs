//! One value to one parameter: its form, its range, the kind that it names; what is wrong is said here.

use super::{Bound, Chosen, Date, Written, absent, alias_note, choose, is_word};
use crate::catalog::scope::Scope;
use crate::catalog::signature::{DefaultValue, Family, Kind, Parameter, Range, Signature};
use crate::catalog::{aliases, find, kinds, known};
use crate::diagnostic::{Applicability, Diagnostic, Edit, Fix, codes, suggest};
use crate::source::{Span, Spanned};
use crate::syntax::spell::quoted;
use crate::syntax::tree::{Name, Value, ValueKind};
use crate::tensor::Shape;
use crate::text::{one_of, percent, quoted as quoted_names, written as number_written};

/// Checks one value against its parameter.
pub(super) fn convert(
    signature: &Signature,
    parameter: &Parameter,
    written: &Value,
    scope: &Scope,
    out: &mut Vec<Diagnostic>,
) -> Bound {
    let value = &scope.resolve(written);
    let span = written.span;
    let mut place = ArgumentPlace { signature, parameter, written, scope, out };
    match (parameter.kind, &value.kind) {
        (_, ValueKind::Invalid) => Bound::Invalid,
        (Kind::Number(range), _) => place.number(value, range),
        (Kind::Count(_), ValueKind::Name(name)) if scope.is_unknown(name) && parameter.positional => {
            place.misplaced(name);
            Bound::Invalid
        }
        (Kind::Count(least), _) => place.count(value, least),
        (
            Kind::CountOr(_, words) | Kind::NumbersOr(_, words) | Kind::Word(words) | Kind::WordOrConstant(words),
            ValueKind::Name(name),
        ) => place.word(name, words, parameter.kind),
        (Kind::WordOrConstant(words), ValueKind::Call(call)) => match (call.name.text.as_str(), &call.arguments[..]) {
            ("constant", [argument]) => {
                let constant = ArgumentPlace { written: &argument.value, ..place };
                constant.constant()
            }
            ("constant", _) => {
                place.wrong_kind(value, "`constant` with one number", Some("write `constant(0)`".to_owned()));
                Bound::Invalid
            }
            (other, _) => place.word(other, words, parameter.kind),
        },
        (Kind::WordOrConstant(_), ValueKind::Number(n)) => {
            let help = format!("write `constant({n})`");
            place.wrong_kind(value, "a word or `constant(NUMBER)`", Some(help));
            Bound::Invalid
        }
        (Kind::CountOr(least, _), _) => place.count(value, least),
        (Kind::NumberOr(_, family), ValueKind::Name(_) | ValueKind::Call(_)) if !scope.is_quantity(value) => {
            place.one(value, family).map_or(Bound::Invalid, |c| Bound::One(Box::new(c)))
        }
        (Kind::NumberOr(range, _), _) => place.number(value, range),
        (Kind::Bool | Kind::BoolOrNames, ValueKind::Bool(b)) => Bound::Bool(Spanned::written(*b, span)),
        (Kind::Share, ValueKind::Text(path)) => Bound::Text(Spanned::written(path.clone(), span)),
        (Kind::Share, ValueKind::Percent(p)) if *p > 0.0 && *p < 100.0 => {
            Bound::Share(Spanned::written(p / 100.0, span))
        }
        (Kind::Share, ValueKind::Percent(p)) => {
            let message = format!("{} is {p}%, outside its range", place.name());
            let diagnostic =
                Diagnostic::error(codes::DOMAIN, message).at(written.span, "must be above 0% and below 100%");
            let diagnostic = place.with_origin(diagnostic);
            place.out.push(diagnostic);
            Bound::Invalid
        }
        (Kind::Share, ValueKind::Number(n)) if *n > 0.0 && *n < 1.0 => {
            place.wrong_kind(value, "a percentage or a path", Some(format!("write `{}`", percent(*n))));
            place.mend(Applicability::Safe, &percent(*n));
            Bound::Invalid
        }
        (Kind::Share, ValueKind::Number(n)) if *n >= 1.0 && *n < 100.0 => {
            let text = format!("{}%", number_written(*n));
            place.wrong_kind(value, "a percentage or a path", Some(format!("write `{text}` for a share of the rows")));
            place.mend(Applicability::Unsafe, &text);
            Bound::Invalid
        }
        (Kind::Share, ValueKind::Name(name)) if find(Family::Source, name).is_some() => {
            place.one(value, Family::Source).map_or(Bound::Invalid, |c| Bound::One(Box::new(c)))
        }
        (Kind::Share, ValueKind::Call(_)) => {
            place.one(value, Family::Source).map_or(Bound::Invalid, |c| Bound::One(Box::new(c)))
        }
        (Kind::Share, ValueKind::List(items)) => {
            place.wrong_kind(value, describe(parameter.kind), as_pair(items));
            Bound::Invalid
        }
        (Kind::Text, ValueKind::Text(t)) => Bound::Text(Spanned::written(t.clone(), span)),
        (
            Kind::Column | Kind::Columns | Kind::Names,
            ValueKind::Name(_) | ValueKind::Text(_) | ValueKind::Number(_),
        ) => Bound::Names(place.names(std::slice::from_ref(written)), span),
        (Kind::Name, ValueKind::Name(_) | ValueKind::Text(_) | ValueKind::Number(_) | ValueKind::Bool(_)) => {
            Bound::Names(place.names(std::slice::from_ref(written)), span)
        }
        (Kind::Columns | Kind::Names | Kind::BoolOrNames, ValueKind::List(items)) => place.list(items, span),
        (Kind::Dates, ValueKind::List(items)) => place.dates(items),
        (Kind::Dates, ValueKind::Name(_) | ValueKind::Text(_) | ValueKind::Call(_)) => {
            place.dates(std::slice::from_ref(written))
        }
        (Kind::One(family), _) => place.one(value, family).map_or(Bound::Invalid, |c| Bound::One(Box::new(c))),
        (Kind::Many(family), ValueKind::List(items)) => {
            let chosen: Vec<_> = items.iter().map(|item| place.one(item, family)).collect();
            chosen.into_iter().collect::<Option<_>>().map_or(Bound::Invalid, |chosen| Bound::Many(chosen, span))
        }
        (Kind::Many(family), ValueKind::Name(_) | ValueKind::Call(_)) => {
            place.one(value, family).map_or(Bound::Invalid, |c| Bound::Many(vec![c], span))
        }
        (Kind::NumbersOr(range, _), ValueKind::List(items)) => place.numbers(items, range),
        (Kind::Shape, _) => place.shape(value),
        _ => {
            place.wrong_kind(value, describe(parameter.kind), None);
            Bound::Invalid
        }
    }
}

/// What two paths in a list stand for: a source that takes two.
fn as_pair(items: &[Value]) -> Option<String> {
    let [first, second] = items else { return None };
    let (ValueKind::Text(first), ValueKind::Text(second)) = (&first.kind, &second.kind) else { return None };
    let takes_two = |s: &&Signature| s.parameters.iter().filter(|p| p.default == DefaultValue::Required).count() == 2;
    let pair = kinds(Family::Source).into_iter().find(takes_two)?;
    Some(format!("a pair of files is written `{}({}, {})`", pair.name, quoted(first), quoted(second)))
}

/// The labels that were written one after the other.
pub(super) fn labels(
    signature: &Signature,
    parameter: &Parameter,
    written: &[&Value],
    scope: &Scope,
    out: &mut Vec<Diagnostic>,
) -> Bound {
    let Kind::Labels(least) = parameter.kind else { return Bound::Invalid };
    let Some((first, last)) = written.first().zip(written.last()) else { return Bound::Invalid };
    let mut names = Vec::new();
    for value in written {
        match &value.kind {
            ValueKind::Name(text) => names.push(Name { text: text.clone(), span: value.span }),
            ValueKind::Invalid => return Bound::Invalid,
            _ => {
                ArgumentPlace { signature, parameter, written: value, scope, out }.wrong_kind(
                    value,
                    "labels of layers",
                    None,
                );
                return Bound::Invalid;
            }
        }
    }
    let span = Span { start: first.span.start, end: last.span.end };
    if names.len() < least {
        let message = format!("`{}` takes {least} or more layers, not {}", signature.name, names.len());
        let example = signature.example;
        out.push(
            Diagnostic::error(codes::MISSING, message)
                .at(span, "one layer alone")
                .help(format!("for example: `{example}`")),
        );
        return Bound::Invalid;
    }
    Bound::Names(names, span)
}

fn describe(kind: Kind) -> &'static str {
    match kind {
        Kind::Number(_) => "a number",
        Kind::Count(_) => "a whole number",
        Kind::Bool => "`true` or `false`",
        Kind::Share => "a percentage between 0% and 100%, a path in quotes or a pair of files",
        Kind::Text => "a text in quotes",
        Kind::Column => "a column's name",
        Kind::Labels(_) => "labels of layers",
        Kind::Columns => "a column's name or a list of them",
        Kind::Word(_) => "one of its words",
        Kind::One(family) | Kind::NumberOr(_, family) => family.a(),
        Kind::Many(_) => "a list of names",
        Kind::CountOr(..) => "a whole number or a word",
        Kind::NumbersOr(..) => "a list of numbers or a word",
        Kind::Name => "a name",
        Kind::Names => "a list of names",
        Kind::WordOrConstant(_) => "a word or `constant(NUMBER)`",
        Kind::Dates => "a list of columns",
        Kind::BoolOrNames => "`true`, `false` or a list of names",
        Kind::Shape => "a shape such as `1x28x28`",
    }
}

/// One value at one parameter, and where to report.
struct ArgumentPlace<'a> {
    signature: &'a Signature,
    parameter: &'a Parameter,
    written: &'a Value,
    scope: &'a Scope,
    out: &'a mut Vec<Diagnostic>,
}

impl ArgumentPlace<'_> {
    fn name(&self) -> String {
        if self.signature.family == Family::Block {
            format!("`{}`", self.parameter.name)
        } else {
            format!("`{}` of `{}`", self.parameter.name, self.signature.name)
        }
    }

    fn wrong_kind(&mut self, value: &Value, wanted: &str, help: Option<String>) {
        let message = format!("{} takes {wanted}, not {}", self.name(), value.kind.describe());
        let mut diagnostic =
            Diagnostic::error(codes::DOMAIN, message).at(self.written.span, value.kind.describe().to_string());
        diagnostic = self.with_origin(diagnostic);
        self.out.push(diagnostic.help(help.unwrap_or_else(|| match self.parameter.kind {
            Kind::Word(words) => format!("write {}", one_of(&quoted_names(words))),
            _ => format!("for example: `{}`", self.signature.example.lines().next().unwrap_or("").trim()),
        })));
    }

    /// Offers to write `text` for the value that was reported last, where it stands as it is.
    fn mend(&mut self, applicability: Applicability, text: &str) {
        let is_literal = matches!(self.written.kind, ValueKind::Number(_));
        if let Some(report) = self.out.last_mut().filter(|_| is_literal) {
            let edits = vec![Edit { span: self.written.span, text: text.to_owned() }];
            report.fixes.push(Fix { title: format!("write `{text}`"), applicability, edits });
        }
    }

    /// A name where a number stands first: `dense tanh`, whose width is missing, or a number's name misspelt.
    fn misplaced(&mut self, name: &str) {
        let (signature, parameter) = (self.signature, self.parameter);
        let later = signature.parameters.iter().find_map(|p| match p.kind {
            Kind::One(family) if p.positional => find(family, name).map(|_| family),
            _ => None,
        });
        let Some(family) = later else {
            let written = self.written;
            self.scope.evaluate(written, self.out);
            return;
        };
        let message = format!("`{}` needs `{}`: {}", signature.name, parameter.name, parameter.summary);
        self.out.push(
            Diagnostic::error(codes::MISSING, message)
                .at(self.written.span, format!("`{}` expected before this {}", parameter.name, family.noun()))
                .help(format!("write it so: `{} 16 {name}`", signature.name)),
        );
    }

    /// Points at the `let` that a value came from, besides its use.
    fn with_origin(&self, diagnostic: Diagnostic) -> Diagnostic {
        match &self.written.kind {
            ValueKind::Name(name) => {
                diagnostic.and_if(self.scope.binding_span(name), format!("`{name}` is bound here"))
            }
            _ => diagnostic,
        }
    }

    fn evaluate(&mut self, value: &Value) -> Option<f64> {
        match &value.kind {
            ValueKind::Percent(p) => Some(p / 100.0),
            ValueKind::Number(_) | ValueKind::Arithmetic(_) | ValueKind::Name(_) => {
                self.scope.evaluate(value, self.out)
            }
            _ => {
                let kind = describe(self.parameter.kind);
                self.wrong_kind(value, kind, None);
                None
            }
        }
    }

    fn number(&mut self, value: &Value, range: Range) -> Bound {
        let Some(number) = self.evaluate(value) else { return Bound::Invalid };
        if !range.contains(number) {
            let diagnostic =
                Diagnostic::error(codes::DOMAIN, format!("{} is {number}, outside its range", self.name()))
                    .at(self.written.span, format!("must be {}", range.describe()));
            let diagnostic = self.with_origin(diagnostic);
            self.out.push(diagnostic);
            return Bound::Invalid;
        }
        Bound::Number(Spanned::written(number, self.written.span))
    }

    fn constant(mut self) -> Bound {
        let value = self.scope.resolve(self.written);
        self.number(&value, Range::ANY)
    }

    fn count(&mut self, value: &Value, least: u64) -> Bound {
        let Some(number) = self.evaluate(value) else { return Bound::Invalid };
        let whole = number.fract() == 0.0 && number.abs() < 9.0e15;
        if !whole || number < least as f64 {
            let must = if whole { format!("must be {least} or more") } else { "must be a whole number".to_owned() };
            let diagnostic =
                Diagnostic::error(codes::DOMAIN, format!("{} is {number}, outside its range", self.name()))
                    .at(self.written.span, must);
            let diagnostic = self.with_origin(diagnostic);
            self.out.push(diagnostic);
            return Bound::Invalid;
        }
        Bound::Count(Spanned::written(number as u64, self.written.span))
    }

    fn word(&mut self, name: &str, words: &'static [&'static str], kind: Kind) -> Bound {
        let span = self.written.span;
        if let Some(word) = words.iter().find(|w| **w == name) {
            return Bound::Word(Spanned::written(*word, span));
        }
        let setting = self.parameter.name;
        if let Some(ours) = aliases::choice(self.signature, setting, name, words) {
            self.out.push(alias_note(&Name { text: name.to_owned(), span }, ours));
            return Bound::Word(Spanned::written(ours, span));
        }
        if let Some(row) = known::find(known::Position::Choice(setting), name) {
            self.out.push(absent(known::Position::Choice(setting), name, span, row));
            return Bound::Invalid;
        }
        let listed = words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
        let also = match kind {
            Kind::CountOr(..) => " or a whole number",
            Kind::NumbersOr(..) => " or a list of numbers",
            Kind::WordOrConstant(_) => " or `constant(NUMBER)`",
            _ => "",
        };
        let mut diagnostic = Diagnostic::error(codes::UNKNOWN, format!("{} cannot be `{name}`", self.name()))
            .at(span, format!("takes {listed}{also}"));
        suggest::offer(&mut diagnostic, (name, span), words.iter().copied(), is_word(name), str::to_owned);
        self.out.push(diagnostic);
        Bound::Invalid
    }

    fn one(&mut self, value: &Value, family: Family) -> Option<Chosen> {
        let value = &self.scope.resolve(value);
        match &value.kind {
            ValueKind::Name(text) => {
                let name = Name { text: text.clone(), span: value.span };
                choose(
                    family,
                    &name,
                    &Written { at: value.span, positional: vec![], named: vec![] },
                    value.span,
                    self.scope,
                    self.out,
                )
            }
            ValueKind::Call(call) => {
                let written = Written {
                    at: call.name.span,
                    positional: call.arguments.iter().filter(|a| a.key.is_none()).map(|a| &a.value).collect(),
                    named: call.arguments.iter().filter_map(|a| Some((a.key.as_ref()?, &a.value))).collect(),
                };
                choose(family, &call.name, &written, value.span, self.scope, self.out)
            }
            ValueKind::Text(text) if find(family, text).is_some() || is_word(text) => {
                self.wrong_kind(value, family.a(), Some(format!("write `{text}` without quotes")));
                None
            }
            ValueKind::Invalid => None,
            _ => {
                self.wrong_kind(value, family.a(), None);
                None
            }
        }
    }

    fn names(&mut self, items: &[Value]) -> Vec<Name> {
        let mut names = Vec::new();
        for item in items {
            match &item.kind {
                ValueKind::Name(text) | ValueKind::Text(text) => {
                    names.push(Name { text: text.clone(), span: item.span });
                }
                ValueKind::Number(n) => names.push(Name { text: n.to_string(), span: item.span }),
                ValueKind::Bool(b) => names.push(Name { text: b.to_string(), span: item.span }),
                ValueKind::Invalid => {}
                _ => self.wrong_kind(item, "names", None),
            }
        }
        names
    }

    fn dates(&mut self, items: &[Value]) -> Bound {
        let dates: Vec<_> = items.iter().map(|item| self.date(item)).collect();
        let span = self.written.span;
        dates.into_iter().collect::<Option<_>>().map_or(Bound::Invalid, |dates| Bound::Dates(dates, span))
    }

    /// A column, with the words around it.
    fn date(&mut self, item: &Value) -> Option<Date> {
        const WORDS: [&str; 3] = ["parts", "day_first", "month_first"];
        let ValueKind::Call(call) = &item.kind else {
            let name = self.names(std::slice::from_ref(item)).pop()?;
            return Some(Date { name, words: Vec::new() });
        };
        let Some(word) = WORDS.into_iter().find(|w| *w == call.name.text) else {
            let name = Name { text: call.name.text.clone(), span: call.name.span };
            ArgumentPlace {
                written: &Value { kind: ValueKind::Name(name.text.clone()), span: name.span },
                out: &mut *self.out,
                ..*self
            }
            .word(&name.text, &WORDS, self.parameter.kind);
            return None;
        };
        let [argument] = &call.arguments[..] else {
            let report = Diagnostic::error(codes::DOMAIN, format!("`{word}` takes one column"));
            self.out.push(report.at(item.span, "not one column").help(format!("write `{word}(COLUMN)`")));
            return None;
        };
        let mut date = self.date(&argument.value)?;
        date.words.insert(0, word);
        Some(date)
    }

    fn list(&mut self, items: &[Value], span: Span) -> Bound {
        let names = self.names(items);
        if names.len() < items.len() {
            return Bound::Invalid;
        }
        for (i, name) in names.iter().enumerate() {
            if let Some(earlier) = names[..i].iter().find(|n| n.text == name.text) {
                self.out.push(
                    Diagnostic::error(codes::DUPLICATE, format!("`{}` stands twice in {}", name.text, self.name()))
                        .at(name.span, "again")
                        .and(earlier.span, "first here"),
                );
                return Bound::Invalid;
            }
        }
        Bound::Names(names, span)
    }

    fn numbers(&mut self, items: &[Value], range: Range) -> Bound {
        let span = self.written.span;
        let bound: Vec<Bound> = items
            .iter()
            .map(|item| ArgumentPlace { written: item, out: &mut *self.out, ..*self }.number(item, range))
            .collect();
        let numbers = bound.into_iter().map(|b| if let Bound::Number(n) = b { Some(n) } else { None });
        numbers.collect::<Option<_>>().map_or(Bound::Invalid, |numbers| Bound::Numbers(numbers, span))
    }

    fn shape(&mut self, value: &Value) -> Bound {
        let dimensions = match &value.kind {
            ValueKind::Shape(dimensions) => dimensions.clone(),
            ValueKind::Number(_) | ValueKind::Arithmetic(_) | ValueKind::Name(_) => vec![value.clone()],
            _ => {
                self.wrong_kind(value, "a shape such as `1x28x28`", None);
                return Bound::Invalid;
            }
        };
        let mut sizes = Vec::new();
        for dimension in &dimensions {
            match (ArgumentPlace { written: dimension, out: &mut *self.out, ..*self }).count(dimension, 1) {
                Bound::Count(n) => sizes.push(n.value as usize),
                _ => return Bound::Invalid,
            }
        }
        let shape = Shape::new(sizes);
        if shape.checked_size().is_none_or(|size| size > crate::catalog::MOST_UNITS) {
            self.out.push(
                Diagnostic::error(
                    codes::DOMAIN,
                    format!("{} has more values than a network here can hold", self.name()),
                )
                .at(self.written.span, format!("at most {} in all", crate::catalog::MOST_UNITS)),
            );
            return Bound::Invalid;
        }
        Bound::Shape(Spanned::written(shape, self.written.span))
    }
}
