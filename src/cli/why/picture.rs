//! The answer as a picture: the network with the listed paths lit, and the factors on them.

use super::Answer;
use crate::cli::number::short;
use crate::engine::Machine;
use crate::picture::{Drawing, Lit, LitEdge, LitUnit};
use crate::text::digits;
use std::collections::BTreeMap;

/// (node, unit)
type Unit = (usize, usize);

/// A factor's name without the neurons, which stand at its place: `tanh′`, `∂L/∂z`.
fn letters(name: &str) -> String {
    if let Some((slope, _)) = name.split_once('(').filter(|(slope, _)| slope.ends_with('′')) {
        return slope.to_owned();
    }
    let letter = |quantity: &str| {
        let start = if quantity.starts_with('∂') { "∂" } else { "" };
        let whole = quantity.trim_start_matches('∂').split('[').next().unwrap_or_default();
        format!("{start}{}", whole.rsplit('.').next().unwrap_or_default())
    };
    if let Some(of) = name.strip_prefix("skip of ") {
        return format!("skip of {}", letter(of));
    }
    name.split('/').map(letter).collect::<Vec<_>>().join("/")
}

/// Draws the answer.
pub(super) fn draw(answer: &Answer<'_>, machine: &Machine<'_, f64>) -> Drawing {
    let why = &answer.why;
    let mut edges: BTreeMap<(Unit, Unit), LitEdge> = BTreeMap::new();
    let mut units: BTreeMap<Unit, Vec<String>> = BTreeMap::new();
    for factor in why.paths.iter().flat_map(|p| &p.factors) {
        let (name, value) = (&factor.name, digits(factor.value, 3));
        match (factor.from, factor.to) {
            (Some(from), Some(to)) if from.0 != to.0 => {
                // The weight's letter is enough: both its ends are lit.
                let is_weight = name.contains(".weight[");
                let text = if is_weight { format!("w {value}") } else { value };
                // Over several rows nothing but a weight has one sign.
                let value = (is_weight || answer.rows.len() == 1).then_some(factor.value);
                edges.insert((from, to), LitEdge { from, to, text, value, chosen: false });
            }
            (Some(unit), _) => {
                let letter = letters(name);
                let text = format!("{letter} {value}");
                let texts = units.entry(unit).or_default();
                if !texts.contains(&text) {
                    texts.push(text);
                }
            }
            (None, _) => {}
        }
    }
    let node = &answer.specimen.program.network.nodes[answer.weight.node];
    let w = format!("w {}", digits(why.update.old, 3));
    match *answer.weight.index.as_slice() {
        [to, from] => {
            let (from, to) = ((node.inputs[0].0, from), (answer.weight.node, to));
            edges.insert((from, to), LitEdge { from, to, text: w, value: Some(why.update.old), chosen: true });
        }
        [unit] => units.entry((answer.weight.node, unit)).or_default().insert(0, w),
        _ => {}
    }
    // The picture of several rows has no one number for an edge that depends on the row.
    let units = units.into_iter().map(|(at, texts)| {
        let text = if answer.rows.len() > 1 { String::new() } else { texts.join(", ") };
        LitUnit { at, text }
    });
    let rows = answer.row().map_or_else(|| format!("the mean over {} rows", answer.rows.len()), |r| format!("row {r}"));
    let mut notes = vec![format!("∂L/∂{} on {rows}: {} from {} paths", why.weight, short(why.gradient), why.count)];
    if why.rest.count > 0 {
        notes.push(format!(
            "lit: the {} largest; the other {} sum to {}",
            why.paths.len(),
            why.rest.count,
            short(why.rest.sum)
        ));
    }
    if why.count == 1 {
        notes[0] = format!("∂L/∂{} on {rows}: {} along one path", why.weight, short(why.gradient));
    }
    Lit { graph: answer.specimen.graph(machine), edges: edges.into_values().collect(), units: units.collect(), notes }
        .draw()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn names_are_told_without_their_neurons() {
        let cases = [
            ("tanh′(hidden.z[1])", "tanh′"),
            ("∂L/∂out.z[0]", "∂L/∂z"),
            ("∂out.a[1]/∂out.z[0]", "∂a/∂z"),
            ("∂norm[3]/∂hidden.a[3]", "∂norm/∂a"),
            ("skip of hidden.a[1]", "skip of a"),
        ];
        for (name, told) in cases {
            assert_eq!(letters(name), told);
        }
    }
}
