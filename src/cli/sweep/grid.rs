//! What a sweep varies: `KEY=V1,V2,…`, `KEY=log(LOW,HIGH,N)`, `KEY=linear(LOW,HIGH,N)`; every combination, or a sample.

use crate::check::Override;
use crate::tensor::{Purpose, Stream};
use crate::text::digits;

/// The most runs of a sweep.
pub(super) const MOST_RUNS: usize = 10_000;

/// One setting and what it is to be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Vary {
    /// A `let`, or a setting by its path.
    pub(super) key: String,
    values: Values,
}

#[derive(Clone, Debug, PartialEq)]
enum Values {
    /// One after the other, as they would stand in the file.
    Listed(Vec<String>),
    /// Between two numbers; so many, where that is said.
    Between { low: f64, high: f64, count: Option<usize>, geometric: bool },
}

impl Vary {
    /// Reads `--vary`'s value.
    ///
    /// # Errors
    /// A sentence on what to write.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let usage = || "write KEY=V1,V2,… such as train.learning_rate=0.01,0.1, or KEY=log(1e-4,1,9)".to_owned();
        let (key, list) = text.split_once('=').ok_or_else(usage)?;
        let (key, list) = (key.trim().to_owned(), list.trim());
        let values: Vec<String> = split(list).into_iter().map(|v| v.trim().to_owned()).collect();
        if key.is_empty() || values.iter().any(String::is_empty) {
            return Err(usage());
        }
        if let [one] = values.as_slice()
            && let Some((name, rest)) = one.split_once('(')
            && matches!(name.trim(), "log" | "linear")
        {
            let inner = rest.strip_suffix(')').ok_or_else(usage)?;
            let values = between(name.trim() == "log", inner)?;
            return Ok(Self { key, values });
        }
        Ok(Self { key, values: Values::Listed(values) })
    }

    fn all(&self) -> Result<Vec<String>, String> {
        match &self.values {
            Values::Listed(values) => Ok(values.clone()),
            Values::Between { count: None, .. } => Err(format!(
                "say how many values `{}` takes, such as log(1e-4,1,9), or sample it with --random N",
                self.key
            )),
            Values::Between { count: Some(count), .. } => {
                let share = |k: usize| if *count > 1 { k as f64 / (count - 1) as f64 } else { 0.0 };
                Ok((0..*count).map(|k| self.at(share(k))).collect())
            }
        }
    }

    /// The value this share of the way along a range, short enough to be typed.
    fn at(&self, share: f64) -> String {
        match self.values {
            Values::Between { low, high, geometric: true, .. } => digits(low * (high / low).powf(share), 4),
            Values::Between { low, high, .. } => digits(low + (high - low) * share, 4),
            Values::Listed(_) => String::new(),
        }
    }

    fn draw(&self, random: &mut Stream) -> String {
        match &self.values {
            Values::Listed(values) => values[random.below(values.len() as u64) as usize].clone(),
            Values::Between { .. } => self.at(random.unit()),
        }
    }
}

fn between(geometric: bool, inner: &str) -> Result<Values, String> {
    let parts = split(inner);
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|v| v.is_finite());
    let wrong = || "a range is log(LOW,HIGH,N) or linear(LOW,HIGH,N)".to_owned();
    let (low, high) = match parts.as_slice() {
        [low, high] | [low, high, _] => number(low).zip(number(high)).ok_or_else(wrong)?,
        _ => return Err(wrong()),
    };
    let count =
        parts.get(2).map(|n| n.trim().parse::<usize>().ok().filter(|n| (1..=MOST_RUNS).contains(n)).ok_or_else(wrong));
    if geometric && (low <= 0.0 || high <= 0.0) {
        return Err(format!("log needs both ends above 0, not {low} and {high}"));
    }
    Ok(Values::Between { low, high, count: count.transpose()?, geometric })
}

/// At the commas outside every bracket and quote.
fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut quoted, mut from, mut parts) = (0usize, false, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth = depth.saturating_sub(1),
            ',' if depth == 0 && !quoted => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

/// Every combination, the last key's values next to each other; or `random` of them.
///
/// # Errors
/// A sentence, where there are too many, or a range lacks its count.
pub(super) fn combinations(varied: &[Vary], random: Option<usize>) -> Result<Vec<Vec<Override>>, String> {
    let put = |vary: &Vary, value: String| Override { name: vary.key.clone(), value };
    if let Some(count) = random {
        let mut stream = Stream::new(0, Purpose::Generate);
        return Ok((0..count).map(|_| varied.iter().map(|v| put(v, v.draw(&mut stream))).collect()).collect());
    }
    let mut all: Vec<Vec<Override>> = vec![Vec::new()];
    for vary in varied {
        let values = vary.all()?;
        if all.len().saturating_mul(values.len()) > MOST_RUNS {
            return Err(format!("more than {MOST_RUNS} combinations: sample them with --random N"));
        }
        let extended = |before: &Vec<Override>| -> Vec<Vec<Override>> {
            let with = |value: &String| before.iter().cloned().chain([put(vary, value.clone())]).collect();
            values.iter().map(with).collect()
        };
        all = all.iter().flat_map(extended).collect();
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        Vary::parse(text).and_then(|v| v.all()).expect("sound")
    }

    #[test]
    fn lists_and_ranges() {
        assert_eq!(values("train.learning_rate=log(1e-4,1,5)"), ["0.0001", "0.001", "0.01", "0.1", "1"]);
        assert_eq!(values("w=linear(1, 3, 3)"), ["1", "2", "3"]);
        assert_eq!(
            values("train.optimizer=sgd(momentum=0.9, nesterov=true),adam"),
            ["sgd(momentum=0.9, nesterov=true)", "adam"]
        );
        for wrong in ["w", "w=", "w=1,,2", "=1", "w=log(0,1,3)", "w=log(1,2,0)", "w=linear(1,2,x)"] {
            assert!(Vary::parse(wrong).is_err(), "{wrong}");
        }
        assert!(Vary::parse("w=log(1,2)").expect("sound").all().is_err());
    }

    #[test]
    fn a_grid_has_every_combination_and_a_sample_is_the_same_each_time() {
        let varied = ["a=1,2", "b=x,y,z"].map(|t| Vary::parse(t).expect("sound"));
        let all = combinations(&varied, None).expect("few");
        let shown: Vec<String> = all.iter().map(|c| format!("{}{}", c[0].value, c[1].value)).collect();
        assert_eq!(shown, ["1x", "1y", "1z", "2x", "2y", "2z"]);
        let varied = [Vary::parse("a=log(1e-3,10)").expect("sound")];
        let (one, two) = (combinations(&varied, Some(50)), combinations(&varied, Some(50)));
        assert_eq!(one, two);
        for drawn in one.expect("few") {
            assert!((1e-3..=10.0).contains(&drawn[0].value.parse().expect("a number")));
        }
        let wide = ["a=linear(0,1,200)", "b=linear(0,1,200)"].map(|t| Vary::parse(t).expect("sound"));
        assert!(combinations(&wide, None).is_err());
    }
}
