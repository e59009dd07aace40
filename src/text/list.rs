//! Lists as text: what there are more of than `most` is counted, not listed.

/// Each in backticks.
pub fn quoted<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> Vec<String> {
    names.into_iter().map(|name| format!("`{}`", name.as_ref())).collect()
}

/// `a`, `a and b`, `a, b, and c`; `a, b, and 7 more`.
pub fn all_of<S: AsRef<str>>(items: &[S], most: usize) -> String {
    if items.len() > most {
        return commas(items, most);
    }
    match items {
        [first, last] => format!("{} and {}", first.as_ref(), last.as_ref()),
        [first @ .., last] if !first.is_empty() => format!("{}, and {}", commas(first, most), last.as_ref()),
        _ => commas(items, most),
    }
}

/// `a`, `a or b`, `a, b or c`.
pub fn one_of<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [first @ .., last] if !first.is_empty() => format!("{} or {}", commas(first, usize::MAX), last.as_ref()),
        _ => commas(items, usize::MAX),
    }
}

/// `a`, `a, b, c`; `a, b, and 7 more`.
pub fn commas<S: AsRef<str>>(items: &[S], most: usize) -> String {
    let shown = &items[..items.len().min(most)];
    let mut text = shown.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    if items.len() > most {
        text += &format!("{}and {} more", if most > 0 { ", " } else { "" }, items.len() - most);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_read_as_prose() {
        let all = ["a", "b", "c", "d"];
        let lists = [0, 1, 2, 3, 4].map(|n| [all_of(&all[..n], 3), one_of(&all[..n]), commas(&all[..n], 3)]);
        let expected = [
            ["", "", ""],
            ["a", "a", "a"],
            ["a and b", "a or b", "a, b"],
            ["a, b, and c", "a, b or c", "a, b, c"],
            ["a, b, c, and 1 more", "a, b, c or d", "a, b, c, and 1 more"],
        ];
        assert_eq!(lists, expected);
        assert_eq!(quoted(["a", "b"]), ["`a`", "`b`"]);
    }
}
