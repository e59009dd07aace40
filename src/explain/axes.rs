//! [`Axes`]: the one or two inputs over which a network is looked at, by the names of their columns.

use crate::data::{InputKind, Inputs, Preparation, Scaling};
use crate::diagnostic::suggest;

/// The inputs along the axes of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Axes {
    /// Every column of the data, in order.
    pub(super) columns: Vec<Column>,
    /// Those along the axes, by their places in `columns`: one or two.
    pub(super) chosen: Vec<usize>,
}

/// One column of inputs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Column {
    pub(super) name: String,
    /// Where its inputs begin among the network's.
    pub(super) place: usize,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Number(Scaling),
    Category(Vec<String>),
}

/// Why there are no such axes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoAxes {
    /// What stands in the way.
    pub message: String,
    /// What may be done.
    pub help: String,
}

impl Axes {
    /// The axes of these names; without names, the data's own one or two columns.
    ///
    /// # Errors
    /// Where there is no such column, where it holds no numbers, or where names are needed.
    pub fn choose(preparation: &Preparation, names: &[String]) -> Result<Self, NoAxes> {
        let refuse = |message: String, help: String| Err(NoAxes { message, help });
        let Some(columns) = columns(&preparation.inputs) else {
            let message = format!(
                "a fit is drawn over one or two inputs, and the data's are {} pictures",
                preparation.inputs.shape()
            );
            return refuse(message, "leave `fit` out".to_owned());
        };
        let numbers: Vec<&str> =
            columns.iter().filter(|c| matches!(c.kind, Kind::Number(_))).map(|c| c.name.as_str()).collect();
        let example = match *numbers.as_slice() {
            [] => "the data has no column of numbers to draw over: leave `fit` out".to_owned(),
            [one] => {
                format!("name the one to draw over, the others held still: `--plot 'fit({}):FILE.svg'`", quoted(one))
            }
            [a, b, ..] => {
                format!(
                    "name one or two to draw over, the others held still: `--plot 'fit({},{}):FILE.svg'`",
                    quoted(a),
                    quoted(b)
                )
            }
        };
        if names.is_empty() {
            if numbers.len() == columns.len() && (1..=2).contains(&columns.len()) {
                return Ok(Self { chosen: (0..columns.len()).collect(), columns });
            }
            let of = if numbers.len() == columns.len() { "" } else { ", not all of numbers" };
            let message = format!(
                "a fit is drawn over one or two inputs of numbers, and the data has {} columns of inputs{of}: {}",
                columns.len(),
                listed(&columns)
            );
            let message = message.replace("has 1 columns", "has 1 column");
            return refuse(message, example);
        }
        if names.len() > 2 {
            return refuse(format!("a fit is drawn over one or two inputs, and {} are named", names.len()), example);
        }
        let mut chosen = Vec::new();
        for name in names {
            let Some(at) = columns.iter().position(|c| c.name == *name) else {
                let near = suggest::nearest(name, columns.iter().map(|c| c.name.as_str()));
                let help = near.map_or_else(
                    || format!("its inputs are {}", listed(&columns)),
                    |near| format!("a name that is near: `{near}`"),
                );
                return refuse(format!("the data has no input `{name}` to draw a fit over"), help);
            };
            if let Kind::Category(_) = columns[at].kind {
                return refuse(format!("`{name}` holds categories, and an axis takes numbers"), example);
            }
            if chosen.contains(&at) {
                return refuse(format!("`{name}` is named twice as an axis"), example);
            }
            chosen.push(at);
        }
        Ok(Self { columns, chosen })
    }

    /// The names along the axes.
    pub fn names(&self) -> Vec<&str> {
        self.chosen.iter().map(|&c| self.columns[c].name.as_str()).collect()
    }
}

/// The columns of inputs; none where the inputs are pictures.
fn columns(inputs: &Inputs) -> Option<Vec<Column>> {
    match inputs {
        Inputs::Columns(columns) => {
            let mut place = 0;
            let column = |column: &crate::data::InputColumn| {
                let kind = match &column.kind {
                    InputKind::Number { scaling, .. } => Kind::Number(*scaling),
                    InputKind::Category { names, .. } => Kind::Category(names.clone()),
                };
                let own = Column { name: column.name.clone(), place, kind };
                place += column.kind.width();
                own
            };
            Some(columns.iter().map(column).collect())
        }
        Inputs::Block(block) if block.shape.len() > 1 => None,
        Inputs::Block(block) => {
            let scaling = |place: usize| block.scaling[place % block.scaling.len()];
            let column = |place| Column { name: format!("input[{place}]"), place, kind: Kind::Number(scaling(place)) };
            Some((0..block.shape.iter().product()).map(column).collect())
        }
    }
}

/// The first of them, and how many more.
fn listed(columns: &[Column]) -> String {
    const MOST: usize = 8;
    let names: Vec<&str> = columns.iter().take(MOST).map(|c| c.name.as_str()).collect();
    let more = if columns.len() > MOST { format!(", … ({} in all)", columns.len()) } else { String::new() };
    names.join(", ") + &more
}

/// A name as it stands in `fit(…)`: in quotes where it must.
fn quoted(name: &str) -> String {
    if name.contains([',', '(', ')', ':', '"']) { format!("\"{name}\"") } else { name.to_owned() }
}
