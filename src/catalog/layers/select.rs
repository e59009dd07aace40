//! select: the values of some of the data's columns, so that a branch sees those alone.

use super::{Backward, Coupling, Forward, Input, Kernel, Layer, LayerKind, LayerRole, Site};
use crate::catalog::bind::Arguments;
use crate::catalog::op::Op;
use crate::catalog::range::Values;
use crate::catalog::signature::{DefaultValue, Family, Foreign, Kind, Parameter, Signature};
use crate::diagnostic::{Diagnostic, codes, suggest};
use crate::syntax::spell;
use crate::syntax::tree::Name;
use crate::tensor::{Real, Shape};

/// The names of its parameters.
mod key {
    use crate::catalog::signature::{Key, held};

    pub(super) const COLUMNS: Key<held::Names> = Key::new("columns");
}

/// The kind.
pub(super) struct Select;

static SIGNATURE: Signature = Signature {
    name: "select",
    family: Family::Layer,
    summary: "the values of these columns of the data, in this order; all of a one-hot column's",
    formula: "y = (x at the columns' places)",
    range: "its input's",
    parameters: &[Parameter::positional(key::COLUMNS, Kind::Columns, DefaultValue::Required, "which columns")],
    example: "first: select [x] from=input",
    source: "",
    foreign: Foreign::NONE,
};

impl LayerKind for Select {
    fn signature(&self) -> &'static Signature {
        &SIGNATURE
    }

    fn configure(&self, arguments: &Arguments, site: &Site<'_>) -> Result<Box<dyn Layer>, Box<Diagnostic>> {
        let input = site.first();
        let Some(columns) = input.columns else { return Err(Box::new(not_columns(site))) };
        let mut places = Vec::new();
        for name in arguments.names(key::COLUMNS).unwrap_or_default() {
            let before = places.len();
            let mut first = 0;
            for (column, width) in columns {
                if *column == name.text {
                    places.extend(first..first + width);
                }
                first += width;
            }
            if places.len() == before {
                return Err(Box::new(unknown(name, input, columns)));
            }
        }
        Ok(Box::new(Selected { places, inputs: input.shape.size() }))
    }
}

/// The report on a `select` of values that are not the data's columns.
fn not_columns(site: &Site<'_>) -> Diagnostic {
    let input = site.first();
    Diagnostic::error(codes::UNKNOWN, format!("{} gives no columns to select from", input.name))
        .at(site.at, "takes columns of the data")
        .and_if(input.at, format!("gives {}", input.shape))
        .help("write `from=input` behind it, where the data is a table")
}

fn unknown(name: &Name, input: &Input<'_>, columns: &[(String, usize)]) -> Diagnostic {
    let mut report =
        Diagnostic::error(codes::UNKNOWN, format!("no input column is called {}", spell::quoted(&name.text)))
            .at(name.span, "not among the inputs")
            .and_if(input.at, "gives the columns");
    let names = || columns.iter().map(|(column, _)| column.as_str());
    if !suggest::offer(&mut report, (&name.text, name.span), names(), false, spell::name) {
        let listed: Vec<&str> = names().take(6).collect();
        let more = if columns.len() > listed.len() { ", …" } else { "" };
        report = report.help(format!("the inputs are {}{more}", listed.join(", ")));
    }
    report
}

/// A configured selection: where each of its values stands among its input's.
#[derive(Debug)]
struct Selected {
    places: Vec<usize>,
    inputs: usize,
}

impl Layer for Selected {
    fn kind(&self) -> &'static str {
        SIGNATURE.name
    }

    fn role(&self) -> LayerRole {
        LayerRole::Select
    }

    fn output(&self) -> Shape {
        Shape::vector(self.places.len())
    }

    fn range(&self, inputs: &[Values]) -> Values {
        Values { simplex: false, ..inputs[0] }
    }

    fn op(&self) -> Op {
        Op::Gather { indices: self.places.clone() }
    }

    fn coupling(&self, _input: usize) -> Coupling {
        let mut placed = vec![None; self.inputs];
        for (unit, &place) in self.places.iter().enumerate() {
            placed[place] = Some(unit);
        }
        Coupling::Placed(placed)
    }
}

impl<R: Real> Kernel<R> for Selected {
    fn forward(&self, pass: &mut Forward<'_, R>) {
        let rows = pass.y.chunks_exact_mut(self.places.len()).zip(pass.x.first().chunks_exact(self.inputs));
        for (y, x) in rows {
            for (y, &place) in y.iter_mut().zip(&self.places) {
                *y = x[place];
            }
        }
    }

    fn backward(&self, pass: &mut Backward<'_, R>) {
        pass.dx.fill(R::ZERO);
        let rows = pass.dx.chunks_exact_mut(self.inputs).zip(pass.dy.chunks_exact(self.places.len()));
        for (dx, dy) in rows {
            for (&dy, &place) in dy.iter().zip(&self.places) {
                dx[place] = dy;
            }
        }
    }
}
