//! The smallest edits that mend a program, kept to its layout.

use crate::diagnostic::Edit;
use crate::ir::Node;
use crate::source::{Source, Span};

/// Where a node's activation is written: the word after a layer's width, or an activation on a line of its own.
pub(super) fn activation_span(node: &Node) -> Span {
    let own = || node.arguments.as_ref()?.one(node.options().activation?)?.span;
    own().unwrap_or(node.span)
}

/// Gives a node the activation `name`; `None` where it has no place for one.
pub(super) fn set_activation(node: &Node, name: &str) -> Option<Edit> {
    let arguments = node.arguments.as_ref()?;
    let Some(option) = node.options().activation else {
        let plain = node.activation().is_some_and(|a| a.name() == node.kind()) && arguments.iter().next().is_none();
        return plain.then(|| Edit { span: node.span, text: name.to_owned() });
    };
    if let Some(span) = arguments.one(option).and_then(|a| a.span) {
        return Some(Edit { span, text: name.to_owned() });
    }
    let units = node.width_span()?;
    Some(Edit { span: Span::new(units.end as usize, units.end as usize), text: format!(" {name}") })
}

/// Takes a statement out, and its line with it where nothing else stands there.
pub(super) fn remove(source: &Source, statement: Span) -> Edit {
    if statement.end as usize > source.text().len() {
        return Edit { span: statement, text: String::new() };
    }
    let line = source.line_span(source.position(statement.start).line);
    let before = source.slice(Span::new(line.start as usize, statement.start as usize));
    let after = source.slice(Span::new(statement.end as usize, line.end as usize));
    let alone = before.trim().is_empty() && after.trim().is_empty() && statement.end <= line.end;
    if !alone {
        return Edit { span: statement, text: String::new() };
    }
    let rest = &source.text()[line.end as usize..];
    let newline = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
    Edit { span: Span::new(line.start as usize, line.end as usize + newline), text: String::new() }
}

/// Adds a setting on a line of its own below the line that `near` stands on.
pub(super) fn setting_below(source: &Source, near: Span, setting: &str) -> Edit {
    if near.end as usize > source.text().len() {
        // Not of the file, so the fix will be taken out; here it has no line.
        return Edit { span: near, text: setting.to_owned() };
    }
    let line = source.line_span(source.position(near.end.saturating_sub(1)).line);
    let indent: String = source.slice(line).chars().take_while(|c| c.is_whitespace()).collect();
    let ending = if source.text()[line.end as usize..].starts_with('\r') { "\r\n" } else { "\n" };
    Edit { span: Span::at(line.end as usize), text: format!("{ending}{indent}{setting}") }
}

/// Adds a setting on a line of its own below the brace that opens the block whose head ends with `head`.
pub(super) fn first_setting(source: &Source, head: Span, setting: &str) -> Option<Edit> {
    let rest = source.text().get(head.end as usize..)?;
    let brace = rest.find(|c: char| !c.is_whitespace()).filter(|&at| rest[at..].starts_with('{'))?;
    let ending = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
    let closes = if rest[brace + 1..].lines().next().is_some_and(|line| line.contains('}')) { ending } else { "" };
    Some(Edit { span: Span::at(head.end as usize + brace + 1), text: format!("{ending}  {setting}{closes}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(text: &str, edit: &Edit) -> String {
        let mut text = text.to_owned();
        text.replace_range(edit.span.range(), &edit.text);
        text
    }

    #[test]
    fn a_line_goes_whole_and_a_comment_stays() {
        let source = Source::new("a.nn", "a {\n  softmax\n  relu # why\n}\n");
        assert_eq!(applied(source.text(), &remove(&source, Span::new(6, 13))), "a {\n  relu # why\n}\n");
        assert_eq!(applied(source.text(), &remove(&source, Span::new(16, 20))), "a {\n  softmax\n   # why\n}\n");
    }

    #[test]
    fn a_first_setting_opens_its_block() {
        for (text, expected) in [
            ("data idx(a) {\n  test = b\n}\n", "data idx(a) {\n  scale = standard\n  test = b\n}\n"),
            ("data idx(a) {}\n", "data idx(a) {\n  scale = standard\n}\n"),
        ] {
            let edit = first_setting(&Source::new("a.nn", text), Span::new(5, 11), "scale = standard");
            assert_eq!(edit.map(|edit| applied(text, &edit)), Some(expected.to_owned()));
        }
        assert_eq!(first_setting(&Source::new("a.nn", "data idx(a)"), Span::new(5, 11), "scale = standard"), None);
    }

    #[test]
    fn a_setting_keeps_the_indentation_and_the_line_ending() {
        let source = Source::new("a.nn", "data {\r\n  target = y\r\n}\r\n");
        let edit = setting_below(&source, Span::new(19, 20), "scale = standard");
        assert_eq!(applied(source.text(), &edit), "data {\r\n  target = y\r\n  scale = standard\r\n}\r\n");
    }
}
