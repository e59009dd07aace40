//! Predictions as rows of text: what `nn predict` writes and what a closing report shows.
//! Not for reading rows or running the network.

use super::evaluate::largest;
use crate::catalog::Precision;
use crate::catalog::losses::Targets;
use crate::data::{Preparation, TargetRule};
use crate::ir::{Program, TargetUse};

/// How outputs are written.
#[derive(Clone, Debug)]
pub struct Writer {
    target: TargetUse,
    /// From where on one output says the second of two classes.
    threshold: f64,
    /// Whether the loss has the outputs of classes be probabilities.
    probable: bool,
    /// Class names, or the targets' own.
    names: Vec<String>,
    /// The names as cells of CSV, quoted where they must be, each with a comma behind it.
    cells: Vec<Vec<u8>>,
    preparation: TargetRule,
}

impl Writer {
    /// The writer of a program's predictions.
    pub fn new(program: &Program, preparation: &Preparation) -> Self {
        let names = match &preparation.target {
            TargetRule::Classes { names, .. } if program.training.target.is_classes() => names.clone(),
            rule @ (TargetRule::Classes { .. } | TargetRule::Values(_)) => {
                rule.columns().into_iter().map(str::to_owned).collect()
            }
        };
        let cells = names.iter().map(|name| cell(name)).collect();
        let threshold = program.training.loss.threshold();
        let probable = program.training.loss.targets() != Targets::Signs;
        Self {
            target: program.training.target,
            threshold,
            probable,
            names,
            cells,
            preparation: preparation.target.clone(),
        }
    }

    /// The columns' names: `prediction` and a probability (or what the outputs are) for each class, or the targets'
    /// own.
    pub fn header(&self) -> Vec<String> {
        if !self.target.is_classes() {
            return self.names.clone();
        }
        let what = if self.probable { "probability" } else { "score" };
        let probabilities = self.names.iter().map(|n| format!("{what}_{n}"));
        std::iter::once("prediction".to_owned()).chain(probabilities).collect()
    }

    /// One row as a line of CSV, for those who write millions: the cells of [`Self::row`], and nothing made in between.
    /// Says whether every number is finite.
    pub fn line<R: Precision>(&self, output: &[R], line: &mut Vec<u8>) -> bool {
        let mut finite = output.iter().all(|a| a.is_finite());
        let mut digits = zmij::Buffer::new();
        match self.target {
            TargetUse::Binary => {
                let class = usize::from(output[0] >= R::of(self.threshold));
                line.extend_from_slice(&self.cells[class]);
                number(R::of(2.0 * self.threshold - output[0].f64()), &mut digits, line);
                number(output[0], &mut digits, line);
            }
            TargetUse::OneHot => {
                line.extend_from_slice(&self.cells[largest(output)]);
                for &p in output {
                    number(p, &mut digits, line);
                }
            }
            TargetUse::Labels | TargetUse::Distribution | TargetUse::Values => {
                for (k, &a) in output.iter().enumerate() {
                    finite &= self.value(k, a, &mut digits, line);
                }
            }
        }
        // Each cell left a comma behind it; the last one's ends the line.
        if let Some(last) = line.last_mut() {
            *last = b'\n';
        }
        finite
    }

    /// One row's cells.
    pub fn row<R: Precision>(&self, output: &[R]) -> Vec<String> {
        match self.target {
            TargetUse::Binary => {
                let second = output[0].f64();
                let class = usize::from(output[0] >= R::of(self.threshold));
                let first = R::of(2.0 * self.threshold - second);
                vec![self.names[class].clone(), text(first), text(output[0])]
            }
            TargetUse::OneHot => {
                let class = self.names[largest(output)].clone();
                std::iter::once(class).chain(output.iter().map(|&p| text(p))).collect()
            }
            TargetUse::Labels | TargetUse::Distribution | TargetUse::Values => {
                let far = |k: usize, a: R| self.preparation.undo_far(k, a).map(text);
                let near = |k: usize, a: R| text(R::of(self.preparation.undo(k, a.f64())));
                output.iter().enumerate().map(|(k, &a)| far(k, a).unwrap_or_else(|| near(k, a))).collect()
            }
        }
    }

    /// One value in the target's own scale, with a comma behind it; whether it is finite.
    fn value<R: Precision>(&self, k: usize, a: R, digits: &mut zmij::Buffer, line: &mut Vec<u8>) -> bool {
        if let Some(value) = self.preparation.undo_far(k, a) {
            number(value, digits, line);
            return value.is_finite();
        }
        let value = R::of(self.preparation.undo(k, a.f64()));
        number(value, digits, line);
        value.is_finite()
    }
}

/// A name as a cell of CSV with a comma behind it.
fn cell(name: &str) -> Vec<u8> {
    let quoted = name.is_empty() || name.contains([',', '"', '\n', '\r']);
    let text = if quoted { format!("\"{}\",", name.replace('"', "\"\"")) } else { format!("{name},") };
    text.into_bytes()
}

/// A number as [`Writer`] writes it.
fn text<R: Precision>(value: R) -> String {
    let mut out = Vec::new();
    number(value, &mut zmij::Buffer::new(), &mut out);
    out.pop();
    String::from_utf8(out).unwrap_or_default()
}

/// From here up, and from [`LEAST_PLAIN`] down, a number is written with an exponent: `1.25e-7`.
const MOST_PLAIN: f64 = 1e16;
/// Below this, as above.
const LEAST_PLAIN: f64 = 1e-5;

/// A number with the fewest digits that read back to it, and a comma behind it: as the standard library writes it, very
/// small and large ones with an exponent. The digits of an f32 are `zmij`'s, which is several times as fast.
fn number<R: Precision>(value: R, digits: &mut zmij::Buffer, out: &mut Vec<u8>) {
    let wide = value.f64();
    let (start, size) = (out.len(), wide.abs());
    if wide.is_finite() && size != 0.0 && !(LEAST_PLAIN..MOST_PLAIN).contains(&size) {
        scientific::<R>(wide, digits, out);
        out.push(b',');
        return;
    }
    let quick = size_of::<R>() == 4 && wide.abs() < f64::from(1 << 24);
    if quick {
        let text = digits.format_finite(wide as f32);
        match text.split_once('e') {
            None => out.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes()),
            Some((mantissa, exponent)) => plain(mantissa, exponent.parse().unwrap_or(0), out),
        }
    }
    if !quick || is_tie(wide, &out[start..]) {
        out.truncate(start);
        out.extend_from_slice(value.to_string().as_bytes());
    }
    out.push(b',');
}

/// The digits of a number before and behind its exponent: `1.25e-7`.
fn scientific<R: Precision>(value: f64, digits: &mut zmij::Buffer, out: &mut Vec<u8>) {
    let single = size_of::<R>() == 4;
    let text = if single { digits.format_finite(value as f32) } else { digits.format_finite(value) };
    if let Some((mantissa, exponent)) = text.split_once('e') {
        out.extend_from_slice(mantissa.strip_suffix(".0").unwrap_or(mantissa).as_bytes());
        out.push(b'e');
        out.extend_from_slice(exponent.trim_start_matches('+').as_bytes());
    } else {
        let text = if single { format!("{:e}", value as f32) } else { format!("{value:e}") };
        out.extend_from_slice(text.as_bytes());
    }
}

/// Whether a number lies in the middle between two texts as short as this one: `zmij` takes the even one, the library
/// the larger. Its own decimal digits are then one more, a 5, which a product with a power of ten shows exactly.
fn is_tie(value: f64, text: &[u8]) -> bool {
    // No power of two from further down has so few digits as an f32 is written with.
    const DEEPEST: usize = 14;
    let decimals = text.iter().rev().position(|&b| b == b'.').unwrap_or(0);
    decimals < DEEPEST && (value.abs() * 10f64.powi(decimals as i32 + 1)) % 10.0 == 5.0
}

/// `1.25` and −3 as `0.00125`, 5 as `125000`.
fn plain(mantissa: &str, exponent: i32, out: &mut Vec<u8>) {
    let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
    if unsigned.len() < mantissa.len() {
        out.push(b'-');
    }
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let fraction = fraction.strip_suffix('0').unwrap_or(fraction);
    let count = exponent.unsigned_abs() as usize;
    if exponent < 0 {
        out.extend_from_slice(b"0.");
        out.extend(std::iter::repeat_n(b'0', count - 1));
        out.extend_from_slice(whole.as_bytes());
        out.extend_from_slice(fraction.as_bytes());
    } else {
        let (before, after) = fraction.split_at(count.min(fraction.len()));
        out.extend_from_slice(whole.as_bytes());
        out.extend_from_slice(before.as_bytes());
        out.extend(std::iter::repeat_n(b'0', count - before.len()));
        if !after.is_empty() {
            out.push(b'.');
            out.extend_from_slice(after.as_bytes());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written<R: Precision>(value: R) -> String {
        let mut out = Vec::new();
        number(value, &mut zmij::Buffer::new(), &mut out);
        String::from_utf8(out).expect("ASCII")
    }

    #[test]
    fn numbers_are_written_plainly() {
        let cases = [
            (0.5, "0.5"),
            (1.0, "1"),
            (-0.0, "-0"),
            (1e-5, "0.00001"),
            (-9.5e-6, "-9.5e-6"),
            (1e15, "1000000000000000"),
            (1e22, "1e22"),
            (5e-324, "5e-324"),
        ];
        for (value, text) in cases {
            assert_eq!(written(value), format!("{text},"));
        }
        assert_eq!((written(1.25e-7f32), written(-3.0f32)), ("1.25e-7,".into(), "-3,".into()));
        assert_eq!(written(f32::from_bits(1)), "1e-45,");
        // In the middle between two numbers of eight digits.
        let ties = (written(7.0f32 + 29.0 / 256.0), written(-2.0f32 - 209.0 / 256.0));
        assert_eq!(ties, ("7.1132813,".into(), "-2.8164063,".into()));
        assert_eq!((written(f32::NAN), written(f64::NEG_INFINITY)), ("NaN,".into(), "-inf,".into()));
    }

    fn writer(target: TargetUse, names: &[&str], preparation: TargetRule) -> Writer {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let cells = names.iter().map(|name| cell(name)).collect();
        Writer { target, threshold: 0.5, probable: true, cells, names, preparation }
    }

    #[test]
    fn a_row_is_its_prediction_and_what_it_rests_on() {
        use crate::data::{Scaling, ValueColumn};
        use crate::ir::spec::Statistics;
        type Case<'c> = (&'c Writer, &'c [f64], &'c [&'c str], &'c str, bool);
        let classes = |names: &[&str]| TargetRule::Classes {
            column: "c".into(),
            names: names.iter().map(|&name| name.to_owned()).collect(),
            numeric: false,
            binary_numbers: false,
        };
        let value = |name: &str, scaling| ValueColumn { name: name.into(), statistics: Statistics::default(), scaling };
        let values = TargetRule::Values(vec![
            value("u", Scaling::Affine { shift: 10.0, divisor: 4.0 }),
            value("v", Scaling::None),
        ]);
        let two = writer(TargetUse::Binary, &["no", "a,b"], classes(&["no", "a,b"]));
        let three = writer(TargetUse::OneHot, &["r", "g", "b"], classes(&["r", "g", "b"]));
        let numbers = writer(TargetUse::Values, &["u", "v"], values);
        assert_eq!(two.header(), ["prediction", "probability_no", "probability_a,b"]);
        assert_eq!((three.header().len(), numbers.header()), (4, vec!["u".into(), "v".into()]));
        let cases: &[Case<'_>] = &[
            (&two, &[0.5], &["a,b", "0.5", "0.5"], "\"a,b\",0.5,0.5\n", true),
            (&two, &[0.25], &["no", "0.75", "0.25"], "no,0.75,0.25\n", true),
            (&two, &[f64::NAN], &["no", "NaN", "NaN"], "no,NaN,NaN\n", false),
            (&three, &[0.25, 0.5, 0.25], &["g", "0.25", "0.5", "0.25"], "g,0.25,0.5,0.25\n", true),
            (&three, &[0.5, 0.5, 0.0], &["r", "0.5", "0.5", "0"], "r,0.5,0.5,0\n", true),
            (&numbers, &[0.5, -3.0], &["12", "-3"], "12,-3\n", true),
            (&numbers, &[f64::INFINITY, 1.0], &["inf", "1"], "inf,1\n", false),
            // Finite as the network gives it, and not in the target's own scale.
            (&numbers, &[f64::MAX, 1.0], &["inf", "1"], "inf,1\n", false),
        ];
        for (writer, output, row, line, finite) in cases {
            let mut written = Vec::new();
            assert_eq!(writer.line(output, &mut written), *finite, "{output:?}");
            assert_eq!(
                (String::from_utf8_lossy(&written), writer.row(output)),
                ((*line).into(), row.iter().map(|&c| c.to_owned()).collect())
            );
        }
    }

    #[test]
    fn digits_are_put_around_the_point() {
        for (mantissa, exponent, text) in [
            ("1.25", -3, "0.00125"),
            ("-1.25", -1, "-0.125"),
            ("5.0", -2, "0.05"),
            ("5", 5, "500000"),
            ("-1.25", 1, "-12.5"),
            ("1.25", 2, "125"),
            ("1.0", 3, "1000"),
            ("-1.256", 2, "-125.6"),
            ("1.25", 0, "1.25"),
        ] {
            let mut out = Vec::new();
            plain(mantissa, exponent, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), text, "{mantissa}e{exponent}");
        }
    }

    #[test]
    fn names_are_quoted_where_they_must_be() {
        for (name, text) in [("a b", "a b,"), ("a,b", "\"a,b\","), ("say \"x\"", "\"say \"\"x\"\"\",")] {
            assert_eq!(cell(name), text.as_bytes());
        }
    }

    /// As short as the standard library's, and read back to the same number. (Halfway between two shortest texts the
    /// two may differ in their last digit.)
    fn is_faithful<R: Precision + std::str::FromStr>(value: R) -> bool {
        let text = written(value);
        let text = text.trim_end_matches(',');
        let back: Option<R> = text.parse().ok();
        let (size, plain) = (value.f64().abs(), value.to_string());
        let is_plain = size == 0.0 || !size.is_finite() || (LEAST_PLAIN..MOST_PLAIN).contains(&size);
        let as_short = if is_plain { text.len() == plain.len() } else { text.contains('e') && text.len() < 25 };
        as_short && (back == Some(value) || value.f64().is_nan())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn numbers_are_short_and_read_back(bits in any::<u64>()) {
            let (single, double) = (f32::from_bits(bits as u32), f64::from_bits(bits));
            prop_assert!(is_faithful(single), "{single}");
            prop_assert!(is_faithful(double), "{double}");
        }

        #[test]
        fn so_are_numbers_of_few_binary_places(whole in -1i32 << 24..1 << 24, places in 0i32..24) {
            let value = whole as f32 * 2f32.powi(-places);
            if value == 0.0 || f64::from(value.abs()) >= LEAST_PLAIN {
                prop_assert_eq!(written(value), format!("{value},"));
            }
        }
    }
}
