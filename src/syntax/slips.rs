//! Slips of the pen and habits from other languages, found in a line that cannot be read: `==`, `1,5`,
//! `'single quotes'`, `//` comments. None of the patterns here is well formed, so none accuses a sound line.

use super::foreign;
use super::grammar::{self, Rule};
use super::lexeme::Kind;
use super::refuse::{Line, shorten};
use crate::diagnostic::Edit;
use crate::source::Span;

/// One slip and how to mend it.
#[derive(Debug)]
pub(super) struct Slip {
    /// What is marked.
    pub span: Span,
    /// What is wrong, as one sentence.
    pub message: String,
    /// A few words beside the mark.
    pub label: String,
    /// The edit in words.
    pub help: String,
    /// The edit; empty where there is no sure one.
    pub edits: Vec<Edit>,
    /// Whether the edit is plainly what was meant.
    pub certain: bool,
}

/// All slips in the line, from the left.
pub(super) fn find(line: &Line<'_>) -> Vec<Slip> {
    let mut search = Search { line, slips: Vec::new(), at: 0 };
    while search.at < line.said.len() {
        let at = search.at;
        if search.comment() {
            break;
        }
        let _ = search.bare_path()
            || search.quotes()
            || search.character()
            || search.operator()
            || search.colon()
            || search.separator()
            || search.number()
            || search.path()
            || search.arithmetic()
            || search.stranger();
        search.at = search.at.max(at + 1);
    }
    search.slips
}

struct Search<'a> {
    line: &'a Line<'a>,
    slips: Vec<Slip>,
    at: usize,
}

impl Search<'_> {
    /// Notes a slip whose edit replaces what is marked.
    fn replace(&mut self, span: Span, message: impl Into<String>, label: &str, own: &str, help: impl Into<String>) {
        let edits = vec![Edit { span, text: own.to_owned() }];
        self.note(span, message, label, help, edits);
    }

    fn note(&mut self, span: Span, message: impl Into<String>, label: &str, help: impl Into<String>, edits: Vec<Edit>) {
        let (message, label, help) = (message.into(), label.to_owned(), help.into());
        self.slips.push(Slip { span, message, label, help, edits, certain: true });
    }

    fn doubtful(&mut self) {
        if let Some(slip) = self.slips.last_mut() {
            slip.certain = false;
        }
    }

    fn span(&self, from: usize, to: usize) -> Span {
        self.line.said[from].span.to(self.line.said[to].span)
    }

    fn pair(&self, first: u8, second: u8) -> bool {
        self.line.mark(self.at, first) && self.line.mark(self.at + 1, second) && self.line.tight(self.at)
    }

    fn depth(&self) -> usize {
        self.line.depths[self.at]
    }

    /// `// …`, `/* … */`, `-- …`: the rest of the line is a comment.
    fn comment(&mut self) -> bool {
        let mark = match () {
            () if self.pair(b'/', b'/') => "//",
            () if self.pair(b'/', b'*') => "/*",
            () if self.pair(b'-', b'-') && !self.line.tight(self.at + 1) => "--",
            () => return false,
        };
        let span = self.span(self.at, self.at + 1);
        let mut edits = vec![Edit { span, text: "#".to_owned() }];
        let end = self.line.said.len();
        if mark == "/*" && end > self.at + 3 && self.line.mark(end - 2, b'*') && self.line.mark(end - 1, b'/') {
            edits.push(Edit { span: self.span(end - 2, end - 1), text: String::new() });
        }
        self.note(span, format!("`{mark}` starts no comment"), "not a comment here", "start comments with `#`", edits);
        true
    }

    /// `data wine.csv {`, `test = folder/test.csv`: a path without quotes, to the line's end.
    fn bare_path(&mut self) -> bool {
        let (line, start) = (self.line, self.at);
        let is_source = start == 1 && line.rule == Rule::header;
        let is_value = is_source || start == 2 && line.mark(1, b'=');
        let end = line.said.len() - 1;
        if !is_value || end < start + 2 || !(start..end).all(|i| line.tight(i)) {
            return false;
        }
        let belongs = |at: usize| {
            let marks = [b'.', b'/', b'\\', b'-', b'~', b':'];
            let is_word = matches!(line.said[at].kind, Kind::Word | Kind::Number | Kind::Other);
            is_word || marks.iter().any(|&m| line.mark(at, m))
        };
        let span = self.span(start, end);
        let text = line.slice(span);
        let ends_so = line.is(end, Kind::Word) && line.mark(end - 1, b'.') && (is_source || text.contains(['/', '\\']));
        if !ends_so || !(start..=end).all(belongs) {
            return false;
        }
        let own = super::spell::quoted(text);
        let message = format!("`{}` is a path that stands without quotes", shorten(text));
        self.replace(span, message, "no quotes", &own, format!("write `{}`", shorten(&own)));
        if !is_source {
            self.doubtful();
        }
        self.at = end + 1;
        true
    }

    /// `'text'`, `` `text` ``, `“text”`.
    fn quotes(&mut self) -> bool {
        let closing = match self.line.word(self.at) {
            "'" => "'",
            "`" => "`",
            "“" | "„" | "”" => "“”",
            "‘" | "’" => "‘’",
            "«" => "»",
            _ => return false,
        };
        let close = (self.at + 1..self.line.said.len()).find(|&i| closing.contains(self.line.word(i)));
        let close = close.filter(|&i| !self.line.slice(self.span(self.at, i)).contains(['\n', '"', '\\']));
        let Some(close) = close else {
            let span = self.line.said[self.at].span;
            let mark = self.line.word(self.at);
            self.note(
                span,
                format!("`{mark}` does not quote a text"),
                "not a quote here",
                "put texts in double quotes: `\"…\"`",
                vec![],
            );
            return true;
        };
        let (open, shut) = (self.line.said[self.at].span, self.line.said[close].span);
        let edits = vec![Edit { span: open, text: "\"".into() }, Edit { span: shut, text: "\"".into() }];
        let text = self.line.slice(Span::new(open.end as usize, shut.start as usize));
        let (whole, help) = (self.span(self.at, close), format!("write `\"{}\"`", shorten(text)));
        self.note(whole, "a text stands in double quotes", "other quotes", help, edits);
        self.at = close + 1;
        true
    }

    /// Characters that look like others, or like nothing.
    fn character(&mut self) -> bool {
        if !self.line.is(self.at, Kind::Other) {
            return false;
        }
        let span = self.line.said[self.at].span;
        let Some(letter) = self.line.word(self.at).chars().next() else { return false };
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
                self.note(span, message, "not expected", "put it in double quotes where it is part of a text", vec![]);
                return true;
            }
        };
        let code = letter as u32;
        let help = match own {
            "" => "leave it out".to_owned(),
            " " => "write a plain blank".to_owned(),
            own => format!("write `{own}`"),
        };
        self.replace(span, format!("{name} (U+{code:04X}) stands here"), "this character", own, help);
        true
    }

    /// `==`, `:=`, `+=`, `->`, `**`.
    fn operator(&mut self) -> bool {
        let assigns = [(b'=', b'='), (b':', b'='), (b'=', b'>'), (b'<', b'-')];
        let changes = [(b'+', b'='), (b'-', b'='), (b'*', b'='), (b'/', b'=')];
        if self.at + 1 >= self.line.said.len() {
            return false;
        }
        let span = self.span(self.at, self.at + 1);
        if !self.line.tight(self.at) {
            return self.doubled(span);
        }
        let sign = self.line.slice(span);
        if assigns.iter().any(|&(a, b)| self.pair(a, b)) {
            self.replace(
                span,
                format!("`{sign}` is not an operator of this language"),
                "settings have one `=`",
                "=",
                "write `=`",
            );
        } else if changes.iter().any(|&(a, b)| self.pair(a, b)) {
            let help = "write `=` and the value itself";
            self.note(
                span,
                format!("`{sign}` changes a value, and values here do not change"),
                "settings have one `=`",
                help,
                vec![],
            );
        } else if self.pair(b'-', b'>') {
            self.arrow(span);
        } else if self.pair(b'*', b'*') {
            let help = "multiply, or write the number itself";
            self.note(span, "there is no power operator", "the operators are `+ - * /`", help, vec![]);
        } else {
            return false;
        }
        self.at += 2;
        true
    }

    /// `= =`, with blanks between.
    fn doubled(&mut self, span: Span) -> bool {
        if !(self.line.mark(self.at, b'=') && self.line.mark(self.at + 1, b'=')) {
            return false;
        }
        self.replace(span, "`=` is written twice", "settings have one `=`", "=", "write one `=`");
        self.at += 2;
        true
    }

    fn arrow(&mut self, span: Span) {
        if self.at == 1 && self.line.said.len() == 4 && !self.line.is(0, Kind::Number) {
            self.replace(span, "`->` is not an operator of this language", "settings have one `=`", "=", "write `=`");
            self.doubtful();
        } else {
            let help = "write each layer on a line of its own: its input is the layer above";
            self.note(span, "layers are not joined by `->`", "not an operator here", help, vec![]);
        }
    }

    /// `epochs: 5`, `sgd(momentum: 0.9)`, `train: {`, `layers:`; a label before a kind is well formed.
    fn colon(&mut self) -> bool {
        if !self.line.mark(self.at, b':') || self.at == 0 {
            return false;
        }
        let key_at = self.at - 1;
        let key_text = self.line.is(key_at, Kind::Text { closed: true });
        if !self.line.is(key_at, Kind::Word) && !key_text {
            return false;
        }
        let key = self.line.word(key_at).trim_matches('"');
        let mark = self.line.said[self.at].span;
        if self.at + 1 == self.line.said.len() && self.depth() == 0 {
            self.opening_colon(key_at, key);
            return true;
        }
        let calls =
            self.line.is(self.at + 1, Kind::Word) && self.line.mark(self.at + 2, b'(') && self.line.tight(self.at + 1);
        let label = self.at == 1 && self.line.is(self.at + 1, Kind::Word) && !key_text && !calls;
        if label {
            return false;
        }
        let Some(value) = self.line.said.get(self.at + 1).map(|l| l.span) else { return false };
        let (equals, start) = if self.depth() == 0 && self.at == 1 { (" = ", key_at) } else { ("=", key_at) };
        let whole = Span::new(self.line.said[start].span.start as usize, value.start as usize);
        let end = if calls { foreign::closing(self.line, self.at + 2).unwrap_or(self.at + 1) } else { self.at + 1 };
        let shown = shorten(self.line.slice(self.line.said[self.at + 1].span.to(self.line.said[end].span)));
        let edit = Edit { span: whole, text: format!("{key}{equals}") };
        let message = format!("`{key}` is followed by `:`, and a value by `=`");
        self.note(mark, message, "`=` expected", format!("write `{key}{equals}{shown}`"), vec![edit]);
        if self.at == 2 && self.depth() == 0 {
            self.doubtful();
        }
        true
    }

    /// A colon at the line's end, as if it opened a block.
    fn opening_colon(&mut self, key_at: usize, key: &str) {
        let mark = self.line.said[self.at].span;
        let span = self.span(key_at, self.at);
        if self.line.rule == Rule::header {
            let message = format!("`{key}` is a block, and its `{{` follows without `:`");
            self.note(
                mark,
                message,
                "not expected",
                format!("write `{key} {{`"),
                vec![Edit { span, text: key.to_owned() }],
            );
        } else if matches!(key, "layers" | "model") {
            let help = "write the layers into `network { … }`, one a line";
            self.note(mark, format!("`{key}:` opens no block"), "a block is opened by `{`", help, vec![]);
        } else {
            let help = format!("write `{key} {{`, and `}}` below its lines");
            self.note(mark, format!("`{key}:` opens no block"), "a block is opened by `{`", help, vec![]);
        }
    }

    /// `;` and `,` where a line or a blank separates; `=` before a block's `{`.
    fn separator(&mut self) -> bool {
        let (line, at) = (self.line, self.at);
        let last = at + 1 == line.said.len();
        let span = line.said[at].span;
        if line.mark(at, b'=') && last && line.rule == Rule::header && at > 0 {
            let key = line.word(at - 1);
            let from = line.said[at - 1].span.end as usize;
            let edits = vec![Edit { span: Span::new(from, span.end as usize), text: String::new() }];
            let help = format!("write `{key} {{` for a block, `{key} = name(key=value)` for a value");
            self.note(span, format!("`{key} = {{` is neither a setting nor a block"), "not before `{`", help, edits);
            let after = line.text[line.span.end as usize..].trim_start().trim_start_matches('{');
            if !after.trim_start_matches([' ', '\t', '\r']).starts_with('\n') {
                self.doubtful();
            }
            return true;
        }
        if self.depth() > 0 {
            return false;
        }
        if line.mark(at, b';') {
            let message = "`;` ends no statement: the line's end does";
            if last {
                self.replace(span, message, "not needed", "", "leave it out");
            } else {
                let edit = self.new_line();
                self.note(span, message, "a new line is expected", "begin a new line", vec![edit]);
            }
            return true;
        }
        if !line.mark(at, b',') || at == 0 {
            return false;
        }
        let digits = |i: usize| line.is(i, Kind::Number) && line.word(i).bytes().all(|b| b.is_ascii_digit());
        if digits(at - 1) && line.tight(at - 1) && line.tight(at) && digits(at + 1) {
            let whole = self.span(at - 1, at + 1);
            let number = format!("{}.{}", line.word(at - 1), line.word(at + 1));
            self.note(
                whole,
                "a number has a point, not a comma",
                "a decimal comma",
                format!("write `{number}`"),
                vec![Edit { span, text: ".".into() }],
            );
        } else if last {
            self.replace(span, "a comma ends the line", "not needed", "", "leave it out");
        } else if line.mark(1, b'=') && line.is(at + 1, Kind::Word) && line.mark(at + 2, b'=') {
            let edit = self.new_line();
            self.note(
                span,
                "settings are separated by lines, not by commas",
                "a new line is expected",
                "begin a new line",
                vec![edit],
            );
        } else if line.mark(1, b'=') {
            self.bare_list();
        } else {
            let blank = if line.tight(at) { " " } else { "" };
            self.replace(
                span,
                "values of a statement are separated by blanks, not by commas",
                "not needed",
                blank,
                "write a blank",
            );
        }
        true
    }

    /// Replaces the mark at hand and the blanks after it by a line break and the line's own indentation.
    fn new_line(&self) -> Edit {
        let next = self.line.said.get(self.at + 1).map_or(self.line.span.end, |l| l.span.start);
        let span = Span::new(self.line.said[self.at].span.start as usize, next as usize);
        Edit { span, text: format!("\n{}", self.line.indent()) }
    }

    /// `metrics = accuracy, f1`
    fn bare_list(&mut self) {
        let line = self.line;
        let mut end = line.said.len() - 1;
        let mut edits = vec![Edit { span: Span::at(line.said[2].span.start as usize), text: "[".into() }];
        if line.mark(end, b',') || line.mark(end, b';') {
            edits.push(Edit { span: line.said[end].span, text: "]".into() });
            end -= 1;
        } else {
            edits.push(Edit { span: Span::at(line.said[end].span.end as usize), text: "]".into() });
        }
        let (whole, list) = (self.span(2, end), shorten(line.slice(self.span(2, end))));
        self.note(whole, "several values without brackets", "a list is expected", format!("write `[{list}]`"), edits);
        self.at = line.said.len();
    }

    /// `1.`, `1e`, `0x10`, `1__0`, `10k`, `0.1s`, `3xw`, `15 %`.
    fn number(&mut self) -> bool {
        let (line, at) = (self.line, self.at);
        if !line.is(at, Kind::Number) {
            return false;
        }
        let (text, span) = (line.word(at), line.said[at].span);
        if line.mark(at + 1, b'%') && !line.tight(at) {
            let gap =
                Edit { span: Span::new(span.end as usize, line.said[at + 1].span.start as usize), text: String::new() };
            self.note(self.span(at, at + 1), "a blank before `%`", "one value", format!("write `{text}%`"), vec![gap]);
            return true;
        }
        let shape_goes_on = text.ends_with('x') && line.mark(at + 1, b'(') && line.tight(at);
        let glued = at > 0 && line.tight(at - 1) && line.mark(at - 1, b')');
        if shape_goes_on || glued || grammar::read(Rule::line, &format!("a={text}")).is_some() {
            return false;
        }
        if self.missing_blank(text, span) {
            return true;
        }
        let (message, label, own) = misread(text);
        match own {
            Some(own) => {
                self.replace(span, message, label, &own, format!("write `{own}`"));
                if label == "a unit" {
                    self.doubtful();
                }
            }
            None => self.note(span, message, label, "write it as in `0.05`, `1e-3` or `60_000`", vec![]),
        }
        true
    }

    /// `16tanh` in a statement.
    fn missing_blank(&mut self, text: &str, span: Span) -> bool {
        let Some(word) = text.find(char::is_alphabetic).filter(|_| !self.line.mark(1, b'=')) else { return false };
        let (digits, word) = text.split_at(word);
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        if letters < 3 || grammar::read(Rule::line, &format!("a {digits} {word}")).is_none() {
            return false;
        }
        let message = format!("`{}` and `{}` are written as one word", shorten(digits), shorten(word));
        let own = format!("{digits} {word}");
        self.replace(span, message, "a blank is missing", &own, format!("write `{}`", shorten(&own)));
        true
    }

    /// `nn.ReLU()`, `optim.Adam(…)`, `petal.length`.
    fn path(&mut self) -> bool {
        let line = self.line;
        let path = foreign::path(line, self.at);
        if path.len() < 3 {
            return false;
        }
        let span = self.span(path.start, path.end - 1);
        let written = shorten(line.slice(span));
        let called = line.mark(path.end, b'(') && line.tight(path.end - 1);
        if called {
            let foreign = line.word(path.end - 1);
            let message = format!("`{written}` has a dot, and names here have none");
            let Some(own) = (line.words)(foreign) else {
                self.at = path.end;
                let help = format!("write a name of this language: none is called `{}`", shorten(foreign));
                self.note(span, message, "a name of another tool", help, vec![]);
                return true;
            };
            let empty = line.mark(path.end + 1, b')');
            let whole = if empty { self.span(path.start, path.end + 1) } else { span };
            self.replace(whole, message, "a name of another tool", own, format!("write `{own}`"));
        } else {
            let own = format!("\"{}\"", line.slice(span));
            self.replace(
                span,
                format!("`{written}` has a dot, and names here have none"),
                "not a name",
                &own,
                format!("write a path or a column's name in quotes: `\"{written}\"`"),
            );
            self.doubtful();
        }
        self.at = path.end;
        true
    }

    /// `2 * width` where no bracket is open.
    fn arithmetic(&mut self) -> bool {
        let (line, start) = (self.line, self.at);
        if self.depth() > 0 {
            return false;
        }
        let signed = line.mark(start, b'-') && line.tight(start) && !line.is(start + 1, Kind::Number);
        let Some(mut end) = self.operand(start + usize::from(signed)) else { return false };
        let mut operators = usize::from(signed);
        while let Some(next) = self.operator_after(end).and_then(|operator| self.operand(operator + 1)) {
            operators += 1;
            end = next;
        }
        if operators == 0 {
            return false;
        }
        let span = self.span(start, end);
        let text = shorten(line.slice(span));
        let edits = vec![
            Edit { span: Span::at(span.start as usize), text: "(".into() },
            Edit { span: Span::at(span.end as usize), text: ")".into() },
        ];
        self.note(span, "arithmetic without parentheses", "a calculation", format!("write `({text})`"), edits);
        self.at = end + 1;
        true
    }

    /// The last lexeme of an operand that begins at `at`.
    fn operand(&self, at: usize) -> Option<usize> {
        let line = self.line;
        let called = line.mark(at + 1, b'(') && line.tight(at);
        if line.is(at, Kind::Number) || (line.is(at, Kind::Word) && !called) {
            Some(at)
        } else if line.mark(at, b'(') {
            foreign::closing(line, at)
        } else {
            None
        }
    }

    /// An operator after `at` that has blanks on both sides or on none.
    fn operator_after(&self, at: usize) -> Option<usize> {
        let operator = at + 1;
        let is_one = matches!(self.line.said.get(operator)?.kind, Kind::Mark(b'+' | b'-' | b'*' | b'/'));
        (is_one && self.line.tight(at) == self.line.tight(operator)).then_some(operator)
    }

    /// Words that only programs with steps have.
    fn stranger(&mut self) -> bool {
        let words = ["class", "def", "return", "import", "from", "for", "while", "if", "print", "self"];
        if self.at != 0 || !words.contains(&self.line.word(0)) {
            return false;
        }
        let word = self.line.word(0);
        let help = "write what the network is in `data`, `network` and `train` blocks";
        self.note(
            self.line.span,
            format!("`{word}` is no statement of this language"),
            "a declaration is expected",
            help,
            vec![],
        );
        self.at = self.line.said.len();
        true
    }
}

/// What is wrong with a number that cannot be read, and how it is written, where that is plain.
fn misread(text: &str) -> (String, &'static str, Option<String>) {
    let shown = shorten(text);
    let digits_end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '_' | '.'))).unwrap_or(text.len());
    let (digits, rest) = text.split_at(digits_end);
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let own = u64::from_str_radix(hex, 16).ok().filter(|&n| n < 1 << 53).map(|n| n.to_string());
        return (format!("`{shown}` is not a number of this language"), "numbers are decimal", own);
    }
    if digits.matches('.').count() > 1 {
        return (format!("`{shown}` has more than one point"), "not a number", None);
    }
    let plain = digits.trim_end_matches('_').split('_').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_");
    let plain = plain.replace("_.", ".").replace("._", ".");
    if rest.is_empty() && digits.ends_with('.') {
        return (format!("`{shown}` has no digit after the point"), "a digit is expected", Some(format!("{plain}0")));
    }
    if rest.is_empty() {
        return (format!("`{shown}` has a `_` that stands between no digits"), "misplaced `_`", Some(plain));
    }
    if matches!(rest, "e" | "E" | "e-" | "e+" | "E-" | "E+") {
        return (format!("`{shown}` has an exponent without digits"), "digits are expected", None);
    }
    if let Some(shape) = shape(text) {
        return (format!("`{shown}` is a shape with a dimension that is no plain number"), "a shape", Some(shape));
    }
    let own = match rest {
        "k" | "K" if !digits.contains('.') => format!("{plain}_000"),
        "M" if !digits.contains('.') => format!("{plain}_000_000"),
        "f" | "F" | "d" | "L" | "f32" | "f64" => plain,
        _ => {
            let own = grammar::read(Rule::line, &format!("a={plain}")).map(|_| plain);
            return (
                format!("`{}` follows the number `{}`, and numbers have no unit", shorten(rest), shorten(digits)),
                "a unit",
                own,
            );
        }
    };
    (format!("`{}` follows the number `{}`", shorten(rest), shorten(digits)), "a number has no suffix", Some(own))
}

/// `3xw` as `3x(w)`, `28X28` as `28x28`.
fn shape(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(['x', 'X']).collect();
    let dimension = |part: &&str| {
        let digits = part.bytes().all(|b| b.is_ascii_digit());
        let name = part.starts_with(|c: char| c == '_' || c.is_alphabetic()) && !part.contains('.');
        (!part.is_empty() && (digits || name)).then(|| if digits { (*part).to_owned() } else { format!("({part})") })
    };
    let dimensions: Option<Vec<String>> = parts.iter().map(dimension).collect();
    dimensions.filter(|d| d.len() > 1).map(|d| d.join("x"))
}
