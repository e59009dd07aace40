//! How kinds and parameters are put into words, wherever they are listed.

use crate::catalog::signature::{DefaultValue, Family, Kind, Parameter, Range, Signature};
use crate::catalog::sources;
use crate::text::written;

/// How a kind is written, with its parameters and their defaults: `dense UNITS ACTIVATION=linear`, `adam(beta1=0.9,
/// …)`.
pub fn call(signature: &Signature) -> String {
    let parameters: Vec<String> = signature.parameters.iter().map(parameter).collect();
    match signature.family {
        Family::Block => format!("{} {{ … }}", signature.name),
        _ if parameters.is_empty() => form(signature, ""),
        Family::Layer => form(signature, &format!(" {}", parameters.join(" "))),
        Family::Activation
        | Family::Initializer
        | Family::Loss
        | Family::Optimizer
        | Family::Schedule
        | Family::Stop
        | Family::Metric
        | Family::Source => form(signature, &format!("({})", parameters.join(", "))),
    }
}

/// The name with what follows it, and the braces of those layers that have them.
fn form(signature: &Signature, parameters: &str) -> String {
    let braces = if signature.family == Family::Layer && signature.example.ends_with('}') { " { … }" } else { "" };
    format!("{}{parameters}{braces}", signature.name)
}

fn parameter(parameter: &Parameter) -> String {
    let name = parameter.name;
    match parameter.default {
        DefaultValue::Required if parameter.positional => name.to_uppercase(),
        DefaultValue::Absent(_) if parameter.positional => format!("[{}]", name.to_uppercase()),
        DefaultValue::Required | DefaultValue::Absent(_) => format!("{name}=…"),
        DefaultValue::Number(n) => format!("{name}={}", written(n)),
        DefaultValue::Word(w) => format!("{name}={w}"),
    }
}

/// What a parameter takes, in words.
pub(super) fn takes(kind: Kind) -> String {
    let words = |words: &[&str]| words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
    match kind {
        Kind::Number(range) => number(range),
        Kind::Count(least) => format!("a whole number, {least} or more"),
        Kind::Bool => "`true` or `false`".into(),
        Kind::Share => {
            let sources: Vec<String> = sources::held_out().map(|s| format!("`{}`", call(s))).collect();
            format!("a percentage, a path in quotes, or {}", sources.join(", "))
        }
        Kind::Text => "a text in quotes".into(),
        Kind::Column => "a column's name".into(),
        Kind::Labels(least) => format!("labels of layers, {least} or more"),
        Kind::Columns => "a column's name or a list of them".into(),
        Kind::Word(list) => format!("one of {}", words(list)),
        Kind::WordOrConstant(list) => format!("one of {}, or `constant(NUMBER)`", words(list)),
        Kind::One(family) => family.a().into(),
        Kind::Many(family) => format!("{} or a list", family.a()),
        Kind::NumberOr(range, family) => format!("{}, or {}", number(range), family.a()),
        Kind::CountOr(least, list) => format!("a whole number, {least} or more, or {}", words(list)),
        Kind::NumbersOr(range, list) => format!("a list of numbers{}, or {}", each(range), words(list)),
        Kind::Name => "a name".into(),
        Kind::Names => "a list of names".into(),
        Kind::Dates => {
            "a column's name or a list of them; `parts(NAME)`, `day_first(NAME)`, `month_first(NAME)`".into()
        }
        Kind::BoolOrNames => "`true`, `false`, or a list of names".into(),
        Kind::Shape => "a shape such as `1x28x28`".into(),
    }
}

/// What a parameter is when it is left out, in words.
pub(super) fn default(parameter: &Parameter) -> String {
    match parameter.default {
        DefaultValue::Required => "none, it must be given".into(),
        DefaultValue::Number(n) => written(n),
        DefaultValue::Word(w) => w.into(),
        DefaultValue::Absent(what) => what.into(),
    }
}

fn number(range: Range) -> String {
    if range == Range::ANY { "a number".into() } else { format!("a number, {}", range.describe()) }
}

fn each(range: Range) -> String {
    if range == Range::ANY { String::new() } else { format!(", each {}", range.describe()) }
}
