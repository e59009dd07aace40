//! The answer as Markdown: a table of factors for each path, and one of sums.

use super::Answer;
use super::human::{agreement, formula};
use crate::cli::number::short;
use crate::source::visible;
use crate::text::{digits, grouped};

/// Writes the answer.
pub(super) fn write(answer: &Answer<'_>) -> String {
    let why = &answer.why;
    let rows = answer
        .row()
        .map_or_else(|| format!("the mean over all {} training rows", answer.rows.len()), |r| format!("row {r}"));
    let mut text = format!(
        "## `{}` = {}\n\n{rows}, loss {}, weights {}\n",
        why.weight,
        short(why.update.old),
        short(why.loss),
        answer.specimen.weights
    );
    for (k, path) in why.paths.iter().enumerate() {
        let row = if answer.rows.len() > 1 { format!("row {}: ", path.row) } else { String::new() };
        text += &format!(
            "\n### Path {}: {row}{} → loss\n\n| factor | value |\n|---|---:|\n",
            k + 1,
            cell(&path.neurons.join(" → "))
        );
        for factor in &path.factors {
            text += &format!("| {} | {} |\n", cell(&factor.name), short(factor.value));
        }
        text += &format!("| **product** | **{}** |\n", short(path.product));
    }
    text += "\n### The sum\n\n| | value | |\n|---|---:|---|\n";
    if why.rest.count > 0 {
        text += &format!("| the other {} paths | {} | |\n", grouped(why.rest.count), digits(why.rest.sum, 12));
    }
    text += &format!("| gradient, the sum over all {} paths | {} | |\n", grouped(why.count), digits(why.gradient, 12));
    for (name, value) in [("backpropagation", why.backpropagation), ("central difference", why.central_difference)] {
        text += &format!("| {name} | {} | {} |\n", digits(value, 12), agreement(why.gradient, value));
    }
    for note in answer.notes() {
        text += &format!("\n{}.\n", cell(&note));
    }
    let update = &why.update;
    text += &format!(
        "\n### One step of {}\n\n| | |\n|---|---:|\n| old value | {} |\n",
        update.optimizer,
        short(update.old)
    );
    if update.terms.len() > 1 {
        for term in &update.terms {
            let sign = if term.multiplies { "×" } else { "" };
            text += &format!("| {} | {sign}{} |\n", cell(&term.name), short(term.value));
        }
    }
    text +=
        &format!("| gradient | {} |\n| learning rate | {} |\n", short(update.gradient), short(update.learning_rate));
    if let Some(decay) = update.weight_decay {
        text += &format!("| weight decay | {} |\n", short(decay));
    }
    for &(name, value) in &update.memory {
        text += &format!("| {} | {} |\n", name.replace('_', " "), short(value));
    }
    text += &format!("| new value {} | {} |\n", formula(update), short(update.new));
    text += "\nEvery gradient of a step is taken at the old weights.\n";
    text
}

/// A text that stays in its cell.
fn cell(text: &str) -> String {
    visible(text).replace('|', "\\|").replace('*', "\\*").replace('_', "\\_")
}
