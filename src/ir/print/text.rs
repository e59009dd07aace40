//! A [`Sheet`] as text: what `nn show` prints. Plain but for the headings, which the caller may embolden.

use std::fmt::Write as _;

use super::sheet::{Data, Layer, Sheet, Start, Target, Tensor, Training, dimensions};
use crate::text::{self, Align, Column, amount, bytes, commas, grouped, short, wrap, written};

/// No line is wider.
const WIDTH: usize = 100;
/// Names longer than this many are not all listed.
const MOST_NAMES: usize = 60;
/// What stands before a line, and between two columns.
const INDENT: usize = 2;
const GAP: usize = 2;
/// A blank that is not broken at.
const TIED: &str = "\u{a0}";
/// Where a fact stands beside its name.
const FACT: usize = 16;

impl Sheet {
    /// Sections of aligned columns, at most 100 characters wide; `bold` may make headings stand out.
    pub fn text(&self, bold: &dyn Fn(&str) -> String) -> String {
        let mut text = format!("{}\n{}\n", bold("network"), network(self, bold));
        let (memory, batch) = (bytes(self.totals.memory_bytes), self.training.batch);
        let summary = format!(
            "{}, {} a row, {memory} in training ({}, batches of {})",
            amount(self.totals.parameters, "parameter"),
            amount(self.totals.multiply_adds, "multiply-add"),
            self.training.precision,
            grouped(batch as u64),
        );
        let (data, training) = (facts(&data(&self.data)), facts(&training(&self.training)));
        let _ = write!(text, "  {summary}\n\n{}\n{data}\n{}\n{training}", bold("data"), bold("training"));
        text
    }
}

fn network(sheet: &Sheet, bold: &dyn Fn(&str) -> String) -> String {
    let words = |gap| Column { breaks: true, ..Column::new(Align::Left, gap) };
    let number = Column::new(Align::Right, GAP);
    let columns = [words(INDENT), words(GAP), number, words(GAP), number, words(GAP), number, number];
    let headings = ["layer", "computes", "output", "range", "params", "start", "mult-adds", "memory"];
    let layers = sheet.layers.iter().map(|l| {
        vec![
            plain(&l.name),
            computes(l),
            dimensions(&l.shape),
            l.range.text().replace(' ', TIED),
            grouped(l.parameters),
            l.tensors.iter().map(|t| start(t).replace(' ', TIED)).collect::<Vec<_>>().join(", "),
            grouped(l.multiply_adds),
            bytes(l.memory_bytes),
        ]
    });
    let rows: Vec<Vec<String>> = std::iter::once(headings.map(str::to_owned).to_vec()).chain(layers).collect();
    let mut text = String::new();
    for (row, lines) in text::table(&columns, &rows, WIDTH).into_iter().enumerate() {
        for line in lines {
            let line = line.replace(TIED, " ");
            text += &if row == 0 { bold(&line) } else { line };
            text.push('\n');
        }
    }
    text
}

/// What a layer computes; of what, where that is not just the layer before.
fn computes(layer: &Layer) -> String {
    format!("{} {}", layer.describe, plain(&layer.takes)).trim_end().to_owned()
}

/// `glorot_uniform ±0.5477`, `bias 0`.
fn start(tensor: &Tensor) -> String {
    let numbers = match tensor.start {
        Start::Constant { value } => short(value, 4),
        Start::Uniform { low, high } if -low == high => format!("±{}", short(high, 4)),
        Start::Uniform { low, high } => format!("{}…{}", short(low, 4), short(high, 4)),
        Start::Orthogonal { gain } | Start::Identity { gain } => format!("·{}", short(gain, 4)),
        Start::Normal { mean: 0.0, std } | Start::TruncatedNormal { mean: 0.0, std } => format!("σ={}", short(std, 4)),
        Start::Normal { mean, std } | Start::TruncatedNormal { mean, std } => {
            format!("{} σ={}", short(mean, 4), short(std, 4))
        }
    };
    match (tensor.role, tensor.start) {
        ("weight", Start::Constant { .. }) => format!("weight {numbers}"),
        ("weight", _) => format!("{} {numbers}", tensor.init),
        (_, Start::Constant { .. }) => format!("{} {numbers}", last(&tensor.name)),
        _ => format!("{} {} {numbers}", last(&tensor.name), tensor.init),
    }
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// Names at the left, what is said of them beside, broken into lines.
fn facts(facts: &[(&str, String)]) -> String {
    let mut text = String::new();
    for (name, said) in facts {
        for (i, line) in wrap(said, WIDTH - FACT - 2).iter().enumerate() {
            let name = if i == 0 { *name } else { "" };
            text.push_str(format!("  {name:FACT$}{line}").trim_end());
            text.push('\n');
        }
    }
    text
}

/// Which columns have rows left out: the columns that cost most first.
fn lacking(columns: &[(String, usize)]) -> String {
    let mut columns: Vec<_> = columns.iter().collect();
    columns.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    let (shown, rest) = columns.split_at(columns.len().min(MOST_NAMES));
    let mut said: Vec<String> =
        shown.iter().map(|(name, rows)| format!("{}: {}", plain(name), grouped(*rows as u64))).collect();
    said.extend((!rest.is_empty()).then(|| format!("and {} more", rest.len())));
    format!("rows left out that lack {}", said.join(", "))
}

/// Rows that are used, beside all that there are where some are not.
fn of_all(rows: usize, left_out: usize) -> String {
    match left_out {
        0 => amount(rows as u64, "row"),
        more => format!("{} of {}", grouped(rows as u64), amount(rows.saturating_add(more) as u64, "row")),
    }
}

fn data(data: &Data) -> Vec<(&'static str, String)> {
    let left_out = data.left_out.clone().unwrap_or_default();
    let held = |rows: usize, left_out, what: &Option<String>| match what {
        Some(what) => format!("{} ({})", of_all(rows, left_out), plain(what)),
        None => "none".to_owned(),
    };
    let features = amount(data.input_shape.iter().product::<usize>() as u64, "number");
    let inputs = match data.inputs.as_slice() {
        [] => format!("{features}, {}", dimensions(&data.input_shape)),
        names => format!("{features}: {}", listed(names)),
    };
    let mut facts = vec![
        ("source", format!("{}, {}", plain(&data.source), of_all(data.source_rows, left_out.source))),
        ("to train on", amount(data.training_rows as u64, "row")),
        ("validation", held(data.validation_rows, left_out.validation, &data.validation)),
        ("test", held(data.test_rows, left_out.test, &data.test)),
        ("inputs", inputs),
        ("scale", data.scale.to_owned()),
    ];
    match &data.target {
        Target::Classes { name, classes, positive } => {
            let (shown, rest) = classes.split_at(classes.len().min(MOST_NAMES));
            let mut names: Vec<_> =
                shown.iter().map(|c| format!("{}: {}", plain(&c.name), grouped(c.rows as u64))).collect();
            names.extend((!rest.is_empty()).then(|| format!("and {} more", rest.len())));
            let classes = format!("{} classes", grouped(classes.len() as u64));
            facts.push((
                "target",
                format!("{}, {classes}, with their training rows: {}", plain(name), names.join(", ")),
            ));
            facts.extend(positive.as_ref().map(|class| ("positive", plain(class))));
            facts.push(("stratify", data.stratify.to_string()));
        }
        Target::Values { columns } => {
            for (i, c) in columns.iter().take(MOST_NAMES).enumerate() {
                let said = format!(
                    "{}, {} to {}, mean {}, standard deviation {}",
                    plain(&c.name),
                    short(c.min, 4),
                    short(c.max, 4),
                    short(c.mean, 4),
                    short(c.std, 4)
                );
                facts.push((if i == 0 { "target" } else { "" }, said));
            }
            if columns.len() > MOST_NAMES {
                facts.push(("", format!("and {} more", columns.len() - MOST_NAMES)));
            }
            facts.push(("target_scale", data.target_scale.to_owned()));
        }
    }
    facts.push(("missing", data.missing.clone()));
    facts.extend((!left_out.lacking.is_empty()).then(|| ("", lacking(&left_out.lacking))));
    facts.extend(data.written.iter().cloned());
    facts
}

fn listed(names: &[String]) -> String {
    commas(&names.iter().map(|n| plain(n)).collect::<Vec<_>>(), MOST_NAMES)
}

/// A name that came from data, without what a terminal would obey.
pub(super) fn plain(text: &str) -> String {
    crate::source::visible(text).into_owned()
}

fn training(training: &Training) -> Vec<(&'static str, String)> {
    let optional = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
    let weights = |w: &Vec<f64>| format!("[{}]", w.iter().map(|&w| short(w, 4)).collect::<Vec<_>>().join(", "));
    let (batch, steps) = (training.batch as u64, training.steps_per_epoch);
    let logits = if training.from_logits { ", computed from the weighted sums" } else { "" };
    vec![
        ("loss", format!("{}{logits}", training.loss)),
        ("optimizer", training.optimizer.clone()),
        ("learning_rate", training.schedule.clone().unwrap_or_else(|| written(training.learning_rate))),
        ("epochs", grouped(training.epochs)),
        (
            "batch",
            format!(
                "{}: {} an epoch, {} in all",
                amount(batch, "row"),
                amount(steps, "step"),
                grouped(steps.saturating_mul(training.epochs))
            ),
        ),
        ("seed", training.seed.to_string()),
        ("shuffle", training.shuffle.to_string()),
        ("precision", training.precision.to_owned()),
        ("l1", written(training.l1)),
        ("l2", written(training.l2)),
        ("clip_norm", optional(training.clip_norm.map(written))),
        ("class_weights", optional(training.class_weights.as_ref().map(weights))),
        ("stop", optional(training.stop.clone())),
        ("metrics", if training.metrics.is_empty() { "none".to_owned() } else { training.metrics.join(", ") }),
    ]
}
