//! [`Features`]: the input columns as rules see them, with their names, places and statistics.

use crate::check::Loaded;
use crate::check::rules::Subject;
use crate::data::{Dataset, InputKind, Inputs};
use crate::ir::spec::{DataSource, Scale, Statistics};
use crate::source::Span;
use crate::tensor::Real;

/// One input column of numbers.
pub(super) struct Feature {
    /// Its name.
    pub(super) name: String,
    /// Where it stands among the prepared inputs.
    pub(super) index: usize,
    /// As the data has it.
    pub(super) raw: Statistics,
    /// As the network sees it.
    pub(super) prepared: Statistics,
}

/// One input column of categories.
pub(super) struct Category {
    /// Its name.
    pub(super) name: String,
    /// How many values it has.
    pub(super) values: usize,
}

/// The inputs.
pub(super) struct Features {
    /// Numbers, each on its own.
    pub(super) numbers: Vec<Feature>,
    /// Categories.
    pub(super) categories: Vec<Category>,
    /// Whether the numbers are places of one thing, such as pixels, and share their unit.
    pub(super) alike: bool,
    /// How they are scaled.
    pub(super) scale: Scale,
}

/// As many columns of one unit look like a picture.
const PICTURE: usize = 16;

impl Features {
    /// Those of a program.
    pub(super) fn of(subject: &Subject<'_>) -> Self {
        let scale = subject.program.data.scale.value;
        match subject.data {
            Loaded::Single(data) => gather(data, scale),
            Loaded::Double(data) => gather(data, scale),
        }
    }

    /// All numbers as one column: what holds of a picture.
    pub(super) fn pooled(&self) -> Statistics {
        let count = self.numbers.len() as f64;
        let all = || self.numbers.iter().map(|f| f.prepared);
        let mean = all().map(|s| s.mean).sum::<f64>() / count;
        let square = all().map(|s| s.mean * s.mean + s.std * s.std).sum::<f64>() / count;
        Statistics {
            min: all().map(|s| s.min).fold(f64::INFINITY, f64::min),
            max: all().map(|s| s.max).fold(f64::NEG_INFINITY, f64::max),
            mean,
            std: (square - mean * mean).max(0.0).sqrt(),
        }
    }
}

fn gather<R: Real>(data: &Dataset<R>, scale: Scale) -> Features {
    let prepared = data.input_statistics();
    let (mut numbers, mut categories) = (Vec::new(), Vec::new());
    match &data.preparation.inputs {
        Inputs::Columns(columns) => {
            let mut index = 0;
            for column in columns {
                match &column.kind {
                    InputKind::Number { statistics, .. } => numbers.push(Feature {
                        name: column.name.clone(),
                        index,
                        raw: *statistics,
                        prepared: prepared[index],
                    }),
                    InputKind::Category { names, .. } => {
                        categories.push(Category { name: column.name.clone(), values: names.len() });
                    }
                }
                index += column.kind.width();
            }
            let alike = share_a_unit(&numbers);
            Features { numbers, categories, alike, scale }
        }
        Inputs::Block(block) => {
            let raw = |place: usize| block.statistics[place % block.statistics.len()];
            let number = |(index, &prepared): (usize, &Statistics)| Feature {
                name: format!("place {index}"),
                index,
                raw: raw(index),
                prepared,
            };
            numbers = prepared.iter().enumerate().map(number).collect();
            let alike = block.shape.len() > 1 || share_a_unit(&numbers);
            Features { numbers, categories, alike, scale }
        }
    }
}

/// Whether many columns have the same least value, and most of them nearly the same largest one: places of a picture
/// or a spectrum, of which some are always dark.
fn share_a_unit(numbers: &[Feature]) -> bool {
    if numbers.len() < PICTURE {
        return false;
    }
    let low = numbers.iter().map(|f| f.raw.min).fold(f64::INFINITY, f64::min);
    let high = numbers.iter().map(|f| f.raw.max).fold(f64::NEG_INFINITY, f64::max);
    let near = |f: &&Feature| f.raw.min - low <= 0.1 * (high - low) && high - f.raw.max <= 0.25 * (high - low);
    2 * numbers.iter().filter(near).count() >= numbers.len()
}

/// Where a column is named: in a table's header, in `inputs`, else the source.
pub(super) fn column_span(subject: &Subject<'_>, name: &str) -> Span {
    let data = &subject.program.data;
    if let DataSource::Inline(table) = &data.source
        && let Some(cell) = table.rows.first().and_then(|header| header.iter().find(|c| c.text == name))
    {
        return cell.span;
    }
    let listed = data.inputs.iter().flatten().find(|c| c.name == name);
    listed.map_or(data.source_span, |c| c.span)
}
