//! The distinct values of a column, numbered: each is the text that the file writes. In a column of numbers two ways
//! to write one number (`1`, `1.0`, `1e0`) are one value, but for what only a name has: leading zeros (`007`) and
//! more digits than f64 holds.

use std::collections::HashMap;

use super::cell::{self, Cell};

/// Spellings remembered beyond the values themselves.
const SPELLINGS: usize = 10_000;

/// Distinct values, numbered in the order in which they were met (or given).
#[derive(Clone, Debug, Default)]
pub(super) struct Categories {
    ids: HashMap<Box<[u8]>, u32>,
    /// Their names: a text as it stands, a number in its plainest form.
    pub(super) names: Vec<String>,
    numeric: bool,
}

impl Categories {
    /// None yet. In a `numeric` column cells that are numbers are told apart by value.
    pub(super) fn new(numeric: bool) -> Self {
        Self { numeric, ..Self::default() }
    }

    /// Exactly these, in this order.
    pub(super) fn known(names: &[String], numeric: bool) -> Self {
        let mut known = Self::new(numeric);
        for name in names {
            known.learn(name.as_bytes());
        }
        known
    }

    /// Whether cells are told apart as numbers.
    pub(super) fn is_numeric(&self) -> bool {
        self.numeric
    }

    /// The number of a value that is known.
    #[inline]
    pub(super) fn find(&mut self, text: &[u8]) -> Option<u32> {
        if let Some(&id) = self.ids.get(text) {
            return Some(id);
        }
        let name = self.name(text)?;
        let id = *self.ids.get(name.as_bytes())?;
        if self.ids.len() < SPELLINGS {
            self.ids.insert(text.into(), id);
        }
        Some(id)
    }

    /// The number of a value that is new.
    pub(super) fn learn(&mut self, text: &[u8]) -> u32 {
        let id = self.names.len() as u32;
        let name = self.name(text).unwrap_or_else(|| String::from_utf8_lossy(text).into_owned());
        self.ids.insert(name.as_bytes().into(), id);
        self.names.push(name);
        id
    }

    /// A number's name, in a numeric column; `None` for what is no number, or more of a name than of one.
    fn name(&self, text: &[u8]) -> Option<String> {
        match cell::read(text) {
            Cell::Number(value) if self.numeric && !is_code(text) => Some(number_name(value)),
            Cell::Number(_) | Cell::Missing | Cell::Infinite | Cell::Text => None,
        }
    }

    /// The values' numbers in order: numbers by value, then texts by their characters.
    pub(super) fn sorted(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.names.len() as u32).collect();
        let number = |id: u32| self.names[id as usize].parse::<f64>().ok().filter(|_| self.numeric);
        order.sort_by(|&a, &b| match (number(a), number(b)) {
            (Some(x), Some(y)) => {
                // Digits beyond those that f64 holds decide between numbers of one length.
                let (a, b) = (&self.names[a as usize], &self.names[b as usize]);
                x.total_cmp(&y).then(a.len().cmp(&b.len())).then_with(|| if x < 0.0 { b.cmp(a) } else { a.cmp(b) })
            }
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => self.names[a as usize].cmp(&self.names[b as usize]),
        });
        order
    }
}

/// Whether a number's text says more than its value: zeros before it, or more digits than f64 holds.
fn is_code(text: &[u8]) -> bool {
    let digits = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
    let leading = matches!(digits, [b'0', b'0'..=b'9', ..]);
    let mantissa = digits.iter().take_while(|b| !matches!(b, b'e' | b'E'));
    let significant = mantissa.filter(|b| b.is_ascii_digit()).skip_while(|&&b| b == b'0').count();
    leading || significant > f64::DIGITS as usize
}

/// A number as a class is named: `1`, `0.5`; never `-0`.
pub(super) fn number_name(value: f64) -> String {
    (value + 0.0).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_one_by_value_and_sort_by_it() {
        let mut c = Categories::new(true);
        for text in ["10", "9.0", "-0"] {
            assert_eq!(c.find(text.as_bytes()), None);
            c.learn(text.as_bytes());
        }
        assert_eq!(c.names, ["10", "9", "0"]);
        assert_eq!((c.find(b"9"), c.find(b"1e1"), c.find(b"0.0")), (Some(1), Some(0), Some(2)));
        assert_eq!(c.sorted(), [2, 1, 0]);
        for code in ["007", "9007199254740993", "9007199254740992", "-00.5"] {
            assert_eq!(c.find(code.as_bytes()), None, "{code} is a name of its own");
            c.learn(code.as_bytes());
            assert!(c.find(code.as_bytes()).is_some());
        }
        assert_eq!(c.sorted(), [6, 2, 3, 1, 0, 5, 4]);
        // Of one value and length: below 0 the larger digits first, at 0 and above the smaller.
        let order = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            Categories::known(&names, true).sorted()
        };
        assert_eq!(order(&["-9007199254740992", "-9007199254740993"]), [1, 0]);
        assert_eq!(order(&["9007199254740993", "9007199254740992"]), [1, 0]);
        assert_eq!(order(&["00e0", "00.0"]), [1, 0]);
        let mut t = Categories::known(&["b".into(), "1.0".into(), "a".into()], false);
        assert_eq!((t.find(b"1"), t.find(b"1.0")), (None, Some(1)));
        assert_eq!(t.sorted(), [1, 2, 0]);
    }
}
