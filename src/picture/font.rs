//! The one font that is measured and rasterised: a subset of `DejaVu Sans` (its licence is in `font/LICENSE`).
//!
//! In SVG a viewer uses its own sans-serif. `DejaVu Sans` is among the widest there are, so what fits here fits there.

use std::sync::LazyLock;

use ttf_parser::{Face, GlyphId};

/// The share of a bold text's width over the plain one's, at most.
const BOLD: f64 = 1.12;
/// Above the baseline and below it, as shares of the size: what a line of text covers.
pub(super) const ASCENT: f64 = 0.78;
/// See [`ASCENT`].
pub(super) const DESCENT: f64 = 0.24;

static FACE: LazyLock<Option<Face<'static>>> =
    LazyLock::new(|| Face::parse(include_bytes!("font/dejavu-sans-subset.ttf"), 0).ok());

/// The font, if its bytes are sound (a test says they are).
pub(super) fn face() -> Option<&'static Face<'static>> {
    FACE.as_ref()
}

/// The glyph of `c`, the box for what the font lacks, and how far it carries the pen in ems.
pub(super) fn glyph(c: char) -> (GlyphId, f64) {
    let Some(face) = face() else { return (GlyphId(0), 0.6) };
    match face.glyph_index(c) {
        Some(id) => (id, advance(face, id)),
        // Scripts that the subset lacks are mostly as wide as high.
        None => (GlyphId(0), 1.0),
    }
}

fn advance(face: &Face, id: GlyphId) -> f64 {
    face.glyph_hor_advance(id).map_or(0.6, |units| f64::from(units) / f64::from(face.units_per_em()))
}

/// The width of one line of text.
pub(super) fn width(text: &str, size: f64, bold: bool) -> f64 {
    let ems: f64 = text.chars().map(|c| glyph(c).1).sum();
    ems * size * if bold { BOLD } else { 1.0 }
}

/// The text itself where it is no wider than `most`, else its beginning and an ellipsis.
pub(super) fn fit(text: &str, size: f64, bold: bool, most: f64) -> String {
    // Longer lines than this are cut unmeasured: a name can be a megabyte.
    let text: String = text.chars().take(400).collect();
    if width(&text, size, bold) <= most {
        return text;
    }
    let room = most - width("…", size, bold);
    let mut used = 0.0;
    let mut kept = String::new();
    for c in text.chars() {
        used += width(c.encode_utf8(&mut [0; 4]), size, bold);
        if used > room {
            break;
        }
        kept.push(c);
    }
    format!("{}…", kept.trim_end())
}

/// The text in lines no wider than `most`, broken between words; a word that is wider is broken anywhere. No more than
/// twelve lines: the last then ends in an ellipsis.
pub(super) fn wrapped(text: &str, size: f64, most: f64) -> Vec<String> {
    const MOST_LINES: usize = 12;
    let mut lines: Vec<String> = vec![String::new()];
    let fits = |line: &str| width(line, size, false) <= most;
    for word in text.split_whitespace().take(2000) {
        let mut word = word;
        while lines.len() <= MOST_LINES {
            let Some(line) = lines.last_mut() else { break };
            let joined = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
            if fits(&joined) {
                *line = joined;
                break;
            }
            if line.is_empty() {
                // The longest beginning that fits; one letter at least.
                let ends = word.char_indices().map(|(at, c)| at + c.len_utf8()).take(400);
                let end = ends.take_while(|end| fits(&word[..*end])).last();
                let end = end.unwrap_or_else(|| word.chars().next().map_or(0, char::len_utf8));
                word[..end].clone_into(line);
                word = &word[end..];
                if word.is_empty() {
                    break;
                }
            }
            lines.push(String::new());
        }
    }
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        if let Some(last) = lines.last_mut() {
            *last = fit(&format!("{last}…"), size, false, most);
        }
    }
    lines.retain(|l| !l.is_empty());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_font_has_what_the_pictures_write() {
        let face = face().expect("the font parses");
        for c in "Az09−×·…→∂σ′⊕é€αж⁻⁵ŷ⋮≤".chars() {
            assert!(face.glyph_index(c).is_some(), "{c}");
        }
    }

    #[test]
    fn a_text_is_cut_to_its_room() {
        assert_eq!(fit("loss", 12.0, false, 100.0), "loss");
        let cut = fit("a very long name of a column", 12.0, false, 60.0);
        assert!(cut.ends_with('…') && width(&cut, 12.0, false) <= 60.0, "{cut}");
        assert_eq!(fit("abc", 12.0, false, 0.0), "…");
    }

    #[test]
    fn a_text_is_broken_between_words() {
        let lines = wrapped("a very long name of a column", 12.0, 80.0);
        assert_eq!(lines.join(" "), "a very long name of a column");
        assert!(lines.len() > 1 && lines.iter().all(|l| width(l, 12.0, false) <= 80.0), "{lines:?}");
        let word = wrapped(&"m".repeat(50), 12.0, 80.0);
        assert_eq!(word.concat(), "m".repeat(50));
        assert!(word.iter().all(|l| width(l, 12.0, false) <= 80.0), "{word:?}");
        assert_eq!(wrapped(&"word ".repeat(500), 12.0, 60.0).len(), 12);
        assert!(wrapped("", 12.0, 60.0).is_empty() && wrapped("ab", 12.0, 0.0) == ["a", "b"]);
    }
}
