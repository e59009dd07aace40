//! The SVG writer: a [`Drawing`] as text. Colours are style rules, a second set for dark surroundings.
//!
//! Not for layout. Numbers have two decimals at most, names are escaped, characters that XML forbids become `�`.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::drawing::{Anchor, Drawing, Frame, Segment, Shape, Stroke, Text};
use super::palette::{Ink, Rgb};

const FONTS: &str =
    "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,'DejaVu Sans',sans-serif";

impl Drawing {
    /// The picture as an SVG document: one file, no script, nothing loaded from elsewhere.
    pub fn svg(&self) -> String {
        let mut out = String::new();
        let (width, height) = (number(self.width), number(self.height));
        let title = escaped(&self.title);
        let _ = writeln!(
            out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" font-family=\"{FONTS}\" fill=\"none\" \
             stroke-linejoin=\"round\" stroke-linecap=\"round\">\n<title>{title}</title>"
        );
        styles(&mut out, &self.inks());
        let _ = writeln!(
            out,
            "<rect x=\".5\" y=\".5\" width=\"{}\" height=\"{}\" rx=\"8\" class=\"nn-card nn-grid-line\"/>",
            number(self.width - 1.0),
            number(self.height - 1.0)
        );
        for shape in &self.shapes {
            write_shape(&mut out, shape);
            out.push('\n');
        }
        out.push_str("</svg>\n");
        out
    }

    fn inks(&self) -> BTreeSet<Ink> {
        let mut inks = BTreeSet::from([Ink::Card, Ink::Grid]);
        for shape in &self.shapes {
            match shape {
                Shape::Box { fill, stroke, .. } | Shape::Circle { fill, stroke, .. } => {
                    inks.extend(fill.iter().copied().chain(stroke.iter().map(|s| s.ink)));
                }
                Shape::Path { stroke, .. } => {
                    inks.insert(stroke.ink);
                }
                Shape::Area { fill, stroke, .. } => {
                    inks.extend(std::iter::once(*fill).chain(stroke.iter().map(|s| s.ink)));
                }
                Shape::Cells { fill, .. } => {
                    inks.insert(*fill);
                }
                Shape::Text(text) => {
                    inks.insert(text.ink);
                }
            }
        }
        inks
    }
}

fn styles(out: &mut String, inks: &BTreeSet<Ink>) {
    out.push_str("<style>\n");
    rules(out, inks, Ink::light);
    out.push_str("@media (prefers-color-scheme: dark) {\n");
    rules(out, inks, Ink::dark);
    out.push_str("}\n</style>\n");
}

fn rules(out: &mut String, inks: &BTreeSet<Ink>, colour: impl Fn(Ink) -> Rgb) {
    for &ink in inks {
        let [r, g, b] = colour(ink);
        let name = ink.name();
        // Cells lie edge to edge: smoothed edges would show as seams.
        let crisp = if matches!(ink, Ink::Region(..) | Ink::Level(_)) { ";shape-rendering:crispEdges" } else { "" };
        let colour = format!("#{r:02x}{g:02x}{b:02x}");
        let _ = writeln!(out, ".{name}{{fill:{colour}{crisp}}} .{name}-line{{stroke:{colour}}}");
    }
}

fn write_shape(out: &mut String, shape: &Shape) {
    match shape {
        Shape::Box { frame, radius, fill, stroke } => {
            let _ = write!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
                number(frame.x),
                number(frame.y),
                number(frame.width),
                number(frame.height)
            );
            if *radius > 0.0 {
                let _ = write!(out, " rx=\"{}\"", number(*radius));
            }
            paint(out, *fill, *stroke);
        }
        Shape::Circle { at, radius, fill, stroke } => {
            let _ = write!(out, "<circle cx=\"{}\" cy=\"{}\" r=\"{}\"", number(at.0), number(at.1), number(*radius));
            paint(out, *fill, *stroke);
        }
        Shape::Path { segments, stroke } => {
            out.push_str("<path d=\"");
            for segment in segments {
                write_segment(out, *segment);
            }
            out.push('"');
            paint(out, None, Some(*stroke));
        }
        Shape::Area { corners, fill, stroke } => {
            out.push_str("<path d=\"");
            for (i, (x, y)) in corners.iter().enumerate() {
                let _ = write!(out, "{}{} {}", if i == 0 { 'M' } else { 'L' }, number(*x), number(*y));
            }
            out.push_str("Z\"");
            paint(out, Some(*fill), *stroke);
        }
        Shape::Cells { frames, fill } => {
            out.push_str("<path d=\"");
            for Frame { x, y, width, height } in frames {
                let (width, height) = (number(*width), number(*height));
                let _ = write!(out, "M{} {}h{width}v{height}h-{width}z", number(*x), number(*y));
            }
            out.push('"');
            paint(out, Some(*fill), None);
        }
        Shape::Text(text) => write_text(out, text),
    }
}

fn write_segment(out: &mut String, segment: Segment) {
    let _ = match segment {
        Segment::Move((x, y)) => write!(out, "M{} {}", number(x), number(y)),
        Segment::Line((x, y)) => write!(out, "L{} {}", number(x), number(y)),
        Segment::Curve(a, b, c) => write!(
            out,
            "C{} {} {} {} {} {}",
            number(a.0),
            number(a.1),
            number(b.0),
            number(b.1),
            number(c.0),
            number(c.1)
        ),
    };
}

fn paint(out: &mut String, fill: Option<Ink>, stroke: Option<Stroke>) {
    let names: Vec<String> =
        fill.iter().map(|f| f.name()).chain(stroke.iter().map(|s| format!("{}-line", s.ink.name()))).collect();
    let _ = write!(out, " class=\"{}\"", names.join(" "));
    if let Some(stroke) = stroke {
        let _ = write!(out, " stroke-width=\"{}\"", number(stroke.width));
        if stroke.opacity < 1.0 {
            let _ = write!(out, " stroke-opacity=\"{}\"", number(stroke.opacity));
        }
        if let Some((dash, gap)) = stroke.dash {
            let _ = write!(out, " stroke-dasharray=\"{} {}\"", number(dash), number(gap));
        }
    }
    out.push_str("/>");
}

fn write_text(out: &mut String, text: &Text) {
    let _ = write!(
        out,
        "<text x=\"{}\" y=\"{}\" font-size=\"{}\"",
        number(text.at.0),
        number(text.at.1),
        number(text.size)
    );
    match text.anchor {
        Anchor::Start => {}
        Anchor::Middle => out.push_str(" text-anchor=\"middle\""),
        Anchor::End => out.push_str(" text-anchor=\"end\""),
    }
    if text.bold {
        out.push_str(" font-weight=\"600\"");
    }
    let _ = write!(out, " class=\"{}\">{}</text>", text.ink.name(), escaped(&text.words));
}

/// At most two decimals, no trailing zeros, nothing that is no number.
fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".into();
    }
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// Text for an element's content: markup escaped, line breaks to spaces, what XML 1.0 or a reader's eye cannot
/// bear (control characters, marks that turn the direction of writing) to `�`.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_control() => out.push('\u{fffd}'),
            '\u{fffe}' | '\u{ffff}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_out() {
        let mut drawing = Drawing::new(100.0, 50.0, "a <b> & \"c\"");
        drawing.text(Text::new((1.0, 20.0), "</text><script>\u{0}\u{202e}\u{1b}]]>", 12.0, Ink::Text));
        let svg = drawing.svg();
        let tree = roxmltree::Document::parse(&svg).expect("well formed");
        assert!(tree.descendants().all(|n| n.tag_name().name() != "script"));
        let text = tree.descendants().find(|n| n.has_tag_name(("http://www.w3.org/2000/svg", "text"))).expect("text");
        assert_eq!(text.text(), Some("</text><script>���]]>"));
    }

    #[test]
    fn numbers_are_short_and_always_numbers() {
        let cases =
            [(1.0, "1"), (0.125, "0.12"), (-0.001, "0"), (f64::NAN, "0"), (f64::INFINITY, "0"), (-2.50, "-2.5")];
        for (value, text) in cases {
            assert_eq!(number(value), text);
        }
    }
}
