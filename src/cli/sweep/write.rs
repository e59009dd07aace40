//! A sweep's results: a table for people, JSON and CSV for programs, the log, and all curves in one picture.

use super::{Done, Sweep, Verdict};
use crate::picture::{Curves, Series};
use crate::text::{self, Align, Column, digits, exact};
use serde_json::{Map, Value, json};

/// The table, best first, and how to do each run again.
pub(super) fn human(sweep: &Sweep<'_>) -> String {
    let keys: Vec<String> = sweep.args.vary.iter().map(|v| v.key.clone()).collect();
    let validated = sweep.runs.iter().any(|(_, done, _)| done.validation_loss.is_some());
    let several = sweep.args.seeds > 1;
    let mut columns: Vec<(String, bool, Vec<String>)> = keys.into_iter().map(|key| (key, false, Vec::new())).collect();
    let varied = columns.len();
    let mut heads = Vec::new();
    if validated {
        heads.push("validation loss");
        heads.extend(several.then_some("spread"));
    }
    heads.push("training loss");
    if !validated {
        heads.extend(several.then_some("spread"));
    }
    heads.push("seconds");
    columns.extend(heads.into_iter().map(|head| (head.to_owned(), true, Vec::new())));
    columns.push(("verdict".to_owned(), false, Vec::new()));
    for runs in &sweep.order {
        let first = &sweep.runs[runs[0]];
        let done: Vec<&Done> = runs.iter().map(|&r| &sweep.runs[r].1).collect();
        let of = |value: &dyn Fn(&Done) -> f64| done.iter().map(|d| value(d)).collect::<Vec<f64>>();
        let finite = done.iter().all(|d| d.diverged_at.is_none());
        let number = |value: f64| if finite { digits(value, 4) } else { "-".to_owned() };
        let mut cells: Vec<String> = first.0.varied.iter().map(|o| o.value.clone()).collect();
        let spread = || number(deviation(&of(&|d| d.score())));
        if validated {
            cells.push(number(mean(&of(&|d| d.validation_loss.unwrap_or(f64::NAN)))));
            cells.extend(several.then(spread));
        }
        cells.push(number(mean(&of(&|d| d.train_loss))));
        if !validated {
            cells.extend(several.then(spread));
        }
        cells.push(format!("{:.2}", mean(&of(&|d| d.seconds))));
        cells.push(verdict(sweep, runs));
        for (column, cell) in columns.iter_mut().zip(cells) {
            column.2.push(cell);
        }
    }
    let mut text = table(&columns, varied);
    if let Some(limit) = sweep.limit {
        text +=
            &format!("\nWhere the weights start, the curvature of the loss allows rates up to {}.\n", digits(limit, 3));
    }
    text += "\nTo do a run again:\n";
    for runs in &sweep.order {
        for &run in runs {
            text += &format!("  {}\n", sweep.command(&sweep.runs[run].0));
        }
    }
    text
}

/// The worst of a combination's verdicts, and of how many runs.
fn verdict(sweep: &Sweep<'_>, runs: &[usize]) -> String {
    let verdicts: Vec<Verdict> = runs.iter().map(|&r| sweep.runs[r].2).collect();
    let Some(worst) = verdicts.iter().copied().max() else { return String::new() };
    let alike = verdicts.iter().filter(|v| std::mem::discriminant(*v) == std::mem::discriminant(&worst)).count();
    let mut words = worst.words(sweep.of_rate());
    let rate = sweep.runs[runs[0]].0.varied[0].value.parse::<f64>();
    if let (Some(limit), Ok(rate), Verdict::Unstable | Verdict::Diverged { .. }) = (sweep.limit, rate, worst) {
        words += &format!(", {} times the limit", digits(rate / limit, 2));
    }
    words = best_said(sweep, runs[0], worst, words);
    if alike == verdicts.len() { words } else { format!("{words} ({alike} of {} seeds)", verdicts.len()) }
}

/// The best of all is called so, whatever else there is to say of it.
fn best_said(sweep: &Sweep<'_>, run: usize, verdict: Verdict, words: String) -> String {
    let best = sweep.order.first().filter(|runs| sweep.mean(runs).is_finite());
    let is_best = best.is_some_and(|runs| runs.contains(&run));
    if is_best && verdict != Verdict::Good { format!("the best, yet {words}") } else { words }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

/// The sample's standard deviation.
fn deviation(values: &[f64]) -> f64 {
    let m = mean(values);
    let degrees = values.len().saturating_sub(1).max(1) as f64;
    (values.iter().map(|v| (v - m) * (v - m)).sum::<f64>() / degrees).sqrt()
}

/// Columns under their heads: numbers with their points in one column.
fn table(columns: &[(String, bool, Vec<String>)], varied: usize) -> String {
    let mut rows = vec![columns.iter().map(|(head, ..)| head.clone()).collect::<Vec<_>>()];
    rows.extend(
        (0..columns.first().map_or(0, |c| c.2.len())).map(|row| columns.iter().map(|c| c.2[row].clone()).collect()),
    );
    let column = |(at, (_, numeric, cells)): (usize, &(String, bool, Vec<String>))| {
        let numeric = *numeric || (at < varied && cells.iter().all(|c| c.parse::<f64>().is_ok()));
        Column::new(if numeric { Align::Point } else { Align::Left }, if at == 0 { 0 } else { 3 })
    };
    let columns: Vec<Column> = columns.iter().enumerate().map(column).collect();
    text::table(&columns, &rows, usize::MAX).concat().into_iter().map(|line| line + "\n").collect()
}

fn settings(sweep: &Sweep<'_>, run: usize) -> Map<String, Value> {
    let value = |text: &str| text.parse::<f64>().map_or_else(|_| Value::from(text), Value::from);
    sweep.runs[run].0.varied.iter().map(|o| (o.name.clone(), value(&o.value))).collect()
}

fn object(sweep: &Sweep<'_>, run: usize) -> Map<String, Value> {
    let (plan, done, verdict) = &sweep.runs[run];
    let mut object = Map::new();
    object.insert("settings".into(), Value::Object(settings(sweep, run)));
    if let Some(seed) = plan.seed {
        object.insert("seed".into(), seed.into());
    }
    object.insert("train_loss".into(), json!(done.train_loss));
    if let Some(loss) = done.validation_loss {
        object.insert("validation_loss".into(), json!(loss));
    }
    object.insert("reason".into(), done.reason.into());
    if let Some(step) = done.diverged_at {
        object.insert("diverged_at".into(), step.into());
    }
    object.insert("steps".into(), done.steps.into());
    object.insert("seconds".into(), json!(done.seconds));
    object.insert("verdict".into(), best_said(sweep, run, *verdict, verdict.words(sweep.of_rate())).into());
    object.insert("command".into(), sweep.command(plan).into());
    object
}

/// One object: every run, in the order of the table.
pub(super) fn json(sweep: &Sweep<'_>) -> String {
    let runs: Vec<Value> = sweep.order.iter().flatten().map(|&run| Value::Object(object(sweep, run))).collect();
    format!("{}\n", json!({"planned": sweep.planned, "runs": runs}))
}

/// One line a run, in the order of the table.
pub(super) fn csv(sweep: &Sweep<'_>) -> String {
    let cell = |text: &str| {
        if text.contains(['"', ',', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
    };
    let mut head: Vec<String> = sweep.args.vary.iter().map(|v| cell(&v.key)).collect();
    head.extend(
        ["seed", "train_loss", "validation_loss", "reason", "steps", "seconds", "verdict", "command"]
            .map(str::to_owned),
    );
    let mut text = head.join(",") + "\n";
    for &run in sweep.order.iter().flatten() {
        let (plan, done, verdict) = &sweep.runs[run];
        let mut cells: Vec<String> = plan.varied.iter().map(|o| cell(&o.value)).collect();
        cells.push(plan.seed.map_or_else(String::new, |s| s.to_string()));
        cells.push(if done.diverged_at.is_some() { String::new() } else { exact(done.train_loss) });
        cells.push(done.validation_loss.map_or_else(String::new, exact));
        cells.extend([done.reason.to_owned(), done.steps.to_string(), done.seconds.to_string()]);
        let words = best_said(sweep, run, *verdict, verdict.words(sweep.of_rate()));
        cells.extend([cell(&words), cell(&sweep.command(plan))]);
        text += &(cells.join(",") + "\n");
    }
    text
}

/// One object a run, in the order in which they were planned, with its losses by epoch.
pub(super) fn log(sweep: &Sweep<'_>) -> String {
    let mut text = String::new();
    for run in 0..sweep.runs.len() {
        let mut object = object(sweep, run);
        let done = &sweep.runs[run].1;
        object.insert("event".into(), "run".into());
        object.insert("train_losses".into(), json!(done.train_losses));
        if !done.validation_losses.is_empty() {
            object.insert("validation_losses".into(), json!(done.validation_losses));
        }
        text += &format!("{}\n", Value::Object(object));
    }
    text
}

/// Every run's loss over the epochs.
pub(super) fn curves(sweep: &Sweep<'_>, title: &str) -> Curves {
    let validated = sweep.runs.iter().any(|(_, done, _)| !done.validation_losses.is_empty());
    let numeric = matches!(sweep.args.vary.as_slice(), [_])
        && sweep.runs.iter().all(|(p, ..)| p.varied[0].value.parse::<f64>().is_ok());
    let mut runs: Vec<usize> = (0..sweep.runs.len()).collect();
    if numeric {
        let value = |run: &usize| sweep.runs[*run].0.varied[0].value.parse::<f64>().unwrap_or(f64::NAN);
        runs.sort_by(|a, b| value(a).total_cmp(&value(b)));
    }
    let series = |run: usize| {
        let (plan, done, _) = &sweep.runs[run];
        let losses = if done.validation_losses.is_empty() { &done.train_losses } else { &done.validation_losses };
        // The epoch that a number left the finite ones in has no loss, and its place.
        let lost = done.diverged_at.map(|_| f64::INFINITY);
        let points = losses.iter().copied().chain(lost).enumerate().map(|(i, loss)| ((i + 1) as f64, loss)).collect();
        let values: Vec<String> =
            plan.varied.iter().map(|o| o.value.clone()).chain(plan.seed.map(|s| format!("seed {s}"))).collect();
        Series { name: values.join(", "), points, diverged: done.diverged_at.is_some(), ..Series::default() }
    };
    let keys: Vec<&str> = sweep.args.vary.iter().map(|v| v.key.as_str()).collect();
    Curves {
        title: format!("{title}: {}", keys.join(", ")),
        x_name: "epoch".into(),
        y_name: if validated { "validation loss" } else { "training loss" }.into(),
        series: runs.into_iter().map(series).collect(),
        ordered: numeric,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_their_heads() {
        let columns = [
            ("rate".to_owned(), false, vec!["0.1".to_owned(), "10".to_owned()]),
            ("loss".to_owned(), true, vec![digits(0.25, 4), "-".to_owned()]),
            ("verdict".to_owned(), false, vec!["good".to_owned(), "diverged".to_owned()]),
        ];
        assert_eq!(table(&columns, 1), "rate   loss   verdict\n 0.1   0.25   good\n10     -      diverged\n");
        assert!((deviation(&[1.0, 2.0, 3.0]) - 1.0).abs() < 1e-15);
    }
}
