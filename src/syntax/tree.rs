//! The syntax tree: every name and value of a `.nn` file with its span, comments kept. Not for meaning:
//! nothing here knows which names exist.

use crate::source::Span;

/// A whole file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// Blocks and bindings (and, where they do not belong, settings and statements) in order.
    pub items: Vec<Item>,
    /// Every comment, `#` included, line break excluded.
    pub comments: Vec<Span>,
}

/// One thing in a file or a block. The grammar allows each everywhere; lowering says what belongs where.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// `train { … }`
    Block(Block),
    /// `learning_rate = 0.01`
    Setting(Setting),
    /// `hidden: dense 16 tanh init=he_uniform`
    Statement(Statement),
    /// `let width = 64`
    Let(Setting),
    /// `table { … }`
    Table(Table),
    /// A line that could not be read, already reported.
    Broken(Span),
}

/// A name as written.
#[derive(Clone, Debug, PartialEq)]
pub struct Name {
    /// The word.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// `data "iris.csv" { … }`, `repeat 3 { … }`, `residual { … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// `skip:` before the block, where there is one.
    pub label: Option<Name>,
    /// The word that opens it.
    pub keyword: Name,
    /// What stands between the word and `{`.
    pub values: Vec<Value>,
    /// What stands between the braces.
    pub items: Vec<Item>,
    /// From the word (or label) to `}`.
    pub span: Span,
    /// The `{`.
    pub open: Span,
    /// The `}`; `None` when it is missing (reported).
    pub close: Option<Span>,
}

/// `key = value`
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Left of `=`.
    pub key: Name,
    /// Right of `=`.
    pub value: Value,
    /// Key to value.
    pub span: Span,
}

/// `label: kind value… key=value…`
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// `hidden:`
    pub label: Option<Name>,
    /// `dense`
    pub kind: Name,
    /// Positional values.
    pub values: Vec<Value>,
    /// `key=value` options.
    pub options: Vec<Setting>,
    /// Label to last option.
    pub span: Span,
}

/// `table { a b y … }`
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Rows of cells; the first is the header. Rows may be ragged: that is for lowering to say.
    pub rows: Vec<Vec<Cell>>,
    /// The word `table`.
    pub keyword: Span,
    /// `table` to `}`.
    pub span: Span,
}

/// One cell of a table, unquoted.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    /// Its text, without quotes.
    pub text: String,
    /// Where, quotes included.
    pub span: Span,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Value {
    /// What it is.
    pub kind: ValueKind,
    /// Where.
    pub span: Span,
}

/// The forms of values.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueKind {
    /// `0.05`, `1e-3`, `.5`, `60_000`, `-1`. Always finite.
    Number(f64),
    /// `15%`, as 15.
    Percent(f64),
    /// `"a.csv"`, unescaped.
    Text(String),
    /// `relu`
    Name(String),
    /// `uniform(-0.5, 0.5)`, `sgd(momentum=0.9)`
    Call(Call),
    /// `[a, b]`
    List(Vec<Value>),
    /// `1x28x28`: at least two dimensions, each a number or parenthesised arithmetic.
    Shape(Vec<Value>),
    /// `true`, `false`
    Bool(bool),
    /// `(2 * width)`
    Arithmetic(Box<Arithmetic>),
    /// Could not be read; already reported.
    Invalid,
}

/// `name(argument, key=argument)`
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The word before `(`.
    pub name: Name,
    /// What stands between the parentheses.
    pub arguments: Vec<Argument>,
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// `momentum` in `momentum=0.9`.
    pub key: Option<Name>,
    /// The value.
    pub value: Value,
    /// Key to value.
    pub span: Span,
}

/// Arithmetic over numbers and names. A value stands at each leaf.
#[derive(Clone, Debug, PartialEq)]
pub enum Arithmetic {
    /// A number, a percentage or a name.
    Leaf(Value),
    /// `-x`
    Negate(Box<Arithmetic>),
    /// `left operator right`
    Binary {
        /// What is done.
        operator: Operator,
        /// The operator's own place.
        operator_span: Span,
        /// Left of it.
        left: Box<Arithmetic>,
        /// Right of it.
        right: Box<Arithmetic>,
    },
}

/// `+ - * /`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl Operator {
    /// As written.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
        }
    }
}

impl ValueKind {
    /// What a report calls a value of this form.
    pub const fn describe(&self) -> &'static str {
        match self {
            Self::Number(_) | Self::Arithmetic(_) => "a number",
            Self::Percent(_) => "a percentage",
            Self::Text(_) => "a text",
            Self::Name(_) => "a name",
            Self::Call(_) => "a call",
            Self::List(_) => "a list",
            Self::Shape(_) => "a shape",
            Self::Bool(_) => "true or false",
            Self::Invalid => "an unreadable value",
        }
    }
}
