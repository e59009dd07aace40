//! What the user wrote, bound to a kind's parameters: names looked up, numbers checked against their range,
//! defaults filled in. One code path for layers, calls and the settings of blocks alike.

mod bound;
mod convert;

pub use bound::{Arguments, Bound, Chosen, Date};

use super::known::Position;
use super::scope::Scope;
use super::signature::{DefaultValue, Family, Kind, Parameter, Signature};
use super::{aliases, find, known};
use crate::diagnostic::{Applicability, Diagnostic, codes, suggest};
use crate::source::Span;
use crate::syntax::tree::{Name, Value, ValueKind};
use bound::default_of;
use convert::convert;

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
    let places: Vec<usize> =
        signature.parameters.iter().enumerate().filter(|(_, p)| p.positional).map(|(i, _)| i).collect();
    // Labels take all that is written by position.
    let labels = signature.labels().filter(|_| !written.positional.is_empty());
    for (i, value) in written.positional.iter().enumerate() {
        if let Some(place) = labels {
            given[place] = Some((value.span, value));
        } else if let Some(&place) = places.get(i) {
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
    }
    let values = signature.parameters.iter().enumerate().zip(&given).map(|((i, parameter), given)| match given {
        Some(_) if labels == Some(i) => convert::labels(signature, parameter, &written.positional, scope, out),
        Some((_, value)) => convert(signature, parameter, value, scope, out),
        None if parameter.default == DefaultValue::Required => {
            out.push(missing(signature, parameter, written.at));
            Bound::Invalid
        }
        None => default_of(parameter),
    });
    Arguments { signature, values: values.collect() }
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
    let word = (key.text.as_str(), key.span);
    if let Some(hint) = aliases::hint(signature, &key.text) {
        diagnostic = diagnostic.help(hint);
    } else if suggest::offer(&mut diagnostic, word, names.clone(), is_word(&key.text), str::to_owned) {
        // What was meant is said.
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
    if let Some(row) = known::find(Position::Kind(family), &name.text) {
        out.push(absent(Position::Kind(family), &name.text, name.span, row));
        return None;
    }
    let mut diagnostic = unknown(family, name);
    let kinds = super::kinds(family);
    let names = kinds.iter().map(|s| s.name);
    let word = (name.text.as_str(), name.span);
    if !suggest::offer(&mut diagnostic, word, names.clone(), is_word(&name.text), str::to_owned) {
        let listed = names.map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
        diagnostic = diagnostic.help(format!("known: {listed}"));
    }
    out.push(diagnostic);
    None
}

/// Whether a word is one of the field's, here or elsewhere: then it is not misspelt, wherever it stands.
fn is_word(name: &str) -> bool {
    Family::ALL.into_iter().any(|family| aliases::kind(family, name).is_some()) || known::anywhere(name).is_some()
}

/// The report on a word of the field that has no counterpart here. What comes nearest is another thing, and so offered,
/// never taken.
fn absent(place: Position, name: &str, span: Span, row: &known::Known) -> Diagnostic {
    let diagnostic = Diagnostic::error(codes::UNKNOWN, format!("`{name}` is known, but not in this version"))
        .at(span, format!("{} that nn lacks", place.a()))
        .note_that(format!("`{name}`: {}", row.what));
    if row.nearest.is_empty() {
        return diagnostic;
    }
    diagnostic.help(format!("what comes nearest is `{}`, which is not the same", row.nearest)).fix(
        Applicability::Unsafe,
        format!("write `{}` instead", row.nearest),
        span,
        row.nearest,
    )
}

fn unknown(family: Family, name: &Name) -> Diagnostic {
    let article = family.a();
    let elsewhere =
        Family::ALL.iter().find(|f| **f != family && **f != Family::Block && find(**f, &name.text).is_some());
    let label = match elsewhere {
        Some(other) => format!("`{}` is {}", name.text, other.a()),
        None => match known::anywhere(&name.text) {
            Some((Position::Kind(other), _)) if other != family => format!("`{}` is {}", name.text, other.a()),
            _ => "unknown name".to_owned(),
        },
    };
    Diagnostic::error(codes::UNKNOWN, format!("`{}` is not {article}", name.text)).at(name.span, label)
}
