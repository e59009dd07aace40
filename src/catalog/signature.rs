//! What is written down about each kind: its name, parameters, formula and example. Pure data; what a kind
//! computes stands in its own file.

use held::{Form, Held};
use std::marker::PhantomData;

/// The families of kinds. A name is looked up in the family that its place asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// `data`, `network`, `train`: what stands at the top level.
    Block,
    /// Statements and blocks of `network`.
    Layer,
    /// Applied to a layer's weighted sums.
    Activation,
    /// How a tensor starts.
    Initializer,
    /// What training minimises.
    Loss,
    /// How weights move.
    Optimizer,
    /// How the learning rate moves.
    Schedule,
    /// When training ends before its epochs.
    Stop,
    /// What is reported beside the loss.
    Metric,
    /// Where rows come from.
    Source,
}

impl Family {
    /// Every family, in the order of `nn doc`.
    pub const ALL: [Self; 10] = [
        Self::Block,
        Self::Source,
        Self::Layer,
        Self::Activation,
        Self::Initializer,
        Self::Loss,
        Self::Optimizer,
        Self::Schedule,
        Self::Stop,
        Self::Metric,
    ];

    /// One of the family, as a report says it: `an activation`.
    pub const fn a(self) -> &'static str {
        match self {
            Self::Block => "a block",
            Self::Layer => "a layer",
            Self::Activation => "an activation",
            Self::Initializer => "an initializer",
            Self::Loss => "a loss",
            Self::Optimizer => "an optimizer",
            Self::Schedule => "a schedule",
            Self::Stop => "a stopping rule",
            Self::Metric => "a metric",
            Self::Source => "a data source",
        }
    }

    /// One of the family, without its article: `activation`.
    pub fn noun(self) -> &'static str {
        let a = self.a();
        a.split_once(' ').map_or(a, |(_, noun)| noun)
    }

    /// The family's heading: `Activations`.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Block => "Blocks",
            Self::Layer => "Layers",
            Self::Activation => "Activations",
            Self::Initializer => "Initializers",
            Self::Loss => "Losses",
            Self::Optimizer => "Optimizers",
            Self::Schedule => "Schedules",
            Self::Stop => "Stopping rules",
            Self::Metric => "Metrics",
            Self::Source => "Data sources",
        }
    }
}

/// What a kind's parameter takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// A number in a range. A percentage is taken as its hundredth.
    Number(Range),
    /// A whole number, at least this.
    Count(u64),
    /// `true` or `false`.
    Bool,
    /// A share of the rows, as a percentage or a path of its own.
    Share,
    /// A text in quotes.
    Text,
    /// A column's name (or a text).
    Column,
    /// A column's name or a list of them.
    Columns,
    /// Labels of layers: all that is written by position, at least so many.
    Labels(usize),
    /// One of these words.
    Word(&'static [&'static str]),
    /// One of these words, or the last with a number: `constant(0)`.
    WordOrConstant(&'static [&'static str]),
    /// One kind of a family, with its arguments.
    One(Family),
    /// A list of kinds of a family.
    Many(Family),
    /// A number, or a kind of this family.
    NumberOr(Range, Family),
    /// A whole number of at least this, or one of these words.
    CountOr(u64, &'static [&'static str]),
    /// A list of numbers in a range, or one of these words.
    NumbersOr(Range, &'static [&'static str]),
    /// A name or a text.
    Name,
    /// A list of names or texts, in their order.
    Names,
    /// `true`, `false`, or a list of names or texts.
    BoolOrNames,
    /// A column of dates or a list of them, each by its name or as `parts(NAME)`, `day_first(NAME)`,
    /// `month_first(NAME)`.
    Dates,
    /// A shape such as `1x28x28`, or one number.
    Shape,
}

/// A range of numbers, each end in or out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Lower end.
    pub low: f64,
    /// Whether the lower end itself is in.
    pub low_in: bool,
    /// Upper end.
    pub high: f64,
    /// Whether the upper end itself is in.
    pub high_in: bool,
}

impl Range {
    /// Every finite number.
    pub const ANY: Self = Self { low: f64::NEG_INFINITY, low_in: false, high: f64::INFINITY, high_in: false };
    /// Above zero.
    pub const POSITIVE: Self = Self { low: 0.0, low_in: false, high: f64::INFINITY, high_in: false };
    /// Zero or above.
    pub const NON_NEGATIVE: Self = Self { low: 0.0, low_in: true, high: f64::INFINITY, high_in: false };
    /// From zero up to, not including, one.
    pub const BELOW_ONE: Self = Self { low: 0.0, low_in: true, high: 1.0, high_in: false };
    /// From zero to one, both in.
    pub const UNIT: Self = Self { low: 0.0, low_in: true, high: 1.0, high_in: true };

    /// Whether `value` is in.
    pub fn contains(&self, value: f64) -> bool {
        let above = if self.low_in { value >= self.low } else { value > self.low };
        let below = if self.high_in { value <= self.high } else { value < self.high };
        above && below
    }

    /// As a report says it: `above 0`, `from 0 up to, not including, 1`.
    pub fn describe(&self) -> String {
        let from = if self.low_in { "from" } else { "above" };
        match (self.low.is_finite(), self.high.is_finite()) {
            (false, false) => "any number".into(),
            (true, false) if self.low_in => format!("{} or above", self.low),
            (true, false) => format!("above {}", self.low),
            (false, true) if self.high_in => format!("{} or below", self.high),
            (false, true) => format!("below {}", self.high),
            (true, true) if self.high_in => format!("{from} {} to {}", self.low, self.high),
            (true, true) => format!("{from} {} up to, not including, {}", self.low, self.high),
        }
    }
}

/// The name of a parameter and, by its type, what it holds. The code of a kind reads its arguments by keys, so that a
/// name that is not there, or a number taken for a word, is an error of the compiler.
#[derive(Debug)]
pub struct Key<T> {
    name: &'static str,
    holds: PhantomData<fn() -> T>,
}

impl<T> Key<T> {
    /// The key of a parameter of this name.
    pub const fn new(name: &'static str) -> Self {
        Self { name, holds: PhantomData }
    }

    /// The parameter's name.
    pub const fn name(self) -> &'static str {
        self.name
    }
}

impl<T> Clone for Key<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Key<T> {}

impl<T> PartialEq for Key<T> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl<T> Eq for Key<T> {}

/// What a [`Key`] may hold: markers for what is no type of its own here.
pub mod held {
    use crate::tensor::Shape;

    /// The forms of values.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Form {
        /// A number.
        Number,
        /// A whole number.
        Count,
        /// `true` or `false`.
        Flag,
        /// A text.
        Text,
        /// A word of a list.
        Word,
        /// One kind with its arguments.
        One,
        /// Several kinds.
        Many,
        /// Names of columns, classes or layers.
        Names,
        /// Numbers.
        Numbers,
        /// Columns of dates.
        Dates,
        /// A share of the rows, or rows of another source.
        Share,
        /// A shape.
        Shape,
    }

    /// A type that stands for a form.
    pub trait Held {
        /// The form.
        const FORM: Form;
    }

    macro_rules! held {
        ($($(#[$doc:meta])* $name:ident)*) => {$(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $name;
            impl Held for $name {
                const FORM: Form = Form::$name;
            }
        )*};
    }

    held! {
        /// [`Form::Word`]
        Word
        /// [`Form::One`]
        One
        /// [`Form::Many`]
        Many
        /// [`Form::Names`]
        Names
        /// [`Form::Numbers`]
        Numbers
        /// [`Form::Dates`]
        Dates
        /// [`Form::Share`]
        Share
    }

    impl Held for f64 {
        const FORM: Form = Form::Number;
    }
    impl Held for u64 {
        const FORM: Form = Form::Count;
    }
    impl Held for bool {
        const FORM: Form = Form::Flag;
    }
    impl Held for String {
        const FORM: Form = Form::Text;
    }
    impl Held for Shape {
        const FORM: Form = Form::Shape;
    }
}

impl Kind {
    /// The form of its values, where they are not written as another thing that it takes besides.
    const fn form(self) -> Form {
        match self {
            Self::Number(_) | Self::NumberOr(..) => Form::Number,
            Self::Count(_) | Self::CountOr(..) => Form::Count,
            Self::Bool => Form::Flag,
            Self::Share => Form::Share,
            Self::Text => Form::Text,
            Self::Column | Self::Columns | Self::Labels(_) | Self::Name | Self::Names | Self::BoolOrNames => {
                Form::Names
            }
            Self::Word(_) | Self::WordOrConstant(_) => Form::Word,
            Self::One(_) => Form::One,
            Self::Many(_) => Form::Many,
            Self::NumbersOr(..) => Form::Numbers,
            Self::Dates => Form::Dates,
            Self::Shape => Form::Shape,
        }
    }
}

/// What a parameter is when the user leaves it out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DefaultValue {
    /// It must be given.
    Required,
    /// A number (a count where the kind counts).
    Number(f64),
    /// A word, `true` and `false` included.
    Word(&'static str),
    /// Nothing; what then happens, in a few words: `every other column`.
    Absent(&'static str),
}

/// One parameter of a kind: positional, by name, or a setting of a block.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Its name; positional ones may be given by name too.
    pub name: &'static str,
    /// What it takes.
    pub kind: Kind,
    /// What it is when left out.
    pub default: DefaultValue,
    /// Whether it may be given by position.
    pub positional: bool,
    /// One line.
    pub summary: &'static str,
}

impl Parameter {
    /// A parameter that may be given by position.
    pub const fn positional<T: Held>(key: Key<T>, kind: Kind, default: DefaultValue, summary: &'static str) -> Self {
        assert!(kind.form() as u8 == T::FORM as u8, "a key of another form");
        Self { name: key.name, kind, default, positional: true, summary }
    }

    /// A parameter that is given by name.
    pub const fn named<T: Held>(key: Key<T>, kind: Kind, default: DefaultValue, summary: &'static str) -> Self {
        assert!(kind.form() as u8 == T::FORM as u8, "a key of another form");
        Self { name: key.name, kind, default, positional: false, summary }
    }
}

/// All that is written down about one kind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Signature {
    /// Its name, as written in a program.
    pub name: &'static str,
    /// Its family.
    pub family: Family,
    /// One line: what it is.
    pub summary: &'static str,
    /// What it computes, in the field's notation; empty where there is nothing to compute.
    pub formula: &'static str,
    /// What its values are, where that is known: `(0, 1)`.
    pub range: &'static str,
    /// Its parameters, positional ones first.
    pub parameters: &'static [Parameter],
    /// A line or block that uses it.
    pub example: &'static str,
    /// Paper or book, where there is one.
    pub source: &'static str,
    /// What other tools call it and its parameters.
    pub foreign: Foreign,
}

/// The words of other tools for a kind. Compared without regard to case and underscores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// Names of the kind, where the field agrees on them: taken, with a note.
    pub names: &'static [&'static str],
    /// Classes of other libraries whose names mean it where a layer, a loss or an optimizer is made: `MSELoss`.
    pub classes: &'static [&'static str],
    /// Names of its parameters, each with ours: taken, with a note.
    pub parameters: &'static [(&'static str, &'static str)],
    /// Words that its parameters take: the parameter, the foreign word, ours.
    pub words: &'static [(&'static str, &'static str, &'static str)],
    /// Names of parameters that have no counterpart here, each with what to do instead.
    pub hints: &'static [(&'static str, &'static str)],
}

impl Foreign {
    /// No words but its own.
    pub const NONE: Self = Self { names: &[], classes: &[], parameters: &[], words: &[], hints: &[] };
}

impl Signature {
    /// Which parameter takes labels of layers, where one does.
    pub fn labels(&self) -> Option<usize> {
        self.parameters.iter().position(|p| matches!(p.kind, Kind::Labels(_)))
    }
}
