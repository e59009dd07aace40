//! Numbers, counts, lists and tables as people read them. It knows nothing of programs, data or networks.
//!
//! How a name is written so that a program reads it back is [`crate::syntax::spell`]'s; pictures have signs of their
//! own (`−`, `×10⁻⁷`) and are given only the grouping of digits from here.

mod list;
mod number;
mod table;

pub use list::{all_of, commas, one_of, quoted};
pub use number::{
    amount, bytes, count, digits, exact, fixed, grouped, percent, plural, rounded, short, trimmed, written,
};
pub use table::{Align, Column, aligned, stacked, table, wrap};

/// The first `most` characters, with `…` for what is left out.
pub fn shorten(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn characters_are_counted_not_bytes() {
        assert_eq!([shorten("éé", 2), shorten("ééé", 2), shorten("", 0)], ["éé", "éé…", ""]);
    }
}
