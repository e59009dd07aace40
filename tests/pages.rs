//! The pages of the rules show a wrong and a right program; they are what they say.

use std::error::Error;

use nn::check::{Checked, Options, check_with};
use nn::data::Memory;
use nn::diagnostic::human::{Look, render};
use nn::diagnostic::{Level, codes};
use nn::source::Source;

/// What the page of a rule shows below a heading: a language, a text, and files beside it.
struct Shown {
    info: String,
    text: String,
    files: Memory,
}

#[test]
fn the_wrong_programs_give_their_code_and_the_right_ones_nothing() -> Result<(), Box<dyn Error>> {
    let mut faults = Vec::new();
    for rule in codes::RULES {
        for heading in ["Wrong", "Right"] {
            let Some(Shown { info, text, files }) = shown(rule.page, heading) else { continue };
            // A session, or a program whose fault shows in its run.
            let pedantic = info == "nn pedantic";
            if info != "nn" && !pedantic {
                continue;
            }
            let source = Source::new("page.nn", text);
            let options = Options { pedantic, ..Options::default() };
            let Checked { diagnostics, .. } = check_with(&source, &[], &files, options)?;
            let sound = match heading {
                "Wrong" => {
                    diagnostics.iter().any(|d| d.code == rule.code)
                        && diagnostics.iter().all(|d| d.code == rule.code || d.level == Level::Note)
                }
                _ => diagnostics.is_empty(),
            };
            if !sound {
                faults.push(format!(
                    "{}, {heading}:\n{}",
                    rule.code,
                    render(&source, &diagnostics, &Look::PLAIN, None)
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

/// The first fenced block below `## heading`, and the files that further blocks give.
fn shown(page: &str, heading: &str) -> Option<Shown> {
    let section = page.split_once(&format!("\n## {heading}\n"))?.1;
    let section = section.split("\n## ").next()?;
    let mut blocks = section.split("```").skip(1).step_by(2).filter_map(|block| block.split_once('\n'));
    let (info, text) = blocks.next()?;
    let files = blocks.fold(Memory::new(), |files, (info, text)| match info.split_once(" file=") {
        Some((_, name)) => files.with(name, text),
        None => files,
    });
    Some(Shown { info: info.to_owned(), text: text.to_owned(), files })
}
