//! A rule's page for a terminal: headings stand out, programs are set in, prose is set to the width. Knows as much
//! Markdown as the pages use: headings, paragraphs, fenced blocks, code in backticks.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::{Look, fill};

/// The Markdown `text` of a page as it is shown.
pub fn page(text: &str, look: &Look) -> String {
    let mut out = String::new();
    let mut prose: Vec<&str> = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if let Some(info) = line.strip_prefix("```") {
            paragraph(&mut out, &mut prose, look);
            fenced = !fenced;
            if let Some((_, file)) = info.split_once(" file=") {
                let _ = writeln!(out, "    {}\n", look.paint(Style::new().dimmed(), &format!("# {file}")));
            }
        } else if fenced {
            out.push_str(format!("    {line}").trim_end());
            out.push('\n');
        } else if line.starts_with('#') || line.is_empty() {
            paragraph(&mut out, &mut prose, look);
            let heading = line.trim_start_matches('#').trim_start();
            out.push_str(&if heading.is_empty() { String::new() } else { look.bold(None, heading) });
            out.push('\n');
        } else {
            prose.push(line);
        }
    }
    paragraph(&mut out, &mut prose, look);
    out
}

/// Sets and empties `prose`.
fn paragraph(out: &mut String, prose: &mut Vec<&str>, look: &Look) {
    if prose.is_empty() {
        return;
    }
    let set = fill(&prose.join(" "), 0, 0, look.columns().min(100));
    prose.clear();
    if look.color {
        let style = Style::new().fg_color(Some(AnsiColor::Cyan.into()));
        // Every second piece stands in backticks; one that is broken across lines keeps its colour.
        for (i, piece) in set.split('`').enumerate() {
            out.push_str(&if i % 2 == 1 { look.paint(style, piece) } else { piece.to_owned() });
        }
    } else {
        out.push_str(&set);
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::codes::RULES;

    const TEXT: &str = "# NN1 a\n\nOne `b`\ntwo.\n\n## Why\n\n```csv file=x.csv\na,b\n\n1,2\n```\n";

    #[test]
    fn a_page_is_set() {
        let plain = page(TEXT, &Look::PLAIN);
        assert_eq!(plain, "NN1 a\n\nOne `b` two.\n\nWhy\n\n    # x.csv\n\n    a,b\n\n    1,2\n");
        let colored = page(TEXT, &Look { color: true, ..Look::PLAIN });
        assert!(colored.starts_with("\u{1b}[1mNN1 a\u{1b}[0m\n\nOne \u{1b}[36mb\u{1b}[0m two.\n"), "{colored:?}");
    }

    #[test]
    fn pages_fit_the_width() {
        for rule in RULES {
            let wide = page(rule.page, &Look::PLAIN).lines().find(|l| l.chars().count() > 80).map(str::to_owned);
            assert_eq!(wide, None, "{}", rule.code);
        }
    }
}
