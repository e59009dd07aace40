//! The inks: every colour of every picture, once for a light and once for a dark surrounding.
//!
//! Series colours are Okabe and Ito's, told apart by colour-blind readers, darkened or lightened until they
//! reach a contrast of 3 : 1 against the card; text inks reach 4.5 : 1 (the bounds of WCAG 2.1, 1.4.3 and 1.4.11).

/// Red, green, blue.
pub(super) type Rgb = [u8; 3];

/// How many steps [`Ink::Ramp`] has.
pub(super) const RAMP: u8 = 64;
/// How many steps [`Ink::Heat`] and [`Ink::Region`] have, from the card's colour up.
pub(super) const LEVELS: u8 = 24;
/// How many different [`Ink::Series`] there are; higher numbers begin again.
pub(super) const SERIES: u8 = 6;

/// A colour by its purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Ink {
    /// The background.
    Card,
    /// Names and numbers.
    Text,
    /// Titles of axes, ticks, counts.
    Muted,
    /// Grid lines and other things that stay behind.
    Grid,
    /// Axes, outlines of boxes.
    Axis,
    /// The faces of neurons and boxes.
    Face,
    /// The n-th of a few things that have no order.
    Series(u8),
    /// One of many things in an order: 0 to `RAMP - 1`.
    Ramp(u8),
    /// How much of something, 0 to `LEVELS`.
    Heat(u8),
    /// A class and how sure it is, 0 to `LEVELS`.
    Region(u8, u8),
}

const LIGHT: [Rgb; SERIES as usize] = [
    [0x00, 0x67, 0xa8],
    [0xcf, 0x55, 0x00],
    [0x00, 0x80, 0x5f],
    [0xb0, 0x4a, 0x8c],
    [0x84, 0x6a, 0x00],
    [0x5a, 0x60, 0x6c],
];
const DARK: [Rgb; SERIES as usize] = [
    [0x56, 0xb4, 0xe9],
    [0xf5, 0x8a, 0x3c],
    [0x2f, 0xc4, 0x9a],
    [0xe3, 0x92, 0xc8],
    [0xe6, 0xc2, 0x29],
    [0xb4, 0xbc, 0xc8],
];
const LIGHT_RAMP: [Rgb; 4] = [[0x12, 0x20, 0x98], [0x86, 0x1f, 0xa8], [0xcc, 0x3f, 0x6c], [0xcc, 0x68, 0x08]];
const DARK_RAMP: [Rgb; 4] = [[0x70, 0x8a, 0xff], [0xc4, 0x7d, 0xff], [0xff, 0x8f, 0xa5], [0xff, 0xd1, 0x5c]];

impl Ink {
    /// The colour on a light card.
    pub(super) fn light(self) -> Rgb {
        match self {
            Self::Card => [0xff, 0xff, 0xff],
            Self::Text => [0x1b, 0x1f, 0x26],
            Self::Muted => [0x56, 0x5f, 0x6b],
            Self::Grid => [0xe3, 0xe7, 0xec],
            Self::Axis => [0x86, 0x90, 0x9c],
            Self::Face => [0xf3, 0xf5, 0xf8],
            Self::Series(n) => LIGHT[usize::from(n % SERIES)],
            Self::Ramp(n) => along(&LIGHT_RAMP, n),
            Self::Heat(level) => mix(Self::Card.light(), LIGHT[0], level),
            Self::Region(class, level) => mix(Self::Card.light(), Self::Series(class).light(), level),
        }
    }

    /// The colour on a dark card.
    pub(super) fn dark(self) -> Rgb {
        match self {
            Self::Card => [0x0f, 0x13, 0x1a],
            Self::Text => [0xe8, 0xec, 0xf2],
            Self::Muted => [0xa0, 0xaa, 0xb6],
            Self::Grid => [0x27, 0x2e, 0x38],
            Self::Axis => [0x6c, 0x76, 0x82],
            Self::Face => [0x1b, 0x21, 0x2b],
            Self::Series(n) => DARK[usize::from(n % SERIES)],
            Self::Ramp(n) => along(&DARK_RAMP, n),
            Self::Heat(level) => mix(Self::Card.dark(), DARK[0], level),
            Self::Region(class, level) => mix(Self::Card.dark(), Self::Series(class).dark(), level),
        }
    }

    /// A name for style rules: unlikely to meet another page's.
    pub(super) fn name(self) -> String {
        match self {
            Self::Card => "nn-card".into(),
            Self::Text => "nn-text".into(),
            Self::Muted => "nn-muted".into(),
            Self::Grid => "nn-grid".into(),
            Self::Axis => "nn-axis".into(),
            Self::Face => "nn-face".into(),
            Self::Series(n) => format!("nn-s{}", n % SERIES),
            Self::Ramp(n) => format!("nn-r{n}"),
            Self::Heat(level) => format!("nn-h{level}"),
            Self::Region(class, level) => format!("nn-c{}-{level}", class % SERIES),
        }
    }
}

fn along(stops: &[Rgb; 4], step: u8) -> Rgb {
    let at = f64::from(step.min(RAMP - 1)) / f64::from(RAMP - 1) * 3.0;
    let low = (at as usize).min(2);
    blend(stops[low], stops[low + 1], at - low as f64)
}

fn mix(card: Rgb, full: Rgb, level: u8) -> Rgb {
    blend(card, full, f64::from(level.min(LEVELS)) / f64::from(LEVELS))
}

fn blend(a: Rgb, b: Rgb, t: f64) -> Rgb {
    std::array::from_fn(|i| (f64::from(a[i]) + (f64::from(b[i]) - f64::from(a[i])) * t).round() as u8)
}

/// How far two colours are apart, 1 to 21 (WCAG 2.1, "contrast ratio").
pub(super) fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(rgb: Rgb) -> f64 {
    let part = |byte: u8| {
        let c = f64::from(byte) / 255.0;
        if c <= 0.039_28 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(rgb[0]) + 0.7152 * part(rgb[1]) + 0.0722 * part(rgb[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn least(ink: Ink) -> f64 {
        contrast(ink.light(), Ink::Card.light()).min(contrast(ink.dark(), Ink::Card.dark()))
    }

    #[test]
    fn texts_and_lines_stand_out_from_both_cards() {
        for ink in [Ink::Text, Ink::Muted] {
            assert!(least(ink) >= 4.5, "{ink:?} {}", least(ink));
        }
        let ramp = (0..RAMP).map(Ink::Ramp);
        for ink in (0..SERIES).map(Ink::Series).chain(ramp).chain([Ink::Axis]) {
            assert!(least(ink) >= 3.0, "{ink:?} {}", least(ink));
        }
    }
}
