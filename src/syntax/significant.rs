//! What of a program's text means something: its lines without comments and blanks. Two programs with the same lines
//! are the same program.

use super::lexeme::{Kind, lex};

/// The lines that say something, each with its pieces one blank apart.
pub fn significant(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for lexeme in lex(text) {
        if lexeme.kind == Kind::Newline {
            lines.push(String::new());
        } else if lexeme.is_significant()
            && let Some(line) = lines.last_mut()
        {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(&text[lexeme.span.range()]);
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blanks_mean_nothing() {
        let one = "# A comment.\ntrain {\n  loss = mse # why\n\n  epochs=5\r\n}\n";
        let other = "train{\nloss   = mse\nepochs = 5\n}";
        assert_eq!(significant(one), ["train {", "loss = mse", "epochs = 5", "}"]);
        assert_eq!(significant(one), significant(other));
        assert_ne!(significant("a \"b  c\""), significant("a \"b c\""));
        let text = "data \"a#b.csv\" {";
        assert_eq!(significant(text), [text]);
    }
}
