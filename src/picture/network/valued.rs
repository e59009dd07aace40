//! The neurons of a network coloured by their values for one row, the edges by their weights.
//!
//! Colours go from one side of 0 to the other, as far as the largest value of the neuron's own layer.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::{Columns, MARGIN, MOST_KEPT, Unit};
use super::neurons::{self, draw_edge, is_weighted};
use super::scene::{SPACING, Scene, draw_notes, notes_height, notes_of};
use super::{Graph, MOST_COLUMNS, MOST_UNITS};
use crate::picture::drawing::{Drawing, Frame, Stroke, Text};
use crate::picture::font;
use crate::picture::palette::{Ink, LEVELS};

/// A network with values.
#[derive(Clone, Debug, Default)]
pub struct Valued {
    /// The whole network.
    pub graph: Graph,
    /// What its neurons hold.
    pub units: Vec<ValuedUnit>,
    /// Lines under the picture, such as the row's loss.
    pub notes: Vec<String>,
}

/// One neuron's value.
#[derive(Clone, Debug, Default)]
pub struct ValuedUnit {
    /// The node and the neuron, counted from 0.
    pub at: (usize, usize),
    /// What it holds.
    pub value: f64,
    /// What stands at it, such as `0.87`.
    pub text: String,
}

const SIZE: f64 = 11.0;
/// The scale's width and height.
const SCALE: (f64, f64) = (2.0 * (2.0 * LEVELS as f64 + 1.0), 12.0);

impl Valued {
    /// The picture. Of a wide layer the neurons with the largest values are shown, of many layers the first and the
    /// last.
    pub fn draw(&self) -> Drawing {
        let (shown, left_out) = self.shown();
        let layers = Layers::new(self);
        let kept = layers.kept();
        let columns = Columns::new(&self.graph, &shown, &kept, SPACING);
        let mut scene = Scene::new(&columns, Vec::new());
        for unit in &self.units {
            scene.place_at_unit(&columns, unit.at, &unit.text);
        }
        let left_out = left_out.map(|n| format!("{n} layers between are not shown"));
        let notes = scene.listed.iter().chain(&left_out).chain(&self.notes).map(String::as_str);
        let key = self.key();
        let (width, notes) = notes_of(notes, columns.width.max(scale_width() + neurons::foot_width_of(&key)));
        let height = columns.bottom + 64.0 + notes_height(&notes);
        let mut drawing = Drawing::new(width, height, self.graph.description());
        for edge in self.graph.edges() {
            draw_edge(&mut drawing, &self.graph, &columns, edge);
        }
        columns.draw_skips(&mut drawing, Stroke::new(Ink::Muted, 1.2));
        columns.draw_units(&mut drawing, |unit| layers.ink(unit), |_| Stroke::new(Ink::Muted, 1.2));
        columns.draw_texts(&mut drawing);
        scene.texts.into_iter().for_each(|text| drawing.text_on_plate(text));
        let y = columns.bottom + 30.0;
        draw_scale(&mut drawing, y);
        neurons::draw_foot_at(&mut drawing, (MARGIN + scale_width(), y), &key);
        draw_notes(&mut drawing, y + 30.0, notes);
        drawing
    }

    /// All nodes, or of many the first and the last; and how many that leaves out.
    fn shown(&self) -> (Vec<usize>, Option<usize>) {
        let count = self.graph.nodes.len();
        let most = 2 * MOST_COLUMNS;
        if count <= most {
            return ((0..count).collect(), None);
        }
        ((0..most / 2).chain(count - most / 2..count).collect(), Some(count - most))
    }

    fn key(&self) -> Vec<(Option<Ink>, String)> {
        let weighted = self.graph.edges().any(|e| is_weighted(&self.graph, e));
        if weighted { neurons::signs() } else { Vec::new() }
    }
}

/// Values by their layer.
struct Layers(Vec<BTreeMap<usize, f64>>);

impl Layers {
    fn new(valued: &Valued) -> Self {
        let mut layers = vec![BTreeMap::new(); valued.graph.nodes.len()];
        for unit in &valued.units {
            if let Some(layer) = layers.get_mut(unit.at.0) {
                layer.insert(unit.at.1, unit.value);
            }
        }
        Self(layers)
    }

    /// A value's colour: how far it is of the largest of its layer, whatever their signs.
    fn ink(&self, (node, unit): Unit) -> Ink {
        let Some(value) = self.0.get(node).and_then(|layer| layer.get(&unit)) else { return Ink::Face };
        let largest = self.0[node].values().filter(|v| v.is_finite()).fold(0.0, |most: f64, v| most.max(v.abs()));
        Ink::signed(*value, largest)
    }

    /// Of each layer all neurons, or of a wide one those with the largest values.
    fn kept(&self) -> BTreeSet<Unit> {
        let kept = self.0.iter().enumerate().flat_map(|(node, layer)| {
            let mut own: Vec<(usize, f64)> = layer.iter().map(|(unit, value)| (*unit, value.abs())).collect();
            if own.len() > MOST_UNITS {
                own.sort_by(|a, b| b.1.total_cmp(&a.1));
                own.truncate(MOST_KEPT);
            }
            own.into_iter().map(move |(unit, _)| (node, unit))
        });
        kept.collect()
    }
}

const LOW: &str = "−largest of its layer";
const HIGH: &str = "+largest";

fn scale_width() -> f64 {
    font::width(LOW, SIZE, false) + SCALE.0 + font::width(HIGH, SIZE, false) + 44.0
}

/// The colours of values from one side of 0 to the other.
fn draw_scale(drawing: &mut Drawing, y: f64) {
    // On whole pixels, so that the steps lie edge to edge.
    let left = (MARGIN + font::width(LOW, SIZE, false) + 8.0).ceil();
    let y = y.round();
    drawing.text(Text::new((MARGIN, y + 4.0), LOW, SIZE, Ink::Muted));
    let levels = -(LEVELS as i8)..=LEVELS as i8;
    let wide = SCALE.0 / f64::from(2 * LEVELS + 1);
    for (i, level) in levels.enumerate() {
        let frame = Frame { x: left + i as f64 * wide, y: y - SCALE.1 / 2.0, width: wide, height: SCALE.1 };
        drawing.cells(vec![frame], Ink::Signed(level));
    }
    let frame = Frame { x: left, y: y - SCALE.1 / 2.0, width: SCALE.0, height: SCALE.1 };
    drawing.block(frame, 0.0, None, Some(Stroke::new(Ink::Axis, 1.0)));
    drawing.text(Text::new((left + SCALE.0 + 8.0, y + 4.0), HIGH, SIZE, Ink::Muted));
}
