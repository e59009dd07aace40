//! The inks: every colour of every picture, once for a light and once for a dark surrounding.
//!
//! A colour has one meaning in all pictures: a split of the rows ([`Ink::Split`]), a sign ([`Ink::Signed`]), one of
//! several things without an order such as classes ([`Ink::Series`]), a place in an order ([`Ink::Ramp`],
//! [`Ink::Level`]), a share ([`Ink::Heat`]). Lines and points reach a contrast of 3 : 1 against the card, texts 4.5 : 1
//! (WCAG 2.1, 1.4.11 and 1.4.3); within a meaning colours are told apart by colour-blind readers too.

use super::split::Split;

/// Red, green, blue.
pub(super) type Rgb = [u8; 3];

/// How many steps [`Ink::Ramp`] has.
pub(super) const RAMP: u8 = 64;
/// How many steps [`Ink::Heat`], [`Ink::Region`] and each side of [`Ink::Signed`] have, from the card's colour up.
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
    /// Rows of a split: its points and its losses.
    Split(Split),
    /// What is above 0 and what is below: −`LEVELS` to `LEVELS`; 0 is the card's colour.
    Signed(i8),
    /// The n-th of a few things that have no order: classes, outputs, runs.
    Series(u8),
    /// One of many things in an order, from low to high: 0 to `RAMP - 1`.
    Ramp(u8),
    /// The same as an area, on which its [`Ink::Ramp`] stands out.
    Level(u8),
    /// How much of something, 0 to `LEVELS`.
    Heat(u8),
    /// A class and how sure it is, 0 to `LEVELS`.
    Region(u8, u8),
}

impl Ink {
    /// What is above 0, in full.
    pub(super) const POSITIVE: Self = Self::Signed(LEVELS as i8);
    /// What is below 0, in full.
    pub(super) const NEGATIVE: Self = Self::Signed(-(LEVELS as i8));

    /// The ink of a number by its sign alone.
    pub(super) fn of_sign(value: f64) -> Self {
        if value < 0.0 { Self::NEGATIVE } else { Self::POSITIVE }
    }

    /// The ink of a number on the scale from −`most` to `most`.
    pub(super) fn signed(value: f64, most: f64) -> Self {
        let share = if most > 0.0 && value.is_finite() { (value / most).clamp(-1.0, 1.0) } else { 0.0 };
        Self::Signed((share * f64::from(LEVELS)).round() as i8)
    }

    /// The ink of a class: after the last colour they begin again.
    pub(super) fn class(class: usize) -> Self {
        Self::Series((class % usize::from(SERIES)) as u8)
    }

    /// The step of [`Ink::Ramp`] and [`Ink::Level`] for a share of the way from low to high.
    pub(super) fn step(share: f64) -> u8 {
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        (share * f64::from(RAMP - 1)).round() as u8
    }
}

/// How much of an area's colour is its ramp's: the rest is the card's.
const AREA: f64 = 0.5;

const LIGHT: [Rgb; SERIES as usize] = [
    [0x70, 0x48, 0xd0],
    [0xa8, 0x74, 0x00],
    [0x00, 0x7d, 0x6e],
    [0xe5, 0x56, 0x8a],
    [0x5e, 0x34, 0x18],
    [0x2e, 0x9c, 0xcf],
];
const DARK: [Rgb; SERIES as usize] = [
    [0xa0, 0x8c, 0xff],
    [0xe0, 0xb0, 0x40],
    [0x00, 0xb8, 0x94],
    [0xff, 0xa3, 0xbb],
    [0xa8, 0x68, 0x44],
    [0xbf, 0xea, 0xff],
];
/// Training, validation, test.
const LIGHT_SPLITS: [Rgb; 3] = [[0x4a, 0x55, 0x63], [0xb5, 0x17, 0x9e], [0x6b, 0x7a, 0x00]];
const DARK_SPLITS: [Rgb; 3] = [[0xb4, 0xbc, 0xc8], [0xff, 0x7c, 0xe5], [0xc2, 0xd1, 0x2a]];
/// Above 0, below 0.
const LIGHT_SIGNS: [Rgb; 2] = [[0x00, 0x67, 0xa8], [0xcf, 0x55, 0x00]];
const DARK_SIGNS: [Rgb; 2] = [[0x56, 0xb4, 0xe9], [0xf5, 0x8a, 0x3c]];
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
            Self::Split(split) => LIGHT_SPLITS[split as usize],
            Self::Signed(level) => mix(Self::Card.light(), LIGHT_SIGNS[usize::from(level < 0)], level.unsigned_abs()),
            Self::Series(n) => LIGHT[usize::from(n % SERIES)],
            Self::Ramp(n) => along(&LIGHT_RAMP, n),
            Self::Level(n) => blend(Self::Card.light(), along(&LIGHT_RAMP, n), AREA),
            Self::Heat(level) => mix(Self::Card.light(), LIGHT_RAMP[0], level),
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
            Self::Split(split) => DARK_SPLITS[split as usize],
            Self::Signed(level) => mix(Self::Card.dark(), DARK_SIGNS[usize::from(level < 0)], level.unsigned_abs()),
            Self::Series(n) => DARK[usize::from(n % SERIES)],
            Self::Ramp(n) => along(&DARK_RAMP, n),
            Self::Level(n) => blend(Self::Card.dark(), along(&DARK_RAMP, n), AREA),
            Self::Heat(level) => mix(Self::Card.dark(), DARK_RAMP[0], level),
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
            Self::Split(Split::Training) => "nn-training".into(),
            Self::Split(Split::Validation) => "nn-validation".into(),
            Self::Split(Split::Test) => "nn-test".into(),
            Self::Signed(level) if level < 0 => format!("nn-n{}", level.unsigned_abs()),
            Self::Signed(level) => format!("nn-p{level}"),
            Self::Series(n) => format!("nn-s{}", n % SERIES),
            Self::Ramp(n) => format!("nn-r{n}"),
            Self::Level(n) => format!("nn-l{n}"),
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
    0.2126 * linear(rgb[0]) + 0.7152 * linear(rgb[1]) + 0.0722 * linear(rgb[2])
}

fn linear(byte: u8) -> f64 {
    let c = f64::from(byte) / 255.0;
    if c <= 0.039_28 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
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
        for ink in kinds().into_iter().flatten().chain(ramp).chain([Ink::Axis]) {
            assert!(least(ink) >= 3.0, "{ink:?} {}", least(ink));
        }
    }

    #[test]
    fn a_point_stands_out_from_its_own_area() {
        for (point, area) in (0..RAMP).map(|n| (Ink::Ramp(n), Ink::Level(n))) {
            let apart = contrast(point.light(), area.light()).min(contrast(point.dark(), area.dark()));
            assert!(apart >= 1.6, "{point:?} {apart}");
        }
    }

    /// The colours of each meaning that must be told apart from each other and from those of the other meanings.
    fn kinds() -> [Vec<Ink>; 3] {
        let splits = [Split::Training, Split::Validation, Split::Test].map(Ink::Split);
        [splits.into(), vec![Ink::POSITIVE, Ink::NEGATIVE], (0..SERIES).map(Ink::Series).collect()]
    }

    /// What normal and colour-blind eyes make of linear light: Machado, Oliveira and Fernandes (2009), severity 1.
    const EYES: [[[f64; 3]; 3]; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ];

    /// CIE 1976 L*a*b*, white D65.
    fn lab(rgb: Rgb, eye: &[[f64; 3]; 3]) -> [f64; 3] {
        let times = |m: &[[f64; 3]; 3], v: [f64; 3]| m.map(|row| row.iter().zip(v).map(|(a, b)| a * b).sum::<f64>());
        let light = times(eye, rgb.map(linear)).map(|c| c.clamp(0.0, 1.0));
        let to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]];
        let [x, y, z] = times(&to_xyz, light);
        let f = |t: f64| if t > 0.008_856 { t.cbrt() } else { 7.787 * t + 16.0 / 116.0 };
        let (x, y, z) = (f(x / 0.950_47), f(y), f(z / 1.088_83));
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    fn apart(a: Rgb, b: Rgb, eye: &[[f64; 3]; 3]) -> f64 {
        lab(a, eye).iter().zip(lab(b, eye)).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
    }

    #[test]
    fn colours_of_one_meaning_are_told_apart_by_every_eye() {
        for inks in kinds() {
            for (i, a) in inks.iter().enumerate() {
                for (b, eye) in inks[..i].iter().flat_map(|b| EYES.iter().map(move |eye| (b, eye))) {
                    let least = apart(a.light(), b.light(), eye).min(apart(a.dark(), b.dark(), eye));
                    assert!(least >= 11.5, "{a:?} {b:?} {least}");
                }
            }
        }
    }

    #[test]
    fn no_colour_has_two_meanings() {
        let kinds = kinds();
        for (i, inks) in kinds.iter().enumerate() {
            for (a, b) in inks.iter().flat_map(|a| kinds[..i].iter().flatten().map(move |b| (a, b))) {
                let least = apart(a.light(), b.light(), &EYES[0]).min(apart(a.dark(), b.dark(), &EYES[0]));
                assert!(least >= 18.0, "{a:?} {b:?} {least}");
            }
        }
    }
}
