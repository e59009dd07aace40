//! What a run has learnt, as a picture over one or two inputs: curves, decision regions, or a map of a value.

use super::Done;
use crate::catalog::Precision;
use crate::data::{Preparation, TargetRule, Targets};
use crate::engine::Machine;
use crate::explain::{Axes, Held, NoAxes, Surface};
use crate::ir::{Program, TargetUse};
use crate::picture::{Drawing, Field, Fit, Output, Regions, Split, Spot};
use crate::text::{digits, grouped};
use crate::train::evaluate::largest;

/// Places along one axis, and along each of two: about as many as a picture has pixels.
const ALONG_ONE: usize = 521;
const ALONG_TWO: usize = 190;

/// The axes to draw over, where the network has what can be drawn over them.
pub(super) fn axes(program: &Program, preparation: &Preparation, names: &[String]) -> Result<Axes, NoAxes> {
    let axes = Axes::choose(preparation, names)?;
    let width = program.network.output().shape.size();
    let of_one = matches!(program.training.target, TargetUse::Values | TargetUse::Labels);
    if axes.names().len() == 2 && of_one && width > 1 {
        let message = format!("a fit over two inputs shows one output, and the network has {width}");
        let help = format!("draw it over one input: `--plot 'fit({}):FILE.svg'`", axes.names()[0]);
        return Err(NoAxes { message, help });
    }
    Ok(axes)
}

/// The picture.
pub(super) fn draw<R: Precision>(done: &Done<'_, R>, axes: &Axes, machine: &mut Machine<'_, R>) -> Drawing {
    let flat = axes.names().len() == 1;
    let surface = Surface::new(axes, done.data, machine, if flat { ALONG_ONE } else { ALONG_TWO });
    let learnt = Learnt { done, axes, surface };
    if flat { learnt.curves().draw() } else { learnt.regions().draw() }
}

struct Learnt<'a, R> {
    done: &'a Done<'a, R>,
    axes: &'a Axes,
    surface: Surface,
}

impl<R: Precision> Learnt<'_, R> {
    fn target(&self) -> TargetUse {
        self.done.program.training.target
    }

    fn rule(&self) -> &TargetRule {
        &self.done.data.preparation.target
    }

    /// The names of classes, or of the target's columns.
    fn names(&self) -> Vec<String> {
        match self.rule() {
            TargetRule::Classes { names, .. } if self.target() != TargetUse::Values => names.clone(),
            rule @ (TargetRule::Classes { .. } | TargetRule::Values(_)) => {
                rule.columns().into_iter().map(str::to_owned).collect()
            }
        }
    }

    /// Whether outputs go from 0 to 1.
    fn is_share(&self) -> bool {
        self.target() != TargetUse::Values && self.done.program.network.output().range.lies_within(0.0, 1.0)
    }

    /// Rows to draw: of many every n-th.
    fn rows(&self) -> impl Iterator<Item = (Split, u32)> {
        let step = self.step();
        self.splits().into_iter().flat_map(move |(split, rows)| rows.iter().step_by(step).map(move |&row| (split, row)))
    }

    fn splits(&self) -> [(Split, &[u32]); 3] {
        let data = self.done.data;
        [(Split::Training, &data.train), (Split::Validation, &data.validation), (Split::Test, &data.test)]
    }

    fn step(&self) -> usize {
        self.splits().iter().map(|(_, rows)| rows.len()).sum::<usize>().div_ceil(Spot::MOST).max(1)
    }

    fn counts(&self) -> Vec<(Split, usize)> {
        self.splits().iter().map(|(split, rows)| (*split, rows.len())).collect()
    }

    /// A row's class, where it has one.
    fn class(&self, row: u32) -> usize {
        match &self.done.data.targets {
            Targets::Classes(classes) => classes[row as usize] as usize,
            Targets::Values { width: 1, values } => usize::from(values[row as usize] >= R::of(0.5)),
            Targets::Values { width, values } => largest(&values[row as usize * width..][..*width]),
        }
    }

    /// A row's target for an output, in its own units.
    fn value(&self, row: u32, output: usize) -> f64 {
        match &self.done.data.targets {
            Targets::Classes(classes) => {
                let class = classes[row as usize];
                let named =
                    if let TargetRule::Classes { names, .. } = self.rule() { names.get(class as usize) } else { None };
                named.and_then(|n| n.parse().ok()).unwrap_or_else(|| f64::from(class))
            }
            Targets::Values { width, values } => self.rule().undo(output, values[row as usize * width + output].f64()),
        }
    }

    fn title(&self, what: &str) -> String {
        format!("{}: {what}", self.done.name)
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.step() > 1 {
            notes.push(format!("One row in {} is drawn.", grouped(self.step() as u64)));
        }
        notes.extend(held(&self.surface.held));
        notes
    }

    /// Over one input.
    fn curves(&self) -> Fit {
        let (name, low, high) = self.surface.axes[0].clone();
        let two = self.is_share() && self.names().len() == 2 && self.target().is_classes();
        let mut fit = Fit {
            title: self.title(&format!("the fit over {name}")),
            rows: self.counts(),
            share: self.is_share(),
            notes: self.notes(),
            ..Fit::default()
        };
        let columns = self.surface.counts[0];
        let xs = (0..columns).map(|i| low + (high - low) * i as f64 / (columns - 1) as f64);
        // Of two classes one probability tells both: that of the second.
        let outputs: Vec<usize> = if two { vec![self.surface.width - 1] } else { (0..self.surface.width).collect() };
        let curve = |&output: &usize| {
            let heights = self.surface.places().map(|place| self.rule().undo(output, place[output]));
            xs.clone().zip(heights).collect()
        };
        let names = self.names();
        let named = |output: &usize| if outputs.len() == 1 { "the network".to_owned() } else { names[*output].clone() };
        fit.outputs = outputs.iter().map(|o| Output { name: named(o), curve: curve(o) }).collect();
        if two {
            fit.y_name = format!("probability of {}", names[1]);
            fit.level = Some((0.5, "0.5: the decision changes".to_owned()));
        } else {
            let what = if self.is_share() { "probability" } else { "output" };
            let single = outputs.len() == 1 && !self.target().is_classes();
            fit.y_name = if single { names[0].clone() } else { what.to_owned() };
            if self.target() == TargetUse::Values {
                fit.y_name = names.join(", ");
            }
        }
        fit.points = self.rows().flat_map(|(split, row)| self.spots(split, row, two)).collect();
        if self.target() == TargetUse::OneHot && !two {
            fit.notes.insert(0, "Rows lie at the top, those of each class on a line of their own.".to_owned());
        }
        fit.x = (name, low, high);
        fit
    }

    /// A row's points over one input.
    fn spots(&self, split: Split, row: u32, two: bool) -> Vec<Spot> {
        let x = self.axes.place(self.done.data, row)[0];
        let spot = |of: usize, y: f64| Spot { x, y, of, value: y, split };
        match self.target() {
            _ if two => vec![spot(0, self.class(row) as f64)],
            TargetUse::OneHot | TargetUse::Binary => {
                let class = self.class(row);
                vec![spot(class, 1.07 + 0.05 * class as f64)]
            }
            TargetUse::Labels | TargetUse::Distribution | TargetUse::Values => {
                (0..self.surface.width).map(|k| spot(k, self.value(row, k))).collect()
            }
        }
    }

    /// Over two inputs.
    fn regions(&self) -> Regions {
        let levels = self.target() == TargetUse::Values;
        let names = self.names();
        let field = match self.target() {
            TargetUse::Values => {
                let values = self.surface.places().map(|place| self.rule().undo(0, place[0])).collect();
                Field::Levels { name: names[0].clone(), values }
            }
            TargetUse::OneHot | TargetUse::Distribution => {
                Field::Classes { names, scores: self.surface.outputs.clone() }
            }
            TargetUse::Binary | TargetUse::Labels => {
                let names = if names.len() == 2 { names } else { [0, 1].map(|k| format!("{} = {k}", names[0])).into() };
                Field::Classes { names, scores: self.surface.places().flat_map(|p| [1.0 - p[0], p[0]]).collect() }
            }
        };
        let spot = |(split, row): (Split, u32)| {
            let place = self.axes.place(self.done.data, row);
            let value = if levels { self.value(row, 0) } else { 0.0 };
            Spot { x: place[0], y: place[1], of: if levels { 0 } else { self.class(row) }, value, split }
        };
        Regions {
            title: self.title(if levels { "the fitted value" } else { "decision regions" }),
            x: self.surface.axes[0].clone(),
            y: self.surface.axes[1].clone(),
            columns: self.surface.counts[0],
            field,
            points: self.rows().map(spot).collect(),
            rows: self.counts(),
            notes: self.notes(),
        }
    }
}

/// What other inputs are held at, in a sentence; nothing where there are none.
fn held(held: &[(String, Held)]) -> Option<String> {
    const MOST: usize = 6;
    let said = |(name, held): &(String, Held)| match held {
        Held::Mean(mean) => format!("{name} at its mean {}", digits(*mean, 4)),
        Held::Category(category) => format!("{name} at its most frequent value {category}"),
    };
    match held.len() {
        0 => None,
        1..=MOST => Some(format!("Held still: {}.", held.iter().map(said).collect::<Vec<_>>().join(", "))),
        many => {
            let numbers = held.iter().all(|(_, held)| matches!(held, Held::Mean(_)));
            let at = if numbers { "at their means" } else { "numbers at their mean, categories at the most frequent" };
            Some(format!("Held still: the other {} inputs, {at}.", grouped(many as u64)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_said() {
        let mean = |name: &str| (name.to_owned(), Held::Mean(1.0 / 3.0));
        assert_eq!(held(&[]), None);
        let two = [mean("a"), ("island".to_owned(), Held::Category("Dream".to_owned()))];
        let said = "Held still: a at its mean 0.3333, island at its most frequent value Dream.";
        assert_eq!(held(&two).as_deref(), Some(said));
        let many: Vec<_> = (0..62).map(|i| mean(&i.to_string())).collect();
        assert!(held(&many).is_some_and(|s| s == "Held still: the other 62 inputs, at their means."));
    }
}
