//! [`Features`]: the input columns as rules see them, with their names, places and statistics.

use crate::check::rules::Subject;
use crate::check::with_rows;
use crate::data::{Dataset, InputKind, Inputs, are_numbers};
use crate::ir::spec::{DataSource, Scale, Statistics};
use crate::source::Span;
use crate::tensor::Real;
use std::collections::BTreeMap;

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
    /// Whether it is a place of one thing with many, such as a pixel, and shares its unit with them.
    pub(super) place: bool,
}

/// One input column of categories.
pub(super) struct Category {
    /// Its name.
    pub(super) name: String,
    /// How many values it has.
    pub(super) values: usize,
    /// Whether most of them are numbers or dates in a form that is not read: such a column measures something.
    pub(super) measures: bool,
}

/// The inputs.
pub(in crate::check::rules) struct Features {
    /// Numbers, each on its own.
    pub(super) numbers: Vec<Feature>,
    /// Categories.
    pub(super) categories: Vec<Category>,
    /// Whether all the numbers are places of one thing.
    pub(super) alike: bool,
    /// How they are scaled.
    pub(super) scale: Scale,
}

/// As many columns of one unit look like a picture.
const PICTURE: usize = 16;

impl Features {
    /// Those of a program.
    pub(in crate::check::rules) fn of(subject: &Subject<'_>) -> Self {
        let scale = subject.program.data.scale.value;
        with_rows!(subject.data, data => gather(data, scale))
    }

    /// Whether any number is on a scale that weights do not start for: far from 0, or hardly apart.
    pub(in crate::check::rules) fn is_far_from_one(&self) -> bool {
        let is_far = |s: &Statistics| s.min.abs().max(s.max.abs()) > 2.0 || s.std > 0.0 && s.std < 0.1;
        self.numbers.iter().any(|f| is_far(&f.prepared))
    }

    /// All places as one column: what holds of a picture. `None` where there are none.
    pub(super) fn pooled(&self) -> Option<Feature> {
        let all = || self.numbers.iter().filter(|f| f.place).map(|f| f.prepared);
        let count = all().count() as f64;
        if count == 0.0 {
            return None;
        }
        let mean = all().map(|s| s.mean).sum::<f64>() / count;
        let square = all().map(|s| s.mean * s.mean + s.std * s.std).sum::<f64>() / count;
        let statistics = Statistics {
            min: all().map(|s| s.min).fold(f64::INFINITY, f64::min),
            max: all().map(|s| s.max).fold(f64::NEG_INFINITY, f64::max),
            mean,
            std: (square - mean * mean).max(0.0).sqrt(),
        };
        let name = format!("the {count} columns");
        Some(Feature { name, index: 0, raw: statistics, prepared: statistics, place: true })
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
                        place: false,
                    }),
                    InputKind::Category { names, .. } => {
                        categories.push(Category {
                            name: column.name.clone(),
                            values: names.len(),
                            measures: are_numbers(names),
                        });
                    }
                }
                index += column.kind.width();
            }
            mark_places(&mut numbers);
            let alike = !numbers.is_empty() && numbers.iter().all(|f| f.place);
            Features { numbers, categories, alike, scale }
        }
        Inputs::Block(block) => {
            let raw = |place: usize| block.statistics[place % block.statistics.len()];
            let number = |(index, &prepared): (usize, &Statistics)| Feature {
                name: format!("place {index}"),
                index,
                raw: raw(index),
                prepared,
                place: false,
            };
            numbers = prepared.iter().enumerate().map(number).collect();
            mark_places(&mut numbers);
            let alike = block.shape.len() > 1 || numbers.iter().all(|f| f.place);
            for number in &mut numbers {
                number.place |= alike;
            }
            Features { numbers, categories, alike, scale }
        }
    }
}

/// Marks the columns that are places of one thing: those with a name and a number, as `p0` to `p63`, where they are
/// most of the columns, otherwise all; and only where they share their unit.
fn mark_places(numbers: &mut [Feature]) {
    let stem = |f: &Feature| f.name.trim_end_matches(|c: char| c.is_ascii_digit() || "_-x,. ".contains(c)).to_owned();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for feature in numbers.iter() {
        *counts.entry(stem(feature)).or_default() += 1;
    }
    let most = counts.iter().max_by_key(|(_, count)| **count);
    let common = most.filter(|(_, count)| **count >= PICTURE && 2 * **count >= numbers.len()).map(|(stem, _)| stem);
    let is_meant = |f: &Feature| common.is_none_or(|common| *common == stem(f));
    let meant: Vec<&Feature> = numbers.iter().filter(|f| is_meant(f)).collect();
    if share_a_unit(&meant) {
        let places: Vec<bool> = numbers.iter().map(is_meant).collect();
        numbers.iter_mut().zip(places).for_each(|(f, place)| f.place = place);
    }
}

/// Whether many columns have the same least value, and most of them nearly the same largest one: places of a picture
/// or a spectrum, of which some are always dark.
fn share_a_unit(numbers: &[&Feature]) -> bool {
    if numbers.len() < PICTURE {
        return false;
    }
    let low = numbers.iter().map(|f| f.raw.min).fold(f64::INFINITY, f64::min);
    let high = numbers.iter().map(|f| f.raw.max).fold(f64::NEG_INFINITY, f64::max);
    let near = |f: &&&Feature| f.raw.min - low <= 0.1 * (high - low) && high - f.raw.max <= 0.25 * (high - low);
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
