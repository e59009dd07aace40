//! The field's vocabulary that this version lacks: what each word is, and what comes nearest to it here. A word that
//! stands here is no misspelling of another, so nothing is renamed to its neighbour without asking.
//!
//! What the catalog has goes before: a row of a kind that is added says nothing any more and can go.

mod kinds;
mod layers;
mod training;

use super::aliases::same;
use super::signature::Family;

/// Where a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Where a kind of this family is named.
    Kind(Family),
    /// A word that a setting or parameter of this name takes: `missing`.
    Choice(&'static str),
}

impl Position {
    /// One of what stands there: `an activation`, a choice of a setting.
    pub fn a(self) -> String {
        match self {
            Self::Kind(family) => family.a().to_owned(),
            Self::Choice(setting) => format!("a choice of `{setting}`"),
        }
    }
}

/// A word of the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its spellings; capitals and underscores make no other word.
    pub names: &'static [&'static str],
    /// What it is.
    pub what: &'static str,
    /// What comes nearest to it here, as it is written in its place; empty where nothing does.
    pub nearest: &'static str,
}

/// A row of a table.
const fn known(names: &'static [&'static str], what: &'static str, nearest: &'static str) -> Known {
    Known { names, what, nearest }
}

/// Every table.
static TABLES: &[(Position, &[Known])] = &[
    (Position::Kind(Family::Layer), layers::LAYERS),
    (Position::Kind(Family::Activation), layers::ACTIVATIONS),
    (Position::Kind(Family::Initializer), kinds::INITIALIZERS),
    (Position::Kind(Family::Loss), kinds::LOSSES),
    (Position::Kind(Family::Metric), kinds::METRICS),
    (Position::Kind(Family::Optimizer), training::OPTIMIZERS),
    (Position::Kind(Family::Schedule), training::SCHEDULES),
    (Position::Kind(Family::Stop), training::STOPS),
    (Position::Kind(Family::Source), training::SOURCES),
    (Position::Choice("missing"), training::MISSING),
    (Position::Choice("scale"), training::SCALES),
    (Position::Choice("target_scale"), training::SCALES),
    (Position::Choice("precision"), training::PRECISIONS),
    (Position::Choice("class_weights"), training::CLASS_WEIGHTS),
];

/// Every word with its place, those that the catalog has by now left out.
pub fn all() -> impl Iterator<Item = (Position, &'static str, &'static Known)> {
    let rows = TABLES.iter().flat_map(|(place, rows)| rows.iter().map(move |row| (*place, row)));
    rows.flat_map(|(place, row)| row.names.iter().map(move |name| (place, *name, row)))
        .filter(|(place, name, _)| !is_here(*place, name))
}

/// Whether the catalog has the word in its place.
fn is_here(place: Position, name: &str) -> bool {
    match place {
        Position::Kind(family) => super::kinds(family).iter().any(|s| same(s.name, name)),
        Position::Choice(setting) => choices(setting).any(|word| same(word, name)),
    }
}

/// The words that settings of this name take.
fn choices(setting: &str) -> impl Iterator<Item = &'static str> {
    use super::signature::Kind;
    let parameters = super::kinds(Family::Block).into_iter().flat_map(|b| b.parameters);
    let words = |kind| {
        let also = if let Kind::WordOrConstant(words) = kind { Some((words, &"constant")) } else { None };
        let words = if let Kind::Word(w) | Kind::CountOr(_, w) | Kind::NumbersOr(_, w) = kind { Some(w) } else { None };
        words.or(also.map(|also| also.0)).unwrap_or_default().iter().chain(also.map(|also| also.1))
    };
    parameters.filter(move |p| p.name == setting).flat_map(move |p| words(p.kind)).copied()
}

/// What is known of a word that has no meaning in its place. Activations are layers too.
pub fn find(place: Position, name: &str) -> Option<&'static Known> {
    let stands = |at: Position| {
        at == place || place == Position::Kind(Family::Layer) && at == Position::Kind(Family::Activation)
    };
    all().find(|(at, known, _)| stands(*at) && same(known, name)).map(|(_, _, row)| row)
}

/// What is known of a word, wherever it stands, with its place.
pub fn anywhere(name: &str) -> Option<(Position, &'static Known)> {
    all().find(|(_, known, _)| same(known, name)).map(|(place, _, row)| (place, row))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::find as kind;

    #[test]
    fn what_comes_nearest_is_here() {
        for (place, name, row) in all() {
            let word = row.nearest.split(['(', ' ']).next().unwrap_or_default();
            let here = match place {
                Position::Kind(Family::Layer) => kind(Family::Layer, word).is_some(),
                Position::Kind(family) => kind(family, word).is_some(),
                Position::Choice(setting) => choices(setting).any(|choice| choice == word),
            };
            assert!(row.nearest.is_empty() || here, "{name}: `{}` is not here", row.nearest);
            assert!(!row.what.is_empty() && row.what.len() < 90, "{name}: {}", row.what);
        }
    }

    #[test]
    fn no_word_stands_twice_in_one_place() {
        let mut seen: Vec<(Position, String)> = Vec::new();
        for (place, name, _) in all() {
            let plain = name.replace('_', "");
            assert!(!seen.contains(&(place, plain.clone())), "{name}");
            seen.push((place, plain));
        }
        assert!(seen.len() > 250, "{}", seen.len());
    }
}
