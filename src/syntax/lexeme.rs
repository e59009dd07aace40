//! The file's text cut into lexemes, for comments, for recovery and for the answers to foreign habits.
//! Not the grammar: what a well-formed file means is said by `grammar/nn.pest` alone.

use crate::source::Span;

/// What a lexeme is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Blanks, the `\r` of a line's end, a byte order mark at the start.
    Blank,
    /// `\n`
    Newline,
    /// `#` to the line's end.
    Comment,
    /// A text in double quotes, closed or cut off by its line's end.
    Text {
        /// Whether the closing quote is there.
        closed: bool,
    },
    /// Letters, digits and `_`, beginning with a letter or `_`.
    Word,
    /// What begins with a digit, or with a dot and a digit: `1e-3`, `1x28`, but also `0.1s`.
    Number,
    /// One character of ASCII punctuation.
    Mark(u8),
    /// Any other character.
    Other,
}

/// A piece of the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexeme {
    /// What it is.
    pub kind: Kind,
    /// Where.
    pub span: Span,
    /// Index of the first lexeme of its line.
    pub line: usize,
}

impl Lexeme {
    /// Whether it is the punctuation mark `mark`.
    pub(super) fn is(&self, mark: u8) -> bool {
        self.kind == Kind::Mark(mark)
    }

    /// How many brackets are open after it where `depth` were before.
    pub(super) fn deepen(&self, depth: usize) -> usize {
        if self.is(b'(') || self.is(b'[') {
            depth + 1
        } else if self.is(b')') || self.is(b']') {
            depth.saturating_sub(1)
        } else {
            depth
        }
    }

    /// Whether it says something: no blank, newline or comment.
    pub(super) fn is_significant(&self) -> bool {
        !matches!(self.kind, Kind::Blank | Kind::Newline | Kind::Comment)
    }
}

/// Cuts the whole text; the spans lie end to end.
pub(super) fn lex(text: &str) -> Vec<Lexeme> {
    let mut lexemes = Vec::new();
    let (mut at, mut line, mut brace) = (0, 0, false);
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, length) = match first {
            '"' => text_in_quotes(rest, brace),
            _ => cut(rest, first, at == 0),
        };
        brace = kind != Kind::Newline && (brace || kind == Kind::Mark(b'{'));
        lexemes.push(Lexeme { kind, span: Span::new(at, at + length), line });
        if kind == Kind::Newline {
            line = lexemes.len();
        }
        at += length;
    }
    lexemes
}

/// Kind and length of the lexeme that `rest` begins with.
fn cut(rest: &str, first: char, at_start: bool) -> (Kind, usize) {
    let second = rest[first.len_utf8()..].chars().next();
    match first {
        '\n' => (Kind::Newline, 1),
        '\u{FEFF}' if at_start => (Kind::Blank, first.len_utf8()),
        '\r' if second == Some('\n') => (Kind::Blank, 1),
        ' ' | '\t' => (Kind::Blank, run(rest, |c| c == ' ' || c == '\t')),
        '#' => (Kind::Comment, comment(rest)),
        '0'..='9' => (Kind::Number, number(rest)),
        '.' if second.is_some_and(|c| c.is_ascii_digit()) => (Kind::Number, number(rest)),
        _ if first == '_' || first.is_alphabetic() => (Kind::Word, run(rest, |c| c == '_' || c.is_alphanumeric())),
        _ if first.is_ascii_punctuation() => (Kind::Mark(first as u8), 1),
        _ => (Kind::Other, first.len_utf8()),
    }
}

fn run(rest: &str, belongs: impl Fn(char) -> bool) -> usize {
    rest.find(|c| !belongs(c)).unwrap_or(rest.len())
}

fn comment(rest: &str) -> usize {
    let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
    line.strip_suffix('\r').unwrap_or(line).len()
}

/// A text that is not closed leaves a brace at its line's end alone: it is the block's, most likely.
fn text_in_quotes(rest: &str, brace_before: bool) -> (Kind, usize) {
    let mut escaped = false;
    let mut end = rest.len();
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            '\n' => {
                end = at;
                break;
            }
            '"' if !escaped => return (Kind::Text { closed: true }, at + 1),
            _ => escaped = letter == '\\' && !escaped,
        }
    }
    let line = rest[..end].trim_end();
    let brace = if brace_before { '}' } else { '{' };
    let text = line.strip_suffix(brace).map_or(line, str::trim_end);
    (Kind::Text { closed: false }, text.len().max(1))
}

fn number(rest: &str) -> usize {
    let mut before = ' ';
    let end = rest.find(|c: char| {
        let sign_of_exponent = matches!(c, '+' | '-') && matches!(before, 'e' | 'E');
        before = c;
        !(sign_of_exponent || c.is_alphanumeric() || matches!(c, '_' | '.'))
    });
    end.unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_lie_end_to_end() {
        let text = "\u{FEFF}a = .5e-3x \"q\\\"\" 'é' # c\r\n\"open \n\r";
        let lexemes = lex(text);
        let pieces: Vec<&str> = lexemes.iter().map(|l| &text[l.span.range()]).collect();
        assert_eq!(pieces.concat(), text);
        assert!(pieces.contains(&".5e-3x") && pieces.contains(&"\"q\\\"\"") && pieces.contains(&"# c"));
        assert!(pieces.contains(&"\"open"), "cut before the blanks at the line's end");
        assert_eq!(lexemes.last().map(|l| l.kind), Some(Kind::Other), "a lone carriage return");
    }
}
