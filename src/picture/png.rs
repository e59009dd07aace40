//! The PNG writer: a [`Drawing`] rasterised in its light colours, texts from the embedded font's outlines.
//!
//! The file format is five calls over `flate2` (PNG specification, third edition, 5.3), so no other crate.

use std::io::Write;

use flate2::{Compression, Crc, write::ZlibEncoder};
use tiny_skia::{FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, Rect, StrokeDash, Transform};
use ttf_parser::OutlineBuilder;

use super::drawing::{Anchor, Drawing, Frame, Point, Segment, Shape, Stroke, Text};
use super::font;
use super::palette::Ink;

/// No picture has more pixels.
const MOST_PIXELS: f64 = 40e6;

impl Drawing {
    /// The picture as PNG bytes, `scale` pixels to each of the drawing's (2 is sharp on any screen).
    ///
    /// A drawing too large for `scale` is drawn smaller. Empty only if memory for the pixels is refused.
    pub fn png(&self, scale: f64) -> Vec<u8> {
        let scale = if scale.is_finite() { scale.clamp(0.1, 8.0) } else { 1.0 };
        let scale = scale.min((MOST_PIXELS / (self.width * self.height).max(1.0)).sqrt());
        let across = (self.width * scale).floor().max(1.0) as u32;
        let down = (self.height * scale).floor().max(1.0) as u32;
        let Some(pixels) = Pixmap::new(across, down) else { return Vec::new() };
        let mut canvas = Canvas { pixels, transform: Transform::from_scale(scale as f32, scale as f32) };
        canvas.pixels.fill(colour(Ink::Card, 1.0));
        self.shapes.iter().for_each(|shape| canvas.shape(shape));
        encode(across, down, canvas.pixels.data()).unwrap_or_default()
    }
}

struct Canvas {
    pixels: Pixmap,
    transform: Transform,
}

impl Canvas {
    fn shape(&mut self, shape: &Shape) {
        match shape {
            Shape::Box { frame, radius, fill, stroke } => self.outline(rounded(*frame, *radius), *fill, *stroke),
            Shape::Circle { at, radius, fill, stroke } => {
                let path = PathBuilder::from_circle(at.0 as f32, at.1 as f32, *radius as f32);
                self.outline(path, *fill, *stroke);
            }
            Shape::Path { segments, stroke } => self.outline(open(segments), None, Some(*stroke)),
            Shape::Area { corners, fill, stroke } => self.outline(closed(corners), Some(*fill), *stroke),
            Shape::Cells { frames, fill } => self.outline(cells(frames), Some(*fill), None),
            Shape::Text(text) => self.text(text),
        }
    }

    fn outline(&mut self, path: Option<Path>, fill: Option<Ink>, stroke: Option<Stroke>) {
        let Some(path) = path else { return };
        if let Some(ink) = fill {
            self.pixels.fill_path(&path, &paint(ink, 1.0), FillRule::Winding, self.transform, None);
        }
        if let Some(stroke) = stroke {
            let dash = stroke.dash.and_then(|(dash, gap)| StrokeDash::new(vec![dash as f32, gap as f32], 0.0));
            let line = tiny_skia::Stroke {
                width: stroke.width as f32,
                line_cap: LineCap::Round,
                line_join: LineJoin::Round,
                dash,
                ..Default::default()
            };
            self.pixels.stroke_path(&path, &paint(stroke.ink, stroke.opacity), &line, self.transform, None);
        }
    }

    fn text(&mut self, text: &Text) {
        let path = letters(text);
        // There is no second, bold font: a rim of the letter's own ink thickens it.
        let rim = text.bold.then(|| Stroke::new(text.ink, 0.055 * text.size));
        self.outline(path, Some(text.ink), rim);
    }
}

fn colour(ink: Ink, opacity: f64) -> tiny_skia::Color {
    let [r, g, b] = ink.light();
    tiny_skia::Color::from_rgba8(r, g, b, (opacity.clamp(0.0, 1.0) * 255.0).round() as u8)
}

fn paint(ink: Ink, opacity: f64) -> Paint<'static> {
    // As in SVG: no seams between cells.
    let mut paint = Paint { anti_alias: !matches!(ink, Ink::Region(..) | Ink::Level(_)), ..Paint::default() };
    paint.set_color(colour(ink, opacity));
    paint
}

fn rounded(frame: Frame, radius: f64) -> Option<Path> {
    let rect = Rect::from_xywh(frame.x as f32, frame.y as f32, frame.width as f32, frame.height as f32)?;
    if radius <= 0.0 {
        return Some(PathBuilder::from_rect(rect));
    }
    let r = (radius as f32).min(rect.width() / 2.0).min(rect.height() / 2.0);
    let (left, top, right, bottom) = (rect.left(), rect.top(), rect.right(), rect.bottom());
    let mut path = PathBuilder::new();
    path.move_to(left + r, top);
    path.line_to(right - r, top);
    path.quad_to(right, top, right, top + r);
    path.line_to(right, bottom - r);
    path.quad_to(right, bottom, right - r, bottom);
    path.line_to(left + r, bottom);
    path.quad_to(left, bottom, left, bottom - r);
    path.line_to(left, top + r);
    path.quad_to(left, top, left + r, top);
    path.close();
    path.finish()
}

fn open(segments: &[Segment]) -> Option<Path> {
    let mut path = PathBuilder::new();
    let f = |p: Point| (p.0 as f32, p.1 as f32);
    for segment in segments {
        match *segment {
            Segment::Move(to) => path.move_to(f(to).0, f(to).1),
            Segment::Line(to) => path.line_to(f(to).0, f(to).1),
            Segment::Curve(a, b, to) => path.cubic_to(f(a).0, f(a).1, f(b).0, f(b).1, f(to).0, f(to).1),
        }
    }
    path.finish()
}

fn closed(corners: &[Point]) -> Option<Path> {
    let mut path = PathBuilder::new();
    for (i, &(x, y)) in corners.iter().enumerate() {
        if i == 0 { path.move_to(x as f32, y as f32) } else { path.line_to(x as f32, y as f32) }
    }
    path.close();
    path.finish()
}

fn cells(frames: &[Frame]) -> Option<Path> {
    let mut path = PathBuilder::new();
    let rect = |f: &Frame| Rect::from_xywh(f.x as f32, f.y as f32, f.width as f32, f.height as f32);
    frames.iter().filter_map(rect).for_each(|r| path.push_rect(r));
    path.finish()
}

/// A glyph's outline, from font units to the card.
struct Pen {
    path: PathBuilder,
    x: f32,
    y: f32,
    scale: f32,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.path.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.path.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.path.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}

fn letters(text: &Text) -> Option<Path> {
    let face = font::face()?;
    let scale = (text.size / f64::from(face.units_per_em())) as f32;
    // Measured bold texts are as wide as a bold font's; set are the plain letters, a little apart for their rims.
    let stretch = if text.bold { 1.03 } else { 1.0 };
    let set = font::width(&text.words, text.size, false) * stretch;
    let mut pen = Pen { path: PathBuilder::new(), x: 0.0, y: text.at.1 as f32, scale };
    let mut x = match text.anchor {
        Anchor::Start => text.at.0,
        Anchor::Middle => text.at.0 - set / 2.0,
        Anchor::End => text.at.0 - set,
    };
    for c in text.words.chars() {
        let (id, ems) = font::glyph(c);
        pen.x = x as f32;
        face.outline_glyph(id, &mut pen);
        x += ems * text.size * stretch;
    }
    pen.path.finish()
}

fn encode(across: u32, down: u32, rgba: &[u8]) -> std::io::Result<Vec<u8>> {
    let row = across as usize * 4;
    let mut lines = ZlibEncoder::new(Vec::new(), Compression::new(6));
    let mut line = Vec::with_capacity(1 + across as usize * 3);
    for (y, pixels) in rgba.chunks_exact(row).enumerate() {
        // Filter "up" (9.2): most lines repeat the one above. Every pixel is opaque, so alpha is left out.
        line.clear();
        line.push(if y == 0 { 0 } else { 2 });
        for (x, pixel) in pixels.chunks_exact(4).enumerate() {
            let above = |channel: usize| if y == 0 { 0 } else { rgba[(y - 1) * row + x * 4 + channel] };
            line.extend((0..3).map(|channel| pixel[channel].wrapping_sub(above(channel))));
        }
        lines.write_all(&line)?;
    }
    let mut head = [across.to_be_bytes(), down.to_be_bytes()].concat();
    head.extend([8, 2, 0, 0, 0]);
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut out, *b"IHDR", &head);
    chunk(&mut out, *b"IDAT", &lines.finish()?);
    chunk(&mut out, *b"IEND", &[]);
    Ok(out)
}

fn chunk(out: &mut Vec<u8>, kind: [u8; 4], body: &[u8]) {
    let mut crc = Crc::new();
    crc.update(&kind);
    crc.update(body);
    out.extend((body.len() as u32).to_be_bytes());
    out.extend(kind);
    out.extend(body);
    out.extend(crc.sum().to_be_bytes());
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_file_holds_the_pixels_that_were_drawn() {
        let mut drawing = Drawing::new(40.0, 20.0, "t");
        drawing.text(Text::new((2.0, 15.0), "loss", 14.0, Ink::Text));
        let png = drawing.png(2.0);
        assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!((&png[16..20], &png[20..24]), (&80u32.to_be_bytes()[..], &40u32.to_be_bytes()[..]));
        let body = &png[33 + 8..png.len() - 16];
        let mut lines = Vec::new();
        flate2::read::ZlibDecoder::new(body).read_to_end(&mut lines).expect("deflate");
        assert_eq!(lines.len(), 40 * (1 + 80 * 3));
        let mut above = vec![0u8; 240];
        let mut dark = 0;
        for line in lines.chunks_exact(241) {
            above.iter_mut().zip(&line[1..]).for_each(|(a, b)| *a = a.wrapping_add(*b));
            dark += above.chunks_exact(3).filter(|p| p[0] < 0x80).count();
        }
        assert!((100..1600).contains(&dark), "{dark} dark pixels");
    }

    #[test]
    fn size_is_bounded() {
        let drawing = Drawing::new(30_000.0, 30_000.0, "t");
        assert!(drawing.png(8.0).len() < 4_000_000);
    }
}
