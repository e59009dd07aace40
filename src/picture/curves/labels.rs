//! The names at the right of the frame, each as near its line's end as the others allow.

use super::SIZE;
use super::frame::Bounds;
use super::trace::Trace;
use crate::picture::drawing::{Drawing, Frame, Point, Segment, Stroke, Text};
use crate::picture::font;
use crate::picture::number;
use crate::picture::palette::Ink;

/// From one name's baseline to the next one's.
pub(super) const PITCH: f64 = 17.0;
/// No more lines than this are named.
const MOST_LABELS: usize = 40;
/// No name is wider.
const MOST_WIDTH: f64 = 230.0;
/// From the frame to the line's sample, and from there to its name.
const LEAD: f64 = 16.0;
const SAMPLE: f64 = 18.0;

/// One name.
pub(super) struct Label {
    /// The line's number; none for the last words about those left out.
    trace: Option<usize>,
    name: String,
    /// What stands behind the name, in a quieter ink.
    value: String,
}

impl Label {
    /// Names for the lines; where they are many, for those that end lowest. `all`: how many there were to draw;
    /// `x_name`: what x counts.
    pub(super) fn all(traces: &[Trace], all: usize, x_name: &str) -> Vec<Self> {
        let mut order: Vec<usize> = (0..traces.len()).collect();
        if order.len() > MOST_LABELS {
            let end = |n: &usize| traces[*n].end().filter(|_| !traces[*n].diverged).map_or(f64::INFINITY, |p| p.1);
            order.sort_by(|a, b| end(a).total_cmp(&end(b)));
            order.truncate(MOST_LABELS - 1);
        }
        let mut labels: Vec<Self> = order.iter().map(|n| Self::one(*n, &traces[*n], x_name)).collect();
        if labels.len() < all {
            let rest = format!("and {} more, which end higher", all - labels.len());
            labels.push(Self { trace: None, name: String::new(), value: rest });
        }
        labels
    }

    fn one(n: usize, trace: &Trace, x_name: &str) -> Self {
        let value = match (trace.lost_at, trace.end()) {
            (Some(x), Some(_)) => {
                format!("not finite at {} {}", font::fit(x_name, SIZE, false, 80.0), number::short(x))
            }
            (None, Some(_)) if trace.diverged => "diverged".into(),
            (None, Some((_, y))) => number::short(y),
            (_, None) => "never finite".into(),
        };
        Self { trace: Some(n), name: font::fit(trace.name, SIZE, false, MOST_WIDTH), value }
    }

    fn width(&self) -> f64 {
        font::width(&self.name, SIZE, false) + 8.0 + font::width(&self.value, SIZE, false)
    }
}

/// The room all names take beside the frame.
pub(super) fn width(labels: &[Label]) -> f64 {
    LEAD + SAMPLE + 6.0 + labels.iter().map(Label::width).fold(0.0, f64::max)
}

pub(super) fn draw(
    drawing: &mut Drawing,
    plot: Frame,
    bounds: &Bounds,
    traces: &[Trace],
    labels: &[Label],
    ink: impl Fn(usize) -> Ink,
) {
    let wanted: Vec<f64> = labels.iter().map(|l| wanted(l, plot, bounds, traces)).collect();
    let places = apart(&wanted, plot.y, plot.bottom(), PITCH);
    for (label, y) in labels.iter().zip(places) {
        let x = plot.right() + LEAD;
        let name = x + SAMPLE + 6.0;
        if let Some(n) = label.trace {
            if let Some(end) = traces[n].end().filter(|_| !traces[n].diverged) {
                leader(drawing, bounds.at(plot, end), (x, y), plot, ink(n));
            }
            drawing.line((x, y), (x + SAMPLE, y), traces[n].stroke(ink(n), 2.5));
        }
        let value = name + if label.name.is_empty() { 0.0 } else { font::width(&label.name, SIZE, false) + 8.0 };
        drawing.text(Text::new((name, y + 4.2), label.name.clone(), SIZE, Ink::Text));
        drawing.text(Text::new((value, y + 4.2), label.value.clone(), SIZE, Ink::Muted));
    }
}

fn wanted(label: &Label, plot: Frame, bounds: &Bounds, traces: &[Trace]) -> f64 {
    let Some(trace) = label.trace.map(|n| &traces[n]) else { return plot.y };
    // What diverged left through the top, or would have.
    let end = trace.end().filter(|_| !trace.diverged);
    end.map_or(plot.y, |end| bounds.at(plot, end).1.clamp(plot.y, plot.bottom()))
}

/// From a line's end to its name: a slight curve, only where the line reaches the frame's right.
fn leader(drawing: &mut Drawing, from: Point, to: Point, plot: Frame, ink: Ink) {
    if from.0 < plot.right() - 0.04 * plot.width {
        return;
    }
    let middle = f64::midpoint(from.0.max(plot.right()), to.0);
    let segments = vec![Segment::Move(from), Segment::Curve((middle, from.1), (middle, to.1), to)];
    drawing.path(segments, Stroke::new(ink, 1.0).opacity(0.55));
}

/// Places at least `pitch` apart within `top..=bottom`, in the order wanted and near to it.
fn apart(wanted: &[f64], top: f64, bottom: f64, pitch: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|a, b| wanted[*a].total_cmp(&wanted[*b]));
    // Names that would meet join a group, which lies around the middle of what its members want.
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let start = |group: &[usize]| {
        let mean = group.iter().map(|i| wanted[*i]).sum::<f64>() / group.len() as f64;
        let tall = (group.len() - 1) as f64 * pitch;
        (mean - tall / 2.0).min(bottom - tall).max(top)
    };
    for i in order {
        let mut group = vec![i];
        while let Some(above) = groups.pop_if(|g| start(g) + g.len() as f64 * pitch > start(&group)) {
            group = [above, group].concat();
        }
        groups.push(group);
    }
    let mut places = vec![0.0; wanted.len()];
    for group in &groups {
        group.iter().enumerate().for_each(|(n, i)| places[*i] = start(group) + n as f64 * pitch);
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_keep_apart_and_in_order() {
        assert_eq!(apart(&[50.0, 10.0], 0.0, 100.0, 10.0), [50.0, 10.0]);
        assert_eq!(apart(&[50.0, 50.0, 50.0], 0.0, 100.0, 10.0), [40.0, 50.0, 60.0]);
        assert_eq!(apart(&[0.0, 0.0, 12.0], 0.0, 100.0, 10.0), [0.0, 10.0, 20.0]);
        assert_eq!(apart(&[99.0, 100.0, 85.0], 0.0, 100.0, 10.0), [90.0, 100.0, 80.0]);
    }
}
