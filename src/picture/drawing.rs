//! A drawing: shapes and texts at places, in inks. What the pictures are made of, and all that the writers know.
//!
//! Not for layout: whoever adds a text has found it a place. [`Drawing::texts`] gives the boxes for tests to compare.

use super::font;
use super::palette::Ink;

/// A finished picture in pixels, y downward.
#[derive(Clone, Debug, Default)]
pub struct Drawing {
    /// Width in pixels.
    pub(super) width: f64,
    /// Height in pixels.
    pub(super) height: f64,
    /// What it shows, for readers who cannot see it.
    pub(super) title: String,
    pub(super) shapes: Vec<Shape>,
}

/// A place.
pub(super) type Point = (f64, f64);

/// How an outline is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stroke {
    pub(super) ink: Ink,
    pub(super) width: f64,
    pub(super) opacity: f64,
    /// Lengths of dash and gap.
    pub(super) dash: Option<(f64, f64)>,
}

impl Stroke {
    pub(super) const fn new(ink: Ink, width: f64) -> Self {
        Self { ink, width, opacity: 1.0, dash: None }
    }

    pub(super) const fn opacity(self, opacity: f64) -> Self {
        Self { opacity, ..self }
    }

    pub(super) const fn dash(self, dash: Option<(f64, f64)>) -> Self {
        Self { dash, ..self }
    }
}

/// One segment of an outline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Segment {
    Move(Point),
    Line(Point),
    Curve(Point, Point, Point),
}

/// Which point of a text lies at its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// One line of text on its baseline.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Text {
    pub(super) at: Point,
    pub(super) words: String,
    pub(super) size: f64,
    pub(super) anchor: Anchor,
    pub(super) ink: Ink,
    pub(super) bold: bool,
}

impl Text {
    pub(super) fn new(at: Point, words: impl Into<String>, size: f64, ink: Ink) -> Self {
        Self { at, words: words.into(), size, anchor: Anchor::Start, ink, bold: false }
    }

    pub(super) fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }

    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) fn width(&self) -> f64 {
        font::width(&self.words, self.size, self.bold)
    }

    /// Where the line begins.
    pub(super) fn left(&self) -> f64 {
        match self.anchor {
            Anchor::Start => self.at.0,
            Anchor::Middle => self.at.0 - self.width() / 2.0,
            Anchor::End => self.at.0 - self.width(),
        }
    }

    /// What the line covers.
    pub(super) fn frame(&self) -> Frame {
        let (ascent, descent) = (font::ASCENT * self.size, font::DESCENT * self.size);
        Frame { x: self.left(), y: self.at.1 - ascent, width: self.width(), height: ascent + descent }
    }
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Frame {
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }

    /// Larger by `rim` on all sides.
    pub(super) fn grown(self, rim: f64) -> Self {
        Self { x: self.x - rim, y: self.y - rim, width: self.width + 2.0 * rim, height: self.height + 2.0 * rim }
    }

    pub(super) fn right(&self) -> f64 {
        self.x + self.width
    }

    pub(super) fn bottom(&self) -> f64 {
        self.y + self.height
    }
}

/// One thing on the card.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Shape {
    Box {
        frame: Frame,
        radius: f64,
        fill: Option<Ink>,
        stroke: Option<Stroke>,
    },
    Circle {
        at: Point,
        radius: f64,
        fill: Option<Ink>,
        stroke: Option<Stroke>,
    },
    Path {
        segments: Vec<Segment>,
        stroke: Stroke,
    },
    /// A filled polygon.
    Area {
        corners: Vec<Point>,
        fill: Ink,
        stroke: Option<Stroke>,
    },
    /// Rectangles of one ink that lie edge to edge with others: drawn without smoothing.
    Cells {
        frames: Vec<Frame>,
        fill: Ink,
    },
    Text(Text),
}

impl Drawing {
    /// An empty card with a name for readers who cannot see it.
    pub(super) fn new(width: f64, height: f64, title: impl Into<String>) -> Self {
        Self { width: width.ceil(), height: height.ceil(), title: title.into(), shapes: Vec::new() }
    }

    /// Width and height in pixels.
    pub fn size(&self) -> (f64, f64) {
        (self.width, self.height)
    }

    pub(super) fn line(&mut self, from: Point, to: Point, stroke: Stroke) {
        self.shapes.push(Shape::Path { segments: vec![Segment::Move(from), Segment::Line(to)], stroke });
    }

    pub(super) fn path(&mut self, segments: Vec<Segment>, stroke: Stroke) {
        if segments.len() > 1 {
            self.shapes.push(Shape::Path { segments, stroke });
        }
    }

    pub(super) fn circle(&mut self, at: Point, radius: f64, fill: Option<Ink>, stroke: Option<Stroke>) {
        self.shapes.push(Shape::Circle { at, radius, fill, stroke });
    }

    pub(super) fn block(&mut self, frame: Frame, radius: f64, fill: Option<Ink>, stroke: Option<Stroke>) {
        self.shapes.push(Shape::Box { frame, radius, fill, stroke });
    }

    pub(super) fn area(&mut self, corners: Vec<Point>, fill: Ink, stroke: Option<Stroke>) {
        self.shapes.push(Shape::Area { corners, fill, stroke });
    }

    pub(super) fn cells(&mut self, frames: Vec<Frame>, fill: Ink) {
        self.shapes.push(Shape::Cells { frames, fill });
    }

    pub(super) fn text(&mut self, text: Text) {
        if !text.words.is_empty() {
            self.shapes.push(Shape::Text(text));
        }
    }

    /// A text on a plate in the card's colour, which holds lines away.
    pub(super) fn text_on_plate(&mut self, text: Text) {
        self.block(text.frame().grown(1.5), 3.0, Some(Ink::Card), None);
        self.text(text);
    }

    /// Every text and what it covers.
    #[cfg(test)]
    pub(super) fn texts(&self) -> Vec<(String, Frame)> {
        let text = |shape: &Shape| if let Shape::Text(t) = shape { Some((t.words.clone(), t.frame())) } else { None };
        self.shapes.iter().filter_map(text).collect()
    }

    /// Fails where two texts meet or one leaves the card.
    #[cfg(test)]
    pub(super) fn assert_legible(&self) {
        let texts = self.texts();
        for (i, (name, frame)) in texts.iter().enumerate() {
            assert!(frame.x >= 0.0 && frame.right() <= self.width, "`{name}` leaves the card sideways: {frame:?}");
            assert!(frame.y >= 0.0 && frame.bottom() <= self.height, "`{name}` leaves the card: {frame:?}");
            for (other, second) in &texts[i + 1..] {
                assert!(!frame.meets(second), "`{name}` meets `{other}`: {frame:?} {second:?}");
            }
        }
    }
}
