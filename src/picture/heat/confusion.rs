//! A confusion matrix: rows are true classes, columns predicted ones, each cell as dark as its share of the row.

use crate::picture::drawing::{Anchor, Drawing, Frame, Text};
use crate::picture::font;
use crate::picture::palette::{Ink, LEVELS, contrast};
use crate::text::grouped;

/// How often each class was taken for each.
#[derive(Clone, Debug, Default)]
pub struct Confusion {
    /// Above the picture.
    pub title: String,
    /// The classes' names.
    pub classes: Vec<String>,
    /// true × predicted, row-major; what is missing counts as 0.
    pub counts: Vec<u64>,
}

const MARGIN: f64 = 24.0;
const SIZE: f64 = 12.0;
/// More classes are not drawn.
const MOST_CLASSES: usize = 120;
/// More classes have cells too small for numbers.
const MOST_NAMED: usize = 24;

impl Confusion {
    /// The picture. Beyond 24 classes the cells have no numbers, beyond 120 classes the rest is left out.
    pub fn draw(&self) -> Drawing {
        let grid = Grid::new(self);
        let height = grid.top + grid.count as f64 * grid.high + 46.0;
        let width = grid.left + (grid.count as f64 * grid.wide).max(220.0) + MARGIN;
        let words = self.summary();
        let mut drawing = Drawing::new(width, height, format!("{}: confusion matrix, {words}", self.title));
        let title = font::fit(&self.title, 15.0, true, width - 2.0 * MARGIN);
        drawing.text(Text::new((MARGIN, 34.0), title, 15.0, Ink::Text).bold());
        drawing.text(Text::new((grid.left - 10.0, 62.0), "true", SIZE, Ink::Muted).anchor(Anchor::End));
        drawing.text(Text::new((grid.left, 62.0), "predicted →", SIZE, Ink::Muted));
        for row in 0..grid.count {
            grid.draw_row(&mut drawing, self, row);
        }
        drawing.text(Text::new(
            (MARGIN, height - 20.0),
            font::fit(&words, SIZE, false, width - 2.0 * MARGIN),
            SIZE,
            Ink::Muted,
        ));
        drawing
    }

    fn count(&self, row: usize, column: usize) -> u64 {
        self.counts.get(row * self.classes.len() + column).copied().unwrap_or(0)
    }

    fn summary(&self) -> String {
        let all = self.counts.iter().fold(0u64, |sum, n| sum.saturating_add(*n));
        let right = (0..self.classes.len()).fold(0u64, |sum, i| sum.saturating_add(self.count(i, i)));
        let share = if all == 0 { String::new() } else { format!(" ({:.1} %)", 100.0 * right as f64 / all as f64) };
        format!("{} of {} right{share}", grouped(right), grouped(all))
    }
}

/// Where the cells lie.
struct Grid {
    count: usize,
    left: f64,
    top: f64,
    wide: f64,
    high: f64,
}

impl Grid {
    fn new(confusion: &Confusion) -> Self {
        let count = confusion.classes.len().min(MOST_CLASSES);
        let widest = |most: f64| {
            let names = confusion.classes.iter().take(count);
            names.map(|n| font::width(&font::fit(n, SIZE, false, most), SIZE, false)).fold(0.0, f64::max)
        };
        if count > MOST_NAMED {
            return Self { count, left: MARGIN + 40.0, top: 72.0, wide: 8.0, high: 8.0 };
        }
        let numbers = confusion.counts.iter().max().map_or(0.0, |most| font::width(&grouped(*most), SIZE, false));
        let wide = widest(92.0).max(numbers).clamp(32.0, 160.0) + 12.0;
        Self { count, left: MARGIN + widest(170.0).max(30.0) + 10.0, top: 92.0, wide, high: 40.0f64.min(wide) }
    }

    fn draw_row(&self, drawing: &mut Drawing, confusion: &Confusion, row: usize) {
        let counts: Vec<u64> = (0..confusion.classes.len()).map(|column| confusion.count(row, column)).collect();
        let all: f64 = counts.iter().map(|n| *n as f64).sum::<f64>().max(1.0);
        let named = self.count <= MOST_NAMED;
        let y = self.top + row as f64 * self.high;
        for (column, count) in counts.iter().enumerate().take(self.count) {
            let x = self.left + column as f64 * self.wide;
            let level = level(*count as f64 / all);
            let rim = if named { 1.0 } else { 0.25 };
            let frame = Frame { x, y, width: self.wide, height: self.high }.grown(-rim);
            drawing.block(
                frame,
                if named { 3.0 } else { 0.0 },
                Some(if level == 0 { Ink::Face } else { Ink::Heat(level) }),
                None,
            );
            if named {
                let ink = if *count == 0 { Ink::Muted } else { on(level) };
                let words = font::fit(&grouped(*count), SIZE, false, self.wide - 4.0);
                let at = (x + self.wide / 2.0, y + self.high / 2.0 + 4.2);
                drawing.text(Text::new(at, words, SIZE, ink).anchor(Anchor::Middle));
            }
        }
        if named {
            let name = &confusion.classes[row];
            let middle = self.left + (row as f64 + 0.5) * self.wide;
            let above = font::fit(name, SIZE, false, self.wide - 8.0);
            drawing.text(Text::new((middle, self.top - 8.0), above, SIZE, Ink::Text).anchor(Anchor::Middle));
            let at = (self.left - 10.0, y + self.high / 2.0 + 4.2);
            drawing.text(Text::new(at, font::fit(name, SIZE, false, 170.0), SIZE, Ink::Text).anchor(Anchor::End));
        }
    }
}

/// A cell's level by its share of the row: nothing is 0, one of very many stands out from it.
fn level(share: f64) -> u8 {
    if share <= 0.0 { 0 } else { readable(3 + (share * f64::from(LEVELS - 3)).round() as u8) }
}

/// The ink that is read on a cell of this level.
fn on(level: u8) -> Ink {
    if legibility(Ink::Text, level) >= legibility(Ink::Card, level) { Ink::Text } else { Ink::Card }
}

/// The least contrast of an ink on a level, in light and in dark surroundings.
fn legibility(ink: Ink, level: u8) -> f64 {
    let ground = Ink::Heat(level);
    contrast(ink.light(), ground.light()).min(contrast(ink.dark(), ground.dark()))
}

/// The next level on which an ink can be read: neither can in the middle.
fn readable(level: u8) -> u8 {
    (level..=LEVELS).find(|l| legibility(on(*l), *l) >= 4.5).unwrap_or(LEVELS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn legible(confusion: &Confusion) -> String {
        let drawing = confusion.draw();
        drawing.assert_legible();
        let svg = drawing.svg();
        roxmltree::Document::parse(&svg).expect("well formed");
        svg
    }

    #[test]
    fn counts_and_names_are_legible() {
        let classes = ["setosa", "versicolor", "a very long name of a very rare kind of iris"].map(Into::into).into();
        let confusion =
            Confusion { title: "iris.nn".into(), classes, counts: vec![50, 0, 0, 0, 47, 3, 0, 123_456, 49] };
        let svg = legible(&confusion);
        assert!(svg.contains(">123,456<") && svg.contains("146 of 123,605 right"), "{svg}");
    }

    #[test]
    fn many_classes_and_missing_counts_do_no_harm() {
        for count in [0, 1, 24, 25, 1000] {
            let classes: Vec<String> = (0..count).map(|i| format!("class {i}")).collect();
            let svg = legible(&Confusion { title: "x".into(), classes, counts: vec![u64::MAX; count] });
            assert!(svg.len() < 3_000_000, "{}", svg.len());
        }
    }

    #[test]
    fn every_level_in_use_can_be_read_on() {
        for level in 0..=LEVELS {
            let used = readable(level);
            assert!(used >= level && legibility(on(used), used) >= 4.5, "{level} {used}");
        }
    }
}
