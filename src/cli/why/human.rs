//! The answer as text: each path as a product of named factors with their numbers beneath, then sums, then the step.

use super::Answer;
use crate::cli::number::{operand, short};
use crate::diagnostic::human::Look;
use crate::explain::{Path, Update};
use crate::source::visible;
use crate::text::{digits, grouped, stacked};

/// Writes the answer.
pub(super) fn write(answer: &Answer<'_>, look: Look) -> String {
    let mut text = String::new();
    heading(&mut text, answer);
    paths(&mut text, answer, look.width);
    sums(&mut text, answer);
    step(&mut text, answer);
    if look.unicode { text } else { plain(&text) }
}

/// For terminals without these signs.
fn plain(text: &str) -> String {
    [
        ("∂", "d"),
        ("′", "'"),
        ("×", "*"),
        ("·", "*"),
        ("→", "->"),
        ("Σ", "sum"),
        ("√", "sqrt"),
        ("η", "rate"),
        ("←", "<-"),
        ("λ", "decay"),
        ("−", "-"),
    ]
    .iter()
    .fold(text.to_owned(), |text, (sign, ascii)| text.replace(sign, ascii))
}

fn heading(text: &mut String, answer: &Answer<'_>) {
    let why = &answer.why;
    *text += &format!("{} = {}", why.weight, short(why.update.old));
    *text += &format!("   ({})\n", answer.specimen.weights);
    let named = |cells: Vec<(String, String)>| {
        cells.iter().map(|(n, v)| visible(&format!("{n} = {v}")).into_owned()).collect::<Vec<_>>()
    };
    match answer.row() {
        Some(row) => {
            const MOST: usize = 6;
            let mut inputs = named(answer.specimen.originals(row));
            let all = inputs.len();
            inputs.truncate(MOST);
            if all > MOST {
                inputs.push(format!("… {} inputs", grouped(all as u64)));
            }
            let targets = named(answer.specimen.targets(row)).join(", ");
            *text += &format!("row {row} ({}): {}; {targets}\n", answer.specimen.split(row), inputs.join(", "));
        }
        None => *text += &format!("the mean over all {} training rows\n", grouped(answer.rows.len() as u64)),
    }
    *text += &format!("loss {}\n", short(why.loss));
}

fn paths(text: &mut String, answer: &Answer<'_>, width: usize) {
    let why = &answer.why;
    let (listed, all) = (why.paths.len() as u128, why.count);
    let what = match all {
        0 => "\nNo path leads from this weight to the loss.\n".to_owned(),
        1 => "\nOne path leads from this weight to the loss.\n".to_owned(),
        _ if listed == all => format!("\n{} paths lead from this weight to the loss.\n", grouped(all)),
        u128::MAX => {
            format!("\nMore paths than can be counted lead from this weight to the loss. The {listed} largest:\n")
        }
        _ => format!("\n{} paths lead from this weight to the loss. The {listed} largest:\n", grouped(all)),
    };
    *text += &what;
    for (k, path) in why.paths.iter().enumerate() {
        *text += &format!("\n{}\n", title(answer, k, path));
        *text += &product(path, width);
    }
    if why.count == 0 {
        return;
    }
    let notes = answer.notes();
    if !notes.is_empty() {
        text.push('\n');
    }
    for note in notes {
        *text += &format!("  {note}.\n");
    }
}

/// `path 2   hidden[1] → out[0] → loss`
fn title(answer: &Answer<'_>, k: usize, path: &Path) -> String {
    let row = if answer.rows.len() > 1 { format!("row {}: ", path.row) } else { String::new() };
    format!("path {}   {row}{} → loss", k + 1, visible(&path.neurons.join(" → ")))
}

/// Names over numbers, column by column, in as many lines as the width asks for.
fn product(path: &Path, width: usize) -> String {
    const INDENT: &str = "    ";
    let mut lines = vec![(String::new(), String::new())];
    for (k, factor) in path.factors.iter().enumerate() {
        let (sign, value) = (if k == 0 { "" } else { " × " }, short(factor.value));
        let name = visible(&factor.name);
        let cell = name.chars().count().max(value.len());
        if let Some((names, _)) = lines.last()
            && names.chars().count() + sign.chars().count() + cell + INDENT.len() > width
        {
            lines.push((String::new(), String::new()));
        }
        let pad = |text: &str| format!("{sign}{text}{}", " ".repeat(cell - text.chars().count()));
        if let Some((names, values)) = lines.last_mut() {
            *names += &pad(&name);
            *values += &pad(&value);
        }
    }
    let mut text = String::new();
    let last = lines.len() - 1;
    for (k, (names, values)) in lines.iter().enumerate() {
        let end = if k == last { format!("  =  {}", short(path.product)) } else { String::new() };
        text += &format!("{INDENT}{}\n{INDENT}{}{end}\n", names.trim_end(), values.trim_end());
    }
    text
}

/// The contributions of more rows are not listed.
const MOST_ROWS: usize = 16;

fn sums(text: &mut String, answer: &Answer<'_>) {
    let why = &answer.why;
    let mut rows: Vec<(String, f64, String)> = Vec::new();
    if why.rest.count > 0 {
        let listed: f64 = why.paths.iter().map(|p| p.product).sum();
        let others = if why.rest.count == u128::MAX {
            "all others".to_owned()
        } else {
            format!("the other {}", grouped(why.rest.count))
        };
        rows.push((format!("the {} listed", why.paths.len()), listed, String::new()));
        rows.push((others, why.rest.sum, String::new()));
    }
    let sum = if why.count == 1 { "gradient, by the path" } else { "gradient, the sum over all paths" };
    rows.push((sum.to_owned(), why.gradient, String::new()));
    rows.push(("backpropagation".to_owned(), why.backpropagation, agreement(why.gradient, why.backpropagation)));
    rows.push((
        "central difference".to_owned(),
        why.central_difference,
        agreement(why.gradient, why.central_difference),
    ));
    let names = rows.iter().map(|r| r.0.chars().count()).max().unwrap_or(0);
    let values = stacked(&rows.iter().map(|r| digits(r.1, 12)).collect::<Vec<_>>());
    text.push('\n');
    for ((name, _, agreed), value) in rows.iter().zip(values) {
        *text += format!("  {name:<names$}   {value}   {agreed}").trim_end();
        text.push('\n');
    }
    if why.by_row.len() > 1 && why.by_row.len() <= MOST_ROWS {
        let values = stacked(&why.by_row.iter().map(|r| short(r.1)).collect::<Vec<_>>());
        *text += "\n  what each row adds to it\n";
        for ((row, _), value) in why.by_row.iter().zip(values) {
            *text += format!("    row {row:<4} {value}").trim_end();
            text.push('\n');
        }
    }
}

/// `agrees to 12 digits`
pub(super) fn agreement(a: f64, b: f64) -> String {
    let (off, size) = ((a - b).abs(), a.abs().max(b.abs()));
    if off == 0.0 {
        return "agrees exactly".to_owned();
    }
    // Near 0 there are no digits to share: what is left is rounding.
    if size < 1e-12 {
        return "agrees: both are 0 up to rounding".to_owned();
    }
    match -(off / size).log10() {
        shared if shared >= 1.0 => format!("agrees to {} digits", shared.floor()),
        _ => "does not agree".to_owned(),
    }
}

fn step(text: &mut String, answer: &Answer<'_>) {
    let update = &answer.why.update;
    let what = if answer.rows.len() > 1 { "on these rows" } else { "on this row alone" };
    *text += &format!("\nOne step of {} {what}\n", update.optimizer);
    let mut rows = vec![("old value".to_owned(), short(update.old))];
    if update.terms.len() > 1 {
        for term in &update.terms {
            let sign = if term.multiplies { "×" } else { "" };
            rows.push((term.name.clone(), format!("{sign}{}", short(term.value))));
        }
    }
    rows.push(("gradient".to_owned(), short(update.gradient)));
    rows.push(("learning rate".to_owned(), short(update.learning_rate)));
    if let Some(decay) = update.weight_decay {
        rows.push(("weight decay".to_owned(), short(decay)));
    }
    rows.extend(update.memory.iter().map(|&(name, value)| (name.replace('_', " "), short(value))));
    rows.push(("new value".to_owned(), short(update.new)));
    let width = rows.iter().map(|r| r.0.chars().count()).max().unwrap_or(0);
    let last = rows.len() - 1;
    let numbers: Vec<String> = rows.iter().map(|r| r.1.trim_start_matches('×').to_owned()).collect();
    for (k, ((name, value), number)) in rows.iter().zip(stacked(&numbers)).enumerate() {
        let how = if k == last { format!("   {}", formula(update)) } else { String::new() };
        let sign = if value.starts_with('×') { "×" } else { " " };
        *text += format!("  {name:<width$}  {sign}{number}{how}").trim_end();
        text.push('\n');
    }
    if !update.plain {
        for (k, part) in update.rule.split("; ").enumerate() {
            *text += &format!("  {} {part}\n", if k == 0 { "rule:" } else { "     " });
        }
        *text += "  It is the first step: nothing is remembered from steps before.\n";
    }
    *text += "  The other weights move in the same step, but every gradient is taken before any has moved:\n  the factors above hold their old values.\n";
}

/// `= 0.5 - 0.1 · (-0.2)`
pub(super) fn formula(update: &Update) -> String {
    if !update.plain {
        return String::new();
    }
    format!("= {} - {} · {}", short(update.old), short(update.learning_rate), operand(update.gradient))
}
