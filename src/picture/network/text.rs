//! A network in Graphviz' and in Mermaid's language, every name escaped as that language wants it.

use std::fmt::Write;

use super::{Graph, Node, Wiring, output, parameters};

/// The lines of a node's box.
fn lines(node: &Node) -> Vec<String> {
    let held = if node.parameters == 0 { String::new() } else { parameters(node.parameters) };
    let lines = [node.label.clone(), node.kind.clone(), output(node), held];
    lines.into_iter().filter(|line| !line.is_empty()).collect()
}

/// Graphviz: <https://graphviz.org/doc/info/lang.html>.
pub(super) fn dot(graph: &Graph) -> String {
    let mut out = format!("digraph {} {{\n  rankdir=LR;\n", quoted(&graph.title));
    out.push_str("  node [shape=box, style=rounded, fontname=\"sans-serif\"];\n");
    for (n, node) in graph.nodes.iter().enumerate() {
        let label: Vec<String> = lines(node).iter().map(|line| dot_escaped(line)).collect();
        let _ = writeln!(out, "  n{n} [label=\"{}\"];", label.join("\\n"));
    }
    for edge in graph.edges() {
        let style = if edge.wiring == Wiring::Skip { " [style=dashed, label=\"skip\"]" } else { "" };
        let _ = writeln!(out, "  n{} -> n{}{style};", edge.from, edge.to);
    }
    out.push_str("}\n");
    out
}

/// Mermaid: <https://mermaid.js.org/syntax/flowchart.html>.
pub(super) fn mermaid(graph: &Graph) -> String {
    let mut out = String::from("flowchart LR\n");
    for (n, node) in graph.nodes.iter().enumerate() {
        let label: Vec<String> = lines(node).iter().map(|line| mermaid_escaped(line)).collect();
        let _ = writeln!(out, "  n{n}[\"{}\"]", label.join("<br/>"));
    }
    for edge in graph.edges() {
        let arrow = if edge.wiring == Wiring::Skip { "-. skip .->" } else { "-->" };
        let _ = writeln!(out, "  n{} {arrow} n{}", edge.from, edge.to);
    }
    out
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", dot_escaped(text))
}

/// Quotes and backslashes; whatever else ends a line becomes a space.
fn dot_escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// Whatever Mermaid, its Markdown, or the HTML it makes might take for its own becomes a numbered entity (`#34;`).
fn mermaid_escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        // `1. ` and `- ` would begin a list.
        let list = c == '.' && rest.peek().is_none_or(|next| next.is_whitespace());
        if c.is_control() {
            out.push(' ');
        } else if c.is_alphanumeric() || (" .,:_−×·=′()".contains(c) && !list) {
            out.push(c);
        } else {
            let _ = write!(out, "#{};", u32::from(c));
        }
    }
    out
}
