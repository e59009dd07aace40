//! An evaluation class by class, label by label, target by target: as a table, as JSON, and what has to be said of
//! numbers that are undefined or leave something out.

use super::report::{UNDEFINED, aligned, short};
use crate::catalog::metrics::{Errors, Hits, Lack, MetricKind, OF_A_CLASS, OF_A_TARGET, Outcome, Tally};
use crate::text::{commas, digits, plural, quoted};
use crate::train::terms::{Of, Parts};
use crate::train::{Evaluation, Terms};
use serde_json::{Map, Value, json};

/// More classes, labels or targets are not listed for people; JSON has them all.
const MOST_LISTED: usize = 50;

/// One class, label or target in numbers: `None` where a number is undefined.
struct Part {
    rows: u64,
    numbers: Vec<(&'static str, Option<f64>)>,
}

impl Part {
    fn of_class(hits: Hits) -> Self {
        let number = |of: fn(Hits) -> f64| hits.is_met().then(|| of(hits));
        Self { rows: hits.rows(), numbers: OF_A_CLASS.iter().map(|&(name, of)| (name, number(of))).collect() }
    }

    fn of_target(errors: &Errors) -> Self {
        Self { rows: errors.rows, numbers: OF_A_TARGET.iter().map(|(name, of)| (*name, of(errors))).collect() }
    }
}

fn parts(tally: &Tally) -> Vec<Part> {
    match (tally.hits(), tally.errors()) {
        (Some(hits), _) => hits.into_iter().map(Part::of_class).collect(),
        (None, Some(errors)) => errors.iter().map(Part::of_target).collect(),
        (None, None) => Vec::new(),
    }
}

/// A table with a line for each class, label or target, and the mean; `None` for a single one.
pub(crate) fn table(split: &str, tally: &Tally, terms: &Terms) -> Option<String> {
    let parts = parts(tally);
    if parts.len() < 2 || parts.len() > MOST_LISTED {
        return None;
    }
    let cell = |number: &Option<f64>| number.map_or_else(|| UNDEFINED.to_owned(), short);
    let columns = parts[0].numbers.len();
    let mut rows = vec![vec![format!("{split} rows, by {}", terms.parts.noun())]];
    rows[0].extend(parts[0].numbers.iter().map(|(name, _)| (*name).to_owned()));
    rows[0].push("rows".to_owned());
    for (k, part) in parts.iter().enumerate() {
        let mut row = vec![terms.name(k).to_owned()];
        row.extend(part.numbers.iter().map(|(_, number)| cell(number)));
        row.push(part.rows.to_string());
        rows.push(row);
    }
    let mean = match terms.of {
        Of::Macro => Some("mean (macro)"),
        Of::Mean => Some("mean"),
        Of::Positive(_) | Of::Whole => None,
    };
    if let Some(mean) = mean {
        let mut row = vec![mean.to_owned()];
        row.extend((0..columns).map(|column| cell(&self::mean(&parts, column, terms.parts))));
        rows.push(row);
    }
    Some(aligned(&rows))
}

/// Over classes and labels that are met; over all targets, where each has the number.
fn mean(parts: &[Part], column: usize, of: Parts) -> Option<f64> {
    let numbers: Vec<Option<f64>> = parts.iter().map(|p| p.numbers[column].1).collect();
    let known: Vec<f64> = numbers.iter().flatten().copied().collect();
    let whole = of != Parts::Targets || known.len() == numbers.len();
    (whole && !known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
}

/// What a metric came to, in JSON; labels' tables by name.
pub(crate) fn outcome(outcome: &Outcome, terms: &Terms) -> Value {
    match outcome {
        Outcome::Number(value) | Outcome::Without(value, _) => json!(value),
        Outcome::Undefined => Value::Null,
        Outcome::Counts(counts) => json!(counts),
        Outcome::Tables(tables) => {
            let named = tables.iter().enumerate().map(|(k, table)| (terms.name(k).to_owned(), json!(table)));
            Value::Object(named.collect())
        }
    }
}

/// Metrics as a JSON object, with what they speak of.
pub(crate) fn metrics(metrics: &[(&'static str, Outcome)], terms: &Terms) -> Value {
    let named = metrics.iter().map(|(name, value)| ((*name).to_owned(), outcome(value, terms)));
    let without = metrics.iter().filter_map(|(name, value)| {
        let Outcome::Without(_, rows) = value else { return None };
        Some((format!("{name}_left_out"), Value::from(*rows)))
    });
    let key = terms.key().map(|(key, value)| (key.to_owned(), Value::from(value)));
    Value::Object(named.chain(without).chain(key).collect())
}

/// An evaluation as a JSON object.
pub(crate) fn evaluation(evaluation: &Evaluation, metrics: &[(&'static str, Outcome)], terms: &Terms) -> Value {
    let mut all = Map::new();
    all.insert("rows".into(), evaluation.rows.into());
    all.insert("loss".into(), json!(evaluation.loss));
    all.insert("metrics".into(), self::metrics(metrics, terms));
    let named = parts(&evaluation.tally).into_iter().enumerate().map(|(k, part)| {
        let mut numbers: Map<String, Value> =
            part.numbers.into_iter().map(|(name, number)| (name.to_owned(), json!(number))).collect();
        numbers.insert("rows".into(), part.rows.into());
        (terms.name(k).to_owned(), Value::Object(numbers))
    });
    all.insert(terms.parts.key().into(), Value::Object(named.collect()));
    Value::Object(all)
}

/// What has to be said of the numbers of a split that are `shown`: what a mean leaves out, what counts as 0, what is
/// undefined.
pub(crate) fn remarks(split: &str, tally: &Tally, terms: &Terms, shown: &[&'static MetricKind]) -> Vec<String> {
    let lacks = Lacks { split, terms, shown };
    match (tally.hits(), tally.errors()) {
        (Some(hits), _) => lacks.of_classes(&hits),
        (None, Some(errors)) => lacks.of_targets(errors, tally.zeros()),
        (None, None) => Vec::new(),
    }
}

/// What rows may lack that a metric needs.
struct Lacks<'a> {
    split: &'a str,
    terms: &'a Terms,
    shown: &'a [&'static MetricKind],
}

impl Lacks<'_> {
    /// The metrics that are shown and need this: `precision, recall`.
    fn needing(&self, needs: &[Lack]) -> Option<String> {
        let mut names: Vec<&str> = Vec::new();
        for metric in self.shown.iter().filter(|m| needs.contains(&m.lack)) {
            if !names.contains(&metric.signature.name) {
                names.push(metric.signature.name);
            }
        }
        (!names.is_empty()).then(|| names.join(", "))
    }

    fn of_classes(&self, hits: &[Hits]) -> Vec<String> {
        let (split, terms) = (self.split, self.terms);
        let spoken = |k: usize| !matches!(terms.of, Of::Positive(positive) if positive != k);
        let all = |h: Hits| h.0.iter().sum::<u64>();
        let left_out = if terms.of == Of::Macro { "not in the mean" } else { "undefined" };
        let say = |needs: &[Lack], what: &str, end: &str, is: &dyn Fn(Hits) -> bool| {
            let those = hits.iter().enumerate().filter(|(k, h)| spoken(*k) && is(**h));
            let names: Vec<&str> = those.map(|(k, _)| terms.name(k)).collect();
            let metrics = self.needing(needs).filter(|_| !names.is_empty())?;
            Some(format!("{} {}: {what}; {metrics}: {end}", terms.parts.noun(), listed(&names)))
        };
        let none = format!("not in the {split} rows");
        let said = [
            say(&[Lack::Called, Lack::Rows, Lack::Either], &format!("{none} and never predicted"), left_out, &|h| {
                !h.is_met()
            }),
            say(&[Lack::Rows], &format!("{none}, and predicted"), "counts as 0", &|h| h.is_met() && h.rows() == 0),
            say(&[Lack::Called], &format!("never predicted in the {split} rows"), "counts as 0", &|h| {
                h.is_met() && h.called() == 0
            }),
            say(&[Lack::Positives, Lack::Both], &none, left_out, &|h| h.rows() == 0),
            say(&[Lack::Both], &format!("all of the {split} rows"), left_out, &|h| h.rows() == all(h)),
        ];
        said.into_iter().flatten().collect()
    }

    fn of_targets(&self, errors: &[Errors], zeros: Option<Vec<u64>>) -> Vec<String> {
        let mut said = Vec::new();
        if let Some(metrics) = self.needing(&[Lack::Variance]) {
            let undefined = errors.iter().enumerate().filter(|(_, e)| e.r2().is_none());
            said.extend(undefined.map(|(k, e)| self.no_variance(&metrics, self.terms.name(k), e)));
        }
        if let (Some(metrics), Some(zeros)) = (self.needing(&[Lack::NotZero]), zeros) {
            for (k, zeros) in zeros.iter().enumerate().filter(|(_, zeros)| **zeros > 0) {
                let (rows, name) = (plural(*zeros as usize, "row"), self.terms.name(k));
                said.push(format!("{metrics} leaves out {zeros} {} {rows} whose `{name}` is 0", self.split));
            }
        }
        said
    }

    fn no_variance(&self, metrics: &str, target: &str, errors: &Errors) -> String {
        let split = self.split;
        if errors.rows == 1 {
            return format!("{metrics} of `{target}` is undefined: 1 {split} row has no variance");
        }
        let value = digits(errors.origin, 6);
        format!("{metrics} of `{target}` is undefined: it is {value} in each of the {} {split} rows", errors.rows)
    }
}

/// Names in backticks, the first few of many.
fn listed(names: &[&str]) -> String {
    const MOST: usize = 8;
    commas(&quoted(names), MOST)
}

/// Remarks a line each; `None` where there are none.
pub(crate) fn told(remarks: &[String]) -> Option<String> {
    (!remarks.is_empty()).then(|| remarks.iter().flat_map(|r| [r.as_str(), "\n"]).collect())
}
