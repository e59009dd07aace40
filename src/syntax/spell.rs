//! Names as they are written in a program: plain where the grammar reads them so, else as a text in quotes. Every
//! report and fix that writes a column's or a class's name writes it by this.

use std::fmt::Write as _;

/// `species`, `"petal length"`, `"clé \"x\""`.
pub fn name(text: &str) -> String {
    let is_plain = text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && !matches!(text, "true" | "false");
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// A text in quotes, what would end or change it escaped.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                let _ = write!(out, "\\{letter}");
            }
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// `[a, "b c"]`
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    format!("[{}]", names.into_iter().map(name).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::{name as spelled, *};
    use crate::source::Source;
    use crate::syntax::parse_name;
    use crate::syntax::tree::{Item, ValueKind};

    /// The names that a list is read as.
    fn names(list: &str) -> Vec<String> {
        let (file, reports) = crate::syntax::parse(&Source::new("a.nn", format!("let x = {list}\n")));
        assert_eq!(reports, [], "{list}");
        let [Item::Let(binding)] = file.items.as_slice() else { panic!("{list}") };
        let ValueKind::List(items) = &binding.value.kind else { panic!("{list}") };
        let text = |kind: &ValueKind| {
            let (ValueKind::Name(text) | ValueKind::Text(text)) = kind else { panic!("{list}") };
            text.clone()
        };
        items.iter().map(|v| text(&v.kind)).collect()
    }

    #[test]
    fn whatever_a_name_holds_it_reads_back() {
        let odd = [
            "a",
            "_",
            "true",
            "let",
            "table",
            "7",
            "1e5",
            "a b",
            "",
            "é",
            "a|b",
            "\"",
            "\\",
            "\\n",
            "a\nb",
            "\t",
            "#",
            "{}",
            "\u{0}",
            "\u{1b}[31m",
            "\u{FEFF}",
            "a=b",
            "ends in \\",
            "\r",
            "—",
        ];
        assert_eq!(names(&list(odd)), odd);
        let letters: Vec<char> = "a\"\\ \n\té#{}[]=,\r'|\u{200b}0".chars().collect();
        let mut state = 1_u64;
        for _ in 0..500 {
            let mut next = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                (state >> 33) as usize
            };
            let length = next() % 8;
            let name: String = (0..length).map(|_| letters[next() % letters.len()]).collect();
            assert_eq!(names(&list([name.as_str()])), [name.as_str()]);
            assert_eq!(parse_name(&spelled(&name)), Some(name));
        }
    }
}
