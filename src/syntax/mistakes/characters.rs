//! Characters that look like others or like nothing, and words that only languages with steps have.

use super::{Cursor, Mistake};
use crate::syntax::lexeme::Kind;

/// Characters that look like others, or like nothing.
pub(super) fn look_alike(here: Cursor<'_>) -> Option<Mistake> {
    let Cursor { line, at } = here;
    if !line.is(at, Kind::Other) {
        return None;
    }
    let span = line.tokens[at].span;
    let letter = line.word(at).chars().next()?;
    let (name, own) = match letter {
        '×' | '✕' => ("a multiplication sign", "x"),
        '−' | '–' | '—' => ("a dash that is no minus sign", "-"),
        '→' | '⇒' => ("an arrow", ""),
        '，' => ("a full-width comma", ","),
        '：' => ("a full-width colon", ":"),
        '＝' => ("a full-width equals sign", "="),
        '（' => ("a full-width parenthesis", "("),
        '）' => ("a full-width parenthesis", ")"),
        '…' => ("an ellipsis", ""),
        '\u{200B}'..='\u{200F}' | '\u{FEFF}' | '\u{2060}' => ("an invisible character", ""),
        blank if blank.is_whitespace() && blank != '\r' => ("a blank of another kind", " "),
        control if control.is_control() => ("a control character", ""),
        _ => {
            let message = format!("`{letter}` has no meaning here");
            let help = "put it in double quotes where it is part of a text";
            return Some(Mistake::new(span, message, "not expected", help));
        }
    };
    let code = letter as u32;
    let help = match own {
        "" => "leave it out".to_owned(),
        " " => "write a plain blank".to_owned(),
        own => format!("write `{own}`"),
    };
    Some(Mistake::replaced(span, format!("{name} (U+{code:04X}) stands here"), "this character", own, help))
}

/// Words with which programs say what to do: nothing of the line is read on.
pub(super) fn keyword(here: Cursor<'_>) -> Option<Mistake> {
    let words = ["class", "def", "return", "import", "from", "for", "while", "if", "print", "self"];
    let word = here.line.word(0);
    if here.at != 0 || !words.contains(&word) {
        return None;
    }
    let message = format!("`{word}` is no statement of this language");
    let help = "write what the network is in `data`, `network` and `train` blocks";
    Some(Mistake::new(here.line.span, message, "a declaration is expected", help).up_to(here.line.tokens.len()))
}
