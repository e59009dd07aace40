//! The names that stand for values: `let` bindings, and the quantities that the data gives (`features`, `classes`).

use crate::diagnostic::{Applicability, Diagnostic, Edit, codes, suggest};
use crate::source::Span;
use crate::syntax::tree::{Arithmetic, Name, Operator, Setting, Value, ValueKind};
use std::cell::Cell;
use std::collections::HashMap;

/// The numbers that the data gives, each with what it is.
pub static QUANTITIES: [(&str, &str); 2] = [
    ("features", "how many numbers one row of inputs has, once categories are one-hot"),
    ("classes", "how many classes the target has"),
];

/// One `let`.
#[derive(Debug)]
struct Binding {
    name: Name,
    value: Value,
    place: Span,
    used: Cell<bool>,
}

/// A number that the data gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// It is this.
    Known(usize),
    /// The data could not be read (reported elsewhere), or was not looked at.
    Unknown,
    /// The data has no such number, for this reason.
    Without(Lack),
}

/// Why the data has no such number.
#[derive(Clone, Debug, PartialEq)]
pub struct Lack {
    /// The reason, in a few words.
    pub why: String,
    /// What to do.
    pub help: String,
    /// An edit that does it, where that is one.
    pub edit: Option<Edit>,
}

/// The names in force.
#[derive(Debug)]
pub struct Scope {
    bindings: Vec<Binding>,
    /// Where the binding of a name stands among them.
    places: HashMap<String, usize>,
    quantities: [(&'static str, Quantity); 2],
}

impl Default for Scope {
    fn default() -> Self {
        let bindings = Vec::new();
        Self { bindings, places: HashMap::new(), quantities: QUANTITIES.map(|(name, _)| (name, Quantity::Unknown)) }
    }
}

impl Scope {
    /// Adds a `let`; one of the same name again is reported.
    pub fn bind(&mut self, binding: &Setting, out: &mut Vec<Diagnostic>) {
        let Setting { key: name, value, span } = binding;
        if let Some((reserved, _)) = self.quantities.iter().find(|(q, _)| *q == name.text) {
            out.push(
                Diagnostic::error(codes::DUPLICATE, format!("`{reserved}` is a number that the data gives"))
                    .at(name.span, "cannot be bound")
                    .help("choose another name"),
            );
            return;
        }
        if let Some(earlier) = self.binding(&name.text) {
            out.push(
                Diagnostic::error(codes::DUPLICATE, format!("`{}` is bound twice", name.text))
                    .at(name.span, "bound again")
                    .and(earlier.name.span, "first bound here")
                    .help("keep one of the two"),
            );
            return;
        }
        // A value of the command line stands elsewhere.
        let place = if span.contains(value.span) { *span } else { value.span };
        let value = self.resolve(value);
        self.places.insert(name.text.clone(), self.bindings.len());
        self.bindings.push(Binding { name: name.clone(), value, place, used: Cell::new(false) });
    }

    fn binding(&self, name: &str) -> Option<&Binding> {
        self.places.get(name).map(|index| &self.bindings[*index])
    }

    /// Tells what `features` and `classes` are.
    pub fn quantities(&mut self, features: Quantity, classes: Quantity) {
        self.quantities = [("features", features), ("classes", classes)];
    }

    /// The value that a name stands for, at the place where the name is used; other values as they are.
    pub fn resolve(&self, value: &Value) -> Value {
        if let ValueKind::Name(name) = &value.kind
            && let Some(binding) = self.binding(name)
        {
            binding.used.set(true);
            return Value { kind: binding.value.kind.clone(), span: value.span };
        }
        value.clone()
    }

    /// Whether a value is the name of a number.
    pub fn is_quantity(&self, value: &Value) -> bool {
        matches!(&value.kind, ValueKind::Name(name) if self.quantities.iter().any(|(q, _)| q == name))
    }

    /// Where a name is bound.
    pub fn binding_span(&self, name: &str) -> Option<Span> {
        self.binding(name).map(|b| b.place)
    }

    /// A warning for each `let` that nothing used.
    pub fn unused(&self) -> Vec<Diagnostic> {
        let unused = self.bindings.iter().filter(|b| !b.used.get());
        unused
            .map(|b| {
                Diagnostic::warning(codes::UNUSED, format!("nothing uses `{}`", b.name.text))
                    .at(b.name.span, "bound here, used nowhere")
                    .help("remove the line")
            })
            .collect()
    }

    /// The number that a value is. `None` after a report, and where the data that gives it could not be read.
    pub fn evaluate(&self, value: &Value, out: &mut Vec<Diagnostic>) -> Option<f64> {
        let number = self.number(value, self.bindings.len(), out)?;
        if number.is_finite() {
            return Some(number);
        }
        out.push(
            Diagnostic::error(codes::DOMAIN, "the arithmetic has no finite result")
                .at(value.span, format!("is {number}")),
        );
        None
    }

    /// The number of a value that sees the first `visible` bindings: a binding sees those before it, never itself.
    fn number(&self, value: &Value, visible: usize, out: &mut Vec<Diagnostic>) -> Option<f64> {
        match &value.kind {
            ValueKind::Number(n) => Some(*n),
            ValueKind::Percent(p) => Some(p / 100.0),
            ValueKind::Arithmetic(a) => self.arithmetic(a, visible, out),
            ValueKind::Name(name) => {
                let Some(index) = self.places.get(name).copied().filter(|index| *index < visible) else {
                    return self.quantity(name, value.span, out);
                };
                let binding = &self.bindings[index];
                binding.used.set(true);
                self.number(&Value { kind: binding.value.kind.clone(), span: value.span }, index, out)
            }
            ValueKind::Invalid => None,
            other @ (ValueKind::Text(_)
            | ValueKind::Call(_)
            | ValueKind::List(_)
            | ValueKind::Shape(_)
            | ValueKind::Bool(_)) => {
                out.push(
                    Diagnostic::error(codes::DOMAIN, format!("a number is wanted here, not {}", other.describe()))
                        .at(value.span, other.describe()),
                );
                None
            }
        }
    }

    fn arithmetic(&self, arithmetic: &Arithmetic, visible: usize, out: &mut Vec<Diagnostic>) -> Option<f64> {
        match arithmetic {
            Arithmetic::Leaf(value) => self.number(value, visible, out),
            Arithmetic::Negate(inner) => Some(-self.arithmetic(inner, visible, out)?),
            Arithmetic::Binary { operator, operator_span, left, right } => {
                // Both sides are looked at, so that a fault in each is reported.
                let (left, right) = (self.arithmetic(left, visible, out), self.arithmetic(right, visible, out));
                let (left, right) = (left?, right?);
                if *operator == Operator::Divide && right == 0.0 {
                    out.push(
                        Diagnostic::error(codes::DOMAIN, "division by zero").at(*operator_span, format!("{left} / 0")),
                    );
                    return None;
                }
                Some(match operator {
                    Operator::Add => left + right,
                    Operator::Subtract => left - right,
                    Operator::Multiply => left * right,
                    Operator::Divide => left / right,
                })
            }
        }
    }

    fn quantity(&self, name: &str, span: Span, out: &mut Vec<Diagnostic>) -> Option<f64> {
        match self.quantities.iter().find(|(q, _)| *q == name) {
            Some((_, Quantity::Known(n))) => Some(*n as f64),
            Some((_, Quantity::Unknown)) => None,
            Some((_, Quantity::Without(lack))) => {
                let mut report = Diagnostic::error(codes::UNKNOWN, format!("the data has no `{name}`"))
                    .at(span, lack.why.as_str())
                    .help(lack.help.as_str());
                if let Some(Edit { span, text }) = &lack.edit {
                    report = report.fix(Applicability::Unsafe, text.trim(), *span, text.as_str());
                }
                out.push(report);
                None
            }
            None => {
                out.push(self.unknown(name, span));
                None
            }
        }
    }

    /// Whether no number has this name.
    pub fn is_unknown(&self, name: &str) -> bool {
        !self.quantities.iter().any(|(q, _)| *q == name) && !self.places.contains_key(name)
    }

    fn unknown(&self, name: &str, span: Span) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(codes::UNKNOWN, format!("`{name}` is not a number that is known here"))
            .at(span, "unknown name");
        let names =
            || self.quantities.iter().map(|(q, _)| *q).chain(self.bindings.iter().map(|b| b.name.text.as_str()));
        let near = suggest::nearest(name, names());
        if let Some(binding) = near.and_then(|near| self.binding(near)) {
            // Meant here, so not unused.
            binding.used.set(true);
        }
        if !suggest::offer(&mut diagnostic, (name, span), names(), false, str::to_owned) {
            diagnostic = diagnostic.help(format!("bind it at the top of the file: `let {name} = …`"));
        }
        diagnostic
    }
}
