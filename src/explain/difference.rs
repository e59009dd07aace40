//! A derivative from function values alone: central differences over shrinking steps, extrapolated to none at all
//! (Ridders 1982). Not for training: it costs some thirty passes for one weight.

/// Steps tried; each is half of the one before.
const STEPS: usize = 15;

/// f′(x), from f(x + h) and f(x − h) alone.
///
/// Of all extrapolations the one is taken whose neighbours it differs from least, so that a kink inside the first
/// steps does no harm.
pub(super) fn central(x: f64, mut f: impl FnMut(f64) -> f64) -> f64 {
    let mut h = 0.05 * x.abs().max(1.0);
    let mut before: Vec<f64> = Vec::new();
    let (mut best, mut error) = (f64::NAN, f64::INFINITY);
    for _ in 0..STEPS {
        // What is really added, once x + h is rounded.
        let (up, down) = (x + h, x - h);
        let (above, below) = (f(up), f(down));
        let mut row = vec![(above - below) / (up - down)];
        // What the values' own rounding leaves uncertain: small steps agree with each other by chance below it.
        let rounding = 2.0 * f64::EPSILON * above.abs().max(below.abs()) / (up - down);
        let mut power = 1.0;
        for k in 0..before.len() {
            // Errors are even in h: 4, 16, 64, …
            power *= 4.0;
            row.push((row[k] * power - before[k]) / (power - 1.0));
            let off = (row[k + 1] - row[k]).abs().max((row[k + 1] - before[k]).abs()) + rounding;
            if off < error {
                (best, error) = (row[k + 1], off);
            }
        }
        before = row;
        h /= 2.0;
    }
    best
}

#[cfg(test)]
mod tests {
    use super::central;

    #[test]
    fn smooth_functions_to_twelve_digits() {
        for x in [-2.0f64, -0.3, 0.0, 0.7, 30.0] {
            let near = |ours: f64, truth: f64| {
                assert!((ours - truth).abs() <= 1e-11 * truth.abs().max(1.0), "{x}: {ours} {truth}");
            };
            near(central(x, f64::sin), x.cos());
            near(central(x, f64::tanh), 1.0 - x.tanh().powi(2));
            near(central(x, |x| x * x * x - x), 3.0 * x * x - 1.0);
        }
    }

    #[test]
    fn a_kink_nearby_is_stepped_over() {
        let relu = |x: f64| x.max(0.0);
        assert!((central(0.001, relu) - 1.0).abs() < 1e-9);
        assert!(central(-0.001, relu).abs() < 1e-9);
        // On the kink itself both sides count.
        assert!((central(0.0, relu) - 0.5).abs() < 1e-12);
    }
}
