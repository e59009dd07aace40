//! Layers written as other tools write them, `Dense(4, activation="relu")` or `nn.Linear(2, 4)`, answered in the
//! language's own form. Only the form is judged here; what `Linear` is called is tokens by whoever knows the
//! vocabulary.

use super::grammar::Rule;
use super::lexeme::Kind;
use super::line::{Line, shorten};
use crate::diagnostic::{Applicability, Diagnostic, codes};
use crate::source::Span;
use std::ops::Range;

/// The answer to a line that is one call: `dense(16, tanh)`, `h: nn.Linear(2, 4)`, `self.fc = nn.Linear(2, 4)`,
/// `model.add(Dense(4))`, `data("iris.csv") {`.
pub(super) fn call(line: &Line<'_>) -> Option<Diagnostic> {
    if line.rule == Rule::cells {
        return None;
    }
    let (label, assigned, start) = prefix(line);
    let mut last = line.tokens.len() - 1;
    if line.mark(last, b',') || line.mark(last, b';') {
        last = last.checked_sub(1)?;
    }
    let (mut path, mut inside) = whole_call(line, start, last)?;
    if matches!(line.word(path.end - 1), "add" | "append" | "add_module") && path.len() > 1 {
        (path, inside) = whole_call(line, inside.start, inside.end.checked_sub(1)?)?;
    }
    let of_layers = path.len() > 1 && matches!(line.word(path.end - 3), "nn" | "layers");
    if assigned && !of_layers {
        return None;
    }
    let written = line.slice(line.tokens[path.start].span.to(line.tokens[path.end - 1].span));
    let report =
        Diagnostic::error(codes::SYNTAX, format!("`{}(…)` is a call where a statement stands", shorten(written)))
            .at(line.tokens[path.start].span.to(line.tokens[inside.end].span), "a statement has no parentheses");
    if let (Some(label), false, true) = (label, assigned, path.len() == 1)
        && starts_lower(written)
    {
        let call = line.slice(line.tokens[path.start].span.to(line.tokens[inside.end].span));
        return Some(report.help(match statement(line, &path, &inside) {
            Some(own) => {
                format!("write `{label}: {own}` for a layer with a label, `{label} = {}` for a setting", shorten(call))
            }
            None => format!("write `{label} = {}` for a setting", shorten(call)),
        }));
    }
    let Some(own) = statement(line, &path, &inside) else {
        return Some(report.help(format!(
            "write the kind, its values, then `key=value` options, separated by blanks: `dense 16 relu`{}",
            match (line.words)(line.word(path.end - 1)) {
                Some(_) => String::new(),
                None => format!("; no kind here is called `{}`", shorten(line.word(path.end - 1))),
            }
        )));
    };
    let own = label.map_or(own.clone(), |label| format!("{label}: {own}"));
    let report = report.help(format!("write `{}`", shorten(&own)));
    Some(if line.reads(&own) {
        report.fix(Applicability::Safe, format!("write `{own}`"), line.span, own)
    } else {
        report
    })
}

/// `label:` or `path =` before a call: the label, whether it was assigned, and where the rest begins.
fn prefix<'a>(line: &Line<'a>) -> (Option<&'a str>, bool, usize) {
    if line.is(0, Kind::Word) && line.mark(1, b':') && !line.mark(2, b'=') {
        return (Some(line.word(0)), false, 2);
    }
    let path = line.path(0);
    if !path.is_empty() && line.mark(path.end, b'=') && !line.mark(path.end + 1, b'=') {
        return (Some(line.word(path.end - 1)), true, path.end + 1);
    }
    (None, false, 0)
}

/// The path and what stands between the parentheses of a call that is all of `start..=last`.
fn whole_call(line: &Line<'_>, start: usize, last: usize) -> Option<(Range<usize>, Range<usize>)> {
    let path = line.path(start);
    let open = path.end;
    let opens = !path.is_empty() && line.mark(open, b'(') && line.tight(open - 1);
    (opens && line.closing(open) == Some(last)).then_some((path, open + 1..last))
}

/// The call as a statement: its kind, values and options.
fn statement(line: &Line<'_>, path: &Range<usize>, inside: &Range<usize>) -> Option<String> {
    let foreign = line.word(path.end - 1);
    let kind = (line.words)(foreign)?.to_owned();
    let (mut values, mut options) = (Vec::new(), Vec::new());
    for part in arguments(line, inside) {
        if line.mark(part.start + 1, b'=') && part.len() > 2 {
            let value = part.start + 2..part.end;
            match line.word(part.start) {
                "activation" | "nonlinearity" => values.push(plain_word(line, &value)?),
                "units" | "out_features" | "num_units" | "rate" | "p" => values.insert(0, source(line, &value)?),
                "in_features" | "input_dim" | "input_shape" => {}
                key => options.push(format!("{key}={}", source(line, &value)?)),
            }
        } else {
            values.push(source(line, &part)?);
        }
    }
    if foreign == "Linear" && values.len() == 2 {
        values.remove(0);
    }
    let words = std::iter::once(kind).chain(values).chain(options);
    Some(words.collect::<Vec<_>>().join(" "))
}

/// The parts between the commas of `inside`.
fn arguments(line: &Line<'_>, inside: &Range<usize>) -> Vec<Range<usize>> {
    let (mut parts, mut start, mut depth) = (Vec::new(), inside.start, 0_usize);
    for at in inside.clone() {
        depth = line.tokens[at].deepen(depth);
        if depth == 0 && line.mark(at, b',') {
            parts.push(start..at);
            start = at + 1;
        }
    }
    parts.push(start..inside.end);
    parts.retain(|part| !part.is_empty());
    parts
}

/// `"relu"`, `relu`, `nn.ReLU()` as `relu`.
fn plain_word(line: &Line<'_>, part: &Range<usize>) -> Option<String> {
    let path = line.path(part.start);
    if !path.is_empty() {
        return (line.words)(line.word(path.end - 1)).map(str::to_owned);
    }
    let word = line.slice(line.tokens[part.start].span.to(line.tokens[part.end - 1].span));
    let word = word.trim_matches(['"', '\'']);
    (line.words)(word).map(str::to_owned)
}

/// A value as it stands, where it is one that this language has.
fn source(line: &Line<'_>, part: &Range<usize>) -> Option<String> {
    let span = line.tokens[part.start].span.to(line.tokens[part.end - 1].span);
    let text = line.slice(Span::new(span.start as usize, span.end as usize));
    let own = match text {
        "True" => "true",
        "False" => "false",
        text => text,
    };
    (!own.contains('\n') && super::grammar::read(Rule::line, &format!("a = {own}")).is_some()).then(|| own.to_owned())
}

fn starts_lower(word: &str) -> bool {
    word.starts_with(char::is_lowercase)
}
