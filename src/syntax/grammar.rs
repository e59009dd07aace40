//! The one file that names pest: it compiles `grammar/nn.pest`, reads text by one of its rules, and says in
//! a user's words what could have stood where reading stopped. Not for trees or reports.

use pest::Parser as _;
use pest::error::{Error, InputLocation};

/// One node of the parse: a rule and its text.
pub(super) type Node<'a> = pest::iterators::Pair<'a, Rule>;

#[allow(missing_docs, reason = "the derive makes an enum of the grammar's rules, which are described there")]
mod compiled {
    #[derive(pest_derive::Parser)]
    #[grammar = "../grammar/nn.pest"]
    pub(super) struct Grammar;
}
pub(super) use compiled::Rule;

/// Where reading stopped and what could have stood there.
#[derive(Debug)]
pub(super) struct Stop {
    /// Byte offset in the text that was read.
    pub at: usize,
    /// In a user's words, each once: ``a value``, `` `)` ``.
    pub expected: Vec<&'static str>,
}

/// Reads the whole of `text` as `rule`; `None` when it is not of that form.
pub(super) fn read(rule: Rule, text: &str) -> Option<Node<'_>> {
    compiled::Grammar::parse(rule, text).ok()?.next()
}

/// Reads again a text that [`read`] refused, keeping account of what was tried.
pub(super) fn explain(rule: Rule, text: &str) -> Stop {
    // A flag of the process; once set it stays, and costs only time.
    pest::set_error_detail(true);
    match compiled::Grammar::parse(rule, text) {
        Ok(_) => Stop { at: text.len(), expected: Vec::new() },
        Err(error) => stop(&error),
    }
}

fn stop(error: &Error<Rule>) -> Stop {
    let Some(attempts) = error.parse_attempts() else {
        let (InputLocation::Pos(at) | InputLocation::Span((at, _))) = error.location;
        return Stop { at, expected: Vec::new() };
    };
    let tokens: Vec<String> = attempts.expected_tokens().iter().map(ToString::to_string).collect();
    Stop { at: attempts.max_position, expected: in_words(&tokens) }
}

/// What the grammar's tokens are to a user. Blanks, comments and what would only lengthen the word before are left out.
fn in_words(tokens: &[String]) -> Vec<&'static str> {
    let has = |sought: &str| tokens.iter().any(|token| token == sought);
    let (letters, digits) = (has("a..z"), has("0..9"));
    let mut words = Vec::new();
    if has("\"") && has("[") {
        words.push("a value");
    } else if letters && digits && has("(") && has("-") {
        words.push("a number or a name");
    } else if letters && !digits {
        words.push("a name");
    }
    for (token, word) in [("=", "`=`"), (":", "`:`"), (",", "`,`"), (")", "`)`"), ("]", "`]`"), ("{", "`{`")] {
        if has(token) {
            words.push(word);
        }
    }
    if words.is_empty() && has("*") {
        words.push("an operator");
    }
    words
}
