//! What the user wrote, bound to a kind's parameters: names looked up, numbers checked against their range,
//! defaults filled in. One code path for layers, calls and the settings of blocks alike.

#![allow(clippy::wildcard_enum_match_arm, reason = "whatever else there is or will be is treated alike here")]

use super::scope::Scope;
use super::signature::{Default, Family, Kind, Parameter, Range, Signature, percent, written as decimal};
use super::{aliases, find};
use crate::diagnostic::{Applicability, Diagnostic, codes, suggest};
use crate::source::{Span, Spanned};
use crate::syntax::tree::{Name, Value, ValueKind};
use crate::tensor::Shape;

/// A kind with its arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    /// Which kind.
    pub kind: &'static Signature,
    /// With what.
    pub arguments: Arguments,
    /// Where it was written; `None` for a default.
    pub span: Option<Span>,
}

impl Chosen {
    /// A kind with all its defaults.
    pub fn default(kind: &'static Signature) -> Self {
        let values = kind.parameters.iter().map(default_of).collect();
        Self { kind, arguments: Arguments { signature: kind, values, positions: Vec::new() }, span: None }
    }
}

impl std::fmt::Display for Chosen {
    /// As it would be written, with every argument: `uniform(low=-0.1, high=0.1)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind.name)?;
        let arguments = self.arguments.iter().filter_map(|(p, v)| Some(format!("{}={}", p.name, v.describe()?)));
        let arguments: Vec<_> = arguments.collect();
        if arguments.is_empty() { Ok(()) } else { write!(f, "({})", arguments.join(", ")) }
    }
}

/// One bound value.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    /// Left out, and nothing is filled in.
    Absent,
    /// Wrong; already reported.
    Invalid,
    /// A number.
    Number(Spanned<f64>),
    /// A whole number.
    Count(Spanned<u64>),
    /// A share in (0, 1), as a percentage.
    Share(Spanned<f64>),
    /// `true` or `false`.
    Bool(Spanned<bool>),
    /// A text.
    Text(Spanned<String>),
    /// One of the parameter's words.
    Word(Spanned<&'static str>),
    /// A kind.
    One(Box<Chosen>),
    /// Kinds.
    Many(Vec<Chosen>, Span),
    /// Numbers.
    Numbers(Vec<Spanned<f64>>, Span),
    /// Names or texts.
    Names(Vec<Name>, Span),
    /// A shape.
    Shape(Spanned<Shape>),
}

impl Bound {
    fn describe(&self) -> Option<String> {
        match self {
            Self::Absent | Self::Invalid => None,
            Self::Number(n) => Some(decimal(n.value)),
            Self::Count(n) => Some(n.value.to_string()),
            Self::Share(n) => Some(percent(n.value)),
            Self::Bool(b) => Some(b.value.to_string()),
            Self::Text(t) => Some(format!("{:?}", t.value)),
            Self::Word(w) => Some(w.value.into()),
            Self::One(c) => Some(c.to_string()),
            Self::Many(c, _) => Some(format!("[{}]", c.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))),
            Self::Numbers(n, _) => {
                Some(format!("[{}]", n.iter().map(|n| decimal(n.value)).collect::<Vec<_>>().join(", ")))
            }
            Self::Names(n, _) => {
                Some(format!("[{}]", n.iter().map(|n| n.text.as_str()).collect::<Vec<_>>().join(", ")))
            }
            Self::Shape(s) => Some(s.value.to_string()),
        }
    }

    /// Where it was written.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Absent | Self::Invalid => None,
            Self::Number(v) | Self::Share(v) => v.span,
            Self::Count(v) => v.span,
            Self::Bool(v) => v.span,
            Self::Text(v) => v.span,
            Self::Word(v) => v.span,
            Self::Shape(v) => v.span,
            Self::One(v) => v.span,
            Self::Many(_, span) | Self::Numbers(_, span) | Self::Names(_, span) => Some(*span),
        }
    }
}

/// The values of a kind's parameters, each checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Arguments {
    signature: &'static Signature,
    values: Vec<Bound>,
    /// The places of the settings' keys, by parameter, where they were given by name.
    positions: Vec<(usize, Span)>,
}

impl Arguments {
    /// The value of a parameter of this signature.
    pub fn get(&self, name: &str) -> &Bound {
        let index = self.signature.parameters.iter().position(|p| p.name == name);
        debug_assert!(index.is_some(), "`{}` has no parameter `{name}`", self.signature.name);
        index.map_or(&Bound::Absent, |i| &self.values[i])
    }

    /// The place of the key that gave a parameter.
    pub fn key(&self, name: &str) -> Option<Span> {
        let index = self.signature.parameters.iter().position(|p| p.name == name)?;
        self.positions.iter().find(|(i, _)| *i == index).map(|(_, span)| *span)
    }

    /// Whether nothing was wrong.
    pub fn is_sound(&self) -> bool {
        !self.values.iter().any(|v| matches!(v, Bound::Invalid))
    }

    /// A number, where there is one.
    pub fn number(&self, name: &str) -> Option<Spanned<f64>> {
        match self.get(name) {
            Bound::Number(n) => Some(*n),
            Bound::Count(n) => Some(Spanned { value: n.value as f64, span: n.span }),
            _ => None,
        }
    }

    /// A number that a sound binding always has.
    pub fn value(&self, name: &str) -> f64 {
        self.number(name).map_or(f64::NAN, |n| n.value)
    }

    /// A whole number, where there is one.
    pub fn count(&self, name: &str) -> Option<Spanned<u64>> {
        if let Bound::Count(n) = self.get(name) { Some(*n) } else { None }
    }

    /// `true` or `false`, where there is one.
    pub fn flag(&self, name: &str) -> Option<Spanned<bool>> {
        if let Bound::Bool(b) = self.get(name) { Some(*b) } else { None }
    }

    /// A word, where there is one.
    pub fn word(&self, name: &str) -> Option<Spanned<&'static str>> {
        if let Bound::Word(w) = self.get(name) { Some(*w) } else { None }
    }

    /// A kind, where there is one.
    pub fn one(&self, name: &str) -> Option<&Chosen> {
        if let Bound::One(c) = self.get(name) { Some(c) } else { None }
    }

    /// A text, where there is one.
    pub fn text(&self, name: &str) -> Option<&Spanned<String>> {
        if let Bound::Text(t) = self.get(name) { Some(t) } else { None }
    }

    /// Names, where there are any.
    pub fn names(&self, name: &str) -> Option<&[Name]> {
        if let Bound::Names(n, _) = self.get(name) { Some(n) } else { None }
    }

    /// Each parameter with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Parameter, &Bound)> {
        self.signature.parameters.iter().zip(&self.values)
    }
}

/// What was written after a kind's name.
pub struct Written<'a> {
    /// The place of the kind's name, where missing values are reported.
    pub at: Span,
    /// Positional values.
    pub positional: Vec<&'a Value>,
    /// Named values.
    pub named: Vec<(&'a Name, &'a Value)>,
}

/// Binds what was written to `signature`. Everything wrong is reported; what is wrong is [`Bound::Invalid`].
pub fn bind(
    signature: &'static Signature,
    written: &Written<'_>,
    scope: &Scope,
    out: &mut Vec<Diagnostic>,
) -> Arguments {
    let mut given: Vec<Option<(Span, &Value)>> = vec![None; signature.parameters.len()];
    let mut positions = Vec::new();
    let places: Vec<usize> =
        signature.parameters.iter().enumerate().filter(|(_, p)| p.positional).map(|(i, _)| i).collect();
    for (i, value) in written.positional.iter().enumerate() {
        if let Some(&place) = places.get(i) {
            given[place] = Some((value.span, value));
        } else {
            out.push(superfluous(signature, value, places.len(), scope));
            break;
        }
    }
    let mut broken = Vec::new();
    for (key, value) in &written.named {
        let Some(index) = parameter(signature, key, out) else { continue };
        if let Some((earlier, _)) = given[index] {
            out.push(duplicate(signature, key, earlier));
            broken.push(index);
            continue;
        }
        given[index] = Some((key.span, value));
        positions.push((index, key.span));
    }
    let values = signature.parameters.iter().zip(&given).map(|(parameter, given)| match given {
        Some((_, value)) => convert(signature, parameter, value, scope, out),
        None if parameter.default == Default::Required => {
            out.push(missing(signature, parameter, written.at));
            Bound::Invalid
        }
        None => default_of(parameter),
    });
    Arguments { signature, values: values.collect(), positions }
}

fn default_of(parameter: &Parameter) -> Bound {
    match (parameter.default, parameter.kind) {
        (Default::Required, _) => Bound::Invalid,
        (Default::Absent(_), _) => Bound::Absent,
        (Default::Number(n), Kind::Count(_) | Kind::CountOr(..)) => Bound::Count(Spanned::default(n as u64)),
        (Default::Number(n), _) => Bound::Number(Spanned::default(n)),
        (Default::Word(w), Kind::Bool) => Bound::Bool(Spanned::default(w == "true")),
        (Default::Word(w), Kind::One(family)) => {
            find(family, w).map_or(Bound::Invalid, |kind| Bound::One(Box::new(Chosen::default(kind))))
        }
        (Default::Word(w), _) => Bound::Word(Spanned::default(w)),
    }
}

/// The index of the parameter that `key` names; an alias is taken with a note.
fn parameter(signature: &'static Signature, key: &Name, out: &mut Vec<Diagnostic>) -> Option<usize> {
    let index = |name: &str| signature.parameters.iter().position(|p| p.name == name);
    if let Some(i) = index(&key.text) {
        return Some(i);
    }
    if let Some(i) = aliases::parameter(signature, &key.text).and_then(index) {
        let name = signature.parameters[i].name;
        out.push(alias_note(key, name));
        return Some(i);
    }
    let names = signature.parameters.iter().map(|p| p.name);
    let (a, what) = if signature.family == Family::Block { ("a", "setting") } else { ("an", "option") };
    let mut diagnostic =
        Diagnostic::error(codes::UNKNOWN, format!("`{}` has no {what} `{}`", signature.name, key.text))
            .at(key.span, format!("not {a} {what} of `{}`", signature.name));
    if let Some(hint) = aliases::hint(signature, &key.text) {
        diagnostic = diagnostic.help(hint);
    } else if let Some(near) = suggest::nearest(&key.text, names.clone()) {
        diagnostic = diagnostic.help(format!("write `{near}`")).fix(
            Applicability::Safe,
            format!("rename to `{near}`"),
            key.span,
            near,
        );
    } else if signature.parameters.is_empty() {
        diagnostic = diagnostic.help(format!("`{}` takes nothing", signature.name));
    } else {
        let names: Vec<String> = names.map(|n| format!("`{n}`")).collect();
        diagnostic = diagnostic.help(format!("it has {}", names.join(", ")));
    }
    out.push(diagnostic);
    None
}

/// The note on a foreign name that is taken.
pub fn alias_note(written: &Name, ours: &str) -> Diagnostic {
    Diagnostic::note(codes::ALIAS, format!("`{}` is `{ours}` here", written.text))
        .at(written.span, format!("taken as `{ours}`"))
        .fix(Applicability::Safe, format!("rename to `{ours}`"), written.span, ours)
}

fn superfluous(signature: &Signature, value: &Value, places: usize, scope: &Scope) -> Diagnostic {
    let takes = match places {
        0 => "no values by position".to_owned(),
        1 => "one value".to_owned(),
        n => format!("at most {n} values"),
    };
    let mut diagnostic =
        Diagnostic::error(codes::DOMAIN, format!("`{}` takes {takes}", signature.name)).at(value.span, "one too many");
    let named: Vec<_> = signature.parameters.iter().filter(|p| !p.positional).collect();
    if let Some(parameter) = named.iter().find(|p| fits(p.kind, value, scope)) {
        diagnostic = diagnostic.help(format!("write `{}=…` to give it by name", parameter.name));
    } else if !named.is_empty() {
        let names: Vec<_> = named.iter().map(|p| format!("`{}=…`", p.name)).collect();
        diagnostic = diagnostic.help(format!("the rest is given by name: {}", names.join(", ")));
    }
    diagnostic
}

/// Whether a value could be meant for a parameter, by its form alone.
fn fits(kind: Kind, value: &Value, scope: &Scope) -> bool {
    let resolved = scope.resolve(value);
    match (kind, &resolved.kind) {
        (Kind::One(family) | Kind::NumberOr(_, family), ValueKind::Name(name)) => find(family, name).is_some(),
        (Kind::One(family) | Kind::NumberOr(_, family), ValueKind::Call(call)) => {
            find(family, &call.name.text).is_some()
        }
        (Kind::Number(_), ValueKind::Number(_) | ValueKind::Percent(_)) => true,
        (Kind::Bool, ValueKind::Bool(_)) => true,
        _ => false,
    }
}

fn duplicate(signature: &Signature, key: &Name, earlier: Span) -> Diagnostic {
    Diagnostic::error(codes::DUPLICATE, format!("`{}` of `{}` is given twice", key.text, signature.name))
        .at(key.span, "given again")
        .and(earlier, "first given here")
        .help("keep one of the two")
}

fn missing(signature: &Signature, parameter: &Parameter, at: Span) -> Diagnostic {
    let what = if signature.family == Family::Block {
        format!("write `{} = …` in its braces", parameter.name)
    } else {
        format!("write it so: `{}`", signature.example.lines().next().unwrap_or("").trim())
    };
    Diagnostic::error(codes::MISSING, format!("`{}` needs `{}`: {}", signature.name, parameter.name, parameter.summary))
        .at(at, format!("without `{}`", parameter.name))
        .help(what)
}

/// Checks one value against its parameter.
fn convert(
    signature: &Signature,
    parameter: &Parameter,
    written: &Value,
    scope: &Scope,
    out: &mut Vec<Diagnostic>,
) -> Bound {
    let value = &scope.resolve(written);
    let span = written.span;
    let mut place = Place { signature, parameter, written, scope, out };
    match (parameter.kind, &value.kind) {
        (_, ValueKind::Invalid) => Bound::Invalid,
        (Kind::Number(range), _) => place.number(value, range),
        (Kind::Count(_), ValueKind::Name(name)) if scope.is_unknown(name) && parameter.positional => {
            place.misplaced(name);
            Bound::Invalid
        }
        (Kind::Count(least), _) => place.count(value, least),
        (Kind::CountOr(_, words) | Kind::NumbersOr(_, words) | Kind::Word(words), ValueKind::Name(name)) => {
            place.word(name, words, parameter.kind)
        }
        (Kind::CountOr(least, _), _) => place.count(value, least),
        (Kind::NumberOr(_, family), ValueKind::Name(_) | ValueKind::Call(_)) if !scope.is_quantity(value) => {
            place.one(value, family).map_or(Bound::Invalid, |c| Bound::One(Box::new(c)))
        }
        (Kind::NumberOr(range, _), _) => place.number(value, range),
        (Kind::Bool, ValueKind::Bool(b)) => Bound::Bool(Spanned::written(*b, span)),
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
            Bound::Invalid
        }
        (Kind::Text, ValueKind::Text(t)) => Bound::Text(Spanned::written(t.clone(), span)),
        (
            Kind::Column | Kind::Columns | Kind::Names,
            ValueKind::Name(_) | ValueKind::Text(_) | ValueKind::Number(_),
        ) => Bound::Names(place.names(std::slice::from_ref(written)), span),
        (Kind::Columns | Kind::Names, ValueKind::List(items)) => place.list(items, span),
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

fn describe(kind: Kind) -> &'static str {
    match kind {
        Kind::Number(_) => "a number",
        Kind::Count(_) => "a whole number",
        Kind::Bool => "`true` or `false`",
        Kind::Share => "a percentage between 0% and 100%, or a path in quotes",
        Kind::Text => "a text in quotes",
        Kind::Column => "a column's name",
        Kind::Columns => "a column's name or a list of them",
        Kind::Word(_) => "one of its words",
        Kind::One(family) | Kind::NumberOr(_, family) => family.a(),
        Kind::Many(_) => "a list of names",
        Kind::CountOr(..) => "a whole number or a word",
        Kind::NumbersOr(..) => "a list of numbers or a word",
        Kind::Names => "a list of names",
        Kind::Shape => "a shape such as `1x28x28`",
    }
}

/// One value at one parameter, and where to report.
struct Place<'a> {
    signature: &'a Signature,
    parameter: &'a Parameter,
    written: &'a Value,
    scope: &'a Scope,
    out: &'a mut Vec<Diagnostic>,
}

impl Place<'_> {
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
        self.out.push(match help {
            Some(help) => diagnostic.help(help),
            None => diagnostic
                .help(format!("for example: `{}`", self.signature.example.lines().next().unwrap_or("").trim())),
        });
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
        let listed = words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
        let also = match kind {
            Kind::CountOr(..) => " or a whole number",
            Kind::NumbersOr(..) => " or a list of numbers",
            _ => "",
        };
        let mut diagnostic = Diagnostic::error(codes::UNKNOWN, format!("{} cannot be `{name}`", self.name()))
            .at(span, format!("takes {listed}{also}"));
        if let Some(near) = suggest::nearest(name, words.iter().copied()) {
            diagnostic = diagnostic.help(format!("write `{near}`")).fix(
                Applicability::Safe,
                format!("rename to `{near}`"),
                span,
                near,
            );
        }
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
            ValueKind::Text(text) if find(family, text).is_some() => {
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
            .map(|item| Place { written: item, out: &mut *self.out, ..*self }.number(item, range))
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
            match (Place { written: dimension, out: &mut *self.out, ..*self }).count(dimension, 1) {
                Bound::Count(n) => sizes.push(n.value as usize),
                _ => return Bound::Invalid,
            }
        }
        let shape = Shape::new(sizes);
        if shape.checked_size().is_none_or(|size| size > super::MOST_UNITS) {
            self.out.push(
                Diagnostic::error(
                    codes::DOMAIN,
                    format!("{} has more values than a network here can hold", self.name()),
                )
                .at(self.written.span, format!("at most {} in all", super::MOST_UNITS)),
            );
            return Bound::Invalid;
        }
        Bound::Shape(Spanned::written(shape, self.written.span))
    }
}

/// Looks up `name` in `family` and binds what was written after it.
pub fn choose(
    family: Family,
    name: &Name,
    written: &Written<'_>,
    span: Span,
    scope: &Scope,
    out: &mut Vec<Diagnostic>,
) -> Option<Chosen> {
    let kind = look_up(family, name, out)?;
    let arguments = bind(kind, written, scope, out);
    arguments.is_sound().then_some(Chosen { kind, arguments, span: Some(span) })
}

/// Looks up `name` in `family`; an alias is taken with a note, an unknown name reported with the nearest valid one.
pub fn look_up(family: Family, name: &Name, out: &mut Vec<Diagnostic>) -> Option<&'static Signature> {
    if let Some(kind) = find(family, &name.text) {
        return Some(kind);
    }
    match aliases::kind(family, &name.text) {
        Some(aliases::Meaning::Same(ours)) => {
            out.push(alias_note(name, ours));
            return find(family, ours);
        }
        Some(aliases::Meaning::Ambiguous(meanings)) => {
            let listed = meanings.iter().map(|m| format!("`{m}`")).collect::<Vec<_>>().join(" or ");
            out.push(
                Diagnostic::error(codes::UNKNOWN, format!("`{}` means different things in different tools", name.text))
                    .at(name.span, "which one is meant?")
                    .help(format!("write {listed}")),
            );
            return None;
        }
        Some(aliases::Meaning::Hint(hint)) => {
            out.push(unknown(family, name).help(hint));
            return None;
        }
        None => {}
    }
    let mut diagnostic = unknown(family, name);
    let kinds = super::kinds(family);
    let names = kinds.iter().map(|s| s.name);
    if let Some(near) = suggest::nearest(&name.text, names.clone()) {
        diagnostic = diagnostic.help(format!("write `{near}`")).fix(
            Applicability::Safe,
            format!("rename to `{near}`"),
            name.span,
            near,
        );
    } else {
        let listed = names.map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
        diagnostic = diagnostic.help(format!("known: {listed}"));
    }
    out.push(diagnostic);
    None
}

fn unknown(family: Family, name: &Name) -> Diagnostic {
    let article = family.a();
    let elsewhere =
        Family::ALL.iter().find(|f| **f != family && **f != Family::Block && find(**f, &name.text).is_some());
    let label = match elsewhere {
        Some(other) => format!("`{}` is {}", name.text, other.a()),
        None => "unknown name".to_owned(),
    };
    Diagnostic::error(codes::UNKNOWN, format!("`{}` is not {article}", name.text)).at(name.span, label)
}
