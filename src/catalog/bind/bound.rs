//! What binding gives: a kind with its arguments, each value checked or known to be wrong. Not how it is come by.

use crate::catalog::find;
use crate::catalog::signature::{DefaultValue, Key, Kind, Parameter, Signature, held};
use crate::source::{Span, Spanned};
use crate::syntax::spell;
use crate::syntax::tree::Name;
use crate::tensor::Shape;
use crate::text::{percent, written as decimal};

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
        Self { kind, arguments: Arguments { signature: kind, values }, span: None }
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

/// A column of dates.
#[derive(Clone, Debug, PartialEq)]
pub struct Date {
    /// The column.
    pub name: Name,
    /// The words around it: `parts`, `day_first`, `month_first`.
    pub words: Vec<&'static str>,
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
    /// Columns of dates.
    Dates(Vec<Date>, Span),
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
            Self::Text(t) => Some(spell::quoted(&t.value)),
            Self::Word(w) => Some(w.value.into()),
            Self::One(c) => Some(c.to_string()),
            Self::Many(c, _) => Some(format!("[{}]", c.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))),
            Self::Numbers(n, _) => {
                Some(format!("[{}]", n.iter().map(|n| decimal(n.value)).collect::<Vec<_>>().join(", ")))
            }
            Self::Names(n, _) => Some(spell::list(n.iter().map(|n| n.text.as_str()))),
            Self::Dates(dates, _) => {
                let date = |d: &Date| {
                    d.words.iter().rev().fold(spell::name(&d.name.text), |inner, word| format!("{word}({inner})"))
                };
                Some(format!("[{}]", dates.iter().map(date).collect::<Vec<_>>().join(", ")))
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
            Self::Many(_, span) | Self::Numbers(_, span) | Self::Names(_, span) | Self::Dates(_, span) => Some(*span),
        }
    }
}

/// The values of a kind's parameters, each checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Arguments {
    pub(super) signature: &'static Signature,
    pub(super) values: Vec<Bound>,
}

impl Arguments {
    /// The value of a parameter of this signature, by its name.
    pub fn named(&self, name: &str) -> &Bound {
        let index = self.signature.parameters.iter().position(|p| p.name == name);
        debug_assert!(index.is_some(), "`{}` has no parameter `{name}`", self.signature.name);
        index.map_or(&Bound::Absent, |i| &self.values[i])
    }

    /// The value of a parameter, whatever its form.
    pub fn get<T>(&self, key: Key<T>) -> &Bound {
        self.named(key.name())
    }

    /// Whether nothing was wrong.
    pub fn is_sound(&self) -> bool {
        !self.values.iter().any(|v| matches!(v, Bound::Invalid))
    }

    /// Whether a value says what holds without it too.
    pub fn restates_default(&self, name: &str) -> bool {
        let default = self.signature.parameters.iter().find(|p| p.name == name).map(default_of);
        default.and_then(|default| default.describe()).is_some_and(|d| Some(d) == self.named(name).describe())
    }

    /// A number, where there is one: a parameter that takes words may take a number too.
    pub fn number<T>(&self, key: Key<T>) -> Option<Spanned<f64>> {
        match self.get(key) {
            Bound::Number(n) => Some(*n),
            Bound::Count(n) => Some(Spanned { value: n.value as f64, span: n.span }),
            _ => None,
        }
    }

    /// A number that a sound binding always has.
    pub fn value(&self, key: Key<f64>) -> f64 {
        self.number(key).map_or(f64::NAN, |n| n.value)
    }

    /// A whole number, where there is one.
    pub fn count(&self, key: Key<u64>) -> Option<Spanned<u64>> {
        if let Bound::Count(n) = self.get(key) { Some(*n) } else { None }
    }

    /// `true` or `false`, where there is one.
    pub fn flag(&self, key: Key<bool>) -> Option<Spanned<bool>> {
        if let Bound::Bool(b) = self.get(key) { Some(*b) } else { None }
    }

    /// A word, where there is one.
    pub fn word(&self, key: Key<held::Word>) -> Option<Spanned<&'static str>> {
        if let Bound::Word(w) = self.get(key) { Some(*w) } else { None }
    }

    /// A kind, where there is one.
    pub fn one(&self, key: Key<held::One>) -> Option<&Chosen> {
        if let Bound::One(c) = self.get(key) { Some(c) } else { None }
    }

    /// A text, where there is one.
    pub fn text(&self, key: Key<String>) -> Option<&Spanned<String>> {
        if let Bound::Text(t) = self.get(key) { Some(t) } else { None }
    }

    /// Names, where there are any.
    pub fn names(&self, key: Key<held::Names>) -> Option<&[Name]> {
        if let Bound::Names(n, _) = self.get(key) { Some(n) } else { None }
    }

    /// The first value as it would be written, where there is one.
    pub fn first(&self) -> Option<String> {
        self.values.first().and_then(Bound::describe)
    }

    /// Whether the kind takes labels of layers.
    pub fn takes_labels(&self) -> bool {
        self.signature.labels().is_some()
    }

    /// The labels of the layers that are taken, where there are any.
    pub fn labels(&self) -> Option<&[Name]> {
        if let Bound::Names(names, _) = &self.values[self.signature.labels()?] { Some(names) } else { None }
    }

    /// Columns of dates, where there are any.
    pub fn dates(&self, key: Key<held::Dates>) -> &[Date] {
        if let Bound::Dates(dates, _) = self.get(key) { dates } else { &[] }
    }

    /// Each parameter with its value.
    pub fn iter(&self) -> impl Iterator<Item = (&'static Parameter, &Bound)> {
        self.signature.parameters.iter().zip(&self.values)
    }
}

pub(super) fn default_of(parameter: &Parameter) -> Bound {
    match (parameter.default, parameter.kind) {
        (DefaultValue::Required, _) => Bound::Invalid,
        (DefaultValue::Absent(_), _) => Bound::Absent,
        (DefaultValue::Number(n), Kind::Count(_) | Kind::CountOr(..)) => Bound::Count(Spanned::default(n as u64)),
        (DefaultValue::Number(n), _) => Bound::Number(Spanned::default(n)),
        (DefaultValue::Word(w), Kind::Bool) => Bound::Bool(Spanned::default(w == "true")),
        (DefaultValue::Word(w), Kind::One(family)) => {
            find(family, w).map_or(Bound::Invalid, |kind| Bound::One(Box::new(Chosen::default(kind))))
        }
        (DefaultValue::Word(w), _) => Bound::Word(Spanned::default(w)),
    }
}
