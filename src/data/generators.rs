//! The generated data sets `xor circle moons spiral blobs sine`: points in the plane and their class, or a
//! curve. Classes take turns, so they are balanced to within one row. `noise` is a standard deviation.

use std::f64::consts::{PI, TAU};

use super::rows::{RowPlace, Rows};
use crate::diagnostic::{Diagnostic, codes};
use crate::source::Span;
use crate::tensor::{Purpose, Stream};

/// The most rows that are generated.
const MOST_SAMPLES: usize = 10_000_000;

/// One generated data set.
#[derive(Debug)]
pub struct Generator {
    /// Its name in a program.
    pub name: &'static str,
    /// Its columns; the last is the target.
    pub columns: &'static [&'static str],
    /// How many classes it has; 0 where its target is a value.
    pub classes: usize,
    /// One row: its number, how many there are, the standard deviation of the noise.
    point: fn(usize, usize, f64, &mut Stream) -> [f64; 3],
}

/// Every generator.
pub static GENERATORS: [Generator; 6] = [
    Generator { name: "xor", columns: PLANE, classes: 2, point: xor },
    Generator { name: "circle", columns: PLANE, classes: 2, point: circle },
    Generator { name: "moons", columns: PLANE, classes: 2, point: moons },
    Generator { name: "spiral", columns: PLANE, classes: 2, point: spiral },
    Generator { name: "blobs", columns: PLANE, classes: 3, point: blobs },
    Generator { name: "sine", columns: &["x", "y"], classes: 0, point: sine },
];

const PLANE: &[&str] = &["x", "y", "label"];

/// The generator of that name.
pub fn generator(name: &str) -> Option<&'static Generator> {
    GENERATORS.iter().find(|g| g.name == name)
}

impl Generator {
    /// The rows, each as wide as there are columns.
    pub fn rows(&self, samples: usize, noise: f64, seed: u64) -> impl Iterator<Item = Vec<f64>> + use<'_> {
        let mut stream = Stream::new(seed, Purpose::Generate);
        (0..samples).map(move |row| (self.point)(row, samples, noise, &mut stream)[..self.columns.len()].to_vec())
    }
}

/// Which class row `row` is of, and how far along that class's own rows it is, in [0, 1].
fn turn(row: usize, rows: usize, classes: usize) -> (usize, f64) {
    let (class, place) = (row % classes, row / classes);
    let of_class = (rows - class).div_ceil(classes);
    (class, if of_class < 2 { 0.0 } else { place as f64 / (of_class - 1) as f64 })
}

fn noisy(x: f64, y: f64, label: f64, noise: f64, stream: &mut Stream) -> [f64; 3] {
    [x + noise * stream.normal(), y + noise * stream.normal(), label]
}

/// Uniform in the square [-1, 1]²; class 1 where the signs of x and y differ (before the noise).
fn xor(row: usize, rows: usize, noise: f64, stream: &mut Stream) -> [f64; 3] {
    let (class, _) = turn(row, rows, 2);
    let (x, side) = (stream.uniform(-1.0, 1.0), stream.unit());
    let differ = if x < 0.0 { side } else { -side };
    noisy(x, if class == 1 { differ } else { -differ }, class as f64, noise, stream)
}

/// Two rings around the origin: class 0 of radius 1, class 1 of radius ½.
fn circle(row: usize, rows: usize, noise: f64, stream: &mut Stream) -> [f64; 3] {
    let (class, _) = turn(row, rows, 2);
    let (radius, angle) = (if class == 0 { 1.0 } else { 0.5 }, stream.uniform(0.0, TAU));
    noisy(radius * angle.cos(), radius * angle.sin(), class as f64, noise, stream)
}

/// Two half circles, each reaching into the other: (cos t, sin t) and (1 − cos t, ½ − sin t), t in [0, π].
fn moons(row: usize, rows: usize, noise: f64, stream: &mut Stream) -> [f64; 3] {
    let (class, along) = turn(row, rows, 2);
    let t = PI * along;
    let (x, y) = if class == 0 { (t.cos(), t.sin()) } else { (1.0 - t.cos(), 0.5 - t.sin()) };
    noisy(x, y, class as f64, noise, stream)
}

/// Two arms of a spiral, from the centre to radius 1 in one and a half turns; the second is the first turned by π.
fn spiral(row: usize, rows: usize, noise: f64, stream: &mut Stream) -> [f64; 3] {
    let (class, along) = turn(row, rows, 2);
    let angle = 1.5 * TAU * along + PI * class as f64;
    noisy(along * angle.cos(), along * angle.sin(), class as f64, noise, stream)
}

/// Three clouds, their centres at distance 2 from the origin and from one another as corners of a triangle;
/// each a normal distribution of deviation `noise`.
fn blobs(row: usize, rows: usize, noise: f64, stream: &mut Stream) -> [f64; 3] {
    let (class, _) = turn(row, rows, 3);
    let angle = TAU * (class as f64 / 3.0 + 0.25);
    noisy(2.0 * angle.cos(), 2.0 * angle.sin(), class as f64, noise, stream)
}

/// y = sin x for x evenly from −π to π; the noise is on y alone.
fn sine(row: usize, rows: usize, noise: f64, stream: &mut Stream) -> [f64; 3] {
    let (_, along) = turn(row, rows, 1);
    let x = PI * (2.0 * along - 1.0);
    [x, x.sin() + noise * stream.normal(), 0.0]
}

/// Generated rows as texts, so that they go the way of every other row. Numbers survive: a text in shortest
/// form reads back to the same bits.
pub(super) struct Generated {
    generator: &'static Generator,
    rows: Box<dyn Iterator<Item = Vec<f64>>>,
    remake: Box<dyn Fn() -> Box<dyn Iterator<Item = Vec<f64>>>>,
    headed: bool,
    cells: Vec<String>,
    span: Span,
}

impl Generated {
    /// The header and rows of a generator; too many are a fault at `span`.
    pub(super) fn new(
        generator: &'static Generator,
        (samples, noise, seed): (usize, f64, u64),
        span: Span,
    ) -> Result<Self, Box<Diagnostic>> {
        if samples > MOST_SAMPLES {
            let text = format!("{samples} samples are more than the {MOST_SAMPLES} that `{}` makes", generator.name);
            return Err(Diagnostic::error(codes::DOMAIN, text).at(span, "too many samples").into());
        }
        let remake = move || Box::new(generator.rows(samples, noise, seed)) as Box<dyn Iterator<Item = Vec<f64>>>;
        Ok(Self { generator, rows: remake(), remake: Box::new(remake), headed: false, cells: Vec::new(), span })
    }
}

impl Rows for Generated {
    fn advance(&mut self) -> Result<bool, Box<Diagnostic>> {
        if !std::mem::replace(&mut self.headed, true) {
            self.cells = self.generator.columns.iter().map(|&c| c.to_owned()).collect();
            return Ok(true);
        }
        let row = self.rows.next();
        self.cells = row.iter().flatten().map(f64::to_string).collect();
        Ok(row.is_some())
    }

    fn width(&self) -> usize {
        self.cells.len()
    }

    fn cell(&self, column: usize) -> &[u8] {
        self.cells[column].as_bytes()
    }

    fn place(&self, _: Option<usize>, label: String) -> RowPlace {
        RowPlace::Program(self.span, label)
    }

    fn hold(&mut self) {}

    fn is_full(&self) -> bool {
        false
    }

    /// To the first row: nothing else is ever held.
    fn rewind(&mut self) {
        self.rows = (self.remake)();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_rows_balanced_and_repeatable() {
        for g in &GENERATORS {
            for samples in [0, 1, 2, 3, 7, 300] {
                let rows: Vec<_> = g.rows(samples, 0.1, 5).collect();
                assert_eq!(rows.len(), samples, "{}", g.name);
                assert_eq!(rows, g.rows(samples, 0.1, 5).collect::<Vec<_>>(), "{}", g.name);
                assert!(rows.iter().flatten().all(|v| v.is_finite()), "{}", g.name);
                for class in 0..g.classes {
                    let count = rows.iter().filter(|r| r[2] == class as f64).count();
                    assert!(count.abs_diff(samples / g.classes) <= 1, "{}: {count} of {samples}", g.name);
                }
            }
            let (a, b) = (g.rows(50, 0.1, 5).collect::<Vec<_>>(), g.rows(50, 0.1, 6).collect::<Vec<_>>());
            assert_ne!(a, b, "{}: another seed, other rows", g.name);
        }
    }

    #[test]
    fn without_noise_they_lie_on_their_curves() {
        let rows = |name: &str| generator(name).expect("known").rows(200, 0.0, 1).collect::<Vec<_>>();
        for r in rows("xor") {
            assert_eq!(r[2] == 1.0, (r[0] < 0.0) != (r[1] < 0.0), "{r:?}");
        }
        for r in rows("circle") {
            assert!((r[0].hypot(r[1]) - if r[2] == 0.0 { 1.0 } else { 0.5 }).abs() < 1e-12);
        }
        for r in rows("moons") {
            let (x, y) = if r[2] == 0.0 { (r[0], r[1]) } else { (1.0 - r[0], 0.5 - r[1]) };
            assert!((x.hypot(y) - 1.0).abs() < 1e-12 && y > -1e-12);
        }
        for r in rows("spiral") {
            let (radius, half) = (r[0].hypot(r[1]), PI * r[2]);
            let angle = 1.5 * TAU * radius + half;
            assert!((r[0] - radius * angle.cos()).abs() < 1e-9 && radius <= 1.0 + 1e-12);
        }
        let mut centres: Vec<_> = rows("blobs").iter().map(|r| format!("{:.6} {:.6}", r[0], r[1])).collect();
        centres.sort();
        centres.dedup();
        assert_eq!(centres.len(), 3);
        for r in rows("sine") {
            assert_eq!((r[1], r.len()), (r[0].sin(), 2));
        }
    }
}
